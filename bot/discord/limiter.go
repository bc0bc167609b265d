package discord

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// patience is how long a call waits for its turn; one that would wait longer is told how long.
const patience = 3 * time.Second

// limiter keeps calls within Discord's limits: so many a second in all, for each route what the headers say, and one call of a route at a
// time, for only its answer tells how many more there may be. It forgets a route when its window has passed, waits with the
// context, and never sleeps under a lock.
type limiter struct {
	rate int

	mu     sync.Mutex
	routes map[string]*window
	next   time.Time // when the next call may go out
	global time.Time // until when all calls are refused
	banned time.Time // until when the address is: this holds for interactions too
	swept  time.Time
}

// window is what is known of a route.
type window struct {
	turn  chan struct{} // held by the call under way
	users int           // calls under way or waiting
	left  int
	reset time.Time
}

func newLimiter(rate int) *limiter { return &limiter{rate: rate, routes: map[string]*window{}} }

// wait returns when a call may be made. After the call, and after an error of wait, leave is called by whom join let in.
func (l *limiter) wait(ctx context.Context, q request) error {
	w := l.join(q)
	select {
	case w.turn <- struct{}{}:
	case <-ctx.Done():
		l.leave(q, false)
		return ctx.Err()
	}
	for {
		pause := l.take(time.Now(), q, w)
		if pause <= 0 {
			return nil
		}
		err := ctx.Err()
		if deadline, ok := ctx.Deadline(); err == nil && (pause > patience || ok && time.Until(deadline) < pause) {
			err = &waitError{after: pause, reason: "Discord's rate limit on " + q.label()}
		}
		if err == nil {
			err = sleep(ctx, pause)
		}
		if err != nil {
			l.leave(q, true)
			return err
		}
	}
}

func (l *limiter) join(q request) *window {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sweep(time.Now())
	w := l.routes[q.route]
	if w == nil {
		w = &window{turn: make(chan struct{}, 1)}
		l.routes[q.route] = w
	}
	w.users++
	return w
}

func (l *limiter) leave(q request, holding bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	w := l.routes[q.route]
	if w.users--; holding {
		<-w.turn
	}
	if w.users == 0 && time.Now().After(w.reset) {
		delete(l.routes, q.route)
	}
}

// take books a call now, or says how long to wait.
func (l *limiter) take(now time.Time, q request, w *window) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if pause := l.banned.Sub(now); pause > 0 {
		return pause
	}
	if pause := l.global.Sub(now); pause > 0 && !q.free {
		return pause
	}
	if w.left <= 0 && now.Before(w.reset) {
		return w.reset.Sub(now)
	}
	if !q.free {
		// A short burst may go out at once; then calls follow at an even pace.
		step := time.Second / time.Duration(l.rate)
		if earliest := now.Add(-step * time.Duration(l.rate/10)); l.next.Before(earliest) {
			l.next = earliest
		}
		if pause := l.next.Sub(now); pause > 0 {
			return pause
		}
		l.next = l.next.Add(step)
	}
	w.left--
	return 0
}

// sweep forgets windows that have passed.
func (l *limiter) sweep(now time.Time) {
	if now.Sub(l.swept) < time.Second {
		return
	}
	l.swept = now
	for route, w := range l.routes {
		if now.After(w.reset) && w.users == 0 {
			delete(l.routes, route)
		}
	}
}

// done learns from an answer and lets the next call of the route go.
func (l *limiter) done(q request, x *exchange) {
	defer l.leave(q, true)
	if x.status == 0 {
		return
	}
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	w := l.routes[q.route]
	if x.status == http.StatusTooManyRequests {
		until := now.Add(x.retryAfter())
		switch {
		case x.html:
			l.banned = until
		case x.header.Get("X-RateLimit-Global") != "" || strings.Contains(string(x.body), `"global":true`):
			l.global = until
		default:
			w.left, w.reset = 0, until
		}
		return
	}
	left, err := strconv.Atoi(x.header.Get("X-RateLimit-Remaining"))
	after, errAfter := strconv.ParseFloat(x.header.Get("X-RateLimit-Reset-After"), 64)
	if err == nil && errAfter == nil {
		w.left, w.reset = left, now.Add(asSeconds(after))
	}
}

// size is how many routes are remembered.
func (l *limiter) size() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.routes)
}
