package discord_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/discord"
	"faqbot/bot/discord/discordtest"

	"github.com/bwmarrin/discordgo"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if with := strings.Fields(os.Getenv(botEnvironment)); len(with) == 3 {
		err := beBot(with[0], with[1], with[2])
		fmt.Fprintln(os.Stderr, "the bot under test ended:", err)
		os.Exit(1)
	}
	goleak.VerifyTestMain(thorough{m})
}

// stopping are connectors whose tests are over: the library sleeps a second before it lets go of a connection, and no test waits for that.
var stopping sync.WaitGroup

// thorough runs the tests and waits for what still stops.
type thorough struct{ *testing.M }

// Run implements [goleak.TestingM].
func (m thorough) Run() int {
	var talk atomic.Int64
	discordgo.Logger = func(int, int, string, ...any) { talk.Add(1) }
	code := m.M.Run()
	if talk.Load() > 0 {
		fmt.Fprintln(os.Stderr, "the library logs by itself; its messages hold addresses with tokens")
		code = 1
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		stopping.Wait()
	}()
	select {
	case <-done:
		return code
	case <-time.After(patience):
		fmt.Fprintln(os.Stderr, "a connector goes on after its test")
		return 1
	}
}

// together runs cases side by side, however few processors there are: what they do is wait.
func together[T any](t *testing.T, cases map[string]T, test func(*testing.T, string, T)) {
	t.Helper()
	var all sync.WaitGroup
	for name, c := range cases {
		all.Go(func() {
			t.Run(name, func(t *testing.T) { test(t, name, c) })
		})
	}
	all.Wait()
}

const patience = 15 * time.Second

// bench is a connector and a Discord of its own.
type bench struct {
	t       testing.TB
	discord *discordtest.Server
	channel *discord.Channel
	log     *journal
	cursors *cursors
	core    *core
	made    change
	stop    context.CancelFunc
	ended   chan error
}

type change struct {
	server   discordtest.Options
	settings discord.Settings
	options  discord.Options
	tune     func(*discord.Channel)
	noStore  bool
}

// newBench makes both; the connector is not running yet.
func newBench(t testing.TB, changes ...func(*change)) *bench {
	t.Helper()
	ch := change{settings: discord.Settings{MessageContent: true}}
	for _, f := range changes {
		f(&ch)
	}
	b := &bench{t: t, discord: discordtest.New(t, ch.server), log: &journal{}, cursors: newCursors(), core: newCore(), ended: make(chan error, 1)}
	b.made = ch
	b.channel = b.connector(ch)
	return b
}

// again makes a connector with the same settings, as a new process does.
func (b *bench) again() *discord.Channel { return b.connector(b.made) }

// connector makes another connector to the same Discord.
func (b *bench) connector(ch change) *discord.Channel {
	b.t.Helper()
	s, o := ch.settings, ch.options
	if s.Token == "" {
		s.Token = b.discord.Token()
	}
	if s.API == "" {
		s.API = b.discord.URL()
	}
	if o.Transport == nil {
		own := http.DefaultTransport.(*http.Transport).Clone()
		o.Transport = own
		b.t.Cleanup(own.CloseIdleConnections)
	}
	o.Logger = slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if o.Cursors == nil && !ch.noStore {
		o.Cursors = b.cursors
	}
	c, err := discord.New(s, o)
	if err != nil {
		b.t.Fatal(err)
	}
	discord.Hurry(c, 0)
	if ch.tune != nil {
		ch.tune(c)
	}
	return c
}

// start runs the connector until the test ends, and waits until it is connected.
func (b *bench) start() *bench {
	b.t.Helper()
	b.launch(b.channel)
	b.await("a gateway session", func() bool { return b.discord.Gateway().Connected() > 0 })
	return b
}

// launch runs a connector without waiting.
func (b *bench) launch(c *discord.Channel) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	b.stop, b.ended = cancel, ended
	stopping.Go(func() { ended <- c.Run(ctx, b.core) })
	b.t.Cleanup(cancel)
}

