package bot

import (
	"slices"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

const (
	// reachWithin is how long a desk may take to show a ticket's card before the next are called.
	reachWithin = time.Minute
	// longestReach bounds how long it takes until all desks are called again where none could be reached.
	longestReach = 6 * time.Hour
)

// PlanDesk decides what follows from what staff did at a desk, or from what became of a message about a ticket.
func PlanDesk(s Situation, policy Policy, texts *Texts) Turn {
	p := &planner{s: s, policy: policy, texts: texts, voice: texts.In(policy.Language)}
	p.turn.Conversation = s.Conversation
	if s.Event.Kind == channel.Settled {
		p.settled()
		return p.turn
	}
	if s.Event.Kind == channel.Command && s.Event.Command == staffCommand {
		p.bind(s.Event.Body)
		return p.turn
	}
	switch {
	case aboutGaps(&p.s):
		p.gaps()
		return p.turn
	case samples(&p.s):
		p.sample()
		return p.turn
	}
	p.change(handoff.Plan(p.scene()))
	p.acknowledge()
	p.clocks()
	return p.turn
}

// acknowledge answers a command that has no other answer where the network waits for one.
func (p *planner) acknowledge() {
	if e := p.s.Event; e.Kind == channel.Command && e.Ticket != nil && !p.called {
		p.post(handoff.Post{To: &e.Address, Content: channel.PlainDocument("✓"), Quiet: true})
	}
}

// scene is what staff's planning sees.
func (p *planner) scene() handoff.Scene {
	s := handoff.Scene{
		Event: p.s.Event, Desk: *p.s.Desk, Staff: p.s.Work.Staff, Ticket: p.s.Ticket, Threads: p.s.Work.Threads,
		Meant: handoff.Meant{Replied: p.s.Work.Replied, Shown: p.s.Work.Shown},
		Lines: said(p.s.Work.Lines), Voices: handoff.Voices{Voice: p.voice, Customer: p.voice, Zone: p.policy.Location}, Now: p.s.Now,
		Team: handoff.Team{Staff: p.s.Work.Found.Crew, Desks: p.s.Work.Desks, Hours: p.policy.Hours, Language: p.policy.Language,
			Capacity: handoff.Capacity{Most: p.policy.Capacity, Held: p.s.Work.Found.Held}},
		Found: p.found(), Fresh: p.s.Fresh.Seed[:min(6, len(p.s.Fresh.Seed))],
	}
	if p.s.Ticket != nil {
		s.Customer = p.texts.In(p.s.Ticket.Language)
	}
	if a := p.s.Action; a != nil && a.Kind == ActStaff {
		s.Pressed, s.Value = a.Press, a.Value
	}
	return s
}

// front is what the customer's side of a handoff sees.
func (p *planner) front(t handoff.Ticket) handoff.Front {
	return handoff.Front{
		Ticket: t, Threads: p.s.Work.Threads, Replied: p.s.Work.Replied, Desks: p.s.Work.Desks, Lines: said(append(slices.Clone(p.s.Work.Lines), p.heardNow()...)),
		Seniors: p.s.Work.Seniors, Outlook: p.s.Work.Outlook, Voice: p.texts.In(p.policy.Language), Zone: p.policy.Location, Now: p.s.Now,
	}
}

// heardNow is what the customer said in this turn; what the bot says in it of the handoff itself tells staff nothing.
func (p *planner) heardNow() []Line {
	return slices.DeleteFunc(slices.Clone(p.turn.Lines), func(l Line) bool { return l.FromBot })
}

func said(lines []Line) []handoff.Said {
	out := make([]handoff.Said, 0, len(lines))
	for _, l := range lines {
		if !l.Deleted {
			out = append(out, handoff.Said{Entry: l.Entry, By: l.By, FromBot: l.FromBot, Note: l.Note, Text: l.Text, Message: l.Message, Attachments: l.Attachments, At: l.At})
		}
	}
	return out
}

// change makes what follows from staff's work a part of the turn.
func (p *planner) change(c handoff.Change) {
	p.turn.Staff = c.Staff
	p.turn.Draft, p.turn.Block, p.turn.Saved = p.maskedDraft(c.Draft), c.Block, c.Saved
	if c.Desk != nil {
		p.turn.Desks = append(p.turn.Desks, *c.Desk)
		p.turn.Revived = p.turn.Revived || p.s.Desk != nil && p.s.Desk.Gone && !c.Desk.Gone
	}
	p.turn.Threads = append(p.turn.Threads, c.Threads...)
	if c.Ticket != nil {
		p.turn.Ticket = c.Ticket
	}
	if c.Again > 0 {
		p.turn.Again = append(p.turn.Again, c.Again)
	}
	if c.Rating {
		p.turn.Conversation.State.Pending = WhatWorth
	}
	for _, s := range c.Said {
		p.turn.Lines = append(p.turn.Lines, Line{Entry: s.Entry, By: s.By, Note: s.Note, Text: s.Text, Message: s.Message, Attachments: s.Attachments, At: s.At})
	}
	p.post(c.Posts...)
}

// post puts what staff are shown, and what they say, into the outbox.
func (p *planner) post(posts ...handoff.Post) {
	for _, post := range posts {
		to, ok := p.destination(post)
		if !ok {
			continue
		}
		limits := p.s.Reach[to.Network]
		if limits.Text == 0 {
			limits = channel.Limits{Text: 2000, Measure: channel.CountVisible, Buttons: 10}
		}
		pieces := channel.Split(post.Content, limits.Text, limits.Measure)
		if len(pieces) == 0 {
			pieces = []channel.Document{nil}
		}
		if post.Act == handoff.OpensThread || post.Act == handoff.ChangesCard {
			pieces = pieces[:1]
		}
		attachments := p.carried(post, to)
		for i, piece := range pieces {
			o := Outgoing{
				Message: channel.Message{To: to, Content: piece, Quiet: post.Quiet}, Urgent: post.Urgent,
				Post: Post{Ticket: post.Ticket, Desk: post.Desk, Act: post.Act, Title: post.Title, Origin: post.Origin},
			}
			if i == 0 {
				o.Message.ReplyTo, o.Message.Attachments, o.Message.Replaces = post.ReplyTo, attachments, post.Replaces
			}
			if post.To != nil && to == p.s.Event.Address && !p.called {
				o.Message.Ticket, p.called = p.s.Event.Ticket, true
			}
			if i == len(pieces)-1 {
				o.Message.Buttons = p.staffButtons(post, limits)
			}
			p.turn.Messages = append(p.turn.Messages, o)
		}
	}
}

// destination is where a post goes; false for one whose ticket has no customer any more.
func (p *planner) destination(post handoff.Post) (channel.Address, bool) {
	switch {
	case post.To != nil:
		to := *post.To
		if t := p.s.Ticket; t != nil && t.Customer.Address.SameChat(to) {
			to.Private = t.Customer.Address.Private // links do not keep it
		}
		return to, true
	case post.Desk != "":
		for _, t := range append(p.turn.Threads, p.s.Work.Threads...) {
			if t.Desk == post.Desk {
				return t.Address, true
			}
		}
		return channel.Address{}, false
	case p.turn.Ticket != nil:
		return p.turn.Ticket.Customer.Address, true
	case p.s.Ticket != nil:
		return p.s.Ticket.Customer.Address, true
	}
	return channel.Address{}, false
}

func (p *planner) staffButtons(post handoff.Post, limits channel.Limits) []channel.Button {
	var out []channel.Button
	for _, b := range post.Buttons {
		if len(out) == limits.Buttons || p.turn.Conversation.ID == "" {
			break
		}
		if b.URL != "" {
			out = append(out, channel.Button{Label: shorten(b.Label, limits.Label), URL: b.URL})
			continue
		}
		if b.Press == handoff.PressRate {
			out = append(out, p.button(shorten(b.Label, limits.Label), Action{Kind: ActRate, Ticket: post.Ticket, Value: b.Value}))
			continue
		}
		out = append(out, p.button(shorten(b.Label, limits.Label), Action{Kind: ActStaff, Ticket: post.Ticket, Press: b.Press, Value: b.Value}))
	}
	return out
}

// call shows a new ticket to staff, and looks after a minute whether anybody can see it.
func (p *planner) call() {
	if p.turn.Ticket == nil {
		return
	}
	c, ok := p.front(*p.turn.Ticket).Call()
	if !ok { // the receipt promised nothing; the owner hears that nobody sees it
		p.change(p.front(*p.turn.Ticket).Unreached())
		p.turn.Ticket.Unreached = true
		p.callLater(*p.turn.Ticket)
		return
	}
	p.change(c)
	p.awaitReach(*p.turn.Ticket)
	p.watch(p.look(*p.turn.Ticket))
}

// awaitReach looks a minute later whether the ticket is seen.
func (p *planner) awaitReach(t handoff.Ticket) {
	p.turn.Timers = append(p.turn.Timers, Timer{Kind: TimerReach, Due: p.s.Now.Add(reachWithin), Body: string(t.ID)})
}

// callLater calls all desks once more after a while, which grows: one may be mended, or be made, meanwhile.
func (p *planner) callLater(t handoff.Ticket) {
	wait := min(reachWithin<<min(t.Tries+1, 16), longestReach)
	p.turn.Timers = append(p.turn.Timers, Timer{Kind: TimerReach, Due: p.s.Now.Add(wait), Body: string(t.ID)})
}

// relay brings what the customer wrote to the people who have the ticket. It reports whether the bot has nothing to say to it.
func (p *planner) relay(text string) bool {
	t := p.s.Ticket
	if t == nil || len(p.s.Work.Threads) == 0 {
		return false
	}
	p.backAgain()
	t = p.s.Ticket
	p.interrupt()
	e := p.s.Event
	p.post(p.front(*t).Relay(handoff.Said{Text: text, Message: e.Message, Attachments: e.Attachments, At: p.s.Now}, e.Address)...)
	p.expects(*t)
	return t.Status != handoff.Open
}

// backAgain notes that who could not be reached writes again.
func (p *planner) backAgain() {
	if p.s.Ticket.Lost {
		t := *p.s.Ticket
		t.Lost = false
		p.s.Ticket, p.turn.Ticket = &t, &t
		p.watch(p.look(t))
	}
}

// expects notes that a customer who was answered has written again.
func (p *planner) expects(t handoff.Ticket) {
	if t.Status != handoff.Claimed || t.RepliedAt.IsZero() || !t.AskedAt.IsZero() || t.Promise.Pending() {
		return
	}
	t.AskedAt = p.s.Now
	p.turn.Ticket = &t
	p.watch(p.look(t))
}
