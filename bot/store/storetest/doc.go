// Package storetest has databases for tests: a SQLite folder, and a private PostgreSQL server where its programs are installed.
package storetest

import (
	"testing"

	"faqbot/bot/store"
)

// SQLite is a new data folder.
func SQLite(t testing.TB) store.Settings {
	t.Helper()
	return store.Settings{Dir: t.TempDir()}
}

// Each runs a test on an empty SQLite and on an empty PostgreSQL database, in parallel.
func Each(t *testing.T, run func(t *testing.T, settings store.Settings)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		run(t, SQLite(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		run(t, store.Settings{URL: Postgres(t)})
	})
}

// Open opens a store, which is closed when the test ends.
func Open(t testing.TB, settings store.Settings, options store.Options) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), settings, options)
	if err != nil {
		t.Fatalf("open the store: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	return s
}
