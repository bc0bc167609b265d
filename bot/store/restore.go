package store

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"slices"
	"strings"

	"faqbot/faq/fault"
)

// once keeps work that consumes a stream from being repeated.
func once(what string, do work) work {
	began := false
	return func(ctx context.Context, t *tx) error {
		if began {
			return fault.New(fault.Unavailable, "the connection to the database was cut during the %s: start it again", what)
		}
		began = true
		return do(ctx, t)
	}
}

// Restore reads a dump into this database, which must be empty: all of it, or nothing where the dump is not whole.
func (s *Store) Restore(ctx context.Context, r io.Reader) error {
	version, err := schema()
	if err != nil {
		return err
	}
	err = s.write(ctx, nil, once("restore", func(written context.Context, t *tx) error {
		u := &undumper{tx: t, sum: sha256.New(), rows: map[string]int64{}, schema: version, cancelled: ctx.Err}
		if err := u.checkEmpty(written); err != nil {
			return err
		}
		if err := u.run(written, r); err != nil {
			return err
		}
		for _, statement := range s.db.words().restored {
			if _, err := t.exec(written, statement); err != nil {
				return err
			}
		}
		t.tell(Entries, Outbox, Timers, Webchat, Webhooks)
		return s.date(written, t)
	}))
	if violated(err) {
		err = damaged("what it holds contradicts itself")
	}
	if err != nil {
		return fmt.Errorf("restore a dump: %w", err)
	}
	s.numbers.reset()
	return nil
}

// date gives what an older dump has no time for the time of the restore, and tickets their place in the queue, as the update of the tables does.
func (s *Store) date(ctx context.Context, t *tx) error {
	for _, query := range []string{
		`UPDATE tickets SET closed_at = $1 WHERE status = 'closed' AND closed_at = 0`, `UPDATE cursors SET at = $1 WHERE at = 0`,
		`UPDATE tallies SET met = CASE WHEN answers < questions THEN answers ELSE questions END WHERE met < 0 AND CAST($1 AS BIGINT) > 0`,
		`INSERT INTO counters (name, value) SELECT 'sorted', 0 WHERE CAST($1 AS BIGINT) > 0 ON CONFLICT DO NOTHING`,
	} {
		if _, err := t.exec(ctx, query, s.now()); err != nil {
			return err
		}
	}
	_, err := t.exec(ctx, `UPDATE tickets SET rank = `+s.db.words().rank+` WHERE rank = 0`)
	return err
}

func damaged(format string, args ...any) error {
	return fault.New(fault.Invalid, "this backup cannot be restored: "+format+"; nothing was changed", args...)
}

// undumper reads lines and adds them up as the dumper did.
type undumper struct {
	tx        *tx
	in        *bufio.Reader
	sum       hash.Hash
	number    int // of the line
	schema    int64
	cancelled func() error

	table   dumpTable
	rows    map[string]int64
	pending [][]any
}

// kept is what people call the rows of a table. The counters are in every database.
var kept = map[string]string{
	"entries": "entries", "revisions": "entries", "synonyms": "synonyms",
	"inbox": "messages of customers", "conversations": "conversations", "lines": "conversations",
	"outcomes": "conversations", "misses": "unanswered questions", "gaps": "unanswered questions", "gap_edits": "unanswered questions", "judged": "real questions", "tickets": "tickets", "timers": "conversations", "actions": "conversations",
	"desks": "desks", "staff": "desks", "codes": "desks", "threads": "tickets", "links": "tickets", "blocked": "tickets", "saved": "saved replies",
	"tallies": "figures", "handoffs": "figures", "promises": "figures", "sampled": "figures",
	"deferred": "messages of customers", "outbox": "messages to customers", "queues": "messages to customers",
	"cursors": "notes of a bot that was started", "webchat_sessions": "web chats", "webchat_lines": "web chats",
	"webhooks": "events for webhooks",
}

// notOwn leaves out what a database has from its first use on: the name that it gave itself.
var notOwn = map[string]string{"cursors": ` WHERE name <> 'database'`}

func (u *undumper) checkEmpty(ctx context.Context) error {
	var found []string
	for _, table := range tables {
		var some bool
		if err := u.tx.row(ctx, []any{&some}, `SELECT EXISTS (SELECT 1 FROM `+table+notOwn[table]+`)`); err != nil {
			return err
		}
		if word := kept[table]; some && word != "" && !slices.Contains(found, word) {
			found = append(found, word)
		}
	}
	if len(found) > 0 {
		return fault.New(fault.Conflict, "a backup is restored into an empty database only, and this one holds %s: name a new folder with "+
			"--data-dir, or the address of an empty database; nothing was changed", strings.Join(found, ", "))
	}
	for _, query := range []string{`DELETE FROM counters`, `DELETE FROM cursors`} {
		if _, err := u.tx.exec(ctx, query); err != nil {
			return err
		}
	}
	return nil
}

