package handoff

import (
	"fmt"
	"time"

	"faqbot/bot/channel"
)

// EarlierShown is how many earlier tickets of a customer a ticket knows of.
const EarlierShown = 3

// Earlier is a ticket of the same customer that was closed before this one was opened.
type Earlier struct {
	Number int64 `json:"number"`
	// Question is the beginning of what they wanted, in one line.
	Question string    `json:"question,omitempty"`
	Outcome  Outcome   `json:"outcome,omitempty"`
	ClosedAt time.Time `json:"closed_at,omitzero"`
}

// EarlierOf is a closed ticket as later ones know it.
func EarlierOf(t Ticket) Earlier {
	return Earlier{Number: t.Number, Question: clip(oneLine(t.Question), cardLine), Outcome: t.Outcome, ClosedAt: t.ClosedAt}
}

// earlier shows what the customer came with before: who takes the ticket need not ask.
func (b board) earlier() channel.Block {
	list := channel.Block{Kind: channel.List}
	for _, e := range b.ticket.Earlier[:min(EarlierShown, len(b.ticket.Earlier))] {
		line := strong(fmt.Sprintf("#%d", e.Number)).plain(" · " + day(e.ClosedAt, b.zone) + " · " + b.voice.Say("desk_outcome_"+string(e.Outcome)))
		if e.Question != "" {
			line = line.plain(" · " + defused(clip(oneLine(e.Question), cardLine)))
		}
		list.Items = append(list.Items, channel.Document{line.paragraph()})
	}
	return list
}

// day is a date as staff read it, on the calendar of the business.
func day(t time.Time, zone *time.Location) string {
	if zone == nil {
		zone = time.UTC
	}
	return t.In(zone).Format(time.DateOnly)
}
