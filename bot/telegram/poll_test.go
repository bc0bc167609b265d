package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/telegram"
	"faqbot/bot/telegram/telegramtest"
	"faqbot/faq/fault"
)

// Row "GetUpdatesChan confirms up to 100 updates before they are handled (50 of 50 lost on a crash)".
func TestPoll_ConfirmsOnlyWhatIsStored(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	const count = 50
	for i := range count {
		f.server.Customer(1 + i%7).Say(fmt.Sprint("line ", i))
	}
	tried := make(chan struct{}, 1000)
	crashing := f.runWith(&recorder{handleFunc: func(context.Context, channel.Event) error {
		tried <- struct{}{}
		return errors.New("the disk is full")
	}})
	for range 20 {
		<-tried
	}
	if err := crashing.end(); err != nil {
		t.Error(err)
	}
	if got := f.server.Pending(); got != count {
		t.Fatalf("%d updates are left, want all %d", got, count)
	}
	again := &fixture{t: t, server: f.server, channel: f.channel}
	events := again.run().await(count)
	seen := map[channel.EventID]bool{}
	for _, e := range events {
		seen[e.ID] = true
	}
	if len(seen) != count {
		t.Errorf("%d different events came, want %d", len(seen), count)
	}
	eventually(t, "what is stored is confirmed", func() bool { return f.server.Pending() == 0 })
}

// One event that cannot be stored keeps the whole batch unconfirmed, holds up its own address alone, and is alone handled again.
func TestPoll_RetriesOnlyWhatFailed(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	f.server.Customer(1).Say("first")
	f.server.Customer(1).Say("stuck")
	f.server.Customer(1).Say("behind")
	f.server.Customer(2).Say("other")
	var mu sync.Mutex
	tries := map[string]int{}
	var open atomic.Bool
	r := f.runWith(&recorder{handleFunc: func(_ context.Context, e channel.Event) error {
		mu.Lock()
		defer mu.Unlock()
		tries[e.Body]++
		if e.Body == "stuck" && !open.Load() {
			return errors.New("not yet")
		}
		return nil
	}})
	eventually(t, "the event is tried several times", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return tries["stuck"] >= 3 && tries["other"] == 1
	})
	if got := f.server.Pending(); got != 4 {
		t.Errorf("%d updates are unconfirmed, want all 4", got)
	}
	open.Store(true)
	events := r.await(4)
	eventually(t, "all is confirmed", func() bool { return f.server.Pending() == 0 })
	var own []string
	for _, e := range events {
		if e.Address.Chat == channel.ChatID(itoa(f.server.Customer(1).Chat())) {
			own = append(own, e.Body)
		}
	}
	if got := strings.Join(own, " "); got != "first stuck behind" {
		t.Errorf("the order was %q", got)
	}
	for body, want := range map[string]int{"first": 1, "behind": 1, "other": 1} {
		if tries[body] != want {
			t.Errorf("%q was handled %d times", body, tries[body])
		}
	}
}

// The wait between tries grows.
func TestPoll_DoesNotHammer(t *testing.T) {
	t.Parallel()
	const pause = 20 * time.Millisecond
	f := open(t, func(s *setup) { s.options.Pause = pause })
	tries := make(chan time.Time, 100)
	f.server.Customer(1).Say("stuck")
	f.runWith(&recorder{handleFunc: func(context.Context, channel.Event) error {
		tries <- time.Now()
		return errors.New("never")
	}})
	last := <-tries
	for i := range 4 {
		next := <-tries
		if gap, least := next.Sub(last), pause<<i; gap < least {
			t.Errorf("try %d came after %v, want at least %v", i+2, gap, least)
		}
		last = next
	}
}

