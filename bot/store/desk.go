package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"faqbot/bot"
	"faqbot/bot/handoff"
	"faqbot/faq/fault"
)

// Desks implements [bot.Team].
func (s *Store) Desks(ctx context.Context) ([]handoff.Desk, error) {
	return list[handoff.Desk](ctx, s, `SELECT body FROM desks ORDER BY id`)
}

// SaveDesk changes a desk at the version that it has.
func (s *Store) SaveDesk(ctx context.Context, d handoff.Desk) error {
	c := commit{turn: bot.Turn{TeamChange: bot.TeamChange{Desks: []handoff.Desk{d}}}}
	var err error
	if c.encoded, err = encodeAll(c.turn); err == nil {
		err = s.write(ctx, nil, func(ctx context.Context, t *tx) error { return t.run(ctx, c.deskSteps()) })
	}
	if err != nil {
		return fmt.Errorf("save desk %s: %w", d.ID, err)
	}
	return nil
}

// knownWithin is when every engine knows of a desk that was made beside them.
const knownWithin = 2 * time.Second

// AddDesk makes a desk, and has the tickets shown there that nobody has seen yet. It returns a Conflict fault where there is one of this ID.
func (s *Store) AddDesk(ctx context.Context, d handoff.Desk) error {
	d.Version = 0
	c := commit{turn: bot.Turn{TeamChange: bot.TeamChange{Desks: []handoff.Desk{d}}}}
	var err error
	if c.encoded, err = encodeAll(c.turn); err == nil {
		err = s.write(ctx, nil, func(ctx context.Context, t *tx) error {
			t.tell(Timers)
			soon := s.now().Add(knownWithin)
			return t.run(ctx, append(c.deskSteps(), step{query: `UPDATE timers SET due = $1 WHERE kind = $2 AND due > $1`, args: []any{soon, bot.TimerReach}}))
		})
	}
	if err != nil {
		return fmt.Errorf("add desk %s: %w", d.ID, err)
	}
	return nil
}

// RemoveDesk deletes a desk: no ticket goes there any more, what waits to be shown there is not, and other desks are called for the tickets that nobody
// else sees. What was written there stays where it is.
func (s *Store) RemoveDesk(ctx context.Context, id handoff.DeskID) error {
	err := s.write(ctx, nil, func(ctx context.Context, t *tx) error {
		const removed = "the desk was removed"
		var key queueKey
		err := t.row(ctx, []any{&key.network, &key.chat}, `SELECT network, chat FROM desks WHERE id = $1`, id)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.NotFound, "there is no desk “%s”: “faqbot desk list” shows all", id)
		}
		if err != nil {
			return err
		}
		steps, err := abandon(ctx, t, id, "", removed, s.now())
		if err != nil {
			return err
		}
		steps = append(steps, lockQueues(s.db.words(), []queueKey{key})...)
		steps = append(steps,
			step{query: `UPDATE outbox SET state = 'failed', settled_at = $1, reason = $2, body = '' WHERE desk = $3 AND ticket <> '' AND settled_at = 0
				AND state IN ('waiting', 'retrying')`, args: []any{s.now(), removed, id}},
			step{query: `UPDATE threads SET state = $1 WHERE desk = $2`, args: []any{handoff.Missed, id}},
			step{query: `DELETE FROM desks WHERE id = $1`, args: []any{id}})
		t.tell(Outbox)
		return t.run(ctx, append(steps, mend(key, micros(s.now()))...))
	})
	if err != nil {
		return fmt.Errorf("remove desk %s: %w", id, err)
	}
	return nil
}

// abandon has the engine look after the tickets that a desk shows which is lost, but for the one that it is looking after already.
func abandon(ctx context.Context, t *tx, desk handoff.DeskID, but handoff.TicketID, reason string, at time.Time) ([]step, error) {
	var steps []step
	err := t.each(ctx, func(scan func(...any) error) error {
		report := handoff.Report{Desk: desk, Fate: handoff.Failed, Reason: reason, Gone: true}
		var p place
		if err := scan(&report.Ticket, &p.conversation, &p.network, &p.chat); err != nil {
			return err
		}
		told, err := tell(p, bot.SendResult{At: at}, report)
		steps = append(steps, told...)
		return err
	}, `SELECT k.id, k.conversation, h.network, h.chat FROM threads h JOIN tickets k ON k.id = h.ticket
		WHERE h.desk = $1 AND k.id <> $2 AND k.status <> 'closed' AND h.state IN ('wanted', 'standing', 'parted') ORDER BY k.number`, desk, but)
	if len(steps) > 0 {
		t.tell(Timers)
	}
	return steps, err
}

