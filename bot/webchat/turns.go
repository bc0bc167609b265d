package webchat

import (
	"context"
	"sync"

	"faqbot/bot/channel"
)

// turns lets the requests of one visitor through one at a time, in the order in which they came.
type turns struct {
	mu   sync.Mutex
	held map[channel.ChatID]*turn
}

type turn struct {
	free  chan struct{} // holds one while nobody has the turn; waiters are served in order
	users int
}

func newTurns() *turns { return &turns{held: map[channel.ChatID]*turn{}} }

// take waits for the turn; the caller gives it back with release.
func (t *turns) take(ctx context.Context, visitor channel.ChatID) (release func(), err error) {
	t.mu.Lock()
	one := t.held[visitor]
	if one == nil {
		one = &turn{free: make(chan struct{}, 1)}
		one.free <- struct{}{}
		t.held[visitor] = one
	}
	one.users++
	t.mu.Unlock()
	select {
	case <-one.free:
		return func() { one.free <- struct{}{}; t.leave(visitor, one) }, nil
	case <-ctx.Done():
		t.leave(visitor, one)
		return nil, ctx.Err()
	}
}

func (t *turns) leave(visitor channel.ChatID, one *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if one.users--; one.users == 0 {
		delete(t.held, visitor)
	}
}
