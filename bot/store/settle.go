package store

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"faqbot/bot"
	"faqbot/bot/handoff"
)

// Settle implements [bot.Outbox]. What was delivered loses its text here: the transcript has it.
func (s *Store) Settle(ctx context.Context, results ...bot.SendResult) error {
	if len(results) == 0 {
		return nil
	}
	now := s.now()
	results = slices.Clone(results)
	for i := range results {
		if results[i].At.IsZero() {
			results[i].At = now
		}
	}
	err := s.write(ctx, nil, func(ctx context.Context, t *tx) error { return settle(ctx, t, s.db.words(), results) })
	if err != nil {
		return fmt.Errorf("settle %d messages: %w", len(results), err)
	}
	return nil
}

// place is where a row stands that is being settled.
type place struct {
	queueKey
	conversation      string
	version, position int64
	body              string
	post              bot.Post
}

func settle(ctx context.Context, t *tx, w words, results []bot.SendResult) error {
	results, err := withJoined(ctx, t, results)
	if err != nil {
		return err
	}
	places, err := placesOf(ctx, t, results)
	if err != nil {
		return err
	}
	if results, err = withWaiting(ctx, t, results, places); err != nil {
		return err
	}
	touched := map[queueKey]int64{} // with the time of its newest result
	for _, r := range results {
		p, known := places[r.ID]
		if !known {
			continue // forgotten with its customer
		}
		touched[p.queueKey] = max(touched[p.queueKey], micros(r.At))
		if r.MovedTo != "" {
			to := queueKey{p.network, r.MovedTo}
			touched[to] = max(touched[to], micros(r.At))
		}
	}
	keys := sortedKeys(touched)
	steps := slices.Concat(makeQueues(places, results), lockQueues(w, keys))
	for _, r := range results {
		if p, known := places[r.ID]; known {
			steps = append(steps, settleOne(p, r)...)
			told, err := settlePost(p, r)
			if err != nil {
				return err
			}
			if len(told) > 0 {
				t.tell(Timers)
			}
			steps = append(steps, told...)
			moved, err := move(ctx, t, p, r)
			if err != nil {
				return err
			}
			steps = append(steps, moved...)
		}
	}
	for _, key := range keys {
		steps = append(steps, mend(key, touched[key])...)
	}
	t.tell(Outbox)
	return t.run(ctx, steps)
}

