package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"faqbot/knowledge/eval"
	"faqbot/knowledge/insight"
)

// Retention says up to when each kind of row is deleted; a zero time keeps all of them. An open ticket, and the talk that led to
// it, is always kept.
type Retention struct {
	// Lines of transcripts and of web chats, and with them all else that is known of a customer who has been quiet for as long:
	// conversations, closed tickets, visitors of the web chat, and events and updates that were put aside.
	Lines time.Time
	// Misses, what customers said of answers, and the outcomes that figures are made of.
	Misses time.Time
	// Inbox rows make an event unique. Networks repeat events for a day, so none of the last 48 hours is deleted whatever is said here.
	Inbox time.Time
	// Outbox rows that were sent or given up, and events for webhooks that were given up.
	Outbox time.Time
	// Actions behind buttons.
	Actions time.Time

	// Times that Prune adds: what was closed since then may go on, and what was not done since then may still be.
	closed, undone time.Time
}

const (
	pruneBatch = 500
	keepInbox  = 48 * time.Hour
	// keepClosed is how long a closed ticket and its talk are kept whatever is said: a reply within three days reopens it, and a
	// rating comes with it.
	keepClosed = 4 * 24 * time.Hour
	// keepUndone is how long what was accepted is kept until it is done, whatever is said: a bot that was off for weeks does it still.
	keepUndone = 30 * 24 * time.Hour
)

// limited brings each time to what is safe.
func (r Retention) limited(now time.Time) Retention {
	r.closed, r.undone = now.Add(-keepClosed), now.Add(-keepUndone)
	if latest := now.Add(-keepInbox); r.Inbox.After(latest) {
		r.Inbox = latest
	}
	if r.Lines.IsZero() {
		r.undone = time.Time{}
	} else if r.undone.After(r.Lines) {
		r.undone = r.Lines
	}
	return r
}

// bound is what ends the life of a table's rows: their age, or that of another row.
type bound struct {
	table string
	// key names a row, with what changes when it is used again: a row that is used while it is being deleted stays.
	key string
	// old is the condition; its parameters are the times, of which the first, where it is zero, keeps everything.
	old   string
	times func(Retention) []time.Time
	// because says why age deletes nothing here.
	because string
	// count is the counter of what was deleted, where somebody has to know.
	count string
}

// busy finds the tickets t that are open, or closed so lately that the talk may go on.
const busy = ` (SELECT 1 FROM tickets t WHERE (t.status <> 'closed' OR t.closed_at >= $2) AND `

func talk(r Retention) []time.Time { return []time.Time{r.Lines, r.closed} }

