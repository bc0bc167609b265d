package store

import "context"

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

// gapSteps store the gap that a turn changes.
func (c *commit) gapSteps(t *tx) ([]step, error) {
	if c.turn.Gap == nil {
		return nil, nil
	}
	t.tell(Misses)
	return gapSteps(*c.turn.Gap)
}
