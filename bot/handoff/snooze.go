package handoff

import (
	"time"
)

// snoozeSlack is how much open time the holder has after a snooze before the time that the customer was told: at its end they are only reminded.
const snoozeSlack = time.Hour

// snooze puts a ticket off. Its holder keeps it, and the customer is told by when to expect them.
func (p *planner) snooze(until string) {
	at, ok := Until(until, p.Now, p.Zone, p.Team.Hours)
	switch {
	case p.ticket.Status == Closed:
		p.here("desk_is_closed", nil)
		return
	case !ok:
		p.here("desk_snooze_how", nil)
		return
	}
	t := p.ticket
	if t.Holder == "" {
		p.hold(p.Staff)
	}
	t.Status, t.Until = Waiting, at
	due := t.snoozed(p.Now, p.Team.Hours)
	p.customer("ticket_snoozed", map[string]any{"Number": t.Number, "To": When(p.Customer, due, p.Now, p.Now, p.Zone)})
	if t.reaches(due, p.Now) {
		p.settleTold("settle_moved")
	}
	args := map[string]any{"Name": oneLine(t.HolderName), "Time": clock(at, p.Zone), "Due": clock(due, p.Zone)}
	p.refresh()
	p.titles()
	p.here("desk_snoozed", args)
	p.elsewhere("desk_snoozed", args)
	p.keep()
}

// snoozed promises the customer that somebody comes back, and returns the time that they are told. What was promised before is moved there, or stands
// where it is later. To put off is no silence: it does not count among the moves after which others are called.
func (t *Ticket) snoozed(now time.Time, hours Hours) time.Time {
	due := hours.Add(t.Until, snoozeSlack)
	if due.IsZero() {
		due = t.Until.Add(snoozeSlack)
	}
	switch p := &t.Promise; {
	case !p.Pending():
		*p = NewPromise(Return, Range{From: t.Until, To: due}, now)
	case now.After(p.Due) || due.After(p.Due):
		moves := p.Moves
		*p = p.moved(due, now, &t.Broken)
		p.Moves = moves
	}
	return t.Promise.Due
}

// Wake ends a snooze: the ticket is its holder's again, who is told why.
func (f Front) Wake(key string) Change {
	t := f.Ticket
	t.Status, t.Until = Claimed, time.Time{}
	f.Ticket = t
	b := f.board()
	c := Change{Ticket: &t, Posts: append(b.refresh(f.Threads), b.titles(f.Threads)...)}
	c.Posts = append(c.Posts, b.loud(f.Threads, f.Voice.Say(key, map[string]any{"Name": oneLine(t.HolderName)}))...)
	return c
}

// Due reports whether a snooze is over.
func (t Ticket) Due(now time.Time) bool { return t.Status == Waiting && !now.Before(t.Until) }

// titles names the threads after how the ticket stands.
func (b board) titles(threads []Thread) []Post { return b.acts(threads, TitlesThread) }

// waits says on the card until when a ticket was put off.
func (b board) waits() string {
	return b.voice.Say("desk_until", map[string]any{"Name": oneLine(b.ticket.HolderName), "Time": clock(b.ticket.Until, b.zone)})
}
