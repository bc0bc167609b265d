package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/store"
	"faqbot/faq/fault"
)

type serveCommand struct{}

// Help implements kong's help.
func (serveCommand) Help() string {
	return "Examples:\n  faqbot\n  FAQBOT_TELEGRAM_TOKEN=123:abc faqbot serve --http-addr :8080"
}

// Run serves until it is told to stop.
func (c *serveCommand) Run(ctx context.Context, a *app) error {
	s, err := a.build(ctx)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil // told to stop before it had started: that is no failure
	case err != nil:
		return err
	}
	listener, err := net.Listen("tcp", a.settings.HTTPAddr)
	if err != nil {
		return errors.Join(fault.New(fault.Unavailable, "cannot listen at %s (http_addr): %w", a.settings.HTTPAddr, err), s.close())
	}
	fmt.Fprintf(a.std.out, "faqbot answers at http://%s\n", reachable(listener.Addr().String()))
	if s.brain.source.Sampling() {
		fmt.Fprintln(a.std.out, sampleNotice)
	}
	if len(s.brain.matcher.Entries()) == 0 {
		fmt.Fprintln(a.std.out, "No entry is published, so every question falls back: see “faqbot entry list”.")
	}
	err = s.run(ctx, listener)
	return errors.Join(err, s.close())
}

// stopTime bounds a graceful stop as a whole.
const stopTime = 20 * time.Second

// part is one long-running piece of a system.
type part struct {
	name string
	run  func(ctx context.Context) error
}

// parts are started in this order and stopped in the reverse one: what receives stops before what it hands to.
func (s *system) parts(listener net.Listener) []part {
	out := []part{
		{"store", s.store.Run},
		{"entries", s.followEntries},
		{"training", s.brain.matcher.Run},
		{"upkeep", s.upkeep},
		{"gaps", s.sort},
		{"kept gaps", s.dropGroups},
		{"digest", s.digest},
	}
	for i, d := range s.senders {
		out = append(out, part{"sending " + string(s.channels[i].Network()), d.Run})
	}
	for _, c := range s.channels {
		clock := bot.NewClock(s.store, c.Network(), s.engine.Handle, clockEvery, bot.Options{Logger: s.logger, Now: time.Now})
		out = append(out, part{"clock of " + string(c.Network()), s.leased("clock:"+string(c.Network()), clock.Run)})
	}
	if s.webhooks != nil {
		out = append(out, part{"webhooks", s.leased("webhooks", s.webhooks.Run)}, part{"wake webhooks", s.waking(store.Webhooks, s.webhooks.Wake)})
	}
	out = append(out,
		part{"wake", s.waking(store.Outbox, s.wakeSenders)},
		part{"web", func(ctx context.Context) error { return s.serveHTTP(ctx, listener) }})
	for _, c := range s.channels {
		receive := func(ctx context.Context) error { return c.Run(ctx, s.metrics.handler(s.engine)) }
		if c.Network() != s.webchat.Network() {
			if !s.webhook(c) {
				receive = s.leased("receive:"+string(c.Network()), receive)
			}
			receive = s.patient(c.Network(), receive)
		}
		out = append(out, part{string(c.Network()), receive})
		if registrar, ok := channel.As[channel.Registrar](c); ok {
			out = append(out, part{"commands of " + string(c.Network()), s.register(registrar)})
		}
	}
	return out
}

// clockEvery is how often timers are looked at; a fragment waits 1.5 s, so a quarter of a second more is not felt.
const clockEvery = 250 * time.Millisecond

// webhook reports whether updates of a network come to every replica rather than being fetched by one.
func (s *system) webhook(c channel.Channel) bool {
	return s.telegram != nil && c == channel.Channel(s.telegram) && s.app.settings.WebhookURL != ""
}

const (
	// firstPatience doubles up to longestPatience: a refused token is mended by a person, in minutes or hours.
	firstPatience   = time.Minute
	longestPatience = 30 * time.Minute
)

// patient keeps one network's trouble (a token that is refused, a missing intent) from ending the others: it is said loudly and tried again.
func (s *system) patient(network channel.Network, run func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		for wait := firstPatience; ; wait = min(2*wait, longestPatience) {
			err := run(ctx)
			if err == nil || ctx.Err() != nil {
				return nil
			}
			s.logger.Error("a network is off; the others go on, and it is tried again", "network", network, "again_in", wait, "reason", message(err))
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(wait):
			}
		}
	}
}

func (s *system) leased(name string, run func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error { return bot.Leased(ctx, s.store, name, s.holder, s.logger, run) }
}

