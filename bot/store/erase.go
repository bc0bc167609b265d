package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"faqbot/bot/channel"
	"faqbot/knowledge/insight"
)

// webchatNetwork is the network whose lines are kept here too.
const webchatNetwork channel.Network = "webchat"

// Erase deletes everything that is stored about a person on a network, and returns how many rows that were. What a conversation
// came to stays in the figures under a name that leads nowhere.
func (s *Store) Erase(ctx context.Context, network channel.Network, person channel.PersonID) (int, error) {
	var e erasing
	err := s.write(ctx, nil, func(ctx context.Context, t *tx) error {
		e = erasing{network: network, person: person, words: s.db.words(), now: micros(s.now())}
		if err := e.run(ctx, t); err != nil {
			return err
		}
		if err := e.sessions(ctx, t); err != nil {
			return err
		}
		return t.run(ctx, removed(e.verdicts))
	})
	if err != nil {
		return 0, fmt.Errorf("erase a person on %s: %w", network, err)
	}
	s.tidy(ctx)
	return e.rows, nil
}

// tidy failing is no failure of what was committed before.
func (s *Store) tidy(ctx context.Context) {
	if err := s.db.tidy(ctx); err != nil {
		s.log.Warn("the space of deleted rows was not given back; it will be the next time", "error", err)
	}
}

// erase is what a turn that erases does first, and what is left to do last. The version is looked at before the row is gone.
func (c *commit) erase(ctx context.Context, t *tx, w words) (last []step, err error) {
	if v := c.turn.Conversation; v.Version > 0 {
		var version int64
		err := t.row(ctx, []any{&version}, `SELECT version FROM conversations WHERE id = $1`+w.lock, v.ID)
		if errors.Is(err, sql.ErrNoRows) || err == nil && version != v.Version {
			return nil, errStale("conversation")
		}
		if err != nil {
			return nil, err
		}
	}
	e := erasing{network: c.event.Address.Network, person: c.event.From.ID, words: w, now: c.at}
	err = e.run(ctx, t)
	return removed(e.verdicts), err
}

type erasing struct {
	network channel.Network
	person  channel.PersonID
	words   words
	now     int64
	rows    int
	// verdicts are those of the rows that have to be counted, as the last thing that the transaction does.
	verdicts int

	conversations []string
	owners        []string // conversations and places, under which messages are kept
	chats         []string
}

