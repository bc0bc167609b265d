package insight

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"slices"
	"strconv"
	"time"
)

// Given is an answer that was given: where it stands among what a conversation came to, and when.
type Given struct {
	Conversation string    `json:"conversation"`
	Version      int64     `json:"version"`
	Position     int64     `json:"position"`
	At           time.Time `json:"at"`
}

// Alias is the name under which figures know the answer, see [Alias].
func (g Given) Alias() string {
	return Alias(g.Conversation + "\x00" + strconv.FormatInt(g.Version, 10) + "\x00" + strconv.FormatInt(g.Position, 10))
}

// Verdict is what staff say of an answer of the sample.
type Verdict string

const (
	RatedRight Verdict = "right"
	RatedWrong Verdict = "wrong"
	// RatedSkip: who looked could not tell. It counts for nothing, and is not asked again.
	RatedSkip Verdict = "skip"
)

// SampleSize is how many answers of a week staff are asked to look at: a minute's work.
const SampleSize = 20

// Draw puts answers of a week in the order in which they are drawn, and returns the first n. Each is as likely as any other to come first, the order is
// the same whenever it is asked for, and an answer that is not there any more changes nothing in the order of the others.
func Draw(week Period, given []Given, n int) []Given {
	type ticket struct {
		rank  [sha256.Size]byte
		given Given
	}
	prefix := "faqbot sample\x00" + week.From.Format(time.DateOnly) + "\x00"
	drawn := make([]ticket, len(given))
	for i, g := range given {
		drawn[i] = ticket{sha256.Sum256([]byte(prefix + g.Alias())), g}
	}
	slices.SortFunc(drawn, func(a, b ticket) int {
		return cmp.Or(bytes.Compare(a.rank[:], b.rank[:]), a.given.At.Compare(b.given.At))
	})
	out := make([]Given, min(n, len(drawn)))
	for i := range out {
		out[i] = drawn[i].given
	}
	return out
}