// "offset = last id + 1 (never max: ids restart after a quiet week)".
func TestPoll_FollowsNumbersThatRestart(t *testing.T) {
	t.Parallel()
	f := open(t, func(s *setup) { s.platform.LongestPoll = 20 * time.Millisecond })
	r := f.run()
	// A week is long enough for a poll that confirms everything to end, and for the next to begin.
	quiet := func() {
		eventually(t, "all is confirmed", func() bool { return f.server.Pending() == 0 })
		before := len(f.server.Calls("getUpdates"))
		eventually(t, "some polls go by", func() bool { return len(f.server.Calls("getUpdates")) > before+2 })
	}
	f.server.Customer(1).Say("before")
	first := r.await(1)[0]
	quiet()
	f.server.RestartIDs(1000)
	for i := range 3 {
		f.server.Customer(1).Say(fmt.Sprint("after ", i))
		r.await(2 + i)
		eventually(t, "lower numbers are confirmed", func() bool { return f.server.Pending() == 0 })
	}
	// The numbers come again to where they were: none is taken for confirmed, and the events are still told apart.
	quiet()
	f.server.RestartIDs(1000)
	f.server.Customer(1).Say("once more")
	ids := map[channel.EventID]bool{}
	for _, e := range r.await(5) {
		ids[e.ID] = true
	}
	if len(ids) != 5 || !ids[first.ID] {
		t.Errorf("event IDs repeat: %v", ids)
	}
}

// A number far below the last one is confirmed by its own successor, not by the highest number so far.
func TestPoll_FollowsTheLastNumberNotTheHighest(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	r := f.run()
	f.server.Customer(1).Say("high")
	r.await(1)
	eventually(t, "the high number is confirmed", func() bool { return f.server.Pending() == 0 })
	f.server.RestartIDs(1000)
	f.server.Customer(1).Say("low")
	r.await(2)
	eventually(t, "the low number is confirmed", func() bool { return f.server.Pending() == 0 })
}

// An update over which our own code stumbles is put aside like one that cannot be read: else it would end the process again and again.
func TestPoll_PutsAsideWhatWeStumbleOver(t *testing.T) {
	t.Parallel()
	aside := make(chan telegram.Aside, 1)
	var stumbled atomic.Bool
	f := open(t, func(s *setup) {
		s.options.AsideFunc = func(_ context.Context, a telegram.Aside) error {
			aside <- a
			return nil
		}
		s.options.Now = func() time.Time {
			if stumbled.CompareAndSwap(false, true) {
				panic("nobody thought of this")
			}
			return time.Now()
		}
	})
	f.server.Customer(1).Say("one")
	f.server.Customer(1).Say("two")
	if events := f.run().await(1); events[0].Body != "two" {
		t.Errorf("%+v", events)
	}
	if a := <-aside; a.ID == 0 || !strings.Contains(a.Reason, "nobody thought of this") {
		t.Errorf("%+v", a)
	}
}

// An offset that was kept after everything was confirmed could confirm, unseen, lower numbers that begin meanwhile.
func TestPoll_KeepsNoOffsetWhenAllIsConfirmed(t *testing.T) {
	t.Parallel()
	f := open(t, func(s *setup) { s.platform.LongestPoll = 20 * time.Millisecond })
	r := f.run()
	f.server.Customer(1).Say("one")
	r.await(1)
	eventually(t, "polls go by", func() bool { return len(f.server.Calls("getUpdates")) > 4 })
	if err := r.end(); err != nil {
		t.Error(err)
	}
	confirmed := 0
	calls := f.server.Calls("getUpdates")
	for _, c := range calls {
		if c.Params["offset"] != "" {
			confirmed++
		}
		if c.Params["timeout"] != "50" {
			t.Errorf("a poll waits %s s", c.Params["timeout"])
		}
		if c.Params["allowed_updates"] != `["message","edited_message","callback_query","my_chat_member","inline_query","message_reaction"]` {
			t.Errorf("asked for %s", c.Params["allowed_updates"])
		}
	}
	if last := calls[len(calls)-1]; confirmed != 1 || last.Params["offset"] != "" {
		t.Errorf("%d polls confirmed, want one; the last had offset %q", confirmed, last.Params["offset"])
	}
}

