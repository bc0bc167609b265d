package handoff

import (
	"slices"
	"strings"
	"time"

	"faqbot/bot/channel"
)

// Front is what the customer's side of a handoff needs to know: the ticket, where it is worked on, and who could be called.
type Front struct {
	Ticket  Ticket
	Threads []Thread
	Desks   []Desk
	// Replied is what a message that the customer replied to stands for at desks.
	Replied []Link
	// Lines are what was said in the conversation, oldest first.
	Lines []Said
	// Seniors are called where a ticket is in trouble.
	Seniors []Staff
	Outlook Outlook
	// Voice speaks to staff, in the language of the business; Zone is where their clock is.
	Voice Voice
	Zone  *time.Location
	Now   time.Time
}

func (f Front) board() board {
	return board{ticket: f.Ticket, voice: f.Voice, zone: f.Zone, now: f.Now, lines: f.Lines}
}

// Call shows the ticket at the desks of the next wave, but for those where its card is, or is on its way. It reports false where nobody is left to
// call.
func (f Front) Call() (Change, bool) {
	t := f.Ticket
	c := Change{Ticket: &t}
	for waves := Route(f.Ticket, f.Desks); len(c.Threads) == 0; {
		if t.Called >= len(waves) {
			return Change{}, false
		}
		for _, d := range waves[t.Called] {
			if !f.has(d.ID) {
				c.Threads = append(c.Threads, d.wanted(t.ID))
			}
		}
		t.Called++
	}
	b := f.board()
	b.ticket = t
	for _, thread := range c.Threads {
		c.Posts = append(c.Posts, b.open(thread))
	}
	return c, true
}

// has says whether a desk shows the ticket, or is about to.
func (f Front) has(desk DeskID) bool {
	return slices.ContainsFunc(f.Threads, func(t Thread) bool { return t.Ticket == f.Ticket.ID && t.Desk == desk && t.shows() })
}

// Waits says whether a card is on its way.
func (f Front) Waits() bool {
	return slices.ContainsFunc(f.Threads, func(t Thread) bool { return t.Ticket == f.Ticket.ID && t.State == Wanted })
}

// Again opens a thread of the ticket anew. Who has the ticket is let in again.
func (f Front) Again(t Thread) []Post {
	return append([]Post{f.board().open(t)}, f.board().admit(t, Staff{ID: f.Ticket.Holder})...)
}

// Relay brings what the customer wrote to everyone who works on the ticket.
func (f Front) Relay(s Said, from channel.Address) []Post {
	var out []Post
	for _, t := range f.Threads {
		if !t.shows() {
			continue
		}
		content := append(channel.Document{strong(f.board().customer() + ":").paragraph()}, strangers(s.Text)...)
		out = append(out, Post{
			Ticket: f.Ticket.ID, Desk: t.Desk, Content: content, Attachments: s.Attachments,
			Origin: Spot{Address: from, Message: s.Message}, Quiet: f.Ticket.Status == Open, ReplyTo: quoted(f.Replied, t.Address),
		})
	}
	return out
}

// Reopen continues a ticket that was closed: it waits again, where it was worked on before and for all who are called.
func (f Front) Reopen() Change {
	t := f.Ticket
	t.Free()
	t.Outcome, t.ClosedAt, t.Settle = "", time.Time{}, t.Settle.Again(f.Now)
	t.AskedAt, t.RepliedAt, t.OpenedAt = time.Time{}, time.Time{}, f.Now
	t.Reached, t.Unreached, t.Delayed, t.Transferred, t.Tries = false, false, false, false, 0
	t.Reopened++
	f.Ticket = t
	c := Change{Ticket: &t}
	b := f.board()
	c.Posts = b.acts(f.Threads, ReopensThread)
	if t.Reached = len(c.Posts) > 0; !t.Reached { // where it was nobody sees it any more: desks are called as for a new one
		t.Called = 0
	}
	c.Posts = append(append(c.Posts, b.refresh(f.Threads)...), b.loud(f.Threads, f.Voice.Say("desk_reopened"))...)
	return c
}

// Rated tells staff what the customer thought of it.
func (f Front) Rated() []Post {
	text := f.Voice.Say("desk_rated", map[string]any{"Stars": strings.Repeat("★", f.Ticket.Rating)})
	if f.Ticket.Word != "" {
		text += " “" + defused(clip(oneLine(f.Ticket.Word), cardQuestion)) + "”"
	}
	return f.board().tell(f.Threads, "", channel.PlainDocument(text))
}

