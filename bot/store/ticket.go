package store

import (
	"context"
	"errors"
	"fmt"

	"faqbot/bot/handoff"
)

// errEnough ends a reading early.
var errEnough = errors.New("enough was read")

// Search implements [bot.Register]. Tickets are compared here: SQL does not fold as people expect.
func (s *Store) Search(ctx context.Context, words string, limit int) ([]handoff.Ticket, error) {
	var out []handoff.Ticket
	err := s.db.single().each(ctx, func(scan func(...any) error) error {
		var body string
		if err := scan(&body); err != nil {
			return err
		}
		var t handoff.Ticket
		if err := decode(body, &t); err != nil {
			return err
		}
		if t.Matches(words) {
			out = append(out, t)
		}
		if len(out) == limit {
			return errEnough
		}
		return nil
	}, `SELECT body FROM tickets ORDER BY number DESC`)
	if err != nil && !errors.Is(err, errEnough) {
		return nil, s.explain(fmt.Errorf("search tickets: %w", err))
	}
	return out, nil
}
