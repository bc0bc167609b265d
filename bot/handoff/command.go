package handoff

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"faqbot/bot/channel"
)

// commands are those of staff, by name; needs says which of them are about a ticket.
var commands = map[string]struct {
	needs bool
	do    func(p *planner, rest string)
}{
	"claim":      {true, func(p *planner, rest string) { p.wantClaim(rest) }},
	"release":    {true, func(p *planner, _ string) { p.release() }},
	"close":      {true, func(p *planner, rest string) { p.wantClose(rest) }},
	"reopen":     {true, func(p *planner, _ string) { p.reopen() }},
	"transcript": {true, func(p *planner, _ string) { p.transcript() }},
	"snooze":     {true, func(p *planner, rest string) { p.snooze(rest) }},
	"promise":    {true, func(p *planner, rest string) { p.promise(rest) }},
	"teach":      {true, func(p *planner, rest string) { p.teach(rest) }},
	"insert":     {true, func(p *planner, rest string) { p.insert(rest) }},
	"note":       {true, func(p *planner, rest string) { p.note(rest) }},
	"find":       {false, func(p *planner, rest string) { p.find(rest) }},
	"transfer":   {true, func(p *planner, rest string) { p.transfer(rest) }},
	"spam":       {true, func(p *planner, _ string) { p.end(Spam) }},
	"block":      {true, func(p *planner, _ string) { p.block() }},
	"unblock":    {false, func(p *planner, rest string) { p.unblock(rest) }},
	"say":        {true, func(p *planner, rest string) { p.say(rest) }},
	"save":       {false, func(p *planner, rest string) { p.save(rest) }},
	"unsave":     {false, func(p *planner, rest string) { p.unsave(rest) }},
	"saved":      {false, func(p *planner, _ string) { p.saved() }},
	"assign":     {true, func(p *planner, rest string) { p.assign(rest) }},
	"mine":       {false, func(p *planner, _ string) { p.mine() }},
	"queue":      {false, func(p *planner, _ string) { p.queue() }},
	"name":       {false, func(p *planner, rest string) { p.name(rest) }},
	"me":         {false, func(p *planner, _ string) { p.senior() }},
	"away":       {false, func(p *planner, _ string) { p.away() }},
	"back":       {false, func(p *planner, _ string) { p.here("desk_back", nil) }},
	"help":       {false, func(p *planner, _ string) { p.show(channel.Parse(p.Voice.Say("desk_help"))) }},
}

// IsCommand says whether staff can say so at a desk.
func IsCommand(name string) bool { _, ok := commands[name]; return ok }

func (p *planner) command(name, rest string) {
	c, ok := commands[name]
	switch {
	case !ok:
		p.here("desk_unknown", map[string]any{"Command": oneLine(name)})
	case c.needs && p.ticket == nil:
		p.here("desk_no_ticket", nil)
	case c.needs && p.gone():
	default:
		c.do(p, strings.TrimSpace(rest))
	}
}

// wantClaim takes a ticket that nobody has, or says who has it. Who has as many as one person is to have takes one more only where they say so.
func (p *planner) wantClaim(rest string) {
	_, meant := cutAnyway(rest)
	switch {
	case p.ticket.Status == Closed:
		p.here("desk_is_closed", nil)
	case p.ticket.Holder == p.Staff.ID && p.ticket.Status == Claimed:
		p.here("desk_yours", nil)
	case p.ticket.Holder != "" && p.ticket.Holder != p.Staff.ID:
		p.here("desk_taken", map[string]any{"Name": oneLine(p.ticket.HolderName)})
	case !meant && p.ticket.Holder == "" && p.tooMuch(p.Staff):
	default:
		p.claim()
		p.here("desk_claimed", map[string]any{"Name": oneLine(p.Staff.Called())})
		p.keep()
	}
}

func (p *planner) claim() {
	p.hold(p.Staff)
	p.customer("person_here", map[string]any{"Name": oneLine(p.Staff.Called())})
	p.refresh()
	p.titles()
	p.elsewhere("desk_claimed", map[string]any{"Name": oneLine(p.Staff.Called())})
}

func (p *planner) titles() {
	p.post(p.board().titles(p.Threads)...)
}

// release gives a ticket back to the queue.
func (p *planner) release() {
	if p.ticket.Status != Claimed && p.ticket.Status != Waiting {
		p.here("desk_nobody", nil)
		return
	}
	name := p.ticket.HolderName
	p.free()
	p.customer("person_left", map[string]any{"Number": p.ticket.Number})
	p.refresh()
	p.titles()
	p.here("desk_released", map[string]any{"Name": oneLine(name)})
	p.elsewhere("desk_released", map[string]any{"Name": oneLine(name)})
	p.keep()
}

