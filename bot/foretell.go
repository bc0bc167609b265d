package bot

import (
	"context"
	"slices"

	"faqbot/faq"
	"faqbot/knowledge"
	"faqbot/knowledge/insight"
)

// Foresee implements [insight.Foreteller]: no answer is written yet, so the entry has nothing but the gap's title and questions.
func (m *Mender) Foresee(ctx context.Context, id insight.GroupID) (float64, error) {
	entry, questions, err := m.foreseen(ctx, id)
	if err != nil {
		return 0, err
	}
	return m.fresh(ctx, m.matcher(), true, entry, questions)
}

func (m *Mender) foreseen(ctx context.Context, id insight.GroupID) (faq.Entry, []knowledge.Question, error) {
	gap, err := m.store.Gap(ctx, id)
	if err != nil {
		return faq.Entry{}, nil, err
	}
	misses, err := m.store.MissesOf(ctx, gap.ID, 10*mostWeighed)
	if err != nil {
		return faq.Entry{}, nil, err
	}
	entry := faq.Entry{ID: draftName(gap), Language: m.policy.Language, Question: gap.Title, Answers: []faq.Answer{{Language: m.policy.Language, Text: gap.Title}}}
	return entry, m.questionsOf(misses), nil
}

const (
	// mostBeside is how many misses of a period are counted, besideTried how many of them are tried at most: some that are spread evenly over all.
	mostBeside, besideTried = 50_000, 400
)

// Beside implements [insight.Foreteller].
func (m *Mender) Beside(ctx context.Context, in insight.Period, gaps []insight.GroupID) (insight.Expected, error) {
	var entries []faq.Change
	for _, id := range gaps {
		entry, questions, err := m.foreseen(ctx, id)
		if err != nil {
			return insight.Expected{}, err
		}
		entry, _ = m.taught(entry, questions)
		entries = append(entries, served(entry))
	}
	misses, err := m.store.Misses(ctx, in.From, mostBeside)
	if err != nil {
		return insight.Expected{}, err
	}
	misses = slices.DeleteFunc(misses, func(miss insight.Miss) bool {
		return miss.Answered || !in.Contains(miss.At) || slices.Contains(gaps, miss.Gap)
	})
	tried, matcher := spread(misses, besideTried), m.matcher().With(entries)
	answered := 0
	for _, miss := range tried {
		decisions, err := matcher.Decide(ctx, m.asked(miss))
		if err != nil {
			return insight.Expected{}, err
		}
		if slices.ContainsFunc(decisions, func(d knowledge.Decision) bool { return d.Kind == knowledge.Answer && changed(entries, d.Best().ID) }) {
			answered++
		}
	}
	e := insight.Expected{Asked: len(misses)}
	if len(tried) > 0 {
		e.Fresh = float64(answered) / float64(len(tried))
	}
	return e, nil
}

func changed(entries []faq.Change, id faq.EntryID) bool {
	return slices.ContainsFunc(entries, func(c faq.Change) bool { return c.Entry == id })
}

// spread is at most so many of a list, evenly over all of it.
func spread(list []insight.Miss, most int) (out []insight.Miss) {
	for i := 0; i < len(list); i += 1 + len(list)/most {
		out = append(out, list[i])
	}
	return out
}

// fresh is the share of questions that an entry answers which it was not taught: they are tried in parts, each by an entry that learnt of the others.
func (m *Mender) fresh(ctx context.Context, before *knowledge.Matcher, isNew bool, entry faq.Entry, questions []knowledge.Question) (float64, error) {
	if len(questions) < foldsOf {
		return 0, nil
	}
	bare := entry.Clone()
	bare.Phrasings = nil
	if e, ok := before.Entry(entry.ID); ok && !isNew {
		bare = e.Clone()
	}
	sum := 0
	for fold := range foldsOf {
		var learnt, tried []knowledge.Question
		for i, q := range questions {
			if i%foldsOf == fold {
				tried = append(tried, q)
			} else {
				learnt = append(learnt, q)
			}
		}
		trial, _ := m.taught(bare, learnt)
		n, err := m.answered(ctx, before.With([]faq.Change{served(trial)}), entry.ID, tried)
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return float64(sum) / float64(len(questions)), nil
}
