package store

import (
	"cmp"
	"context"
	"reflect"
	"slices"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

const (
	// mostJoined is how long a text that is joined of several may be, in characters: it fits on every network, whatever in it must be escaped.
	mostJoined = 900
	// joinedAtOnce bounds how many rows are looked at.
	joinedAtOnce = 20
)

// join sends what a customer wrote one after the other, and what still waits because a group takes so many messages a minute and no more, as one. Order is
// kept and nothing dropped: the rows share what becomes of the first.
func (t *taking) join(ctx context.Context, tx *tx) error {
	if err := t.rejoin(ctx, tx); err != nil {
		return err
	}
	for i := range t.taken {
		lead := &t.taken[i]
		if lead.Attempts > 0 || lead.Unknown || !joinable(lead.Outgoing) {
			continue
		}
		next, err := t.following(ctx, tx, *lead)
		if err != nil {
			return err
		}
		ids := []any{lead.ID, t.claim}
		for _, row := range next {
			joined, ok := joinedWith(*lead, row)
			if !ok {
				break
			}
			*lead = joined
			ids = append(ids, row.ID)
		}
		if len(ids) == 2 {
			continue
		}
		if _, err := tx.exec(ctx, `UPDATE outbox SET state = 'sending', attempts = attempts + 1, lead = $1, claim = $2 WHERE id IN `+in(3, len(ids)-2), ids...); err != nil {
			return err
		}
	}
	return nil
}

// rejoin sends again together what was tried together: the network may have it already, under the first one's key.
func (t *taking) rejoin(ctx context.Context, tx *tx) error {
	for i := range t.taken {
		lead := &t.taken[i]
		if lead.Outgoing.Post.Ticket == "" || lead.Attempts == 0 {
			continue
		}
		followers := &taking{network: t.network, now: t.now}
		if err := followers.read(ctx, tx, `UPDATE outbox SET state = 'sending', claim = $1 WHERE lead = $2 AND state IN ('retrying', 'sending')
			RETURNING `+sendingColumns, t.claim, lead.ID); err != nil {
			return err
		}
		sortRows(followers.taken)
		for _, row := range followers.taken {
			if joined, ok := joinedWith(*lead, row); ok {
				*lead = joined
			}
		}
	}
	return nil
}

// following are the rows that wait for the same thread, oldest first.
func (t *taking) following(ctx context.Context, tx *tx, lead bot.Sending) ([]bot.Sending, error) {
	rows := &taking{network: t.network, now: t.now}
	err := rows.read(ctx, tx, `SELECT `+sendingColumns+` FROM outbox WHERE ticket = $1 AND desk = $2 AND settled_at = 0 AND state = 'waiting'
		AND not_before <= $3 AND id > $4 ORDER BY id LIMIT $5`, lead.Outgoing.Post.Ticket, lead.Outgoing.Post.Desk, t.now, lead.ID, joinedAtOnce)
	return rows.taken, err
}

// joinable is what somebody wrote and nothing else.
func joinable(o bot.Outgoing) bool {
	m := o.Message
	return o.Post.Desk != "" && o.Post.Act == handoff.Shows && o.Post.Origin.Message != "" && len(m.Attachments)+len(m.Buttons) == 0 && m.Replaces == ""
}

// joinedWith is a row with the text of the next one below its own; what both begin with is shown once.
func joinedWith(lead, next bot.Sending) (bot.Sending, bool) {
	a, b := lead.Outgoing, next.Outgoing
	if !joinable(a) || !joinable(b) || a.Post.Origin.Address != b.Post.Origin.Address || b.Message.ReplyTo != "" {
		return lead, false
	}
	text := b.Message.Content
	if len(text) > 1 && len(a.Message.Content) > 0 && reflect.DeepEqual(text[0], a.Message.Content[0]) {
		text = text[1:]
	}
	content := append(append(channel.Document{}, a.Message.Content...), text...)
	if content.Length(channel.CountVisible) > mostJoined {
		return lead, false
	}
	lead.Outgoing.Message.Content = content
	lead.Outgoing.Message.Quiet = a.Message.Quiet && b.Message.Quiet
	return lead, true
}

func sortRows(rows []bot.Sending) {
	slices.SortFunc(rows, func(a, b bot.Sending) int { return cmp.Compare(a.ID, b.ID) })
}
