package telegram_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/telegram/telegramtest"
)

// A press is answered at once, though storing it takes long, and once, though it is stored at the third try.
func TestPress_IsAnsweredBeforeItIsStored(t *testing.T) {
	t.Parallel()
	for _, webhook := range []bool{false, true} {
		f := open(t, func(s *setup) { s.webhook = webhook })
		c, to := f.private(1)
		f.mustSend(channel.Message{To: to, Content: channel.PlainDocument("x"), Buttons: []channel.Button{{Label: "Yes", Action: "a"}}})
		release, tries := make(chan struct{}), atomic.Int64{}
		r := f.runWith(&recorder{handleFunc: func(ctx context.Context, e channel.Event) error {
			if e.Kind != channel.Press {
				return nil
			}
			select {
			case <-release:
			case <-ctx.Done():
				return ctx.Err()
			}
			if tries.Add(1) < 3 {
				return errors.New("not yet")
			}
			return nil
		}})
		if err := c.Press("Yes"); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the spinner stops", func() bool { return f.server.Presses()[0].Answered })
		close(release)
		e := r.await(1)[0]
		if e.Kind != channel.Press || e.Body != "a" || e.Address != to || !e.Addressed || e.Message == "" {
			t.Errorf("%+v", e)
		}
		if got := len(f.server.Calls("answerCallbackQuery")); !webhook && got != 1 {
			t.Errorf("answered %d times", got)
		}
		if err := r.end(); err != nil {
			t.Error(err)
		}
	}
}

// "Ignore 'query is too old'": what waited while the bot was away is handled all the same, without noise.
func TestPress_ThatIsTooOldToAnswer(t *testing.T) {
	t.Parallel()
	clock := telegramtest.NewTick(time.Now())
	f := open(t, func(s *setup) { s.platform.Now = clock.Now })
	c, to := f.private(1)
	f.mustSend(channel.Message{To: to, Content: channel.PlainDocument("x"), Buttons: []channel.Button{{Label: "Yes", Action: "a"}}})
	if err := c.Press("Yes"); err != nil {
		t.Fatal(err)
	}
	clock.Pass(time.Minute)
	r := f.run()
	r.await(1)
	eventually(t, "an answer is tried", func() bool { return len(f.server.Calls("answerCallbackQuery")) == 1 })
	if err := r.end(); err != nil {
		t.Error(err)
	}
	if log := f.log.String(); strings.Contains(log, "too old") {
		t.Errorf("logged: %s", log)
	}
}
