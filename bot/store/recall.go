package store

import (
	"context"
	"fmt"
	"time"

	"faqbot/knowledge/insight"
)

// Conversations implements [insight.Records]. They are added up by the database: there may be many.
func (s *Store) Conversations(ctx context.Context, in insight.Period, now time.Time) ([]insight.Conversation, error) {
	var out []insight.Conversation
	err := s.each(ctx, "conversations", func(scan func(...any) error) error {
		var c insight.Conversation
		var h insight.Handoff
		var ended, replied int64
		var handed bool
		err := scan(&c.Alike, &c.Questions, &c.FellBack, &c.Met, &c.Answers, &c.Rejected, &ended, &c.Standing, &c.Confirmed, &c.Returned, &handed, &h.End, &replied)
		c.Ended, h.RepliedAt = fromMicros(ended), fromMicros(replied)
		if handed {
			c.Handoff = &h
		}
		out = append(out, c)
		return err
	}, `SELECT count(*), sum(questions), sum(fell_back), sum(met), sum(answers), sum(rejected), max(ended_at), standing, confirmed, returned, handed, ending, max(replied_at)
		FROM (SELECT t.*, t.returned_at > 0 AS returned, h.alias IS NOT NULL AS handed, coalesce(h.ending, '') AS ending, coalesce(h.replied_at, 0) AS replied_at,
			CASE WHEN t.ended_at <= $3 THEN 2 WHEN t.ended_at <= $4 THEN 1 ELSE 0 END AS age
			FROM tallies t LEFT JOIN handoffs h ON t.ticket <> '' AND h.alias = t.ticket WHERE t.started_at >= $1 AND t.started_at < $2) begun
		GROUP BY standing, confirmed, returned, handed, ending, replied_at > 0, age, questions > 0 ORDER BY min(started_at)`,
		in.From, in.To, now.Add(-insight.ReturnWithin), now.Add(-insight.EndsAfter))
	return out, err
}

// Handoffs implements [insight.Records].
func (s *Store) Handoffs(ctx context.Context, in insight.Period) ([]insight.Handoff, error) {
	var out []insight.Handoff
	err := s.each(ctx, "tickets", func(scan func(...any) error) error {
		var h insight.Handoff
		var opened, replied, closedAt int64
		err := scan(&opened, &replied, &closedAt, &h.End, &h.Rating)
		h.OpenedAt, h.RepliedAt, h.ClosedAt = fromMicros(opened), fromMicros(replied), fromMicros(closedAt)
		out = append(out, h)
		return err
	}, `SELECT opened_at, replied_at, closed_at, ending, rating FROM handoffs WHERE opened_at >= $1 AND opened_at < $2 ORDER BY opened_at, alias`, in.From, in.To)
	return out, err
}

// Promises implements [insight.Records]. One that nobody has looked at since its time went by is broken.
func (s *Store) Promises(ctx context.Context, in insight.Period, now time.Time) ([]insight.Promises, error) {
	var out []insight.Promises
	err := s.each(ctx, "promises", func(scan func(...any) error) error {
		var p insight.Promises
		var lapsed bool
		err := scan(&p.Count, &p.Moved, &p.Fate, &lapsed)
		if lapsed && p.Fate == insight.PromisePending {
			p.Fate = insight.PromiseBroken
		}
		out = append(out, p)
		return err
	}, `SELECT count(*), moved, fate, lapsed FROM (SELECT moved, fate, due < $3 AS lapsed FROM promises WHERE made_at >= $1 AND made_at < $2) made
		GROUP BY moved, fate, lapsed ORDER BY fate, moved, lapsed`, in.From, in.To, now)
	return out, err
}

// each reads rows of what figures are made of.
func (s *Store) each(ctx context.Context, what string, scan func(scan func(...any) error) error, query string, args ...any) error {
	if err := s.db.single().each(ctx, scan, query, args...); err != nil {
		return s.explain(fmt.Errorf("recall %s: %w", what, err))
	}
	return nil
}
