package store

import (
	"context"

	"faqbot/bot/handoff"
)

// Earlier implements [bot.Register].
func (s *Store) Earlier(ctx context.Context, customer handoff.Customer, limit int) ([]handoff.Earlier, error) {
	tickets, err := list[handoff.Ticket](ctx, s, `SELECT body FROM tickets WHERE network = $1 AND person = $2 AND status = 'closed'
		ORDER BY closed_at DESC, number DESC LIMIT $3`, customer.Address.Network, customer.Person.ID, limit)
	if err != nil {
		return nil, err
	}
	var out []handoff.Earlier
	for _, t := range tickets {
		out = append(out, handoff.EarlierOf(t))
	}
	return out, nil
}
