package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"faqbot/faq/fault"
	"faqbot/knowledge/insight"
)

// Gaps are those of a status by number, newest first; "" is every status. Merged ones are left out.
func (s *Store) Gaps(ctx context.Context, status insight.GapStatus, limit int) ([]insight.Gap, error) {
	return list[insight.Gap](ctx, s, `SELECT body FROM gaps WHERE (status = $1 OR $1 = '' AND status <> 'merged') ORDER BY number DESC LIMIT $2`, status, limit)
}

// Gap is the one with a number; a merged one is the one it was merged into.
func (s *Store) Gap(ctx context.Context, number int64) (insight.Gap, error) {
	g, err := s.gap(ctx, `number = $1`, number)
	for range maxMerges {
		if err != nil || g.Into == "" {
			return g, err
		}
		g, err = s.gap(ctx, `id = $1`, g.Into)
	}
	return g, err
}

// maxMerges bounds how often a gap was merged into one that was merged.
const maxMerges = 1000

func (s *Store) gap(ctx context.Context, where string, arg any) (insight.Gap, error) {
	found, err := list[insight.Gap](ctx, s, `SELECT body FROM gaps WHERE `+where, arg)
	if err == nil && len(found) == 0 {
		err = fault.New(fault.NotFound, "there is no gap %v: “faqbot gaps list” shows all", arg)
	}
	if err != nil {
		return insight.Gap{}, err
	}
	return found[0], nil
}

// GapsOf are the gaps with these IDs that are there.
func (s *Store) GapsOf(ctx context.Context, ids []insight.GapID) (map[insight.GapID]insight.Gap, error) {
	out := map[insight.GapID]insight.Gap{}
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
			return t.run(ctx, steps)
		})
	}
	if err != nil {
		return fmt.Errorf("save gap %d: %w", g.Number, err)
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
		if g.Into != "" {
			status = "merged"
		}
		steps = append(steps, versioned("gaps", `id, number, status, version, body`, `status = excluded.status`, loaded,
			[]any{g.ID, g.Number, status, g.Version, body}))
	}
	return steps, nil
}

// Place puts misses into groups, in this order; groups that begin with one get a number. A Conflict fault says that one of them is in a group already.
func (s *Store) Place(ctx context.Context, placements []insight.Placement) error {
	err := s.write(ctx, nil, func(ctx context.Context, t *tx) error {
		first, err := advance(ctx, t, "sorted", len(placements))
		if err != nil {
			return err
		}
		var steps []step
		for i, p := range placements {
			steps = append(steps, step{`UPDATE misses SET gap = $1, placed = $2 WHERE id = $3 AND gap = ''`, []any{p.Gap, first + int64(i), p.Miss},
				expect(errStale("miss"))})
			if p.Opens == nil {
				continue
			}
			g := *p.Opens
			if g.Number, err = advance(ctx, t, "gaps", 1); err != nil {
				return err
			}
			opened, err := gapSteps(g)
			if err != nil {
				return err
			}
			steps = append(steps, opened...)
		}
		return t.run(ctx, steps)
	})
	if err != nil {
		return fmt.Errorf("put %d misses into groups: %w", len(placements), err)
	}
	return nil
}

// advance counts on, and returns the first of so many new numbers.
func advance(ctx context.Context, t *tx, counter string, by int) (int64, error) {
	var value int64
	err := t.row(ctx, []any{&value}, `UPDATE counters SET value = value + $1 WHERE name = $2 RETURNING value`, by, counter)
	return value - int64(by) + 1, err
}

// Edits are what people did to groups by hand, in order, after one.
func (s *Store) Edits(ctx context.Context, after int64) ([]insight.Edit, error) {
	return list[insight.Edit](ctx, s, `SELECT body FROM gap_edits WHERE number > $1 ORDER BY number`, after)
}

// Edit does to groups what somebody wants, and keeps it for ever. The gaps are stored with it, at the versions that they have; one of version 0 gets a
// number, which is returned (0 without such a one).
func (s *Store) Edit(ctx context.Context, e insight.Edit, gaps ...insight.Gap) (number int64, err error) {
	err = s.write(ctx, nil, func(ctx context.Context, t *tx) error {
		t.tell(Misses)
		number = 0
		if e.Number, err = advance(ctx, t, "sorted", 1); err != nil {
			return err
		}
		for i := range gaps {
			if gaps[i].Version == 0 {
				if number, err = advance(ctx, t, "gaps", 1); err != nil {
					return err
				}
				gaps[i].Number = number
			}
		}
		steps, err := gapSteps(gaps...)
		if err != nil {
			return err
		}
		body, err := encode(e)
		if err != nil {
			return err
		}
		steps = append(steps, step{query: `INSERT INTO gap_edits (number, author, at, body) VALUES ($1, $2, $3, $4)`, args: []any{e.Number, e.By, e.At, body}})
		if e.Kind == insight.Merge {
			steps = append(steps, step{query: `UPDATE misses SET gap = $1 WHERE gap = $2`, args: []any{e.To, e.Gap}})
		}
		for _, miss := range e.Misses {
			steps = append(steps, step{`UPDATE misses SET gap = $1 WHERE id = $2 AND gap = $3`, []any{e.To, miss, e.Gap},
				expect(fault.New(fault.Conflict, "miss %s is not in this gap any more", miss))})
		}
		return t.run(ctx, steps)
	})
	if err != nil {
		return 0, fmt.Errorf("edit groups: %w", err)
	}
	return number, nil
}

