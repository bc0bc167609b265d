package bot_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/faq/fault"
)

// journal is a log without times.
type journal struct {
	mu    sync.Mutex
	lines bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.lines.Write(p)
}

func (j *journal) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(j, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.lines.String()
}

func TestTrouble(t *testing.T) {
	t.Parallel()
	gone, starting := fault.New(fault.Unavailable, "gone"), fault.New(fault.Unavailable, "starting")
	type try struct {
		at  time.Duration
		err error
	}
	for name, c := range map[string]struct {
		tries []try
		want  string
	}{
		"nothing is said of what goes well": {[]try{{0, nil}, {time.Second, nil}}, ""},
		"it is said once and that it is over": {[]try{{0, gone}, {time.Second, gone}, {2 * time.Second, nil}, {3 * time.Second, nil}},
			"level=ERROR msg=\"no luck\" error=gone with=x\nlevel=INFO msg=\"over: no luck\" failed=2 lasted=2s\n"},
		"it is said again after a minute, with a count": {[]try{{0, gone}, {time.Second, gone}, {time.Minute, gone}, {61 * time.Second, gone}},
			"level=ERROR msg=\"no luck\" error=gone with=x\nlevel=ERROR msg=\"no luck\" error=gone with=x times=2\n"},
		"another cause is said at once": {[]try{{0, gone}, {time.Second, starting}, {2 * time.Second, starting}},
			"level=ERROR msg=\"no luck\" error=gone with=x\nlevel=ERROR msg=\"no luck\" error=starting with=x\n"},
		"internal errors are one cause, whatever port they name": {[]try{{0, errors.New("port 1")}, {time.Second, errors.New("port 2")}},
			"level=ERROR msg=\"no luck\" error=\"port 1\" with=x\n"},
		"what comes and goes is said once a minute": {[]try{{0, gone}, {1, nil}, {2, gone}, {3, nil}, {4, gone}, {5, nil}, {time.Minute, gone}},
			"level=ERROR msg=\"no luck\" error=gone with=x\nlevel=INFO msg=\"over: no luck\" failed=1 lasted=0s\n" +
				"level=ERROR msg=\"no luck\" error=gone with=x times=3\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log journal
			began := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
			now := began
			trouble := bot.NewTrouble(log.logger(), func() time.Time { return now })
			for _, try := range c.tries {
				now = began.Add(try.at)
				trouble.Tell("no luck", try.err, "with", "x")
			}
			if diff := cmp.Diff(c.want, log.String()); diff != "" {
				t.Errorf("the log is not what was expected (-want +got):\n%s", diff)
			}
		})
	}
}

// outage is a database that is gone for a while.
type outage struct {
	*ledger
	bot.Store
	from, until time.Time
}

func (o outage) gone() error {
	if now := time.Now(); now.Before(o.from) || !now.Before(o.until) {
		return nil
	}
	return fmt.Errorf("from port %d: %w", time.Now().UnixNano(), fault.New(fault.Unavailable, "the database does not answer"))
}

func (o outage) Acquire(context.Context, string, string, time.Duration) (bool, error) {
	err := o.gone()
	return err == nil, err
}

func (o outage) Release(context.Context, string, string) error { return nil }

func (o outage) Take(context.Context, channel.Network, time.Time, int) ([]bot.Sending, error) {
	return nil, o.gone()
}

func (o outage) Deferred(context.Context, channel.Network, time.Time, int) ([]channel.Event, error) {
	return nil, o.gone()
}

// TestTrouble_outage has the database gone for a minute and a half beside everything that looks at it again and again.
func TestTrouble_outage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log journal
		options := bot.Options{Logger: log.logger(), Now: time.Now}
		o := outage{ledger: &ledger{}, from: time.Now().Add(10 * time.Second), until: time.Now().Add(100 * time.Second)}
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
		defer cancel()
		clock := bot.NewClock(o, "slow", nil, 250*time.Millisecond, options)
		waits := func(ctx context.Context) error { <-ctx.Done(); return nil }
		var parts sync.WaitGroup
		for _, run := range []func() error{
			func() error { return bot.NewDispatcher(o, o, &slow{}, "me", options).Run(ctx) },
			func() error { return clock.Run(ctx) },
			func() error { return bot.Leased(ctx, o, "upkeep", "me", options.Logger, waits) },
		} {
			parts.Go(func() {
				if err := run(); err != nil {
					t.Error(err)
				}
			})
		}
		parts.Wait()
		for line, want := range map[string]int{
			`msg="due events cannot be read"`: 2, `msg="over: due events cannot be read"`: 1,
			`msg="the sending lease cannot be renewed"`: 2, `msg="over: the sending lease cannot be renewed"`: 1,
			`msg="a lease cannot be acquired"`: 2, `msg="over: a lease cannot be acquired"`: 1,
			`msg="a lease was lost"`: 1, `msg="the outbox cannot be read"`: 1, `msg="over: the outbox cannot be read"`: 1, "level=": 12,
		} {
			if got := strings.Count(log.String(), line); got != want {
				t.Errorf("the log says %s %d times, want %d", line, got, want)
			}
		}
		if t.Failed() {
			t.Log(log.String())
		}
	})
}
