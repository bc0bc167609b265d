package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

// scene completes the situation of an event that has to do with staff: at a desk, or about a message that was sent for a ticket. The ticket's
// customer takes the place of who acts.
func (s *Store) scene(ctx context.Context, event channel.Event, desk *handoff.Desk, out *bot.Situation) error {
	out.Conversation, out.Ticket = bot.Conversation{}, nil
	return s.db.read(ctx, func(ctx context.Context, t *tx) error {
		if event.Kind != channel.Settled {
			out.Desk = desk
			if err := inTurn(ctx, t, event); err != nil {
				return err
			}
			if err := staffed(ctx, t, event, out); err != nil {
				return err
			}
		}
		id, err := ticketAt(ctx, t, event, out.Action)
		if err != nil || id == "" {
			return err
		}
		return about(ctx, t, id, out)
	})
}

// inTurn says to look again later where something that the same person said before at the same place still waits.
func inTurn(ctx context.Context, t *tx, event channel.Event) error {
	var some bool
	err := t.row(ctx, []any{&some}, `SELECT EXISTS (SELECT 1 FROM deferred d WHERE d.place = $1 AND d.timer = '' AND d.event <> $2
		AND d.id < coalesce((SELECT min(o.id) FROM deferred o WHERE o.event = $2), d.id + 1) AND `+alive+`)`, bot.KeyOf(event), event.ID)
	if err == nil && some {
		return bot.ErrLater
	}
	return err
}

