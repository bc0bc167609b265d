package store

import (
	"context"
	"fmt"
	"slices"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

// move follows a chat to its new address, such as that of a group which has become a supergroup: what waits for it, a desk that is there, and its
// tickets. Messages have other numbers there, so nothing may point at those of before: what is known of them is dropped, and the cards of tickets
// that are not closed are shown anew.
func move(ctx context.Context, t *tx, p place, r bot.SendResult) ([]step, error) {
	if r.MovedTo == "" || r.MovedTo == p.chat {
		return nil, nil
	}
	m := moving{place: p, result: r}
	for _, part := range []func(context.Context, *tx) error{m.messages, m.desks, m.threads} {
		if err := part(ctx, t); err != nil {
			return nil, fmt.Errorf("move from %s to %s: %w", p.chat, r.MovedTo, err)
		}
	}
	m.add(`UPDATE actions SET chat = $1 WHERE network = $2 AND chat = $3`, r.MovedTo, p.network, p.chat)
	m.add(`DELETE FROM links WHERE network = $1 AND chat = $2`, p.network, p.chat)
	return m.steps, nil
}

// moveSteps follow a chat of whose new address the network told by itself. Where a message found that out before, there is nothing left to follow.
func (c *commit) moveSteps(ctx context.Context, t *tx, w words) ([]step, error) {
	to, from := c.turn.MovedTo, queueKey{c.event.Address.Network, c.event.Address.Chat}
	if to == "" || to == from.chat {
		return nil, nil
	}
	p, r := place{queueKey: from}, bot.SendResult{MovedTo: to, At: fromMicros(c.at)}
	moved, err := move(ctx, t, p, r)
	if err != nil {
		return nil, err
	}
	keys := sortedKeys(map[queueKey]bool{from: true, {from.network, to}: true})
	steps := slices.Concat(makeQueues(map[int64]place{r.ID: p}, []bot.SendResult{r}), lockQueues(w, keys), moved)
	for _, key := range keys {
		steps = append(steps, mend(key, c.at)...)
	}
	t.tell(Outbox)
	t.tell(Timers)
	return steps, nil
}

// moving is one move.
type moving struct {
	place
	result bot.SendResult
	steps  []step
}

func (m *moving) add(query string, args ...any) {
	m.steps = append(m.steps, step{query: query, args: args})
}

// messages sends what waits to the new chat; it answers and replaces nothing there.
func (m *moving) messages(ctx context.Context, t *tx) error {
	const waiting = ` WHERE network = $1 AND chat = $2 AND state IN ('waiting', 'retrying', 'sending')`
	err := t.each(ctx, func(scan func(...any) error) error {
		var id int64
		var body string
		if err := scan(&id, &body); err != nil {
			return err
		}
		var message channel.Message
		if err := decode(body, &message); err != nil {
			return err
		}
		if message.ReplyTo == "" && message.Replaces == "" {
			return nil
		}
		message.ReplyTo, message.Replaces = "", ""
		body, err := encode(message)
		m.add(`UPDATE outbox SET body = $1 WHERE id = $2`, body, id)
		return err
	}, `SELECT id, body FROM outbox`+waiting, m.network, m.chat)
	m.add(`UPDATE outbox SET chat = $3`+waiting, m.network, m.chat, m.result.MovedTo)
	return err
}

// desks moves the desk that is there; where the new chat was made one meanwhile, that is it.
func (m *moving) desks(ctx context.Context, t *tx) error {
	var bound bool
	if err := t.row(ctx, []any{&bound}, `SELECT EXISTS (SELECT 1 FROM desks WHERE network = $1 AND chat = $2)`, m.network, m.result.MovedTo); err != nil {
		return err
	}
	return eachBody(ctx, t, func(d handoff.Desk) {
		if bound {
			m.add(`DELETE FROM desks WHERE id = $1`, d.ID)
			m.add(`DELETE FROM threads WHERE desk = $1`, d.ID)
			return
		}
		loaded := d.Version
		d.Address.Chat = m.result.MovedTo
		d.Version++
		body, err := encode(d)
		if err != nil {
			panic(err) // it was decoded a moment ago
		}
		m.steps = append(m.steps, step{`UPDATE desks SET chat = $1, version = $2, body = $3 WHERE id = $4 AND version = $5`,
			[]any{d.Address.Chat, d.Version, body, d.ID, loaded}, expect(errStale("desk"))})
	}, `SELECT body FROM desks WHERE network = $1 AND chat = $2`, m.network, m.chat)
}

// threads begins the threads of open tickets anew. What belongs to them waits for that.
func (m *moving) threads(ctx context.Context, t *tx) error {
	err := t.each(ctx, func(scan func(...any) error) error {
		report := handoff.Report{Fate: handoff.Unthreaded, Reason: "the chat has moved"}
		var conversation string
		if err := scan(&report.Ticket, &report.Desk, &conversation); err != nil {
			return err
		}
		m.add(`UPDATE outbox SET state = 'waiting', not_before = $1, lead = 0 WHERE ticket = $2 AND desk = $3 AND settled_at = 0
			AND state IN ('waiting', 'retrying') AND post NOT LIKE '%"act":"%'`, int64(unthreaded), report.Ticket, report.Desk)
		p := m.place
		p.conversation = conversation
		told, err := tell(p, m.result, report)
		m.steps = append(m.steps, told...)
		return err
	}, `SELECT h.ticket, h.desk, k.conversation FROM threads h JOIN tickets k ON k.id = h.ticket
		WHERE h.network = $1 AND h.chat = $2 AND h.card <> '' AND k.status <> 'closed' ORDER BY k.number`, m.network, m.chat)
	m.add(`UPDATE threads SET state = CASE WHEN EXISTS (SELECT 1 FROM tickets k WHERE k.id = threads.ticket AND k.status <> 'closed') THEN $1 ELSE $4 END,
		thread = '', card = '' WHERE network = $2 AND chat = $3 AND card <> ''`, handoff.Parted, m.network, m.chat, handoff.Missed)
	m.add(`UPDATE threads SET chat = $1 WHERE network = $2 AND chat = $3`, m.result.MovedTo, m.network, m.chat)
	return err
}
