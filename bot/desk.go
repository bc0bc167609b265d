package bot

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

// reachWithin is how long a desk may take to show a ticket's card before the next are called.
const reachWithin = time.Minute

// staffCommand makes a place a desk, with a code after it.
const staffCommand = "staff"

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
	p.change(handoff.Plan(p.scene()))
	return p.turn
}

// scene is what staff's planning sees.
func (p *planner) scene() handoff.Scene {
	s := handoff.Scene{
		Event: p.s.Event, Desk: *p.s.Desk, Staff: p.s.Work.Staff, Ticket: p.s.Ticket, Threads: p.s.Work.Threads, Replied: p.s.Work.Replied, Shown: p.s.Work.Shown,
		Lines: said(p.s.Work.Lines), Queue: p.s.Work.Queue, Voice: p.voice, Customer: p.voice, Zone: p.policy.Location, Now: p.s.Now,
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
		Ticket: t, Threads: p.s.Work.Threads, Desks: p.s.Work.Desks, Lines: said(append(slices.Clone(p.s.Work.Lines), p.heardNow()...)),
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
			out = append(out, handoff.Said{By: l.By, FromBot: l.FromBot, Note: l.Note, Text: l.Text, Message: l.Message, Attachments: l.Attachments, At: l.At})
		}
	}
	return out
}

