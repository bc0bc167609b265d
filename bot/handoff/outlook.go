package handoff

import (
	"time"
)

// Outlook is what an honest time is made of.
type Outlook struct {
	// Waits are recent ones, Ahead how many wait before the customer, Present how many people answer.
	Waits          []Wait
	Ahead, Present int
	Hours          Hours
}

func (o Outlook) estimate(now time.Time) (Range, bool) {
	return Estimate(o.Waits, now, o.Ahead, o.Present, o.Hours)
}

// WaitOf is how long a ticket's customer waited for a first reply; false where there was none yet.
func WaitOf(t Ticket) (Wait, bool) {
	return Wait{OpenedAt: t.OpenedAt, RepliedAt: t.RepliedAt, Ahead: t.Ahead, Present: t.Present}, !t.RepliedAt.IsZero()
}

// Promised is the ticket with the time that its customer is told now. Where no such time can be said nothing is promised.
func (f Front) Promised() Ticket {
	t := f.Ticket
	t.Ahead, t.Present = f.Outlook.Ahead, f.Outlook.Present
	if r, ok := f.Outlook.estimate(f.Now); ok {
		t.Promise = NewPromise(FirstReply, r, f.Now)
	}
	return t
}

const (
	// leastMove is the shortest time that a promise is moved by: who is told every few minutes that it takes longer is not helped.
	leastMove = 15 * time.Minute
	// patience is how many moves a holder who is silent keeps a ticket, and after how many the owner is told.
	patience, ownerPatience = 1, 2
)

// Tick is what follows when a promise is about to lapse.
type Tick struct {
	Change
	// Say is what the customer is told, by the key of the text; empty is nothing.
	Say string
	// Next is when to look again; zero is never.
	Next time.Time
}

// Tick looks whether what the customer was promised can still be kept: an answer, and that their matter is settled.
func (f Front) Tick() Tick {
	if f.Ticket.Status == Closed || f.Ticket.Lost {
		return Tick{}
	}
	answer := f.tickAnswer()
	if answer.Ticket != nil { // the other is looked at by itself
		answer.Next = soonest(answer.Next, answer.Ticket.lookAtSettle(f.Now, f.Outlook.Hours))
		return answer
	}
	out := f.tickSettle()
	out.Next = soonest(out.Next, answer.Next)
	return out
}

// tickAnswer looks whether the promise of an answer can still be kept. Where it cannot, the customer is told a later time before the first one lapses, and those who could
// answer are reminded: the holder first; then the ticket goes back to all, and those who are called for trouble hear of it; at last the owner.
func (f Front) tickAnswer() Tick {
	t := f.Ticket
	if !t.Promise.Pending() {
		return f.promiseAnew()
	}
	if t.Status == Waiting && f.Now.Before(t.Until) { // the customer was told when somebody comes back
		return Tick{Next: later(t.Until, t.Promise.Remind(f.Now))}
	}
	if due := t.Promise.Remind(f.Now); due.After(f.Now) { // a clock was changed, or the promise was moved meanwhile
		return Tick{Next: due}
	}
	before := t.Promise.Due.Sub(later(t.Promise.MadeAt, t.Promise.MovedAt))
	if t.Promise.Moves > 0 { // to be told the same again and again is worse than to be told a long time
		before *= 2
	}
	to, ok := f.later(before)
	if !ok {
		return Tick{}
	}
	silent := t.Promise.Moves >= patience && t.Status == Claimed
	t.Promise = t.Promise.moved(to, f.Now, &t.Broken)
	name := t.HolderName
	if silent {
		t.Free()
	}
	out := Tick{Change: Change{Ticket: &t}, Say: "promise_moved", Next: t.Promise.Remind(f.Now)}
	f.Ticket = t
	b := f.board()
	out.Posts = append(b.refresh(f.Threads), f.alarm(b, name, silent)...)
	if t.Promise.Moves >= ownerPatience {
		f.toOwner("desk_owner_waits", &out.Change)
	}
	return out
}

// answerWithin is how long of open time whoever has answered once may leave what the customer writes next without a word.
const answerWithin = 30 * time.Minute

// AnswerBy is when a customer who wrote again is looked after at the latest; zero where they wait for nothing, or have been told a time.
func (t Ticket) AnswerBy(hours Hours) time.Time {
	if t.AskedAt.IsZero() || t.Promise.Pending() || t.Status == Closed {
		return time.Time{}
	}
	return hours.Add(t.AskedAt, answerWithin)
}

// promiseAnew tells a customer a time who was answered once, has written again, and hears nothing since; from then on the clock goes as at first.
func (f Front) promiseAnew() Tick {
	t := f.Ticket
	by := t.AnswerBy(f.Outlook.Hours)
	if by.IsZero() || t.Status == Waiting {
		return Tick{}
	}
	if f.Now.Before(by) {
		return Tick{Next: by}
	}
	to, ok := f.later(leastMove)
	if !ok {
		return Tick{}
	}
	t.Promise = NewPromise(FirstReply, Range{From: f.Now, To: to}, f.Now)
	f.Ticket = t
	b := f.board()
	out := Tick{Change: Change{Ticket: &t}, Say: "promise_made", Next: t.Promise.Remind(f.Now)}
	out.Posts = append(b.refresh(f.Threads), f.alarm(b, t.HolderName, false)...)
	return out
}

// later is the next honest time: what is estimated now, and at least as long again as was promised before, of open time.
func (f Front) later(before time.Duration) (time.Time, bool) {
	r, ok := f.Outlook.estimate(f.Now)
	if !ok {
		return time.Time{}, false
	}
	again := f.Outlook.Hours.Add(f.Now, min(max(before, leastMove), longestMove))
	return later(r.To, again), true
}

// longestMove bounds by how much of open time a promise grows at a time.
const longestMove = 8 * time.Hour

// moved is a promise with a later time. One that has lapsed, because nobody looked in time, is broken and counted, and the time is a new promise.
func (p Promise) moved(to, at time.Time, broken *int) Promise {
	if next := p.Move(to, at); next != p {
		return next
	}
	*broken++
	moves := p.Moves + 1
	p = NewPromise(p.Kind, Range{From: at, To: to}, at)
	p.Moves = moves
	return p
}

// alarm reminds those who could answer.
func (f Front) alarm(b board, holder string, silent bool) []Post {
	key := "desk_waits"
	switch {
	case silent:
		key = "desk_silent"
	case f.Ticket.Status == Claimed:
		key = "desk_holder_waits"
	}
	text := f.Voice.Say(key, map[string]any{"Name": oneLine(holder), "Time": clock(f.Ticket.Promise.Due, f.Zone)})
	return f.raise(b, text, f.Ticket.Promise.Moves)
}

// raise says that a ticket is in trouble; once the customer was told a later time, the seniors are called with it.
func (f Front) raise(b board, text string, moves int) []Post {
	if moves < patience {
		return b.loud(f.Threads, text)
	}
	return f.calling(b, text)
}
