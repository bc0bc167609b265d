package discord

import (
	"reflect"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
)

// Hurry shortens waits that are long for the sake of Discord, for tests.
func Hurry(c *Channel, idle time.Duration) {
	c.timing.identify = 50 * time.Millisecond
	c.timing.pause = 100 * time.Millisecond
	c.timing.maxPause = 500 * time.Millisecond
	c.timing.flush = 50 * time.Millisecond
	if idle > 0 {
		c.timing.idle = idle
	}
}

// OpenWithin sets how long a connection may take until READY.
func OpenWithin(c *Channel, d time.Duration) { c.timing.open = d }

// CallWithin sets how long a REST call may take.
func CallWithin(c *Channel, d time.Duration) { c.timing.call = d }

// InvalidLimit sets after how many refused calls the connector falls silent.
func InvalidLimit(c *Channel, n int) { c.rest.guard.limit = n }

// LibraryBuckets counts the rate limit buckets that the library keeps, and Routes those that the connector keeps.
func LibraryBuckets(c *Channel) int {
	return reflect.ValueOf(c.rest.session.Ratelimiter).Elem().FieldByName("buckets").Len()
}

func Routes(c *Channel) int { return c.rest.limiter.size() }

// RestAfter is how long the next connection waits after the last one ended so, in usual time.
func RestAfter(c *Channel) map[string]time.Duration {
	s := &shard{gateway: &library{timing: &usualTiming}}
	return map[string]time.Duration{
		"ready":         s.rest(ending{ready: true}, usualTiming.pause),
		"not ready":     s.rest(ending{}, usualTiming.pause),
		"lost":          s.rest(ending{lost: true}, usualTiming.pause),
		"lost at once":  s.rest(ending{lost: true, ready: true}, usualTiming.pause),
		"with a code":   s.rest(ending{code: 4000, ready: true}, usualTiming.pause),
		"after failing": s.rest(ending{}, usualTiming.maxPause),
	}
}

// LibrarySession is the library's session of a running connector's first shard, or of its calls.
func LibrarySession(c *Channel) *discordgo.Session { return c.rest.session }

// UsualPace sets the usual time between two IDENTIFYs.
func UsualPace(c *Channel) { c.timing.identify = usualTiming.identify }

// PacketThroughWire is what the library would get of one message of the gateway.
func PacketThroughWire(raw []byte) ([]byte, error) {
	w := newWire(nil, &usualTiming, new(atomic.Int64), func() {})
	if err := w.packet(raw); err != nil || len(w.pending) == 0 {
		return nil, err
	}
	head := map[byte]int{126: 4, 127: 10}[w.pending[1]]
	return w.pending[max(2, head):], nil
}

// IdentifiesAllowed is how many IDENTIFYs go out in a day while Discord says that none was made.
func IdentifiesAllowed(c *Channel, total int) int {
	b := newBudget(c.gateway.(*library))
	var p plan
	p.Start.Total, p.Start.Remaining = total, total
	for n := 0; ; n++ {
		c.timing.identify = 0
		if n > total || b.pause(time.Now(), 0, p) > 0 {
			return n
		}
		b.spend(0, p)
	}
}
