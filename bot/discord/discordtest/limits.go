package discordtest

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// limits are Discord's rate limits: a bucket per route and channel, 50 calls a second in all, and the ban of an address that
// is refused too often.
type limits struct {
	options Options

	mu      sync.Mutex
	buckets map[string]*bucket
	global  bucket
	invalid []time.Time
	banned  bool
}

type bucket struct {
	used  int
	reset time.Time
}

func newLimits(o Options) *limits { return &limits{options: o, buckets: map[string]*bucket{}} }

// allowance is how many calls of a route fit into which time.
func allowance(route string) (int, time.Duration) {
	switch route {
	case "POST /channels/{}/messages", "PATCH /channels/{}/messages/{}", "POST /webhooks/{}/{}":
		return 5, 5 * time.Second
	case "POST /channels/{}/typing":
		return 5, 5 * time.Second
	}
	return 50, time.Second
}

// key has the major parameter: the channel, the server, or the webhook with its token.
func (c *call) key() string {
	if strings.Contains(c.route, "/webhooks/") || strings.Contains(c.route, "/interactions/") {
		return c.route + " " + strings.Join(c.path[:2], " ")
	}
	if len(c.path) > 0 {
		return c.route + " " + c.path[0]
	}
	return c.route
}

func (l *limits) take(c *call) (reply, bool) {
	if l.options.Unlimited {
		return reply{}, true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if !c.tokenInPath() && !l.global.take(now, 50, time.Second) {
		return l.refuse(c, l.global.reset.Sub(now), true), false
	}
	b := l.buckets[c.key()]
	if b == nil {
		b = &bucket{}
		l.buckets[c.key()] = b
	}
	n, window := allowance(c.route)
	if !b.take(now, n, window) {
		return l.refuse(c, b.reset.Sub(now), false), false
	}
	return reply{}, true
}

func (b *bucket) take(now time.Time, n int, window time.Duration) bool {
	if now.After(b.reset) {
		b.used, b.reset = 0, now.Add(window)
	}
	if b.used >= n {
		return false
	}
	b.used++
	return true
}

func (l *limits) refuse(c *call, after time.Duration, global bool) reply {
	h := c.w.Header()
	h.Set("Retry-After", strconv.Itoa(int(after.Seconds()+1)))
	scope := "user"
	if global {
		scope = "global"
		h.Set("X-RateLimit-Global", "true")
	}
	h.Set("X-RateLimit-Scope", scope)
	return reply{http.StatusTooManyRequests, object{"message": "You are being rate limited.", "retry_after": after.Seconds(), "global": global}}
}

func (l *limits) headers(c *call, h http.Header) {
	if l.options.Unlimited || c.route == "" || c.path == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.buckets[c.key()]
	if b == nil {
		return
	}
	n, _ := allowance(c.route)
	h.Set("X-RateLimit-Limit", strconv.Itoa(n))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(n-b.used))
	h.Set("X-RateLimit-Reset", strconv.FormatFloat(float64(b.reset.UnixMilli())/1000, 'f', 3, 64))
	h.Set("X-RateLimit-Reset-After", seconds(max(0, time.Until(b.reset))))
	h.Set("X-RateLimit-Bucket", strconv.FormatUint(hash(c.route), 16))
}

func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// count counts what Discord calls invalid requests: 401, 403, and 429 but for the shared scope.
func (l *limits) count(status int, scope string) {
	if status != 401 && status != 403 && status != 429 || scope == "shared" {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	for len(l.invalid) > 0 && now.Sub(l.invalid[0]) > 10*time.Minute {
		l.invalid = l.invalid[1:]
	}
	if l.invalid = append(l.invalid, now); len(l.invalid) >= l.options.InvalidLimit {
		l.banned = true
	}
}

func (l *limits) isBanned() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.banned
}

// Banned says whether the address was banned, and Invalid how many refused calls counted towards it.
func (s *Server) Banned() bool { return s.limits.isBanned() }

// Invalid counts the refused calls of the last ten minutes.
func (s *Server) Invalid() int {
	s.limits.mu.Lock()
	defer s.limits.mu.Unlock()
	return len(s.limits.invalid)
}
