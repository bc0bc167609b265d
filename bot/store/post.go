package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

// unthreaded holds back what waits for a thread: it is released when that stands.
const unthreaded = math.MaxInt64 / 2

// place puts what was taken where its ticket's thread is by now. What belongs in a thread that does not stand yet waits for it.
func (t *taking) place(ctx context.Context, tx *tx) error {
	held := map[int64]bool{}
	for i := range t.taken {
		o := &t.taken[i].Outgoing
		if o.Post.Desk == "" {
			continue
		}
		var thread handoff.Thread
		err := tx.row(ctx, []any{&thread.Address.Chat, &thread.Address.Thread, &thread.Card, &thread.State, &thread.Private},
			`SELECT chat, thread, card, state, private FROM threads WHERE ticket = $1 AND desk = $2`, o.Post.Ticket, o.Post.Desk)
		if errors.Is(err, sql.ErrNoRows) {
			continue // the desk was removed: it goes to the place itself
		}
		if err != nil {
			return err
		}
		if o.Post.Act == handoff.OpensThread {
			o.Post.Private = thread.Private
			continue
		}
		if thread.State == handoff.Wanted || thread.State == handoff.Parted {
			held[t.taken[i].ID] = true
			continue
		}
		o.Message.To.Thread = thread.Address.Thread
		switch {
		case o.Post.Act == handoff.ChangesCard:
			o.Message.Replaces = thread.Card
		case thread.Address.Thread == "" && o.Message.ReplyTo == "":
			o.Message.ReplyTo = thread.Card // without threads a ticket is what replies to its card
		}
	}
	return t.hold(ctx, tx, held)
}

// hold puts rows back until their threads stand.
func (t *taking) hold(ctx context.Context, tx *tx, held map[int64]bool) error {
	var steps []step
	for _, row := range t.taken {
		if held[row.ID] {
			steps = append(steps, step{query: `UPDATE outbox SET state = 'waiting', attempts = attempts - 1, not_before = $1, lead = 0 WHERE id = $2 OR lead = $2`,
				args: []any{int64(unthreaded), row.ID}})
			steps = append(steps, mend(queueKey{t.network, row.Outgoing.Message.To.Chat}, t.now)...)
		}
	}
	t.taken = slices.DeleteFunc(t.taken, func(row bot.Sending) bool { return held[row.ID] })
	return tx.run(ctx, steps)
}

// settlePost follows a message that has to do with a ticket: its thread stands, what was carried on is linked, and the engine hears of what it
// must act on.
func settlePost(p place, r bot.SendResult) ([]step, error) {
	post := p.post
	if post.Ticket == "" {
		return nil, nil
	}
	var steps []step
	add := func(query string, args ...any) { steps = append(steps, step{query: query, args: args}) }
	report := handoff.Report{Ticket: post.Ticket, Desk: post.Desk, Act: post.Act, Origin: post.Origin}
	switch {
	case r.Message != "" && post.Act == handoff.OpensThread:
		add(`UPDATE threads SET chat = $1, thread = $2, card = $3, state = $4 WHERE ticket = $5 AND desk = $6`,
			p.chat, r.Thread, r.Message, handoff.Standing, post.Ticket, post.Desk)
		// What was planned while the chat moved is addressed to where it was; the queue there is done with.
		add(`UPDATE outbox SET not_before = 0, chat = $4 WHERE ticket = $1 AND desk = $2 AND state = 'waiting' AND not_before = $3`,
			post.Ticket, post.Desk, int64(unthreaded), p.chat)
		add(`DELETE FROM queues WHERE network = $1 AND chat <> $2 AND state = 'free' AND due = $3 AND NOT EXISTS (SELECT 1 FROM outbox o
			WHERE o.network = queues.network AND o.chat = queues.chat AND o.state IN ('waiting', 'retrying', 'sending'))`, p.network, p.chat, int64(unthreaded))
		report.Fate, report.Reason = handoff.Delivered, r.Lacks
	case r.Message != "" && post.Act == handoff.LetsIn && r.Lacks != "":
		report.Fate, report.Reason = handoff.Failed, r.Lacks
	case r.Message != "":
		return linked(p, r)
	case r.Lost:
		add(`UPDATE threads SET state = $1 WHERE ticket = $2 AND desk = $3 AND thread <> '' AND state <> $4`, handoff.Parted, post.Ticket, post.Desk,
			handoff.Left)
		report.Fate, report.Reason = handoff.Unthreaded, r.Reason
	case !r.Retry.IsZero():
		return nil, nil
	default:
		if post.Act == handoff.OpensThread {
			add(`UPDATE threads SET state = $1 WHERE ticket = $2 AND desk = $3`, handoff.Missed, post.Ticket, post.Desk)
		}
		report.Fate, report.Reason, report.Row, report.Gone = handoff.Failed, r.Reason, r.ID, r.Gone
	}
	told, err := tell(p, r, report)
	return append(steps, told...), err
}

