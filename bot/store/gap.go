package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"faqbot/faq/fault"
	"faqbot/knowledge/insight"
)

// Gaps are those of a status, newest first; "" is every status. Merged ones are left out.
func (s *Store) Gaps(ctx context.Context, status insight.GapStatus, limit int) ([]insight.Gap, error) {
	return list[insight.Gap](ctx, s, `SELECT body FROM gaps WHERE (status = $1 OR $1 = '' AND status <> 'merged') ORDER BY id DESC LIMIT $2`, status, limit)
}

// Closed are those that somebody answered or decided about in a period, the last first.
func (s *Store) Closed(ctx context.Context, in insight.Period) ([]insight.Gap, error) {
	return list[insight.Gap](ctx, s, `SELECT body FROM gaps WHERE status IN ($1, $2, $3) AND closed_at >= $4 AND closed_at < $5 ORDER BY closed_at DESC, id`,
		insight.GapAnswered, insight.GapProduct, insight.GapDismissed, in.From, in.To)
}

// Gap is the one with a number; a merged one is the one it was merged into.
func (s *Store) Gap(ctx context.Context, id insight.GroupID) (insight.Gap, error) {
	for asked := id; ; {
		found, err := list[insight.Gap](ctx, s, `SELECT body FROM gaps WHERE id = $1`, id)
		switch {
		case err != nil:
			return insight.Gap{}, err
		case len(found) == 0:
			return insight.Gap{}, fault.New(fault.NotFound, "there is no gap %d: “faqbot gaps list” shows all", asked)
		case found[0].Into == 0:
			return found[0], nil
		}
		id = found[0].Into
	}
}

// GapsOf are the gaps with these IDs that are there.
func (s *Store) GapsOf(ctx context.Context, ids []insight.GroupID) (map[insight.GroupID]insight.Gap, error) {
	out := map[insight.GroupID]insight.Gap{}
	for at := 0; at < len(ids); at += maxRows {
		chunk := ids[at:min(len(ids), at+maxRows)]
		args := make([]any, len(chunk))
		for i, id := range chunk {
			args[i] = id
		}
		found, err := list[insight.Gap](ctx, s, `SELECT body FROM gaps WHERE id IN `+in(1, len(args)), args...)
		if err != nil {
			return nil, err
		}
		for _, g := range found {
			out[g.ID] = g
		}
	}
	return out, nil
}

// SaveGap changes a gap at the version that it has. A Conflict fault says that somebody else did.
func (s *Store) SaveGap(ctx context.Context, g insight.Gap) error {
	if err := g.Check(); err != nil {
		return err
	}
	steps, err := gapSteps(g)
	if err == nil {
		err = s.write(ctx, nil, func(ctx context.Context, t *tx) error {
			t.tell(Misses)
			return s.announced(ctx, t, micros(s.now()), []insight.Gap{g}, steps)
		})
	}
	if err != nil {
		return fmt.Errorf("save gap %d: %w", g.ID, err)
	}
	return nil
}

// gapSteps store gaps, each at its next version.
func gapSteps(gaps ...insight.Gap) ([]step, error) {
	var steps []step
	for _, g := range gaps {
		loaded := g.Version
		g.Version++
		body, err := encode(g)
		if err != nil {
			return nil, err
		}
		status := string(g.State)
		if g.Into != 0 {
			status = "merged"
		}
		steps = append(steps, versioned("gaps", `id, status, closed_at, version, body`, `status = excluded.status, closed_at = excluded.closed_at`, loaded,
			[]any{g.ID, status, closedMicros(g), g.Version, body}))
	}
	return steps, nil
}

// closedMicros is 0 for a gap that is not closed.
func closedMicros(g insight.Gap) int64 {
	if g.ClosedAt.IsZero() {
		return 0
	}
	return micros(g.ClosedAt)
}

// Sort stores what became of misses and edits, all of it or nothing. A Conflict fault says that somebody else sorts, or changed a gap meanwhile.
func (s *Store) Sort(ctx context.Context, sorted insight.Sorted) error {
	steps, err := gapSteps(sorted.Gaps...)
	if err != nil {
		return err
	}
	err = s.write(ctx, nil, func(ctx context.Context, t *tx) error {
		first, err := s.nextSorted(ctx, t, sorted)
		if err != nil {
			return err
		}
		steps := slices.Clone(steps)
		for _, m := range sorted.Merged {
			steps = append(steps, step{query: `UPDATE misses SET gap = $1 WHERE gap = $2`, args: []any{m.Into, m.From}})
		}
		for i, p := range sorted.Placed {
			steps = append(steps, step{query: `UPDATE misses SET gap = $1, part = $2, placed = $3 WHERE id = $4`, args: []any{p.Place.Group, p.Place.Part, first + int64(i), p.Miss}})
		}
		for _, id := range sorted.Removed { // who asks anew what was answered is placed anew
			steps = append(steps, step{query: `UPDATE misses SET gap = CASE WHEN answered THEN 0 ELSE gap END, placed = 0 WHERE id = $1`, args: []any{id}})
		}
		for _, e := range sorted.Wishes {
			body, err := encode(e)
			if err != nil {
				return err
			}
			steps = append(steps, step{`UPDATE gap_edits SET done = TRUE, body = $1 WHERE number = $2 AND NOT done`, []any{body, e.Number}, expect(errStale("wish"))})
		}
		return s.announced(ctx, t, micros(s.now()), sorted.Gaps, steps)
	})
	if err != nil {
		return fmt.Errorf("put %d misses into groups: %w", len(sorted.Placed), err)
	}
	return nil
}

