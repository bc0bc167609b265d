package store

import (
	"context"
	"fmt"
	"time"

	"faqbot/faq/fault"
	"faqbot/knowledge/eval"
)

// The counters of verdicts that were stored, and of those that were deleted. They come to be at their first use, which leaves a dump of an older
// version as it is.
const (
	judgedCounter  = "judged"
	removedCounter = "judged_removed"
)

// raise adds to a counter. Its lock puts all who do so in a row until they are committed, so that who has read up to a number never meets a lower one
// later; it is taken last of all, and held for no longer than that.
func raise(counter string, by int64) step {
	return step{query: `INSERT INTO counters (name, value) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET value = counters.value + excluded.value`, args: []any{counter, by}}
}

// removed counts verdicts that were deleted.
func removed(n int) []step {
	if n == 0 {
		return nil
	}
	return []step{raise(removedCounter, int64(n))}
}

// keepJudged stores verdicts, each in the place of the one before of the same ID.
func keepJudged(judged []eval.Judged) ([]step, error) {
	var steps []step
	for _, j := range judged {
		j.Number = 0
		body, err := encode(j)
		if err != nil {
			return nil, err
		}
		steps = append(steps, raise(judgedCounter, 1), step{
			query: `INSERT INTO judged (id, network, person, source, at, body, number)
				VALUES ($1, $2, $3, $4, $5, $6, (SELECT value FROM counters WHERE name = '` + judgedCounter + `'))
				ON CONFLICT (id) DO UPDATE SET network = excluded.network, person = excluded.person, source = excluded.source, at = excluded.at,
				body = excluded.body, number = excluded.number`,
			args: []any{j.ID, j.Network, j.Person, j.Source, j.At, body},
		})
	}
	return steps, nil
}

// AddJudged stores what staff and editors say of real questions: all of it or nothing. What was said before under the same ID is replaced.
func (s *Store) AddJudged(ctx context.Context, judged ...eval.Judged) error {
	steps, err := keepJudged(judged)
	if err != nil {
		return fmt.Errorf("encode judged questions: %w", err)
	}
	if err := s.write(ctx, nil, func(ctx context.Context, t *tx) error { return t.run(ctx, steps) }); err != nil {
		return fmt.Errorf("store judged questions: %w", err)
	}
	return nil
}

// RemoveJudged deletes judged questions: all of them, or none where one is not there.
func (s *Store) RemoveJudged(ctx context.Context, ids ...string) error {
	err := s.write(ctx, nil, func(ctx context.Context, t *tx) error {
		for _, id := range ids {
			n, err := t.exec(ctx, `DELETE FROM judged WHERE id = $1`, id)
			if err == nil && n == 0 {
				err = fault.New(fault.NotFound, "there is no real question “%s”", id)
			}
			if err != nil {
				return err
			}
		}
		return t.run(ctx, removed(len(ids)))
	})
	if err != nil {
		return fmt.Errorf("remove judged questions: %w", err)
	}
	return nil
}

// Judged lists real questions on whose answer something was said since a time, newest first.
func (s *Store) Judged(ctx context.Context, since time.Time, limit int) ([]eval.Judged, error) {
	return s.judged(ctx, `SELECT number, body FROM judged WHERE at >= $1 ORDER BY at DESC, number DESC LIMIT $2`, since, limit)
}

// JudgedAfter lists those with a number after another one in the order of their numbers: what was said, or said otherwise, since that one. What was
// deleted is not among them; [Store.JudgedVersion] tells of that.
func (s *Store) JudgedAfter(ctx context.Context, number int64, limit int) ([]eval.Judged, error) {
	return s.judged(ctx, `SELECT number, body FROM judged WHERE number > $1 ORDER BY number LIMIT $2`, number, limit)
}

func (s *Store) judged(ctx context.Context, query string, args ...any) ([]eval.Judged, error) {
	var out []eval.Judged
	err := s.db.single().each(ctx, func(scan func(...any) error) error {
		var number int64
		var body string
		if err := scan(&number, &body); err != nil {
			return err
		}
		var j eval.Judged
		err := decode(body, &j)
		j.Number = number
		out = append(out, j)
		return err
	}, query, args...)
	if err != nil {
		return nil, s.explain(fmt.Errorf("list judged questions: %w", err))
	}
	return out, nil
}

// judgedBatch is how many verdicts are read at a time.
const judgedBatch = 1000

// AllJudged lists all there are in the order of their numbers.
func (s *Store) AllJudged(ctx context.Context) ([]eval.Judged, error) {
	var out []eval.Judged
	for last := int64(0); ; last = out[len(out)-1].Number {
		page, err := s.JudgedAfter(ctx, last, judgedBatch)
		out = append(out, page...)
		if err != nil || len(page) < judgedBatch {
			return out, err
		}
	}
}

// JudgedVersion tells cheaply whether anything was said, or deleted, since the last look.
func (s *Store) JudgedVersion(ctx context.Context) (eval.JudgedVersion, error) {
	var v eval.JudgedVersion
	err := s.db.single().row(ctx, []any{&v.Last, &v.Removed}, `SELECT
		coalesce((SELECT value FROM counters WHERE name = '`+judgedCounter+`'), 0),
		coalesce((SELECT value FROM counters WHERE name = '`+removedCounter+`'), 0)`)
	if err != nil {
		return eval.JudgedVersion{}, s.explain(fmt.Errorf("count judged questions: %w", err))
	}
	return v, nil
}
