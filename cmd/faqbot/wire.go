package main

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/discord"
	"faqbot/bot/store"
	"faqbot/bot/telegram"
	"faqbot/bot/webchat"
	"faqbot/faq/fault"
	"faqbot/knowledge/insight/webhook"
)

// system is everything that `serve` runs, in the order in which it is built.
type system struct {
	app      *app
	logger   *slog.Logger
	holder   string
	store    *store.Store
	brain    *brain
	webchat  *webchat.Channel
	telegram *telegram.Channel // nil without a token
	channels []channel.Channel
	watch
	engine *bot.Engine
	outward
	release []func() error // in the order of building
}

// outward is what brings to others what is kept for them.
type outward struct {
	senders  []*bot.Dispatcher
	webhooks *webhook.Sender // nil where nobody is to be told
}

// watch is what tells those who look after the bot how it is.
type watch struct {
	metrics *metrics
	ready   *readiness
}

// build makes a system. What it opened is closed again when a later part fails.
func (a *app) build(ctx context.Context) (_ *system, err error) {
	s := &system{app: a, logger: a.logger(), watch: watch{metrics: newMetrics()}}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if err := s.openStore(ctx); err != nil {
		return nil, err
	}
	if err := s.openBrain(ctx); err != nil {
		return nil, err
	}
	if err := s.makeChannels(); err != nil {
		return nil, err
	}
	s.makeWebhooks()
	if err := s.bindDesks(ctx); err != nil {
		return nil, err
	}
	return s, s.makeEngine()
}

// close releases what was opened, last first.
func (s *system) close() error {
	var errs []error
	for i := len(s.release) - 1; i >= 0; i-- {
		errs = append(errs, s.release[i]())
	}
	s.release = nil
	return errors.Join(errs...)
}

func (s *system) openStore(ctx context.Context) error {
	var err error
	if s.app.checked, err = s.app.settings.check(); err != nil {
		return err
	}
	if err := os.MkdirAll(s.app.settings.DataDir, 0o700); err != nil {
		return fault.New(fault.Unavailable, "the data folder cannot be made: %w", err)
	}
	unlock, err := store.LockFolder(s.app.settings.DataDir)
	if err != nil {
		return err
	}
	s.release = append(s.release, unlock)
	s.store, err = s.app.openStore(ctx, s.logger)
	if err != nil {
		return err
	}
	s.ready = &readiness{probe: s.store.Ready, trouble: bot.NewTrouble(s.logger, time.Now)}
	s.release = append(s.release, s.store.Close, s.ready.close)
	s.holder = holderName(s.app.settings.DatabaseURL)
	return nil
}

// holderName names this process among replicas. A SQLite folder has one process only, kept out by its lock, so the next one takes over
// at once what the last one left.
func holderName(database string) string {
	if database == "" {
		return "serve"
	}
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return fmt.Sprintf("%s-%d-%s", host, os.Getpid(), rand.Text()[:8])
}

func (s *system) openBrain(ctx context.Context) error {
	id, err := databaseID(ctx, s.store)
	if err != nil {
		return err
	}
	s.brain, err = s.app.think(ctx, s.store, caches{s.app.settings.indexDir(), id, s.app.settings.learnt()})
	if err != nil {
		return err
	}
	s.release = append(s.release, s.brain.index.Close)
	return nil
}

func (s *system) makeChannels() error {
	settings := s.app.settings
	web, err := webchat.New(webchat.Settings{
		BusinessName: settings.BusinessName, Language: string(s.app.checked.language), PublicURL: settings.PublicURL,
		AllowedSites: settings.AllowedSites, Notice: s.notice,
	}, webchat.Options{Store: s.store.Webchat(), Logger: s.logger, Now: time.Now})
	if err != nil {
		return fault.New(fault.Invalid, "web chat: %w", err)
	}
	s.webchat = web
	s.channels = append(s.channels, web)
	if settings.Telegram.Token != "" {
		if err := s.makeTelegram(settings.Telegram); err != nil {
			return err
		}
	}
	if settings.Discord.Token != "" {
		return s.makeDiscord(settings.Discord)
	}
	return nil
}

