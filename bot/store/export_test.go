package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"faqbot/faq/fault"
	"faqbot/knowledge/insight/webhook"
)

// LimitPages makes a SQLite database full at so many pages.
func LimitPages(s *Store, pages int) error {
	return s.db.(*sqlite).group.enter(&job{ctx: context.Background(), alone: true, do: func(ctx context.Context, t *tx) error {
		var n int64
		return t.row(ctx, []any{&n}, fmt.Sprintf("PRAGMA max_page_count = %d", pages))
	}})
}

// RefuseWrites makes a SQLite database one that can be read alone, or takes that back.
func RefuseWrites(s *Store, refuse bool) error {
	return s.db.(*sqlite).group.enter(&job{ctx: context.Background(), alone: true, do: func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, fmt.Sprintf("PRAGMA query_only = %v", refuse))
		return err
	}})
}

// Explain is the kind and message of a driver's error.
func Explain(s *Store, err error) (fault.Kind, string) { return s.db.fault(err, s.db.name()) }

// Bounded are the tables of which is said what ends the life of their rows.
func Bounded() []string {
	var tables []string
	for _, b := range bounds {
		if (b.old == "") != (b.because == "") && !slices.Contains(tables, b.table) {
			tables = append(tables, b.table)
		}
	}
	return tables
}

// Bare commits one small row: what any commit costs.
func Bare(ctx context.Context, s *Store, name string) error {
	return s.write(ctx, nil, func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO cursors (name, value) VALUES ($1, 'x')`, name)
		return err
	})
}

// Announce keeps an event for the shop and the board, as others of this package do with what they write.
func Announce(ctx context.Context, s *Store, kind webhook.Kind, data any, at time.Time) error {
	told := announcer{[]webhook.TargetID{"shop", "board"}}
	return s.write(ctx, nil, func(ctx context.Context, t *tx) error {
		steps, err := told.announce(t, micros(at), kind, data)
		if err != nil {
			return err
		}
		return t.run(ctx, steps)
	})
}