// run starts all parts and waits: for the context, or for one that fails. Then it stops them, last first.
func (s *system) run(ctx context.Context, listener net.Listener) error {
	type ending struct {
		name string
		err  error
	}
	parts := s.parts(listener)
	failed := make(chan ending, len(parts))
	stops := make([]func(late <-chan struct{}) bool, len(parts))
	for i, p := range parts {
		partContext, cancel := context.WithCancel(context.WithoutCancel(ctx))
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			if err := p.run(partContext); err != nil {
				failed <- ending{p.name, err}
			}
		}()
		stops[i] = func(late <-chan struct{}) bool {
			cancel()
			select {
			case <-ended:
				return true
			case <-late:
				return false
			}
		}
	}
	var first error
	select {
	case <-ctx.Done():
		s.logger.Info("stopping")
	case e := <-failed:
		first = fmt.Errorf("%s: %w", e.name, e.err)
	}
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	for i := len(stops) - 1; i >= 0; i-- {
		if !stops[i](late.Done()) {
			s.logger.Error("a part did not stop in time", "part", parts[i].name)
		}
	}
	return first
}

// followEntries uses a published edit at once, whoever made it.
func (s *system) followEntries(ctx context.Context) error {
	return follow(ctx, s.store, s.brain, s.logger)
}

// waking wakes those who send when something to send was written, also by another process.
func (s *system) waking(topic store.Topic, senders func()) func(context.Context) error {
	return func(ctx context.Context) error {
		wake, stop := s.store.Watch(topic)
		defer stop()
		return every(ctx, wake, time.Minute, senders)
	}
}

// every works on each wake, and after a time without one.
func every(ctx context.Context, wake <-chan struct{}, pause time.Duration, work func()) error {
	ticker := time.NewTicker(pause)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-wake:
		case <-ticker.C:
		}
		work()
	}
}

// upkeep deletes what has been kept long enough.
func (s *system) upkeep(ctx context.Context) error {
	return s.leased("upkeep", func(ctx context.Context) error {
		return every(ctx, now(), time.Hour, func() {
			now := time.Now()
			kept, week := now.AddDate(0, 0, -s.app.settings.RetentionDays), now.AddDate(0, 0, -min(7, s.app.settings.RetentionDays))
			if err := s.store.GiveUp(ctx, now.Add(-24*time.Hour)); err != nil && ctx.Err() == nil {
				s.logger.Error("it cannot be noted which questions were given up", "error", err)
			}
			err := s.store.Prune(ctx, store.Retention{Lines: kept, Misses: oldestMiss(now), Inbox: week, Outbox: week, Actions: kept})
			if err != nil && ctx.Err() == nil {
				s.logger.Error("old records cannot be deleted", "error", err)
			}
		})
	})(ctx)
}

// oldestMiss is from when on questions that were not answered are kept.
func oldestMiss(now time.Time) time.Time { return now.AddDate(-2, 0, 0) }

// now is a wake that has come already.
func now() <-chan struct{} {
	wake := make(chan struct{}, 1)
	wake <- struct{}{}
	return wake
}

// register publishes the commands in every language, again after a while where the network does not take them.
func (s *system) register(r channel.Registrar) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		for wait := time.Second; ; wait = min(2*wait, time.Hour) {
			err := r.Register(ctx, s.engine.Texts().Commands())
			if err == nil || ctx.Err() != nil {
				return nil
			}
			s.logger.Warn("commands cannot be registered yet", "error", err)
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(wait):
			}
		}
	}
}

// serveHTTP serves the web chat, the webhook and what watches the bot.
func (s *system) serveHTTP(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler: s.mux(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: nil,
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve web chat: %w", err)
	case <-ctx.Done():
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime/2)
	defer cancel()
	if err := server.Shutdown(stopping); err != nil {
		return errors.Join(fmt.Errorf("stop web chat: %w", err), server.Close())
	}
	return nil
}

func (s *system) mux() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.Handle("GET /readyz", s.ready)
	mux.Handle("GET /metrics", s.metrics.serve(s.store))
	if s.telegram != nil && s.app.settings.WebhookURL != "" {
		mux.Handle("POST "+webhookPath(s.app.settings.WebhookURL), s.telegram.Webhook())
	}
	mux.Handle("/", s.webchat.Handler())
	return mux
}

// webhookPath is where the public address of the webhook leads to here.
func webhookPath(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	_, path, ok := strings.Cut(rest, "/")
	if !ok || path == "" {
		return "/telegram"
	}
	path, _, _ = strings.Cut(path, "?")
	return "/" + path
}
