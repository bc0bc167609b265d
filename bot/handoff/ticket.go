// Package handoff is what happens when a person is asked for: the ticket that is born of it and its life.
package handoff

import (
	"slices"
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
	Number       int64  `json:"number"`
	Conversation string `json:"conversation"`
	// Place is where the customer's newest conversation is found (bot.KeyOf), for it may be another one by now.
	Place    string       `json:"place,omitempty"`
	Customer Customer     `json:"customer"`
	Language faq.Language `json:"language,omitempty"`
	Matter
	Status   Status    `json:"status"`
	OpenedAt time.Time `json:"opened_at"`
	ClosedAt time.Time `json:"closed_at,omitzero"`
	Work
	Version int64 `json:"version"`
}

// Matter is what a ticket is about.
type Matter struct {
	Cause Cause `json:"cause"`
	// Question is what the customer wanted, in their words; empty where they asked for a person at once.
	Question string  `json:"question,omitempty"`
	Tried    []Tried `json:"tried,omitempty"`
	// Tags are those of the entries in Tried, and the areas that they are about.
	Tags []string `json:"tags,omitempty"`
	// Earlier are the customer's tickets that were closed last before this one was opened, newest first.
	Earlier []Earlier `json:"earlier,omitempty"`
}

// Work is what staff have done about a ticket.
type Work struct {
	Holding
	Waited
	Calling
	Ending
}

// Holding is who has a ticket.
type Holding struct {
	// Holder has the ticket, under the name that HolderName was when it was claimed; empty while nobody has.
	Holder     StaffID   `json:"holder,omitempty"`
	HolderName string    `json:"holder_name,omitempty"`
	ClaimedAt  time.Time `json:"claimed_at,omitzero"`
	// Until is when a ticket that was put off is taken up again; zero where it was not.
	Until time.Time `json:"until,omitzero"`
}

// Waited is what the customer waits for, and what they were told.
type Waited struct {
	// RepliedAt is when the customer first heard from a person.
	RepliedAt time.Time `json:"replied_at,omitzero"`
	// AskedAt is when the customer wrote what nobody has answered yet, after a first answer; zero while they wait for nothing.
	AskedAt time.Time `json:"asked_at,omitzero"`
	// Promise is what the customer was told of an answer; Broken counts those that were not kept, with those of Settle. Ahead and Present are how many waited before this one, and how
	// many people answered, when it was opened.
	Promise Promise `json:"promise,omitzero"`
	// Settle is by when staff said that the matter is settled. A reply does not keep it, closing the ticket does.
	Settle  Promise `json:"settle,omitzero"`
	Broken  int     `json:"broken,omitempty"`
	Ahead   int     `json:"ahead,omitempty"`
	Present int     `json:"present,omitempty"`
	// Pressing is true where the customer is upset or in a hurry.
	Pressing bool `json:"pressing,omitempty"`
	// Lost is true while nothing reaches the customer: they have blocked the bot, say.
	Lost bool `json:"lost,omitempty"`
}

// Calling is how far the ticket has come on its way to people.
type Calling struct {
	// Called is how many waves of desks were called, Reached whether one has shown the card.
	Called  int  `json:"called,omitempty"`
	Reached bool `json:"reached,omitempty"`
	// Unreached is true once the owner was told that no desk could be reached.
	Unreached bool `json:"unreached,omitempty"`
	// Tries is how often all desks have been called without any having shown it.
	Tries int `json:"tries,omitempty"`
	// Delayed is true once the customer was told that so much is to be shown to the team that it takes a while.
	Delayed bool `json:"delayed,omitempty"`
	// Transferred is true while another desk is to see it, of which the customer was told.
	Transferred bool `json:"transferred,omitempty"`
}

// Ending is what the ticket came to.
type Ending struct {
	Outcome Outcome `json:"outcome,omitempty"`
	// Taught is the entry that was drafted from it last.
	Taught faq.EntryID `json:"taught,omitempty"`
	// Rating is what the customer gave, 1–5, and Word what they said with it; 0 is nothing.
	Rating int    `json:"rating,omitempty"`
	Word   string `json:"word,omitempty"`
	// Reopened counts how often it was opened again.
	Reopened int `json:"reopened,omitempty"`
	// Worked is the time that staff spent on it, as far as it can be seen, and WorkedAt when they did something last.
	Worked   time.Duration `json:"worked,omitempty"`
	WorkedAt time.Time     `json:"worked_at,omitzero"`
}

// longestStep is how long something that staff did may have taken: what lies further back was a pause.
const longestStep = 5 * time.Minute

// spend adds the time that staff spent until now: since they did something last, or since the customer wrote what they answer.
func (t *Ticket) spend(now time.Time) {
	since := later(t.WorkedAt, t.ClaimedAt)
	step := time.Minute
	if !since.IsZero() {
		step = min(max(now.Sub(since), 0), longestStep)
	}
	t.Worked, t.WorkedAt = t.Worked+step, now
}

// Minutes are those that staff spent on it, rounded up.
func (t Ticket) Minutes() int { return int((t.Worked + time.Minute - 1) / time.Minute) }

// ReopenWithin is how long after its end a ticket is opened again rather than another one opened.
const ReopenWithin = 3 * 24 * time.Hour

// Free leaves the ticket to whoever takes it.
func (t *Ticket) Free() {
	t.Status, t.Holding = Open, Holding{}
}

// Reopens says whether a customer who writes again continues this ticket.
func (t Ticket) Reopens(now time.Time) bool {
	return t.Status == Closed && now.Sub(t.ClosedAt) < ReopenWithin && t.Outcome != Spam && t.Outcome != TakenBack
}

// Outcome says what a ticket came to.
type Outcome string

const (
	Solved    Outcome = "solved"   // by an entry that exists
	NeedsText Outcome = "needs"    // an entry is missing
	Product   Outcome = "product"  // a problem of the product
	Feature   Outcome = "feature"  // something that the product lacks
	Price     Outcome = "price"    // the price
	Delivery  Outcome = "delivery" // the delivery
	Unclear   Outcome = "unclear"  // an entry's text is unclear
	Spam      Outcome = "spam"
	TakenBack Outcome = "taken_back" // by the customer
	Told      Outcome = "told"       // an entry answers a kept question by now, and the customer was told
	Other     Outcome = "other"
)

// Customer is who waits, and where to answer them.
type Customer struct {
	Person  channel.Person  `json:"person"`
	Address channel.Address `json:"address"`
}

// Try adds an entry that the bot offered to what the ticket is about. What is said of the entry is left out where it is not served any more: nil.
func (m *Matter) Try(id faq.EntryID, confidence float64, entry *faq.Entry) {
	tried := Tried{Entry: id, Confidence: confidence}
	if entry != nil {
		tried.Question = entry.Question
		for _, tag := range append(slices.Clone(entry.Tags), entry.Area) {
			if tag != "" && !slices.Contains(m.Tags, tag) {
				m.Tags = append(m.Tags, tag)
			}
		}
	}
	m.Tried = append(m.Tried, tried)
}

// Tried is an entry that the bot offered before the handoff.
type Tried struct {
	Entry faq.EntryID `json:"entry"`
	// Question is the entry's.
	Question   string  `json:"question,omitempty"`
	Confidence float64 `json:"confidence"`
}
