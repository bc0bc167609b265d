package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"faqbot/bot/channel"
	"faqbot/bot/webchat"
	"faqbot/faq/fault"
)

// Visitors is the part of a [Store] that a web chat uses.
type Visitors struct{ store *Store }

// Webchat is the store for a web chat.
func (s *Store) Webchat() *Visitors { return &Visitors{s} }

// CreateSession implements [webchat.Store].
func (v *Visitors) CreateSession(ctx context.Context, session webchat.Session) error {
	err := v.store.write(ctx, v.created(session), func(ctx context.Context, t *tx) error {
		n, err := t.exec(ctx, `INSERT INTO webchat_sessions (token_hash, visitor, created, number) VALUES ($1, $2, $3, 0)
			ON CONFLICT DO NOTHING`, session.TokenHash, session.Visitor, session.Created)
		if err == nil && n == 0 {
			err = fault.New(fault.Conflict, "this web chat session exists already")
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("create a web chat session: %w", err)
	}
	return nil
}

func (v *Visitors) created(session webchat.Session) check {
	return func(ctx context.Context, t *tx) (bool, error) {
		var n int64
		err := t.row(ctx, []any{&n}, `SELECT count(*) FROM webchat_sessions WHERE token_hash = $1 AND visitor = $2`,
			session.TokenHash, session.Visitor)
		return n > 0, err
	}
}

// Session implements [webchat.Store].
func (v *Visitors) Session(ctx context.Context, tokenHash string) (webchat.Session, error) {
	session := webchat.Session{TokenHash: tokenHash}
	var created int64
	err := v.store.db.single().row(ctx, []any{&session.Visitor, &created},
		`SELECT visitor, created FROM webchat_sessions WHERE token_hash = $1`, tokenHash)
	if errors.Is(err, sql.ErrNoRows) {
		return webchat.Session{}, fault.New(fault.NotFound, "this web chat session does not exist")
	}
	if err != nil {
		return webchat.Session{}, v.store.explain(fmt.Errorf("find a web chat session: %w", err))
	}
	session.Created = fromMicros(created)
	return session, nil
}

// Append implements [webchat.Store]. The session's row, raised first, puts the writers of a visitor in a row.
func (v *Visitors) Append(ctx context.Context, visitor channel.ChatID, line webchat.Line) (webchat.LineNumber, error) {
	var number int64
	err := v.store.write(ctx, nil, func(ctx context.Context, t *tx) error {
		var raised int64
		err := t.row(ctx, []any{&raised}, `UPDATE webchat_sessions SET number = number + 1 WHERE visitor = $1 RETURNING number`, visitor)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.NotFound, "this web chat visitor does not exist")
		}
		if err != nil {
			return err
		}
		err = t.row(ctx, []any{&number}, `SELECT number FROM webchat_lines WHERE visitor = $1 AND name = $2`, visitor, line.Key)
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		number = raised
		t.tell(Webchat)
		_, err = t.exec(ctx, `INSERT INTO webchat_lines (visitor, number, name, at, body) VALUES ($1, $2, $3, $4, $5)`,
			visitor, number, line.Key, line.At, string(line.Body))
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("append a web chat line: %w", err)
	}
	return webchat.LineNumber(number), nil
}

// Lines implements [webchat.Store].
func (v *Visitors) Lines(ctx context.Context, visitor channel.ChatID, after webchat.LineNumber, limit int) ([]webchat.Line, error) {
	var out []webchat.Line
	err := v.store.db.single().each(ctx, func(scan func(...any) error) error {
		var line webchat.Line
		var at int64
		var body string
		err := scan(&line.Number, &line.Key, &at, &body)
		line.At, line.Body = fromMicros(at), []byte(body)
		out = append(out, line)
		return err
	}, `SELECT number, name, at, body FROM webchat_lines WHERE visitor = $1 AND number > $2 ORDER BY number LIMIT $3`,
		visitor, int64(after), limit)
	if err != nil {
		return nil, v.store.explain(fmt.Errorf("read web chat lines: %w", err))
	}
	return out, nil
}

// Forget implements [webchat.Store].
func (v *Visitors) Forget(ctx context.Context, visitor channel.ChatID) error {
	err := v.store.write(ctx, nil, func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, `DELETE FROM webchat_lines WHERE visitor = $1`, visitor)
		return err
	})
	if err != nil {
		return fmt.Errorf("forget a web chat: %w", err)
	}
	v.store.tidy(ctx)
	return nil
}
