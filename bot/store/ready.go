package store

import (
	"context"
	"errors"
	"strings"

	"faqbot/faq/fault"
)

// probeSize is about what a turn writes. Less might still find room on a disk that is full for all else.
const probeSize = 16 << 10

// Ready reports whether the database answers and keeps what it is given: it writes a little, to the disk, and takes it back. The message
// of its fault is for strangers: it says what is wrong, and not where or how to mend it. SQLite may take longer than ctx allows.
func (s *Store) Ready(ctx context.Context) error {
	var n int64
	if err := s.db.single().row(ctx, []any{&n}, `SELECT count(*) FROM counters`); err != nil {
		return s.unready(err, "the database does not answer")
	}
	// Leases are in no backup, and nobody looks for this one.
	err := s.db.write(ctx, nil, func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO leases (name, holder, expires) VALUES ('probe', $1, 0)
			ON CONFLICT (name) DO UPDATE SET holder = excluded.holder`, strings.Repeat("x", probeSize))
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, `DELETE FROM leases WHERE name = 'probe'`)
		return err
	})
	return s.unready(err, "nothing can be stored")
}

func (s *Store) unready(err error, otherwise string) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, context.DeadlineExceeded) {
		otherwise = "the database does not answer"
	}
	if kind, message := s.db.fault(err, "the database"); kind != fault.Internal {
		what, _, _ := strings.Cut(message, ": ")
		return fault.Wrap(kind, err, what)
	}
	return fault.Wrap(fault.Unavailable, err, otherwise)
}
