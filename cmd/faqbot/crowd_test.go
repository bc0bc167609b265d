package main

import (
	"bytes"
	"context"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
)

// TestCrowd has many customers ask at once on both networks, against the platforms' own rates. Everybody gets each answer once, in order.
func TestCrowd(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) { crowd(t, "") })
	t.Run("postgres", func(t *testing.T) { crowd(t, storetest.Postgres(t)) })
}

func crowd(t *testing.T, database string) {
	size := 50 // on each network
	if long() {
		size = 500
	}
	flags := []string{"--data-dir", newData(t)}
	if database != "" {
		flags = append(flags, "--database-url", database)
	}
	importCodes(t, flags...)
	world := newPlatforms(t, 0)
	s := startSystem(t, world, flags...)
	people := world.customers(size)
	began := time.Now()
	var group sync.WaitGroup
	for i, c := range people {
		group.Go(func() { askTwice(t, c, i) })
	}
	group.Wait()
	took := time.Since(began)
	wantDone(t, s.store)
	for _, c := range people {
		if pairs, err := c.doubles(); err != nil || len(pairs) > 0 {
			t.Errorf("%v; given twice: %v", err, pairs)
		}
	}
	t.Logf("%d conversations, %d answers in %v; slowed by the platforms: Telegram %d, Discord %d",
		len(people), 2*len(people), took.Round(time.Millisecond), world.telegram.Limited(), world.discord.Invalid())
}

func askTwice(t *testing.T, c *customer, i int) {
	for k := range 2 {
		c.ask((2*i + k) % codes)
		if err := c.await(2 * time.Minute); err != nil {
			t.Error(err)
			return
		}
	}
}

// startSystem runs all that `serve` does, in this process, until the test ends.
func startSystem(t *testing.T, world *platforms, flags ...string) *system {
	t.Helper()
	s, _ := startChanged(t, world, func(*system) {}, flags...)
	return s
}

// startChanged is startSystem with a change between building and running. It returns the log, which fails the test for each error in it.
func startChanged(t *testing.T, world *platforms, change func(s *system), flags ...string) (*system, *logged) {
	t.Helper()
	log := &logged{}
	a := &app{settings: parseSettings(t, append(flags, world.flags...)...), std: streams{strings.NewReader(""), discard{}, log}}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	s, err := a.build(ctx)
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	change(s)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.run(ctx, listener) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := s.close(); err != nil {
			t.Error(err)
		}
		log.show(t)
	})
	world.awaitGateway(t)
	return s, log
}

// wantDone waits until all that was to be sent is settled, and looks that nothing failed.
func wantDone(t *testing.T, s *store.Store) {
	t.Helper()
	var counts store.Counts
	eventually(t, 30*time.Second, "the outbox is empty", func() bool {
		var err error
		if counts, err = s.Counts(t.Context()); err != nil {
			t.Fatal(err)
		}
		return counts.OutboxWaiting == 0
	})
	if counts.OutboxFailed+counts.Deferred+counts.SetAside > 0 {
		t.Errorf("not everything was done: %+v", counts)
	}
}

func eventually(t *testing.T, patience time.Duration, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited %v until %s", patience, what)
		}
	}
}

// logged keeps a log for the case that the test fails.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// lines are those that hold a text.
func (l *logged) lines(holding string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []string
	for line := range strings.Lines(l.text.String()) {
		if strings.Contains(line, holding) {
			out = append(out, line)
		}
	}
	return out
}

// show tells what went wrong in the program: its errors always, its whole log where the test failed.
func (l *logged) show(t *testing.T) {
	for _, line := range l.lines("level=ERROR") {
		t.Errorf("logged: %s", line)
	}
	if t.Failed() {
		t.Logf("the log:\n%s", strings.Join(l.lines(""), ""))
	}
}
