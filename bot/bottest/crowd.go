package bottest

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/faq/fault"
)

func testCrowd(t *testing.T, s Store) {
	const crowd = 1000
	var wg sync.WaitGroup
	for i := range crowd {
		wg.Go(func() {
			name := fmt.Sprint("customer", i)
			turn := bot.Turn{Conversation: talk(name), Messages: []bot.Outgoing{message(name, "hello")}}
			if err := s.Commit(t.Context(), says(name, 1), turn); err != nil {
				t.Errorf("commit %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	wantSame(t, len(take(t, s, noon, crowd+1)), crowd)
}

func testContention(t *testing.T, s Store) {
	const hands, each = 8, 10
	var wg sync.WaitGroup
	for h := range hands {
		wg.Go(func() {
			for n := range each {
				if err := again(t.Context(), s, says("ada", h*each+n)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	got := load(t, s, says("ada", 999)).Conversation
	wantSame(t, got.Version, int64(hands*each))
	wantSame(t, got.State.Repeats, hands*each)
}

// again loads and commits until nobody else was faster, as the engine does.
func again(ctx context.Context, s Store, event channel.Event) error {
	for {
		situation, err := s.Load(ctx, event)
		if err != nil {
			return err
		}
		c := situation.Conversation
		if c.ID == "" {
			c = talk(string(event.From.ID))
		}
		c.State.Repeats++
		if err = s.Commit(ctx, event, bot.Turn{Conversation: c}); !fault.Is(err, fault.Conflict) {
			return err
		}
	}
}