// withJoined adds the results of rows that were sent together with others: the same.
func withJoined(ctx context.Context, t *tx, results []bot.SendResult) ([]bot.SendResult, error) {
	byID, ids := map[int64]bot.SendResult{}, make([]any, len(results))
	for i, r := range results {
		byID[r.ID], ids[i] = r, r.ID
	}
	out := slices.Clone(results)
	for chunk := range slices.Chunk(ids, maxRows) {
		err := t.each(ctx, func(scan func(...any) error) error {
			var id, lead int64
			err := scan(&id, &lead)
			r := byID[lead]
			r.ID = id
			out = append(out, r)
			return err
		}, `SELECT id, lead FROM outbox WHERE lead > 0 AND settled_at = 0 AND lead IN `+in(1, len(chunk))+` ORDER BY id`, chunk...)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// withWaiting adds the results of rows that wait for what will never be: for a chat that is gone, or a thread that cannot be opened. Each is told of like
// the first, so that staff see of all that they wrote what did not arrive. What is written at the same moment is tried, and refused by itself.
func withWaiting(ctx context.Context, t *tx, results []bot.SendResult, places map[int64]place) ([]bot.SendResult, error) {
	known := map[int64]bool{}
	for _, r := range results {
		known[r.ID] = true
	}
	for _, r := range results {
		p, ok := places[r.ID]
		query, args := "", []any(nil)
		switch {
		case !ok || r.Message != "" || r.Lost || !r.Retry.IsZero():
		case r.Gone:
			query, args = `network = $1 AND chat = $2 AND state IN ('waiting', 'retrying')`, []any{p.network, p.chat}
		case p.post.Act == handoff.OpensThread && p.post.Ticket != "":
			query, args = `ticket = $1 AND desk = $2 AND settled_at = 0 AND not_before = $3`, []any{p.post.Ticket, p.post.Desk, int64(unthreaded)}
		}
		if query == "" {
			continue
		}
		var ids []int64
		if err := t.each(ctx, func(scan func(...any) error) error {
			var id int64
			err := scan(&id)
			ids = append(ids, id)
			return err
		}, `SELECT id FROM outbox WHERE `+query+` ORDER BY id`, args...); err != nil {
			return nil, err
		}
		var more []bot.SendResult
		for _, id := range ids {
			if !known[id] {
				known[id] = true
				more = append(more, bot.SendResult{ID: id, Reason: r.Reason, Gone: r.Gone, At: r.At})
			}
		}
		found, err := placesOf(ctx, t, more)
		if err != nil {
			return nil, err
		}
		maps.Copy(places, found)
		results = append(results, more...)
	}
	return results, nil
}

// makeQueues makes the queues of chats that others move to, so that they can be locked; mend removes what is not needed.
func makeQueues(places map[int64]place, results []bot.SendResult) []step {
	moved := map[queueKey]bool{}
	for _, r := range results {
		if p, known := places[r.ID]; known && r.MovedTo != "" {
			moved[queueKey{p.network, r.MovedTo}] = true
		}
	}
	var rows [][]any
	for _, key := range sortedKeys(moved) {
		rows = append(rows, []any{key.network, key.chat, "free", int64(math.MaxInt64), false, 0})
	}
	return inserts(`queues (network, chat, state, due, urgent, since)`, rows, ` ON CONFLICT (network, chat) DO NOTHING`)
}

func placesOf(ctx context.Context, t *tx, results []bot.SendResult) (map[int64]place, error) {
	ids := make([]any, len(results))
	for i, r := range results {
		ids[i] = r.ID
	}
	places := map[int64]place{}
	for chunk := range slices.Chunk(ids, maxRows) {
		err := t.each(ctx, func(scan func(...any) error) error {
			var id int64
			var p place
			var post string
			err := scan(&id, &p.network, &p.chat, &p.conversation, &p.version, &p.position, &p.body, &post)
			if err == nil && post != "" {
				err = decode(post, &p.post)
			}
			places[id] = p
			return err
		}, `SELECT id, network, chat, conversation, version, position, CASE WHEN post = '' THEN '' ELSE body END, post FROM outbox WHERE id IN `+in(1, len(chunk)), chunk...)
		if err != nil {
			return nil, err
		}
	}
	return places, nil
}

func settleOne(p place, r bot.SendResult) []step {
	var steps []step
	add := func(query string, args ...any) { steps = append(steps, step{query: query, args: args}) }
	switch {
	case r.Message != "":
		add(`UPDATE outbox SET state = 'sent', message = $1, settled_at = $2, body = '', reason = ''
			WHERE id = $3 AND state <> 'sent'`, r.Message, r.At, r.ID)
	case r.Lost:
		add(`UPDATE outbox SET state = 'waiting', not_before = $1, unknown = (unknown OR $2), reason = $3, lead = 0
			WHERE id = $4 AND state IN ('sending', 'retrying')`, unthreaded, r.Unknown, r.Reason, r.ID)
	case !r.Retry.IsZero():
		add(`UPDATE outbox SET state = 'retrying', not_before = $1, unknown = (unknown OR $2), reason = $3
			WHERE id = $4 AND state IN ('sending', 'retrying')`, r.Retry, r.Unknown, r.Reason, r.ID)
	default:
		add(`UPDATE outbox SET state = 'failed', unknown = (unknown OR $1), reason = $2, settled_at = $3
			WHERE id = $4 AND settled_at = 0`, r.Unknown, cmp.Or(r.Reason, "gone"), r.At, r.ID)
	}
	if r.Message != "" && p.position >= 0 {
		add(`UPDATE lines SET message = $1 WHERE conversation = $2 AND version = $3 AND position = $4 AND message = ''`,
			r.Message, p.conversation, p.version, p.position)
	}
	return steps
}
