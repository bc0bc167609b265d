package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"time"
)

// tables are those of a dump, parents first. Leases are left out: their holders do not come along.
var tables = []string{
	"counters", "entries", "revisions", "synonyms", "inbox", "conversations", "lines", "outcomes", "misses", "gaps", "gap_edits", "judged", "tickets", "timers", "actions",
	"desks", "staff", "codes", "threads", "links", "blocked", "saved",
	"tallies", "handoffs", "promises", "sampled",
	"deferred", "outbox", "queues", "cursors", "webchat_sessions", "webchat_lines", "webhooks",
}

// truths are the columns that are true or false, which SQLite keeps as 1 and 0.
var truths = map[string]bool{"aside": true, "urgent": true, "unknown": true, "owner": true, "answered": true, "wants": true, "done": true, "confirmed": true, "moved": true, "private": true}

// A dump is gzip of lines of JSON: a dumpHeader, then for each table a dumpTable and its rows as arrays, then a dumpEnd.
type dumpHeader struct {
	Dump   string    `json:"dump"` // always dumpName
	Format int       `json:"format"`
	Schema int64     `json:"schema"`
	At     time.Time `json:"at"`
}

type dumpTable struct {
	Table   string   `json:"table"`
	Columns []string `json:"columns"`
}

type dumpEnd struct {
	Rows map[string]int64 `json:"rows"`
	// Sum is the SHA-256 of all bytes before this line.
	Sum string `json:"sha256"`
}

const (
	dumpName   = "faqbot"
	dumpFormat = 1
)

// dumper writes lines and adds them up.
type dumper struct {
	out  io.Writer
	sum  hash.Hash
	rows map[string]int64
	line bytes.Buffer
	json *json.Encoder
}

func newDumper(out io.Writer) *dumper {
	d := &dumper{out: out, sum: sha256.New(), rows: map[string]int64{}}
	d.json = json.NewEncoder(&d.line)
	d.json.SetEscapeHTML(false)
	return d
}

func (d *dumper) write(v any) error {
	d.line.Reset()
	if err := d.json.Encode(v); err != nil {
		return err
	}
	d.sum.Write(d.line.Bytes())
	_, err := d.out.Write(d.line.Bytes())
	return err
}

// Dump writes all that is stored, as it is at one moment, while others go on. [Store.Restore] reads it into either database.
func (s *Store) Dump(ctx context.Context, w io.Writer) error {
	version, err := schema()
	if err != nil {
		return err
	}
	zip := gzip.NewWriter(w)
	err = s.explain(s.db.read(ctx, once("dump", func(ctx context.Context, t *tx) error {
		d := newDumper(zip)
		if err := d.write(dumpHeader{dumpName, dumpFormat, version, s.now().UTC()}); err != nil {
			return err
		}
		for _, table := range tables {
			if err := d.table(ctx, t, table); err != nil {
				return fmt.Errorf("table %s: %w", table, err)
			}
		}
		return d.write(dumpEnd{d.rows, hex.EncodeToString(d.sum.Sum(nil))})
	})))
	if err == nil {
		err = zip.Close()
	}
	if err != nil {
		return fmt.Errorf("dump the database: %w", err)
	}
	return nil
}

func (d *dumper) table(ctx context.Context, t *tx, table string) error {
	rows, err := t.on.QueryContext(ctx, `SELECT * FROM `+table)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	if err := d.write(dumpTable{table, columns}); err != nil {
		return err
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for i, column := range columns {
			if n, ok := values[i].(int64); ok && truths[column] {
				values[i] = n != 0
			}
		}
		if err := d.write(values); err != nil {
			return err
		}
		d.rows[table]++
	}
	return rows.Err()
}