// Busiest are the groups by how many people asked for them from one time until another, the most first.
func (s *Store) Busiest(ctx context.Context, from, to time.Time, limit int) ([]insight.GapID, error) {
	var out []insight.GapID
	err := s.db.single().each(ctx, func(scan func(...any) error) error {
		var id insight.GapID
		var people int
		err := scan(&id, &people)
		out = append(out, id)
		return err
	}, `SELECT gap, count(DISTINCT person) AS people FROM misses WHERE at >= $1 AND at < $2 AND NOT answered AND gap <> ''
		GROUP BY gap ORDER BY people DESC, gap LIMIT $3`, from, to, limit)
	if err != nil {
		return nil, s.explain(fmt.Errorf("count people by group: %w", err))
	}
	return out, nil
}

// Numbers counts what is known of groups at a moment.
func (s *Store) Numbers(ctx context.Context, now time.Time, ids ...insight.GapID) (map[insight.GapID]insight.Numbers, error) {
	out := map[insight.GapID]insight.Numbers{}
	err := s.db.read(ctx, func(ctx context.Context, t *tx) error {
		clear(out)
		for _, id := range ids {
			n, err := numbersOf(ctx, t, id, now)
			if err != nil {
				return err
			}
			out[id] = n
		}
		return nil
	})
	if err != nil {
		return nil, s.explain(fmt.Errorf("count misses of groups: %w", err))
	}
	return out, nil
}

const week = 7 * 24 * time.Hour

func numbersOf(ctx context.Context, t *tx, id insight.GapID, now time.Time) (insight.Numbers, error) {
	n := insight.Numbers{Gap: id}
	var first, last sql.NullInt64
	if err := t.row(ctx, []any{&n.Misses, &n.People, &first, &last}, `SELECT count(*), count(DISTINCT person), min(at), max(at) FROM misses
		WHERE gap = $1 AND NOT answered AND at < $2`, id, now); err != nil {
		return n, err
	}
	n.FirstAt, n.LastAt = fromMicros(first.Int64), fromMicros(last.Int64)
	for i := range insight.Weeks + 1 {
		var people, minutes int
		to := now.Add(-time.Duration(i) * week)
		if err := t.row(ctx, []any{&people, &minutes}, `SELECT count(DISTINCT person), CAST(coalesce(sum(minutes), 0) AS BIGINT) FROM misses
			WHERE gap = $1 AND NOT answered AND at >= $2 AND at < $3`, id, to.Add(-week), to); err != nil {
			return n, err
		}
		n.Minutes += minutes
		if i == 0 {
			n.Week = people
		} else {
			n.Before[i-1] = people
		}
	}
	return n, nil
}

// Days counts, for the groups that many people asked for in the last 24 hours, those people and those of the days before.
func (s *Store) Days(ctx context.Context, now time.Time, least int) ([]insight.Day, error) {
	const day = 24 * time.Hour
	var out []insight.Day
	err := s.db.read(ctx, func(ctx context.Context, t *tx) error {
		out = nil
		if err := t.each(ctx, func(scan func(...any) error) error {
			var d insight.Day
			err := scan(&d.Gap, &d.People)
			out = append(out, d)
			return err
		}, `SELECT gap, count(DISTINCT person) FROM misses WHERE at >= $1 AND at < $2 AND NOT answered AND gap <> ''
			GROUP BY gap HAVING count(DISTINCT person) >= $3 ORDER BY gap`, now.Add(-day), now, least); err != nil {
			return err
		}
		for i := range out {
			err := t.row(ctx, []any{&out[i].Month}, `SELECT count(*) FROM (SELECT DISTINCT person, at / $4 AS day FROM misses
				WHERE gap = $1 AND at >= $2 AND at < $3 AND NOT answered) asked`, out[i].Gap, now.Add(-29*day), now.Add(-day), day.Microseconds())
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, s.explain(fmt.Errorf("count people of a day by group: %w", err))
	}
	return out, nil
}

// MissIn finds a miss of a group by its ID or the beginning of that.
func (s *Store) MissIn(ctx context.Context, gap insight.GapID, id string) (insight.Miss, error) {
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

// Sorted is how many times misses were placed and groups edited.
func (s *Store) Sorted(ctx context.Context) (int64, error) {
	var n int64
	err := s.db.single().row(ctx, []any{&n}, `SELECT value FROM counters WHERE name = 'sorted'`)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return n, s.explain(err)
}
