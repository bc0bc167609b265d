package main

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"faqbot/bot"
	"faqbot/bot/store"
	"faqbot/faq/fault"
)

func newReadiness(probe func(context.Context) error) *readiness {
	return &readiness{probe: probe, trouble: bot.NewTrouble(slog.New(slog.DiscardHandler), time.Now)}
}

func TestReadiness_looksNowAndThen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		looks := 0
		var found error
		r := newReadiness(func(context.Context) error { looks++; return found })
		for range 10 {
			if err := r.check(t.Context()); err != nil {
				t.Error(err)
			}
		}
		found = fault.New(fault.Unavailable, "the disk of the database is full")
		if err := r.check(t.Context()); err != nil || looks != 1 {
			t.Errorf("%d looks within a moment (%v), want 1", looks, err)
		}
		time.Sleep(probeEvery)
		for range 10 {
			if err := r.check(t.Context()); !errors.Is(err, found) {
				t.Errorf("got %v after a while, want what is found then", err)
			}
		}
		if looks != 2 {
			t.Errorf("%d looks, want 2", looks)
		}
	})
}

func TestReadiness_answersWhileTheDatabaseDoesNot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var looks atomic.Int32
		freed := make(chan struct{})
		r := newReadiness(func(context.Context) error { looks.Add(1); <-freed; return nil })
		for range 3 {
			began := time.Now()
			if err := r.check(t.Context()); !fault.Is(err, fault.Unavailable) || time.Since(began) != probePatience {
				t.Errorf("got %v after %v", err, time.Since(began))
			}
		}
		if n := looks.Load(); n != 1 {
			t.Errorf("%d looks at once, want 1", n)
		}
		close(freed)
		if err := errors.Join(r.close(), r.check(t.Context())); err != nil {
			t.Error(err)
		}
	})
}

// TestReady_unstorable asks a bot whose database can be read, and takes nothing more.
func TestReady_unstorable(t *testing.T) {
	t.Parallel()
	data := newData(t)
	a := &app{settings: parseSettings(t, "--data-dir", data), std: streams{strings.NewReader(""), discard{}, discard{}}}
	s, err := a.build(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s.mux())
	t.Cleanup(func() {
		server.Close()
		if err := s.close(); err != nil {
			t.Error(err)
		}
	})
	ask := func() (stdout, stderr string, code int) {
		return faqbot(t, data, "", "health", "--http-addr", strings.TrimPrefix(server.URL, "http://"))
	}
	db, err := sql.Open("sqlite", filepath.Join(data, store.File))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`CREATE TRIGGER refuse BEFORE INSERT ON leases BEGIN SELECT RAISE(ABORT, 'inner detail'); END`); err != nil {
		t.Fatal(err)
	}
	if stdout, stderr, code := ask(); code != exitFailed || stdout != "" || stderr != "faqbot: the bot is not ready: nothing can be stored\n" {
		t.Errorf("exit %d, %q, %q", code, stdout, stderr)
	}
	response, err := http.Get(server.URL + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("it is said to be dead: %s", response.Status)
	}
}
