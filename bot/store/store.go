// Package store keeps everything that faqbot knows in one SQL database: a SQLite file, or PostgreSQL for several replicas.
//
// Every write is one transaction with durable commit. Nothing is started by [Open]: [Store.Run] listens to other processes, and
// is the caller's to start. Errors of the drivers become fault kinds by their codes; texts of customers are in no error.
package store

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"time"

	"faqbot/faq/fault"
	"faqbot/knowledge/insight/webhook"
)

// Settings say where the database is.
type Settings struct {
	// URL is "postgres://user:password@host/name"; empty is the SQLite file faqbot.db in Dir.
	URL string
	// Dir is the data folder; it is made where it is missing, for its owner alone.
	Dir string
	// Connections bounds the pool of connections to PostgreSQL; 0 is 16.
	Connections int
}

// Options are what the program around it provides.
type Options struct {
	Logger *slog.Logger     // nil logs nothing
	Now    func() time.Time // nil is time.Now
	// Webhooks are those whom events are kept for; without any, nothing is.
	Webhooks []webhook.TargetID
}

// File is the name of the SQLite file in the data folder.
const File = "faqbot.db"

// Store implements faq.Store, knowledge.Vocabulary, bot.Store, bot.Outbox and bot.Leases; [Store.Webchat] implements webchat.Store, and
// [Store.Webhooks] webhook.Queue. It is safe for concurrent use.
type Store struct {
	db      database
	log     *slog.Logger
	now     func() time.Time
	keys    *keys
	numbers *numbers
	topics  *topics
	announcer
}

// database is what differs between SQLite and PostgreSQL.
type database interface {
	// write runs work in one transaction, again where that mends it. landed, which may be nil, tells after a commit of unknown
	// fate whether it took place.
	write(ctx context.Context, landed check, do work) error
	// read runs work on one consistent state; single is for work of one statement, which needs no transaction for that.
	read(ctx context.Context, do work) error
	single() *tx
	// name is what messages for the owner call this database.
	name() string
	// fault gives an error its kind by the driver's code, and a message about the database of that name; "" is for those that have none.
	fault(err error, name string) (kind fault.Kind, message string)
	// tell lets other processes know that topics changed.
	tell(ctx context.Context, topics []Topic)
	// listen calls wake for what other processes change, until ctx ends; nil means that anything may have changed.
	listen(ctx context.Context, wake func([]Topic)) error
	// tidy gives back space after much was deleted.
	tidy(ctx context.Context) error
	// words are what the SQL texts differ in.
	words() words
	close() error
}

// words are the few pieces of SQL that differ.
type words struct {
	clock      string // the database's time in milliseconds
	rank       string // a ticket's place in the queue by its body, as [handoff.Ticket.Rank] has it, in microseconds
	lock, skip string // locks rows that were read: waiting for them, or leaving out those of others
	migrations map[string]string
	restored   []string // statements that follow a restore
}

// Open opens the database, and makes or updates its tables. Its errors say what to do.
func Open(ctx context.Context, settings Settings, options Options) (*Store, error) {
	if options.Logger == nil {
		options.Logger = slog.New(slog.DiscardHandler)
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	db, err := open(ctx, settings, options.Logger)
	if err != nil {
		return nil, err
	}
	s := &Store{db: db, log: options.Logger, now: options.Now, keys: newKeys(), topics: newTopics(), announcer: announcer{options.Webhooks}}
	s.numbers = newNumbers(s.reserve)
	return s, nil
}

func open(ctx context.Context, settings Settings, log *slog.Logger) (database, error) {
	switch {
	case settings.URL == "":
		return openSQLite(ctx, filepath.Join(settings.Dir, File))
	case strings.HasPrefix(settings.URL, "postgres://"), strings.HasPrefix(settings.URL, "postgresql://"):
		return openPostgres(ctx, settings, log)
	}
	return nil, fault.New(fault.Invalid,
		"the database address must begin with postgres:// (leave it empty to use the file %s in the data folder)", File)
}

// Close ends all connections. Call it after everything that uses the store has ended.
func (s *Store) Close() error { return s.db.close() }

// explain gives a driver's error the kind and the message that fit its code.
func (s *Store) explain(err error) error { return explain(s.db, err) }

func explain(db database, err error) error {
	if err == nil || fault.KindOf(err) != fault.Internal || errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if kind, message := db.fault(err, db.name()); kind != fault.Internal {
		return fault.Wrap(kind, err, message)
	}
	return err
}

// write runs work in one transaction and wakes those who wait for the topics it told of.
func (s *Store) write(ctx context.Context, landed check, do work) error {
	var told []Topic
	err := s.db.write(ctx, landed, func(ctx context.Context, t *tx) error {
		t.told = t.told[:0]
		err := do(ctx, t)
		told = append(told[:0], t.told...)
		return err
	})
	if err != nil {
		return s.explain(err)
	}
	if len(told) > 0 {
		s.topics.wake(told)
		s.db.tell(ctx, told)
	}
	return nil
}

func (s *Store) read(ctx context.Context, do work) error { return s.explain(s.db.read(ctx, do)) }
