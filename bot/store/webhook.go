package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"faqbot/bot/handoff"
	"faqbot/knowledge/insight/webhook"
)

// announcer keeps events for those who are told of them.
type announcer struct{ targets []webhook.TargetID }

// announce makes the steps that keep an event, to be run in the transaction t of what it tells of: there are both, or neither. data becomes JSON
// and goes to other programs, so no customer is named in it; a question that somebody asked stands in it masked, and as it does in its
// miss, so that /forget finds it. Nothing is kept where nobody is told.
func (a announcer) announce(t *tx, at int64, kind webhook.Kind, data any) ([]step, error) {
	if len(a.targets) == 0 {
		return nil, nil
	}
	body, err := encode(data)
	if err != nil {
		return nil, fmt.Errorf("encode the data of %s: %w", kind, err)
	}
	id := rand.Text()
	var rows [][]any
	for _, target := range a.targets {
		rows = append(rows, []any{id, target, kind, at, body, 0, 0, at, "", 0})
	}
	t.tell(Webhooks)
	return inserts(`webhooks (event, target, kind, at, data, attempts, tried_at, due, reason, settled_at)`, rows, ``), nil
}

// announceSteps tell of a ticket that this turn closes or that is rated after its end.
func (c *commit) announceSteps(ctx context.Context, t *tx) ([]step, error) {
	v := c.turn.Ticket
	if v == nil || v.Status != handoff.Closed || len(c.targets) == 0 {
		return nil, nil
	}
	var before handoff.Ticket
	if v.Version > 0 {
		var body string
		err := t.row(ctx, []any{&body}, `SELECT body FROM tickets WHERE id = $1 AND version = $2`, v.ID, v.Version)
		if errors.Is(err, sql.ErrNoRows) {
			return nil, nil // somebody else was faster, which the step that changes the ticket will find
		}
		if err != nil {
			return nil, err
		}
		if err := decode(body, &before); err != nil {
			return nil, err
		}
	}
	switch {
	case before.Status != handoff.Closed:
		return c.announce(t, c.at, webhook.TicketClosed, toldOf(*v))
	case before.Rating != v.Rating:
		return c.announce(t, c.at, webhook.TicketRated, toldOf(*v))
	}
	return nil, nil
}

// toldOf is what other programs are told of a ticket.
func toldOf(t handoff.Ticket) webhook.Ticket {
	told := webhook.Ticket{
		Number: t.Number, Outcome: string(t.Outcome), Language: string(t.Language), Network: string(t.Customer.Address.Network),
		OpenedAt: t.OpenedAt.UTC(), ClosedAt: t.ClosedAt.UTC(), Reopened: t.Reopened, Rating: t.Rating,
	}
	if !t.ClaimedAt.IsZero() {
		told.ClaimedAt = t.ClaimedAt.UTC()
	}
	if !t.RepliedAt.IsZero() {
		waited := int64(t.RepliedAt.Sub(t.OpenedAt).Seconds())
		told.FirstReplySeconds = &waited
	}
	return told
}

// WebhookQueue implements [webhook.Queue].
type WebhookQueue struct{ store *Store }

// Webhooks are the events that are to be sent, whoever they were kept for.
func (s *Store) Webhooks() WebhookQueue { return WebhookQueue{s} }

// Pending implements [webhook.Queue].
func (q WebhookQueue) Pending(ctx context.Context, target webhook.TargetID, limit int) ([]webhook.Delivery, error) {
	var out []webhook.Delivery
	err := q.store.db.single().each(ctx, func(scan func(...any) error) error {
		var d webhook.Delivery
		var at, tried, due int64
		var data string
		err := scan(&d.Event.ID, &d.Event.Kind, &at, &data, &d.Attempts, &tried, &due)
		d.Event.At, d.Event.Data, d.TriedAt, d.Due = fromMicros(at), []byte(data), fromMicros(tried), fromMicros(due)
		out = append(out, d)
		return err
	}, `SELECT event, kind, at, data, attempts, tried_at, due FROM webhooks WHERE target = $1 AND settled_at = 0 ORDER BY due, at, event LIMIT $2`, target, limit)
	if err != nil {
		return nil, q.store.explain(fmt.Errorf("read what is due to a webhook: %w", err))
	}
	return out, nil
}

// Settle implements [webhook.Queue].
func (q WebhookQueue) Settle(ctx context.Context, event webhook.EventID, target webhook.TargetID, r webhook.Result) error {
	const row = ` WHERE event = $1 AND target = $2 AND settled_at = 0`
	const failed = `UPDATE webhooks SET attempts = attempts + 1, tried_at = CASE tried_at WHEN 0 THEN $3 ELSE tried_at END, reason = $4, `
	change := step{query: failed + `due = $5` + row, args: []any{event, target, r.At, r.Reason, r.Due}}
	switch r.Fate {
	case webhook.Delivered:
		change = step{query: `DELETE FROM webhooks` + row, args: []any{event, target}}
	case webhook.GivenUp:
		change = step{query: failed + `settled_at = $3` + row, args: []any{event, target, r.At, r.Reason}}
	}
	err := q.store.write(ctx, nil, func(ctx context.Context, t *tx) error { return t.run(ctx, []step{change}) })
	if err != nil {
		return fmt.Errorf("record an attempt at webhook event %s: %w", event, err)
	}
	return nil
}

// Backlog is what one receiver has not got: what it is still to be told, or what was given up.
type Backlog struct {
	Target  webhook.TargetID
	GivenUp bool
	Events  int64
	// Oldest is when the first of them happened.
	Oldest time.Time
	// Attempts is how often one of them was tried at most, and Reason why it failed.
	Attempts int64
	Reason   string
}

// Backlogs are those of all receivers, of such as are no longer set too.
func (q WebhookQueue) Backlogs(ctx context.Context) ([]Backlog, error) {
	var out []Backlog
	err := q.store.db.single().each(ctx, func(scan func(...any) error) error {
		var b Backlog
		var oldest int64
		err := scan(&b.Target, &b.GivenUp, &b.Events, &oldest, &b.Attempts, &b.Reason)
		b.Oldest = fromMicros(oldest)
		out = append(out, b)
		return err
	}, `SELECT target, settled_at > 0, count(*), min(at), max(attempts), max(reason) FROM webhooks GROUP BY target, settled_at > 0 ORDER BY 1, 2`)
	if err != nil {
		return nil, q.store.explain(fmt.Errorf("count what webhooks were not told: %w", err))
	}
	return out, nil
}
