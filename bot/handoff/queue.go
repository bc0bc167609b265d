package handoff

import (
	"cmp"
	"slices"
	"time"

	"faqbot/bot/channel"
)

// Queue are tickets that are not closed.
type Queue []Ticket

const (
	// pressingLead is by how much longer a customer who is upset or in a hurry counts as having waited.
	pressingLead = 30 * time.Minute
	// queueShown is how many tickets a list shows.
	queueShown = 20
)

// Rank is when a ticket counts as having been opened: OpenedAt, and half an hour earlier where it is pressing. The lowest is next, and of two alike the
// one with the lower number. As time passes all wait longer alike, so the order of two tickets never changes, and only pressing ones that come within that
// half hour go before one that is not: nobody starves, however many are pressing.
func (t Ticket) Rank() time.Time {
	if t.Pressing {
		return t.OpenedAt.Add(-pressingLead)
	}
	return t.OpenedAt
}

// Sorted is the queue in the order in which it is to be worked on. It is the same wherever a queue is shown.
func (q Queue) Sorted() Queue {
	out := slices.Clone(q)
	slices.SortStableFunc(out, func(a, b Ticket) int {
		return cmp.Or(a.Rank().Compare(b.Rank()), cmp.Compare(a.Number, b.Number))
	})
	return out
}

// Of are the tickets that somebody has.
func (q Queue) Of(holder StaffID) Queue {
	return slices.DeleteFunc(slices.Clone(q), func(t Ticket) bool { return t.Holder != holder })
}

// queue lists what waits.
func (p *planner) queue() { p.list(Queue(p.Found.Queue).Sorted(), "desk_queue_empty") }

// mine lists the tickets that who asks has.
func (p *planner) mine() { p.list(Queue(p.Found.Queue).Of(p.Staff.ID).Sorted(), "desk_mine_empty") }

// list shows tickets, a line each.
func (p *planner) list(q Queue, empty string) {
	if len(q) == 0 {
		p.here(empty, nil)
		return
	}
	list := channel.Block{Kind: channel.List}
	for _, t := range q[:min(len(q), queueShown)] {
		list.Items = append(list.Items, channel.Document{p.row(t).paragraph()})
	}
	doc := channel.Document{list}
	if more := len(q) - queueShown; more > 0 {
		doc = append(doc, channel.PlainDocument(p.Voice.Say("desk_more", map[string]any{"Count": more}))...)
	}
	p.show(doc)
}

// row is a ticket in a line: whose it is, since when, who has it, and what was asked.
func (p *planner) row(t Ticket) words {
	b := board{ticket: t, voice: p.Voice, zone: p.Zone, now: p.Now}
	line := words{}
	if t.Pressing && t.Status != Closed {
		line = line.strong("❗ ")
	}
	line = line.strong(b.title()).plain(" · " + clock(t.OpenedAt, p.Zone))
	if t.HolderName != "" {
		line = line.plain(" · " + oneLine(t.HolderName))
	}
	if t.Question != "" {
		line = line.plain(" · " + defused(clip(oneLine(t.Question), cardLine/2)))
	}
	return line
}
