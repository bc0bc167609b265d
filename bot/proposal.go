package bot

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"faqbot/faq"
	"faqbot/knowledge"
	"faqbot/knowledge/eval"
	"faqbot/knowledge/insight"
)

// Proposal is an entry that would close a gap.
type Proposal struct {
	Gap insight.Gap
	// Revision is the entry as it would be published, after the one that stands.
	Revision faq.Revision
	// Live is the number of the revision that is served until then; 0 is none.
	Live int
	// Added are the ways to ask that are new in it.
	Added []string
	// Answered are how many of the gap's Questions would be answered with it: real ones, each once.
	Answered, Questions int
	// Fresh is the share of questions that are asked in other words than those added, which would be answered, 0–1: what is to be expected of those to come.
	Fresh float64
	// Told is how many people asked to be told, and will be as soon as it is published.
	Told int
	// Also are other open gaps that it answers questions of, most questions first.
	Also []Also
	// Findings are of what else changes: the gap's own questions are none of those that are decided otherwise.
	eval.Findings
}

// Also is how many different questions of another gap an entry would answer, which have no answer now.
type Also struct {
	Gap      insight.Gap
	Answered int
}

// FewAnswered is the finding that most of a gap's questions would go on without an answer: whoever asks them is told of an answer, or finds the gap closed.
const FewAnswered faq.WarningKind = "few_answered"

// Few says whether the entry answers less than half of the gap's questions.
func (p Proposal) Few() bool { return 2*p.Answered < p.Questions }

// Closed is the gap as it stands once the proposal is published.
func (p Proposal) Closed(at time.Time) insight.Gap {
	g := p.Gap
	g.Entry = p.Revision.Content.ID
	return g.Move(insight.GapAnswered, at)
}

// review finds what an editor should know of a proposal before it is published.
func (m *Mender) review(ctx context.Context, before *knowledge.Matcher, p *Proposal) error {
	records, err := m.store.List(ctx, faq.Filter{})
	if err != nil {
		return err
	}
	entry := p.Revision.Content
	draft := eval.Draft{Changes: []faq.Change{served(entry)}, Today: m.today()}
	for _, r := range records {
		if r.Head.Status != faq.Archived {
			draft.Stored = append(draft.Stored, r.Head.Content)
		}
	}
	stored, err := StoredQuestions(ctx, m.store, m.lexicon, m.today())
	if err != nil {
		return err
	}
	misses, err := m.store.Misses(ctx, time.Time{}, eval.MostQuestions)
	if err != nil {
		return err
	}
	var gaps map[string]insight.GroupID
	stored.Missed, gaps = m.others(misses, p.Gap.ID)
	if p.Findings, err = eval.Review(ctx, before, draft, stored); err != nil {
		return err
	}
	if p.Few() {
		p.List = slices.Insert(p.List, 0, eval.Finding{Asks: true, Warning: faq.Warning{Entry: entry.ID, Kind: FewAnswered,
			Text: fmt.Sprintf("would answer only %d of the %d real questions of gap %d", p.Answered, p.Questions, p.Gap.ID)}})
	}
	p.Also, err = m.also(ctx, p, gaps)
	return err
}

// others are the questions of misses that are not asked in a gap, with the gaps that they are asked in.
func (m *Mender) others(misses []insight.Miss, gap insight.GroupID) ([]knowledge.Question, map[string]insight.GroupID) {
	gaps, questions := map[string]insight.GroupID{}, make([]knowledge.Question, len(misses))
	for i, miss := range misses {
		questions[i] = m.asked(miss)
		if key := faq.Fold(questions[i].Utterance); gaps[key] == 0 || miss.Gap == gap {
			gaps[key] = miss.Gap
		}
	}
	return slices.DeleteFunc(questions, func(q knowledge.Question) bool { return gaps[faq.Fold(q.Utterance)] == gap }), gaps
}

// also are the open gaps with questions that are answered by the proposal and not now.
func (m *Mender) also(ctx context.Context, p *Proposal, gaps map[string]insight.GroupID) ([]Also, error) {
	won := map[insight.GroupID]int{}
	for _, c := range p.Changed {
		if gap := gaps[faq.Fold(c.Utterance)]; gap != 0 && c.Before.Decision != knowledge.Answer && c.After.Decision == knowledge.Answer && c.After.Entry == p.Revision.Content.ID {
			won[gap]++
		}
	}
	known, err := m.store.GapsOf(ctx, slices.Sorted(maps.Keys(won)))
	if err != nil {
		return nil, err
	}
	var out []Also
	for id, g := range known {
		if g.Open() {
			out = append(out, Also{Gap: g, Answered: won[id]})
		}
	}
	slices.SortFunc(out, func(a, b Also) int {
		return cmp.Or(cmp.Compare(b.Answered, a.Answered), cmp.Compare(a.Gap.ID, b.Gap.ID))
	})
	return out, nil
}