func (e *erasing) run(ctx context.Context, t *tx) error {
	if err := e.find(ctx, t); err != nil {
		return err
	}
	for _, step := range []func(context.Context, *tx) error{e.figures, e.outbox, e.events, e.gaps, e.others, e.cursors, e.talks, e.webchat, e.judged} {
		if err := step(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

func (e *erasing) find(ctx context.Context, t *tx) error {
	// A private chat often has the person's own ID; messages may be kept under its place without a conversation.
	e.owners = []string{string(e.network) + "\x1f" + string(e.person)}
	e.chats = []string{string(e.person)}
	return t.each(ctx, func(scan func(...any) error) error {
		var id, place, chat string
		err := scan(&id, &place, &chat)
		e.conversations = append(e.conversations, id)
		e.owners = append(e.owners, id, place)
		e.chats = append(e.chats, chat)
		return err
	}, `SELECT id, place, chat FROM conversations WHERE network = $1 AND person = $2 ORDER BY id`+e.words.lock, e.network, e.person)
}

func (e *erasing) outbox(ctx context.Context, t *tx) error {
	queues := map[queueKey]bool{}
	err := e.inChunks(e.owners, func(list string, args []any) error {
		return t.each(ctx, func(scan func(...any) error) error {
			var key queueKey
			err := scan(&key.network, &key.chat)
			queues[key] = true
			return err
		}, `SELECT DISTINCT network, chat FROM outbox WHERE settled_at = 0 AND conversation IN `+list, args...)
	})
	if err != nil {
		return err
	}
	keys := sortedKeys(queues)
	if err := t.run(ctx, lockQueues(e.words, keys)); err != nil {
		return err
	}
	if err := e.delete(ctx, t, `DELETE FROM outbox WHERE conversation IN `, e.owners); err != nil {
		return err
	}
	var steps []step
	for _, key := range keys {
		steps = append(steps, mend(key, e.now)...)
	}
	return t.run(ctx, steps)
}

// events blanks the questions of the person in what webhooks are still to tell. The rest of an event is about no one.
func (e *erasing) events(ctx context.Context, t *tx) error {
	var asked []string
	read := func(query string, args ...any) error {
		return eachBody(ctx, t, func(m insight.Miss) { asked = append(asked, insight.TitleOf(m.Utterance)) }, query, args...)
	}
	if err := read(`SELECT body FROM misses WHERE network = $1 AND person = $2`, e.network, insight.PersonOf(string(e.network), string(e.person))); err != nil {
		return err
	}
	if err := e.inChunks(e.conversations, func(list string, args []any) error {
		return read(`SELECT body FROM misses WHERE conversation IN `+list, args...)
	}); err != nil {
		return err
	}
	slices.Sort(asked)
	for _, text := range slices.Compact(asked) {
		quoted, err := encode(text)
		if err != nil {
			return err
		}
		// What follows it tells a text from a field of that name.
		if _, err := t.exec(ctx, `UPDATE webhooks SET data = replace(replace(replace(data, $1 || ',', '"",'), $1 || '}', '""}'), $1 || ']', '""]')
			WHERE replace(data, $1, '') <> data`, quoted); err != nil {
			return err
		}
	}
	return nil
}

// others deletes what names the person, or one of the conversations.
func (e *erasing) others(ctx context.Context, t *tx) error {
	for _, query := range []string{
		`DELETE FROM threads WHERE ticket IN (SELECT id FROM tickets WHERE network = $1 AND person = $2)`,
		`DELETE FROM links WHERE ticket IN (SELECT id FROM tickets WHERE network = $1 AND person = $2)`,
		`DELETE FROM tickets WHERE network = $1 AND person = $2`,
		`DELETE FROM deferred WHERE network = $1 AND person = $2`,
		`DELETE FROM blocked WHERE network = $1 AND person = $2`,
	} {
		if err := e.exec(ctx, t, query, e.network, e.person); err != nil {
			return err
		}
	}
	// What became of messages is kept under the conversation.
	if err := e.delete(ctx, t, `DELETE FROM deferred WHERE place IN `, e.owners); err != nil {
		return err
	}
	// Misses outlive the conversations that they come from.
	return e.exec(ctx, t, `DELETE FROM misses WHERE network = $1 AND person = $2`, e.network, insight.PersonOf(string(e.network), string(e.person)))
}

// cursors deletes updates that were put aside and positions in chats, where they name the person. Only the connector can read them, so
// they are searched for the ID: one too many is no loss.
func (e *erasing) cursors(ctx context.Context, t *tx) error {
	for _, prefix := range []string{asidePrefix + string(e.network) + "/", string(e.network) + ":"} {
		err := e.exec(ctx, t, `DELETE FROM cursors WHERE substr(name, 1, length($1)) = $1 AND replace(value, $2, '') <> value`, prefix, e.person)
		if err != nil {
			return err
		}
	}
	return nil
}

func (e *erasing) talks(ctx context.Context, t *tx) error {
	for _, query := range []string{
		`DELETE FROM misses WHERE conversation IN `, `DELETE FROM tickets WHERE conversation IN `, `DELETE FROM lines WHERE conversation IN `,
		`DELETE FROM timers WHERE conversation IN `, `DELETE FROM actions WHERE conversation IN `, `DELETE FROM conversations WHERE id IN `,
	} {
		if err := e.delete(ctx, t, query, e.conversations); err != nil {
			return err
		}
	}
	return nil
}

// webchat deletes the lines that the page shows. Sessions stay in a turn, so that the page can be told that it is done.
func (e *erasing) webchat(ctx context.Context, t *tx) error {
	if e.network != webchatNetwork {
		return nil
	}
	return e.delete(ctx, t, `DELETE FROM webchat_lines WHERE visitor IN `, e.chats)
}

func (e *erasing) sessions(ctx context.Context, t *tx) error {
	if e.network != webchatNetwork {
		return nil
	}
	return e.delete(ctx, t, `DELETE FROM webchat_sessions WHERE visitor IN `, e.chats)
}

func (e *erasing) judged(ctx context.Context, t *tx) error {
	n, err := t.exec(ctx, `DELETE FROM judged WHERE network = $1 AND person = $2`, e.network, insight.PersonOf(string(e.network), string(e.person)))
	e.rows += int(n)
	e.verdicts += int(n)
	return err
}

func (e *erasing) delete(ctx context.Context, t *tx, query string, names []string) error {
	return e.inChunks(names, func(list string, args []any) error {
		return e.exec(ctx, t, query+list, args...)
	})
}

func (e *erasing) exec(ctx context.Context, t *tx, query string, args ...any) error {
	n, err := t.exec(ctx, query, args...)
	e.rows += int(n)
	return err
}

func (e *erasing) inChunks(names []string, do func(list string, args []any) error) error {
	for chunk := range slices.Chunk(names, maxRows) {
		args := make([]any, len(chunk))
		for i, name := range chunk {
			args[i] = name
		}
		if err := do(in(1, len(chunk)), args); err != nil {
			return err
		}
	}
	return nil
}
