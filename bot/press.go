package bot

import (
	"cmp"
	"slices"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/faq"
	"faqbot/knowledge/eval"
	"faqbot/knowledge/insight"
)

// press acts on a button.
func (p *planner) press(a *Action) {
	if a == nil {
		p.say(p.voice.Say("lapsed"), p.personButton(Asked{}))
		return
	}
	switch a.Kind {
	case ActHelped:
		p.helped(a.Asked)
	case ActNotMeant:
		p.notMeant(a.Asked)
	case ActNone:
		p.noneOfThese(a.Asked)
	case ActShow:
		p.show(a)
	case ActPerson:
		p.wantPerson(a.Asked)
	case ActKeep:
		p.keep(a.Asked)
	case ActTakeBack:
		p.takeBack()
	case ActRate:
		p.rate(a.Value)
	case ActLanguage:
		p.setLanguage(faq.Language(a.Value))
	case ActForget:
		p.forget()
	case ActCancel:
		p.say(p.voice.Say("forget_kept"))
	}
}

func (p *planner) helped(asked Asked) {
	p.outcome(Helped, asked.Entry, 0)
	p.judge(asked, asked.Entry, eval.Right)
	p.turn.Conversation.State.Misses = 0
	if asked.Miss != "" {
		m := p.miss(asked, insight.Unsure)
		m.Answered = true
		p.turn.Misses = append(p.turn.Misses, m)
	}
	p.turn.Conversation.State.Asked = Asked{} // it is settled: what comes next is another matter
	p.say(p.voice.Say("helped"))
	p.turn.Conversation.State.Pending = WhetherMore
}

// show answers with the entry that was chosen; the question it was offered for counts as answered.
func (p *planner) show(a *Action) {
	if p.r.Shown == nil {
		p.say(p.voice.Say("lapsed"), p.personButton(a.Asked))
		return
	}
	asked := a.Asked
	if asked.Utterance == "" {
		asked.Utterance = p.r.Shown.QuestionIn(p.language())
	}
	asked.At = p.s.Now
	if asked.Miss != "" {
		m := p.miss(asked, insight.Unsure)
		m.Answered = true
		p.turn.Misses = append(p.turn.Misses, m)
	}
	p.judge(asked, p.r.Shown.ID, eval.Chosen)
	p.line(Line{Text: p.r.Shown.QuestionIn(p.language())})
	p.answer(p.r.Shown, asked, 1)
}

// notMeant offers the next best entries, then a person.
func (p *planner) notMeant(asked Asked) {
	if asked.Entry != "" {
		p.judge(asked, asked.Entry, eval.Wrong)
		asked.Refused = append(without(asked.Refused, asked.Entry), asked.Entry)
	}
	before := p.turn.Conversation.State.Asked
	again := asked.Entry != "" && before.At.Equal(asked.At) && slices.Contains(before.Refused, asked.Entry)
	asked.Entry, asked.Offered = "", false
	p.missed(&asked, insight.Rejected)
	if !again { // an answer is refused once, however often the button is pressed
		p.outcome(NotMeant, last(asked.Refused), 0)
	}
	var entries []*faq.Entry
	for _, c := range asked.Candidates {
		if e := p.r.Others[c.Entry]; e != nil && !slices.Contains(asked.Refused, c.Entry) && len(entries) < 3 {
			entries = append(entries, e)
		}
	}
	if len(entries) == 0 || p.turn.Conversation.State.Misses >= missesToOffer {
		p.noAnswer(p.voice.Say("nothing_else"), asked)
	} else {
		p.offer(p.voice.Say("not_meant"), entries, &asked)
	}
	p.turn.Conversation.State.Asked = asked
}

func last(ids []faq.EntryID) faq.EntryID {
	if len(ids) == 0 {
		return ""
	}
	return ids[len(ids)-1]
}

func (p *planner) noneOfThese(asked Asked) {
	for _, id := range asked.Listed { // the near ones that were not shown are not what was refused
		p.judge(asked, id, eval.Wrong)
	}
	for _, c := range asked.Candidates {
		if !slices.Contains(asked.Refused, c.Entry) {
			asked.Refused = append(slices.Clone(asked.Refused), c.Entry)
		}
	}
	asked.Offered = false
	p.missed(&asked, insight.NoneOfThese)
	p.outcome(Refused, "", 0)
	if p.s.Ticket != nil {
		p.addToTicket()
	} else {
		p.noAnswer(p.voice.Say("fallback"), asked)
	}
	p.turn.Conversation.State.Asked = asked
}

// wantPerson opens a ticket, or says that there is one. The customer is told what is true: the question is kept, nobody was called yet.
func (p *planner) wantPerson(asked Asked) {
	if p.s.Blocked && p.s.Ticket == nil {
		p.say(p.voice.Say("team_unavailable"))
		return
	}
	if link, ok := p.privateLink(asked); ok {
		p.say(p.voice.Say("in_private"), link)
		return
	}
	if !p.recentlyAsked(asked) {
		asked = Asked{}
	}
	if t := p.s.Ticket; t != nil {
		p.wantPersonAgain(*t)
		return
	}
	if p.s.Lately != nil && p.s.Lately.Reopens(p.s.Now) {
		p.continueTicket()
		return
	}
	p.turn.Conversation.Profile.Greeted = true // what a receipt says is introduction enough
	p.outcome(HandedOff, asked.Entry, 0)
	t := p.openTicket(handoff.Asked, asked)
	text := p.receipt(t)
	p.moveToPrivate()
	p.say(text, p.takeBackButton())
	p.urgent()
	p.call()
}

