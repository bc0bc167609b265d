package insight

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"faqbot/faq"
)

// Tally is what one turn of a customer adds to what the figures know of a conversation. It is written with the turn, or not at all.
type Tally struct {
	// Conversation is the ID of the conversation, Ticket that of the ticket which it came to with this turn; empty where it came to none.
	Conversation, Ticket string
	// Person is the customer, see [PersonOf]. It is kept until it is known whether they come back ([ReturnWithin]), and no longer.
	Person   string
	Network  string
	Language faq.Language
	Started  time.Time
	// At is when the customer did something; zero where something else moved the conversation on.
	At time.Time
	Counts
	// Standing is what the turn leaves of what was asked; empty leaves what was before.
	Standing  Standing
	Confirmed bool
	// Late is true for a word about an earlier conversation, such as a button that is pressed the day after. It counts for that conversation while it
	// is the same person's and not settled.
	Late bool
}

// Counts add up over the turns of a conversation.
type Counts struct {
	// Questions are turns in which something was asked, typed or chosen from a list; FellBack those of them with a question that nothing fitted.
	Questions int `json:"questions,omitempty"`
	FellBack  int `json:"fell_back,omitempty"`
	// Met are turns in which something was asked and answered.
	Met int `json:"met,omitempty"`
	// Answers were given: several to one message, or later, where an entry was missing when it was asked. Rejected of them were said to be not what was meant.
	Answers  int `json:"answers,omitempty"`
	Rejected int `json:"rejected,omitempty"`
}

// Standing says what the last that was asked has come to.
type Standing string

const (
	// Met: it was answered, and nothing was said against that.
	Met Standing = "met"
	// Unmet: nothing fitted, the choice that was offered was not made, or what was given was refused.
	Unmet Standing = "unmet"
)

// Alias is the name under which figures know a conversation or a ticket: nobody can tell from it whose it was once what it names is deleted.
func Alias(id string) string {
	if id == "" {
		return ""
	}
	sum := sha256.Sum256([]byte("faqbot figures\x00" + id))
	return hex.EncodeToString(sum[:12])
}

const (
	// ReturnWithin is how long a customer may be away and still come back about the same matter. Who does not is silent.
	ReturnWithin = 7 * 24 * time.Hour
	// EndsAfter is how long a conversation may be quiet before it has ended.
	EndsAfter = 24 * time.Hour
)
