package store

import (
	"cmp"
	"slices"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

// queueKey names what is sent in order: a chat with all its threads.
type queueKey struct {
	network channel.Network
	chat    channel.ChatID
}

// compare is the order in which queues are locked, by all who lock more than one.
func (k queueKey) compare(other queueKey) int {
	return cmp.Or(cmp.Compare(k.network, other.network), cmp.Compare(k.chat, other.chat))
}

// outgoing is what a turn sends: rows of the outbox, and of the queues that they go to.
type outgoing struct {
	rows, queues [][]any
	keys         []queueKey // of the queues
	cards        []card
}

// card is a ticket's card as it is now, at a desk: the message that would show it first.
type card struct {
	ticket handoff.TicketID
	desk   handoff.DeskID
	body   string
}

// addCard notes a card that is shown anew.
func (o *outgoing) addCard(m channel.Message, p bot.Post) error {
	if p.Act != handoff.ChangesCard {
		return nil
	}
	m.Quiet = false // it would be the first that staff hear of the ticket
	body, err := encode(m)
	o.cards = append(o.cards, card{p.Ticket, p.Desk, body})
	return err
}

const outboxColumns = `outbox (network, chat, conversation, version, position, body, urgent, not_before, state, attempts, unknown,
	claim, reason, message, since, settled_at, ticket, desk, act, post, rank)`

// prepareOutgoing makes the rows of a turn's messages. Those of a turn without a conversation are kept under the customer's place, so
// that they can be forgotten too.
func (s *Store) prepareOutgoing(event channel.Event, turn bot.Turn, version int64) (outgoing, error) {
	var out outgoing
	owner := cmp.Or(string(turn.Conversation.ID), bot.KeyOf(event))
	lines := botLines(turn.Lines)
	home := turn.Conversation.Address
	first := map[queueKey][]any{}
	for _, o := range turn.Messages {
		m := o.Message
		if m.ID == "" {
			m.ID = s.keys.next()
		}
		body, err := encode(m)
		if err != nil {
			return out, err
		}
		if err := out.addCard(m, o.Post); err != nil {
			return out, err
		}
		post := ""
		if o.Post != (bot.Post{}) {
			if post, err = encode(o.Post); err != nil {
				return out, err
			}
		}
		position := -1
		if o.Post.Desk == "" && m.To == home && len(lines) > 0 {
			position, lines = lines[0], lines[1:]
		}
		due, since := micros(o.NotBefore), s.keys.since(s.now())
		out.rows = append(out.rows, []any{m.To.Network, m.To.Chat, owner, version, position, body, o.Urgent, due, "waiting", 0, false, "",
			"", "", since, 0, o.Post.Ticket, o.Post.Desk, o.Post.Act, post, o.Rank()})
		key := queueKey{m.To.Network, m.To.Chat}
		if row, ok := first[key]; !ok || due < row[3].(int64) {
			first[key] = []any{key.network, key.chat, "free", due, o.Urgent, since}
		}
	}
	out.keys = sortedKeys(first)
	for _, key := range out.keys {
		out.queues = append(out.queues, first[key])
	}
	return out, nil
}

// steps write the rows, then the queues in the order in which all lock them. A queue that has something due earlier stays as it is.
func (o outgoing) steps() []step {
	return append(inserts(outboxColumns, o.rows, ``),
		inserts(`queues (network, chat, state, due, urgent, since)`, o.queues, ` ON CONFLICT (network, chat) DO UPDATE SET
		due = excluded.due, urgent = excluded.urgent, since = excluded.since
		WHERE queues.state = 'free' AND queues.due > excluded.due`)...)
}

// botLines are the places of what the bot says, for the IDs that the network will give.
func botLines(lines []bot.Line) []int {
	var out []int
	for i, line := range lines {
		if line.FromBot && line.Message == "" {
			out = append(out, i)
		}
	}
	return out
}

func sortedKeys[V any](m map[queueKey]V) []queueKey {
	keys := make([]queueKey, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, queueKey.compare)
	return keys
}

// lockQueues locks queues in order, so that two who do never wait for each other. SQLite has one writer and needs none.
func lockQueues(w words, keys []queueKey) []step {
	if w.lock == "" {
		return nil
	}
	var steps []step
	for _, key := range keys {
		steps = append(steps, step{query: `SELECT 1 FROM queues WHERE network = $1 AND chat = $2` + w.lock, args: []any{key.network, key.chat}})
	}
	return steps
}

// mend makes the row of a queue, which is locked, agree with what is in the outbox: its row in flight, else the one to be tried
// again, else the one of the first rank that is due, else the one that is held back the shortest. Without any of them the queue is gone.
func mend(key queueKey, now int64) []step {
	return []step{
		{query: `DELETE FROM queues WHERE network = $1 AND chat = $2
			AND NOT EXISTS (SELECT 1 FROM outbox WHERE network = $1 AND chat = $2 AND state = 'sending')
			AND NOT EXISTS (SELECT 1 FROM outbox WHERE network = $1 AND chat = $2 AND state = 'retrying')
			AND NOT EXISTS (SELECT 1 FROM outbox WHERE network = $1 AND chat = $2 AND state = 'waiting')`,
			args: []any{key.network, key.chat}},
		{query: `INSERT INTO queues (network, chat, state, due, urgent, since)
			SELECT network, chat, CASE state WHEN 'waiting' THEN 'free' ELSE state END, not_before, urgent, since FROM outbox WHERE id = coalesce(
			(SELECT min(id) FROM outbox WHERE network = $1 AND chat = $2 AND state = 'sending'),
			(SELECT min(id) FROM outbox WHERE network = $1 AND chat = $2 AND state = 'retrying'),
			(SELECT id FROM outbox WHERE network = $1 AND chat = $2 AND state = 'waiting' AND not_before <= $3 ORDER BY rank, id LIMIT 1),
			(SELECT id FROM outbox WHERE network = $1 AND chat = $2 AND state = 'waiting' ORDER BY not_before, id LIMIT 1))
			ON CONFLICT (network, chat) DO UPDATE SET state = excluded.state, due = excluded.due, urgent = excluded.urgent,
			since = excluded.since`, args: []any{key.network, key.chat, now}},
	}
}
