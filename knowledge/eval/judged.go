package eval

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"faqbot/faq"
	"faqbot/knowledge"
)

// Context is what the reading of an utterance depends on besides its words.
type Context struct {
	// Language is the customer's own choice or the platform's locale; empty where there was neither.
	Language faq.Language `json:"language,omitempty"`
	// Network is where it was asked; entries may be served on some alone.
	Network string `json:"network,omitempty"`
	// Previous is the question before and Last the entry that answered it, where the utterance could not be read without.
	Previous string      `json:"previous,omitempty"`
	Last     faq.EntryID `json:"last,omitempty"`
}

// Question is what has to be asked to have an utterance decided as it was.
func (c Context) Question(utterance string) knowledge.Question {
	return knowledge.Question{Utterance: utterance, Language: c.Language, Channel: c.Network, Previous: c.Previous, Last: c.Last}
}

// Verdict says what is known of the answer to a question.
type Verdict string

const (
	// Right: the entry is what was asked.
	Right Verdict = "right"
	// Chosen: the customer picked the entry from several and has said no more. It is a weaker Right, which a "that helped" makes one and a "not
	// what I meant" makes Wrong.
	Chosen Verdict = "chosen"
	// Wrong: the entry is not what was asked; which one is remains open.
	Wrong Verdict = "wrong"
	// Nothing: no entry answers it. A customer cannot know that, so only staff and editors say so.
	Nothing Verdict = "nothing"
)

// Source says who gave a verdict.
type Source string

const (
	Customer Source = "customer"
	Staff    Source = "staff"
	Editor   Source = "editor"
)

// weight is how much the word of a source is worth: who judges on purpose, knowing the FAQ, goes before who asked.
func (s Source) weight() int {
	switch s {
	case Editor:
		return 2
	case Staff:
		return 1
	}
	return 0
}

// Judged is a real question with what is known of its answer. The test set and the calibration of confidence are made of these.
type Judged struct {
	// ID is that of [Judged.Identity].
	ID string `json:"id"`
	// Utterance is what was decided on: the one question of a message that held several, the whole of a thought that came in pieces. Asked again
	// with its context it is decided as it was then, unless the FAQ has changed or Masked is true.
	Utterance string `json:"utterance"`
	Context
	// Masked is true where personal data was taken out of the utterance, or of the one before: the words are not all that were decided on.
	Masked bool `json:"masked,omitempty"`
	// Person tells customers apart without showing who they are, as in a Miss. It is empty where nobody asked: an editor thought of it.
	Person string `json:"person,omitempty"`
	// Entry is what the verdict is about; empty for Nothing.
	Entry   faq.EntryID `json:"entry,omitempty"`
	Verdict Verdict     `json:"verdict"`
	Source  Source      `json:"source"`
	At      time.Time   `json:"at"`
	// Number grows with each verdict that is stored; it is the store's.
	Number int64 `json:"number,omitempty"`
}

// Identity names what there is one verdict on, so that a later one takes the place of an earlier one: of a customer, one question and one entry; of
// staff and editors one question, for they say which entry it is. It shows neither person nor words.
func (j Judged) Identity() string {
	parts := []string{"faqbot judged", string(j.Source), j.Person, folded(j.Utterance), folded(j.Previous)}
	if j.Source == Customer {
		parts = append(parts, string(j.Entry))
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:10])
}

// folded is what makes two utterances one question; what is of signs alone stays as it is.
func folded(utterance string) string { return cmp.Or(faq.Fold(utterance), utterance) }

// JudgedVersion changes whenever a verdict is stored or removed.
type JudgedVersion struct {
	// Last is the highest Number so far. Who knows all up to a number reads those after it.
	Last int64
	// Removed counts what was deleted so far: where it has grown, what was learned of it has to be learned anew from what is left.
	Removed int64
}