func (s *system) makeTelegram(t Telegram) error {
	c, err := telegram.New(telegram.Settings{Token: t.Token, API: t.APIURL, Webhook: t.webhook()},
		telegram.Options{Logger: s.logger, Now: time.Now, SourceFunc: s.open, AsideFunc: s.aside})
	if err != nil {
		return fault.New(fault.Invalid, "telegram: %w", err)
	}
	s.telegram = c
	s.channels = append(s.channels, c)
	return nil
}

// webhook is how updates come in; nothing is set where they are asked for.
func (t Telegram) webhook() telegram.Webhook {
	if t.WebhookURL == "" {
		return telegram.Webhook{}
	}
	return telegram.Webhook{URL: t.WebhookURL, Secret: cmp.Or(t.WebhookSecret, derivedSecret(t.Token))}
}

// derivedSecret is a webhook secret that is the same after a restart and says nothing of the token.
func derivedSecret(token string) string {
	mac := hmac.New(sha256.New, []byte(token))
	mac.Write([]byte("faqbot webhook"))
	return fmt.Sprintf("%x", mac.Sum(nil))
}

func (s *system) makeDiscord(d Discord) error {
	c, err := discord.New(discord.Settings{Token: d.Token, API: d.APIURL, MessageContent: d.MessageContent},
		discord.Options{Logger: s.logger, Now: time.Now, Cursors: s.store, SourceFunc: s.open})
	if err != nil {
		return fault.New(fault.Invalid, "discord: %w", err)
	}
	s.channels = append(s.channels, c)
	return nil
}

// notice is shown above the web chat while the sample is served.
func (s *system) notice(context.Context) string {
	if s.brain.source.Sampling() {
		return sampleNotice
	}
	return ""
}

// open reads an attachment through the network it came from; files about a week are made here.
func (s *system) open(ctx context.Context, a channel.Attachment) (io.ReadCloser, error) {
	if a.Network == bot.ReportNetwork {
		return s.openReport(ctx, a.Ref)
	}
	for _, c := range s.channels {
		if c.Network() != a.Network {
			continue
		}
		if opener, ok := channel.As[channel.Opener](c); ok {
			return opener.Open(ctx, a)
		}
	}
	return nil, fault.New(fault.NotFound, "attachments of %s cannot be opened here", a.Network)
}

// aside keeps an update that cannot be read for `doctor` to show; what is in it stays out of the log.
func (s *system) aside(ctx context.Context, aside telegram.Aside) error {
	s.logger.Error("an update of Telegram cannot be read", "update", aside.ID, "reason", aside.Reason)
	key := fmt.Sprintf("aside/telegram/%d", aside.ID)
	if aside.ID == 0 { // not even that could be read: what is in it tells it from others
		key = fmt.Sprintf("aside/telegram/0-%x", sha256.Sum256(aside.Raw))
	}
	return s.store.SetCursor(ctx, key, string(aside.Raw))
}

func (s *system) policy() bot.Policy {
	settings := s.app.settings
	return bot.Policy{
		Business: settings.BusinessName, Greeting: s.app.checked.greeting, Language: s.app.checked.language, Location: s.app.checked.location, Hours: s.app.checked.hours,
		Burst: settings.Burst, KeptDays: settings.RetentionDays, Masker: s.app.checked.masker, AutoChats: settings.AutoChats, Capacity: settings.Capacity,
	}
}

func (s *system) makeEngine() error {
	options := bot.Options{
		Policy: s.policy(), Popularity: s.store, Team: s.store, First: firstEntries(s.brain.matcher), Channels: s.channels, Logger: s.logger, Now: time.Now,
		Committed: s.wakeSenders, TypingFunc: s.showTyping,
		Mender: s.app.mender(s.store, s.brain),
	}
	var err error
	if s.engine, err = bot.New(s.store, s.metrics.matcher(s.brain.matcher), options); err != nil {
		return fmt.Errorf("build engine: %w", err)
	}
	for _, c := range s.channels {
		s.senders = append(s.senders, bot.NewDispatcher(s.store, s.store, s.metrics.channel(c), s.holder, options))
	}
	return nil
}

// showTyping shows that somebody types, through who sends on that network.
func (s *system) showTyping(ctx context.Context, to channel.Address) {
	for i, c := range s.channels {
		if c.Network() == to.Network {
			s.senders[i].Typing(ctx, to)
		}
	}
}

func (s *system) wakeSenders() {
	for _, d := range s.senders {
		d.Wake()
	}
}