// Row "one bad field fails the whole batch, and it repeats for ever".
func TestPoll_PutsPoisonAside(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var aside []telegram.Aside
	fails := 1
	f := open(t, func(s *setup) {
		s.options.AsideFunc = func(_ context.Context, a telegram.Aside) error {
			mu.Lock()
			defer mu.Unlock()
			if fails > 0 {
				fails--
				return errors.New("the disk is full")
			}
			aside = append(aside, a)
			return nil
		}
	})
	c := f.server.Customer(1)
	c.Say("before")
	chat := `"chat":{"id":100001,"type":"private"},"from":{"id":100001,"first_name":"x"}`
	poison := []string{
		`"message":{"message_id":"seven",` + chat + `,"date":1}`,
		`"message":{"message_id":1e300,` + chat + `,"date":1}`,
		`"message":[]`,
		`"message":{"message_id":1,"chat":"here","date":1,"text":"x"}`,
		`"callback_query":{"id":5}`,
		`"message":{"message_id":1,` + chat + `,"date":1,"text":{"a":1}}`,
	}
	for _, p := range poison {
		f.server.Inject(p)
	}
	f.server.InjectWhole(`{"message":{}}`)
	f.server.InjectWhole(`"no object"`)
	f.server.InjectWhole(`{"update_id":"12","message":{}}`)
	c.Say("after")
	r := f.run()
	events := r.await(2)
	if events[0].Body != "before" || events[1].Body != "after" {
		t.Errorf("events %+v", events)
	}
	eventually(t, "poison is confirmed", func() bool { return f.server.Pending() == 0 })
	mu.Lock()
	defer mu.Unlock()
	if len(aside) != len(poison)+3 {
		t.Fatalf("%d updates were put aside, want %d", len(aside), len(poison)+3)
	}
	for i, p := range poison {
		if !strings.Contains(string(aside[i].Raw), p) || aside[i].ID == 0 || aside[i].Reason == "" {
			t.Errorf("put aside %d %s (%s), want %s", aside[i].ID, aside[i].Raw, aside[i].Reason, p)
		}
	}
	if aside[len(aside)-1].ID != 12 {
		t.Errorf("the ID in quotes was read as %d", aside[len(aside)-1].ID)
	}
	if strings.Contains(f.log.String(), "no object") {
		t.Error("the log holds what came")
	}
}

// Poison at the end of a batch is confirmed too, also where not even its number can be read.
func TestPoll_ConfirmsPoisonWithoutANumber(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	f.server.Customer(1).Say("before")
	f.server.InjectWhole(`[]`)
	r := f.run()
	r.await(1)
	eventually(t, "all is confirmed", func() bool { return f.server.Pending() == 0 })
	f.server.Customer(1).Say("after")
	r.await(2)
}

// New and unread kinds of updates are acknowledged without a word.
func TestPoll_IgnoresOtherKinds(t *testing.T) {
	t.Parallel()
	f := open(t, func(s *setup) {
		s.options.AsideFunc = func(context.Context, telegram.Aside) error { return errors.New("something was put aside") }
	})
	for _, kind := range []string{
		`"channel_post":{"message_id":1,"date":1,"chat":{"id":-100,"type":"channel"},"text":"x"}`,
		`"poll":{"id":"1"}`, `"something_of_2031":{"a":[1,2]}`, `"message":{"message_id":1,"date":1,"chat":{"id":-100,"type":"channel"},"text":"x"}`,
		`"callback_query":{"id":"1","from":{"id":1,"first_name":"x"},"inline_message_id":"a","data":"x"}`,
		`"callback_query":{"id":"1","from":{"id":1,"first_name":"x"},"game_short_name":"a"}`,
		`"inline_query":{"id":"1"}`, `"my_chat_member":{}`, `"message":{}`, `"edited_message":{"chat":{"id":1}}`,
	} {
		f.server.Inject(kind)
	}
	f.server.Customer(1).Say("after")
	r := f.run()
	if events := r.await(1); events[0].Body != "after" {
		t.Errorf("%+v", events)
	}
	eventually(t, "all is confirmed", func() bool { return f.server.Pending() == 0 })
}

