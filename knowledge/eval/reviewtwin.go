package eval

import (
	"context"
	"fmt"
	"slices"

	"faqbot/faq"
	"faqbot/knowledge"
)

// Two entries are twins where each holds nearly all that the other's question asks, by weight, and has a way to ask that is like it. With less,
// "how often do I water in summer" and "… in winter" would be one question: of the pairs in a good FAQ none comes to both.
const (
	heldByTwin = 0.8
	likeTwin   = 0.6
)

// twin is a pair of entries of which one was found with the other's question.
type twin struct {
	way   *way
	other *faq.Entry
	// differing is what the two say differently, less what they said before; answers is true where the other one would be given.
	differing []difference
	answers   bool
	alike     bool
}

// twins adds entries that answer the same as another one, and where the two say different numbers.
func (r *review) twins(ctx context.Context, ways []*way) error {
	pairs := r.pairs(ways)
	r.uncompared += max(0, len(pairs)-mostLooks)
	pairs = pairs[:min(mostLooks, len(pairs))]
	err := each(ctx, len(pairs), func(i int) (err error) {
		pairs[i].alike, err = r.alike(ctx, pairs[i].way.entry, pairs[i].other)
		return err
	})
	for _, p := range pairs {
		if p.alike {
			r.tellTwin(p)
		}
	}
	return err
}

// pairs are those that something could be told of, each once.
func (r *review) pairs(ways []*way) []*twin {
	seen := map[[2]faq.EntryID]bool{}
	var out []*twin
	for _, w := range ways {
		for _, other := range w.candidates {
			key := [2]faq.EntryID{min(w.entry.ID, other.ID), max(w.entry.ID, other.ID)}
			if !w.isQuestion() || seen[key] {
				continue
			}
			seen[key] = true
			_, stood := r.stood(w.entry, other)
			p := &twin{way: w, other: other, differing: r.news(w.entry, other), answers: !stood && w.rival != nil && w.rival.ID == other.ID}
			if p.answers || len(p.differing) > 0 {
				out = append(out, p)
			}
		}
	}
	return out
}

func (r *review) tellTwin(p *twin) {
	said := func(f Finding) bool {
		return f.Kind == Unreachable && f.Entry == p.way.entry.ID && f.Other == p.other.ID
	}
	if p.answers && !slices.ContainsFunc(r.found, said) {
		r.rival(p.way, faq.NearDuplicate, false, "is answered by “%s” as well")
	}
	r.tellDifferences(p.way.entry, p.other, p.differing)
}

func (r *review) tellDifferences(e, other *faq.Entry, differing []difference) {
	for _, d := range differing {
		r.add(e, Finding{Asks: true, Warning: faq.Warning{Field: d.field, Kind: Contradiction, Other: other.ID,
			Text: fmt.Sprintf("says %s where “%s” says %s", shown(d.own), other.ID, shown(d.others))}})
	}
}

// news are the differences of two entries that were not so before.
func (r *review) news(e, other *faq.Entry) []difference {
	before, _ := r.stood(e, other)
	return slices.DeleteFunc(differences(e, other), func(d difference) bool { return slices.ContainsFunc(before, d.same) })
}

// stood are the differences of two entries as they were served before, and whether they were so with the same questions.
func (r *review) stood(a, b *faq.Entry) (differing []difference, same bool) {
	servedA, okA := r.before.Entry(a.ID)
	servedB, okB := r.before.Entry(b.ID)
	if !okA || !okB || servedA.Question != a.Question || servedB.Question != b.Question {
		return nil, false
	}
	return differences(servedA, servedB), true
}

// sameCase reports whether neither of two questions names a case, such as winter, that the other entry does not.
func (r *review) sameCase(a, b *faq.Entry) bool {
	text := func(e *faq.Entry) string {
		answer, _ := e.Answer(e.Language)
		return e.Question + "\n" + answer.Text
	}
	return r.topic(a.Question, a.Language).Cases(r.topic(text(b), b.Language)) && r.topic(b.Question, b.Language).Cases(r.topic(text(a), a.Language))
}

// alike reports whether two entries are twins.
func (r *review) alike(ctx context.Context, a, b *faq.Entry) (bool, error) {
	if !r.sameCase(a, b) {
		return false, nil
	}
	for _, pair := range [][2]*faq.Entry{{a, b}, {b, a}} {
		q := r.question(waysOf(pair[0])[0])
		q.Without = []faq.EntryID{pair[0].ID}
		explained, err := r.after.Explain(ctx, q)
		if err != nil {
			return false, err
		}
		i := slices.IndexFunc(explained.Candidates, func(c knowledge.Explained) bool { return c.ID == pair[1].ID })
		if i < 0 || explained.Candidates[i].Covered < heldByTwin || explained.Candidates[i].NearestCosine < likeTwin {
			return false, nil
		}
	}
	return true, nil
}