// bounds has every table, in the order in which they are pruned: a talk before those who had it.
var bounds = []bound{
	{table: "lines", key: "conversation, version, position", times: talk, // who takes a ticket over sees the conversation, however long it took
		old: `at > 0 AND at < $1 AND NOT EXISTS` + busy + `t.conversation = lines.conversation)`},
	{table: "webchat_lines", key: "visitor, number", old: `at > 0 AND at < $1`, times: func(r Retention) []time.Time { return []time.Time{r.Lines} }},
	// Who sorts has taken them out of their groups by then, or else learns the groups anew.
	{table: "misses", key: "id", old: `at > 0 AND at < $1 AND placed > 0`, times: func(r Retention) []time.Time { return []time.Time{r.Misses} }, count: sortedCounter},
	{table: "misses", key: "id", old: `at > 0 AND at < $1`, times: func(r Retention) []time.Time { return []time.Time{r.Misses} }},
	// What staff and editors wrote on purpose stays. A verdict that is replaced meanwhile has another number.
	{table: "judged", key: "id, number", old: `source = '` + string(eval.Customer) + `' AND at > 0 AND at < $1`, count: removedCounter,
		times: func(r Retention) []time.Time { return []time.Time{r.Misses} }},
	{table: "outcomes", key: "conversation, version, position", old: `at > 0 AND at < $1`,
		times: func(r Retention) []time.Time { return []time.Time{r.Misses} }},
	{table: "inbox", key: "event", old: `at > 0 AND at < $1`, times: func(r Retention) []time.Time { return []time.Time{r.Inbox} }},
	{table: "outbox", key: "id", old: `settled_at > 0 AND settled_at < $1`, times: func(r Retention) []time.Time { return []time.Time{r.Outbox} }},
	{table: "actions", key: "token", old: `at > 0 AND at < $1`, times: func(r Retention) []time.Time { return []time.Time{r.Actions} }},
	{table: "conversations", key: "id, version", times: talk,
		old: `last_at < $1 AND NOT EXISTS` + busy + `t.network = conversations.network AND t.person = conversations.person)`},
	{table: "tickets", key: "id, version", old: `status = 'closed' AND closed_at < $1 AND closed_at < $2`, times: talk},
	{table: "threads", key: "ticket, desk", old: `CAST($1 AS BIGINT) > 0 AND NOT EXISTS (SELECT 1 FROM tickets t WHERE t.id = threads.ticket)`,
		times: func(r Retention) []time.Time { return []time.Time{r.Lines} }},
	{table: "links", key: "network, chat, message", old: `at > 0 AND at < $1 AND NOT EXISTS (SELECT 1 FROM tickets t WHERE t.id = links.ticket)`,
		times: func(r Retention) []time.Time { return []time.Time{r.Lines} }},
	{table: "blocked", key: "network, person, until", old: `CAST($1 AS BIGINT) > 0 AND until < $2`, times: talk},
	{table: "codes", key: "hash", old: `expires < $1`, times: func(r Retention) []time.Time { return []time.Time{r.undone} }},
	{table: "deferred", key: "id, attempts", old: `aside AND retry_at < $1`, times: func(r Retention) []time.Time { return []time.Time{r.Lines} }},
	{table: "deferred", key: "id, attempts", old: `retry_at < $1`, times: func(r Retention) []time.Time { return []time.Time{r.undone} }},
	{table: "cursors", key: "name, at", old: `substr(name, 1, 6) = '` + asidePrefix + `' AND at > 0 AND at < $1`,
		times: func(r Retention) []time.Time { return []time.Time{r.Lines} }},
	{table: "webchat_sessions", key: "visitor, number", old: `created < $1
		AND NOT EXISTS (SELECT 1 FROM webchat_lines l WHERE l.visitor = webchat_sessions.visitor)
		AND NOT EXISTS (SELECT 1 FROM conversations c WHERE c.network = '` + string(webchatNetwork) + `' AND c.person = webchat_sessions.visitor)
		AND NOT EXISTS` + busy + `t.network = '` + string(webchatNetwork) + `' AND t.person = webchat_sessions.visitor)`, times: talk},
	{table: "webhooks", key: "event, target", old: `settled_at > 0 AND settled_at < $1`, times: func(r Retention) []time.Time { return []time.Time{r.Outbox} }},
	{table: "webhooks", key: "event, target, attempts", old: `settled_at = 0 AND at < $1`, times: func(r Retention) []time.Time { return []time.Time{r.undone} }},

	{table: "timers", because: "each goes with its conversation"},
	{table: "queues", because: "each goes with the last of its unsent rows in the outbox"},
	{table: "cursors", because: "where the bot has read up to: without it, who writes while it is off would not be heard. /forget reaches them"},
	{table: "counters", because: "numbers alone"},
	{table: "entries", because: "what editors wrote for all to read"},
	{table: "revisions", because: "the history of entries, with the names of those who edit them"},
	{table: "gaps", because: "what people decided about groups of questions, with their names; their titles are masked"},
	{table: "gap_edits", because: "how people sorted questions, with their names"},
	{table: "synonyms", because: "what editors wrote, with their names"},
	{table: "desks", because: "where staff work"},
	{table: "staff", because: "the names of those who answer, as their networks show them at the desks"},
	{table: "saved", because: "what staff wrote to say it again, with their names"},
	{table: "tallies", because: "times and counts under names that lead nowhere once a conversation is deleted: figures of any week can be computed anew"},
	{table: "handoffs", because: "the same of tickets"},
	{table: "promises", because: "the same of what was promised"},
	{table: "sampled", because: "the same of answers that staff have looked at"},
	{table: "leases", because: "the names of processes; each is written over by the next holder"},
}

