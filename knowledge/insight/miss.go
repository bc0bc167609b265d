// Package insight keeps what could not be answered, so that answers and products can be improved.
package insight

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"faqbot/faq"
)

// Reason says why a question counts as unanswered.
type Reason string

const (
	// NothingFitted: no entry was near.
	NothingFitted Reason = "nothing_fitted"
	// Unsure: entries were offered, and none has been chosen.
	Unsure Reason = "unsure"
	// NoneOfThese: entries were offered and refused.
	NoneOfThese Reason = "none_of_these"
	// Rejected: an answer was given and was not what was meant.
	Rejected Reason = "rejected"
	// AskedPerson: a person was asked for.
	AskedPerson Reason = "asked_person"
	// PersonAnswered: a person answered it.
	PersonAnswered Reason = "person_answered"
	// Abandoned: nothing came of it, and the customer said no more.
	Abandoned Reason = "given_up"
)

// Miss is a question that was not answered, with its reason. One question of one person is one miss: a later reason replaces
// the earlier one under the same ID.
type Miss struct {
	ID string `json:"id"`
	// Gap is the group that it belongs to, and Part the part of that; 0 until it was looked at.
	Gap          GroupID `json:"-"`
	Part         int64   `json:"-"`
	Conversation string  `json:"conversation"`
	// Person tells people apart, see [PersonOf].
	Person string `json:"person"`
	// Utterance is what was asked, with personal data masked by a [Masker].
	Utterance  string       `json:"utterance"`
	Reason     Reason       `json:"reason"`
	Candidates []Candidate  `json:"candidates,omitempty"`
	Language   faq.Language `json:"language,omitempty"`
	Network    string       `json:"network"`
	Aftermath
	At time.Time `json:"at"`
}

// Aftermath is what came of a question afterwards.
type Aftermath struct {
	Ticket string `json:"ticket,omitempty"`
	// Outcome is what the ticket came to, Minutes the time that staff spent on it.
	Outcome string `json:"outcome,omitempty"`
	Minutes int    `json:"minutes,omitempty"`
	// Wants is true where the customer asked to be told.
	Wants bool `json:"wants,omitempty"`
	// Answered is set when the customer chose one of the candidates after all: the miss no longer counts.
	Answered bool `json:"answered,omitempty"`
}

// PersonOf is the same for one person on one network and does not show who it is: a hash of both.
func PersonOf(network, person string) string {
	sum := sha256.Sum256([]byte("faqbot person\x00" + network + "\x00" + person))
	return hex.EncodeToString(sum[:12])
}

// Candidate is an entry that was near, with the confidence it had then.
type Candidate struct {
	Entry      faq.EntryID `json:"entry"`
	Confidence float64     `json:"confidence"`
}
