package eval

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"faqbot/knowledge"
)

// Decider is what is measured.
type Decider interface {
	Decide(ctx context.Context, question knowledge.Question) ([]knowledge.Decision, error)
}

// observation is a case with what was decided.
type observation struct {
	Case
	confidence float64
	answered   bool
	found      []string // the candidates, best first
}

// right reports whether the first candidate is the entry; an unanswerable question is never right.
func (o observation) right() bool { return o.Entry != "" && len(o.found) > 0 && o.found[0] == o.Entry }

func (o observation) among(n int) bool {
	return o.Entry != "" && slices.Contains(o.found[:min(n, len(o.found))], o.Entry)
}

// at is the entry that is given at a threshold; empty where none is.
func (o observation) at(threshold float64) string {
	if len(o.found) == 0 || o.confidence < threshold {
		return ""
	}
	return o.found[0]
}

// given is the entry that is given at the operating point in use.
func (o observation) given() string {
	if !o.answered {
		return ""
	}
	return o.found[0]
}

// Measure asks each case in its context (without one, as a customer of an unknown language on no particular network would), and compares what is decided
// with what is known. Threshold is the confidence from which the decider answers.
func Measure(ctx context.Context, d Decider, cases []Case, threshold knowledge.Confidence) (Report, error) {
	observed := make([]observation, len(cases))
	began := time.Now()
	for i, c := range cases {
		decisions, err := d.Decide(ctx, c.Question(c.Utterance))
		if err != nil {
			return Report{}, fmt.Errorf("decide %s: %w", c.Place, err)
		}
		first := decisions[0]
		observed[i] = observation{Case: c, confidence: float64(first.Confidence), answered: first.Kind == knowledge.Answer}
		for _, candidate := range first.Candidates {
			observed[i].found = append(observed[i].found, string(candidate.Entry.ID))
		}
	}
	took := time.Since(began)
	r := newReport(observed, float64(threshold))
	if len(cases) > 0 {
		r.MicrosecondsPerQuestion = float64(took.Microseconds()) / float64(len(cases))
	}
	return r, nil
}

// mostMistakes are shown of a report.
const mostMistakes = 20

// Mistake is an answer that was given and is wrong.
type Mistake struct {
	Utterance  string  `json:"utterance"`
	Given      string  `json:"given"`
	Wanted     string  `json:"wanted"` // empty where nothing answers it
	Confidence float64 `json:"confidence"`
}

func mistakes(observed []observation) []Mistake {
	out := []Mistake{}
	for _, o := range observed {
		if given := o.given(); given != "" && given != o.Entry {
			out = append(out, Mistake{o.Utterance, given, o.Entry, o.confidence})
		}
	}
	slices.SortStableFunc(out, func(a, b Mistake) int { return cmp.Compare(b.Confidence, a.Confidence) })
	return out[:min(mostMistakes, len(out))]
}
