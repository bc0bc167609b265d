package knowledge

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"sync/atomic"

	"faqbot/faq"
)

// With is the matcher as it would be after these changes, so that a draft can be asked before it is published. m goes on unchanged and
// neither knows of the other. It is made for asking: what is published later does not reach it.
func (m *Matcher) With(changes []faq.Change) *Matcher {
	m.mu.RLock()
	draft := &Matcher{
		searcher: m.searcher, options: m.options, cursor: m.cursor, learned: m.learned, learnt: m.learnt, changed: make(chan struct{}, 1),
		corpus: m.corpus.clone(),
	}
	m.mu.RUnlock()
	draft.searcher = newDraftSearcher(m.searcher, changes)
	draft.apply(changes, draft.cursor)
	draft.catchUp(changes)
	return draft
}

// clone is a corpus that can be changed by itself. Documents are shared, and with them the lengths that they keep for one epoch: no two matchers
// may be at the same one. Those that follow a source count upwards from 0.
func (c corpus) clone() corpus {
	c.documents, c.languages = maps.Clone(c.documents), maps.Clone(c.languages)
	c.exact, c.frequencies = c.exact.clone(), c.frequencies.clone()
	c.epoch = int(-2 * drafts.Add(1))
	return c
}

// mostCaughtUp is up to how many ways to ask the changed entries of a draft are trained: a moment's work.
const mostCaughtUp = 5000

// catchUp trains what has changed, against all the others as they are; mixture and confidence stay those of the published FAQ.
func (m *Matcher) catchUp(changes []faq.Change) {
	documents := m.sorted()
	wanted := map[*document]bool{}
	for _, c := range changes {
		if d := m.documents[c.Entry]; d != nil && d.model.Load() == nil {
			wanted[d] = true
		}
	}
	if m.learnt == 0 || len(wanted) == 0 || countAll(documents) > mostCaughtUp {
		return
	}
	models := newExamples(documents, m.frequencies).train(context.Background(), allCores(), func(d *document) bool { return wanted[d] })
	for i, d := range documents {
		if wanted[d] {
			d.model.Store(models[i])
		}
	}
}

// drafts counts the matchers made by With.
var drafts atomic.Int64

func (f *frequencies) clone() *frequencies {
	c := *f
	c.counts = slices.Clone(f.counts)
	c.words, c.spoken, c.forms = maps.Clone(f.words), maps.Clone(f.spoken), maps.Clone(f.forms)
	c.languages, c.common = maps.Clone(f.languages), maps.Clone(f.common)
	return &c
}

// draftSearcher proposes what an index does, of entries that are not changed, and the changed ones besides.
type draftSearcher struct {
	published Searcher
	// changed are all that the index knows an older text of, or none; drafted are those of them that are served.
	changed map[faq.EntryID]bool
	drafted []faq.EntryID
	// postings tell at which places of drafted a term occurs. There are none where every drafted entry is proposed whatever is asked.
	postings map[string][]int32
}

func newDraftSearcher(published Searcher, changes []faq.Change) *draftSearcher {
	s := &draftSearcher{published: published, changed: map[faq.EntryID]bool{}, postings: map[string][]int32{}}
	last := map[faq.EntryID]*faq.Revision{}
	for _, c := range changes {
		s.changed[c.Entry] = true
		last[c.Entry] = c.Live
	}
	for _, id := range slices.Sorted(maps.Keys(last)) {
		if last[id] != nil {
			s.drafted = append(s.drafted, id)
		}
	}
	if len(s.drafted) > proposals {
		s.post(last)
	}
	return s
}

func (s *draftSearcher) post(live map[faq.EntryID]*faq.Revision) {
	terms := make([][]string, len(s.drafted))
	parallel(len(terms), func(i int) {
		terms[i] = IndexedTerms(&live[s.drafted[i]].Content)
		slices.Sort(terms[i])
		terms[i] = slices.Compact(terms[i])
	})
	for i, list := range terms {
		for _, term := range list {
			s.postings[term] = append(s.postings[term], int32(i))
		}
	}
}

// Search implements [Searcher]. The list is longer than the limit by the drafted entries: at most as many again.
func (s *draftSearcher) Search(ctx context.Context, terms []Term, limit int) ([]faq.EntryID, error) {
	proposed, err := s.published.Search(ctx, terms, limit+min(len(s.changed), limit))
	if err != nil {
		return nil, err
	}
	kept := slices.DeleteFunc(proposed, func(id faq.EntryID) bool { return s.changed[id] })
	return append(kept[:min(limit, len(kept)):min(limit, len(kept))], s.nearest(terms, limit)...), nil
}

// nearest are the drafted entries that hold most of what is searched for; all of them where they are few. A word that is looked up one letter
// off is found in few alone: an index of its own for what is soon forgotten would cost more than it tells.
func (s *draftSearcher) nearest(terms []Term, limit int) []faq.EntryID {
	if len(s.postings) == 0 {
		return s.drafted
	}
	scores := make([]float64, len(s.drafted))
	var best []int32
	for _, t := range terms { // the rarest first
		places := s.postings[t.Text]
		if len(best) >= limit && len(places) > len(s.drafted)/costlyShare {
			continue
		}
		for _, i := range places {
			if scores[i] == 0 {
				best = append(best, i)
			}
			scores[i] += t.Weight
		}
	}
	slices.SortFunc(best, func(a, b int32) int { return cmp.Or(cmp.Compare(scores[b], scores[a]), cmp.Compare(a, b)) })
	out := make([]faq.EntryID, min(limit, len(best)))
	for i := range out {
		out[i] = s.drafted[best[i]]
	}
	return out
}

// Apply implements [Searcher]. The index is that of the published FAQ and is not a draft's to change.
func (*draftSearcher) Apply(context.Context, []faq.Change, faq.Cursor) error {
	return errors.New("a draft follows no source")
}

// Cursor implements [Searcher].
func (s *draftSearcher) Cursor() faq.Cursor { return s.published.Cursor() }
