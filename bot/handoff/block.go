package handoff

import (
	"strconv"
	"strings"
	"time"

	"faqbot/bot/channel"
)

// blockedFor is how long a customer is kept from the desks.
const blockedFor = 30 * 24 * time.Hour

// Block keeps a customer's wishes for a person from the desks for a time. The bot goes on answering them.
type Block struct {
	Network channel.Network
	Person  channel.PersonID
	// Number is the ticket that it was for, by which it is lifted.
	Number int64
	// Until is its end; zero lifts it.
	Until time.Time
	By    string
}

// block closes a ticket as spam and keeps its customer from the desks.
func (p *planner) block() {
	t := p.ticket
	b := Block{Network: t.Customer.Address.Network, Person: t.Customer.Person.ID, Number: t.Number, Until: p.Now.Add(blockedFor), By: oneLine(p.Staff.Called())}
	p.change.Block = &b
	if t.Status == Closed {
		t.Outcome = Spam // so that what they write does not open it again
		p.refresh()
		p.keep()
	} else {
		p.end(Spam)
	}
	p.here("desk_blocked", map[string]any{"Name": p.board().customer(), "Until": clock(b.Until, p.Zone), "Number": t.Number})
}

// unblock lets a customer reach the desks again: that of the ticket with a number, or of this one.
func (p *planner) unblock(number string) {
	found := p.Found.Block
	if found == nil {
		p.here("desk_unblock_which", map[string]any{"Number": clip(oneLine(number), maxName)})
		return
	}
	lifted := *found
	lifted.Until = time.Time{}
	p.change.Block = &lifted
	p.here("desk_unblocked", map[string]any{"Number": lifted.Number})
}

// NumberOf is the ticket number that somebody wrote; 0 where it is none.
func NumberOf(text string) int64 {
	n, err := strconv.ParseInt(strings.TrimPrefix(strings.TrimSpace(text), "#"), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}