// nextSorted counts the steps, where nobody else has sorted since.
func (s *Store) nextSorted(ctx context.Context, t *tx, sorted insight.Sorted) (int64, error) {
	first, err := advance(ctx, t, sortedCounter, sorted.Steps())
	if err == nil && sorted.Known != nil && first != *sorted.Known+1 {
		err = errStale("sorting")
	}
	return first, err
}

// sortedCounter counts what was ever done to groups, and what befell their misses without who sorts.
const sortedCounter = "sorted"

// advance counts on, and returns the first of so many new numbers.
func advance(ctx context.Context, t *tx, counter string, by int) (int64, error) {
	var value int64
	err := t.row(ctx, []any{&value}, `UPDATE counters SET value = value + $1 WHERE name = $2 RETURNING value`, by, counter)
	return value - int64(by) + 1, err
}

func (s *Store) wishes(ctx context.Context, where string, args ...any) ([]insight.Wish, error) {
	var out []insight.Wish
	err := s.db.single().each(ctx, func(scan func(...any) error) error {
		var w insight.Wish
		var number int64
		var body string
		err := scan(&number, &body)
		if err == nil {
			err = decode(body, &w)
		}
		w.Number = number
		out = append(out, w)
		return err
	}, `SELECT number, body FROM gap_edits `+where+` ORDER BY number`, args...)
	if err != nil {
		return nil, s.explain(fmt.Errorf("read wishes about groups: %w", err))
	}
	return out, nil
}

// Wishes are those that were carried out or refused, or else those that still are to be, in order.
func (s *Store) Wishes(ctx context.Context, done bool) ([]insight.Wish, error) {
	if done {
		return s.wishes(ctx, `WHERE done`)
	}
	return s.wishes(ctx, `WHERE NOT done`)
}

// Wish finds one by its number.
func (s *Store) Wish(ctx context.Context, number int64) (insight.Wish, error) {
	found, err := s.wishes(ctx, `WHERE number = $1`, number)
	if err == nil && len(found) == 0 {
		err = fault.New(fault.NotFound, "there is no wish %d", number)
	}
	if err != nil {
		return insight.Wish{}, err
	}
	return found[0], nil
}

// AddWish keeps what somebody wants done to groups, for who sorts them, and returns its number.
func (s *Store) AddWish(ctx context.Context, w insight.Wish) (number int64, err error) {
	body, err := encode(w)
	if err != nil {
		return 0, err
	}
	err = s.write(ctx, nil, func(ctx context.Context, t *tx) error {
		t.tell(Misses)
		return t.row(ctx, []any{&number}, `INSERT INTO gap_edits (done, author, at, body) VALUES (FALSE, $1, $2, $3) RETURNING number`, w.By, w.At, body)
	})
	if err != nil {
		return 0, fmt.Errorf("keep a wish about groups: %w", err)
	}
	return number, nil
}

// MissIn finds a miss of a group by its ID or the beginning of that.
func (s *Store) MissIn(ctx context.Context, gap insight.GroupID, id string) (insight.Miss, error) {
	found, err := s.misses(ctx, `WHERE gap = $1 AND substr(id, 1, length($2)) = $2 ORDER BY id LIMIT 2`, gap, strings.TrimSpace(id))
	switch {
	case err != nil:
		return insight.Miss{}, err
	case len(found) == 0 || id == "":
		return insight.Miss{}, fault.New(fault.NotFound, "this gap has no question “%s”: “faqbot gaps show” lists them", id)
	case len(found) > 1:
		return insight.Miss{}, fault.New(fault.Invalid, "several questions begin with “%s”: write more of it", id)
	}
	return found[0], nil
}

// MissesByID are those with these IDs that are there.
func (s *Store) MissesByID(ctx context.Context, ids []string) ([]insight.Miss, error) {
	var out []insight.Miss
	for chunk := range slices.Chunk(ids, maxRows) {
		args := make([]any, len(chunk))
		for i, id := range chunk {
			args[i] = id
		}
		found, err := s.misses(ctx, `WHERE id IN `+in(1, len(args))+` ORDER BY id`, args...)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

// Merged are the groups that became part of others, in the order in which they began.
func (s *Store) Merged(ctx context.Context) (mergers []insight.Merger, last insight.GroupID, err error) {
	if err := s.db.single().row(ctx, []any{&last}, `SELECT coalesce(max(id), 0) FROM gaps`); err != nil {
		return nil, 0, s.explain(fmt.Errorf("look for the last gap: %w", err))
	}
	gaps, err := list[insight.Gap](ctx, s, `SELECT body FROM gaps WHERE status = 'merged' ORDER BY id`)
	out := make([]insight.Merger, len(gaps))
	for i, g := range gaps {
		out[i] = insight.Merger{From: g.ID, Into: g.Into}
	}
	return out, last, err
}

// Sorted counts what was ever done to groups: who remembers the groups of one count has nothing to learn while it is the same.
func (s *Store) Sorted(ctx context.Context) (int64, error) {
	var n int64
	err := s.db.single().row(ctx, []any{&n}, `SELECT value FROM counters WHERE name = $1`, sortedCounter)
	if err != nil {
		return 0, s.explain(fmt.Errorf("count what was sorted: %w", err))
	}
	return n, nil
}
