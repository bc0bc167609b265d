package store

import (
	"context"
	"fmt"
	"time"

	"faqbot/faq"
	"faqbot/knowledge"
	"faqbot/knowledge/insight"
)

// Misses lists questions that were not answered since a time, newest first.
func (s *Store) Misses(ctx context.Context, since time.Time, limit int) ([]insight.Miss, error) {
	return s.misses(ctx, `WHERE at >= $1 ORDER BY at DESC, id LIMIT $2`, since, limit)
}

// Popular are the entries that were answered or confirmed most often since a time, the most frequent first.
func (s *Store) Popular(ctx context.Context, since time.Time, limit int) ([]faq.EntryID, error) {
	var out []faq.EntryID
	err := s.db.single().each(ctx, func(scan func(...any) error) error {
		var id faq.EntryID
		err := scan(&id)
		out = append(out, id)
		return err
	}, `SELECT entry FROM outcomes WHERE at >= $1 AND kind IN ('answered', 'helped') AND entry <> ''
		GROUP BY entry ORDER BY count(*) DESC, entry LIMIT $2`, since, limit)
	if err != nil {
		return nil, s.explain(fmt.Errorf("count popular entries: %w", err))
	}
	return out, nil
}

// Traffic counts what was asked since a time, in the words of those who asked: what is asked word for word as it is published was mostly pressed.
func (s *Store) Traffic(ctx context.Context, since time.Time) (knowledge.Traffic, error) {
	var t knowledge.Traffic
	err := s.db.single().each(ctx, func(scan func(...any) error) error {
		return scan(&t.Answered, &t.Clarified, &t.FellBack)
	}, `SELECT coalesce(sum(CASE WHEN kind = 'answered' AND confidence < 1 THEN 1 ELSE 0 END), 0),
		coalesce(sum(CASE WHEN kind = 'clarified' THEN 1 ELSE 0 END), 0), coalesce(sum(CASE WHEN kind = 'fell_back' THEN 1 ELSE 0 END), 0)
		FROM outcomes WHERE at >= $1 AND kind IN ('answered', 'clarified', 'fell_back')`, since)
	if err != nil {
		return knowledge.Traffic{}, s.explain(fmt.Errorf("count what was asked: %w", err))
	}
	return t, nil
}
