package webchat

import (
	"math"
	"sync"
	"time"
)

// limiter grants so many uses a minute to each key, and a burst at once.
type limiter struct {
	perSecond float64
	burst     float64
	now       func() time.Time

	mu      sync.Mutex
	buckets map[string]bucket
}

type bucket struct {
	left float64
	at   time.Time
}

// maxBuckets bounds the keys that are remembered. Past it those who have used least are forgotten first, then anyone.
const maxBuckets = 50_000

func newLimiter(perMinute, burst int, now func() time.Time) *limiter {
	return &limiter{perSecond: float64(perMinute) / 60, burst: float64(burst), now: now, buckets: map[string]bucket{}}
}

// take uses one up and returns 0, or returns how long to wait for the next.
func (l *limiter) take(key string) time.Duration {
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	b, known := l.buckets[key]
	if !known {
		l.makeRoom(now)
		b.left = l.burst
	} else {
		b.left = l.filled(b, now)
	}
	b.at = now
	var wait time.Duration
	if b.left < 1 {
		wait = time.Duration((1 - b.left) / l.perSecond * float64(time.Second))
	} else {
		b.left--
	}
	l.buckets[key] = b
	return wait
}

func (l *limiter) filled(b bucket, now time.Time) float64 {
	return math.Min(l.burst, b.left+max(0, now.Sub(b.at).Seconds())*l.perSecond)
}

func (l *limiter) makeRoom(now time.Time) {
	if len(l.buckets) < maxBuckets {
		return
	}
	for key, b := range l.buckets {
		if l.filled(b, now) >= l.burst {
			delete(l.buckets, key)
		}
	}
	for key := range l.buckets {
		if len(l.buckets) < maxBuckets*3/4 {
			return
		}
		delete(l.buckets, key)
	}
}