// Answered closes a ticket of who only wanted a question kept: an entry answers it by now, and the customer was told. It reports false for all others.
func (f Front) Answered() (Change, bool) {
	t := f.Ticket
	if t.Cause != KeepQuestion || t.Status != Open {
		return Change{}, false
	}
	t.Status, t.ClosedAt, t.Outcome = Closed, f.Now, Told
	t.Promise = t.Promise.Keep(f.Now)
	f.Ticket = t
	b := f.board()
	posts := append(b.refresh(f.Threads), b.tell(f.Threads, "", channel.PlainDocument(f.Voice.Say("desk_news")))...)
	return Change{Ticket: &t, Posts: append(posts, b.close(f.Threads)...)}, true
}

// Tell says something in the ticket's threads, by the key of the text.
func (f Front) Tell(key string) []Post { return f.board().loud(f.Threads, f.Voice.Say(key)) }

// loud is what rings.
func (b board) loud(threads []Thread, text string) []Post {
	var out []Post
	for _, t := range threads {
		if t.shows() {
			out = append(out, b.alert(t, channel.PlainDocument(text)))
		}
	}
	return out
}

// Forgotten tells staff that the customer is forgotten, and with them all that is known of the ticket: nothing written there reaches anybody.
func (f Front) Forgotten() []Post {
	var out []Post
	for _, t := range f.Threads {
		if t.State != Standing {
			continue
		}
		to := t.Address
		post := Post{To: &to, Content: channel.PlainDocument(f.Voice.Say("desk_forgotten", map[string]any{"Number": f.Ticket.Number}))}
		if to.Thread == "" {
			post.ReplyTo = t.Card
		}
		out = append(out, post)
	}
	return out
}

// Edited shows staff what a customer's message says now.
func (f Front) Edited(shown []Shown, text string) []Post {
	content := append(channel.Document{strong(f.board().customer() + " ✎:").paragraph()}, strangers(text)...)
	return corrected(shown, content)
}

// Deleted marks a message that the customer deleted; what it said stays, for somebody may have acted on it.
func (f Front) Deleted(shown []Shown) []Post {
	var out []Post
	for _, s := range shown {
		to := s.Shown.Address
		out = append(out, Post{Ticket: s.Ticket, To: &to, ReplyTo: s.Shown.Message, Quiet: true,
			Content: channel.PlainDocument(f.Voice.Say("desk_deleted", map[string]any{"Name": f.board().customer()}))})
	}
	return out
}

// Beside tells staff what the bot answered while the customer waits.
func (f Front) Beside(text string) []Post {
	b := f.board()
	return b.tell(f.Threads, "", channel.Document{strong(f.Voice.Say("desk_bot") + ": ").plain(clip(oneLine(text), cardLine)).paragraph()})
}

// Refresh shows the ticket as it is now.
func (f Front) Refresh() []Post { return f.board().refresh(f.Threads) }

// TakenBack tells staff that nobody is needed any more, and closes the threads.
func (f Front) TakenBack() []Post {
	b := f.board()
	out := append(b.refresh(f.Threads), b.tell(f.Threads, "", channel.PlainDocument(f.Voice.Say("desk_taken_back")))...)
	return append(out, b.close(f.Threads)...)
}

func (b board) close(threads []Thread) []Post { return b.acts(threads, ClosesThread) }

// acts does something to the thread of each desk.
func (b board) acts(threads []Thread, act Act) []Post {
	var out []Post
	for _, t := range threads {
		if t.shows() {
			out = append(out, Post{Ticket: b.ticket.ID, Desk: t.Desk, Act: act, Title: b.title()})
		}
	}
	return out
}

// Unreached tells the owner that no desk can be reached.
func (f Front) Unreached() Change {
	var c Change
	f.toOwner("desk_unreached", &c)
	return c
}

// toldAgain is how often the owner is told of trouble: when nothing reaches the team, one message says as much as two hundred.
const toldAgain = 10 * time.Minute

// toOwner tells the owner something about the ticket, with its card.
func (f Front) toOwner(key string, c *Change) {
	for _, d := range f.Desks {
		if !d.Owner || d.Gone || f.Now.Sub(d.ToldAt) < toldAgain {
			continue
		}
		d.ToldAt = f.Now
		to := d.Address
		content := append(channel.PlainDocument(f.Voice.Say(key, map[string]any{"Number": f.Ticket.Number})), f.board().card()...)
		c.Posts = append(c.Posts, Post{Ticket: f.Ticket.ID, To: &to, Content: content, Urgent: true})
		c.Desk = &d
		return // there is one owner; another binding of theirs takes its turn the next time
	}
}
