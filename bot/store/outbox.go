package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
)

// Take implements [bot.Outbox]. Sending.Attempts counts the attempts before this one.
func (s *Store) Take(ctx context.Context, network channel.Network, now time.Time, limit int) ([]bot.Sending, error) {
	if limit <= 0 {
		return nil, nil
	}
	t := taking{network: network, now: micros(now), limit: limit, claim: rand.Text(), words: s.db.words()}
	var some bool
	err := s.db.single().row(ctx, []any{&some}, `SELECT EXISTS
		(SELECT 1 FROM queues WHERE network = $1 AND state <> 'sending' AND due <= $2)`, network, t.now)
	if err == nil && some {
		err = s.write(ctx, nil, t.run)
	}
	if err != nil {
		return nil, s.explain(fmt.Errorf("take messages to %s: %w", network, err))
	}
	return t.taken, nil
}

// taking is one Take.
type taking struct {
	network channel.Network
	now     int64
	limit   int
	// claim marks the rows of this call, so that it finds them when the answer to its commit was lost.
	claim string
	tried bool
	words words
	taken []bot.Sending
}

func (t *taking) run(ctx context.Context, tx *tx) error {
	t.taken = nil
	if t.tried {
		if err := t.read(ctx, tx, `SELECT `+sendingColumns+` FROM outbox WHERE network = $1 AND state = 'sending' AND claim = $2 AND lead = 0
			ORDER BY urgent DESC, since`, t.network, t.claim); err != nil || len(t.taken) > 0 {
			return errors.Join(err, t.place(ctx, tx), t.rejoin(ctx, tx))
		}
	}
	t.tried = true
	const rounds = 10 // of queues that had nothing to send after all
	for range rounds {
		picks, err := t.pick(ctx, tx)
		if err != nil || len(picks) == 0 {
			return err
		}
		if err := t.mark(ctx, tx, picks); err != nil || len(t.taken) > 0 || len(picks) < t.limit {
			return err
		}
	}
	return nil
}

// pick is a queue that is due, with the row to send; 0 is none, in a queue whose row is out of date.
type pick struct {
	queueKey
	id int64
}

// first is a row that is sent before another, of the best rank, because it was written before it for the same thread; else that one itself. A card that is shown
// anew has no place in that order.
const first = `coalesce((SELECT min(h.id) FROM outbox h WHERE h.ticket = o.ticket AND h.desk = o.desk AND h.ticket <> '' AND h.desk <> '' AND h.settled_at = 0
	AND h.state = 'waiting' AND h.act <> 'card' AND h.not_before <= $2 AND h.id < o.id), o.id)`

func (t *taking) pick(ctx context.Context, tx *tx) ([]pick, error) {
	var picks []pick
	err := tx.each(ctx, func(scan func(...any) error) error {
		p := pick{queueKey: queueKey{network: t.network}}
		var id sql.NullInt64
		err := scan(&p.chat, &id)
		p.id = id.Int64
		picks = append(picks, p)
		return err
	}, `SELECT q.chat, CASE WHEN q.state = 'retrying' THEN
			(SELECT min(o.id) FROM outbox o WHERE o.network = q.network AND o.chat = q.chat AND o.state = 'retrying') ELSE
			(SELECT `+first+` FROM outbox o WHERE o.network = q.network AND o.chat = q.chat AND o.state = 'waiting'
				AND o.not_before <= $2 ORDER BY o.rank, o.id LIMIT 1) END
		FROM queues q WHERE q.network = $1 AND q.state <> 'sending' AND q.due <= $2
		ORDER BY q.urgent DESC, q.since LIMIT $3`+t.words.skip, t.network, t.now, t.limit)
	return picks, err
}

const sendingColumns = `id, chat, body, urgent, not_before, attempts, unknown, post`