// The platform fails in every way at polls; nothing is lost and nothing comes twice.
func TestPoll_SurvivesThePlatform(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	for i, fault := range []telegramtest.Fault{
		telegramtest.Page(502), telegramtest.CutJSON(), telegramtest.CutBody(), telegramtest.Reset(), telegramtest.TooMany(1), telegramtest.LostAnswer(),
		telegramtest.Refusal(500, "Internal Server Error"), telegramtest.Refusal(409, "Conflict: terminated by other getUpdates request"),
	} {
		f.server.Fail(fault.On("getUpdates"))
		f.server.Customer(1).Say(fmt.Sprint(i))
	}
	f.server.Fail(telegramtest.Page(503).On("getMe"), telegramtest.Page(503).On("deleteWebhook"))
	r := f.run()
	events := r.await(8)
	time.Sleep(20 * time.Millisecond)
	if events = r.await(8); len(events) != 8 {
		t.Errorf("%d events, want 8", len(events))
	}
	for i, e := range events {
		if e.Body != fmt.Sprint(i) {
			t.Errorf("event %d is %q", i, e.Body)
		}
	}
}

// "A second poller gets 409": the connector goes on, so that a take-over of the lease ends well.
func TestPoll_GoesOnAfterAConflict(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	first := f.run()
	eventually(t, "the first polls", func() bool { return len(f.server.Calls("getUpdates")) > 0 })
	other := &fixture{t: t, server: f.server, channel: f.channel}
	second := other.run()
	eventually(t, "they meet", func() bool { return strings.Contains(f.log.String(), "another program takes this bot's updates") })
	if err := first.end(); err != nil {
		t.Error(err)
	}
	f.server.Customer(1).Say("hi")
	second.await(1)
}

// A webhook that was set before, or is set meanwhile by somebody, is removed: it would keep updates away.
func TestPoll_RemovesAWebhook(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	r := f.run()
	f.server.Customer(1).Say("one")
	r.await(1)
	f.server.Fail(telegramtest.Refusal(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first").On("getUpdates"))
	f.server.Customer(1).Say("two")
	f.server.Customer(1).Say("three")
	r.await(3)
	eventually(t, "the webhook is removed again", func() bool { return len(f.server.Calls("deleteWebhook")) >= 2 })
}

func TestRun_EndsWhereGoingOnIsPointless(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*setup){
		"a token that is not the bot's": func(s *setup) { s.token = "700000:AAH-another-token-0123456789" },
		"with a webhook":                func(s *setup) { s.token = "700000:AAH-another-token-0123456789"; s.webhook = true },
	} {
		f := open(t, change)
		err := f.channel.Run(t.Context(), &recorder{})
		if fault.KindOf(err) != fault.Forbidden {
			t.Errorf("%s: %v", name, err)
		}
	}
	revoked := open(t, nil)
	revoked.server.Fail(telegramtest.Refusal(401, "Unauthorized").On("getUpdates"))
	if err := revoked.channel.Run(t.Context(), &recorder{}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a token revoked meanwhile: %v", err)
	}
}

// A thousand customers write at once; each one's lines stay in order.
func TestPoll_ManyCustomers(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	const customers, lines = 1000, 3
	var most, now atomic.Int64
	r := f.runWith(&recorder{handleFunc: func(context.Context, channel.Event) error {
		n := now.Add(1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		time.Sleep(100 * time.Microsecond)
		now.Add(-1)
		return nil
	}})
	var writers sync.WaitGroup
	for i := range customers {
		writers.Go(func() {
			for line := range lines {
				f.server.Customer(i + 1).Say(fmt.Sprint(line))
			}
		})
	}
	writers.Wait()
	next := map[channel.ChatID]int{}
	for _, e := range r.await(customers * lines) {
		if e.Body != fmt.Sprint(next[e.Address.Chat]) {
			t.Fatalf("%s said %q, want line %d", e.Address.Chat, e.Body, next[e.Address.Chat])
		}
		next[e.Address.Chat]++
	}
	if got := most.Load(); got < 2 || got > 32 {
		t.Errorf("%d at once", got)
	}
}
