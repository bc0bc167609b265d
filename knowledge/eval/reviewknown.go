package eval

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"faqbot/faq"
	"faqbot/knowledge"
)

// MostKnown is how many questions of the test set are asked of a draft.
const MostKnown = 1000

// Stored is what customers asked, by which a draft is tried.
type Stored struct {
	// Missed were not answered, the newest first.
	Missed []knowledge.Question
	// Known are those of which the answer is known, the one that became known last at the end, as [TestSet] has them.
	Known []Known
}

// Known is a question with the entry that answers it; an empty one is that nothing does.
type Known struct {
	knowledge.Question
	Entry faq.EntryID
}

// Broken is a question of the test set that gets what it should by now, or at least nothing wrong, and with the draft something worse. Somebody has to
// say that it is meant so.
type Broken struct {
	Utterance string `json:"utterance"`
	// Entry is what it should find; empty where nothing answers it.
	Entry  faq.EntryID `json:"entry"`
	Before Outcome     `json:"before"`
	After  Outcome     `json:"after"`
}

// String is what breaks as an editor reads it.
func (b Broken) String() string {
	should := "is to find no answer"
	if b.Entry != "" {
		should = fmt.Sprintf("is to find “%s”", b.Entry)
	}
	return fmt.Sprintf("“%s” %s: until now %s, then %s", b.Utterance, should, b.Before, b.After)
}

// broken asks both of the questions of which the answer is known; tried is how many that were.
func broken(ctx context.Context, before, after *knowledge.Matcher, known []Known) (out []Broken, tried int, err error) {
	known = balanced(known, before)
	questions := make([]knowledge.Question, len(known))
	for i, k := range known {
		questions[i] = k.Question
	}
	was, err := outcomes(ctx, before, questions)
	if err != nil {
		return nil, 0, err
	}
	is, err := outcomes(ctx, after, questions)
	if err != nil {
		return nil, 0, err
	}
	out = []Broken{}
	for i, k := range known {
		if rank(is[i], k.Entry) < rank(was[i], k.Entry) {
			out = append(out, Broken{Utterance: k.Utterance, Entry: k.Entry, Before: telling(was[i], k.Entry), After: telling(is[i], k.Entry)})
		}
	}
	slices.SortStableFunc(out, func(a, b Broken) int { return -cmp.Compare(worth[a.After.Decision], worth[b.After.Decision]) }) // a wrong answer is worse than none
	return out, len(known), nil
}

// balanced takes from each entry in turn, what became known last first, so that one that is often confirmed does not crowd out the others. Of an entry
// that is not served it is not known what answers now.
func balanced(known []Known, m *knowledge.Matcher) []Known {
	turns := map[faq.EntryID][]Known{}
	var order []faq.EntryID
	for _, k := range slices.Backward(known) {
		if _, served := m.Entry(k.Entry); !served && k.Entry != "" || folded(k.Utterance) == "" {
			continue
		}
		if turns[k.Entry] == nil {
			order = append(order, k.Entry)
		}
		turns[k.Entry] = append(turns[k.Entry], k)
	}
	var out []Known
	for turn, some := 0, true; some; turn++ {
		some = false
		for _, id := range order {
			if turn < len(turns[id]) && len(out) < MostKnown {
				out, some = append(out, turns[id][turn]), true
			}
		}
	}
	return out
}

// rank says how good what a question gets is, when it is known what it should find.
func rank(got []Outcome, entry faq.EntryID) int {
	best, wrong := 0, 0
	for _, o := range got {
		switch {
		case o.Decision == knowledge.Fallback:
		case o.Entry == entry && o.Decision == knowledge.Answer:
			best = 2
		case o.Entry == entry:
			best = max(best, 1)
		case o.Decision == knowledge.Answer:
			wrong = -1
		}
	}
	if best > 0 {
		return best
	}
	return wrong
}

// telling is the part of what a question gets that says how good that is.
func telling(got []Outcome, entry faq.EntryID) Outcome {
	out := outcomeAt(got, 0)
	for _, o := range got {
		if o.Decision != knowledge.Fallback && o.Entry == entry {
			return o
		}
		if o.Decision == knowledge.Answer && out.Decision != knowledge.Answer {
			out = o
		}
	}
	return out
}
