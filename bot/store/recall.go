package store

import (
	"context"
	"fmt"
	"time"

	"faqbot/knowledge/insight"
)

// Conversations implements [insight.Records].
func (s *Store) Conversations(ctx context.Context, in insight.Period) ([]insight.Conversation, error) {
	var out []insight.Conversation
	err := s.each(ctx, "conversations", func(scan func(...any) error) error {
		var c insight.Conversation
		var started, ended, returned int64
		var ticket string
		var h handoffRow
		err := scan(append([]any{&started, &ended, &returned, &c.Network, &c.Language, &c.Questions, &c.FellBack, &c.Answers, &c.Rejected, &c.Standing, &c.Confirmed,
			&ticket}, h.into()...)...)
		c.Started, c.Ended, c.Returned = fromMicros(started), fromMicros(ended), returned > 0
		if ticket != "" {
			found := h.handoff()
			c.Handoff = &found
		}
		out = append(out, c)
		return err
	}, `SELECT t.started_at, t.ended_at, t.returned_at, t.network, t.language, t.questions, t.fell_back, t.answers, t.rejected, t.standing, t.confirmed,
		coalesce(h.alias, ''), `+handoffColumns+` FROM tallies t LEFT JOIN handoffs h ON h.alias = t.ticket
		WHERE t.started_at >= $1 AND t.started_at < $2 ORDER BY t.started_at, t.alias`, in.From, in.To)
	return out, err
}

// Handoffs implements [insight.Records].
func (s *Store) Handoffs(ctx context.Context, in insight.Period) ([]insight.Handoff, error) {
	var out []insight.Handoff
	err := s.each(ctx, "tickets", func(scan func(...any) error) error {
		var h handoffRow
		err := scan(h.into()...)
		out = append(out, h.handoff())
		return err
	}, `SELECT `+handoffColumns+` FROM handoffs h WHERE h.opened_at >= $1 AND h.opened_at < $2 ORDER BY h.opened_at, h.alias`, in.From, in.To)
	return out, err
}

const handoffColumns = `coalesce(h.network, ''), coalesce(h.language, ''), coalesce(h.opened_at, 0), coalesce(h.replied_at, 0), coalesce(h.closed_at, 0),
	coalesce(h.ending, ''), coalesce(h.rating, 0)`

type handoffRow struct {
	value                     insight.Handoff
	opened, replied, closedAt int64
}

func (r *handoffRow) into() []any {
	return []any{&r.value.Network, &r.value.Language, &r.opened, &r.replied, &r.closedAt, &r.value.End, &r.value.Rating}
}

func (r *handoffRow) handoff() insight.Handoff {
	h := r.value
	h.OpenedAt, h.RepliedAt, h.ClosedAt = fromMicros(r.opened), fromMicros(r.replied), fromMicros(r.closedAt)
	return h
}

// Promises implements [insight.Records]. One that nobody has looked at since its time went by is broken.
func (s *Store) Promises(ctx context.Context, in insight.Period, now time.Time) ([]insight.Promise, error) {
	var out []insight.Promise
	err := s.each(ctx, "promises", func(scan func(...any) error) error {
		var p insight.Promise
		var made, due int64
		err := scan(&made, &due, &p.Moved, &p.Fate)
		p.MadeAt = fromMicros(made)
		if p.Fate == insight.PromisePending && due < micros(now) {
			p.Fate = insight.PromiseBroken
		}
		out = append(out, p)
		return err
	}, `SELECT made_at, due, moved, fate FROM promises WHERE made_at >= $1 AND made_at < $2 ORDER BY made_at, ticket`, in.From, in.To)
	return out, err
}

// each reads rows of what figures are made of.
func (s *Store) each(ctx context.Context, what string, scan func(scan func(...any) error) error, query string, args ...any) error {
	if err := s.db.single().each(ctx, scan, query, args...); err != nil {
		return s.explain(fmt.Errorf("recall %s: %w", what, err))
	}
	return nil
}