// change makes what follows from staff's work a part of the turn.
func (p *planner) change(c handoff.Change) {
	p.turn.Staff = c.Staff
	if c.Desk != nil {
		p.turn.Desks = append(p.turn.Desks, *c.Desk)
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
		p.turn.Lines = append(p.turn.Lines, Line{By: s.By, Note: s.Note, Text: s.Text, Message: s.Message, Attachments: s.Attachments, At: s.At})
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
		if t := p.s.Ticket; t != nil && t.Customer.Address.Network == to.Network && t.Customer.Address.Chat == to.Chat {
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
	if !ok {
		return
	}
	p.change(c)
	p.turn.Timers = append(p.turn.Timers, Timer{Kind: TimerReach, Due: p.s.Now.Add(reachWithin), Body: string(p.turn.Ticket.ID)})
	if due := p.turn.Ticket.Promise.Remind(p.s.Now); !due.IsZero() {
		p.watch(due)
	}
}

// receipt tells the customer at once that the question is with the team, with place and honest time where there is a desk that it goes to.
func (p *planner) receipt(t *handoff.Ticket) string {
	key, args := "ticket_opened", Args{"Number": t.Number}
	if len(handoff.Route(*t, p.s.Work.Desks)) > 0 {
		*t = p.front(*t).Promised()
	}
	if t.Promise.Pending() {
		key = "ticket_promised"
		args["Place"] = t.Ahead + 1
		args["From"], args["To"] = p.when(t.Promise.From, p.s.Now), p.when(t.Promise.Due, t.Promise.From)
	}
	if t.Question == "" {
		key = map[string]string{"ticket_opened": "ticket_what", "ticket_promised": "ticket_promised_what"}[key]
	}
	text := p.voice.Say(key, args)
	if t.Promise.Pending() && !p.policy.Hours.Open(p.s.Now) {
		text = p.voice.Say("team_away") + " " + text
	}
	return text
}

// when is a time as the customer reads it, on the clock of the business: without the day where that is the one of another time.
func (p *planner) when(t, beside time.Time) string { return p.whenIn(p.voice, t, beside) }

func (p *planner) whenIn(voice Voice, t, beside time.Time) string {
	zone := p.policy.Location
	if zone == nil {
		zone = time.UTC
	}
	t, beside = t.In(zone), beside.In(zone)
	args := Args{"Time": t.Format("15:04"), "Date": t.Format("2006-01-02"), "Weekday": voice.Say("weekday_" + strconv.Itoa(int(t.Weekday())))}
	now := p.s.Now.In(zone)
	switch {
	case sameDay(t, beside):
		return t.Format("15:04")
	case sameDay(t, now.AddDate(0, 0, 1)):
		return voice.Say("when_tomorrow", args)
	}
	return voice.Say("when_day", args)
}

func sameDay(a, b time.Time) bool {
	return a.Year() == b.Year() && a.YearDay() == b.YearDay()
}

// tick looks after a promise that is about to lapse.
func (p *planner) tick() {
	if p.s.Ticket == nil {
		return
	}
	t := p.front(*p.s.Ticket).Tick()
	p.change(t.Change)
	if t.Say != "" {
		voice := p.texts.In(t.Ticket.Language)
		text := voice.Say(t.Say, Args{"Number": t.Ticket.Number, "To": p.whenIn(voice, t.Ticket.Promise.Due, p.s.Now)})
		p.turn.Lines = append(p.turn.Lines, Line{FromBot: true, Text: text, At: p.s.Now})
		p.post(handoff.Post{Ticket: t.Ticket.ID, Content: channel.Parse(text), Urgent: true})
	}
	if !t.Next.IsZero() {
		p.watch(t.Next)
	}
}

// watch sets when a promise is looked at.
func (p *planner) watch(at time.Time) {
	p.turn.Timers = append(p.turn.Timers, Timer{Kind: TimerPromise, Due: at})
}

// settled acts on what became of a message about a ticket.
func (p *planner) settled() {
	var r handoff.Report
	if p.s.Ticket == nil || p.turn.Conversation.ID == "" || json.Unmarshal([]byte(p.s.Event.Body), &r) != nil {
		return
	}
	switch {
	case r.Fate == handoff.Delivered:
		p.reached(r)
	case r.Fate == handoff.Unthreaded:
		p.rethread(r)
	case r.Gone && r.Desk != "" && p.lose(r):
	case r.Act == handoff.OpensThread, r.Gone && r.Desk != "":
		p.unreached()
	case r.Origin.Message != "":
		p.undelivered(r)
	}
}

// reached tells the customer that a person was called, once: now it is true.
func (p *planner) reached(r handoff.Report) {
	t := *p.s.Ticket
	if r.Reason != "" {
		for _, d := range p.s.Work.Desks {
			if d.ID == r.Desk && d.Lacks != r.Reason {
				d.Lacks = r.Reason
				p.turn.Desks = append(p.turn.Desks, d)
				p.post(handoff.Post{To: &d.Address, Content: channel.PlainDocument(r.Reason)})
			}
		}
	}
	if t.Reached || t.Status == handoff.Closed {
		return
	}
	t.Reached = true
	p.turn.Ticket = &t
	if t.Status == handoff.Open && t.Cause == handoff.Asked { // who only wanted a question kept waits for nobody
		p.tellCustomer("person_called", t)
	}
	p.turn.Timers = append(p.turn.Timers, Timer{Kind: TimerReach})
}

// tellCustomer says something to the customer of a ticket, in their language.
func (p *planner) tellCustomer(key string, t handoff.Ticket) {
	text := p.texts.In(t.Language).Say(key, Args{"Number": t.Number})
	p.turn.Lines = append(p.turn.Lines, Line{FromBot: true, Text: text, At: p.s.Now})
	p.post(handoff.Post{Ticket: t.ID, Content: channel.Parse(text), Urgent: true})
}

// rethread opens a thread anew in the place of one that is gone; what waits for it follows.
func (p *planner) rethread(r handoff.Report) {
	for _, t := range p.s.Work.Threads {
		if t.Desk != r.Desk || t.State != handoff.Wanted {
			continue
		}
		t.Address.Thread, t.Card = "", ""
		again := p.front(*p.s.Ticket).Again(r.Desk)
		p.turn.Threads = append(p.turn.Threads, t)
		p.post(again)
	}
}

// unreached calls the next desks, or the owner, and tells the customer the truth.
func (p *planner) unreached() {
	t := *p.s.Ticket
	if t.Reached || t.Status == handoff.Closed {
		return
	}
	p.turn.Ticket = &t
	if c, ok := p.front(t).Call(); ok {
		p.change(c)
		p.turn.Timers = append(p.turn.Timers, Timer{Kind: TimerReach, Due: p.s.Now.Add(reachWithin), Body: string(t.ID)})
		return
	}
	if t.Unreached {
		return
	}
	t.Unreached = true
	told := p.front(t).Unreached()
	told.Ticket = &t
	p.change(told)
	p.tellCustomer("team_unreached", t)
	p.turn.Timers = append(p.turn.Timers, Timer{Kind: TimerReach})
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
	if t.Status == handoff.Closed || slices.ContainsFunc(p.s.Work.Threads, func(o handoff.Thread) bool { return o.Desk != r.Desk && o.State == handoff.Standing }) {
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
		p.s.Ticket = &t
		t.Reached, t.Called = false, 0
		if t.Status == handoff.Claimed {
			t.Status, t.Holder, t.HolderName = handoff.Open, "", ""
		}
		desks := slices.DeleteFunc(slices.Clone(p.s.Work.Desks), func(d handoff.Desk) bool { return d.ID == r.Desk })
		p.s.Work.Desks = desks
	}
	return false
}

// undelivered marks what was written where its writer sees it.
func (p *planner) undelivered(r handoff.Report) {
	to := r.Origin.Address
	if to == p.s.Ticket.Customer.Address {
		elsewhere := slices.ContainsFunc(p.s.Work.Threads, func(t handoff.Thread) bool { return t.Desk != r.Desk && t.State == handoff.Standing })
		if !elsewhere {
			p.tellCustomer("team_unreached", *p.s.Ticket)
		}
		return
	}
	p.post(handoff.Post{
		Ticket: r.Ticket, To: &to, ReplyTo: r.Origin.Message, Urgent: true,
		Content: channel.PlainDocument(p.voice.Say("desk_undelivered", Args{"Reason": r.Reason})),
		Buttons: []handoff.Button{{Label: p.voice.Say("desk_button_again"), Press: handoff.PressAgain, Value: strconv.FormatInt(r.Row, 10)}},
	})
}

// bind makes the place where a code is shown a desk, or the chat of the owner.
func (p *planner) bind(secret string) {
	p.turn = Turn{} // who sets the bot up is no customer
	voice := p.texts.In(p.policy.Language)
	code, at := p.s.Work.Code, p.s.Event.Address
	key := "desk_bound"
	switch {
	case strings.TrimSpace(secret) == "" || code == nil:
		key = "desk_wrong_code"
	case code.Owner && !at.Private:
		key = "desk_wrong_owner_place"
	case !code.Owner && at.Private:
		key = "desk_wrong_place"
	default:
		place := at
		place.Thread = ""
		d := handoff.Desk{ID: handoff.DeskID(p.name()), Address: place, Owner: code.Owner, BoundAt: p.s.Now}
		for _, known := range p.s.Work.Desks {
			if known.Address.Network == at.Network && known.Address.Chat == at.Chat {
				d.ID, d.Version, d.Rule = known.ID, known.Version, known.Rule
			}
		}
		p.turn.Desks, p.turn.Code = []handoff.Desk{d}, code
		if code.Owner {
			key = "desk_bound_owner"
		}
	}
	if key == "desk_wrong_code" && p.s.Desk != nil {
		key = "desk_bound_already"
	}
	p.post(handoff.Post{To: &at, Content: channel.PlainDocument(voice.Say(key)), ReplyTo: p.s.Event.Message, Urgent: true})
}

// relay brings what the customer wrote to the people who have the ticket. It reports whether the bot has nothing to say to it.
func (p *planner) relay() bool {
	t := p.s.Ticket
	if t == nil || len(p.s.Work.Threads) == 0 {
		return false
	}
	e := p.s.Event
	p.post(p.front(*t).Relay(handoff.Said{Text: e.Body, Message: e.Message, Attachments: e.Attachments, At: p.s.Now}, e.Address)...)
	return t.Status == handoff.Claimed
}
