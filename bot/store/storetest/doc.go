// Package storetest has databases for tests: a SQLite folder, and a private PostgreSQL server where its programs are installed.
package storetest

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"faqbot/bot/store"
)

// SQLite is a new data folder whose tables are there: a copy of them is made sooner than they are.
func SQLite(t testing.TB) store.Settings {
	t.Helper()
	content, err := tables()
	if err != nil {
		t.Fatalf("make the tables: %v", err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, store.File), content, 0o600); err != nil {
		t.Fatal(err)
	}
	return store.Settings{Dir: dir}
}

// Empty is a data folder without tables.
func Empty(t testing.TB) store.Settings {
	t.Helper()
	return store.Settings{Dir: t.TempDir()}
}

// EachEmpty is [Each] with databases that have no tables yet.
func EachEmpty(t *testing.T, run func(t *testing.T, settings store.Settings)) {
	t.Helper()
	both(t, run, Empty, EmptyPostgres)
}

var tables = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "faqbot-tables-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	s, err := store.Open(context.Background(), store.Settings{Dir: dir}, store.Options{})
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, store.File))
})

// Each runs a test on a SQLite and on a PostgreSQL database in which nothing is, in parallel.
func Each(t *testing.T, run func(t *testing.T, settings store.Settings)) {
	t.Helper()
	both(t, run, SQLite, Postgres)
}

func both(t *testing.T, run func(t *testing.T, settings store.Settings), sqlite func(testing.TB) store.Settings, postgres func(testing.TB) string) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		run(t, sqlite(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		run(t, store.Settings{URL: postgres(t)})
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
