package discord

import (
	"context"
	"encoding/json"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

// shard keeps one gateway connection alive: it opens with a deadline, resumes where it can, begins anew where it must, and ends on what is
// fatal. It never lets the library reconnect by itself.
type shard struct {
	id, count int
	gateway   *library
	budget    *budget
	receive   func(rawEvent)
	log       *slog.Logger

	session  *discordgo.Session // nil: the next connection begins anew
	plan     plan
	failures int // connections in a row that did not get as far as RESUMED
	seq      atomic.Int64
	attempt
}

// attempt is what the goroutines of one connection share.
type attempt struct {
	mu     sync.Mutex
	resume string // the address that READY told, "" before one came
	wire   *wire
	gone   chan struct{} // the library has closed its side
}

// maxFailures is after how many failed resumes a session is given up.
const maxFailures = 5

func (s *shard) run(ctx context.Context) error {
	t := s.gateway.timing
	pause := t.pause
	for ctx.Err() == nil {
		if s.session == nil {
			if err := s.begin(ctx); err != nil {
				return unlessStopped(ctx, err)
			}
		}
		began := time.Now()
		end := s.connect(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err := fatalCodes[end.code]; err != nil {
			s.log.Error("the gateway refuses this bot", "code", end.code)
			return err
		}
		s.log.Warn("the gateway's connection ended", "why", end.why, "code", end.code, "ready", end.ready, "after", time.Since(began).Round(time.Millisecond))
		s.learn(end)
		if end.ready && time.Since(began) > t.maxPause {
			pause = t.pause
		}
		if sleep(ctx, s.rest(end, pause)) != nil {
			return nil
		}
		if !end.ready {
			pause = min(2*pause, t.maxPause)
		}
	}
	return nil
}

// learn decides whether the next connection resumes.
func (s *shard) learn(end ending) {
	s.failures++
	if end.ready {
		s.failures = 0
	}
	if end.lost || lostCodes[end.code] || s.resumeAddress() == "" || s.failures >= maxFailures {
		s.forget()
	}
}

// rest is how long to wait before the next connection: at least until the old one has settled; 1–5 s before a new session, as Discord
// asks; longer after each failure.
func (s *shard) rest(end ending, pause time.Duration) time.Duration {
	t := s.gateway.timing
	switch {
	case end.lost:
		return t.settle + t.pause + rand.N(4*t.pause)
	case !end.ready:
		return t.settle + jitter(pause)
	}
	return t.settle
}

// forget makes the next connection begin anew.
func (s *shard) forget() {
	s.session, s.failures = nil, 0
	s.mu.Lock()
	s.resume = ""
	s.mu.Unlock()
	s.seq.Store(0)
}

func (s *shard) resumeAddress() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.resume
}

// begin makes a fresh session of the library, when another IDENTIFY may be sent.
func (s *shard) begin(ctx context.Context) error {
	p, err := s.budget.take(ctx, s.id)
	if err != nil {
		return err
	}
	session, err := s.gateway.rest.newSession()
	if err != nil {
		return err
	}
	session.Identify.Compress = false
	session.Identify.Intents = s.gateway.settings.intents()
	session.Identify.Shard = &[2]int{s.id, s.count}
	session.ShardID, session.ShardCount = s.id, s.count
	session.Client = &http.Client{Transport: addressTeller{s}}
	session.AddHandler(s.take)
	session.AddHandler(func(*discordgo.Session, *discordgo.Disconnect) { s.disconnected() })
	s.session, s.plan = session, p
	return nil
}

func (s Settings) intents() discordgo.Intent {
	intents := discordgo.IntentsGuilds | discordgo.IntentsGuildMessages | discordgo.IntentsDirectMessages |
		discordgo.IntentsDirectMessageTyping | discordgo.IntentsDirectMessageReactions
	if s.MessageContent { // there may be desks
		intents |= discordgo.IntentMessageContent | discordgo.IntentsGuildMessageTyping | discordgo.IntentsGuildMessageReactions
	}
	return intents
}

// connect opens the session and returns when its connection has ended.
func (s *shard) connect(ctx context.Context) ending {
	s.mu.Lock()
	s.wire, s.gone = nil, make(chan struct{}, 4)
	s.mu.Unlock()
	session, t := s.session, s.gateway.timing
	opened := make(chan error, 1)
	go func() {
		opened <- s.open(ctx, session)
	}()
	select {
	case err := <-opened:
		if err != nil {
			return s.ending(err)
		}
	case <-ctx.Done():
		s.cut()
		s.abandon(opened)
		return ending{}
	case <-time.After(t.open + 2*time.Second):
		// The wire has its own deadline, so this does not happen; were it to, the library may hold its lock for ever.
		s.cut()
		s.abandon(opened)
		return ending{why: "the library does not return", lost: true}
	}
	w := s.current()
	select {
	case <-w.done:
		s.awaitClosed()
		return s.ending(nil)
	case <-ctx.Done():
		_ = session.Close() // says 1000, so that the bot is shown as away at once
		w.cut("the bot stops")
		return ending{}
	}
}

// open connects. A failed dial first makes the library forget the address it had, so that it asks again: see addressTeller.
func (s *shard) open(ctx context.Context, session *discordgo.Session) error {
	session.Dialer = &websocket.Dialer{NetDialContext: refuseDial, NetDialTLSContext: refuseDial}
	_ = session.Open() // fails always
	session.Dialer = &websocket.Dialer{
		HandshakeTimeout:  s.gateway.timing.open,
		NetDialContext:    func(_ context.Context, _, address string) (net.Conn, error) { return s.dial(ctx, address) },
		NetDialTLSContext: func(_ context.Context, _, address string) (net.Conn, error) { return s.dialTLS(ctx, address) },
	}
	return session.Open()
}

func (s *shard) abandon(opened chan error) {
	select {
	case <-opened:
	case <-time.After(5 * time.Second):
	}
	s.forget()
}

func (s *shard) current() *wire {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.wire
}

func (s *shard) cut() {
	if w := s.current(); w != nil {
		w.cut("given up")
	}
}

// awaitClosed waits for the library to close its side: it sleeps a second in between, and a heartbeat of the old connection must not meet
// the new one.
func (s *shard) awaitClosed() {
	select {
	case <-s.gone:
	case <-time.After(5 * time.Second):
		s.forget()
	}
}

func (s *shard) disconnected() {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case s.gone <- struct{}{}:
	default:
	}
}