// linked remembers which message became which, and of a note at a desk that it is there: it may stand in one message with what was relayed. Where there are
// no threads every word about a ticket is remembered, for who replies to it means that.
func linked(p place, r bot.SendResult) ([]step, error) {
	origin := p.post.Origin
	var m channel.Message
	if err := decode(p.body, &m); err != nil {
		return nil, err
	}
	if origin.Message == "" && (p.post.Act != handoff.Shows || m.To.Private || m.Replaces != "" || m.To.Thread != "" && p.post.Desk == "") {
		return nil, nil
	}
	return inserts(`links (network, chat, message, ticket, thread, origin_network, origin_chat, origin_thread, origin_message, at)`, [][]any{{
		p.network, p.chat, r.Message, p.post.Ticket, m.To.Thread, origin.Address.Network, origin.Address.Chat, origin.Address.Thread, origin.Message, r.At,
	}}, ` ON CONFLICT DO NOTHING`), nil
}

// tell leaves an event for the engine.
func tell(p place, r bot.SendResult, report handoff.Report) ([]step, error) {
	body, err := encode(report)
	if err != nil {
		return nil, err
	}
	e := channel.Event{
		ID: channel.EventID(fmt.Sprintf("outbox:%d:%s:%d:%s", r.ID, report.Fate, micros(r.At), report.Ticket)), Kind: channel.Settled, At: r.At, Addressed: true,
		Address: channel.Address{Network: p.network, Chat: p.chat}, Command: string(report.Fate), Body: body,
	}
	event, err := encode(e)
	if err != nil {
		return nil, err
	}
	return inserts(`deferred (event, timer, place, network, person, cause, attempts, aside, retry_at, at, body)`, [][]any{{
		e.ID, "", p.conversation, p.network, "", "", 0, false, r.At, r.At, event, // of one conversation one after the other
	}}, ` ON CONFLICT (event) DO NOTHING`), nil
}

// cardSteps drop changes of a card that still wait where this turn shows it anew: what it was in between is of no interest, and a group takes few
// messages a minute. A card that was never sent is shown as it is now. Queues are locked first, as by who takes what waits in them.
func (c *commit) cardSteps(w words) []step {
	if len(c.outbox.cards) == 0 {
		return nil
	}
	steps := lockQueues(w, c.outbox.keys)
	for _, card := range c.outbox.cards {
		steps = append(steps,
			step{query: `DELETE FROM outbox WHERE ticket = $1 AND desk = $2 AND state = 'waiting' AND settled_at = 0 AND act = $3`,
				args: []any{card.ticket, card.desk, handoff.ChangesCard}},
			step{query: `UPDATE outbox SET body = $1 WHERE ticket = $2 AND desk = $3 AND ` + unseen, args: []any{card.body, card.ticket, card.desk, handoff.OpensThread}})
	}
	return steps
}

// unseen is an opening card that nobody can have seen yet; its act is the fourth argument.
const unseen = `ticket <> '' AND settled_at = 0 AND state = 'waiting' AND attempts = 0 AND act = $4`

// sameCardSteps drop changes that the card itself shows when it comes.
func (c *commit) sameCardSteps() []step {
	var steps []step
	for _, card := range c.outbox.cards {
		steps = append(steps, step{query: `DELETE FROM outbox WHERE ticket = $1 AND desk = $2 AND state = 'waiting' AND settled_at = 0 AND act = $3
			AND EXISTS (SELECT 1 FROM outbox WHERE ticket = $1 AND desk = $2 AND ` + unseen + `)`,
			args: []any{card.ticket, card.desk, handoff.ChangesCard, handoff.OpensThread}})
	}
	return steps
}

// againSteps send rows again that were given up.
func (c *commit) againSteps(t *tx) []step {
	var steps []step
	for _, id := range c.turn.Again {
		t.tell(Outbox)
		steps = append(steps,
			step{query: `UPDATE outbox SET state = 'waiting', attempts = 0, not_before = 0, settled_at = 0, lead = 0 WHERE id = $1 AND state = 'failed' AND body <> ''`, args: []any{id}},
			step{query: `INSERT INTO queues (network, chat, state, due, urgent, since)
				SELECT network, chat, 'free', 0, urgent, since FROM outbox WHERE id = $1 AND state = 'waiting'
				ON CONFLICT (network, chat) DO UPDATE SET due = excluded.due, urgent = excluded.urgent, since = excluded.since
				WHERE queues.state = 'free' AND queues.due > excluded.due`, args: []any{id}})
	}
	return steps
}
