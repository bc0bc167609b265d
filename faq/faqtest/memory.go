package faqtest

import (
	"context"
	"slices"
	"strings"
	"sync"

	"faqbot/faq"
	"faqbot/faq/fault"
)

// MemoryStore is a [faq.Store] that forgets everything when it goes. Its zero value is empty and ready; it is safe for
// concurrent use.
type MemoryStore struct {
	mu      sync.RWMutex
	entries map[faq.EntryID]*memoryEntry
	cursor  faq.Cursor
}

type memoryEntry struct {
	revisions []faq.Revision
	served    faq.Cursor // when the served text last may have changed
}

func (e *memoryEntry) record() faq.Record {
	head := e.revisions[len(e.revisions)-1]
	return faq.Record{Head: cloneRevision(head), Live: e.live()}
}

func (e *memoryEntry) live() *faq.Revision {
	number := e.revisions[len(e.revisions)-1].Live
	if number == 0 {
		return nil
	}
	r := cloneRevision(e.revisions[number-1])
	return &r
}

func cloneRevision(r faq.Revision) faq.Revision {
	r.Content = r.Content.Clone()
	return r
}

// Find implements [faq.Store].
func (s *MemoryStore) Find(ctx context.Context, id faq.EntryID) (faq.Record, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	e, err := s.entry(ctx, id)
	if err != nil {
		return faq.Record{}, err
	}
	return e.record(), nil
}

func (s *MemoryStore) entry(ctx context.Context, id faq.EntryID) (*memoryEntry, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	e, ok := s.entries[id]
	if !ok {
		return nil, fault.New(fault.NotFound, "entry “%s” does not exist", id)
	}
	return e, nil
}

// List implements [faq.Store].
func (s *MemoryStore) List(ctx context.Context, filter faq.Filter) ([]faq.Record, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	var ids []faq.EntryID
	for id, e := range s.entries {
		if id > filter.After && matches(filter, e.record()) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	if filter.Limit > 0 && len(ids) > filter.Limit {
		ids = ids[:filter.Limit]
	}
	var out []faq.Record
	for _, id := range ids {
		out = append(out, s.entries[id].record())
	}
	return out, nil
}

func matches(f faq.Filter, r faq.Record) bool {
	switch {
	case f.Status == faq.Published && r.Live == nil:
		return false
	case f.Status != "" && f.Status != faq.Published && r.Head.Status != f.Status:
		return false
	case f.Tag != "" && !slices.Contains(r.Head.Content.Tags, f.Tag):
		return false
	}
	text := faq.Fold(f.Text)
	has := func(s string) bool { return strings.Contains(faq.Fold(s), text) }
	return has(string(r.ID())) || has(r.Head.Content.Question) ||
		slices.ContainsFunc(r.Head.Content.Phrasings, func(p faq.Phrasing) bool { return has(p.Text) })
}

// History implements [faq.Store].
func (s *MemoryStore) History(ctx context.Context, id faq.EntryID) ([]faq.Revision, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	e, err := s.entry(ctx, id)
	if err != nil {
		return nil, err
	}
	out := make([]faq.Revision, len(e.revisions))
	for i, r := range e.revisions {
		out[i] = cloneRevision(r)
	}
	return out, nil
}

// Append implements [faq.Store].
func (s *MemoryStore) Append(ctx context.Context, revisions ...faq.Revision) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	newest := map[faq.EntryID]int{}
	for _, r := range revisions {
		id := r.Content.ID
		if _, seen := newest[id]; !seen && s.entries[id] != nil {
			newest[id] = len(s.entries[id].revisions)
		}
		if r.Number != newest[id]+1 {
			return fault.New(fault.Conflict, "entry “%s” stands at revision %d; revision %d cannot follow", id, newest[id], r.Number)
		}
		newest[id] = r.Number
	}
	for _, r := range revisions {
		s.add(r)
	}
	return nil
}

func (s *MemoryStore) add(r faq.Revision) {
	if s.entries == nil {
		s.entries = map[faq.EntryID]*memoryEntry{}
	}
	e := s.entries[r.Content.ID]
	if e == nil {
		e = &memoryEntry{}
		s.entries[r.Content.ID] = e
	}
	before := 0
	if n := len(e.revisions); n > 0 {
		before = e.revisions[n-1].Live
	}
	e.revisions = append(e.revisions, cloneRevision(r))
	s.cursor++
	if r.Live != before {
		e.served = s.cursor
	}
}

// Changes implements [faq.Store].
func (s *MemoryStore) Changes(ctx context.Context, after faq.Cursor) ([]faq.Change, faq.Cursor, error) {
	if err := ctx.Err(); err != nil {
		return nil, after, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []faq.Change
	for id, e := range s.entries {
		if live := e.live(); e.served > after && (live != nil || after > 0) {
			out = append(out, faq.Change{Entry: id, Live: live})
		}
	}
	slices.SortFunc(out, func(a, b faq.Change) int { return strings.Compare(string(a.Entry), string(b.Entry)) })
	return out, s.cursor, nil
}