// teamSteps look after what hangs on a desk that was lost in this turn, or can be written to again.
func (c *commit) teamSteps(ctx context.Context, t *tx) ([]step, error) {
	var steps []step
	if c.turn.Revived {
		t.tell(Timers)
		steps = append(steps, step{query: `UPDATE timers SET due = $1 WHERE kind = $2 AND due > $3`,
			args: []any{c.at, bot.TimerReach, c.at + time.Minute.Microseconds()}})
	}
	var but handoff.TicketID
	if c.turn.Ticket != nil {
		but = c.turn.Ticket.ID
	}
	for _, d := range c.turn.Desks {
		if !d.Gone {
			continue
		}
		lost, err := abandon(ctx, t, d.ID, but, "the desk cannot be reached", fromMicros(c.at))
		if err != nil {
			return nil, err
		}
		steps = append(steps, lost...)
	}
	return steps, nil
}

// Queue implements [bot.Waiting].
func (s *Store) Queue(ctx context.Context, limit int) ([]handoff.Ticket, error) {
	return list[handoff.Ticket](ctx, s, `SELECT body FROM tickets WHERE status <> 'closed' ORDER BY number LIMIT $1`, limit)
}

// Held implements [bot.Waiting].
func (s *Store) Held(ctx context.Context) (map[handoff.StaffID]int, error) {
	tickets, err := list[handoff.Ticket](ctx, s, `SELECT body FROM tickets WHERE status = 'claimed'`)
	held := map[handoff.StaffID]int{}
	for _, t := range tickets {
		held[t.Holder]++
	}
	return held, err
}

const (
	// waitsKept is how many of the newest tickets waits are measured on.
	waitsKept = 400
	// presentWithin is how long ago somebody may have acted to be counted as one who answers.
	presentWithin = 14 * 24 * time.Hour
)

// Outlook implements [bot.Waiting].
func (s *Store) Outlook(ctx context.Context, ticket handoff.Ticket, now time.Time) (handoff.Outlook, []handoff.Staff, error) {
	var out handoff.Outlook
	var seniors []handoff.Staff
	err := s.db.read(ctx, func(ctx context.Context, t *tx) error {
		out, seniors = handoff.Outlook{}, nil
		if err := t.row(ctx, []any{&out.Ahead}, `SELECT count(*) FROM tickets WHERE status = 'open' AND (rank, number) < ($1, $2) AND id <> $3`,
			ticket.Rank(), ticket.Number, ticket.ID); err != nil {
			return err
		}
		if err := eachBody(ctx, t, func(v handoff.Ticket) {
			if w, ok := handoff.WaitOf(v); ok {
				out.Waits = append(out.Waits, w)
			}
		}, `SELECT body FROM tickets WHERE number > $1 - 2 * $2 ORDER BY number DESC LIMIT $2`, ticket.Number, waitsKept); err != nil {
			return err
		}
		return eachBody(ctx, t, func(v handoff.Staff) {
			if !v.Away && now.Sub(v.SeenAt) < presentWithin {
				out.Present++
			}
			if v.Senior {
				seniors = append(seniors, v)
			}
		}, `SELECT body FROM staff ORDER BY id`)
	})
	if err != nil {
		return handoff.Outlook{}, nil, s.explain(fmt.Errorf("read how long customers wait: %w", err))
	}
	return out, seniors, nil
}

// eachBody reads values that are stored as JSON, one after the other.
func eachBody[T any](ctx context.Context, t *tx, take func(T), query string, args ...any) error {
	return t.each(ctx, func(scan func(...any) error) error {
		var body string
		if err := scan(&body); err != nil {
			return err
		}
		var v T
		err := decode(body, &v)
		take(v)
		return err
	}, query, args...)
}

// NewCode makes a code that binds a desk, or the owner, until it expires. Only its hash is stored.
func (s *Store) NewCode(ctx context.Context, owner bool, expires time.Time) (string, error) {
	code := strings.ToLower(rand.Text()[:12])
	err := s.write(ctx, nil, func(ctx context.Context, t *tx) error {
		return t.run(ctx, []step{
			{query: `DELETE FROM codes WHERE expires < $1`, args: []any{s.now()}},
			{query: `INSERT INTO codes (hash, owner, expires) VALUES ($1, $2, $3)`, args: []any{hashOf(code), owner, expires}},
		})
	})
	if err != nil {
		return "", fmt.Errorf("make a code: %w", err)
	}
	return code, nil
}

