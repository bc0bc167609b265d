package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/pressly/goose/v3"
	driver "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"

	"faqbot/faq/fault"
)

const (
	readers  = 8
	lockWait = 10 * time.Second // for a command that writes to the same file
	peek     = 500 * time.Millisecond
)

type sqlite struct {
	path   string
	writer *sql.DB
	reader *sql.DB
	conn   *prepared // the writer's only connection; the group's leader holds it
	reads  *preparedPool
	group  *group
	closed sync.Once
}

func openSQLite(ctx context.Context, path string) (_ database, err error) {
	s := &sqlite{path: path}
	defer func() {
		if err != nil {
			err = errors.Join(explain(s, err), s.close())
		}
	}()
	if err := create(path); err != nil {
		return nil, err
	}
	if s.writer, err = s.pool("immediate", 1, "auto_vacuum(INCREMENTAL)", "journal_mode(WAL)"); err != nil {
		return nil, err
	}
	if s.reader, err = s.pool("deferred", readers, "query_only(1)"); err != nil {
		return nil, err
	}
	if err := s.migrate(ctx); err != nil {
		return nil, err
	}
	conn, err := s.writer.Conn(ctx)
	if err != nil {
		return nil, err
	}
	s.conn = &prepared{conn: conn, statements: map[string]*sql.Stmt{}}
	s.reads = &preparedPool{pool: s.reader}
	s.group = &group{run: s.batch}
	return s, nil
}

// create makes folder and file for the owner alone: there are customers' texts in it.
func create(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return unwritable(path, err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return unwritable(path, err)
	}
	return f.Close()
}

func unwritable(path string, err error) error {
	return fault.Wrap(fault.Forbidden, err, fmt.Sprintf("the data folder %s cannot be written to: give the user who runs faqbot "+
		"the right to, or choose another folder", filepath.Dir(path)))
}

// pool opens a pool of connections. With synchronous=FULL each commit waits for the disk. NORMAL, which is often advised with WAL, does
// not: a power cut could take back a turn that the network was told is stored, and an answered customer would be forgotten.
// secure_delete overwrites what is deleted, so that /forget does. What a savepoint may undo is kept in memory, not in files.
func (s *sqlite) pool(lock string, size int, pragmas ...string) (*sql.DB, error) {
	abs, err := filepath.Abs(s.path)
	if err != nil {
		return nil, err
	}
	pragmas = append([]string{fmt.Sprintf("busy_timeout(%d)", lockWait.Milliseconds())}, pragmas...)
	pragmas = append(pragmas, "synchronous(FULL)", "foreign_keys(1)", "secure_delete(1)", "cache_size(-16000)", "temp_store(MEMORY)")
	query := url.Values{"_txlock": {lock}, "_pragma": pragmas}
	name := url.URL{Scheme: "file", Path: filepath.ToSlash(abs), RawQuery: query.Encode()}
	db, err := sql.Open("sqlite", name.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	return db, nil
}

// migrate tries again where another command makes the same tables at the same moment.
func (s *sqlite) migrate(ctx context.Context) error {
	for try := 1; ; try++ {
		err := migrate(ctx, s.writer, goose.DialectSQLite3, s.words())
		kind, _ := s.fault(err, s.name())
		if err == nil || try == 20 || fault.KindOf(err) != fault.Internal || kind != fault.Internal && kind != fault.Unavailable {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(try) * 10 * time.Millisecond):
		}
	}
}

func (s *sqlite) words() words {
	const clock = `CAST(unixepoch('subsec') * 1000 AS INTEGER)`
	const rank = `CAST(unixepoch(json_extract(body, '$.opened_at'), 'subsec') * 1000000 AS INTEGER)
		- CASE WHEN json_extract(body, '$.pressing') THEN 1800000000 ELSE 0 END`
	return words{
		clock: clock, rank: rank,
		migrations: map[string]string{
			"serial": "INTEGER PRIMARY KEY AUTOINCREMENT", "bytes": "", "clustered": " WITHOUT ROWID", "clock": clock, "rank": rank,
		},
	}
}

func (s *sqlite) write(ctx context.Context, _ check, do work) error {
	return s.group.enter(&job{ctx: ctx, do: do})
}

func (s *sqlite) single() *tx { return &tx{on: s.reads, reads: true} }

func (s *sqlite) read(ctx context.Context, do work) error {
	t, err := s.reader.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer t.Rollback()
	return do(ctx, &tx{on: t})
}

