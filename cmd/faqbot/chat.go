package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/store"
	"faqbot/bot/terminal"
	"faqbot/faq"
	"faqbot/faq/fault"

	"golang.org/x/term"
)

type chatCommand struct {
	Locale string `placeholder:"TAG" help:"Language of the customer you play; that of your terminal where empty."`
}

// Help implements kong's help.
func (chatCommand) Help() string {
	return "You are the customer; the keyboard is all you need: buttons are numbers, /help says what else there is, /quit ends.\n" +
		"What is asked here is stored like anywhere else.\n\nExample: faqbot chat"
}

// Run chats.
func (c *chatCommand) Run(ctx context.Context, a *app) error {
	s, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	b, err := a.think(ctx, s, caches{learnt: a.settings.learnt()})
	if err != nil {
		return err
	}
	defer b.index.Close()
	if b.source.Sampling() {
		fmt.Fprintln(a.std.err, sampleNotice)
	}
	soon, cancel := context.WithTimeout(ctx, learnTime)
	defer cancel()
	if err := b.matcher.Train(soon); err != nil && soon.Err() == nil {
		return err
	}
	return c.converse(ctx, a, s, b)
}

func (c *chatCommand) converse(ctx context.Context, a *app, s *store.Store, b *brain) error {
	holder := fmt.Sprintf("chat-%d", os.Getpid())
	free, err := s.Acquire(ctx, "send:"+string(terminal.Network), holder, time.Minute)
	if err != nil {
		return err
	}
	if !free {
		return fault.New(fault.Conflict, "another “faqbot chat” is open on this database (or was stopped hard less than a minute ago)")
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	network := c.terminal(a, s)
	logger := slog.New(slog.NewTextHandler(a.std.err, &slog.HandlerOptions{Level: slog.LevelError}))
	options := bot.Options{
		Policy: bot.Policy{
			Business: a.settings.BusinessName, Greeting: a.checked.greeting, Language: a.checked.language, Location: a.checked.location, Hours: a.checked.hours,
			Burst: a.settings.Burst, KeptDays: a.settings.RetentionDays, Masker: a.checked.masker,
		},
		Popularity: s, Team: s, First: firstEntries(b.matcher), Channels: []channel.Channel{network}, Logger: logger, Now: time.Now,
	}
	var sender *bot.Dispatcher
	options.Committed = func() { sender.Wake() }
	engine, err := bot.New(s, b.matcher, options)
	if err != nil {
		return err
	}
	sender = bot.NewDispatcher(s, s, network, holder, options)
	clock := bot.NewClock(s, terminal.Network, engine.Handle, clockEvery, options)
	background := []func(context.Context) error{
		s.Run, sender.Run, clock.Run, b.matcher.Run, func(ctx context.Context) error { return follow(ctx, s, b, logger) },
	}
	return together(ctx, cancel, func(ctx context.Context) error { return network.Run(ctx, engine) }, background)
}

// learnTime bounds the wait before the first question; a larger FAQ is learnt from while it answers.
const learnTime = 2 * time.Second

// terminal makes the connector; at the end of the input it waits until nothing is left to be said.
func (c *chatCommand) terminal(a *app, s *store.Store) *terminal.Channel {
	locale := c.Locale
	if locale == "" {
		locale = terminalLocale()
	}
	return terminal.New(a.std.in, a.std.out, terminal.Options{
		Name: a.settings.BusinessName, Locale: locale, Color: os.Getenv("NO_COLOR") == "", Width: terminalWidth(a), Now: time.Now,
		Drain: func(ctx context.Context) { drained(ctx, s) },
	})
}

// drainTime bounds the wait for answers after the input has ended.
const drainTime = 15 * time.Second

func drained(ctx context.Context, s *store.Store) {
	ctx, cancel := context.WithTimeout(ctx, drainTime)
	defer cancel()
	for ctx.Err() == nil {
		counts, err := s.Counts(ctx)
		due, dueErr := s.NextDue(ctx)
		soon := !due.IsZero() && time.Until(due) < drainTime
		if err != nil || dueErr != nil || counts.OutboxWaiting == 0 && !soon {
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func terminalWidth(a *app) func() int {
	file, ok := a.std.out.(*os.File)
	return func() int {
		if ok {
			if width, _, err := term.GetSize(int(file.Fd())); err == nil {
				return width
			}
		}
		return 80
	}
}

// follow takes over entries that are edited while the chat is open.
func follow(ctx context.Context, s *store.Store, b *brain, logger *slog.Logger) error {
	wake, stop := s.Watch(store.Entries)
	defer stop()
	trouble := bot.NewTrouble(logger, time.Now)
	return every(ctx, wake, 5*time.Second, func() {
		if err := b.Sync(ctx); ctx.Err() == nil {
			trouble.Tell("changed entries cannot be taken over", err)
		}
	})
}

// together runs parts in the background until the first one ends, then stops and waits for them.
func together(ctx context.Context, cancel func(), first func(context.Context) error, background []func(context.Context) error) error {
	ended := make(chan error, len(background))
	for _, run := range background {
		go func() { ended <- run(ctx) }()
	}
	errs := []error{first(ctx)}
	cancel()
	for range background {
		errs = append(errs, <-ended)
	}
	return errors.Join(errs...)
}

// firstEntries are offered while nothing has been asked yet: those that most entries lead on to, then those with the most phrasings, which
// is what an editor expects most.
func firstEntries(m interface{ Entries() []*faq.Entry }) func() []faq.EntryID {
	return func() []faq.EntryID {
		entries := m.Entries()
		weight := map[faq.EntryID]int{}
		for _, e := range entries {
			weight[e.ID] += len(e.Phrasings)
			for _, next := range e.FollowUps {
				weight[next] += 100
			}
		}
		slices.SortStableFunc(entries, func(a, b *faq.Entry) int { return weight[b.ID] - weight[a.ID] })
		var out []faq.EntryID
		for _, e := range entries[:min(5, len(entries))] {
			out = append(out, e.ID)
		}
		return out
	}
}
