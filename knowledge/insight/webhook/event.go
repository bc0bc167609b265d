// Package webhook tells other programs of what happened, as signed HTTP requests.
//
// Delivery is at least once: an event is sent until its receiver answers with a 2xx status, each time with the same ID, so that a receiver
// which remembers IDs acts once. The order is nearly kept and not promised: of what goes to one receiver one request is under way at a time,
// oldest first, and what was refused comes again later, while newer events go ahead.
package webhook

import (
	"encoding/json"
	"time"
)

// EventID names an event for ever. It is the same in every attempt and for every receiver.
type EventID string

// Kind says what an event tells of.
type Kind string

const (
	// GapOpened: a group of unanswered questions is new. Its data is a [Gap], as that of the other three.
	GapOpened Kind = "gap.opened"
	// GapRising: more people ask it than in the weeks before.
	GapRising Kind = "gap.rising"
	// GapAnswered: an entry answers it now.
	GapAnswered Kind = "gap.answered"
	// GapReopened: it was answered, and is asked again.
	GapReopened Kind = "gap.reopened"
	// TicketClosed: staff or the customer ended a ticket. Its data is a [Ticket].
	TicketClosed Kind = "ticket.closed"
	// TicketRated: the customer said what a closed ticket was worth, or changed their mind. Its data is a [Ticket].
	TicketRated Kind = "ticket.rated"
)

// Kinds are all of them, in the order in which people read them.
var Kinds = []Kind{GapOpened, GapRising, GapAnswered, GapReopened, TicketClosed, TicketRated}

// Event is something that happened. As JSON it is the body of a request.
type Event struct {
	ID   EventID   `json:"id"`
	Kind Kind      `json:"kind"`
	At   time.Time `json:"at"`
	// Data is an object whose fields follow from the kind. No names, addresses or unmasked texts of customers are in it.
	Data json.RawMessage `json:"data"`
}

// Gap is a group of questions that nothing answered.
type Gap struct {
	ID string `json:"id"`
	// Title is one of the real questions, with personal data masked.
	Title    string `json:"title"`
	Language string `json:"language,omitempty"`
	// Area is the product area, where somebody has set one.
	Area   string `json:"area,omitempty"`
	Status string `json:"status"`
	// People counts each person once, Questions every question.
	People    int `json:"people"`
	Questions int `json:"questions"`
	// ThisWeek and WeekBefore are the people of the last seven days and of the seven before.
	ThisWeek   int `json:"this_week"`
	WeekBefore int `json:"week_before"`
	// Entry is what answers it, in gap.answered and gap.reopened.
	Entry     string    `json:"entry,omitempty"`
	FirstSeen time.Time `json:"first_seen"`
	LastSeen  time.Time `json:"last_seen"`
}

// Ticket is what became of a customer's question to the team. It names neither the customer nor who answered, and quotes nobody.
type Ticket struct {
	Number   int64     `json:"number"`
	Outcome  string    `json:"outcome"`
	Language string    `json:"language,omitempty"`
	Network  string    `json:"network"`
	OpenedAt time.Time `json:"opened_at"`
	// ClaimedAt is when the one who had it last took it; it is left out where nobody did.
	ClaimedAt time.Time `json:"claimed_at,omitzero"`
	ClosedAt  time.Time `json:"closed_at"`
	// FirstReplySeconds is how long the customer waited for a person; it is left out where none answered.
	FirstReplySeconds *int64 `json:"first_reply_seconds,omitempty"`
	// Reopened counts how often it was opened again; the times are those since then.
	Reopened int `json:"reopened,omitempty"`
	// Rating is 1 to 5; it is left out until the customer gives one, which is mostly after the end.
	Rating int `json:"rating,omitempty"`
}
