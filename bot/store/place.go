package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

// TicketIn implements [bot.Places].
func (s *Store) TicketIn(ctx context.Context, thread channel.Address) (*handoff.Ticket, error) {
	if thread.Thread == "" {
		return nil, nil
	}
	return one[handoff.Ticket](ctx, s, `SELECT t.body FROM threads h JOIN tickets t ON t.id = h.ticket
		WHERE h.network = $1 AND h.chat = $2 AND h.thread = $3`, thread.Network, thread.Chat, thread.Thread)
}

// Member implements [bot.Places].
func (s *Store) Member(ctx context.Context, id handoff.StaffID) (*handoff.Staff, error) {
	return one[handoff.Staff](ctx, s, `SELECT body FROM staff WHERE id = $1`, id)
}

// TicketOf implements [bot.Places].
func (s *Store) TicketOf(ctx context.Context, network channel.Network, person channel.PersonID) (*handoff.Ticket, []handoff.Thread, error) {
	ticket, err := one[handoff.Ticket](ctx, s, `SELECT body FROM tickets WHERE network = $1 AND person = $2 AND status <> 'closed'`, network, person)
	if err != nil || ticket == nil {
		return nil, nil, err
	}
	threads, err := threadsOf(ctx, s.db.single(), ticket.ID)
	if err != nil {
		return nil, nil, s.explain(fmt.Errorf("look up threads: %w", err))
	}
	return ticket, threads, nil
}

// one reads a value that is stored as JSON; nil where there is none.
func one[T any](ctx context.Context, s *Store, query string, args ...any) (*T, error) {
	var body string
	err := s.db.single().row(ctx, []any{&body}, query, args...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	v := new(T)
	if err == nil {
		err = decode(body, v)
	}
	if err != nil {
		return nil, s.explain(fmt.Errorf("look up: %w", err))
	}
	return v, nil
}
