package handoff

import (
	"strconv"
	"time"
)

// promise tells the customer by when their matter is settled. It is as good as an answer: who promises has the ticket, where nobody had.
func (p *planner) promise(by string) {
	at, ok := By(by, p.Now, p.Zone, p.Team.Hours)
	switch {
	case p.ticket.Status == Closed:
		p.here("desk_is_closed", nil)
		return
	case !ok:
		p.here("desk_promise_how", nil)
		return
	}
	p.answered()
	p.ticket.settleBy(at, p.Now)
	p.settleTold("settle_promised")
	args := map[string]any{"Name": oneLine(p.Staff.Called()), "Time": clock(at, p.Zone)}
	p.refresh()
	p.here("desk_settle_told", args)
	p.elsewhere("desk_settle_told", args)
	p.keep()
}

// settleTold tells the customer by when it is settled.
func (p *planner) settleTold(key string) {
	p.customer(key, map[string]any{"Number": p.ticket.Number, "By": When(p.Customer, p.ticket.Settle.Due, p.Now, p.Now, p.Zone)})
}

// settleBy promises that the matter is settled by a time, in the place of what was promised of that before. Staff who say a later time themselves are not
// silent: it does not count among the moves after which others are called.
func (t *Ticket) settleBy(at, now time.Time) {
	p := &t.Settle
	switch {
	case !p.Pending():
		*p = NewPromise(Resolve, Range{From: now, To: at}, now)
	case now.After(p.Due) || at.After(p.Due):
		moves := p.Moves
		*p = p.moved(at, now, &t.Broken)
		p.Moves = moves
	default: // sooner than was said is no worse
		p.Due, p.MovedAt = at, now
	}
	p.RemindedAt = time.Time{}
}

// reaches moves what was promised to be settled before a time to that time, and reports whether it had to.
func (t *Ticket) reaches(at, now time.Time) bool {
	if !t.Settle.Pending() || !at.After(t.Settle.Due) {
		return false
	}
	t.settleBy(at, now)
	return true
}

// kept ends a promise because what was promised is done; one that is done too late is broken, and counted.
func (t *Ticket) kept(p *Promise, now time.Time) {
	if !p.Pending() {
		return
	}
	if *p = p.Keep(now); p.State == PromiseBroken {
		t.Broken++
	}
}

// Again is a promise as it was before it was kept, where its time is still to come: what was thought to be done is not.
func (p Promise) Again(now time.Time) Promise {
	if p.State != PromiseKept || !now.Before(p.Due) {
		return p
	}
	p.State, p.EndedAt = PromiseOpen, time.Time{}
	if p.Moves > 0 {
		p.State = PromiseMoved
	}
	return p
}

// Look is when the clock has to look at what the customer was promised; zero where nothing was.
func (t Ticket) Look(now time.Time, hours Hours) time.Time {
	return soonest(t.Promise.Remind(now), t.AnswerBy(hours), t.lookAtSettle(now, hours))
}

// soonest leaves out what is never.
func soonest(times ...time.Time) (first time.Time) {
	for _, t := range times {
		if first.IsZero() || !t.IsZero() && t.Before(first) {
			first = t
		}
	}
	return first
}

// lookAtSettle is when its holder is reminded of what is to be settled, or then when it can be done no more.
func (t Ticket) lookAtSettle(now time.Time, hours Hours) time.Time {
	if !t.Settle.Pending() {
		return time.Time{}
	}
	last := t.Settle.Remind(now)
	if t.Settle.RemindedAt.IsZero() {
		return soonest(last, t.Settle.early(hours))
	}
	return last
}

const (
	// mostEarly bounds how long before it is due the holder is reminded; else a quarter of the time that was promised is left then.
	mostEarly = 4 * time.Hour
	// earlyStep and earlySteps are how an open time is looked for, backwards: two weeks are longer than most holidays.
	earlyStep  = 15 * time.Minute
	earlySteps = 14 * 24 * 4
)

// early is when there is time left to keep a promise, and somebody to do so; zero where that is no later than when it was made.
func (p Promise) early(hours Hours) time.Time {
	told := later(p.MadeAt, p.MovedAt)
	at := p.Due.Add(-min(p.Due.Sub(told)/4, mostEarly))
	for range earlySteps {
		switch {
		case !at.After(told):
			return time.Time{}
		case hours.Open(at):
			return at
		}
		at = at.Add(-earlyStep)
	}
	return at
}

// tickSettle looks after what was promised to be settled: the holder is reminded while there is time. When there is none left the customer is told a later
// time before that one lapses, and those who are called for trouble hear of it, at last the owner. Who has the ticket keeps it: they may be at work on it.
func (f Front) tickSettle() Tick {
	t := f.Ticket
	switch look := t.lookAtSettle(f.Now, f.Outlook.Hours); {
	case look.IsZero():
		return Tick{}
	case look.After(f.Now):
		return Tick{Next: look}
	case t.Settle.Remind(f.Now).After(f.Now):
		t.Settle.RemindedAt = f.Now
		f.Ticket = t
		out := Tick{Change: Change{Ticket: &t}, Next: t.lookAtSettle(f.Now, f.Outlook.Hours)}
		out.Posts = f.board().loud(f.Threads, f.settleAlarm("desk_settle_soon"))
		return out
	}
	before := t.Settle.Due.Sub(later(t.Settle.MadeAt, t.Settle.MovedAt))
	if t.Settle.Moves > 0 {
		before *= 2
	}
	to := f.Outlook.Hours.promised(f.Now, min(max(before, leastMove), longestMove))
	if to.IsZero() {
		return Tick{}
	}
	t.Settle = t.Settle.moved(later(to, t.Settle.Due.Add(leastMove)), f.Now, &t.Broken)
	t.Settle.RemindedAt = time.Time{}
	f.Ticket = t
	out := Tick{Change: Change{Ticket: &t}, Say: "settle_moved", Next: t.lookAtSettle(f.Now, f.Outlook.Hours)}
	b := f.board()
	out.Posts = append(b.refresh(f.Threads), f.raise(b, f.settleAlarm("desk_settle_late"), t.Settle.Moves)...)
	if t.Settle.Moves >= ownerPatience {
		f.toOwner("desk_owner_waits", &out.Change)
	}
	return out
}

// settleAlarm is said to who has the ticket, or to all where nobody has.
func (f Front) settleAlarm(key string) string {
	whom := "#" + strconv.FormatInt(f.Ticket.Number, 10)
	if f.Ticket.HolderName != "" {
		whom = "@" + oneLine(f.Ticket.HolderName)
	}
	return whom + ": " + f.Voice.Say(key, map[string]any{"Time": clock(f.Ticket.Settle.Due, f.Zone)})
}
