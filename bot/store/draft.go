package store

import (
	"context"
	"fmt"

	"faqbot/faq"
	"faqbot/knowledge/insight"
)

// append adds the next revision of an entry, with the turn that it comes from or not at all. It is the last of a commit: it counts the change, and waits
// for nobody after that.
func (c *commit) append(ctx context.Context, t *tx) error {
	r := c.turn.Draft
	if r == nil {
		return nil
	}
	t.tell(Entries)
	cursor, err := countChanges(ctx, t, 1)
	if err != nil {
		return err
	}
	return appendOne(ctx, t, *r, c.draft, cursor)
}

// saveGap stores the gap that a turn changes.
func (c *commit) saveGap(ctx context.Context, t *tx) error {
	if c.turn.Gap == nil {
		return nil
	}
	t.tell(Misses)
	steps, err := gapSteps(*c.turn.Gap)
	if err != nil {
		return err
	}
	return c.announced(ctx, t, c.at, []insight.Gap{*c.turn.Gap}, steps)
}

// Mend publishes a revision and stores the gap that it closes, both or neither.
func (s *Store) Mend(ctx context.Context, r faq.Revision, g insight.Gap) error {
	if err := g.Check(); err != nil {
		return err
	}
	content, err := encode(r.Content)
	if err != nil {
		return err
	}
	steps, err := gapSteps(g)
	if err != nil {
		return err
	}
	err = s.write(ctx, appended(r, content), func(ctx context.Context, t *tx) error {
		t.tell(Entries, Misses)
		if err := s.announced(ctx, t, micros(s.now()), []insight.Gap{g}, steps); err != nil {
			return err
		}
		cursor, err := countChanges(ctx, t, 1)
		if err != nil {
			return err
		}
		return appendOne(ctx, t, r, content, cursor)
	})
	if err != nil {
		return fmt.Errorf("close gap %d with entry %s: %w", g.ID, r.Content.ID, err)
	}
	return nil
}
