package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/faq/fault"
	"faqbot/knowledge/insight"
)

// commit is a turn made ready to be written: all that can be done before the transaction is.
type commit struct {
	event        channel.Event
	turn         bot.Turn
	at           int64 // now
	conversation string
	version      int64 // that this commit gives the conversation
	encoded
	added
	outbox outgoing
	announcer
}

// encoded are what a turn changes, as JSON.
type encoded struct {
	ticket, staff, draft, saved string
	desks                       []string
}

// added are the rows that a turn adds, and the steps for those that take more than one.
type added struct {
	lines    [][]any
	outcomes [][]any
	misses   [][]any
	judged   []step
	actions  [][]any
	timers   [][]any
}

// Commit implements [bot.Store].
func (s *Store) Commit(ctx context.Context, event channel.Event, turn bot.Turn) error {
	c, err := s.prepare(event, turn)
	if err != nil {
		return fmt.Errorf("prepare the turn of event %s: %w", event.ID, err)
	}
	err = s.write(ctx, c.landed, func(ctx context.Context, t *tx) error { return c.write(ctx, t, s.db.words()) })
	switch {
	case err == nil:
		s.numbers.settle(event.ID, turn.Ticket != nil && turn.Ticket.Version == 0)
		if turn.Erase {
			s.tidy(ctx)
		}
		return nil
	case errors.Is(err, bot.ErrSeen):
		return bot.ErrSeen
	case fault.Is(err, fault.Conflict):
		s.numbers.settle(event.ID, true) // it may be the number that somebody else has
	}
	return fmt.Errorf("commit the turn of event %s: %w", event.ID, err)
}

func (s *Store) prepare(event channel.Event, turn bot.Turn) (*commit, error) {
	c := &commit{event: event, turn: turn, at: micros(s.now()), version: turn.Conversation.Version + 1, announcer: s.announcer}
	id := turn.Conversation.ID
	if id == "" && (len(turn.Lines) > 0 || len(turn.Timers) > 0 || !c.placed()) {
		return nil, errors.New("lines, timers and actions need a conversation")
	}
	stored := turn.Conversation
	stored.Version = c.version
	var err error
	if c.conversation, err = encode(stored); err != nil {
		return nil, err
	}
	for i, line := range turn.Lines {
		body, err := encode(line)
		if err != nil {
			return nil, err
		}
		c.lines = append(c.lines, []any{id, c.version, i, line.At, line.Message, body})
	}
	c.prepareOutcomes()
	if err := c.prepareMisses(); err != nil {
		return nil, err
	}
	if c.judged, err = keepJudged(turn.Judged); err != nil {
		return nil, err
	}
	if err := c.prepareActions(); err != nil {
		return nil, err
	}
	if c.encoded, err = encodeAll(turn); err != nil {
		return nil, err
	}
	for _, timer := range lastOf(turn.Timers, func(t bot.Timer) string { return string(t.Kind) }) {
		if !timer.Due.IsZero() {
			c.timers = append(c.timers, []any{rand.Text(), id, timer.Kind, timer.Due, timer.Body})
		}
	}
	c.outbox, err = s.prepareOutgoing(event, turn, c.version)
	return c, err
}

// encodeAll encodes what a turn changes, each at its next version.
func encodeAll(turn bot.Turn) (e encoded, err error) {
	if t := turn.Ticket; t != nil {
		stored := *t
		stored.Version++
		if e.ticket, err = encode(stored); err != nil {
			return e, err
		}
	}
	for _, d := range turn.Desks {
		d.Version++
		body, err := encode(d)
		if err != nil {
			return e, err
		}
		e.desks = append(e.desks, body)
	}
	if v := turn.Saved; v != nil {
		if e.saved, err = encode(v); err != nil {
			return e, err
		}
	}
	if d := turn.Draft; d != nil {
		if e.draft, err = encode(d.Content); err != nil {
			return e, err
		}
	}
	if s := turn.Staff; s != nil {
		stored := *s
		stored.Version++
		e.staff, err = encode(stored)
	}
	return e, err
}

func (c *commit) prepareOutcomes() {
	name := string(c.turn.Conversation.ID)
	if name == "" {
		name = rand.Text()
	}
	for i, o := range c.turn.Outcomes {
		c.outcomes = append(c.outcomes, []any{name, c.version, i, o.Kind, o.Entry, o.Confidence, o.Language, o.At})
	}
}

func (c *commit) prepareMisses() error {
	for _, m := range lastOf(c.turn.Misses, func(m insight.Miss) string { return m.ID }) {
		body, err := encode(m)
		if err != nil {
			return err
		}
		c.misses = append(c.misses, []any{m.ID, m.Conversation, m.Person, m.Network, m.At, body, m.Reason, m.Answered, m.Wants, m.Ticket})
	}
	return nil
}

