package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/user"
	"time"

	"faqbot/bot"
	"faqbot/bot/store"
	"faqbot/faq"
	"faqbot/knowledge"
	"faqbot/knowledge/eval"
	"faqbot/knowledge/index"
)

// app is what every command starts from: settings and streams.
type app struct {
	settings Settings
	checked  checked
	std      streams
}

func (a *app) logger() *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(a.settings.Level)); err != nil {
		level = slog.LevelInfo
	}
	options := &slog.HandlerOptions{Level: level}
	if a.settings.Format == "json" {
		return slog.New(slog.NewJSONHandler(a.std.err, options))
	}
	return slog.New(slog.NewTextHandler(a.std.err, options))
}

// quiet is the logger of commands that print for people: warnings and worse.
func (a *app) quiet() *slog.Logger {
	return slog.New(slog.NewTextHandler(a.std.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// open checks the settings and opens the database.
func (a *app) open(ctx context.Context) (*store.Store, error) {
	var err error
	if a.checked, err = a.settings.check(); err != nil {
		return nil, err
	}
	return a.openStore(ctx, a.quiet())
}

func (a *app) openStore(ctx context.Context, logger *slog.Logger) (*store.Store, error) {
	settings := store.Settings{URL: a.settings.DatabaseURL, Dir: a.settings.DataDir}
	return store.Open(ctx, settings, store.Options{Logger: logger, Now: time.Now, Webhooks: a.checked.told()})
}

// caches are where a brain keeps what it can make anew; what is empty is kept in memory.
type caches struct {
	index    string // a folder
	database string // whose entries are in it
	learnt   string // a file
}

// brain is a matcher with its index and where both take entries from.
type brain struct {
	matcher *knowledge.Matcher
	index   *index.Index
	source  *servedEntries
	lexicon *bot.Lexicon
}

// Sync brings the matcher up to date with the store.
func (b *brain) Sync(ctx context.Context) error { return b.matcher.Sync(ctx, b.source) }

// Decide finds what a message asks, without the greeting before it, as a conversation does.
func (b *brain) Decide(ctx context.Context, q knowledge.Question) ([]knowledge.Decision, error) {
	q.Utterance = b.lexicon.Core(q.Utterance)
	return b.matcher.Decide(ctx, q)
}

// own is the matcher without the sample, which the first entry takes the place of.
func (b *brain) own() *knowledge.Matcher {
	if b.source.Sampling() {
		return b.matcher.With(b.source.withdrawn())
	}
	return b.matcher
}

// memory is what a brain is made from.
type memory interface {
	entryStore
	AllJudged(ctx context.Context) ([]eval.Judged, error)
	Traffic(ctx context.Context, since time.Time) (knowledge.Traffic, error)
}

// recent is how far back use is looked at: whole weeks, for Sundays ask otherwise than Mondays.
const recent = 28 * 24 * time.Hour

// think builds a matcher over a store, not trained yet. Only `serve` keeps its index in the folder; an empty folder is an index in memory.
func (a *app) think(ctx context.Context, s memory, c caches) (*brain, error) {
	source, err := newServedEntries(s)
	if err != nil {
		return nil, err
	}
	b, err := a.newBrain(c, s)
	if err != nil {
		return nil, err
	}
	b.source = source
	if err := b.Sync(ctx); err != nil {
		return nil, errors.Join(err, b.index.Close())
	}
	return b, nil
}

// thinkHard is think with everything learnt that there is to learn: what is decided is what `serve` decides.
func (a *app) thinkHard(ctx context.Context, s memory) (*brain, error) {
	b, err := a.think(ctx, s, caches{learnt: a.settings.learnt()})
	if err != nil {
		return nil, err
	}
	if err := b.matcher.Train(ctx); err != nil {
		return nil, errors.Join(err, b.index.Close())
	}
	return b, nil
}

// newBrain is one that knows nothing yet, and learns from use where there is any.
func (a *app) newBrain(c caches, s memory) (*brain, error) {
	lexicon, err := bot.NewLexicon()
	if err != nil {
		return nil, err
	}
	x, err := index.Open(c.index, index.Options{Logger: a.quiet(), Database: c.database})
	if err != nil {
		return nil, err
	}
	options := knowledge.Options{
		Default: a.checked.language, Learnt: c.learnt, Logger: a.quiet(),
		Bands: knowledge.Bands{Answer: knowledge.Confidence(a.settings.AnswerAt), Clarify: knowledge.Confidence(a.settings.ClarifyAt)},
		Aim:   knowledge.Aim{Budget: a.settings.WrongAnswers, Unanswerable: a.settings.Unanswerable},
	}
	if s != nil {
		options.Verdicts = func(ctx context.Context) ([]knowledge.Verdict, error) {
			judged, err := s.AllJudged(ctx)
			return eval.Verdicts(judged), err
		}
	}
	if s != nil && options.Aim.Unanswerable == 0 {
		options.Traffic = func(ctx context.Context) (knowledge.Traffic, error) { return s.Traffic(ctx, time.Now().Add(-recent)) }
	}
	return &brain{index: x, lexicon: lexicon, matcher: knowledge.New(x, options)}, nil
}

// withBrain runs a command that asks questions, with everything in memory but the database.
func (a *app) withBrain(ctx context.Context, do func(s *store.Store, b *brain) error) error {
	s, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	b, err := a.thinkHard(ctx, s)
	if err != nil {
		return err
	}
	defer b.index.Close()
	return do(s, b)
}

// withEditor runs a command that changes entries.
func (a *app) withEditor(ctx context.Context, do func(s *store.Store, e *faq.Editor) error) error {
	return a.withStore(ctx, func(s *store.Store) error { return do(s, faq.NewEditor(s, time.Now)) })
}

// who names the person at the keyboard in an entry's history.
func who() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return "command line"
}

// counted is a number with its noun.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// databaseID is a name the database gives itself once, so that an index made for another one is not believed.
func databaseID(ctx context.Context, s *store.Store) (string, error) {
	const key = "database"
	id, err := s.Cursor(ctx, key)
	if err != nil || id != "" {
		return id, err
	}
	if err := s.SetCursor(ctx, key, fmt.Sprintf("%x-%d", time.Now().UnixNano(), os.Getpid())); err != nil {
		return "", err
	}
	return s.Cursor(ctx, key)
}
