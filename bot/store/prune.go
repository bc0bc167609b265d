package store

import (
	"context"
	"fmt"
	"time"
)

// Retention says up to when each kind of row is deleted; a zero time keeps all of them.
type Retention struct {
	// Lines of transcripts and of web chats.
	Lines time.Time
	// Misses, and the outcomes that figures are made of.
	Misses time.Time
	// Inbox rows make an event unique. Networks repeat events for a day, so none of the last 48 hours is deleted whatever is said here.
	Inbox time.Time
	// Outbox rows that were sent or given up.
	Outbox time.Time
	// Actions behind buttons.
	Actions time.Time
}

const (
	pruneBatch = 500
	keepInbox  = 48 * time.Hour
)

// Prune deletes what is older, in many small transactions, so that turns are not held up.
func (s *Store) Prune(ctx context.Context, before Retention) error {
	if latest := s.now().Add(-keepInbox); before.Inbox.After(latest) {
		before.Inbox = latest
	}
	for _, p := range []struct {
		table, key, at string
		before         time.Time
	}{
		{"lines", "conversation, version, position", "at", before.Lines},
		{"webchat_lines", "visitor, number", "at", before.Lines},
		{"misses", "id", "at", before.Misses},
		{"outcomes", "conversation, version, position", "at", before.Misses},
		{"inbox", "event", "at", before.Inbox},
		{"outbox", "id", "settled_at", before.Outbox},
		{"actions", "token", "at", before.Actions},
	} {
		if p.before.IsZero() {
			continue
		}
		keep := ""
		if p.table == "lines" { // who takes a ticket over sees the conversation, however long it took
			keep = " AND NOT EXISTS (SELECT 1 FROM tickets t WHERE t.conversation = lines.conversation AND t.status <> 'closed')"
		}
		query := fmt.Sprintf(`DELETE FROM %[1]s WHERE (%[2]s) IN (SELECT %[2]s FROM %[1]s WHERE %[3]s > 0 AND %[3]s < $1%[5]s LIMIT %[4]d)`,
			p.table, p.key, p.at, pruneBatch, keep)
		if err := s.pruneTable(ctx, query, p.before); err != nil {
			return fmt.Errorf("prune %s: %w", p.table, err)
		}
	}
	if !before.Lines.IsZero() {
		if err := s.pruneConversations(ctx, before.Lines); err != nil {
			return err
		}
	}
	err := s.pruneTable(ctx, `DELETE FROM deferred WHERE timer <> '' AND NOT aside AND NOT EXISTS
		(SELECT 1 FROM timers w WHERE w.id = deferred.timer) AND retry_at < $1`, s.now())
	if err != nil {
		return fmt.Errorf("prune deferred: %w", err)
	}
	return s.explain(s.db.tidy(ctx))
}

// pruneConversations deletes what is known of customers who have been quiet for longer, but for those who wait for a person, and events that
// nobody will try any more.
func (s *Store) pruneConversations(ctx context.Context, before time.Time) error {
	for what, query := range map[string]string{
		"conversations": fmt.Sprintf(`DELETE FROM conversations WHERE id IN (SELECT c.id FROM conversations c WHERE c.last_at < $1
			AND NOT EXISTS (SELECT 1 FROM tickets t WHERE t.network = c.network AND t.person = c.person AND t.status <> 'closed') LIMIT %d)`, pruneBatch),
		"events set aside": fmt.Sprintf(`DELETE FROM deferred WHERE id IN (SELECT d.id FROM deferred d WHERE d.aside AND d.at < $1 LIMIT %d)`, pruneBatch),
	} {
		if err := s.pruneTable(ctx, query, before); err != nil {
			return fmt.Errorf("prune %s: %w", what, err)
		}
	}
	return nil
}

func (s *Store) pruneTable(ctx context.Context, query string, before time.Time) error {
	for {
		var n int64
		err := s.write(ctx, nil, func(ctx context.Context, t *tx) (err error) {
			n, err = t.exec(ctx, query, before)
			return err
		})
		if err != nil || n < pruneBatch {
			return err
		}
	}
}
