package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// prepared keeps the statements of one connection, which one goroutine uses at a time.
type prepared struct {
	conn       *sql.Conn
	statements map[string]*sql.Stmt
}

const maxStatements = 400

func (p *prepared) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := p.statements[query]; ok {
		return s, nil
	}
	if len(p.statements) >= maxStatements {
		p.forget()
	}
	s, err := p.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	p.statements[query] = s
	return s, nil
}

func (p *prepared) forget() error {
	var errs []error
	for query, s := range p.statements {
		errs = append(errs, s.Close())
		delete(p.statements, query)
	}
	return errors.Join(errs...)
}

func (p *prepared) close() error { return errors.Join(p.forget(), p.conn.Close()) }

func (p *prepared) simple(query string) error {
	_, err := p.ExecContext(context.Background(), query)
	return err
}

// ExecContext implements session.
func (p *prepared) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	s, err := p.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

// QueryContext implements session.
func (p *prepared) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := p.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

// preparedPool keeps the statements that reads of one statement use; there are a few dozen texts of them.
type preparedPool struct {
	pool       *sql.DB
	statements sync.Map
}

func (p *preparedPool) close() error {
	var errs []error
	p.statements.Range(func(_, s any) bool {
		errs = append(errs, s.(*sql.Stmt).Close())
		return true
	})
	return errors.Join(errs...)
}

// ExecContext implements session.
func (p *preparedPool) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return p.pool.ExecContext(ctx, query, args...)
}

// QueryContext implements session.
func (p *preparedPool) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, ok := p.statements.Load(query)
	if !ok {
		fresh, err := p.pool.PrepareContext(ctx, query)
		if err != nil {
			return nil, err
		}
		if s, ok = p.statements.LoadOrStore(query, fresh); ok {
			fresh.Close()
		}
	}
	return s.(*sql.Stmt).QueryContext(ctx, args...)
}
