package bot

import (
	"context"
	"sync"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

const (
	// typingAgain is how often it is passed on that somebody goes on typing: networks show it for five seconds and more.
	typingAgain = 4 * time.Second
	// typingKnown is how many of those who type are remembered before the list begins anew.
	typingKnown = 10_000
)

// typing is what the engine needs to show that somebody types.
type typing struct {
	typingFunc func(ctx context.Context, to channel.Address)
	typists    typists
}

// typists remembers who was shown as typing a moment ago.
type typists struct {
	mu   sync.Mutex
	last map[typist]time.Time
}

// typist is who types where.
type typist struct {
	person channel.PersonID
	at     channel.Address
}

// again says whether somebody was looked up a moment ago: what came of it does not change so soon.
func (t *typists) again(who typist, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if age := now.Sub(t.last[who]); age >= 0 && age < typingAgain {
		return true
	}
	if t.last == nil || len(t.last) >= typingKnown {
		t.last = map[typist]time.Time{}
	}
	t.last[who] = now
	return false
}

// Typing implements [channel.Watcher]: the customer sees that the holder of their ticket writes, and the holder's threads that the customer does. A
// note is typed like a reply, so what others type is not shown. Nothing is stored; what cannot be shown at once is not shown.
func (e *Engine) Typing(ctx context.Context, from channel.Person, at channel.Address) bool {
	if e.desks.team == nil || e.typingFunc == nil || e.typists.again(typist{from.ID, at}, e.now()) {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, completeWithin)
	defer cancel()
	seen, err := e.typingSeen(ctx, from, at)
	if err != nil {
		e.logger.Debug("it is not shown that somebody types", "error", err)
	}
	for _, to := range seen {
		e.typingFunc(ctx, to)
	}
	return len(seen) > 0
}

// typingSeen is where it is seen that somebody types.
func (e *Engine) typingSeen(ctx context.Context, from channel.Person, at channel.Address) ([]channel.Address, error) {
	if at.Private {
		t, threads, err := e.desks.team.TicketOf(ctx, at.Network, from.ID)
		if err != nil || t == nil || t.Status != handoff.Claimed || !t.Customer.Address.SameChat(at) {
			return nil, err
		}
		var out []channel.Address
		for _, thread := range threads {
			if thread.State == handoff.Standing && thread.Address.Thread != "" { // a desk without threads would see it of all at once
				out = append(out, thread.Address)
			}
		}
		return out, nil
	}
	if desk, err := e.desks.has(ctx, at); err != nil || !desk {
		return nil, err
	}
	t, err := e.desks.team.TicketIn(ctx, at)
	if err != nil || t == nil || t.Status != handoff.Claimed || t.Holder != handoff.StaffOf(at.Network, from.ID) {
		return nil, err
	}
	return []channel.Address{t.Customer.Address}, nil
}