func (c *commit) prepareActions() error {
	for _, a := range lastOf(c.turn.Actions, func(a bot.Action) string { return a.Token }) {
		if a.Conversation == "" {
			a.Conversation = c.turn.Conversation.ID
		}
		body, err := encode(a)
		if err != nil {
			return err
		}
		shown := c.shown(a.Token)
		c.actions = append(c.actions, []any{a.Token, a.Conversation, shown.Network, shown.Chat, a.At, body})
	}
	return nil
}

// shown is where the button with a token goes. It is not always where the conversation is: some are shown in the private chat to
// which a handoff moves.
func (c *commit) shown(token string) channel.Address {
	for _, o := range c.turn.Messages {
		if slices.ContainsFunc(o.Message.Buttons, func(b channel.Button) bool { return b.Action == token }) {
			return o.Message.To
		}
	}
	return c.turn.Conversation.Address
}

// lastOf keeps the last of those with the same name: PostgreSQL refuses to write a row twice in one statement.
func lastOf[T any](list []T, name func(T) string) []T {
	var out []T
	for i, v := range list {
		if !slices.ContainsFunc(list[i+1:], func(later T) bool { return name(later) == name(v) }) {
			out = append(out, v)
		}
	}
	return out
}

// landed reports whether the event is in the inbox: by this commit, whose fate is unknown, or by another's, which is as good.
func (c *commit) landed(ctx context.Context, t *tx) (bool, error) {
	var seen bool
	err := t.row(ctx, []any{&seen}, `SELECT EXISTS (SELECT 1 FROM inbox WHERE event = $1)`, c.event.ID)
	return seen, err
}

func (c *commit) write(ctx context.Context, t *tx, w words) error {
	first, rest := c.inbox(t), slices.Concat(c.conversationSteps(), c.rows(), c.ticketSteps(), c.deskSteps(), c.threadSteps(), c.cardSteps(w), c.timerSteps(t), c.outbox.steps(), c.sameCardSteps(), c.againSteps(t), c.tallySteps(), c.sampledSteps(), c.blockSteps(), c.savedSteps(), c.judged)
	if len(c.outbox.rows) > 0 {
		t.tell(Outbox)
	}
	if len(c.misses) > 0 {
		t.tell(Misses)
	}
	looked, err := c.lookedSteps(ctx, t, w)
	if err != nil {
		return err
	}
	rest = append(rest, looked...)
	if !c.turn.Erase {
		if err := t.run(ctx, append(first, rest...)); err != nil {
			return err
		}
		if err := c.saveGap(ctx, t); err != nil {
			return err
		}
		return c.append(ctx, t)
	}
	if err := t.run(ctx, first); err != nil {
		return err
	}
	last, err := c.erase(ctx, t, w)
	if err != nil {
		return err
	}
	return t.run(ctx, append(rest, last...))
}

// lookedSteps are those that look something up first.
func (c *commit) lookedSteps(ctx context.Context, t *tx, w words) ([]step, error) {
	var out []step
	for _, part := range []func() ([]step, error){
		func() ([]step, error) { return c.teamSteps(ctx, t) },
		func() ([]step, error) { return c.announceSteps(ctx, t) },
		func() ([]step, error) { return c.moveSteps(ctx, t, w) },
	} {
		steps, err := part()
		if err != nil {
			return nil, err
		}
		out = append(out, steps...)
	}
	return out, nil
}

// expect fails with err where no row was affected.
func expect(err error) func(int64) error {
	return func(affected int64) error {
		if affected == 0 {
			return err
		}
		return nil
	}
}

// inbox makes the event unique, and removes what brought it.
func (c *commit) inbox(t *tx) []step {
	steps := []step{{
		`INSERT INTO inbox (event, at) VALUES ($1, $2) ON CONFLICT (event) DO NOTHING`, []any{c.event.ID, c.at}, expect(bot.ErrSeen),
	}}
	if timer := timerOf(c.event); timer != "" {
		steps = append(steps, step{`DELETE FROM timers WHERE id = $1`, []any{timer}, expect(bot.ErrSeen)})
	}
	return append(steps, step{`DELETE FROM deferred WHERE event = $1`, []any{c.event.ID}, func(affected int64) error {
		if affected > 0 {
			t.tell(Timers) // the next one of this conversation may go ahead
		}
		return nil
	}})
}

// errStale is given where somebody else was faster; the engine loads and plans anew.
func errStale(what string) error {
	return fault.New(fault.Conflict, "the %s was changed by somebody else at the same moment", what)
}

