package store

import (
	"context"
	"fmt"
	"time"
)

// Acquire implements [bot.Leases].
func (s *Store) Acquire(ctx context.Context, name, holder string, term time.Duration) (bool, error) {
	var has bool
	clock := s.db.words().clock
	err := s.write(ctx, nil, func(ctx context.Context, t *tx) error {
		n, err := t.exec(ctx, `INSERT INTO leases (name, holder, expires) VALUES ($1, $2, `+clock+` + $3)
			ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires = excluded.expires
			WHERE leases.holder = excluded.holder OR leases.expires <= `+clock, name, holder, max(term.Milliseconds(), 1))
		has = n > 0
		return err
	})
	if err != nil {
		return false, fmt.Errorf("acquire lease %s: %w", name, err)
	}
	return has, nil
}

// Release implements [bot.Leases]. Who does not hold the lease releases nothing.
func (s *Store) Release(ctx context.Context, name, holder string) error {
	err := s.write(ctx, nil, func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, `DELETE FROM leases WHERE name = $1 AND holder = $2`, name, holder)
		return err
	})
	if err != nil {
		return fmt.Errorf("release lease %s: %w", name, err)
	}
	return nil
}