func (t *taking) mark(ctx context.Context, tx *tx, picks []pick) error {
	order := map[int64]int{}
	ids, chats := []any{t.claim}, []any{t.network}
	var stale []step
	for i, p := range picks {
		if p.id == 0 {
			stale = append(stale, mend(p.queueKey, t.now)...)
			continue
		}
		order[p.id] = i
		ids, chats = append(ids, p.id), append(chats, p.chat)
	}
	if err := tx.run(ctx, stale); err != nil || len(order) == 0 {
		return err
	}
	err := t.read(ctx, tx, `UPDATE outbox SET state = 'sending', attempts = attempts + 1, claim = $1 WHERE id IN `+
		in(2, len(order))+` RETURNING `+sendingColumns, ids...)
	if err != nil {
		return err
	}
	slices.SortFunc(t.taken, func(a, b bot.Sending) int { return order[a.ID] - order[b.ID] })
	if _, err := tx.exec(ctx, `UPDATE queues SET state = 'sending' WHERE network = $1 AND chat IN `+in(2, len(order)), chats...); err != nil {
		return err
	}
	if err := t.place(ctx, tx); err != nil {
		return err
	}
	return t.join(ctx, tx)
}

func (t *taking) read(ctx context.Context, tx *tx, query string, args ...any) error {
	return tx.each(ctx, func(scan func(...any) error) error {
		var v bot.Sending
		var chat channel.ChatID
		var body, post string
		var held int64
		if err := scan(&v.ID, &chat, &body, &v.Outgoing.Urgent, &held, &v.Attempts, &v.Unknown, &post); err != nil {
			return err
		}
		if post != "" {
			if err := decode(post, &v.Outgoing.Post); err != nil {
				return err
			}
		}
		v.Attempts--
		v.Outgoing.NotBefore = fromMicros(held)
		if err := decode(body, &v.Outgoing.Message); err != nil {
			return err
		}
		v.Outgoing.Message.To.Chat = chat
		t.taken = append(t.taken, v)
		return nil
	}, query, args...)
}

// Recover implements [bot.Outbox].
func (s *Store) Recover(ctx context.Context, network channel.Network) error {
	now := micros(s.now())
	err := s.write(ctx, nil, func(ctx context.Context, t *tx) error {
		keys, err := queuesInFlight(ctx, t, network)
		if err != nil || len(keys) == 0 {
			return err
		}
		steps := lockQueues(s.db.words(), keys)
		steps = append(steps, step{query: `UPDATE outbox SET state = 'retrying', unknown = TRUE, not_before = 0
			WHERE network = $1 AND state = 'sending'`, args: []any{network}})
		for _, key := range keys {
			steps = append(steps, mend(key, now)...)
		}
		t.tell(Outbox)
		return t.run(ctx, steps)
	})
	if err != nil {
		return fmt.Errorf("recover messages to %s: %w", network, err)
	}
	return nil
}

func queuesInFlight(ctx context.Context, t *tx, network channel.Network) ([]queueKey, error) {
	var keys []queueKey
	err := t.each(ctx, func(scan func(...any) error) error {
		key := queueKey{network: network}
		err := scan(&key.chat)
		keys = append(keys, key)
		return err
	}, `SELECT chat FROM queues WHERE network = $1 AND state = 'sending'`, network)
	slices.SortFunc(keys, queueKey.compare)
	return keys, err
}

// Next implements [bot.Outbox]: a row that waits to be tried again counts as held back.
func (s *Store) Next(ctx context.Context, network channel.Network, now time.Time) (time.Time, error) {
	var held, retry sql.NullInt64
	err := s.db.single().row(ctx, []any{&held, &retry}, `SELECT
		(SELECT min(not_before) FROM outbox WHERE network = $1 AND state = 'waiting' AND not_before > 0 AND not_before > $2),
		(SELECT min(due) FROM queues WHERE network = $1 AND state = 'retrying' AND state <> 'sending' AND due > $2)`, network, now)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, s.explain(fmt.Errorf("look when the next message to %s is due: %w", network, err))
	}
	next := held
	if !next.Valid || retry.Valid && retry.Int64 < next.Int64 {
		next = retry
	}
	return fromMicros(next.Int64), nil
}