func (c *commit) conversationSteps() []step {
	v := c.turn.Conversation
	switch {
	case v.ID == "":
		return nil
	case v.Version == 0 || c.turn.Erase:
		return []step{{`INSERT INTO conversations (id, place, ordinal, version, network, chat, person, last_at, body)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
			[]any{v.ID, v.Key, v.Ordinal, c.version, v.Address.Network, v.Address.Chat, v.Customer.ID, v.LastAt, c.conversation},
			expect(errStale("conversation"))}}
	}
	// The row stays locked until the commit: others who write to this conversation wait, and then find another version.
	return []step{{`UPDATE conversations SET version = $1, network = $2, chat = $3, person = $4, last_at = $5, body = $6
		WHERE id = $7 AND version = $8`,
		[]any{c.version, v.Address.Network, v.Address.Chat, v.Customer.ID, v.LastAt, c.conversation, v.ID, v.Version},
		expect(errStale("conversation"))}}
}

func (c *commit) rows() []step {
	return slices.Concat(
		inserts(`lines (conversation, version, position, at, message, body)`, c.lines, ``),
		inserts(`outcomes (conversation, version, position, kind, entry, confidence, language, at)`, c.outcomes, ``),
		inserts(`misses (id, conversation, person, network, at, body, reason, answered, wants, ticket)`, c.misses, ` ON CONFLICT (id) DO UPDATE SET
			conversation = excluded.conversation, person = excluded.person, network = excluded.network, at = excluded.at,
			body = excluded.body, reason = excluded.reason, answered = excluded.answered, wants = misses.wants OR excluded.wants,
			ticket = CASE excluded.ticket WHEN '' THEN misses.ticket ELSE excluded.ticket END`),
		inserts(`actions (token, conversation, network, chat, at, body)`, c.actions, ` ON CONFLICT (token) DO UPDATE SET
			conversation = excluded.conversation, network = excluded.network, chat = excluded.chat, at = excluded.at,
			body = excluded.body`))
}

func (c *commit) ticketSteps() []step {
	v := c.turn.Ticket
	switch {
	case v == nil:
		return nil
	case v.Version == 0:
		return []step{{`INSERT INTO tickets (id, number, conversation, network, person, status, version, body, closed_at, rank)
			VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $9) ON CONFLICT DO NOTHING`,
			[]any{v.ID, v.Number, v.Conversation, v.Customer.Address.Network, v.Customer.Person.ID, v.Status, c.ticket, c.closedAt(), v.Rank()},
			expect(errStale("ticket"))}}
	}
	return append([]step{{`UPDATE tickets SET status = $1, version = version + 1, body = $2, closed_at = $3, rank = $4 WHERE id = $5 AND version = $6`,
		[]any{v.Status, c.ticket, c.closedAt(), v.Rank(), v.ID, v.Version}, expect(errStale("ticket"))}}, c.endedSteps()...)
}

// endedSteps note with the question that led to a ticket what came of it.
func (c *commit) endedSteps() []step {
	v := c.turn.Ticket
	if v.Status != handoff.Closed {
		return nil
	}
	reason := insight.AskedPerson
	if !v.RepliedAt.IsZero() {
		reason = insight.PersonAnswered
	}
	return []step{{query: `UPDATE misses SET outcome = $1, minutes = $2, reason = $3 WHERE ticket = $4`,
		args: []any{v.Outcome, v.Minutes(), reason, v.ID}}}
}

// closedAt is 0 for a ticket that is not closed.
func (c *commit) closedAt() int64 {
	switch t := c.turn.Ticket; {
	case t.Status != handoff.Closed:
		return 0
	case t.ClosedAt.IsZero():
		return c.at
	default:
		return micros(t.ClosedAt)
	}
}

func (c *commit) timerSteps(t *tx) []step {
	if len(c.turn.Timers) == 0 {
		return nil
	}
	args := []any{c.turn.Conversation.ID}
	for _, timer := range c.turn.Timers {
		args = append(args, timer.Kind)
	}
	if len(c.timers) > 0 {
		t.tell(Timers)
	}
	remove := step{query: `DELETE FROM timers WHERE conversation = $1 AND kind IN ` + in(2, len(args)-1), args: args}
	return append([]step{remove}, inserts(`timers (id, conversation, kind, due, body)`, c.timers, ``)...)
}

// Tickets lists tickets of a status, newest first; "" is any status that is not closed.
func (s *Store) Tickets(ctx context.Context, status handoff.Status, limit int) ([]handoff.Ticket, error) {
	where := `status = $1`
	if status == "" {
		where = `status <> 'closed' AND $1 = ''`
	}
	return list[handoff.Ticket](ctx, s, `SELECT body FROM tickets WHERE `+where+` ORDER BY number DESC LIMIT $2`,
		status, limit)
}

// list reads values that are stored as JSON.
func list[T any](ctx context.Context, s *Store, query string, args ...any) ([]T, error) {
	var out []T
	err := s.db.single().each(ctx, func(scan func(...any) error) error {
		var body string
		if err := scan(&body); err != nil {
			return err
		}
		var v T
		err := decode(body, &v)
		out = append(out, v)
		return err
	}, query, args...)
	if err != nil {
		return nil, s.explain(fmt.Errorf("list: %w", err))
	}
	return out, nil
}
