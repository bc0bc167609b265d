package knowledge

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"faqbot/faq"
)

// Suggest lists entries for what has been typed so far: those whose question begins so first, then what ranks best. With nothing typed it lists
// entries by their question.
func (m *Matcher) Suggest(ctx context.Context, question Question, limit int) ([]*faq.Entry, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	folded := faq.Fold(readable(question.Utterance))
	out := m.beginning(question, folded, limit)
	if folded == "" || len(out) >= limit {
		return out, nil
	}
	j, err := m.judge(ctx, question)
	if err != nil {
		return nil, err
	}
	for _, c := range j.decision.Candidates {
		known := slices.ContainsFunc(out, func(e *faq.Entry) bool { return e.ID == c.Entry.ID })
		if len(out) < limit && !known && c.Confidence > 0 {
			out = append(out, c.Entry)
		}
	}
	return out, nil
}

func (m *Matcher) beginning(question Question, folded string, limit int) []*faq.Entry {
	var out []*faq.Entry
	for _, d := range m.documents {
		shown := d.entry.QuestionIn(question.Language)
		if question.mayBeServed(d.entry) && strings.HasPrefix(faq.Fold(shown), folded) {
			out = append(out, d.entry)
		}
	}
	slices.SortFunc(out, func(a, b *faq.Entry) int {
		return cmp.Or(cmp.Compare(a.Question, b.Question), cmp.Compare(a.ID, b.ID))
	})
	return out[:min(limit, len(out))]
}
