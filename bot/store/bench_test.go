package store_test

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"

	"faqbot/bot"
	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
)

// each runs a benchmark on both databases.
func each(b *testing.B, run func(b *testing.B, s *store.Store, settings store.Settings)) {
	b.Run("sqlite", func(b *testing.B) {
		settings := storetest.SQLite(b)
		run(b, open(b, settings), settings)
	})
	b.Run("postgres", func(b *testing.B) {
		settings := store.Settings{URL: storetest.Postgres(b)}
		run(b, open(b, settings), settings)
	})
}

var serial atomic.Int64

// BenchmarkBareCommit is what any commit costs: one small row.
func BenchmarkBareCommit(b *testing.B) {
	each(b, func(b *testing.B, s *store.Store, _ store.Settings) {
		for b.Loop() {
			must(b, store.Bare(b.Context(), s, fmt.Sprint("name ", serial.Add(1))))
		}
	})
}

// BenchmarkCommit is a whole turn: loaded, and committed with two lines, an outcome, three actions and a message.
func BenchmarkCommit(b *testing.B) {
	each(b, func(b *testing.B, s *store.Store, _ store.Settings) {
		for b.Loop() {
			oneTurn(b, s)
		}
	})
}

func oneTurn(b *testing.B, s *store.Store) {
	n := serial.Add(1)
	e := says(fmt.Sprint("customer", n%1000), int(n))
	for {
		v, err := s.Load(b.Context(), e)
		must(b, err)
		if s.Commit(b.Context(), e, turn(e, v.Conversation)) == nil {
			return
		}
	}
}

// BenchmarkCommitMany is the same from 64 customers at once; divide by 1 for turns a second.
func BenchmarkCommitMany(b *testing.B) {
	each(b, func(b *testing.B, s *store.Store, _ store.Settings) {
		b.SetParallelism(64 / runtime.GOMAXPROCS(0))
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				oneTurn(b, s)
			}
		})
	})
}

// BenchmarkTake takes and settles ten rows while many wait, each in a chat of its own or all in one, and many were sent.
func BenchmarkTake(b *testing.B) {
	for _, rows := range []int{1_000, 100_000} {
		for _, chats := range []int{1, rows} {
			b.Run(fmt.Sprintf("rows=%d/chats=%d", rows, chats), func(b *testing.B) {
				each(b, func(b *testing.B, s *store.Store, settings store.Settings) {
					benchmarkTake(b, s, settings, rows, chats)
				})
			})
		}
	}
}

func benchmarkTake(b *testing.B, s *store.Store, settings store.Settings, rows, chats int) {
	fillOutbox(b, settings, rows, chats)
	for b.Loop() {
		taken, err := s.Take(b.Context(), "test", noon, 10)
		must(b, err)
		results := make([]bot.SendResult, len(taken))
		for i, row := range taken {
			results[i] = bot.SendResult{ID: row.ID, Retry: noon, At: noon} // so that there are always as many
		}
		must(b, s.Settle(b.Context(), results...))
		if len(taken) != min(10, chats) {
			b.Fatalf("took %d", len(taken))
		}
	}
}

// fillOutbox makes waiting rows as Commit does, and a million that were sent.
func fillOutbox(b *testing.B, settings store.Settings, rows, chats int) {
	b.Helper()
	db := raw(b, settings)
	series := `WITH RECURSIVE series (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM series WHERE n < %d - 1) `
	columns := `outbox (network, chat, conversation, version, position, body, urgent, not_before, state, attempts, unknown, claim, reason, message, since, settled_at)`
	sent := 1_000_000
	if rows < 100_000 {
		sent = 10_000
	}
	for _, query := range []string{
		fmt.Sprintf(`INSERT INTO `+columns+` `+series+`SELECT 'test', 'c' || (n %% 5000), 'c-x', 1, -1, '', FALSE, 0, 'sent', 1, FALSE, '', '', 'm', n, 1 FROM series`, sent),
		fmt.Sprintf(`INSERT INTO `+columns+` `+series+`SELECT 'test', 'c' || (n %% %d), 'c-x', 1, -1, '{}', FALSE, 0, 'waiting', 0, FALSE, '', '', '', n, 0 FROM series`, rows, chats),
		`INSERT INTO queues (network, chat, state, due, urgent, since) SELECT network, chat, 'free', 0, FALSE, min(since) FROM outbox
			WHERE state = 'waiting' GROUP BY network, chat`,
	} {
		_, err := db.Exec(query)
		must(b, err)
	}
	must(b, db.Close())
}
