package bot

import (
	"encoding/json"
	"slices"
	"strconv"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

// settled acts on what became of a message about a ticket.
func (p *planner) settled() {
	var r handoff.Report
	if p.s.Ticket == nil || p.turn.Conversation.ID == "" || json.Unmarshal([]byte(p.s.Event.Body), &r) != nil {
		return
	}
	for _, d := range p.s.Work.Desks { // an answer to staff fails with the place, too
		if r.Gone && r.Desk == "" && d.Address.SameChat(p.s.Event.Address) {
			r.Desk = d.ID
		}
	}
	switch {
	case r.Fate == handoff.Delivered:
		p.reached(r)
	case r.Fate == handoff.Unthreaded:
		p.rethread(r)
	case r.Gone && r.Desk != "" && p.lose(r):
	case (r.Act == handoff.OpensThread || r.Gone && r.Desk != "") && p.front(*p.s.Ticket).Waits(): // another card is on its way
		p.awaitReach(*p.s.Ticket)
	case r.Act == handoff.OpensThread, r.Gone && r.Desk != "":
		p.unreached()
	case r.Act == handoff.LetsIn:
		p.keptOut(r)
	case r.Gone && r.Desk == "":
		p.lost(r)
	case r.Origin.Message != "":
		p.undelivered(r)
	}
}

// lost looks after a ticket whose customer cannot be written to where they were: who asked in public is answered there, and of others staff are told.
func (p *planner) lost(r handoff.Report) {
	if r.Origin.Message != "" {
		p.undelivered(r)
	}
	t, c := *p.s.Ticket, p.s.Conversation
	if t.Status == handoff.Closed || t.Lost {
		return
	}
	key := "desk_customer_lost"
	if t.Customer.Address.Private && !c.Address.Private && c.Address.Network == t.Customer.Address.Network {
		key = "desk_in_public"
		t.Customer.Address, t.Place = c.Address, c.Key
	} else {
		t.Lost = true
	}
	p.turn.Ticket = &t
	if !t.Lost {
		p.tellCustomer("private_closed", t)
	}
	p.post(p.front(t).Tell(key)...)
}

// reached tells the customer that a person was called, once: now it is true.
func (p *planner) reached(r handoff.Report) {
	t := *p.s.Ticket
	p.lacks(r)
	if t.Reached || t.Status == handoff.Closed {
		return
	}
	told := t.Transferred
	t.Reached, t.Transferred = true, false
	p.turn.Ticket = &t
	if t.Status == handoff.Open && !told && t.Cause == handoff.Asked { // who only wanted a question kept waits for nobody
		p.tellCustomer("person_called", t)
	}
	p.turn.Timers = append(p.turn.Timers, Timer{Kind: TimerReach})
}

// lacks tells a desk once what keeps threads from being opened there, and forgets it when one was.
func (p *planner) lacks(r handoff.Report) {
	for _, d := range p.s.Work.Desks {
		if d.ID != r.Desk || d.Lacks == r.Reason {
			continue
		}
		d.Lacks = r.Reason
		p.turn.Desks = append(p.turn.Desks, d)
		if r.Reason != "" {
			p.post(handoff.Post{To: &d.Address, Content: channel.PlainDocument(r.Reason)})
		}
	}
}

// keptOut tells a desk that somebody cannot see the thread of a ticket that they have. It is said where they do see it.
func (p *planner) keptOut(r handoff.Report) {
	for _, d := range p.s.Work.Desks {
		if d.ID == r.Desk {
			p.post(handoff.Post{To: &d.Address, Urgent: true,
				Content: channel.PlainDocument(p.voice.Say("desk_kept_out", Args{"Number": p.s.Ticket.Number, "Reason": r.Reason}))})
		}
	}
}

// tellCustomer says something to the customer of a ticket, in their language.
func (p *planner) tellCustomer(key string, t handoff.Ticket) {
	voice := p.texts.In(t.Language)
	args := Args{"Number": t.Number}
	if t.Promise.Pending() {
		args["To"] = p.whenIn(voice, t.Promise.Due, p.s.Now)
	}
	if t.Settle.Pending() {
		args["By"] = p.whenIn(voice, t.Settle.Due, p.s.Now)
	}
	text := voice.Say(key, args)
	p.turn.Lines = append(p.turn.Lines, Line{FromBot: true, Text: text, At: p.s.Now})
	p.post(handoff.Post{Ticket: t.ID, Content: channel.Parse(text), Urgent: true})
}

// rethread opens a thread anew in the place of one that is gone; what waits for it follows.
func (p *planner) rethread(r handoff.Report) {
	for _, t := range p.s.Work.Threads {
		if t.Desk != r.Desk || t.State != handoff.Parted { // what else was on its way to the old one tells of it too
			continue
		}
		t.Address.Thread, t.Card, t.State = "", "", handoff.Wanted
		p.turn.Threads = append(p.turn.Threads, t)
		p.post(p.front(*p.s.Ticket).Again(t)...)
	}
}

// reachOver calls the next desks when nobody has seen a ticket in time; where all were called, it begins with the first again.
func (p *planner) reachOver() {
	t := *p.s.Ticket
	if t.Unreached && !t.Reached {
		t.Called, t.Tries = 0, t.Tries+1
		p.s.Ticket = &t
	}
	p.unreached()
}

// unreached calls the next desks, or the owner, and tells the customer the truth, once: they are called again and again from then on.
func (p *planner) unreached() {
	t := *p.s.Ticket
	if t.Reached || t.Status == handoff.Closed {
		return
	}
	p.turn.Ticket = &t
	if c, ok := p.front(t).Call(); ok {
		p.change(c)
		p.awaitReach(t)
		return
	}
	if !t.Unreached {
		t.Unreached = true
		told := p.front(t).Unreached()
		told.Ticket = &t
		p.change(told)
		p.tellCustomer("team_unreached", t)
	}
	p.callLater(t)
}

// lose takes a desk that cannot be written to any more out of use, and tells the owner. The tickets there go to the next desks. It reports whether
// there was nothing else to say.
func (p *planner) lose(r handoff.Report) bool {
	for _, d := range p.s.Work.Desks {
		if d.ID != r.Desk || d.Gone {
			continue
		}
		d.Gone = true
		p.turn.Desks = append(p.turn.Desks, d)
		for _, owner := range p.s.Work.Desks {
			if owner.Owner && !owner.Gone {
				p.post(handoff.Post{To: &owner.Address, Content: channel.PlainDocument(p.voice.Say("desk_lost", Args{
					"Network": string(d.Address.Network), "Chat": string(d.Address.Chat), "Reason": r.Reason,
				})), Urgent: true})
			}
		}
	}
	t := *p.s.Ticket
	if t.Status == handoff.Closed || p.seenBeside(r.Desk) {
		return true // it is seen elsewhere
	}
	for i, thread := range p.s.Work.Threads {
		if thread.Desk == r.Desk && thread.State != handoff.Missed {
			thread.State = handoff.Missed
			p.turn.Threads = append(p.turn.Threads, thread)
			p.s.Work.Threads[i] = thread
		}
	}
	if t.Reached || t.Called > 0 { // who had it there cannot answer any more: others are called as if it was new
		p.s.Ticket, p.turn.Ticket = &t, &t
		t.Reached, t.Called = false, 0
		t.Free()
		desks := slices.DeleteFunc(slices.Clone(p.s.Work.Desks), func(d handoff.Desk) bool { return d.ID == r.Desk })
		p.s.Work.Desks = desks
	}
	return false
}

// seenBeside says whether another desk shows the ticket.
func (p *planner) seenBeside(desk handoff.DeskID) bool {
	return slices.ContainsFunc(p.s.Work.Threads, func(t handoff.Thread) bool { return t.Desk != desk && t.State == handoff.Standing })
}

// undelivered marks what was written where its writer sees it.
func (p *planner) undelivered(r handoff.Report) {
	to := r.Origin.Address
	again := []handoff.Button{{Label: p.voice.Say("desk_button_again"), Press: handoff.PressAgain, Value: strconv.FormatInt(r.Row, 10)}}
	if r.Desk != "" { // it was written by the customer
		if !p.seenBeside(r.Desk) {
			p.tellCustomer("team_unreached", *p.s.Ticket)
		}
		if !r.Gone {
			p.post(handoff.Post{Ticket: r.Ticket, Desk: r.Desk, Content: channel.PlainDocument(p.voice.Say("desk_unshown", Args{"Reason": r.Reason})), Buttons: again})
		}
		return
	}
	p.post(handoff.Post{
		Ticket: r.Ticket, To: &to, ReplyTo: r.Origin.Message, Urgent: true,
		Content: channel.PlainDocument(p.voice.Say("desk_undelivered", Args{"Reason": r.Reason})), Buttons: again,
	})
}
