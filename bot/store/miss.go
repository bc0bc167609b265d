package store

import (
	"context"
	"fmt"
	"time"

	"faqbot/knowledge/insight"
)

// missColumns are those of a miss, for [scanMiss]: what is counted stands beside the text and wins over it.
const missColumns = `id, body, gap, part, reason, answered, wants, ticket, outcome, minutes`

func scanMiss(scan func(...any) error) (insight.Miss, error) {
	var m insight.Miss
	var id, body, reason, ticket, outcome string
	var gap insight.GroupID
	var part int64
	var minutes int
	var answered, wants bool
	if err := scan(&id, &body, &gap, &part, &reason, &answered, &wants, &ticket, &outcome, &minutes); err != nil {
		return m, err
	}
	err := decode(body, &m)
	m.ID, m.Gap, m.Part, m.Answered, m.Wants, m.Outcome, m.Minutes = id, gap, part, answered, wants, outcome, minutes
	if reason != "" {
		m.Reason = insight.Reason(reason)
	}
	if ticket != "" {
		m.Ticket = ticket
	}
	return m, err
}

func (s *Store) misses(ctx context.Context, where string, args ...any) ([]insight.Miss, error) {
	var out []insight.Miss
	err := s.db.single().each(ctx, func(scan func(...any) error) error {
		m, err := scanMiss(scan)
		out = append(out, m)
		return err
	}, `SELECT `+missColumns+` FROM misses `+where, args...)
	if err != nil {
		return nil, s.explain(fmt.Errorf("read misses: %w", err))
	}
	return out, nil
}

// Unplaced are misses that belong to no group yet, oldest first, of before a time: what comes at the same moment may still be on its way. Those that were
// answered after all are left out.
func (s *Store) Unplaced(ctx context.Context, before time.Time, limit int) ([]insight.Miss, error) {
	return s.misses(ctx, `WHERE gap = 0 AND NOT answered AND at < $1 ORDER BY at, id LIMIT $2`, before, limit)
}

// Leaving are misses that were put into groups and count no more: they were answered after all, or are of before a time.
func (s *Store) Leaving(ctx context.Context, before time.Time, limit int) ([]insight.Miss, error) {
	found, err := s.misses(ctx, `WHERE placed > 0 AND answered ORDER BY placed LIMIT $1`, limit)
	if err != nil || before.IsZero() || len(found) == limit {
		return found, err
	}
	old, err := s.misses(ctx, `WHERE at < $1 AND placed <> 0 AND NOT answered ORDER BY at, id LIMIT $2`, before, limit-len(found))
	return append(found, old...), err
}

// Placed are misses in the order in which they were put into groups, after the one of a number; last is that of the last.
func (s *Store) Placed(ctx context.Context, after int64, limit int) (page []insight.Miss, last int64, err error) {
	// That it is more than 0, too, has the databases see that the index of those is enough.
	if page, err = s.misses(ctx, `WHERE placed > 0 AND placed > $1 ORDER BY placed LIMIT $2`, after, limit); err != nil || len(page) == 0 {
		return nil, after, err
	}
	err = s.db.single().row(ctx, []any{&last}, `SELECT placed FROM misses WHERE id = $1`, page[len(page)-1].ID)
	return page, last, err
}

// MissesOf are those of a group, newest first.
func (s *Store) MissesOf(ctx context.Context, gap insight.GroupID, limit int) ([]insight.Miss, error) {
	return s.misses(ctx, `WHERE gap = $1 ORDER BY at DESC, id LIMIT $2`, gap, limit)
}

// Waiting counts the people who asked to be told of an answer to a gap's questions and were not told yet.
func (s *Store) Waiting(ctx context.Context, gap insight.GroupID) (int, error) {
	var n int
	if err := s.db.single().row(ctx, []any{&n}, `SELECT COUNT(DISTINCT person) FROM misses WHERE gap = $1 AND wants`, gap); err != nil {
		return 0, s.explain(fmt.Errorf("count who asked to be told: %w", err))
	}
	return n, nil
}

// GiveUp notes of which questions nothing came: their conversation has been quiet since a time.
func (s *Store) GiveUp(ctx context.Context, quiet time.Time) error {
	err := s.write(ctx, nil, func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, `UPDATE misses SET reason = $1 WHERE at < $2 AND at > $3 AND NOT answered AND reason IN ($4, $5)
			AND NOT EXISTS (SELECT 1 FROM conversations c WHERE c.id = misses.conversation AND c.last_at >= $2)`,
			insight.Abandoned, quiet, quiet.AddDate(0, 0, -7), insight.NothingFitted, insight.Unsure)
		return err
	})
	if err != nil {
		return fmt.Errorf("note which questions were given up: %w", err)
	}
	return nil
}
