package store_test

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
	"faqbot/faq/fault"
)

func TestOpen_again(t *testing.T) {
	t.Parallel()
	storetest.EachEmpty(t, func(t *testing.T, settings store.Settings) {
		s := open(t, settings)
		publish(t, s, "a", 1)
		must(t, s.Close())
		s = open(t, settings)
		record, err := s.Find(t.Context(), "a")
		must(t, err)
		wantSame(t, record.Head.Number, 1)
		must(t, s.Ready(t.Context()))
	})
}

func TestOpen_manyAtOnce(t *testing.T) {
	t.Parallel()
	storetest.EachEmpty(t, func(t *testing.T, settings store.Settings) {
		var wg sync.WaitGroup
		for i := range 6 {
			wg.Go(func() {
				s, err := store.Open(t.Context(), settings, store.Options{})
				if err != nil {
					t.Error(err)
					return
				}
				if err := s.SetCursor(t.Context(), fmt.Sprint(i), "x"); err != nil {
					t.Error(err)
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		cursors, err := open(t, settings).Cursors(t.Context(), "")
		must(t, err)
		wantSame(t, len(cursors), 6)
	})
}

func TestOpen_strangeFolders(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"with space", "q?mark=1", "ha#sh", "per%20cent", "ünïcode 日本", "a&b;c", "quote'\""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), name, "deeper")
			s := open(t, store.Settings{Dir: dir})
			must(t, s.SetCursor(t.Context(), "a", "b"))
			info, err := os.Stat(filepath.Join(dir, store.File))
			must(t, err)
			wantSame(t, info.Mode().Perm(), os.FileMode(0o600))
			entries, err := os.ReadDir(dir)
			must(t, err)
			for _, e := range entries {
				if !strings.HasPrefix(e.Name(), store.File) {
					t.Errorf("there is a file %q", e.Name())
				}
			}
		})
	}
}

func wantRefused(t *testing.T, settings store.Settings, kind fault.Kind, words ...string) {
	t.Helper()
	s, err := store.Open(t.Context(), settings, store.Options{})
	if err == nil {
		s.Close()
		t.Fatal("it opened")
	}
	wantKind(t, err, kind)
	for _, w := range words {
		if !strings.Contains(fault.Message(err), w) {
			t.Errorf("the message %q does not say %q", fault.Message(err), w)
		}
	}
	if strings.Contains(err.Error(), "s3cret") || strings.Contains(fmt.Sprintf("%+v", err), "s3cret") {
		t.Errorf("the error shows the password: %v", err)
	}
}

func TestOpen_addresses(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	closed := l.Addr().String()
	must(t, l.Close())
	for name, test := range map[string]struct {
		url  string
		kind fault.Kind
		says string
	}{
		"unknown scheme":  {"mysql://u:s3cret@h/d", fault.Invalid, "postgres://"},
		"no scheme":       {"u:s3cret@h/d", fault.Invalid, "postgres://"},
		"bad escape":      {"postgres://u:s3cret%zz@127.0.0.1/d", fault.Invalid, "%40"},
		"bad port":        {"postgres://u:s3cret@127.0.0.1:99999999/d", fault.Invalid, "postgres://"},
		"bad option":      {"postgres://u:s3cret@127.0.0.1/d?sslmode=nonsense", fault.Invalid, "postgres://"},
		"nobody answers":  {"postgres://u:s3cret@" + closed + "/d?sslmode=disable", fault.Unavailable, "does not answer"},
		"no such machine": {"postgres://u:s3cret@no-such-host.invalid/d?sslmode=disable", fault.Unavailable, "no-such-host.invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantRefused(t, store.Settings{URL: test.url}, test.kind, test.says)
		})
	}
}

func TestOpen_postgresRefuses(t *testing.T) {
	t.Parallel()
	server := storetest.PostgresServer(t)
	wantRefused(t, store.Settings{URL: server.URL("secured:s3cret", "postgres")}, fault.Forbidden, "user name or password")
	wantRefused(t, store.Settings{URL: server.URL("nobody:s3cret", "postgres")}, fault.Forbidden)
	wantRefused(t, store.Settings{URL: server.URL("postgres:s3cret", "no_such_database")}, fault.NotFound, "create it first")
	// The role may connect with its password, but not make tables.
	wantRefused(t, store.Settings{URL: server.URL("secured:correct%20horse", "postgres")}, fault.Forbidden, "right")
}

