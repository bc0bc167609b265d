package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// work is what one transaction does. It may run more than once, so it assigns its results and adds nothing to them.
type work func(ctx context.Context, t *tx) error

// check looks in the database whether a transaction took place.
type check func(ctx context.Context, t *tx) (bool, error)

// session is a connection, a transaction or a pool.
type session interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// tx is the one way to the database: it binds what the drivers would not take.
type tx struct {
	on   session
	told []Topic
	// reads is true outside of a transaction, where nothing is written.
	reads bool
}

// tell notes topics to wake once the transaction is committed.
func (t *tx) tell(topics ...Topic) { t.told = append(t.told, topics...) }

func (t *tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	result, err := t.on.ExecContext(ctx, query, bind(args)...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// row reads one row; without one the error is sql.ErrNoRows.
func (t *tx) row(ctx context.Context, into []any, query string, args ...any) error {
	rows, err := t.on.QueryContext(ctx, query, bind(args)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return err
		}
		return sql.ErrNoRows
	}
	if err := rows.Scan(into...); err != nil {
		return err
	}
	if err := rows.Close(); err != nil && !t.reads { // what was read is read, even if the connection was cut right after
		return err
	}
	return nil
}

// each reads all rows; scan is called for each with the function that fills in its columns.
func (t *tx) each(ctx context.Context, scan func(into func(...any) error) error, query string, args ...any) error {
	rows, err := t.on.QueryContext(ctx, query, bind(args)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// maxRows keeps one statement far from the 32,766 parameters that SQLite takes.
const maxRows = 500

// step is a statement whose outcome decides at most whether the transaction goes on.
type step struct {
	query string
	args  []any
	// check looks at how many rows were affected; it may be nil.
	check func(affected int64) error
}

// pipeline is a session that runs several statements in one exchange with the server.
type pipeline interface {
	pipeline(ctx context.Context, steps []step) error
}

// run runs steps in order until one fails.
func (t *tx) run(ctx context.Context, steps []step) error {
	for _, s := range steps {
		bind(s.args)
	}
	if p, ok := t.on.(pipeline); ok && len(steps) > 1 {
		return p.pipeline(ctx, steps)
	}
	for _, s := range steps {
		n, err := t.exec(ctx, s.query, s.args...)
		if err == nil && s.check != nil {
			err = s.check(n)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// insert adds rows.
func (t *tx) insert(ctx context.Context, into string, rows [][]any, conflict string) error {
	return t.run(ctx, inserts(into, rows, conflict))
}

// inserts adds rows with as few statements as can be.
func inserts(into string, rows [][]any, conflict string) []step {
	var steps []step
	for chunk := range slices.Chunk(rows, maxRows) {
		var b strings.Builder
		b.WriteString("INSERT INTO " + into + " VALUES ")
		var args []any
		for i, row := range chunk {
			if i > 0 {
				b.WriteByte(',')
			}
			placeholders(&b, len(args)+1, len(row))
			args = append(args, row...)
		}
		b.WriteString(conflict)
		steps = append(steps, step{query: b.String(), args: args})
	}
	return steps
}

// placeholders writes ($first,…) for so many parameters.
func placeholders(b *strings.Builder, first, count int) {
	for i := range count {
		b.WriteByte("(,"[min(i, 1)])
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(first + i))
	}
	b.WriteByte(')')
}

// in is a list of parameters for IN, the first of them numbered first.
func in(first, count int) string {
	var b strings.Builder
	placeholders(&b, first, count)
	return b.String()
}

func bind(args []any) []any {
	for i, a := range args {
		switch v := a.(type) {
		case string:
			args[i] = clean(v)
		case time.Time:
			args[i] = micros(v)
		case int:
			args[i] = int64(v)
		case float64:
			if math.IsNaN(v) {
				args[i] = float64(0) // SQLite stores it as NULL
			}
		case nil, int64, bool:
		default:
			if r := reflect.ValueOf(a); r.Kind() == reflect.String {
				args[i] = clean(r.String())
			}
		}
	}
	return args
}

// clean replaces what PostgreSQL does not store in a text; it does so on both databases, so that a name finds what it stored.
func clean(s string) string {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// micros is a time as it is stored: microseconds since 1970, and 0 for no time.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func fromMicros(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}

// encode is a value as the JSON that is stored of it. JSON escapes what SQL texts cannot hold.
func encode(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

func decode(body string, into any) error {
	if err := json.Unmarshal([]byte(body), into); err != nil {
		return fmt.Errorf("decode a stored %T: %w", into, err)
	}
	return nil
}
