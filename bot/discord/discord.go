// Package discord connects the bot to Discord: direct messages, server channels, threads, slash commands and buttons.
//
// The library discordgo makes the calls and holds the gateway's connection; what it does wrong is kept from it or done here (the
// supervisor of each shard, raw events, retries, rate limits). Addresses: Chat is a channel's ID, the direct chat's for
// private ones; in a thread Chat is the channel that the thread hangs in and Thread the thread's ID.
package discord

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"faqbot/bot/channel"
	"faqbot/faq/fault"
)

// Network is the name under which Discord's conversations are stored.
const Network channel.Network = "discord"

// Settings are what the owner decides.
type Settings struct {
	// Token is the bot's, from https://discord.com/developers/applications; it is never logged.
	Token string
	// API stands in for https://discord.com, "" for that; a REST proxy has its own address.
	API string
	// MessageContent asks for the privileged intent of that name: without it the bot reads direct messages, mentions and commands, and
	// neither free text in server channels nor staff threads.
	MessageContent bool
	// Shards is how many gateway connections share the servers; 0 follows what Discord recommends (1 for most).
	Shards int
	// Channels are those whose permissions Check looks at: the desks'.
	Channels []channel.ChatID
	// Rate is how many calls a second are made at most; 0 is 45, a little under Discord's own bound.
	Rate int
}

// Cursors keeps, for each channel, up to where it was read. Cursors lists all whose key begins so: after a restart the bot reads on
// in every channel that it knew.
type Cursors interface {
	Cursor(ctx context.Context, key string) (string, error)
	SetCursor(ctx context.Context, key, value string) error
	Cursors(ctx context.Context, prefix string) (map[string]string, error)
}

// Options are for the program and its tests. The zero value works.
type Options struct {
	Logger *slog.Logger
	Now    func() time.Time
	// Transport makes the requests; nil is one of the connector's own.
	Transport http.RoundTripper
	// Cursors keeps reading positions; nil keeps them in memory, so what comes during a restart is lost.
	Cursors Cursors
	// SourceFunc opens attachments that came from elsewhere, so that they can be uploaded; nil names them instead.
	SourceFunc func(ctx context.Context, attachment channel.Attachment) (io.ReadCloser, error)
}

// Channel is a bot on Discord.
type Channel struct {
	settings Settings
	log      *slog.Logger
	now      func() time.Time
	source   func(context.Context, channel.Attachment) (io.ReadCloser, error)
	timing   timing
	rest     *rest
	gateway  gateway
	book     *book
	tickets  tickets
	identity atomic.Pointer[identity]
	running  sync.Mutex
	cards    cards
}

// identity is who the bot is, as READY or the API tells.
type identity struct{ user, application string }

// timing is every wait of the connector; tests shorten some.
type timing struct {
	open     time.Duration // until READY or RESUMED
	idle     time.Duration // without a packet, heartbeat answers included, until a connection counts as dead
	settle   time.Duration // between the end of a connection and the next
	identify time.Duration // between two IDENTIFYs
	pause    time.Duration // first wait after something failed; doubles up to maxPause
	maxPause time.Duration
	flush    time.Duration // between two writings of reading positions
	call     time.Duration // one REST call
	upload   time.Duration // one that carries files
	defers   time.Duration // the first response to an interaction
	complete time.Duration // suggestions while somebody types
}

var usualTiming = timing{
	open: 20 * time.Second, idle: 75 * time.Second, settle: 300 * time.Millisecond, identify: 5500 * time.Millisecond,
	pause: time.Second, maxPause: time.Minute, flush: 2 * time.Second, call: 15 * time.Second, upload: 2 * time.Minute,
	defers: 2800 * time.Millisecond, complete: 900 * time.Millisecond,
}

// New makes a connector; nothing is called before Run, Send or Check.
func New(s Settings, o Options) (*Channel, error) {
	if strings.TrimSpace(s.Token) == "" {
		return nil, fault.New(fault.Invalid, "discord: the token is missing")
	}
	if s.API == "" {
		s.API = "https://discord.com"
	}
	base, err := url.Parse(strings.TrimRight(s.API, "/"))
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, fault.New(fault.Invalid, "discord: the API address must be an http or https address")
	}
	if s.Shards < 0 || s.Rate < 0 {
		return nil, fault.New(fault.Invalid, "discord: shards and rate must not be negative")
	}
	if s.Rate == 0 {
		s.Rate = 45
	}
	s.Token = strings.TrimPrefix(strings.TrimSpace(s.Token), "Bot ")
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	c := &Channel{
		settings: s, log: o.Logger.With("network", string(Network)), now: o.Now, source: o.SourceFunc, timing: usualTiming,
	}
	if c.rest, err = newRest(s, base, o.Transport, c.log, &c.timing); err != nil {
		return nil, err
	}
	c.gateway = &library{settings: s, rest: c.rest, log: c.log, timing: &c.timing}
	c.book = newBook(o.Cursors, c.log)
	return c, nil
}

// Network implements [channel.Channel].
func (c *Channel) Network() channel.Network { return Network }

// Limits implements [channel.Channel].
func (c *Channel) Limits() channel.Limits {
	return channel.Limits{
		Text: maxContent, Measure: channel.CountMarkdown, Buttons: maxButtons, Label: maxLabel, Token: 64,
		Upload: maxUpload, Download: 100 << 20, PerChat: 60, Overall: c.settings.Rate * 60, Burst: 5,
		Choices: maxChoices, ChoiceLength: maxChoice,
	}
}

// Discord's own limits.
const (
	maxContent = 2000
	maxButtons = 25
	rowButtons = 5
	maxLabel   = 80
	maxToken   = 100
	maxAddress = 512
	maxEmbeds  = 10
	maxFiles   = 10
	maxUpload  = 10 << 20
	maxChoices = 25
	maxChoice  = 100
	maxNonce   = 25
	tokenLife  = 15 * time.Minute
)

// Run implements [channel.Channel].
func (c *Channel) Run(ctx context.Context, handler channel.Handler) error {
	if !c.running.TryLock() {
		return errors.New("discord: Run is running already")
	}
	defer c.running.Unlock()
	in := newIntake(c, handler)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	in.start(ctx)
	err := c.gateway.Run(ctx, func(e rawEvent) { in.receive(ctx, e) })
	cancel()
	in.wait()
	c.rest.idle()
	return err
}

// me is who the bot is; it asks where no READY told.
func (c *Channel) me(ctx context.Context) (identity, error) {
	if id := c.identity.Load(); id != nil {
		return *id, nil
	}
	var user, application struct {
		ID string `json:"id"`
	}
	if err := c.rest.read(ctx, "users/@me", &user); err != nil {
		return identity{}, err
	}
	if err := c.rest.read(ctx, "applications/@me", &application); err != nil {
		return identity{}, err
	}
	if !isSnowflake(user.ID) || !isSnowflake(application.ID) {
		return identity{}, errors.New("discord: the API does not say who the bot is")
	}
	id := identity{user.ID, application.ID}
	c.identity.CompareAndSwap(nil, &id)
	return id, nil
}

// isSnowflake guards every ID that becomes part of an address.
func isSnowflake(s string) bool {
	if s == "" || len(s) > 20 {
		return false
	}
	return strings.Trim(s, "0123456789") == ""
}
