package bot

import "faqbot/bot/handoff"

// wake ends a snooze that is over: its holder is reminded.
func (p *planner) wake(ticket string) {
	if t := p.s.Ticket; t != nil && string(t.ID) == ticket && t.Due(p.s.Now) {
		p.change(p.front(*t).Wake("desk_woken"))
	}
}

// interrupt ends a snooze because the customer has written.
func (p *planner) interrupt() {
	if t := p.s.Ticket; t.Status == handoff.Waiting {
		p.change(p.front(*t).Wake("desk_interrupted"))
		p.clocks()
	}
}

// clocks sets the timers of a ticket anew where staff changed what they are for.
func (p *planner) clocks() {
	before, after := p.s.Ticket, p.turn.Ticket
	if before == nil || after == nil || p.turn.Conversation.ID == "" {
		return
	}
	if !before.Until.Equal(after.Until) {
		p.turn.Timers = append(p.turn.Timers, Timer{Kind: TimerSnooze, Due: after.Until, Body: string(after.ID)})
	}
	if before.Reached && !after.Reached {
		p.awaitReach(*after)
	}
	if at := p.look(*after); !at.Equal(p.look(*before)) {
		p.watch(at)
	}
}
