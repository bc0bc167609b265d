package bot_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
)

// pile is a store in which one person's events wait: of those the oldest is due alone.
type pile struct {
	bot.Store
	waiting []channel.Event
}

func (p *pile) Deferred(context.Context, channel.Network, time.Time, int) ([]channel.Event, error) {
	return slices.Clone(p.waiting[:min(1, len(p.waiting))]), nil
}

// TestClock_Run has much to do that one person said while nobody could act on it. It is done in one go; but what stays is looked at again the next time only.
func TestClock_Run(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const count = 100
		p := &pile{}
		for n := range count {
			p.waiting = append(p.waiting, channel.Event{ID: channel.EventID(fmt.Sprint(n))})
		}
		var mu sync.Mutex
		var handled []channel.EventID
		handle := func(_ context.Context, e channel.Event) error {
			mu.Lock()
			defer mu.Unlock()
			if handled = append(handled, e.ID); len(p.waiting) > 1 {
				p.waiting = p.waiting[1:]
			}
			return nil
		}
		ctx, cancel := context.WithCancel(t.Context())
		clock := bot.NewClock(p, "memory", handle, time.Second, bot.Options{Logger: slog.New(slog.DiscardHandler), Now: time.Now})
		ended := make(chan error)
		go func() { ended <- clock.Run(ctx) }()
		synctest.Wait()
		mu.Lock()
		// The last one comes back once more, for nobody knows yet that it stays.
		if len(handled) != count+1 || handled[count-1] != "99" || !slices.IsSortedFunc(handled, func(a, b channel.EventID) int { return number(a) - number(b) }) {
			t.Errorf("handled at once: %v", handled)
		}
		mu.Unlock()
		time.Sleep(3500 * time.Millisecond)
		synctest.Wait()
		mu.Lock()
		defer mu.Unlock()
		if n := len(handled); n > count+1+3*2 {
			t.Errorf("what stays was tried %d times in three rounds", n-count-1)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func number(id channel.EventID) (n int) {
	_, _ = fmt.Sscan(string(id), &n)
	return n
}