// free leaves a ticket to whoever takes it.
func (p *planner) free() {
	t := p.ticket
	if !t.Promise.Pending() && t.AskedAt.IsZero() { // they were told that somebody else comes
		t.AskedAt = p.Now
	}
	t.Free()
}

func (p *planner) wantClose(outcome string) {
	if outcome == "" {
		p.askOutcome()
		return
	}
	p.end(Outcome(strings.ToLower(outcome)))
}

func (p *planner) askOutcome() {
	if p.ticket.Status == Closed {
		p.here("desk_is_closed", nil)
		return
	}
	p.here("desk_which_outcome", nil, p.board().outcomes()...)
}

// end closes a ticket with what it came to.
func (p *planner) end(outcome Outcome) {
	known := slices.ContainsFunc(p.board().outcomes(), func(b Button) bool { return b.Value == string(outcome) })
	switch {
	case !known:
		p.here("desk_which_outcome", nil, p.board().outcomes()...)
		return
	case p.ticket.Status == Closed:
		p.here("desk_is_closed", nil)
		return
	}
	p.ticket.Status, p.ticket.Outcome, p.ticket.ClosedAt, p.ticket.Until = Closed, outcome, p.Now, time.Time{}
	p.ticket.AskedAt = time.Time{}
	p.ticket.kept(&p.ticket.Promise, p.Now) // they hear from the team now, if only that it is settled
	p.ticket.kept(&p.ticket.Settle, p.Now)
	if outcome != Spam {
		p.customer("ticket_closed", map[string]any{"Number": p.ticket.Number})
	}
	if outcome != Spam && !p.ticket.RepliedAt.IsZero() {
		p.post(Post{Ticket: p.ticket.ID, Content: channel.Parse(p.Customer.Say("rate_ask")), Buttons: ratings()})
		p.change.Rating = true
	}
	p.refresh()
	p.here("desk_ended", map[string]any{"Name": oneLine(p.Staff.Called())})
	p.elsewhere("desk_ended", map[string]any{"Name": oneLine(p.Staff.Called())})
	p.post(p.board().close(p.Threads)...)
	p.keep()
}

// ratings are the buttons by which a customer says what the help was worth.
func ratings() []Button {
	var out []Button
	for n := 1; n <= 5; n++ {
		out = append(out, Button{Label: strconv.Itoa(n) + " " + strings.Repeat("★", n), Press: PressRate, Value: strconv.Itoa(n)})
	}
	return out
}

// reopen undoes a close, by mistake or because there is more.
func (p *planner) reopen() {
	if p.ticket.Status != Closed {
		p.here("desk_is_open", nil)
		return
	}
	if p.Found.Beside > 0 { // a customer has one at a time
		p.here("desk_reopen_beside", map[string]any{"Number": p.Found.Beside})
		return
	}
	p.ticket.Outcome, p.ticket.ClosedAt, p.ticket.Settle = "", time.Time{}, p.ticket.Settle.Again(p.Now)
	p.hold(p.Staff)
	p.post(p.board().acts(p.Threads, ReopensThread)...)
	p.customer("person_here", map[string]any{"Name": oneLine(p.Staff.Called())})
	p.refresh()
	p.here("desk_claimed", map[string]any{"Name": oneLine(p.Staff.Called())}) // a command waits for its answer where it was given
	p.elsewhere("desk_claimed", map[string]any{"Name": oneLine(p.Staff.Called())})
	p.keep()
}

func (p *planner) transcript() {
	doc := p.board().transcript(len(p.Lines))
	if len(doc) == 0 {
		p.here("desk_no_lines", nil)
		return
	}
	p.show(doc)
}

// maxName is in characters.
const maxName = 40

func (p *planner) name(name string) {
	if name = clip(oneLine(name), maxName); name == "" {
		p.here("desk_name_which", map[string]any{"Name": oneLine(p.Staff.Called())})
		return
	}
	p.Staff.Name = name
	p.enlist()
	p.here("desk_named", map[string]any{"Name": name})
}

// senior is who is called where a ticket is in trouble.
func (p *planner) senior() {
	p.Staff.Senior = !p.Staff.Senior
	p.enlist()
	key := "desk_not_senior"
	if p.Staff.Senior {
		key = "desk_senior"
	}
	p.here(key, map[string]any{"Name": oneLine(p.Staff.Called())})
}

func (p *planner) away() {
	p.Staff.Away = true
	p.enlist()
	p.here("desk_away", nil)
}
