package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/faq/fault"
)

// maxAttempts is how often an event is tried before it is set aside.
const maxAttempts = 3

// longestWait is how long an event may wait for a message that is on its way before that counts as a failure.
const longestWait = time.Hour

// maxCause is how much of an error's text is kept, in bytes: the stack of a panic is long.
const maxCause = 4000

// Defer implements [bot.Store]. An event that was committed meanwhile is not stored.
func (s *Store) Defer(ctx context.Context, event channel.Event, cause error, retry time.Time) error {
	body, err := encode(event)
	if err != nil {
		return fmt.Errorf("encode event %s: %w", event.ID, err)
	}
	reason := "no reason was given"
	if cause != nil {
		reason = cause.Error()
		reason = reason[:min(len(reason), maxCause)]
	}
	// Who waits for a message that is still on its way has not failed: a group takes one in three seconds, and much may wait for it. Nor has who lost to
	// others all the time.
	counts := 1
	if (errors.Is(cause, bot.ErrLater) || fault.Is(cause, fault.Conflict)) && retry.Sub(event.At) < longestWait {
		counts = 0
	}
	err = s.write(ctx, nil, func(ctx context.Context, t *tx) error {
		t.tell(Timers)
		_, err := t.exec(ctx, `INSERT INTO deferred
			(event, timer, place, network, person, cause, attempts, aside, retry_at, at, body)
			SELECT $1, $2, $3, $4, $5, $6, CAST($11 AS BIGINT), FALSE, CAST($7 AS BIGINT), CAST($8 AS BIGINT), $9
			WHERE NOT EXISTS (SELECT 1 FROM inbox WHERE event = $1)
			ON CONFLICT (event) DO UPDATE SET cause = excluded.cause, attempts = deferred.attempts + excluded.attempts,
			aside = (deferred.attempts + excluded.attempts >= $10), retry_at = excluded.retry_at`,
			event.ID, timerOf(event), bot.KeyOf(event), event.Address.Network, event.From.ID, reason, retry, event.At, body, maxAttempts, counts)
		return err
	})
	if err != nil {
		return fmt.Errorf("defer event %s: %w", event.ID, err)
	}
	return nil
}

// alive keeps deferred events d that are still to be acted on: not set aside, not committed, and not of a timer that was replaced.
const alive = ` (NOT d.aside AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.event = d.event)
	AND (d.timer = '' OR EXISTS (SELECT 1 FROM timers w WHERE w.id = d.timer)))`

// dueEvent is an event with the time it is sorted by.
type dueEvent struct {
	at    int64
	event channel.Event
}

// Deferred implements [bot.Store]. Of each conversation key only the oldest deferred event is returned; the next follows once that
// one is committed or set aside.
func (s *Store) Deferred(ctx context.Context, network channel.Network, now time.Time, limit int) ([]channel.Event, error) {
	var due []dueEvent
	err := s.read(ctx, func(ctx context.Context, t *tx) error {
		due = nil
		if err := t.each(ctx, func(scan func(...any) error) error {
			var d dueEvent
			var body string
			if err := scan(&d.at, &body); err != nil {
				return err
			}
			err := decode(body, &d.event)
			due = append(due, d)
			return err
		}, `SELECT f.at, f.body FROM deferred f WHERE NOT f.aside AND f.retry_at <= $1 AND ($3 = '' OR f.network = $3)
			AND f.id = (SELECT min(d.id) FROM deferred d WHERE d.place = f.place AND `+alive+`) ORDER BY f.id LIMIT $2`, now, limit, network); err != nil {
			return err
		}
		timers, err := dueTimers(ctx, t, network, now, limit)
		due = append(due, timers...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read deferred events: %w", err)
	}
	slices.SortStableFunc(due, func(a, b dueEvent) int { return cmp.Compare(a.at, b.at) })
	out := make([]channel.Event, 0, min(len(due), max(limit, 0)))
	for _, d := range due[:cap(out)] {
		out = append(out, d.event)
	}
	return out, nil
}

// dueTimers are timers as events; one that was tried and deferred comes with the deferred.
func dueTimers(ctx context.Context, t *tx, network channel.Network, now time.Time, limit int) ([]dueEvent, error) {
	var out []dueEvent
	err := t.each(ctx, func(scan func(...any) error) error {
		d := dueEvent{event: channel.Event{Kind: channel.Due, Addressed: true}}
		var id, conversation string
		if err := scan(&id, &d.event.Command, &d.at, &d.event.Body, &conversation); err != nil {
			return err
		}
		var c bot.Conversation
		if err := decode(conversation, &c); err != nil {
			return err
		}
		d.event.ID = channel.EventID(timerPrefix + id)
		d.event.At, d.event.From, d.event.Address = fromMicros(d.at), c.Customer, c.Address
		out = append(out, d)
		return nil
	}, `SELECT w.id, w.kind, w.due, w.body, c.body FROM timers w JOIN conversations c ON c.id = w.conversation
		WHERE w.due <= $1 AND ($3 = '' OR c.network = $3) AND NOT EXISTS (SELECT 1 FROM deferred d WHERE d.event = '`+timerPrefix+`' || w.id)
		ORDER BY w.due, w.id LIMIT $2`, now, limit, network)
	return out, err
}

// NextDue is when the next timer or deferred event is due; zero where there is none.
func (s *Store) NextDue(ctx context.Context) (time.Time, error) {
	var due int64
	err := s.db.single().row(ctx, []any{&due}, `SELECT coalesce(min(due), 0) FROM (
		SELECT min(w.due) AS due FROM timers w WHERE NOT EXISTS (SELECT 1 FROM deferred d WHERE d.event = '`+timerPrefix+`' || w.id)
		UNION ALL SELECT min(d.retry_at) FROM deferred d WHERE `+alive+`) both_kinds`)
	if err != nil {
		return time.Time{}, s.explain(fmt.Errorf("look when the next timer is due: %w", err))
	}
	return fromMicros(due), nil
}

// SetAside is an event that failed too often, for a person to look at.
type SetAside struct {
	Event    channel.Event
	Cause    string
	Attempts int
}

// SetAside lists events that were set aside, newest first.
func (s *Store) SetAside(ctx context.Context, limit int) ([]SetAside, error) {
	var out []SetAside
	err := s.db.single().each(ctx, func(scan func(...any) error) error {
		var v SetAside
		var body string
		if err := scan(&body, &v.Cause, &v.Attempts); err != nil {
			return err
		}
		err := decode(body, &v.Event)
		out = append(out, v)
		return err
	}, `SELECT body, cause, attempts FROM deferred WHERE aside ORDER BY id DESC LIMIT $1`, limit)
	if err != nil {
		return nil, s.explain(fmt.Errorf("list events set aside: %w", err))
	}
	return out, nil
}