func TestOpen_newerTables(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		must(t, open(t, settings).Close())
		_, err := raw(t, settings).Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)`)
		must(t, err)
		wantRefused(t, settings, fault.Conflict, "newer faqbot")
	})
}

func TestOpen_folderCannotBeWritten(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o600))
	wantRefused(t, store.Settings{Dir: file}, fault.Forbidden, file, "cannot be written")
	if os.Getuid() != 0 { // root may write anywhere
		dir := t.TempDir()
		must(t, os.Chmod(dir, 0o500))
		wantRefused(t, store.Settings{Dir: dir}, fault.Forbidden, dir, "cannot be written")
	}
}

func TestOpen_damagedFile(t *testing.T) {
	t.Parallel()
	settings := storetest.SQLite(t)
	path := filepath.Join(settings.Dir, store.File)
	must(t, os.WriteFile(path, []byte(strings.Repeat("this is no database ", 1000)), 0o600))
	wantRefused(t, settings, fault.Invalid, path, "damaged", "backup")

	settings = storetest.SQLite(t)
	path = filepath.Join(settings.Dir, store.File)
	s := open(t, settings)
	for i := range 50 {
		answer(t, s, says(fmt.Sprint("customer", i), 1))
	}
	must(t, s.Close())
	file, err := os.ReadFile(path)
	must(t, err)
	for i := 8192; i < len(file); i++ { // the tables' pages, not the list of tables
		file[i] ^= 0x5a
	}
	must(t, os.WriteFile(path, file, 0o600))
	s, err = store.Open(t.Context(), settings, store.Options{})
	if err == nil {
		_, err = s.Load(t.Context(), says("customer1", 2))
		s.Close()
	}
	wantKind(t, err, fault.Invalid)
}

func TestStore_full(t *testing.T) {
	t.Parallel()
	s := open(t, storetest.SQLite(t))
	answer(t, s, says("ada", 1))
	must(t, store.LimitPages(s, 1)) // no more than there are
	var full error
	for i := 0; full == nil && i < 1000; i++ {
		e := says(fmt.Sprint("customer", i), 1)
		e.Body = strings.Repeat("x", 1000)
		full = s.Commit(t.Context(), e, turn(e, situation(t, s, e).Conversation))
	}
	wantKind(t, full, fault.Unavailable)
	if !strings.Contains(fault.Message(full), "full") {
		t.Errorf("the message is %q", fault.Message(full))
	}
	wantUnready(t, s, "the disk of the database is full")
	must(t, store.LimitPages(s, 1_000_000))
	answer(t, s, says("bob", 1))
	must(t, s.Ready(t.Context()))
}

// wantUnready looks at what is told to whoever asks, which is not the owner alone.
func wantUnready(t *testing.T, s *store.Store, want string) {
	t.Helper()
	err := s.Ready(t.Context())
	if err == nil || fault.Message(err) != want {
		t.Errorf("its readiness is %v, want “%s”", err, want)
	}
}

func TestStore_Ready_unwritable(t *testing.T) {
	t.Parallel()
	s := open(t, storetest.SQLite(t))
	must(t, store.RefuseWrites(s, true))
	wantUnready(t, s, "the database cannot be written to")
	must(t, store.RefuseWrites(s, false))
	must(t, s.Ready(t.Context()))
}

func TestStore_Ready_leavesNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s := open(t, settings)
		must(t, s.Ready(t.Context()))
		must(t, s.Ready(t.Context()))
		var leases int
		must(t, raw(t, settings).QueryRow(`SELECT count(*) FROM leases`).Scan(&leases))
		wantSame(t, leases, 0)
	})
}

func TestStore_explainPostgres(t *testing.T) {
	t.Parallel()
	s := open(t, store.Settings{URL: storetest.Postgres(t)})
	for code, want := range map[string]fault.Kind{
		"53100": fault.Unavailable, "53300": fault.Unavailable, "57P01": fault.Unavailable, "08006": fault.Unavailable, "28P01": fault.Forbidden,
		"28000": fault.Forbidden, "3D000": fault.NotFound, "25006": fault.Unavailable, "42501": fault.Forbidden, "XX001": fault.Invalid,
		"40P01": fault.Unavailable, "23505": fault.Internal, "42601": fault.Internal,
	} {
		kind, message := store.Explain(s, fmt.Errorf("commit: %w", &pgconn.PgError{Code: code}))
		if kind != want || (kind != fault.Internal) != (message != "") {
			t.Errorf("%s is %q (%s), want %q", code, kind, message, want)
		}
	}
	if kind, _ := store.Explain(s, errors.New("something else")); kind != fault.Internal {
		t.Errorf("an error of nobody's is %q", kind)
	}
}

func TestLockFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new")
	release, err := store.LockFolder(dir)
	must(t, err)
	_, err = store.LockFolder(dir)
	wantKind(t, err, fault.Conflict)
	if want := fmt.Sprintf("process %d", os.Getpid()); !strings.Contains(fault.Message(err), want) {
		t.Errorf("the message %q does not name %s", fault.Message(err), want)
	}
	must(t, release())
	release, err = store.LockFolder(dir)
	must(t, err)
	must(t, release())
}
