// Package telegram connects the bot to Telegram, by long polling or a webhook.
//
// It uses the library go-telegram-bot-api for what it does well, requests and uploads, and a thin typed layer of its own for the rest:
// updates, errors, markup and everything that came to the platform since the library's last release.
package telegram

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"faqbot/bot/channel"
	"faqbot/faq/fault"
)

// Network is the name under which Telegram's conversations are stored.
const Network channel.Network = "telegram"

// Settings are what the owner decides.
type Settings struct {
	// Token comes from @BotFather; it is never logged.
	Token string
	// API is the base address of the Bot API, "" for the public one; a self-hosted server has its own.
	API string
	// Webhook replaces long polling where its URL is set.
	Webhook Webhook
}

// Webhook lets the platform deliver updates to an address of ours.
type Webhook struct {
	// URL is the public address under which [Channel.Webhook] is mounted.
	URL string
	// Secret is 1–256 of A–Z a–z 0–9 _ -; whoever knows it can speak for all customers.
	Secret string
	// Connections is how many deliveries the platform makes at once, 1–100; 0 is 32.
	Connections int
}

// Options are for the program and its tests. The zero value works.
type Options struct {
	Logger *slog.Logger
	Now    func() time.Time
	// HTTPClient makes the requests; nil is a client of the connector's own.
	HTTPClient HTTPClient
	// Timeout bounds one call; 0 is 30 seconds. Uploads have five times as long, a long poll its own wait on top.
	Timeout time.Duration
	// Pause is the first wait after something failed, which then doubles up to 30 times itself; 0 is a second.
	Pause time.Duration
	// SourceFunc opens attachments that came from elsewhere, so that they can be uploaded; nil refuses them.
	// What it returns may be closed while it is being read.
	SourceFunc func(ctx context.Context, attachment channel.Attachment) (io.ReadCloser, error)
	// AsideFunc keeps an update that cannot be read; an error leaves the update with the platform. nil only logs its ID.
	AsideFunc func(ctx context.Context, aside Aside) error
}

// Aside is an update that cannot be read.
type Aside struct {
	// ID is the update's, 0 where even that cannot be read.
	ID int64
	// Raw is the update as it came: whatever strangers wrote is in it.
	Raw    []byte
	Reason string
}

// Channel is a bot on Telegram.
type Channel struct {
	settings Settings
	options  Options
	log      *slog.Logger
	api      *client
	bot      int64 // the ID, which is the first part of the token
	identity atomic.Pointer[identity]
	gate     gate
	lanes    lanes
	answers  chan struct{}             // bounds the presses and inline queries that are being answered
	partial  memo[[]channel.MessageID] // the parts of a message that were sent
	topics   memo[channel.ThreadID]    // those whose card was not
}

// parallel is how many addresses are handled at once.
const parallel = 32

// defaultAPI is the public server.
const defaultAPI = "https://api.telegram.org"

var (
	tokenPattern  = regexp.MustCompile(`^[0-9]{1,18}:[A-Za-z0-9_-]{10,}$`)
	secretPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)
)

// New makes a connector; it does not talk to the platform yet.
func New(s Settings, o Options) (*Channel, error) {
	if s.API == "" {
		s.API = defaultAPI
	}
	base, err := url.Parse(s.API)
	switch {
	case !tokenPattern.MatchString(s.Token):
		return nil, fault.New(fault.Invalid, "the Telegram token does not look like one from @BotFather (123456:ABC-…)")
	case err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "":
		return nil, fault.New(fault.Invalid, "the Telegram API address %q is not an http or https address", s.API)
	}
	if s.Webhook.URL != "" {
		if u, err := url.Parse(s.Webhook.URL); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return nil, fault.New(fault.Invalid, "the Telegram webhook address %q is not an http or https address", s.Webhook.URL)
		}
		if !secretPattern.MatchString(s.Webhook.Secret) {
			return nil, fault.New(fault.Invalid, "the Telegram webhook needs a secret of 1–256 characters out of A–Z a–z 0–9 _ -")
		}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Second
	}
	if o.Pause <= 0 {
		o.Pause = time.Second
	}
	return &Channel{
		settings: s, options: o, log: o.Logger.With("network", Network), bot: botID(s.Token),
		api: newClient(s.Token, strings.TrimRight(s.API, "/"), o), answers: make(chan struct{}, parallel),
		lanes: lanes{busy: map[channel.Address]*lane{}},
	}, nil
}