// settled takes the person out of what figures know of conversations, whatever is kept: it is known now whether they came back.
var settled = fmt.Sprintf(`UPDATE tallies SET person = '' WHERE alias IN (SELECT alias FROM tallies WHERE person <> '' AND ended_at < $1 LIMIT %d)`, pruneBatch)

// Prune deletes what is older, in many small transactions, so that turns are not held up.
func (s *Store) Prune(ctx context.Context, before Retention) error {
	now := s.now()
	before = before.limited(now)
	for _, b := range bounds {
		if b.old == "" {
			continue
		}
		times := b.times(before)
		if times[0].IsZero() {
			continue
		}
		query := fmt.Sprintf(`DELETE FROM %[1]s WHERE (%[2]s) IN (SELECT %[2]s FROM %[1]s WHERE %[3]s LIMIT %[4]d)`, b.table, b.key, b.old, pruneBatch)
		if err := s.pruneTable(ctx, query, times, b.count); err != nil {
			return fmt.Errorf("prune %s: %w", b.table, err)
		}
	}
	if err := s.pruneUnsent(ctx, before.undone); err != nil {
		return fmt.Errorf("prune unsent messages: %w", err)
	}
	if err := s.pruneTable(ctx, settled, []time.Time{now.Add(-insight.ReturnWithin - insight.EndsAfter)}, ""); err != nil {
		return fmt.Errorf("take people out of the figures: %w", err)
	}
	err := s.pruneTable(ctx, `DELETE FROM deferred WHERE timer <> '' AND NOT aside AND NOT EXISTS
		(SELECT 1 FROM timers w WHERE w.id = deferred.timer) AND retry_at < $1`, []time.Time{now}, "")
	if err != nil {
		return fmt.Errorf("prune deferred: %w", err)
	}
	return s.explain(s.db.tidy(ctx))
}

func (s *Store) pruneTable(ctx context.Context, query string, times []time.Time, counter string) error {
	for {
		var n int64
		err := s.write(ctx, nil, func(ctx context.Context, t *tx) (err error) {
			args := make([]any, len(times))
			for i, at := range times {
				args[i] = at
			}
			if n, err = t.exec(ctx, query, args...); err != nil || n == 0 || counter == "" {
				return err
			}
			return t.run(ctx, []step{raise(counter, n)})
		})
		if err != nil || n < pruneBatch {
			return err
		}
	}
}

// pruneUnsent deletes messages that nobody sends any more, such as those to a network that is no longer used.
func (s *Store) pruneUnsent(ctx context.Context, before time.Time) error {
	if before.IsZero() {
		return nil
	}
	for {
		var n int
		err := s.write(ctx, nil, func(ctx context.Context, t *tx) (err error) {
			n, err = s.dropUnsent(ctx, t, before)
			return err
		})
		if err != nil || n < pruneBatch {
			return err
		}
	}
}

func (s *Store) dropUnsent(ctx context.Context, t *tx, before time.Time) (int, error) {
	var ids []any
	queues := map[queueKey]bool{}
	err := t.each(ctx, func(scan func(...any) error) error {
		var id int64
		var key queueKey
		err := scan(&id, &key.network, &key.chat)
		ids = append(ids, id)
		queues[key] = true
		return err
	}, fmt.Sprintf(`SELECT id, network, chat FROM outbox WHERE settled_at = 0 AND since < $1 AND not_before < $1 ORDER BY id LIMIT %d`, pruneBatch), before)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	keys := sortedKeys(queues)
	steps := append(lockQueues(s.db.words(), keys), step{query: `DELETE FROM outbox WHERE settled_at = 0 AND id IN ` + in(1, len(ids)), args: slices.Clone(ids)})
	for _, key := range keys {
		steps = append(steps, mend(key, micros(s.now()))...)
	}
	return len(ids), t.run(ctx, steps)
}
