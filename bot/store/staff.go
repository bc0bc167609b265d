package store

import (
	"context"

	"faqbot/bot/handoff"
)

// Staff implements [bot.Register].
func (s *Store) Staff(ctx context.Context) ([]handoff.Staff, error) {
	return list[handoff.Staff](ctx, s, `SELECT body FROM staff ORDER BY id`)
}
