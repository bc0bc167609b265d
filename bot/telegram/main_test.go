package telegram_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/telegram"
	"faqbot/bot/telegram/telegramtest"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds what must happen; it is no measure.
const patience = 20 * time.Second

// fixture is a connector on a platform of its own.
type fixture struct {
	t       testing.TB
	server  *telegramtest.Server
	channel *telegram.Channel
	log     *safeBuffer
	hook    string // the address of the webhook, where there is one
}

// setup changes what open makes.
type setup struct {
	platform telegramtest.Options
	options  telegram.Options
	webhook  bool
	token    string
}

const secret = "a-secret_of-the-test"

// open makes a connector that does not run yet.
func open(t testing.TB, change func(*setup)) *fixture {
	t.Helper()
	f := &fixture{t: t, log: &safeBuffer{}}
	set := &setup{}
	set.platform.RetryBase = 5 * time.Millisecond
	set.options.Pause = 5 * time.Millisecond
	set.options.Logger = slog.New(slog.NewTextHandler(f.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if change != nil {
		change(set)
	}
	f.server = telegramtest.New(t, set.platform)
	settings := telegram.Settings{Token: f.server.Token(), API: f.server.URL()}
	if set.token != "" {
		settings.Token = set.token
	}
	var mounted http.Handler
	if set.webhook {
		hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { mounted.ServeHTTP(w, r) }))
		t.Cleanup(hook.Close)
		f.hook = hook.URL + "/telegram"
		settings.Webhook = telegram.Webhook{URL: f.hook, Secret: secret}
	}
	var client *http.Client
	if set.options.HTTPClient == nil {
		client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
		set.options.HTTPClient = client
		t.Cleanup(client.CloseIdleConnections)
	}
	ch, err := telegram.New(settings, set.options)
	if err != nil {
		t.Fatal(err)
	}
	f.channel, mounted = ch, ch.Webhook()
	return f
}

// run starts the connector and stops it with the test.
func (f *fixture) run() *recorder { return f.runWith(&recorder{}) }

func (f *fixture) runWith(r *recorder) *recorder {
	f.t.Helper()
	ctx, cancel := context.WithCancel(f.t.Context())
	r.t, r.stop, r.ended, r.news = f.t, cancel, make(chan error, 1), make(chan struct{})
	go func() { r.ended <- f.channel.Run(ctx, r) }()
	f.t.Cleanup(func() {
		if err := r.end(); err != nil {
			f.t.Errorf("Run: %v", err)
		}
	})
	return r
}

// send sends with a fresh ID.
func (f *fixture) send(m channel.Message) (channel.MessageID, error) {
	f.t.Helper()
	if m.ID == "" {
		m.ID = "test"
	}
	return f.channel.Send(f.t.Context(), m)
}

// mustSend sends what must be shown, and returns how it is shown.
func (f *fixture) mustSend(m channel.Message) telegramtest.Shown {
	f.t.Helper()
	if _, err := f.send(m); err != nil {
		f.t.Fatalf("send: %v", err)
	}
	log := f.server.Log()
	return log[len(log)-1]
}

// private is a customer who wrote already, and where to write to them.
func (f *fixture) private(number int) (telegramtest.Seat, channel.Address) {
	c := f.server.Customer(number)
	c.Unblock()
	return c, seat(c, "", true)
}

func seat(c telegramtest.Seat, thread string, private bool) channel.Address {
	return channel.Address{Network: telegram.Network, Chat: channel.ChatID(itoa(c.Chat())), Thread: channel.ThreadID(thread), Private: private}
}

// refused is the error of a send that must fail with a fate.
func refused(t *testing.T, err error, fate channel.Fate) *channel.SendError {
	t.Helper()
	got, e := channel.FateOf(err)
	if got != fate {
		t.Errorf("fate %q (%v), want %q", got, err, fate)
	}
	if e == nil {
		return &channel.SendError{}
	}
	return e
}

// recorder is the core's side.
type recorder struct {
	t     testing.TB
	stop  context.CancelFunc
	ended chan error
	news  chan struct{}
	// handleFunc runs before an event is noted; an error refuses the event.
	handleFunc func(ctx context.Context, e channel.Event) error
	// completeFunc answers what somebody types.
	completeFunc func(ctx context.Context, c channel.Completion) ([]channel.Choice, error)

	mu     sync.Mutex
	events []channel.Event
	once   sync.Once
	result error
}

// Handle implements [channel.Handler].
func (r *recorder) Handle(ctx context.Context, e channel.Event) error {
	if r.handleFunc != nil {
		if err := r.handleFunc(ctx, e); err != nil {
			return err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
	close(r.news)
	r.news = make(chan struct{})
	return nil
}

// Complete implements [channel.Handler].
func (r *recorder) Complete(ctx context.Context, c channel.Completion) ([]channel.Choice, error) {
	if r.completeFunc == nil {
		return nil, errors.New("nobody is suggested anything")
	}
	return r.completeFunc(ctx, c)
}

// end stops the connector and tells how it ended.
func (r *recorder) end() error {
	r.once.Do(func() {
		r.stop()
		select {
		case r.result = <-r.ended:
		case <-time.After(patience):
			r.result = errors.New("goes on after its context ended")
		}
	})
	return r.result
}

// await waits until so many events came and returns them.
func (r *recorder) await(count int) []channel.Event {
	r.t.Helper()
	deadline := time.After(patience)
	for {
		r.mu.Lock()
		news, events := r.news, slices.Clone(r.events)
		r.mu.Unlock()
		if len(events) >= count {
			return events
		}
		select {
		case <-news:
		case <-deadline:
			r.t.Fatalf("%d events came, want %d: %+v", len(events), count, events)
		}
	}
}

// eventually waits until something is so.
func eventually(t testing.TB, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !is(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("in vain: %s", what)
		}
	}
}

// safeBuffer is a buffer for several writers.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