// recentlyAsked says whether a question is still what a customer has in mind.
func (p *planner) recentlyAsked(asked Asked) bool {
	return asked.Utterance != "" && (asked.At.IsZero() || p.s.Now.Sub(asked.At) < quietDay)
}

// wantPersonAgain makes a kept question a wish for a person, or says that the wish is known.
func (p *planner) wantPersonAgain(t handoff.Ticket) {
	var text string
	if t.Cause == handoff.KeepQuestion {
		t.Cause, t.OpenedAt = handoff.Asked, p.s.Now // they wait from now on
		text = p.receipt(&t)
		p.turn.Ticket = &t
		p.post(p.front(t).Refresh()...)
		p.outcome(HandedOff, "", 0)
		p.watch(p.look(t))
	} else {
		text = p.waits(&t)
	}
	p.say(text, p.takeBackButton())
	p.urgent()
}

// keep stores the question for the team without a wish for a person.
func (p *planner) keep(asked Asked) {
	if t := p.s.Ticket; t != nil {
		if p.missed(&asked, wasMissed(asked)); asked.Miss != "" {
			p.turn.Misses[len(p.turn.Misses)-1].Wants = true
			p.turn.Conversation.State.Asked = asked
		}
		p.say(p.voice.Say("ticket_noted", Args{"Number": t.Number}))
		return
	}
	if p.s.Blocked {
		p.say(p.voice.Say("team_unavailable"))
		return
	}
	t := p.openTicket(handoff.KeepQuestion, asked)
	if n := len(p.turn.Misses); n > 0 {
		p.turn.Misses[n-1].Wants = true
	}
	p.say(p.voice.Say("kept", Args{"Number": t.Number}), p.takeBackButton())
	p.urgent()
	p.call()
}

// wasMissed is why a question that is kept was not answered: that it is kept is no reason.
func wasMissed(asked Asked) insight.Reason {
	return cmp.Or(asked.Reason, insight.AskedPerson)
}

// worthTelling is the confidence from which staff are told of what the bot had.
const worthTelling = 0.05

func (p *planner) openTicket(cause handoff.Cause, asked Asked) *handoff.Ticket {
	c := p.turn.Conversation
	address, place := c.Address, c.Key
	if p.s.Private != nil && !c.Address.Private {
		address = *p.s.Private
		place = KeyOf(channel.Event{Address: address, From: c.Customer})
	}
	t := &handoff.Ticket{
		ID: handoff.TicketID(p.name()), Number: p.s.Fresh.Number, Conversation: string(c.ID), Place: place,
		Customer: handoff.Customer{Person: c.Customer, Address: address}, Language: p.language(),
		Matter: handoff.Matter{Cause: cause, Question: asked.Utterance, Earlier: p.s.Work.Earlier}, Status: handoff.Open, OpenedAt: p.s.Now,
	}
	t.Pressing = p.r.Upset || p.r.Urgent
	for _, c := range asked.Candidates {
		if c.Confidence >= worthTelling {
			t.Try(c.Entry, c.Confidence, p.r.Others[c.Entry])
		}
	}
	if asked.Utterance != "" && (cause == handoff.Asked || asked.Miss != "") {
		reason := insight.AskedPerson
		if cause == handoff.KeepQuestion {
			reason = wasMissed(asked)
		}
		p.missed(&asked, reason)
		p.turn.Misses[len(p.turn.Misses)-1].Ticket = string(t.ID)
		p.turn.Conversation.State.Asked = asked
	}
	p.turn.Ticket = t
	return t
}

// urgent sends what the turn says before everything that waits: a receipt does not queue.
func (p *planner) urgent() {
	for i := range p.turn.Messages {
		p.turn.Messages[i].Urgent = true
	}
}

func (p *planner) takeBackButton() channel.Button {
	return p.button(p.voice.Say("button_take_back"), Action{Kind: ActTakeBack})
}

func (p *planner) takeBack() {
	if p.s.Ticket == nil {
		p.say(p.voice.Say("already_chosen"))
		return
	}
	t := *p.s.Ticket
	t.Status, t.ClosedAt, t.Outcome = handoff.Closed, p.s.Now, handoff.TakenBack
	p.turn.Ticket = &t
	p.post(p.front(t).TakenBack()...)
	p.outcome(TookBack, "", 0)
	p.say(p.voice.Say("ticket_taken_back", Args{"Number": t.Number}))
}

// privateLink is a button into the private chat, for networks where the bot may not write first: the token carries the question over.
func (p *planner) privateLink(asked Asked) (channel.Button, bool) {
	if p.turn.Conversation.Address.Private || p.s.StartLink == nil {
		return channel.Button{}, false
	}
	b := p.button(p.voice.Say("button_private"), Action{Kind: ActPerson, Asked: asked})
	link := p.s.StartLink(b.Action)
	return channel.Button{Label: b.Label, URL: link}, link != "" // it is empty while the network has not said who the bot is
}

// moveToPrivate says in the group that the rest is written privately, and goes there.
func (p *planner) moveToPrivate() {
	if p.s.Private == nil || p.turn.Conversation.Address.Private {
		return
	}
	p.say(p.voice.Say("written_privately"))
	p.s.Event.Ticket, p.s.Event.Message = nil, ""
	p.redirect = p.s.Private
}
