package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// asidePrefix begins the cursors that hold raw updates which could not be read; after it stands the network.
const asidePrefix = "aside/"

// Cursor is the place that a connector has reached; "" where there is none.
func (s *Store) Cursor(ctx context.Context, key string) (string, error) {
	var value string
	err := s.db.single().row(ctx, []any{&value}, `SELECT value FROM cursors WHERE name = $1`, key)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", s.explain(fmt.Errorf("read cursor %s: %w", key, err))
	}
	return value, nil
}

// SetCursor keeps a place; "" removes it.
func (s *Store) SetCursor(ctx context.Context, key, value string) error {
	err := s.write(ctx, nil, func(ctx context.Context, t *tx) error {
		query, args := `INSERT INTO cursors (name, value, at) VALUES ($1, $2, $3)
			ON CONFLICT (name) DO UPDATE SET value = excluded.value, at = excluded.at`, []any{key, value, s.now()}
		if value == "" {
			query, args = `DELETE FROM cursors WHERE name = $1`, []any{key}
		}
		_, err := t.exec(ctx, query, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("set cursor %s: %w", key, err)
	}
	return nil
}

// Cursors are all cursors whose key begins with a prefix.
func (s *Store) Cursors(ctx context.Context, prefix string) (map[string]string, error) {
	out := map[string]string{}
	err := s.db.single().each(ctx, func(scan func(...any) error) error {
		var key, value string
		err := scan(&key, &value)
		out[key] = value
		return err
	}, `SELECT name, value FROM cursors WHERE substr(name, 1, length($1)) = $1`, prefix)
	if err != nil {
		return nil, s.explain(fmt.Errorf("read cursors %s…: %w", prefix, err))
	}
	return out, nil
}
