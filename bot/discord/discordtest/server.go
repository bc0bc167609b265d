// Package discordtest is a loopback server that behaves as Discord does: its REST API, its gateway, and what customers see.
//
// It is as strict as the real one and stricter: each call is held against Discord's own specification, and a message that
// could mention somebody unasked is a violation that fails the test. It goes on while the bot under test is killed and
// started again.
package discordtest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"faqbot/bot/discord/discordtest/facts"
)

//go:generate go run ./gen

// Options bend the server away from Discord's own figures; the zero value is Discord.
type Options struct {
	// NoMessageContent: the privileged intent was not switched on for the application.
	NoMessageContent bool
	// Unlimited lifts rate limits, for tests that are not about them.
	Unlimited bool
	// StrictIdentify answers an IDENTIFY within 5 s of another with an invalid session.
	StrictIdentify bool
	// Shards is what /gateway/bot recommends; 0 is 1.
	Shards int
	// IdentifyBudget a day; 0 is 1,000.
	IdentifyBudget int
	// InvalidLimit is how many 401, 403 and 429 in ten minutes ban the address; 0 is 10,000.
	InvalidLimit int
	// ThreadLimit is how many threads of a server can be active; 0 is 1,000.
	ThreadLimit int
	// Heartbeat is the interval told in HELLO; 0 is 45 s.
	Heartbeat time.Duration
}

// Server is the fake. All methods are safe for concurrent use.
type Server struct {
	options Options
	http    *httptest.Server
	token   string
	facts   *facts.Table
	gate    *gate
	limits  *limits

	mu         sync.Mutex
	world      world
	violations []string
	faults     []*scripted
	calls      map[string]int
}

// New starts a server that ends with the test and fails it on any violation.
func New(t testing.TB, o Options) *Server {
	t.Helper()
	s, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Close()
		for _, v := range s.Violations() {
			t.Errorf("violation: %s", v)
		}
	})
	return s
}

// Start starts a server outside a test; the caller looks at Violations itself.
func Start(o Options) (*Server, error) {
	table, err := facts.Load()
	if err != nil {
		return nil, err
	}
	o = o.filled()
	s := &Server{options: o, token: "test-token.of.discordtest", facts: table, calls: map[string]int{}}
	s.world = newWorld()
	s.gate = newGate(s)
	s.limits = newLimits(o)
	mux := http.NewServeMux()
	mux.HandleFunc("/api/", s.serveAPI)
	mux.HandleFunc("/gateway", s.gate.serve)
	mux.HandleFunc("/gateway/", s.gate.serve)
	mux.HandleFunc("/attachments/", s.serveAttachment)
	s.http = httptest.NewServer(mux)
	return s, nil
}

func (o Options) filled() Options {
	for field, usual := range map[*int]int{&o.Shards: 1, &o.IdentifyBudget: 1000, &o.InvalidLimit: 10_000, &o.ThreadLimit: 1000} {
		if *field == 0 {
			*field = usual
		}
	}
	if o.Heartbeat == 0 {
		o.Heartbeat = 45 * time.Second
	}
	return o
}

// URL is what stands in for https://discord.com.
func (s *Server) URL() string { return s.http.URL }

// Token is the bot's token.
func (s *Server) Token() string { return s.token }

// SetToken resets the token: the old one is refused from now on, by live sessions too.
func (s *Server) SetToken(token string) {
	s.mu.Lock()
	s.token = token
	s.mu.Unlock()
}

// BotID is the ID of the bot's user and of its application.
func (s *Server) BotID() string { return s.world.bot.id }

// Close ends the server.
func (s *Server) Close() {
	s.gate.close()
	s.http.CloseClientConnections()
	s.http.Close()
}

// Violations are what the bot did that Discord would refuse, or that no test of ours may let pass.
func (s *Server) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.violations)
}

// TakeViolations returns the violations and forgets them, for tests that provoke some.
func (s *Server) TakeViolations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.violations
	s.violations = nil
	return out
}

// violate needs s.mu.
func (s *Server) violate(format string, args ...any) {
	s.violations = append(s.violations, fmt.Sprintf(format, args...))
}

// Calls counts the REST calls of a route, such as "POST /channels/{}/messages"; "" counts all.
func (s *Server) Calls(route string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if route != "" {
		return s.calls[route]
	}
	n := 0
	for _, c := range s.calls {
		n += c
	}
	return n
}

// eventually waits for a condition; it is how the customers' side waits for the bot.
func eventually(patience time.Duration, what string, done func() bool) error {
	for deadline := time.Now().Add(patience); ; time.Sleep(2 * time.Millisecond) {
		if done() {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("waited %v for %s", patience, what)
		}
	}
}

// trimmed is what Discord stores of a content.
func trimmed(content string) string { return strings.TrimSpace(content) }