// Network implements [channel.Channel].
func (c *Channel) Network() channel.Network { return Network }

// The platform's limits. Texts are measured after parsing, in UTF-16 code units.
const (
	maxText    = 4096
	maxCaption = 1024
	maxTopic   = 128
	maxUpload  = 50 << 20
	maxPhoto   = 10 << 20 // a larger picture goes as a file
	maxFetch   = 20 << 20
	maxButtons = 16 // 8 rows of 2
	maxLabel   = 64
	maxToken   = 64
	burst      = 3
)

// Limits implements [channel.Channel]. A group takes 20 messages in any minute, so what a burst may add is taken off its rate.
func (c *Channel) Limits() channel.Limits {
	return channel.Limits{
		Text: maxText, Measure: channel.CountUTF16, Buttons: maxButtons, Label: maxLabel, Token: maxToken,
		Upload: maxUpload, Download: maxFetch, PerChat: 60, PerGroup: 20 - burst, Overall: 30 * 60, Burst: burst,
		Choices: maxChoices, ChoiceLength: maxChoice,
	}
}

// CanEdit implements [channel.Editor].
func (c *Channel) CanEdit() bool { return true }

// identity is what the platform says of the bot.
type identity struct {
	ID       int64  `json:"id"`
	Username string `json:"username"`
	ReadsAll bool   `json:"can_read_all_group_messages"`
	Inline   bool   `json:"supports_inline_queries"`
}

// Identify asks the platform who the bot is. Run does so by itself; a program that makes links without running the channel calls it.
func (c *Channel) Identify(ctx context.Context) error {
	me := &identity{}
	if err := c.api.call(ctx, "getMe", nil, me); err != nil {
		return err
	}
	c.identity.Store(me)
	return nil
}

func (c *Channel) username() string {
	if me := c.identity.Load(); me != nil {
		return me.Username
	}
	return ""
}

// StartLink implements [channel.Linker]. It is empty until the platform has said who the bot is; see [Channel.Identify].
func (c *Channel) StartLink(token string) string {
	name := c.username()
	if name == "" {
		return ""
	}
	return "https://t.me/" + name + "?start=" + url.QueryEscape(token)
}

// Run implements [channel.Channel].
func (c *Channel) Run(ctx context.Context, handler channel.Handler) error {
	err := c.insist(ctx, "getMe", c.Identify)
	if err == nil {
		if c.settings.Webhook.URL != "" {
			err = c.serve(ctx, handler)
		} else {
			err = c.poll(ctx, handler)
		}
	}
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// insist calls until the call succeeds, the context ends, or an answer says that going on is pointless: the token is refused, or one of
// the codes comes.
func (c *Channel) insist(ctx context.Context, what string, call func(context.Context) error, codes ...int) error {
	wait := c.newWait()
	for {
		err := call(ctx)
		if err == nil || ctx.Err() != nil {
			return err
		}
		if final := pointless(err, codes...); final != nil {
			return final
		}
		c.log.Warn("the platform does not answer as it should", "call", what, "error", err)
		wait.pause(ctx, err)
	}
}

// pointless makes an error that will not go away by itself one for people; it is nil for all others.
func pointless(err error, codes ...int) error {
	e := asCallError(err)
	switch {
	case e == nil:
		return nil
	case e.code == http.StatusUnauthorized || e.code == http.StatusNotFound:
		return fault.Wrap(fault.Forbidden, err, "Telegram refuses the bot's token, or the API address is not that of a Bot API")
	case slices.Contains(codes, e.code):
		return fault.Wrap(fault.Invalid, err, "Telegram refuses the settings")
	}
	return nil
}

// wait grows with every failure.
type wait struct{ next, most time.Duration }

func (c *Channel) newWait() *wait { return &wait{c.options.Pause, 30 * c.options.Pause} }

// pause waits, at least as long as the platform asked for.
func (w *wait) pause(ctx context.Context, err error) {
	long := w.next
	if e := asCallError(err); e != nil {
		long = max(long, e.retryAfter)
	}
	w.next = min(2*w.next, w.most)
	timer := time.NewTimer(long)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

func botID(token string) int64 {
	digits, _, _ := strings.Cut(token, ":")
	id, _ := strconv.ParseInt(digits, 10, 64)
	return id
}
