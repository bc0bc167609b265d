package store

import (
	"context"
	"fmt"
)

// Counts are for metrics and `doctor`.
type Counts struct {
	Entries, Conversations, OpenTickets int64
	// OutboxWaiting are messages that are not sent yet, those in flight included; OutboxFailed were given up.
	OutboxWaiting, OutboxFailed int64
	// Deferred are events to be tried again; SetAside those that nobody tries any more.
	Deferred, SetAside int64
	// WebhooksWaiting are deliveries of events that are still to be made; WebhooksFailed were given up.
	WebhooksWaiting, WebhooksFailed int64
}

// Counts counts what there is.
func (s *Store) Counts(ctx context.Context) (Counts, error) {
	var c Counts
	err := s.db.single().row(ctx, []any{
		&c.Entries, &c.Conversations, &c.OpenTickets, &c.OutboxWaiting, &c.OutboxFailed, &c.Deferred, &c.SetAside, &c.WebhooksWaiting, &c.WebhooksFailed,
	}, `SELECT (SELECT count(*) FROM entries), (SELECT count(*) FROM conversations),
		(SELECT count(*) FROM tickets WHERE status <> 'closed'),
		(SELECT count(*) FROM outbox WHERE state = 'waiting') + (SELECT count(*) FROM outbox WHERE state = 'sending')
			+ (SELECT count(*) FROM outbox WHERE state = 'retrying'),
		(SELECT count(*) FROM outbox WHERE state = 'failed'),
		(SELECT count(*) FROM deferred d WHERE `+alive+`), (SELECT count(*) FROM deferred WHERE aside),
		(SELECT count(*) FROM webhooks WHERE settled_at = 0), (SELECT count(*) FROM webhooks WHERE settled_at > 0)`)
	if err != nil {
		return Counts{}, s.explain(fmt.Errorf("count: %w", err))
	}
	return c, nil
}