// halt stops the connector and returns what Run returned.
func (b *bench) halt() error {
	b.t.Helper()
	b.stop()
	return b.end()
}

// end waits for Run to end by itself.
func (b *bench) end() error {
	b.t.Helper()
	select {
	case err := <-b.ended:
		b.ended <- err
		return err
	case <-time.After(patience):
		b.t.Fatal("Run does not end")
		return nil
	}
}

func (b *bench) await(what string, done func() bool) {
	b.t.Helper()
	for deadline := time.Now().Add(patience); !done(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			b.t.Fatalf("waited %v for %s\n%s", patience, what, b.log.String())
		}
	}
}

// event waits for an event.
func (b *bench) event(what string, want func(channel.Event) bool) channel.Event {
	b.t.Helper()
	var found channel.Event
	b.await(what, func() bool {
		for _, e := range b.core.all() {
			if want(e) {
				found = e
				return true
			}
		}
		return false
	})
	return found
}

func (b *bench) body(text string) channel.Event {
	b.t.Helper()
	return b.event("the event "+text, func(e channel.Event) bool { return e.Body == text })
}

// private is the address of a customer, who need not have written.
func (b *bench) private(customer int) channel.Address {
	return channel.Address{Network: discord.Network, Chat: channel.ChatID(b.discord.Customer(customer).Direct()), Private: true}
}

// send sends Markdown to an address.
func (b *bench) send(id string, to channel.Address, text string) (channel.MessageID, error) {
	return b.channel.Send(b.t.Context(), channel.Message{ID: id, To: to, Content: channel.Parse(text)})
}

func (b *bench) mustSend(m channel.Message) channel.MessageID {
	b.t.Helper()
	id, err := b.channel.Send(b.t.Context(), m)
	if err != nil || id == "" {
		b.t.Fatalf("send: %q, %v", id, err)
	}
	return id
}

// core is the core's side.
type core struct {
	mu     sync.Mutex
	events []channel.Event
	// handle and complete stand in for what is usual.
	handle   func(channel.Event) error
	complete func(context.Context, channel.Completion) ([]channel.Choice, error)
	typed    []channel.Completion
	seen     []string // who typed where
}

func newCore() *core { return &core{} }

// Handle implements [channel.Handler].
func (c *core) Handle(_ context.Context, e channel.Event) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.handle != nil {
		if err := c.handle(e); err != nil {
			return err
		}
	}
	c.events = append(c.events, e)
	return nil
}

// Complete implements [channel.Handler].
func (c *core) Complete(ctx context.Context, q channel.Completion) ([]channel.Choice, error) {
	c.mu.Lock()
	c.typed = append(c.typed, q)
	complete := c.complete
	c.mu.Unlock()
	if complete != nil {
		return complete(ctx, q)
	}
	return []channel.Choice{{Label: "A choice", Value: "a choice"}}, nil
}

func (c *core) all() []channel.Event {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.events)
}

func (c *core) bodies() []string {
	var out []string
	for _, e := range c.all() {
		out = append(out, e.Body)
	}
	return out
}

// cursors is a durable store of reading positions, as the SQL one is.
type cursors struct {
	mu     sync.Mutex
	values map[string]string
	fails  int
}

func newCursors() *cursors { return &cursors{values: map[string]string{}} }

func (c *cursors) broken() error {
	if c.fails > 0 {
		c.fails--
		return errors.New("the disk is full")
	}
	return nil
}

func (c *cursors) Cursor(_ context.Context, key string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.values[key], c.broken()
}

func (c *cursors) SetCursor(_ context.Context, key, value string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.broken(); err != nil {
		return err
	}
	c.values[key] = value
	return nil
}

func (c *cursors) Cursors(_ context.Context, prefix string) (map[string]string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := maps.Clone(c.values)
	maps.DeleteFunc(out, func(key, _ string) bool { return !strings.HasPrefix(key, prefix) })
	return out, c.broken()
}

// journal is a log that tests read.
type journal struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.String()
}
