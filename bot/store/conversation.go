package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

// timerPrefix stands before a timer's ID in the ID of its event.
const timerPrefix = "timer:"

// timerOf is the ID of the timer that an event is of; "" for events of a network.
func timerOf(e channel.Event) string {
	if id, ok := strings.CutPrefix(string(e.ID), timerPrefix); ok && e.Kind == channel.Due {
		return id
	}
	return ""
}

// One statement sees one state of the database, so these need no transaction. The conversation is found by place, or by a timer.
const (
	situation = `SELECT EXISTS (SELECT 1 FROM inbox WHERE event = $1), EXISTS (SELECT 1 FROM deferred WHERE event = $1), found.version, found.body,
		(SELECT t.body FROM tickets t WHERE t.network = $3 AND t.person = $6 AND t.status <> 'closed' ORDER BY t.number DESC LIMIT 1),
		(SELECT a.body FROM actions a WHERE a.token = $2 AND a.network = $3 AND (a.chat = $4 OR $7 = 1)),
		(SELECT d.body FROM desks d WHERE d.network = $3 AND d.chat = $4),
		(SELECT t.body FROM tickets t WHERE t.network = $3 AND t.person = $6 AND t.status = 'closed' AND t.closed_at > $8 ORDER BY t.closed_at DESC LIMIT 1),
		EXISTS (SELECT 1 FROM blocked b WHERE b.network = $3 AND b.person = $6 AND b.until > $9)`
	byPlace = situation + ` FROM (SELECT 1 AS one) base LEFT JOIN
		(SELECT place, version, body FROM conversations WHERE place = $5 ORDER BY ordinal DESC LIMIT 1) found ON TRUE`
	byTimer = situation + ` FROM timers w JOIN conversations found ON found.id = w.conversation WHERE w.id = $5`
)

// Load implements [bot.Store]. A timer that is no longer set was acted on, or replaced: its event counts as seen.
func (s *Store) Load(ctx context.Context, event channel.Event) (bot.Situation, error) {
	out := bot.Situation{Event: event}
	query, key := byPlace, bot.KeyOf(event)
	if timer := timerOf(event); timer != "" {
		query, key = byTimer, timer
	}
	token, anywhere := pressed(event)
	var version sql.NullInt64
	var conversation, ticket, action, desk, lately sql.NullString
	err := s.db.single().row(ctx, []any{&out.Seen, &out.Deferred, &version, &conversation, &ticket, &action, &desk, &lately, &out.Blocked}, query,
		event.ID, token, event.Address.Network, event.Address.Chat, key, event.From.ID, anywhere, s.now().Add(-handoff.ReopenWithin), s.now())
	if errors.Is(err, sql.ErrNoRows) {
		out.Seen = true
		return out, nil
	}
	if err == nil {
		err = fill(&out, version.Int64, conversation, ticket, action)
	}
	var at *handoff.Desk
	if err == nil && desk.Valid {
		at = new(handoff.Desk)
		err = decode(desk.String, at)
	}
	switch {
	case err != nil, out.Seen:
	case event.Kind == channel.Settled, at != nil && event.Kind != channel.Due && (!at.Owner || bot.ForEditors(event)): // else the owner's chat is theirs to try the bot in
		err = s.scene(ctx, event, at, &out)
	case out.Ticket != nil, lately.Valid:
		about := out.Ticket
		if about == nil {
			out.Lately = new(handoff.Ticket)
			about, err = out.Lately, decode(lately.String, out.Lately)
		}
		if err != nil {
			break
		}
		err = s.db.read(ctx, func(ctx context.Context, t *tx) (err error) {
			if out.Ticket != nil && relayed(event.Kind) {
				if err := inTurn(ctx, t, event); err != nil {
					return err
				}
			}
			if out.Work.Threads, err = threadsOf(ctx, t, about.ID); err != nil {
				return err
			}
			if event.Command == string(bot.TimerReach) {
				if err := inLine(ctx, t, out.Work.Threads, s.now()); err != nil {
					return err
				}
			}
			return replied(ctx, t, &out)
		})
	}
	if err == nil && !out.Seen {
		out.Fresh.Number, err = s.numbers.lend(ctx, event.ID)
	}
	if err != nil {
		return bot.Situation{}, s.explain(fmt.Errorf("load the situation of event %s: %w", event.ID, err))
	}
	return out, nil
}

// relayed are the events of customers that people read, in their order.
func relayed(kind channel.Kind) bool {
	return kind == channel.Text || kind == channel.Edited || kind == channel.Deleted
}

// pressed is the token that an event brings. A button counts only in the chat where it was shown; a link into the private chat
// ("/start token") is there to be followed from elsewhere.
func pressed(e channel.Event) (token string, anywhere int) {
	switch {
	case e.Kind == channel.Press:
		return e.Body, 0
	case e.Kind == channel.Command && e.Command == "start":
		return e.Body, 1
	}
	return "", 0
}

func fill(out *bot.Situation, version int64, conversation, ticket, action sql.NullString) error {
	if conversation.Valid {
		if err := decode(conversation.String, &out.Conversation); err != nil {
			return err
		}
		out.Conversation.Version = version
	}
	if ticket.Valid {
		out.Ticket = new(handoff.Ticket)
		if err := decode(ticket.String, out.Ticket); err != nil {
			return err
		}
	}
	if action.Valid {
		out.Action = new(bot.Action)
		return decode(action.String, out.Action)
	}
	return nil
}

// Lines are what was said in a conversation, oldest first.
func (s *Store) Lines(ctx context.Context, id bot.ConversationID) ([]bot.Line, error) {
	var out []bot.Line
	err := s.db.single().each(ctx, func(scan func(...any) error) error {
		var line bot.Line
		var message channel.MessageID
		var body string
		if err := scan(&message, &body); err != nil {
			return err
		}
		if err := decode(body, &line); err != nil {
			return err
		}
		line.Message = message
		out = append(out, line)
		return nil
	}, `SELECT message, body FROM lines WHERE conversation = $1 ORDER BY version, position`, id)
	if err != nil {
		return nil, s.explain(fmt.Errorf("read the lines of conversation %s: %w", id, err))
	}
	return out, nil
}
