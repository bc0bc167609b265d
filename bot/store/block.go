package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"faqbot/bot/handoff"
)

// Block implements [bot.Register].
func (s *Store) Block(ctx context.Context, number int64) (*handoff.Block, error) {
	b := handoff.Block{Number: number}
	var until int64
	err := s.db.single().row(ctx, []any{&b.Network, &b.Person, &until, &b.By},
		`SELECT network, person, until, author FROM blocked WHERE number = $1 AND until > $2 ORDER BY network, person LIMIT 1`, number, s.now())
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, s.explain(fmt.Errorf("find who is blocked: %w", err))
	}
	b.Until = fromMicros(until)
	return &b, nil
}

// blockSteps keep a customer from the desks, or lift that.
func (c *commit) blockSteps() []step {
	b := c.turn.Block
	switch {
	case b == nil:
		return nil
	case b.Until.IsZero():
		return []step{{query: `DELETE FROM blocked WHERE network = $1 AND person = $2`, args: []any{b.Network, b.Person}}}
	}
	return inserts(`blocked (network, person, number, until, author)`, [][]any{{b.Network, b.Person, b.Number, b.Until, b.By}},
		` ON CONFLICT (network, person) DO UPDATE SET number = excluded.number, until = excluded.until, author = excluded.author`)
}
