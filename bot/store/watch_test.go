package store_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
	"faqbot/bot/webchat"
)

func woken(wake <-chan struct{}, within time.Duration) bool {
	if within == 0 {
		select {
		case <-wake:
			return true
		default:
			return false
		}
	}
	select {
	case <-wake:
		return true
	case <-time.After(within):
		return false
	}
}

func TestStore_Watch_sameProcess(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s := open(t, settings)
		watch := func(topics ...store.Topic) <-chan struct{} {
			wake, stop := s.Watch(topics...)
			t.Cleanup(stop)
			return wake
		}
		entries, outbox, timers, chats, all := watch(store.Entries), watch(store.Outbox), watch(store.Timers), watch(store.Webchat), watch()
		want := func(what string, e, o, tm, w bool) {
			t.Helper()
			for name, got := range map[string]bool{
				"entries": woken(entries, 0) == e, "outbox": woken(outbox, 0) == o, "timers": woken(timers, 0) == tm, "webchat": woken(chats, 0) == w,
				"all": woken(all, 0) == (e || o || tm || w),
			} {
				if !got {
					t.Errorf("after %s, watching %s is wrong", what, name)
				}
			}
		}
		want("nothing", false, false, false, false)
		publish(t, s, "a", 1)
		want("publishing", true, false, false, false)
		must(t, s.Commit(t.Context(), says("ada", 1), turn(says("ada", 1), bot.Conversation{})))
		want("an answer", false, true, false, false)
		must(t, s.Commit(t.Context(), says("bob", 1), handOff(says("bob", 1), bot.Conversation{}, 1)))
		want("a timer", false, true, true, false)
		session := webchat.Session{TokenHash: "h", Visitor: "v", Created: noon}
		must(t, s.Webchat().CreateSession(t.Context(), session))
		_, err := s.Webchat().Append(t.Context(), "v", webchat.Line{Key: "k", At: noon, Body: []byte(`1`)})
		must(t, err)
		want("a line", false, false, false, true)
		if err := s.Commit(t.Context(), says("ada", 1), bot.Turn{}); err == nil {
			t.Error("it was committed twice")
		}
		want("a refused turn", false, false, false, false)
	})
}

// run runs a store until the test ends.
func run(t *testing.T, s *store.Store) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("run: %v", err)
		}
	})
}

func TestStore_Watch_otherProcess(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		watching, writing := open(t, settings), open(t, settings)
		run(t, watching)
		wake, stop := watching.Watch(store.Entries)
		defer stop()
		for woken(wake, 300*time.Millisecond) { // for what was there when listening began
		}
		for n := range 3 {
			publish(t, writing, "a", n+1)
			began := time.Now()
			if !woken(wake, 4*time.Second) {
				t.Fatal("nobody told of the change")
			}
			if took := time.Since(began); took > 3*time.Second {
				t.Errorf("the change was told after %v", took)
			}
		}
	})
}

func TestStore_Watch_cutConnection(t *testing.T) {
	t.Parallel()
	settings := store.Settings{URL: storetest.Postgres(t)}
	watching, writing := open(t, settings), open(t, settings)
	run(t, watching)
	run(t, writing)
	wake, stop := watching.Watch(store.Outbox)
	defer stop()
	if !woken(wake, 10*time.Second) {
		t.Fatal("listening did not begin")
	}
	// All connections to this database end, as when the server is restarted.
	_, err := raw(t, settings).Exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	must(t, err)
	answer(t, writing, says("ada", 1))
	if !woken(wake, 10*time.Second) {
		t.Error("after the connections were cut nobody told of a change")
	}
}

func TestStore_severedPool(t *testing.T) {
	t.Parallel()
	settings := store.Settings{URL: storetest.Postgres(t)}
	s, db := open(t, settings), raw(t, settings)
	const turns = 60
	var answered atomic.Int64
	defer answered.Store(turns)
	var cutting sync.WaitGroup
	cutting.Go(func() {
		for n := answered.Load(); n < turns; n = answered.Load() {
			// One connection, in whatever it is doing, and the next once there was time for a few turns.
			db.Exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
				ORDER BY random() LIMIT 1`)
			for answered.Load() < min(n+2, turns) {
				time.Sleep(time.Duration(rand.N(3000)) * time.Microsecond)
			}
		}
	})
	for n := range turns {
		answer(t, s, says("ada", n))
		answered.Add(1)
	}
	cutting.Wait()
	wantSame(t, situation(t, s, says("ada", 999)).Conversation.Version, int64(turns))
	lines, err := s.Lines(t.Context(), "c-ada")
	must(t, err)
	wantSame(t, len(lines), 2*turns)
}
