package bot

import (
	"slices"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/knowledge/insight"
)

// tally adds up what the turn means for the figures. While everything is forgotten nothing is counted.
func (p *planner) tally() {
	if p.turn.Erase {
		return
	}
	c := p.turn.Conversation
	own := insight.Tally{
		Conversation: string(c.ID), Ticket: string(p.handedOff()), Person: p.person(), Network: string(c.Address.Network), Language: c.State.Language,
		Started: c.OpenedAt,
	}
	if p.s.Event.Kind != channel.Due || p.came(Told) { // with an answer, the wait for what is said of it begins anew
		own.At = p.s.Now
	}
	said := own
	add(&said, p.turn.Outcomes)
	if p.toldLast() {
		said.Standing = insight.Met
	}
	a := p.s.Action
	if a == nil || a.Conversation == c.ID || a.Conversation == "" {
		p.turn.Tallies = []insight.Tally{said}
		return
	}
	late := insight.Tally{Conversation: string(a.Conversation), Person: own.Person, Network: own.Network, At: own.At, Late: true}
	switch a.Kind {
	case ActHelped, ActNotMeant, ActNone: // of what was asked there
		late.Counts, late.Standing, late.Confirmed = said.Counts, said.Standing, said.Confirmed
		said = own
	case ActPerson: // for what was asked there
		late.Ticket = own.Ticket
	}
	p.turn.Tallies = []insight.Tally{said, late}
}

// add counts what a turn came to. What stands at its end is the last thing, but that one question of several found no answer weighs more.
func add(t *insight.Tally, outcomes []Outcome) {
	unmet := false
	for _, o := range outcomes {
		switch o.Kind {
		case Answered:
			t.Answers++
			t.Questions, t.Met, t.Standing = 1, 1, insight.Met
		case Told:
			t.Answers++
		case Clarified:
			t.Questions, unmet = 1, true
		case FellBack:
			t.Questions, t.FellBack, unmet = 1, 1, true
		case Helped:
			t.Standing, t.Confirmed = insight.Met, true
		case NotMeant:
			t.Rejected++
			t.Standing = insight.Unmet
		case Refused:
			t.Standing = insight.Unmet
		}
	}
	if unmet {
		t.Standing = insight.Unmet
	}
}

// came says whether the turn came to something.
func (p *planner) came(kind OutcomeKind) bool {
	return slices.ContainsFunc(p.turn.Outcomes, func(o Outcome) bool { return o.Kind == kind })
}

// handedOff is the ticket that the conversation comes to with this turn: one that was opened, or opened again, or one of before about which the
// customer writes to the team. Empty is none.
func (p *planner) handedOff() handoff.TicketID {
	if t := p.turn.Ticket; t != nil && t.Status != handoff.Closed && (t.Version == 0 || p.came(HandedOff)) {
		return t.ID
	}
	silent := p.s.Event.Kind == channel.Text && len(p.turn.Outcomes) == 0 && len(p.turn.Conversation.State.Collecting) == 0
	if t := p.s.Ticket; t != nil && (silent || p.came(Noted)) {
		return t.ID
	}
	return ""
}
