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

// join sends what belongs in the same thread one after the other, and still waits because a group takes so many messages a minute and no more, as one. Order
// is kept and nothing dropped: the rows share what becomes of the first.
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
		j := joining{lead: lead}
		for _, row := range next {
			if !j.add(row.Outgoing) {
				break
			}
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
		j := joining{lead: lead}
		for _, row := range followers.taken {
			j.add(row.Outgoing)
		}
	}
	return nil
}

// following are the rows that wait for the same thread, oldest first. A card that is shown anew has no place among them.
func (t *taking) following(ctx context.Context, tx *tx, lead bot.Sending) ([]bot.Sending, error) {
	rows := &taking{network: t.network, now: t.now}
	err := rows.read(ctx, tx, `SELECT `+sendingColumns+` FROM outbox WHERE ticket = $1 AND desk = $2 AND settled_at = 0 AND state = 'waiting'
		AND act <> $3 AND not_before <= $4 AND id > $5 ORDER BY id LIMIT $6`,
		lead.Outgoing.Post.Ticket, lead.Outgoing.Post.Desk, handoff.ChangesCard, t.now, lead.ID, joinedAtOnce)
	return rows.taken, err
}

// joinable is what somebody wrote, or a note, and nothing else.
func joinable(o bot.Outgoing) bool {
	m := o.Message
	return o.Post.Ticket != "" && o.Post.Desk != "" && o.Post.Act == handoff.Shows && len(m.Attachments)+len(m.Buttons) == 0 && m.Replaces == ""
}

// joining writes texts below that of a row which is sent.
type joining struct {
	lead *bot.Sending
	// head is what the last text began with: who wrote it.
	head *channel.Block
}

// add adds a text; what it begins with like the one before is shown once. It reports whether there was room.
func (j *joining) add(o bot.Outgoing) bool {
	a := &j.lead.Outgoing.Message
	if !joinable(j.lead.Outgoing) || !joinable(o) || o.Message.ReplyTo != "" {
		return false
	}
	if j.head == nil && len(a.Content) > 0 {
		j.head = &a.Content[0]
	}
	text, head := o.Message.Content, j.head
	if len(text) > 0 {
		head = &text[0]
	}
	if len(text) > 1 && j.head != nil && reflect.DeepEqual(text[0], *j.head) {
		text = text[1:]
	}
	content := append(append(channel.Document{}, a.Content...), text...)
	if content.Length(channel.CountVisible) > mostJoined {
		return false
	}
	a.Content, a.Quiet, j.head = content, a.Quiet && o.Message.Quiet, head
	return true
}

func sortRows(rows []bot.Sending) {
	slices.SortFunc(rows, func(a, b bot.Sending) int { return cmp.Compare(a.ID, b.ID) })
}
