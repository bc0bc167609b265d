package bot_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"faqbot/bot"
)

// register is leases as a database keeps them, by the bubble's clock.
type register struct {
	mu      sync.Mutex
	holder  string
	expires time.Time
}

func (r *register) Acquire(_ context.Context, _, holder string, term time.Duration) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.holder != "" && r.holder != holder && time.Now().Before(r.expires) {
		return false, nil
	}
	r.holder, r.expires = holder, time.Now().Add(term)
	return true, nil
}

func (r *register) Release(_ context.Context, _, holder string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.holder == holder {
		r.holder = ""
	}
	return nil
}

// take gives it to somebody else.
func (r *register) take(term time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.holder, r.expires = "other", time.Now().Add(term)
}

// held is who has it.
func (r *register) held() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.holder
}

func TestLeasedOnce(t *testing.T) {
	t.Parallel()
	long := func(ctx context.Context) error {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Hour):
			return nil
		}
	}
	for name, c := range map[string]struct {
		held, stolen, mine bool
		ran                time.Duration
		want               error
	}{
		"it is free, and kept for as long as it takes": {mine: true, ran: time.Hour},
		"somebody has it":      {held: true},
		"it is lost meanwhile": {stolen: true, mine: true, ran: 31 * time.Minute, want: context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := &register{}
				if c.held {
					r.take(time.Minute)
				}
				began := time.Now()
				go func() {
					time.Sleep(30*time.Minute + time.Second)
					if c.stolen {
						r.take(time.Hour)
					} else if free, _ := r.Acquire(t.Context(), "", "other", time.Second); free && c.mine {
						t.Error("it was free while it was held")
					}
				}()
				mine, err := bot.LeasedOnce(t.Context(), r, "gaps", "me", slog.New(slog.DiscardHandler), long)
				if mine != c.mine || err != c.want {
					t.Errorf("mine is %t with error %v, want %t and %v", mine, err, c.mine, c.want)
				}
				if ran := time.Since(began); ran > c.ran {
					t.Errorf("it ran for %v, want at most %v", ran, c.ran)
				}
				if r.held() == "me" {
					t.Error("it was not given back")
				}
				time.Sleep(2 * time.Hour)
			})
		})
	}
}
