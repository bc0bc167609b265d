package eval

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"faqbot/faq"
	"faqbot/knowledge"
)

// MostQuestions is how many stored questions are asked of a draft; those beyond it are older.
const MostQuestions = 2000

// Outcome is what a question gets.
type Outcome struct {
	Decision knowledge.Kind `json:"decision"`
	// Entry is the one that is given, or offered first; empty for a Fallback.
	Entry      faq.EntryID          `json:"entry,omitempty"`
	Confidence knowledge.Confidence `json:"confidence"`
}

func (o Outcome) same(other Outcome) bool {
	return o.Decision == other.Decision && o.Entry == other.Entry
}

// Changed is a question of a customer that a draft decides otherwise.
type Changed struct {
	Utterance string  `json:"utterance"`
	Before    Outcome `json:"before"`
	After     Outcome `json:"after"`
	// Asks is true where the entry that answered does so no more.
	Asks bool `json:"asks"`
}

// worth orders decisions by what they are worth to who asks.
var worth = map[knowledge.Kind]int{knowledge.Answer: 2, knowledge.Clarify: 1, knowledge.Fallback: 0}

// gravity is 0 for an answer that became another one, then what is lost, then what is offered otherwise, then what is won.
func (c Changed) gravity() int {
	before, after := worth[c.Before.Decision], worth[c.After.Decision]
	switch {
	case c.Asks && after == before:
		return 0
	case after < before:
		return 1
	case after == before:
		return 2
	}
	return 3
}

// decidedOtherwise asks both, one after the other: they share what they remember of entries, and each would wipe out the other's.
func decidedOtherwise(ctx context.Context, before, after *knowledge.Matcher, questions []knowledge.Question) ([]Changed, int, error) {
	questions = distinct(questions)
	was, err := outcomes(ctx, before, questions)
	if err != nil {
		return nil, 0, err
	}
	is, err := outcomes(ctx, after, questions)
	if err != nil {
		return nil, 0, err
	}
	out := []Changed{}
	for i, q := range questions {
		if b, a, differ := firstDifference(was[i], is[i]); differ {
			out = append(out, Changed{Utterance: q.Utterance, Before: b, After: a, Asks: b.Decision == knowledge.Answer})
		}
	}
	slices.SortStableFunc(out, func(a, b Changed) int { return cmp.Compare(a.gravity(), b.gravity()) })
	return out, len(questions), nil
}

// distinct takes each utterance once, the newest first.
func distinct(questions []knowledge.Question) []knowledge.Question {
	var out []knowledge.Question
	seen := map[string]bool{}
	for _, q := range questions {
		if folded := faq.Fold(q.Utterance); folded != "" && !seen[folded] && len(out) < MostQuestions {
			seen[folded] = true
			out = append(out, q)
		}
	}
	return out
}

// outcomes are the decisions on each question; a message may hold several.
func outcomes(ctx context.Context, m *knowledge.Matcher, questions []knowledge.Question) ([][]Outcome, error) {
	out := make([][]Outcome, len(questions))
	err := each(ctx, len(questions), func(i int) error {
		decisions, err := m.Decide(ctx, questions[i])
		for _, d := range decisions {
			out[i] = append(out[i], outcomeOf(d))
		}
		return err
	})
	return out, err
}

func outcomeOf(d knowledge.Decision) Outcome {
	o := Outcome{Decision: d.Kind, Confidence: rounded(d.Confidence)}
	if d.Kind != knowledge.Fallback {
		o.Entry = d.Best().ID
	}
	return o
}

func firstDifference(before, after []Outcome) (b, a Outcome, differ bool) {
	for i := range max(len(before), len(after)) {
		b, a = outcomeAt(before, i), outcomeAt(after, i)
		if !b.same(a) {
			return b, a, true
		}
	}
	return b, a, false
}

func outcomeAt(list []Outcome, i int) Outcome {
	if i < len(list) {
		return list[i]
	}
	return Outcome{Decision: knowledge.Fallback}
}

// rounded keeps four places: more would be noise to who reads it.
func rounded(c knowledge.Confidence) knowledge.Confidence {
	return knowledge.Confidence(math.Round(float64(c)*10_000) / 10_000)
}

// String is the change as an editor reads it.
func (c Changed) String() string {
	return fmt.Sprintf("“%s”: until now %s, then %s", c.Utterance, c.Before, c.After)
}

// String is what a question gets, in words.
func (o Outcome) String() string {
	switch o.Decision {
	case knowledge.Answer:
		return fmt.Sprintf("answered by “%s” (%.2f)", o.Entry, o.Confidence)
	case knowledge.Clarify:
		return fmt.Sprintf("offered “%s” (%.2f)", o.Entry, o.Confidence)
	}
	return "not answered"
}
