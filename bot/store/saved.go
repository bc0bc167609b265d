package store

import (
	"context"

	"faqbot/bot/handoff"
)

// Saved implements [bot.Register].
func (s *Store) Saved(ctx context.Context) ([]handoff.Saved, error) {
	return list[handoff.Saved](ctx, s, `SELECT body FROM saved ORDER BY key`)
}

// savedSteps keep a reply of staff, or remove it.
func (c *commit) savedSteps() []step {
	v := c.turn.Saved
	switch {
	case v == nil:
		return nil
	case v.Text == "":
		return []step{{query: `DELETE FROM saved WHERE key = $1`, args: []any{v.Key()}}}
	}
	return inserts(`saved (key, body)`, [][]any{{v.Key(), c.saved}}, ` ON CONFLICT (key) DO UPDATE SET body = excluded.body`)
}
