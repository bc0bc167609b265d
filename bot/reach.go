package bot

import (
	"slices"

	"faqbot/bot/handoff"
)

// lookReached looks whether anybody can see the ticket by now. A card that waits its turn in a group which is shown others is not lost: more desks would
// only be shown the same ticket twice. Its customer hears once why it takes longer.
func (p *planner) lookReached() {
	t := *p.s.Ticket
	shown := p.hasThread(func(t handoff.Thread) bool { return t.State == handoff.Standing }) // a moment ago: the report of it comes next
	inLine := p.hasThread(func(t handoff.Thread) bool { return t.InLine })
	switch {
	case t.Reached, t.Status == handoff.Closed, !shown && !inLine:
		p.reachOver()
		return
	case !shown && !t.Delayed && t.Status == handoff.Open && t.Cause == handoff.Asked:
		t.Delayed = true
		p.turn.Ticket = &t
		p.tellCustomer("team_busy", t)
	}
	p.awaitReach(t)
}

func (p *planner) hasThread(is func(handoff.Thread) bool) bool {
	return slices.ContainsFunc(p.s.Work.Threads, is)
}
