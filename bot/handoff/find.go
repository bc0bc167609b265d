package handoff

import (
	"strconv"
	"strings"

	"faqbot/faq"
)

// Found is what was looked up for a command of staff.
type Found struct {
	// Queue are tickets that are not closed.
	Queue []Ticket
	// Entries are what the FAQ has for some words, best first, or the one that is to be sent.
	Entries []Served
	// Tickets are those that were searched for, newest first.
	Tickets []Ticket
	// Saved are the replies that staff keep.
	Saved []Saved
	// Block is the one that is to be lifted.
	Block *Block
	// Beside is the number of another ticket of the same customer that is open; 0 where there is none.
	Beside int64
}

// FindShown is how many tickets a search shows.
const FindShown = 10

// Matches says whether a ticket is what was searched for: all words stand in the customer's name or in the question, or are its number.
func (t Ticket) Matches(words string) bool {
	text := faq.Fold(strings.Join([]string{t.Customer.Person.Name, t.Customer.Person.Username, t.Question}, " "))
	wanted := strings.Fields(words)
	for _, w := range wanted {
		if strings.TrimPrefix(w, "#") == strconv.FormatInt(t.Number, 10) {
			continue
		}
		if folded := faq.Fold(w); folded == "" || !strings.Contains(text, folded) {
			return false
		}
	}
	return len(wanted) > 0
}

// find lists the tickets that were searched for, open and closed ones.
func (p *planner) find(words string) {
	if words == "" {
		p.here("desk_find_what", nil)
		return
	}
	p.list(p.Found.Tickets, "desk_find_none")
}

// note keeps for staff alone what is written, as "//" does.
func (p *planner) note(text string) {
	if text == "" {
		p.here("desk_note_what", nil)
		return
	}
	p.said(text, true)
}
