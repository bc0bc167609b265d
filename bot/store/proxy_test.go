package store_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
)

// proxy stands between a store and PostgreSQL and cuts the connection at a commit, or lets nobody through.
type proxy struct {
	server string
	// cut is how many commits are still to be cut; deliver says whether the server gets them first.
	cut     atomic.Int64
	deliver atomic.Bool
	wg      sync.WaitGroup
	// down turns everybody away; turned counts them.
	down   atomic.Bool
	turned atomic.Int64
}

func startProxy(t *testing.T, database string) (*proxy, string) {
	t.Helper()
	u, err := url.Parse(database)
	must(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	p := &proxy{server: u.Host}
	p.wg.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			p.wg.Go(func() { p.serve(client) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		p.wg.Wait()
	})
	u.Host = l.Addr().String()
	return p, u.String()
}

func (p *proxy) serve(client net.Conn) {
	defer client.Close()
	if p.down.Load() {
		p.turned.Add(1)
		return
	}
	server, err := net.Dial("tcp", p.server)
	if err != nil {
		return
	}
	var back sync.WaitGroup
	var mute atomic.Bool
	back.Go(func() {
		buffer := make([]byte, 1<<16)
		for {
			n, err := server.Read(buffer)
			if err != nil {
				client.Close()
				return
			}
			if mute.Load() { // the answer to the commit is lost
				client.Close()
				return
			}
			client.Write(buffer[:n])
		}
	})
	buffer := make([]byte, 1<<16)
	for {
		n, err := client.Read(buffer)
		if err != nil {
			break
		}
		if isCommit(buffer[:n]) && p.cut.Add(-1) >= 0 {
			if !p.deliver.Load() {
				break
			}
			mute.Store(true)
		}
		if _, err := server.Write(buffer[:n]); err != nil && err != io.EOF {
			break
		}
	}
	if mute.Load() {
		back.Wait()
	}
	server.Close()
	back.Wait()
}

func isCommit(packet []byte) bool { return bytes.Contains(bytes.ToLower(packet), []byte("commit\x00")) }

func TestStore_commitOfUnknownFate(t *testing.T) {
	t.Parallel()
	for name, delivered := range map[string]bool{"the commit is lost": false, "the answer is lost": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, url := startProxy(t, storetest.Postgres(t))
			s := open(t, store.Settings{URL: url})
			p.deliver.Store(delivered)
			answer(t, s, says("ada", 0))
			for n := 1; n <= 5; n++ {
				p.cut.Store(1)
				answer(t, s, says("ada", n))
				if p.cut.Load() > 0 {
					t.Fatal("no commit was cut")
				}
			}
			wantSame(t, situation(t, s, says("ada", 9)).Conversation.Version, int64(6))
			lines, err := s.Lines(t.Context(), "c-ada")
			must(t, err)
			wantSame(t, len(lines), 12)

			for n := 1; n <= 3; n++ {
				p.cut.Store(1)
				publish(t, s, "a", n)
			}
			for range 6 { // taking, and saying so, through cut commits
				p.cut.Store(1)
				rows, err := s.Take(t.Context(), "test", noon, 10)
				must(t, err)
				if len(rows) != 1 {
					t.Fatalf("took %d rows, want 1", len(rows))
				}
				p.cut.Store(1)
				must(t, s.Settle(t.Context(), bot.SendResult{ID: rows[0].ID, Message: "m", At: noon}))
			}
			p.cut.Store(0)
			rows, err := s.Take(t.Context(), "test", noon, 10)
			must(t, err)
			wantSame(t, len(rows), 0)
			counts, err := s.Counts(t.Context())
			must(t, err)
			wantSame(t, counts.OutboxWaiting, int64(0))
		})
	}
}

// journal is a log that can be read while it is written.
type journal struct {
	mu    sync.Mutex
	lines bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.lines.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.lines.String()
}

// TestStore_Run_outage looks at the log while the database is gone: it says so once, and once that it is back.
func TestStore_Run_outage(t *testing.T) {
	t.Parallel()
	const password = "do-not-log-me"
	direct := storetest.Postgres(t)
	p, address := startProxy(t, direct)
	u, err := url.Parse(address)
	must(t, err)
	u.User = url.UserPassword(u.User.Username(), password)
	log := &journal{}
	s := storetest.Open(t, store.Settings{URL: u.String()}, store.Options{Logger: slog.New(slog.NewTextHandler(log, nil))})
	db := raw(t, store.Settings{URL: direct})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	until := func(what string, done func() bool) {
		t.Helper()
		for deadline := time.Now().Add(30 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("%s does not happen; the log is\n%s", what, log)
			}
		}
	}
	until("listening", func() (listens bool) {
		must(t, db.QueryRow(`SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE query LIKE 'LISTEN%')`).Scan(&listens))
		return listens
	})
	p.down.Store(true)
	_, err = db.Exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	must(t, err)
	until("trying", func() bool { return p.turned.Load() > 6 })
	p.down.Store(false)
	until("being back", func() bool { return strings.Contains(log.String(), "over: listening") })
	cancel()
	must(t, <-ended)
	// It is stopping at first, and then it does not answer: these are two causes.
	if n := strings.Count(log.String(), `msg="listening to the database was cut`); n < 1 || n > 2 {
		t.Errorf("the log tells of the outage %d times, want once per cause:\n%s", n, log)
	}
	if strings.Contains(log.String(), password) {
		t.Errorf("the log holds the password:\n%s", log)
	}
}
