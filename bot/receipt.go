package bot

import (
	"time"

	"faqbot/bot/handoff"
)

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

// waits tells a customer who asks again for a person where they stand now: who waits is told their place and an honest time.
func (p *planner) waits(t *handoff.Ticket) string {
	p.turn.again = true
	args := Args{"Number": t.Number}
	now, later, ok := p.front(*t).AskedAgain()
	if !ok || len(handoff.Route(*t, p.s.Work.Desks)) == 0 {
		return p.voice.Say("ticket_already", args)
	}
	if now.Promise != t.Promise {
		*t = now
		p.turn.Ticket = t
		p.watch(p.look(*t))
		p.post(p.front(*t).Refresh()...)
	}
	key := "ticket_waits"
	if later {
		key = "ticket_waits_longer"
	}
	args["Place"], args["To"] = p.s.Work.Outlook.Ahead+1, p.when(t.Promise.Due, p.s.Now)
	text := p.voice.Say(key, args)
	if !p.policy.Hours.Open(p.s.Now) {
		text = p.voice.Say("team_away") + " " + text
	}
	return text
}

// when is a time as the customer reads it, on the clock of the business: without the day where that is the one of another time.
func (p *planner) when(t, beside time.Time) string { return p.whenIn(p.voice, t, beside) }

func (p *planner) whenIn(voice Voice, t, beside time.Time) string {
	return handoff.When(voice, t, beside, p.s.Now, p.policy.Location)
}

// tick looks after a promise that is about to lapse.
func (p *planner) tick() {
	if p.s.Ticket == nil {
		return
	}
	t := p.front(*p.s.Ticket).Tick()
	p.change(t.Change)
	if t.Say != "" {
		p.tellCustomer(t.Say, *t.Ticket)
	}
	p.watch(t.Next)
}

// look is when what was promised about a ticket is looked at next.
func (p *planner) look(t handoff.Ticket) time.Time { return t.Look(p.s.Now, p.policy.Hours) }

// watch sets when a promise is looked at; the zero time leaves that as it is.
func (p *planner) watch(at time.Time) {
	if !at.IsZero() {
		p.turn.Timers = append(p.turn.Timers, Timer{Kind: TimerPromise, Due: at})
	}
}