func (u *undumper) run(ctx context.Context, r io.Reader) error {
	zip, err := gzip.NewReader(r)
	if err != nil {
		return damaged("it is no gzip file, or an empty one")
	}
	u.in = bufio.NewReaderSize(zip, 1<<16)
	if err := u.header(); err != nil {
		return err
	}
	for {
		line, before, err := u.next()
		if err != nil {
			return err
		}
		if line[0] == '[' {
			if err := u.row(ctx, line); err != nil {
				return err
			}
			continue
		}
		var v struct {
			dumpTable
			dumpEnd
		}
		if err := json.Unmarshal(line, &v); err != nil {
			return damaged("line %d cannot be read", u.number)
		}
		if err := u.flush(ctx); err != nil {
			return err
		}
		if v.Table == "" {
			return u.end(v.dumpEnd, before)
		}
		if err := u.begin(ctx, v.dumpTable); err != nil {
			return err
		}
	}
}

// next reads a line, and the sum of all before it.
func (u *undumper) next() (line []byte, before string, err error) {
	if err := u.cancelled(); err != nil {
		return nil, "", err
	}
	u.number++
	before = hex.EncodeToString(u.sum.Sum(nil))
	line, err = u.in.ReadBytes('\n')
	if err != nil {
		return nil, "", u.broken(err)
	}
	u.sum.Write(line)
	return line, before, nil
}

func (u *undumper) broken(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return damaged("it is cut off after line %d", u.number-1)
	}
	if errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) || errors.As(err, new(flate.CorruptInputError)) {
		return damaged("it was altered or damaged near line %d", u.number)
	}
	return fmt.Errorf("read the dump: %w", err)
}

func (u *undumper) header() error {
	line, _, err := u.next()
	if err != nil {
		return err
	}
	var h dumpHeader
	if json.Unmarshal(line, &h) != nil || h.Dump != dumpName {
		return damaged("it was not made by faqbot")
	}
	if h.Format != dumpFormat {
		return damaged("it was made by another faqbot: its format is %d and this program knows %d", h.Format, dumpFormat)
	}
	if h.Schema > u.schema {
		return newer(h.Schema, u.schema)
	}
	return nil
}

func (u *undumper) begin(ctx context.Context, table dumpTable) error {
	if !slices.Contains(tables, table.Table) {
		return damaged("line %d names a table “%s” that is unknown here", u.number, table.Table)
	}
	rows, err := u.tx.on.QueryContext(ctx, `SELECT * FROM `+table.Table+` LIMIT 0`)
	if err != nil {
		return err
	}
	defer rows.Close()
	known, err := rows.Columns()
	if err != nil {
		return err
	}
	for _, column := range table.Columns {
		if !slices.Contains(known, column) {
			return damaged("line %d names a column “%s” that is unknown here", u.number, column)
		}
	}
	u.table = table
	return rows.Err()
}

func (u *undumper) row(ctx context.Context, line []byte) error {
	var row []any
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.UseNumber()
	if err := decoder.Decode(&row); err != nil || len(row) != len(u.table.Columns) || len(row) == 0 {
		return damaged("line %d cannot be read", u.number)
	}
	for i, v := range row {
		n, ok := v.(json.Number)
		if !ok {
			continue
		}
		if whole, err := n.Int64(); err == nil {
			row[i] = whole
		} else if row[i], err = n.Float64(); err != nil {
			return damaged("line %d cannot be read", u.number)
		}
	}
	u.rows[u.table.Table]++
	u.pending = append(u.pending, row)
	if len(u.pending) < maxRows {
		return nil
	}
	return u.flush(ctx)
}

func (u *undumper) flush(ctx context.Context) error {
	if len(u.pending) == 0 {
		return nil
	}
	rows := u.pending
	u.pending = u.pending[:0:0]
	return u.tx.insert(ctx, u.table.Table+` (`+strings.Join(u.table.Columns, ", ")+`)`, rows, ``)
}

func (u *undumper) end(end dumpEnd, sum string) error {
	if end.Sum != sum || !maps.Equal(end.Rows, u.rows) {
		return damaged("its checksum does not fit: it was altered or damaged")
	}
	_, err := u.in.ReadByte()
	if errors.Is(err, io.EOF) {
		return nil // gzip has compared its own sum here
	}
	if err == nil {
		return damaged("there is more after its end")
	}
	return u.broken(err)
}
