package insight

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// SortCache keeps what a sorter knows, so that the next one need not learn it from the database. What it loses is made anew.
type SortCache interface {
	// Load opens what was saved last under this count; nil where nothing was. Who asks closes it.
	Load(count int64) io.ReadCloser
	// Save puts what is written in the place of all that was saved before.
	Save(count int64, write func(io.Writer) error) error
}

// restore makes the grouper from what was kept, else from the database.
func (s *Sorter) restore(ctx context.Context, count int64) error {
	s.grouper, s.count, s.saved = nil, count, -1
	lesson := s.learn()
	if s.grouper = s.kept(lesson); s.grouper != nil {
		s.saved = count
		return nil
	}
	stored, err := s.recorded(ctx)
	if err != nil {
		return err
	}
	g := NewGrouper(lesson)
	stored.Misses = s.all(ctx, &err)
	if g.Restore(stored); err != nil {
		return err
	}
	s.grouper = g
	return s.Save() // over what was kept before: who is forgotten may be in it
}

// kept is the grouper that the cache has, or nil.
func (s *Sorter) kept(lesson *Lesson) *Grouper {
	if s.options.Cache == nil {
		return nil
	}
	data := s.options.Cache.Load(s.count)
	if data == nil {
		return nil
	}
	defer data.Close()
	g, err := ReadGrouper(data, lesson)
	if err != nil && !errors.Is(err, ErrVersion) {
		s.options.Logger.Warn("what was kept of groups is made anew", "reason", err)
	}
	return g
}

// recorded is what is stored of groups, without the misses.
func (s *Sorter) recorded(ctx context.Context) (out Recorded, err error) {
	if out.Mergers, out.Last, err = s.store.Merged(ctx); err != nil {
		return out, err
	}
	wishes, err := s.store.Wishes(ctx, true)
	if err != nil {
		return out, err
	}
	for _, w := range wishes {
		if w.Refused != "" {
			continue
		}
		misses, err := s.store.MissesByID(ctx, w.Misses)
		if err != nil {
			return out, err
		}
		out.Edits = append(out.Edits, Edit{Kind: w.Kind, Group: w.Group, Into: w.Into, Misses: misses, Title: w.Title})
	}
	return out, nil
}

// all reads misses with their places, in order; an error ends it.
func (s *Sorter) all(ctx context.Context, failed *error) func(yield func(Miss, Place) bool) {
	return func(yield func(Miss, Place) bool) {
		for after := int64(0); ; {
			page, last, err := s.store.Placed(ctx, after, restoreBatch)
			if err != nil {
				*failed = err
				return
			}
			for _, m := range page {
				if !yield(m, Place{Group: m.Gap, Part: m.Part}) {
					return
				}
			}
			if len(page) < restoreBatch {
				return
			}
			after = last
		}
	}
}

// Save keeps what the sorter knows for the next one, unless that was kept already.
func (s *Sorter) Save() error {
	if s.grouper == nil || s.options.Cache == nil || s.saved == s.count {
		return nil
	}
	if err := s.options.Cache.Save(s.count, s.grouper.Write); err != nil {
		return fmt.Errorf("keep what is known of groups: %w", err)
	}
	s.saved = s.count
	return nil
}
