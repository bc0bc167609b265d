package bot

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"faqbot/bot/channel"

	"golang.org/x/time/rate"
)

// rates are those of a network account. Who sends knows them; leads says that it is this process.
type rates struct {
	leads   atomic.Bool
	mu      sync.Mutex
	chats   map[channel.ChatID]*rate.Limiter
	overall *rate.Limiter
	// others are places in the line for the rate overall, of messages that are not urgent.
	others chan struct{}
}

const (
	// forgetChats is how many rate limiters are kept before the idle ones are dropped.
	forgetChats = 10_000
	// beforeUrgent is how many messages that are not urgent an urgent one finds before it in the line for the rate overall.
	beforeUrgent = 4
)

func (r *rates) keepTo(limits channel.Limits) {
	r.chats, r.others = map[channel.ChatID]*rate.Limiter{}, make(chan struct{}, beforeUrgent)
	// Half of a second's messages at once: with all of them, calls that are held up on their way and come in a heap would be one too many.
	r.overall = limiter(limits.Overall, max(1, limits.Overall/120))
}

func limiter(perMinute, burst int) *rate.Limiter {
	if perMinute <= 0 {
		return rate.NewLimiter(rate.Inf, 1)
	}
	return rate.NewLimiter(rate.Limit(float64(perMinute)/60), max(1, burst))
}

// turn returns when a message to a chat may be sent, or with an error when ctx ends.
func (r *rates) turn(ctx context.Context, chat *rate.Limiter, urgent bool) error {
	if err := chat.Wait(ctx); err != nil {
		return err
	}
	if !urgent {
		select {
		case r.others <- struct{}{}:
			defer func() { <-r.others }()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return r.overall.Wait(ctx)
}

// chat is the rate limiter of a chat.
func (d *Dispatcher) chat(to channel.Address) *rate.Limiter {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.chats) > forgetChats {
		for id, l := range d.chats {
			if l.TokensAt(time.Now()) >= float64(l.Burst()) {
				delete(d.chats, id)
			}
		}
	}
	l := d.chats[to.Chat]
	if l == nil {
		limits := d.channel.Limits()
		perMinute := limits.PerChat
		if !to.Private && limits.PerGroup > 0 {
			perMinute = limits.PerGroup
		}
		l = limiter(perMinute, limits.Burst)
		d.chats[to.Chat] = l
	}
	return l
}