// batch runs jobs in one transaction, each in a savepoint of its own.
func (s *sqlite) batch(jobs []*job) {
	if jobs[0].alone {
		jobs[0].err = jobs[0].do(context.WithoutCancel(jobs[0].ctx), &tx{on: s.conn})
		return
	}
	err := s.conn.simple("BEGIN IMMEDIATE")
	if err == nil {
		err = s.savepoints(jobs)
	}
	if err == nil {
		err = s.conn.simple("COMMIT")
	}
	if err == nil {
		return
	}
	s.conn.simple("ROLLBACK") // an error here says that SQLite has rolled back already
	for _, j := range jobs {
		if j.err == nil {
			j.err = err
		}
	}
}

// savepoints returns an error only where the whole transaction is lost.
func (s *sqlite) savepoints(jobs []*job) error {
	for _, j := range jobs {
		if j.err = j.ctx.Err(); j.err != nil {
			continue
		}
		if err := s.conn.simple("SAVEPOINT job"); err != nil {
			return err
		}
		// A statement that is interrupted would take the transaction of all with it, so ctx counts until here.
		if j.err = j.do(context.WithoutCancel(j.ctx), &tx{on: s.conn}); j.err != nil {
			if err := s.conn.simple("ROLLBACK TO job"); err != nil {
				return j.err
			}
		}
		if err := s.conn.simple("RELEASE job"); err != nil {
			return err
		}
	}
	return nil
}

func (s *sqlite) tell(context.Context, []Topic) {}

// listen looks at the counter that SQLite keeps of commits by other connections.
func (s *sqlite) listen(ctx context.Context, wake func([]Topic)) error {
	conn, err := s.reader.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	t := &tx{on: conn}
	var last, version int64
	ticker := time.NewTicker(peek)
	defer ticker.Stop()
	for {
		if err := t.row(ctx, []any{&version}, "PRAGMA data_version"); err != nil && ctx.Err() == nil {
			return err
		}
		if version != last {
			wake(nil)
			last = version
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// tidy gives back space, and takes what was deleted out of the write-ahead log too.
func (s *sqlite) tidy(ctx context.Context) error {
	return s.group.enter(&job{ctx: ctx, alone: true, do: func(ctx context.Context, t *tx) error {
		// A long reading, such as a dump, may keep the log in use: turns are not held up until it ends.
		for _, pragma := range []string{
			"incremental_vacuum(2000)", "optimize", "busy_timeout(100)", "wal_checkpoint(TRUNCATE)", fmt.Sprintf("busy_timeout(%d)", lockWait.Milliseconds()),
		} {
			err := t.each(ctx, func(func(...any) error) error { return nil }, "PRAGMA "+pragma)
			if err != nil {
				return fmt.Errorf("tidy %s: %w", pragma, err)
			}
		}
		return nil
	}})
}

func (s *sqlite) close() error {
	var errs []error
	s.closed.Do(func() {
		if s.conn != nil {
			// It is the last transaction: who did not stop in time may still be in one.
			closing := s.group.enter(&job{ctx: context.Background(), alone: true, do: func(context.Context, *tx) error { return s.conn.close() }})
			errs = append(errs, closing, s.reads.close())
		}
		for _, db := range []*sql.DB{s.reader, s.writer} {
			if db != nil {
				errs = append(errs, db.Close())
			}
		}
	})
	return errors.Join(errs...)
}

// violated says whether a row was refused because it contradicts others, by either database.
func violated(err error) bool {
	var e *driver.Error
	return strings.HasPrefix(sqlState(err), "23") || errors.As(err, &e) && e.Code()&0xff == codes.SQLITE_CONSTRAINT
}

func (s *sqlite) name() string { return "the database " + s.path }

func (s *sqlite) fault(err error, name string) (fault.Kind, string) {
	var e *driver.Error
	if !errors.As(err, &e) {
		return fault.Internal, ""
	}
	switch e.Code() & 0xff {
	case codes.SQLITE_BUSY, codes.SQLITE_LOCKED:
		return fault.Unavailable, name + " is locked by another program: end it, or wait until it is done"
	case codes.SQLITE_FULL:
		return fault.Unavailable, "the disk of " + name + " is full: make room; nothing that was confirmed is lost"
	case codes.SQLITE_IOERR:
		return fault.Unavailable, "the disk of " + name + " gives errors: look at the system's log"
	case codes.SQLITE_READONLY, codes.SQLITE_CANTOPEN, codes.SQLITE_PERM:
		return fault.Forbidden, name + " cannot be written to: give the user who runs faqbot the right to write to the file and its folder"
	case codes.SQLITE_CORRUPT, codes.SQLITE_NOTADB:
		return fault.Invalid, name + " is damaged or is no database: stop faqbot, move the file (with its -wal and -shm) away, and " +
			"restore the newest backup into an empty folder"
	}
	return fault.Internal, ""
}
