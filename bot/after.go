package bot

import (
	"slices"
	"strconv"

	"faqbot/bot/handoff"
	"faqbot/knowledge"
)

// rate keeps what the customer thought of the help of a person, and asks for a word; a later one takes its place.
func (p *planner) rate(stars string) {
	n, err := strconv.Atoi(stars)
	if p.s.Lately == nil || err != nil || n < 1 || n > 5 {
		p.say(p.voice.Say("lapsed"), p.personButton(Asked{}))
		return
	}
	t := *p.s.Lately
	t.Rating = n
	p.turn.Ticket = &t
	p.post(p.front(t).Rated()...)
	p.say(p.voice.Say("rate_thanks"))
	p.turn.Conversation.State.Pending = WhyWorth
}

// isWord says whether a message is what the customer adds to a rating, and no question that can be answered.
func (p *planner) isWord() bool {
	if p.s.Lately == nil || p.s.Lately.Rating == 0 || p.r.Move == WantsHelp {
		return false
	}
	for _, d := range p.r.Decisions {
		if d.Kind == knowledge.Answer {
			return false
		}
	}
	return true
}

func (p *planner) ratedWith(word string) {
	t := *p.s.Lately
	t.Word = word
	p.turn.Ticket = &t
	p.post(p.front(t).Rated()...)
	p.say(p.voice.Say("rate_word"))
}

// continueTicket opens the ticket again that was closed a short while ago: nobody has to say everything twice.
func (p *planner) continueTicket() {
	p.outcome(HandedOff, "", 0)
	c := p.front(*p.s.Lately).Reopen()
	p.change(c)
	text := p.receipt(p.turn.Ticket)
	p.say(text, p.takeBackButton())
	p.urgent()
	if !p.turn.Ticket.Reached {
		p.call()
	}
	p.watch(p.look(*p.turn.Ticket))
}

// answersClosed takes a reply to what was said in a ticket that is closed for what it is: the ticket goes on.
func (p *planner) answersClosed() bool {
	l := p.s.Lately
	if l == nil || !l.Reopens(p.s.Now) || !slices.ContainsFunc(p.s.Work.Replied, func(r handoff.Link) bool { return r.Ticket == l.ID }) {
		return false
	}
	p.resume()
	return true
}

// goesOn takes what nothing answers for more about a ticket that was closed a short while ago, where nothing else was spoken of since.
func (p *planner) goesOn() bool {
	l := p.s.Lately
	switch {
	case l == nil || !l.Reopens(p.s.Now) || p.s.Blocked || !p.s.Event.Address.SameChat(l.Customer.Address):
		return false
	case p.turn.Conversation.State.Asked.At.After(l.ClosedAt) || p.r.Move != NoMove && p.r.Move != Rejects:
		return false
	}
	for _, d := range p.r.Decisions {
		if d.Kind != knowledge.Fallback {
			return false
		}
	}
	p.resume()
	return true
}

// resume opens the ticket again with what the customer has just written.
func (p *planner) resume() {
	e := p.s.Event
	p.continueTicket()
	p.post(p.front(*p.turn.Ticket).Relay(handoff.Said{Text: e.Body, Message: e.Message, Attachments: e.Attachments, At: p.s.Now}, e.Address)...)
}
