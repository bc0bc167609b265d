package bot

import (
	"context"
	"time"

	"faqbot/bot/channel"
)

// Clock brings back what is due: timers, and events that could not be acted on before.
type Clock struct {
	store   Store
	network channel.Network
	handler func(ctx context.Context, event channel.Event) error
	trouble *Trouble
	now     func() time.Time
	every   time.Duration
}

// dueBatch is how many due events are handled in one go.
const dueBatch = 64

// NewClock makes a clock that hands a network's due events to a handler, an [Engine]'s Handle, which knows that network. Every is how often
// it looks at the latest.
func NewClock(store Store, network channel.Network, handler func(ctx context.Context, event channel.Event) error, every time.Duration, options Options) *Clock {
	return &Clock{store: store, network: network, handler: handler, trouble: NewTrouble(options.Logger.With("network", network), options.Now),
		now: options.Now, every: every}
}

// Run works until ctx ends. Only one process at a time may run it (a lease); two would do the same work twice, the inbox keeps the second from
// counting.
func (c *Clock) Run(ctx context.Context) error {
	ticker := time.NewTicker(c.every)
	defer ticker.Stop()
	for {
		for tried := map[channel.EventID]bool{}; c.round(ctx, tried); { // what somebody wrote next comes once this is done
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// round handles what is due, and notes it. It reports whether there was something that had not been tried yet.
func (c *Clock) round(ctx context.Context, tried map[channel.EventID]bool) bool {
	events, err := c.store.Deferred(ctx, c.network, c.now(), dueBatch)
	if ctx.Err() != nil {
		return false
	}
	c.trouble.Tell("due events cannot be read", err)
	more := false
	for _, e := range events {
		more = more || !tried[e.ID]
		tried[e.ID] = true
		err := c.handler(ctx, e)
		if ctx.Err() != nil {
			return false
		}
		c.trouble.Tell("a due event could not be handled", err, "event", e.ID)
		if err != nil {
			return false
		}
	}
	return more
}
