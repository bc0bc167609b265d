package knowledge

import (
	"context"
	"fmt"

	"faqbot/faq"
)

// Verdict is a real question with what is known of its answer: what confidence learns from besides the FAQ itself.
type Verdict struct {
	Question Question
	Kind     VerdictKind
	// Entry is what was, or was not, asked; empty where nothing answers it.
	Entry faq.EntryID
	// Weak is true where little was said: an entry was picked from a list, and nothing more.
	Weak bool
	// Informed is true where somebody asked this and somebody who knows the FAQ judged it: they can say that nothing answers it, which the one who
	// asked cannot.
	Informed bool
}

// VerdictKind is what is known.
type VerdictKind string

const (
	// Right: the entry is what was asked.
	Right VerdictKind = "right"
	// Wrong: the entry is not what was asked.
	Wrong VerdictKind = "wrong"
	// Nothing: no entry answers it.
	Nothing VerdictKind = "nothing"
)

// verdictWeight is how many trials of what the FAQ says itself a real question weighs.
const verdictWeight = 3

// verdicts reads them from where they are kept.
func (m *Matcher) verdicts(ctx context.Context) ([]Verdict, error) {
	if m.options.Verdicts == nil {
		return nil, nil
	}
	list, err := m.options.Verdicts(ctx)
	if err != nil {
		return nil, fmt.Errorf("read verdicts: %w", err)
	}
	return list, nil
}

// heard are the trials that verdicts make: what was asked is asked again. A question that is published word for word tells nothing, nor does a
// refusal of an entry that is not first any more.
func (m *Matcher) heard(ctx context.Context, list []Verdict) ([]trial, error) {
	var out []trial
	for _, v := range list {
		question := v.Question
		if question.Previous != "" {
			question = question.joined()
		}
		j, err := m.heardOne(ctx, question)
		if err != nil {
			return nil, err
		}
		// What was learnt before must not decide what is learnt now.
		for i := range j.ranking {
			j.ranking[i].score = priorMixture.score(j.ranking[i].evidence, j.ranking[i].ways)
		}
		sortRanked(j.ranking)
		if len(j.ranking) == 0 && !v.Informed || j.exact || v.Kind == Wrong && (len(j.ranking) == 0 || j.ranking[0].id != v.Entry) {
			continue
		}
		wanted := faq.EntryID("")
		if v.Kind == Right {
			wanted = v.Entry
		}
		weight := float64(verdictWeight)
		if v.Weak {
			weight = 1
		}
		t := newTrial(j.query, j.ranking, wanted, weight)
		t.informed = v.Informed && v.Kind != Wrong
		out = append(out, t)
	}
	return out, nil
}

// heardOne judges on the state of the moment: between two questions the FAQ may change.
func (m *Matcher) heardOne(ctx context.Context, question Question) (judgement, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.judge(ctx, question)
}
