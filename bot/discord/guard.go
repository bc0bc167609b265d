package discord

import (
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// Discord bans an address after 10,000 refused calls (401, 403, 429) in ten minutes. At invalidLimit the connector falls silent until
// enough of them are past.
const (
	invalidLimit  = 5000
	invalidWindow = 10 * time.Minute
)

// guard watches what is refused.
type guard struct {
	log   *slog.Logger
	limit int

	mu      sync.Mutex
	times   []time.Time
	silent  bool
	refused bool // the token is not valid: nothing else can be done with it
}

func newGuard(log *slog.Logger) *guard { return &guard{log: log, limit: invalidLimit} }

// allow refuses a call where making it would bring a ban nearer.
func (g *guard) allow(now time.Time) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.drop(now)
	if g.refused {
		return &apiError{route: "any call", status: http.StatusUnauthorized, message: "the token was refused before"}
	}
	if len(g.times) < g.limit {
		if g.silent {
			g.silent = false
			g.log.Info("calls to Discord go on")
		}
		return nil
	}
	return &waitError{after: g.times[len(g.times)-g.limit].Add(invalidWindow).Sub(now), reason: "too many calls were refused; Discord would ban this address"}
}

func (g *guard) drop(now time.Time) {
	n := 0
	for n < len(g.times) && now.Sub(g.times[n]) >= invalidWindow {
		n++
	}
	if n > 0 {
		g.times = append(g.times[:0], g.times[n:]...)
	}
}

// note counts an answer. A refusal of an interaction's token (hook) counts, and says nothing of the bot's.
func (g *guard) note(now time.Time, x *exchange, hook bool) {
	switch {
	case x.status == http.StatusTooManyRequests && x.header.Get("X-RateLimit-Scope") == "shared":
		return
	case x.status != http.StatusUnauthorized && x.status != http.StatusForbidden && x.status != http.StatusTooManyRequests:
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if x.status == http.StatusUnauthorized && !hook && !x.html {
		g.refused = true
	}
	g.drop(now)
	g.times = append(g.times, now)
	if len(g.times) >= g.limit && !g.silent {
		g.silent = true
		g.log.Error("calls to Discord are stopped: too many were refused, and at 10,000 in ten minutes it bans this address",
			"refused", len(g.times), "window", invalidWindow)
	}
}
