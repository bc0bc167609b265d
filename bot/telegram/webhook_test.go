package telegram_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
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

// deliver hands an update to the webhook as the platform does.
func deliver(f *fixture, method, token string, body []byte) int {
	r := httptest.NewRequest(method, "/telegram", bytes.NewReader(body))
	if token != "" {
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", token)
	}
	w := httptest.NewRecorder()
	f.channel.Webhook().ServeHTTP(w, r)
	return w.Code
}

func text(update int, body string) []byte {
	return fmt.Appendf(nil, `{"update_id":%d,"message":{"message_id":%d,"date":1700000000,"chat":{"id":5,"type":"private"},"from":{"id":5,"first_name":"x"},"text":%q}}`, update, update, body)
}

// Row "ListenForWebhook: no secret check, answers 200 before the work".
func TestWebhook_ChecksAndStoresBeforeItAnswers(t *testing.T) {
	t.Parallel()
	f := open(t, func(s *setup) { s.webhook = true })
	var broken atomic.Bool
	r := f.runWith(&recorder{handleFunc: func(context.Context, channel.Event) error {
		if broken.Load() {
			return errors.New("the disk is full")
		}
		return nil
	}})
	eventually(t, "the webhook is set", func() bool { return len(f.server.Calls("setWebhook")) == 1 })
	set := f.server.Calls("setWebhook")[0].Params
	if set["url"] != f.hook || set["secret_token"] != secret || set["max_connections"] != "32" || !strings.Contains(set["allowed_updates"], "callback_query") {
		t.Errorf("set with %v", set)
	}
	big := text(9, strings.Repeat("x", 1<<20))
	for name, c := range map[string]struct {
		method, token string
		body          []byte
		want          int
	}{
		"no secret":              {"POST", "", text(1, "x"), 401},
		"a wrong secret":         {"POST", "wrong", text(1, "x"), 401},
		"a secret that is cut":   {"POST", secret[:5], text(1, "x"), 401},
		"a look without secret":  {"GET", "", nil, 401},
		"a look":                 {"GET", secret, nil, 405},
		"more than 1 MiB":        {"POST", secret, big, 413},
		"poison":                 {"POST", secret, []byte(`{"update_id":3,"message":7}`), 200},
		"no JSON":                {"POST", secret, []byte(`<html>`), 200},
		"a kind that is ignored": {"POST", secret, []byte(`{"update_id":4,"poll":{}}`), 200},
	} {
		if got := deliver(f, c.method, c.token, c.body); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
	broken.Store(true)
	if got := deliver(f, "POST", secret, text(2, "x")); got != 503 {
		t.Errorf("what is not stored got %d, want 503", got)
	}
	broken.Store(false)
	if got := deliver(f, "POST", secret, text(2, "x")); got != 200 {
		t.Errorf("what is stored got %d, want 200", got)
	}
	if events := r.await(1); len(events) != 1 || events[0].Body != "x" {
		t.Errorf("%+v", events)
	}
	if err := r.end(); err != nil {
		t.Error(err)
	}
	if got := deliver(f, "POST", secret, text(5, "late")); got != 503 {
		t.Errorf("after the end: %d, want 503", got)
	}
}

func TestWebhook_IsShutInOtherModesAndBeforeRun(t *testing.T) {
	t.Parallel()
	polling := open(t, nil)
	polling.run()
	for _, token := range []string{"", secret} {
		if got := deliver(polling, "POST", token, text(1, "x")); got != 401 {
			t.Errorf("while polling: %d, want 401", got)
		}
	}
	early := open(t, func(s *setup) { s.webhook = true })
	if got := deliver(early, "POST", secret, text(1, "x")); got != 503 {
		t.Errorf("before Run: %d, want 503", got)
	}
}

// "A non-2xx answer is retried; order is kept per chat."
func TestWebhook_KeepsOrderThroughFailures(t *testing.T) {
	t.Parallel()
	f := open(t, func(s *setup) { s.webhook = true })
	var mu sync.Mutex
	tries := map[channel.EventID]int{}
	r := f.runWith(&recorder{handleFunc: func(_ context.Context, e channel.Event) error {
		mu.Lock()
		defer mu.Unlock()
		if tries[e.ID]++; tries[e.ID] == 1 && strings.HasSuffix(e.Body, "3") {
			return errors.New("not yet")
		}
		return nil
	}})
	for i := range 30 {
		f.server.Customer(1).Say(fmt.Sprint("one ", i))
		f.server.Customer(2).Say(fmt.Sprint("two ", i))
	}
	counts := map[string]int{}
	for _, e := range r.await(60) {
		who, number, _ := strings.Cut(e.Body, " ")
		if number != fmt.Sprint(counts[who]) {
			t.Fatalf("%s came when %d was next", e.Body, counts[who])
		}
		counts[who]++
	}
	eventually(t, "all is taken", func() bool { return f.server.Pending() == 0 })
}

// Messages and presses of one chat come in deliveries of their own; they are handled one at a time.
func TestWebhook_OneAtATimeInAnAddress(t *testing.T) {
	t.Parallel()
	f := open(t, func(s *setup) { s.webhook = true })
	var inside, most atomic.Int64
	r := f.runWith(&recorder{handleFunc: func(context.Context, channel.Event) error {
		if n := inside.Add(1); n > most.Load() {
			most.Store(n)
		}
		time.Sleep(time.Millisecond)
		inside.Add(-1)
		return nil
	}})
	eventually(t, "the webhook is set", func() bool { return len(f.server.Calls("setWebhook")) == 1 })
	var deliveries sync.WaitGroup
	for i := range 40 {
		deliveries.Go(func() {
			if got := deliver(f, "POST", secret, text(i+1, "x")); got != 200 {
				t.Errorf("%d", got)
			}
		})
	}
	deliveries.Wait()
	r.await(40)
	if most.Load() != 1 {
		t.Errorf("%d at once at one address", most.Load())
	}
}

// Run waits for deliveries that are being stored, and whoever waits for a turn is sent away.
func TestWebhook_WaitsForWhatItBegan(t *testing.T) {
	t.Parallel()
	f := open(t, func(s *setup) { s.webhook = true })
	began, ended := make(chan struct{}), atomic.Bool{}
	r := f.runWith(&recorder{handleFunc: func(ctx context.Context, _ channel.Event) error {
		close(began)
		<-ctx.Done()
		time.Sleep(50 * time.Millisecond)
		ended.Store(true)
		return ctx.Err()
	}})
	eventually(t, "the webhook is set", func() bool { return len(f.server.Calls("setWebhook")) == 1 })
	codes := make(chan int, 2)
	go func() { codes <- deliver(f, "POST", secret, text(1, "x")) }()
	<-began
	go func() { codes <- deliver(f, "POST", secret, text(2, "y")) }()
	if err := r.end(); err != nil || !ended.Load() {
		t.Errorf("Run ended (%v) while an event was being stored", err)
	}
	for range 2 {
		if got := <-codes; got != 503 {
			t.Errorf("%d, want 503", got)
		}
	}
}

func TestWebhook_ThatThePlatformRefuses(t *testing.T) {
	t.Parallel()
	f := open(t, func(s *setup) { s.webhook = true })
	f.server.Fail(telegramtest.Refusal(400, "Bad Request: bad webhook: HTTPS url must be provided for webhook").On("setWebhook"))
	if err := f.channel.Run(t.Context(), &recorder{}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("%v", err)
	}
	f.server.Fail(telegramtest.Page(502).On("setWebhook"), telegramtest.TooMany(1).On("setWebhook"))
	r := f.run()
	f.server.Customer(1).Say("hi")
	r.await(1)
}

func TestNew_RefusesSettings(t *testing.T) {
	t.Parallel()
	token := "700000:AAH-of-a-test-0123456789"
	for name, s := range map[string]telegram.Settings{
		"no token":                 {},
		"a token that is none":     {Token: "bot700000"},
		"a token with a line":      {Token: token + "\n"},
		"an API that is no web":    {Token: token, API: "ftp://example.com"},
		"an API without a host":    {Token: token, API: "https://"},
		"a webhook that is no web": {Token: token, Webhook: telegram.Webhook{URL: "example.com", Secret: "x"}},
		"a webhook without secret": {Token: token, Webhook: telegram.Webhook{URL: "https://example.com/"}},
		"a secret with a blank":    {Token: token, Webhook: telegram.Webhook{URL: "https://example.com/", Secret: "a b"}},
		"a secret of 257":          {Token: token, Webhook: telegram.Webhook{URL: "https://example.com/", Secret: strings.Repeat("a", 257)}},
	} {
		_, err := telegram.New(s, telegram.Options{})
		if fault.KindOf(err) != fault.Invalid || strings.Contains(err.Error(), token) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if ch, err := telegram.New(telegram.Settings{Token: token}, telegram.Options{}); err != nil || ch.StartLink("x") != "" {
		t.Errorf("a connector nobody knows yet: %v, link %q", err, ch.StartLink("x"))
	}
	var _ http.Handler = (&telegram.Channel{}).Webhook()
}