// staffed reads who acts at a desk.
func staffed(ctx context.Context, t *tx, event channel.Event, out *bot.Situation) error {
	id := handoff.StaffOf(event.Address.Network, event.From.ID)
	out.Work.Staff = handoff.Staff{ID: id, Person: event.From}
	var body string
	err := t.row(ctx, []any{&body}, `SELECT body FROM staff WHERE id = $1`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return decode(body, &out.Work.Staff)
}

// ticketAt is the ticket that an event is about: the button's, the thread's, that of the message it replies to.
func ticketAt(ctx context.Context, t *tx, event channel.Event, pressed *bot.Action) (handoff.TicketID, error) {
	if event.Kind == channel.Settled {
		var r handoff.Report
		err := json.Unmarshal([]byte(event.Body), &r)
		return r.Ticket, err
	}
	if pressed != nil && pressed.Ticket != "" {
		return pressed.Ticket, nil
	}
	a := event.Address
	for _, q := range []struct {
		about, query string
	}{
		{string(a.Thread), `SELECT ticket FROM threads WHERE network = $1 AND chat = $2 AND thread = $3`},
		{string(event.ReplyTo), `SELECT ticket FROM threads WHERE network = $1 AND chat = $2 AND card = $3`},
		{string(event.ReplyTo), `SELECT ticket FROM links WHERE network = $1 AND chat = $2 AND message = $3`},
		{string(event.Message), `SELECT ticket FROM links WHERE origin_network = $1 AND origin_chat = $2 AND origin_message = $3 LIMIT 1`},
	} {
		if q.about == "" {
			continue
		}
		var id handoff.TicketID
		switch err := t.row(ctx, []any{&id}, q.query, a.Network, a.Chat, q.about); {
		case err == nil:
			return id, nil
		case !errors.Is(err, sql.ErrNoRows):
			return "", err
		}
	}
	if event.Kind == channel.Reacted { // whatever it is about, it is nothing to wait for
		return "", nil
	}
	return "", unnamed(ctx, t, event)
}

// unnamed says to look again later where staff reply to a message, or write in a thread, whose name may be one that is not recorded yet.
func unnamed(ctx context.Context, t *tx, event channel.Event) error {
	if event.Address.Thread != "" {
		return unopened(ctx, t, event)
	}
	if event.ReplyTo == "" {
		return onItsWay(ctx, t, event)
	}
	var some bool
	err := t.row(ctx, []any{&some}, `SELECT EXISTS (SELECT 1 FROM queues WHERE network = $1 AND chat = $2 AND state IN ('sending', 'retrying'))`,
		event.Address.Network, event.Address.Chat)
	if err == nil && some {
		return bot.ErrLater
	}
	return err
}

// unopened says to look again later where a thread may be one that was opened a moment ago: staff can write there before we have its name.
func unopened(ctx context.Context, t *tx, event channel.Event) error {
	var some bool
	err := t.row(ctx, []any{&some}, `SELECT EXISTS (SELECT 1 FROM outbox o JOIN queues q ON q.network = o.network AND q.chat = o.chat
		WHERE q.network = $1 AND q.chat = $2 AND q.state IN ('sending', 'retrying') AND o.state IN ('sending', 'retrying')
		AND o.act = 'open')`, event.Address.Network, event.Address.Chat)
	if err == nil && some {
		return bot.ErrLater
	}
	return err
}

// onItsWay says to look again later where a message was changed or deleted before it was shown.
func onItsWay(ctx context.Context, t *tx, e channel.Event) error {
	if e.Kind != channel.Edited && e.Kind != channel.Deleted || e.Message == "" {
		return nil
	}
	origin, err := encode(e.Message)
	if err != nil {
		return err
	}
	var some bool
	err = t.row(ctx, []any{&some}, `SELECT EXISTS (SELECT 1 FROM outbox WHERE ticket <> '' AND settled_at = 0 AND replace(post, $1, '') <> post)`,
		`"message":`+origin)
	if err == nil && some {
		return bot.ErrLater
	}
	return err
}

// about reads all that belongs to a ticket.
func about(ctx context.Context, t *tx, id handoff.TicketID, out *bot.Situation) error {
	var body string
	err := t.row(ctx, []any{&body}, `SELECT body FROM tickets WHERE id = $1`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // forgotten with its customer
	}
	if err != nil {
		return err
	}
	out.Ticket = new(handoff.Ticket)
	if err := decode(body, out.Ticket); err != nil {
		return err
	}
	if out.Ticket.Status == handoff.Closed {
		c := out.Ticket.Customer
		if err := t.row(ctx, []any{&out.Work.Found.Beside}, `SELECT coalesce(max(number), 0) FROM tickets WHERE network = $1 AND person = $2 AND status <> 'closed'`,
			c.Address.Network, c.Person.ID); err != nil {
			return err
		}
	}
	var version int64
	err = t.row(ctx, []any{&version, &body}, `SELECT version, body FROM conversations WHERE place = $1 ORDER BY ordinal DESC LIMIT 1`, out.Ticket.Place)
	if errors.Is(err, sql.ErrNoRows) { // they were asked in a group, and have not written in private yet
		err = t.row(ctx, []any{&version, &body}, `SELECT version, body FROM conversations WHERE id = $1`, out.Ticket.Conversation)
	}
	if err == nil {
		err = decode(body, &out.Conversation)
		out.Conversation.Version = version
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if out.Work.Threads, err = threadsOf(ctx, t, id); err != nil {
		return err
	}
	return replied(ctx, t, out)
}

// replied finds what a message that was replied to stands for: what it was made of, or what was made of it where the ticket's other side is.
func replied(ctx context.Context, t *tx, out *bot.Situation) error {
	e := out.Event
	var err error
	if out.Work.Shown, err = shownOf(ctx, t, e); err != nil || e.ReplyTo == "" {
		return err
	}
	for _, where := range []string{byShown, byOrigin} {
		found, err := links(ctx, t, where, e.Address, e.ReplyTo)
		if err != nil {
			return err
		}
		out.Work.Replied = append(out.Work.Replied, found...)
	}
	return nil
}

const (
	byShown  = `network = $1 AND chat = $2 AND message = $3`
	byOrigin = `origin_network = $1 AND origin_chat = $2 AND origin_message = $3`
)

func links(ctx context.Context, t *tx, where string, at channel.Address, message channel.MessageID) ([]handoff.Link, error) {
	var out []handoff.Link
	err := t.each(ctx, func(scan func(...any) error) error {
		var l handoff.Link
		err := scan(&l.Shown.Address.Network, &l.Shown.Address.Chat, &l.Shown.Address.Thread, &l.Shown.Message,
			&l.Origin.Address.Network, &l.Origin.Address.Chat, &l.Origin.Address.Thread, &l.Origin.Message, &l.Ticket)
		out = append(out, l)
		return err
	}, `SELECT network, chat, thread, message, origin_network, origin_chat, origin_thread, origin_message, ticket FROM links WHERE `+where+
		` ORDER BY network, chat, message, origin_message`, at.Network, at.Chat, message)
	return out, err
}

// shownOf finds where a message that was changed or deleted is shown, and whether others are shown in the same one.
func shownOf(ctx context.Context, t *tx, e channel.Event) ([]handoff.Shown, error) {
	if e.Kind != channel.Edited && e.Kind != channel.Deleted || e.Message == "" {
		return nil, nil
	}
	found, err := links(ctx, t, byOrigin, e.Address, e.Message)
	if err == nil && len(found) == 0 {
		err = onItsWay(ctx, t, e)
	}
	if err != nil {
		return nil, err
	}
	var out []handoff.Shown
	for _, l := range found {
		all, err := links(ctx, t, byShown, l.Shown.Address, l.Shown.Message)
		if err != nil {
			return nil, err
		}
		out = append(out, handoff.Shown{Link: l, Alone: len(all) == 1})
	}
	return out, nil
}
