package eval

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"faqbot/faq"
	"faqbot/knowledge"
)

// Draft is what an editor is about to save.
type Draft struct {
	// Changes are what customers will be served from then on.
	Changes []faq.Change
	// Saved are entries that are saved and not served: only their own text is looked at.
	Saved []faq.Entry
	// Stored is what stands in the store by now, served or not, withdrawn entries left out. A follow-up may lead to it.
	Stored []faq.Entry
	// Today tells which entries are out of date; empty is no day, and nothing is.
	Today faq.Date
}

// Kinds of findings, besides those of [faq.Warning].
const (
	// PhrasingNearer: without that phrasing, customers who ask so would be given another entry.
	PhrasingNearer faq.WarningKind = "phrasing_nearer"
	// Contradiction: two entries answer the same with different numbers.
	Contradiction faq.WarningKind = "contradiction"
	// Unreachable: nobody is given the entry, or only who asks it word for word.
	Unreachable faq.WarningKind = "unreachable"
)

// Finding is something that an editor should look at before an entry is published.
type Finding struct {
	faq.Warning
	// Confidence is that of the other entry, where it would answer; 0 otherwise.
	Confidence knowledge.Confidence `json:"confidence,omitempty"`
	// Asks is true where customers may get a wrong answer of it: somebody has to say that it is meant so.
	Asks bool `json:"asks"`
}

// Findings is all that an editor is shown: one list, what somebody has to decide first.
type Findings struct {
	List []Finding `json:"findings"`
	// Changed are stored questions that are decided otherwise, the worst first, out of so many Questions.
	Changed   []Changed `json:"changed"`
	Questions int       `json:"questions"`
	// Broken are questions of the test set that would get something worse than now, out of the Known that were asked.
	Broken []Broken `json:"broken"`
	Known  int      `json:"known"`
	// Uncompared counts ways to ask that were not compared with the whole FAQ, because there were too many.
	Uncompared int `json:"uncompared,omitempty"`
}

// NoFindings is of a draft that there is nothing to say of.
func NoFindings() Findings {
	return Findings{List: []Finding{}, Changed: []Changed{}, Broken: []Broken{}}
}

// Asks counts what somebody has to decide before it is published.
func (f Findings) Asks() int {
	n := 0
	for _, finding := range f.List {
		if finding.Asks {
			n++
		}
	}
	for _, c := range f.Changed {
		if c.Asks {
			n++
		}
	}
	return n + len(f.Broken)
}

// Review says what an editor should look at in a draft, and which of the questions that customers asked are decided otherwise because of it:
// those whose known answer is lost, and apart from them those that were not answered. The matcher is of what is served now. Only the entries that change are compared, each with the whole FAQ, and what
// was so of an entry before it was changed is not told again.
func Review(ctx context.Context, m *knowledge.Matcher, draft Draft, stored Stored) (Findings, error) {
	draft.Changes = changing(m, draft.Changes)
	r := &review{before: m, after: m, draft: draft, changed: map[faq.EntryID]bool{}}
	if len(draft.Changes) > 0 {
		r.after = m.With(draft.Changes)
	}
	for _, c := range draft.Changes {
		r.changed[c.Entry] = true
		if e, ok := r.after.Entry(c.Entry); ok && c.Live != nil {
			r.entries = append(r.entries, e)
		}
	}
	r.readTexts()
	for _, e := range r.entries {
		r.checkReach(e)
	}
	if err := r.compare(ctx); err != nil {
		return Findings{}, err
	}
	out := NoFindings()
	out.List, out.Uncompared = r.list(), r.uncompared
	if len(draft.Changes) == 0 {
		return out, nil
	}
	var err error
	if out.Broken, out.Known, err = broken(ctx, r.before, r.after, stored.Known); err != nil {
		return Findings{}, err
	}
	if out.Changed, out.Questions, err = decidedOtherwise(ctx, r.before, r.after, stored.Missed); err != nil {
		return Findings{}, err
	}
	out.Changed = besides(out.Changed, out.Broken)
	return out, nil
}

// besides leaves out what is told of as broken.
func besides(changed []Changed, broken []Broken) []Changed {
	told := map[string]bool{}
	for _, b := range broken {
		told[folded(b.Utterance)] = true
	}
	return slices.DeleteFunc(changed, func(c Changed) bool { return told[folded(c.Utterance)] })
}

// changing leaves out what is served just so already.
func changing(m *knowledge.Matcher, changes []faq.Change) []faq.Change {
	return slices.DeleteFunc(slices.Clone(changes), func(c faq.Change) bool {
		e, served := m.Entry(c.Entry)
		if c.Live == nil {
			return !served
		}
		return served && e.Same(c.Live.Content)
	})
}

// review is one draft being looked at.
type review struct {
	before, after *knowledge.Matcher
	draft         Draft
	changed       map[faq.EntryID]bool
	// entries are those that are served anew.
	entries    []*faq.Entry
	found      []Finding
	uncompared int
}

func (r *review) add(e *faq.Entry, f Finding) {
	f.Entry, f.Place = e.ID, e.PlaceOf(f.Field)
	r.found = append(r.found, f)
}

// list is what was found, of each pair of entries once: what asks first, then as the entries come.
func (r *review) list() []Finding {
	place := map[faq.EntryID]int{}
	for i, e := range r.entries {
		place[e.ID] = i - len(r.entries) // those that are saved alone come after them, at 0
	}
	said := map[string]bool{}
	out := []Finding{}
	for _, f := range r.found {
		if k := pairKey(f); k == "" || !said[k] {
			said[k] = true
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(later(a), later(b)), cmp.Compare(place[a.Entry], place[b.Entry]))
	})
	return out
}

func later(f Finding) int {
	if f.Asks {
		return 0
	}
	return 1
}

// pairKey is the same for findings that say the same of two entries, from either side; empty where a finding is of one alone.
func pairKey(f Finding) string {
	pair := string(min(f.Entry, f.Other) + " " + max(f.Entry, f.Other))
	switch f.Kind {
	case faq.NearDuplicate, Contradiction:
		return string(f.Kind) + " " + pair
	case faq.PhrasingTaken:
		text, _, _ := strings.Cut(f.Text, "”")
		return string(f.Kind) + " " + pair + " " + faq.Fold(text)
	}
	return ""
}