func (s *shard) ending(err error) ending {
	w := s.current()
	if w == nil {
		e := ending{why: "no connection"}
		if err != nil {
			e.why = "no connection: " + s.gateway.rest.redact((&exchange{}).cause(err))
		}
		return e
	}
	w.cut("the library closed it")
	return w.ending()
}

// take is the library's handler: it only hands on. READY is unwrapped, what the wire renamed gets its name back.
func (s *shard) take(_ *discordgo.Session, e *discordgo.Event) {
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("an event could not be taken", "panic", p)
		}
	}()
	kind, renamed := strings.CutPrefix(e.Type, renamedPrefix)
	data := e.RawData
	if kind == "READY" && !renamed {
		var wrapped struct {
			Raw json.RawMessage `json:"faqbot"`
		}
		var ready struct {
			Resume string `json:"resume_gateway_url"`
		}
		if json.Unmarshal(data, &wrapped) != nil || json.Unmarshal(wrapped.Raw, &ready) != nil {
			return
		}
		data = wrapped.Raw
		s.mu.Lock()
		if s.resume = ready.Resume; s.resume == "" {
			s.resume = s.plan.URL
		}
		s.mu.Unlock()
		s.log.Info("connected to the gateway, new session")
	} else if kind == "RESUMED" {
		s.log.Info("connected to the gateway, session resumed")
	}
	s.receive(rawEvent{Shard: s.id, Shards: s.count, Type: kind, Data: data})
}

// addressTeller answers the library's question where the gateway is: at the address of the session to resume, else as planned.
type addressTeller struct{ shard *shard }

// RoundTrip implements [http.RoundTripper].
func (a addressTeller) RoundTrip(r *http.Request) (*http.Response, error) {
	address := a.shard.plan.URL
	if known := a.shard.resumeAddress(); known != "" {
		address = known
	}
	body, err := json.Marshal(map[string]string{"url": address})
	if err != nil {
		return nil, err
	}
	return answer(r, body), nil
}