// hashOf stands for a code. Codes are long and by chance, so a plain hash keeps them.
func hashOf(code string) string {
	sum := sha256.Sum256([]byte("faqbot desk code\x00" + strings.ToLower(strings.TrimSpace(code))))
	return hex.EncodeToString(sum[:])
}

// Code implements [bot.Team].
func (s *Store) Code(ctx context.Context, secret string, now time.Time) (*handoff.Code, error) {
	c := handoff.Code{Hash: hashOf(secret)}
	var expires int64
	err := s.db.single().row(ctx, []any{&c.Owner, &expires}, `SELECT owner, expires FROM codes WHERE hash = $1 AND expires >= $2`, c.Hash, now)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, s.explain(fmt.Errorf("find a code: %w", err))
	}
	c.Expires = fromMicros(expires)
	return &c, nil
}

// deskSteps store desk, staff and the use of a code.
func (c *commit) deskSteps() []step {
	var steps []step
	for i, d := range c.turn.Desks {
		steps = append(steps, versioned("desks", `id, network, chat, version, body`, `network = excluded.network, chat = excluded.chat`, d.Version,
			[]any{d.ID, d.Address.Network, d.Address.Chat, d.Version + 1, c.desks[i]}))
	}
	if v := c.turn.Staff; v != nil {
		steps = append(steps, versioned("staff", `id, version, body`, ``, v.Version, []any{v.ID, v.Version + 1, c.staff}))
	}
	if code := c.turn.Code; code != nil {
		steps = append(steps, step{`DELETE FROM codes WHERE hash = $1`, []any{code.Hash}, expect(errStale("code"))})
	}
	return steps
}

// versioned writes a row that is new, or still at the version that was loaded. The columns begin with the ID and end with version and body.
func versioned(table, columns, also string, version int64, values []any) step {
	if also != "" {
		also += ", "
	}
	var b strings.Builder
	placeholders(&b, 1, len(values))
	return step{`INSERT INTO ` + table + ` (` + columns + `) VALUES ` + b.String() + ` ON CONFLICT (id) DO UPDATE SET ` + also +
		`version = excluded.version, body = excluded.body WHERE ` + table + `.version = $` + fmt.Sprint(len(values)+1),
		append(values, version), expect(errStale(strings.TrimSuffix(table, "s")))}
}

// threadSteps store threads; one that begins anew takes the place of the old one.
func (c *commit) threadSteps() []step {
	var rows [][]any
	for _, t := range c.turn.Threads {
		rows = append(rows, []any{t.Ticket, t.Desk, t.Address.Network, t.Address.Chat, t.Address.Thread, t.Card, t.State, t.Private})
	}
	return inserts(`threads (ticket, desk, network, chat, thread, card, state, private)`, rows, ` ON CONFLICT (ticket, desk) DO UPDATE SET
		network = excluded.network, chat = excluded.chat, thread = excluded.thread, card = excluded.card, state = excluded.state, private = excluded.private`)
}

// inLine notes of threads whether their cards wait their turn at a desk that is shown others.
func inLine(ctx context.Context, t *tx, threads []handoff.Thread, now time.Time) error {
	for i := range threads {
		v := &threads[i]
		if v.State != handoff.Wanted {
			continue
		}
		err := t.row(ctx, []any{&v.InLine}, `SELECT EXISTS (SELECT 1 FROM outbox WHERE ticket = $1 AND desk = $2 AND ticket <> '' AND settled_at = 0 AND act = $3)
			AND EXISTS (SELECT 1 FROM outbox WHERE settled_at > $4 AND settled_at > 0 AND network = $5 AND chat = $6 AND state = 'sent')`,
			v.Ticket, v.Desk, handoff.OpensThread, now.Add(-time.Minute), v.Address.Network, v.Address.Chat)
		if err != nil {
			return err
		}
	}
	return nil
}

// threadsOf are the threads of a ticket.
func threadsOf(ctx context.Context, t *tx, ticket handoff.TicketID) ([]handoff.Thread, error) {
	var out []handoff.Thread
	err := t.each(ctx, func(scan func(...any) error) error {
		v := handoff.Thread{Ticket: ticket}
		err := scan(&v.Desk, &v.Address.Network, &v.Address.Chat, &v.Address.Thread, &v.Card, &v.State, &v.Private)
		out = append(out, v)
		return err
	}, `SELECT desk, network, chat, thread, card, state, private FROM threads WHERE ticket = $1 ORDER BY desk`, ticket)
	return out, err
}
