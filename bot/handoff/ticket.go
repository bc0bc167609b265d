// Package handoff is what happens when a person is asked for: the ticket that is born of it and its life.
package handoff

import (
	"time"

	"faqbot/bot/channel"
	"faqbot/faq"
)

// TicketID names a ticket for ever.
type TicketID string

// Status says where a ticket stands.
type Status string

const (
	Open    Status = "open"
	Claimed Status = "claimed"
	Waiting Status = "waiting"
	Closed  Status = "closed"
)

// Cause says why a ticket was opened.
type Cause string

const (
	// Asked: the customer asked for a person.
	Asked Cause = "asked"
	// KeepQuestion: the customer asked that a question which nothing answers be kept.
	KeepQuestion Cause = "keep_question"
)

// Ticket is staff work born of a handoff. It is stored in the turn that opens it, with everything known, so that nobody
// has to repeat themselves.
type Ticket struct {
	ID TicketID `json:"id"`
	// Number is what people call it; numbers grow, gaps are allowed.
	Number       int64        `json:"number"`
	Conversation string       `json:"conversation"`
	Customer     Customer     `json:"customer"`
	Language     faq.Language `json:"language,omitempty"`
	Cause        Cause        `json:"cause"`
	// Question is what the customer wanted, in their words; empty where they asked for a person at once.
	Question string    `json:"question,omitempty"`
	Tried    []Tried   `json:"tried,omitempty"`
	Status   Status    `json:"status"`
	OpenedAt time.Time `json:"opened_at"`
	ClosedAt time.Time `json:"closed_at,omitzero"`
	Version  int64     `json:"version"`
}

// Customer is who waits, and where to answer them.
type Customer struct {
	Person  channel.Person  `json:"person"`
	Address channel.Address `json:"address"`
}

// Tried is an entry that the bot offered before the handoff.
type Tried struct {
	Entry      faq.EntryID `json:"entry"`
	Confidence float64     `json:"confidence"`
}
