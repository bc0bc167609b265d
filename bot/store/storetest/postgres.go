//go:build unix

package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"faqbot/bot/store"
)

// Require is the environment variable that makes a missing PostgreSQL a failure instead of a skip.
const Require = "FAQBOT_TEST_REQUIRE_POSTGRES"

// Server is a PostgreSQL server of this test binary's own. It syncs to disk, and sorts texts as people do, as many servers out
// there. The role "secured" has the password "correct horse"; everybody else needs none.
type Server struct {
	Dir  string // data folder and socket
	Port int
	// Process is the postmaster's ID.
	Process int
	keep    *os.File // the server ends when this is closed, which the system does for a process that dies
}

var (
	started = sync.OnceValues(start)
	made    = sync.OnceValue(makeTables)
	count   atomic.Int64
)

// Postgres is the address of a database of the test's own whose tables are there and empty: a copy is made sooner than they are. Without PostgreSQL the
// test is skipped, or fails if [Require] is set.
func Postgres(t testing.TB) (url string) {
	t.Helper()
	PostgresServer(t)
	if err := made(); err != nil {
		t.Fatalf("make the tables: %v", err)
	}
	return newDatabase(t, " TEMPLATE "+template)
}

// EmptyPostgres is one without tables.
func EmptyPostgres(t testing.TB) (url string) {
	t.Helper()
	return newDatabase(t, "")
}

func newDatabase(t testing.TB, like string) (url string) {
	t.Helper()
	server, name := PostgresServer(t), fmt.Sprintf("test_%d", count.Add(1))
	server.Admin(t, "CREATE DATABASE "+name+like)
	t.Cleanup(func() { server.Admin(t, "DROP DATABASE "+name+" WITH (FORCE)") })
	return server.URL("postgres", name)
}

// template is the database that others are copies of.
const template = "tables"

func makeTables() error {
	server, err := started()
	if err != nil {
		return err
	}
	if err := server.admin("CREATE DATABASE " + template); err != nil {
		return err
	}
	s, err := store.Open(context.Background(), store.Settings{URL: server.URL("postgres", template)}, store.Options{})
	if err != nil {
		return err
	}
	return s.Close()
}

// PostgresServer is the server itself, which is started when it is first needed and stops with the test binary.
func PostgresServer(t testing.TB) *Server {
	t.Helper()
	server, err := started()
	switch {
	case err == nil:
	case errors.Is(err, errNone) && os.Getenv(Require) == "":
		t.Skip("SKIPPED: PostgreSQL is not installed (apt-get install postgresql); set " + Require + "=1 to make this a failure")
	default:
		t.Fatalf("start PostgreSQL: %v", err)
	}
	return server
}

// URL is the address of a database for a user (or "user:password").
func (s *Server) URL(user, name string) string {
	return fmt.Sprintf("postgres://%s@127.0.0.1:%d/%s?sslmode=disable", user, s.Port, name)
}

// Admin runs a statement as the owner of the server.
func (s *Server) Admin(t testing.TB, statement string) {
	t.Helper()
	if err := s.admin(statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func (s *Server) admin(statement string) error { return run(s.URL("postgres", "postgres"), statement) }

func run(url, statement string) error {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return err
	}
	defer db.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	_, err = db.ExecContext(ctx, statement)
	return err
}

var errNone = errors.New("no initdb was found")

func start() (*Server, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	owner, err := account()
	if err != nil {
		return nil, err
	}
	var s *Server
	for range 3 { // another program may take the port first
		if s, err = startOne(bin, owner); err == nil {
			return s, s.admin(`CREATE ROLE secured LOGIN PASSWORD 'correct horse'`)
		}
	}
	return nil, err
}

func startOne(bin string, owner *syscall.Credential) (*Server, error) {
	dir, err := os.MkdirTemp("", "faqbot-postgres-")
	if err != nil {
		return nil, err
	}
	if owner != nil {
		if err := os.Chown(dir, int(owner.Uid), int(owner.Gid)); err != nil {
			return nil, err
		}
	}
	s := &Server{Dir: dir}
	if err := s.initialize(bin, owner); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return s, s.run(bin, owner)
}

// programs is the folder of the newest version: on the PATH, or where Debian puts it.
func programs() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return "", errNone
	}
	version := func(path string) int {
		n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
		return n
	}
	slices.SortFunc(found, func(a, b string) int { return version(a) - version(b) })
	return filepath.Dir(found[len(found)-1]), nil
}

// account is whom the server runs as: PostgreSQL refuses root.
func account() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL does not run as root: %w", err)
	}
	uid, err1 := strconv.Atoi(u.Uid)
	gid, err2 := strconv.Atoi(u.Gid)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(err1, err2)
}

const access = `local all all trust
host all secured 127.0.0.1/32 scram-sha-256
host all all 127.0.0.1/32 trust
`

func (s *Server) initialize(bin string, owner *syscall.Credential) error {
	base := []string{"-D", s.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"}
	var problem error
	for _, locale := range [][]string{{"--locale-provider=icu", "--icu-locale=en", "--locale=C.UTF-8"}, {"--locale=C"}} {
		cmd := exec.Command(filepath.Join(bin, "initdb"), append(slices.Clone(base), locale...)...)
		cmd.Dir, cmd.SysProcAttr = s.Dir, &syscall.SysProcAttr{Credential: owner}
		out, err := cmd.CombinedOutput()
		if err == nil {
			return os.WriteFile(filepath.Join(s.data(), "pg_hba.conf"), []byte(access), 0o644)
		}
		problem = fmt.Errorf("initdb: %w: %s", err, out)
		os.RemoveAll(s.data())
	}
	return problem
}

func (s *Server) data() string { return filepath.Join(s.Dir, "data") }

// supervise runs the server until its input ends, then stops it by its ID and deletes the folder. So it stops with the test
// binary, whatever that one died of.
const supervise = `
"$1/postgres" -D "$2/data" -p "$3" -k "$2" -c listen_addresses=127.0.0.1 -c max_connections=300 -c shared_buffers=64MB \
	-c fsync=on -c synchronous_commit=on -c full_page_writes=on -c logging_collector=off </dev/null >"$2/log" 2>&1 &
server=$!
cat >/dev/null
kill -INT "$server"
wait "$server"
cd /
rm -rf "$2"
`

func (s *Server) run(bin string, owner *syscall.Credential) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	s.Port = port
	input, keep, err := os.Pipe()
	if err != nil {
		return err
	}
	defer input.Close()
	cmd := exec.Command("/bin/sh", "-c", supervise, "sh", bin, s.Dir, strconv.Itoa(port))
	cmd.Dir, cmd.Stdin = s.Dir, input
	// A group of its own, so that an interrupt at the terminal reaches it through its input alone.
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: owner, Setpgid: true}
	if err := cmd.Start(); err != nil {
		keep.Close()
		return err
	}
	for range 300 {
		if err = s.admin("SELECT 1"); err == nil {
			s.keep = keep
			return s.readProcess()
		}
		time.Sleep(50 * time.Millisecond)
	}
	log, _ := os.ReadFile(filepath.Join(s.Dir, "log"))
	keep.Close()
	return fmt.Errorf("%w; its log: %s", err, log)
}

func (s *Server) readProcess() error {
	text, err := os.ReadFile(filepath.Join(s.data(), "postmaster.pid"))
	if err != nil {
		return err
	}
	_, err = fmt.Sscan(string(text), &s.Process)
	return err
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
