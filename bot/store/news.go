package store

import (
	"context"
	"fmt"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/knowledge/insight"
)

// Notify keeps an event that the engine acts on when it is due; one with the same ID is kept once, and never again after it was acted on.
func (s *Store) Notify(ctx context.Context, events ...channel.Event) error {
	var steps []step
	for _, e := range events {
		more, err := notify(e)
		if err != nil {
			return err
		}
		steps = append(steps, more...)
	}
	err := s.write(ctx, nil, func(ctx context.Context, t *tx) error {
		t.tell(Timers)
		return t.run(ctx, steps)
	})
	if err != nil {
		return fmt.Errorf("keep %d events: %w", len(events), err)
	}
	return nil
}

func notify(e channel.Event) ([]step, error) {
	body, err := encode(e)
	if err != nil {
		return nil, err
	}
	return []step{{query: `INSERT INTO deferred (event, timer, place, network, person, cause, attempts, aside, retry_at, at, body)
		SELECT $1, '', $2, $3, $4, '', 0, FALSE, CAST($5 AS BIGINT), CAST($5 AS BIGINT), $6 WHERE NOT EXISTS (SELECT 1 FROM inbox WHERE event = $1)
		ON CONFLICT (event) DO NOTHING`, args: []any{e.ID, bot.KeyOf(e), e.Address.Network, e.From.ID, e.At, body}}}, nil
}

// News has those told who asked to be, where an entry answers by now: at a decent hour of theirs, each once. It reports how many there were, at most limit.
func (s *Store) News(ctx context.Context, now time.Time, limit int) (int, error) {
	count := 0
	err := s.write(ctx, nil, func(ctx context.Context, t *tx) error {
		count = 0
		var steps []step
		if err := t.each(ctx, func(scan func(...any) error) error {
			var missBody, ticket, talkBody, gapBody, id string
			if err := scan(&id, &missBody, &ticket, &talkBody, &gapBody); err != nil {
				return err
			}
			event, err := newsEvent(missBody, talkBody, gapBody, now, handoff.TicketID(ticket))
			if err != nil {
				return err
			}
			more, err := notify(event)
			count++
			steps = append(append(steps, more...), step{query: `UPDATE misses SET wants = FALSE WHERE id = $1`, args: []any{id}})
			return err
		}, `SELECT m.id, m.body, m.ticket, c.body, g.body FROM gaps g JOIN misses m ON m.gap = g.id JOIN conversations c ON c.id = m.conversation
			WHERE g.status = $1 AND m.wants AND m.at <= g.closed_at ORDER BY m.id LIMIT $2`, insight.GapAnswered, limit); err != nil {
			return err
		}
		if count > 0 {
			t.tell(Timers)
		}
		return t.run(ctx, steps)
	})
	if err != nil {
		return 0, fmt.Errorf("tell those who asked to be told: %w", err)
	}
	return count, nil
}

// newsEvent tells one person: once for each time that a gap is answered.
func newsEvent(missBody, talkBody, gapBody string, now time.Time, ticket handoff.TicketID) (channel.Event, error) {
	var m insight.Miss
	var c bot.Conversation
	var g insight.Gap
	for _, v := range []struct {
		body string
		into any
	}{{missBody, &m}, {talkBody, &c}, {gapBody, &g}} {
		if err := decode(v.body, v.into); err != nil {
			return channel.Event{}, err
		}
	}
	body, err := encode(bot.News{Gap: g.ID, Entry: g.Entry, Question: m.Utterance, AskedAt: m.At, Ticket: ticket})
	return channel.Event{
		ID:   channel.EventID(fmt.Sprintf("news:%d:%d:%s:%s", g.ID, g.Reopened, m.Network, m.Person)),
		Kind: channel.Due, Command: string(bot.TimerNews), Body: body, From: c.Customer, Address: c.Address, At: bot.NewsAt(m.At, now), Addressed: true,
	}, err
}
