// Package webchat is the connector for the web: a page of its own at "/", a script that puts the same chat on other sites, and the
// small protocol between these and the bot.
//
// The package is the far side of the network as well: what Send takes is stored as a line of the visitor's conversation, and a page
// shows the lines it has not seen, whenever it comes back. A page knows its place by the number of the last line it was shown, so a
// reload, a cut connection or a restart of the server neither loses a line nor shows one twice; what a page sends carries an ID of the
// page's own making, so it can be sent again until it is acknowledged.
//
//	POST /chat/session           → {"token"}: the one time that the token is shown
//	POST /chat/events   {id, …}  → {"n"}: stored; or 429 and 503 with Retry-After: send it again under the same ID
//	POST /chat/typing            → {"seen"}: whether a person is shown that the visitor types; kept nowhere
//	GET  /chat/history?after=N   → {"lines", "more"}
//	GET  /chat/stream            → server-sent events "hello", "line", "typing", "elsewhere"; Last-Event-ID resumes
//	GET  /chat/settings          → {"business"}: whether this site may use the chat at all
//
// Another site holds the chat with <script src="https://faq.example/widget.js" async></script>; data-lang and data-name on it set the
// language and say who the visitor is. Its own content security policy, where it has one, must list our origin in script-src and
// connect-src. The chat stands in the site's page rather than in a frame, because what a frame of ours stores there is third-party
// storage, which browsers block or empty: so the token lies in the site's own storage, and a shadow tree keeps the styles apart.
//
// The token goes in the Authorization header, never in an address or a cookie. The stream is read with fetch, not with EventSource:
// that one can send no header, so it would need a second credential in the address, hides 401 and 429 from the page, and cannot name
// its place on the first request after a reload.
package webchat

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"faqbot/bot/channel"
	"faqbot/faq/fault"
)

// Network is the name under which conversations of the web chat are stored.
const Network channel.Network = "webchat"

// Settings are the owner's.
type Settings struct {
	// BusinessName stands at the top of the chat; empty shows the page's own word for "Chat".
	BusinessName string
	// Language is used where the visitor's is not among the page's eight; empty is English.
	Language string
	// PublicURL is where visitors find the page, such as "https://faq.example". It is needed only behind a proxy that changes the
	// Host header.
	PublicURL string
	// AllowedSites are the origins of other sites that may hold the script or frame the page, such as "https://shop.example".
	AllowedSites []string
	// TrustedProxies are the networks (CIDR) whose X-Forwarded-For is believed when requests of one address are counted; nil means
	// loopback and private addresses.
	TrustedProxies []string
	// Notice is shown above the conversation while it is not empty; it is asked again every few seconds.
	Notice func(ctx context.Context) string
}

// Options are what the program around it provides. Store is required.
type Options struct {
	Store  Store
	Logger *slog.Logger     // nil logs nothing
	Now    func() time.Time // nil is time.Now
	// Notices names visitors to whom another process has appended a line; "" stands for all of them. It may stay nil.
	Notices <-chan channel.ChatID
	// Poll is how often an open page looks for lines that nobody gave notice of: 800 ms, and 10 s where there are Notices.
	Poll time.Duration
	// Rates and Bounds keep their defaults where a field is 0.
	Rates  Rates
	Bounds Bounds
}

// Rates are counts per minute, each with a burst that may come at once.
type Rates struct {
	Events, EventsBurst     int // of one visitor; 40 and 20
	Requests, RequestsBurst int // of one remote address; 900 and 300
	Sessions, SessionsBurst int // of one remote address; 60 and 30
}

// Bounds are for one process.
type Bounds struct {
	Streams           int // open streams in all; 4096
	StreamsPerVisitor int // 4: past it the oldest is closed and told so, because browsers allow 6 connections to one host
	Handling          int // events in the core's hands at once; 32
}

// Channel is the connector. Mount [Channel.Handler] at "/".
type Channel struct {
	settings Settings
	options  Options
	log      *slog.Logger
	store    Store

	pages    *pages
	gate     *gate
	hub      *hub
	turns    *turns
	handling chan struct{}

	mu  sync.Mutex
	run *run // nil while Run does not run
}

// New checks the settings; errors name the one that is wrong.
func New(settings Settings, options Options) (*Channel, error) {
	if options.Store == nil {
		return nil, errors.New("web chat: a store is required")
	}
	options.fill()
	g, err := newGate(settings, options)
	if err != nil {
		return nil, err
	}
	p, err := newPages(settings, g.origins)
	if err != nil {
		return nil, err
	}
	return &Channel{
		settings: settings, options: options, log: options.Logger, store: options.Store,
		pages: p, gate: g, hub: newHub(options.Bounds), turns: newTurns(), handling: make(chan struct{}, options.Bounds.Handling),
	}, nil
}

func (o *Options) fill() {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Poll == 0 {
		o.Poll = 800 * time.Millisecond
		if o.Notices != nil {
			o.Poll = 10 * time.Second
		}
	}
	for field, value := range map[*int]int{
		&o.Rates.Events: 40, &o.Rates.EventsBurst: 20, &o.Rates.Requests: 900, &o.Rates.RequestsBurst: 300,
		&o.Rates.Sessions: 60, &o.Rates.SessionsBurst: 30,
		&o.Bounds.Streams: 4096, &o.Bounds.StreamsPerVisitor: 4, &o.Bounds.Handling: 32,
	} {
		if *field <= 0 {
			*field = value
		}
	}
}

// Network implements [channel.Channel].
func (c *Channel) Network() channel.Network { return Network }

// Limits implements [channel.Channel]. Nothing is counted per minute: the network is ours.
func (c *Channel) Limits() channel.Limits {
	return channel.Limits{Text: 8000, Measure: channel.CountVisible, Buttons: 12, Label: 80, Token: 64}
}

// run is one call of Run.
type run struct {
	handler channel.Handler
	ended   chan struct{} // closed when open streams must end
	calls   sync.WaitGroup
}

// Run implements [channel.Channel]. While it does not run, pages are told to come back (503), and what they send waits with them. When
// ctx ends it closes the open streams, so end Run before the HTTP server is shut down.
func (c *Channel) Run(ctx context.Context, handler channel.Handler) error {
	r := &run{handler: handler, ended: make(chan struct{})}
	c.mu.Lock()
	if c.run != nil {
		c.mu.Unlock()
		return fault.New(fault.Conflict, "web chat: runs already")
	}
	c.run = r
	c.mu.Unlock()
	for notices := c.options.Notices; ctx.Err() == nil; {
		select {
		case <-ctx.Done():
		case visitor, open := <-notices:
			if !open {
				notices = nil
			} else {
				c.hub.wake(visitor)
			}
		}
	}
	c.mu.Lock()
	c.run = nil
	c.mu.Unlock()
	close(r.ended)
	r.calls.Wait()
	return nil
}

// running is the run that goes on now, or nil.
func (c *Channel) running() *run {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.run
}

// begin is running for a call of the handler: Run waits until it is done.
func (c *Channel) begin() (r *run, done func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.run == nil {
		return nil, nil
	}
	c.run.calls.Add(1)
	return c.run, c.run.calls.Done
}

// Handler serves the page, the script and the protocol. It knows its own paths alone ("/", "/widget.js", "/chat/…"); all else is 404.
func (c *Channel) Handler() http.Handler { return c.routes() }
