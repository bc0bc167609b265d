package discord_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/discord"
	"faqbot/bot/discord/discordtest"
)

const createMessage = "POST /channels/{}/messages"

func TestSend_Fates(t *testing.T) {
	t.Parallel()
	type fail struct {
		fault discordtest.Fault
		fate  channel.Fate
		calls int // of the route
		shown int // after the core has sent it once more
	}
	together(t, map[string]fail{
		"500":                    {discordtest.Fault{Status: 500}, channel.Unknown, 1, 1},
		"500 though delivered":   {discordtest.Fault{Status: 500, Deliver: true}, channel.Unknown, 1, 1},
		"502":                    {discordtest.Fault{Status: 502, HTML: true}, channel.Unknown, 1, 1},
		"502 though delivered":   {discordtest.Fault{Status: 502, HTML: true, Deliver: true}, channel.Unknown, 1, 1},
		"503 in JSON":            {discordtest.Fault{Status: 503}, channel.Unknown, 1, 1},
		"no answer":              {discordtest.Fault{Hang: true}, channel.Unknown, 1, 1},
		"no answer to delivered": {discordtest.Fault{Hang: true, Deliver: true}, channel.Unknown, 1, 1},
		"answer cut off":         {discordtest.Fault{Cut: true, Deliver: true}, channel.Unknown, 1, 1},
		"answer garbled":         {discordtest.Fault{Garble: true, Deliver: true}, "", 1, 1},
		"connection closed":      {discordtest.Fault{Close: true}, "", 2, 1},
		"connection reset":       {discordtest.Fault{Reset: true}, "", 2, 1},
		"closed once delivered":  {discordtest.Fault{Reset: true, Deliver: true}, "", 2, 1},
		"429":                    {discordtest.Fault{After: 200 * time.Millisecond}, channel.Wait, 1, 1},
		"429 for all":            {discordtest.Fault{After: 200 * time.Millisecond, Global: true}, channel.Wait, 1, 1},
		"403 blocked":            {discordtest.Fault{Status: 403, Code: 50007}, channel.Gone, 1, 1},
		"403 of another code":    {discordtest.Fault{Status: 403, Code: 20026}, channel.Gone, 1, 1},
		"unknown channel":        {discordtest.Fault{Status: 404, Code: 10003}, channel.Gone, 1, 1},
		"refused":                {discordtest.Fault{Status: 400, Code: 50016}, channel.Refused, 1, 1},
		"too large":              {discordtest.Fault{Status: 413, Code: 40005}, channel.TooLong, 1, 1},
		"too large for a proxy":  {discordtest.Fault{Status: 413, HTML: true}, channel.TooLong, 1, 1},
	}, func(t *testing.T, _ string, f fail) {
		b := newBench(t, func(c *change) {
			if f.fault.Hang {
				c.tune = func(d *discord.Channel) { discord.CallWithin(d, time.Second) }
			}
		})
		to := b.private(1)
		b.discord.Fail(createMessage, f.fault)
		id, err := b.send("message-1", to, "hello")
		fate, told := channel.FateOf(err)
		if fate != f.fate || f.fate == "" && (err != nil || id == "") {
			t.Errorf("told %q (%q, %v), want %q", fate, id, err, f.fate)
		}
		if fate == channel.Wait && told.After < 100*time.Millisecond {
			t.Errorf("told to wait %v", told.After)
		}
		if n := b.discord.Calls(createMessage); n != f.calls {
			t.Errorf("%d calls, want %d", n, f.calls)
		}
		if fate != "" {
			if _, err := b.send("message-1", to, "hello"); err != nil {
				t.Errorf("once more: %v", err)
			}
		}
		shown := b.discord.Customer(1).Shown()
		if len(shown) != f.shown {
			t.Errorf("shown %d times, want %d", len(shown), f.shown)
		}
		if f.fate == "" && string(id) != shown[0].ID {
			t.Errorf("ID %q, want %q", id, shown[0].ID)
		}
	})
}

func TestSend_ServerChannelRefusals(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	place := b.discord.Channel(b.discord.Guild("shop"), "general")
	to := channel.Address{Network: discord.Network, Chat: channel.ChatID(place)}
	for code, want := range map[int]channel.Fate{50001: channel.Refused, 50013: channel.Refused, 0: ""} {
		b.discord.Deny(place, code)
		if fate, err := channel.FateOf(second(b.send(fmt.Sprint("denied-", code), to, "x"))); fate != want {
			t.Errorf("%d: told %q (%v), want %q", code, fate, err, want)
		}
	}
	b.discord.Remove(place)
	if fate, err := channel.FateOf(second(b.send("gone", to, "x"))); fate != channel.Gone {
		t.Errorf("deleted: told %q (%v)", fate, err)
	}
}

func second[A, B any](_ A, b B) B { return b }

func TestSend_BlockedCustomerIsGone(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.discord.Customer(1).Block(true)
	if fate, err := channel.FateOf(second(b.send("m1", b.private(1), "x"))); fate != channel.Gone {
		t.Errorf("told %q (%v)", fate, err)
	}
	b.discord.Customer(1).Block(false)
	b.mustSend(channel.Message{ID: "m2", To: b.private(1), Content: channel.PlainDocument("again")})
}

func TestSend_NothingListens(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *change) { c.settings.API = "http://127.0.0.1:1" })
	_, err := b.send("m1", b.private(1), "x")
	if fate, _ := channel.FateOf(err); err == nil || fate != "" {
		t.Errorf("nothing was sent, so it is simply tried again; told %q (%v)", fate, err)
	}
}

func TestSend_LimitEndsWithTheContext(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.discord.Fail(createMessage, discordtest.Fault{After: 2 * time.Second})
	_, _ = b.send("m1", b.private(1), "x")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	begun := time.Now()
	_, err := b.channel.Send(ctx, channel.Message{ID: "m1", To: b.private(1), Content: channel.PlainDocument("x")})
	if err == nil || time.Since(begun) > time.Second {
		t.Errorf("%v after %v", err, time.Since(begun))
	}
	if n := b.discord.Calls(createMessage); n != 1 {
		t.Errorf("%d calls while Discord said to wait", n)
	}
}

func TestSend_KeepsToTheBuckets(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	to := b.private(1)
	sent := 0
	for i := range 8 { // Discord takes 5 in 5 s
		for {
			_, err := b.send(fmt.Sprint("m", i), to, fmt.Sprint("text ", i))
			fate, told := channel.FateOf(err)
			if fate != channel.Wait {
				if err != nil {
					t.Fatal(err)
				}
				sent++
				break
			}
			time.Sleep(told.After)
		}
	}
	if n := b.discord.Invalid(); n != 0 || sent != 8 {
		t.Errorf("%d sent, %d refused by Discord; the headers tell when there is room", sent, n)
	}
}

func TestSend_OneChannelIsSerial(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	to := b.private(1)
	errs := make(chan error, 12)
	for i := range cap(errs) {
		go func() {
			_, err := b.channel.Send(context.Background(), channel.Message{ID: fmt.Sprint("m", i), To: to, Content: channel.PlainDocument("x")})
			errs <- err
		}()
	}
	waits := 0
	for range cap(errs) {
		if fate, _ := channel.FateOf(<-errs); fate == channel.Wait {
			waits++
		}
	}
	if b.discord.Invalid() != 0 || waits != 7 {
		t.Errorf("%d refused by Discord, %d told to wait; 5 of 12 fit", b.discord.Invalid(), waits)
	}
}

func TestSend_GlobalLimit(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var customers []channel.Address
	for i := range 120 {
		customers = append(customers, b.private(i+1))
	}
	errs := make(chan error, len(customers))
	for i, to := range customers {
		go func() {
			for {
				_, err := b.channel.Send(context.Background(), channel.Message{ID: fmt.Sprint("m", i), To: to, Content: channel.PlainDocument("x")})
				if fate, told := channel.FateOf(err); fate == channel.Wait {
					time.Sleep(told.After)
					continue
				}
				errs <- err
				return
			}
		}()
	}
	for range customers {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if n := b.discord.Invalid(); n > 5 { // a busy machine may bunch what was spaced out
		t.Errorf("%d calls over 50 a second", n)
	}
}

func TestSend_CloudflareBan(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.discord.Fail(createMessage, discordtest.Fault{Status: 429, HTML: true})
	fate, told := channel.FateOf(second(b.send("m1", b.private(1), "x")))
	if fate != channel.Wait || told.After < time.Minute {
		t.Fatalf("told %q %v", fate, told)
	}
	if fate, _ := channel.FateOf(second(b.send("m1", b.private(1), "x"))); fate != channel.Wait || b.discord.Calls(createMessage) != 1 {
		t.Errorf("told %q after %d calls; a banned address stays silent", fate, b.discord.Calls(createMessage))
	}
}

func TestInteractions_CloudflareBan(t *testing.T) {
	t.Parallel()
	b := newBench(t).start()
	b.discord.Fail(createMessage, discordtest.Fault{Status: 429, HTML: true})
	_, _ = b.send("m1", b.private(1), "x")
	calls := b.discord.Calls("")
	b.discord.Customer(1).Ask("", "question")
	b.body("question")
	if n := b.discord.Calls(""); n != calls {
		t.Errorf("%d calls from a banned address", n-calls)
	}
}

func TestGuard_StopsWellBeforeTheBan(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *change) {
		c.server.InvalidLimit, c.server.Unlimited, c.settings.Rate = 40, true, 100_000
		c.tune = func(d *discord.Channel) { discord.InvalidLimit(d, 20) }
	})
	to := b.private(1)
	b.discord.Customer(1).Block(true)
	waits := 0
	for i := range 60 {
		if fate, told := channel.FateOf(second(b.send(fmt.Sprint("m", i), to, "x"))); fate == channel.Wait {
			waits++
			if told.After < 9*time.Minute {
				t.Fatalf("told to wait %v; refused calls count for ten minutes", told.After)
			}
		}
	}
	if b.discord.Banned() || b.discord.Invalid() != 20 || waits != 40 {
		t.Errorf("banned %v after %d refusals, %d waits", b.discord.Banned(), b.discord.Invalid(), waits)
	}
	if !strings.Contains(b.log.String(), "level=ERROR") || strings.Count(b.log.String(), "calls to Discord are stopped") != 1 {
		t.Error("the log does not tell it, once: " + b.log.String())
	}
}

func TestGuard_SharedLimitsDoNotCount(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *change) { c.tune = func(d *discord.Channel) { discord.InvalidLimit(d, 2) } })
	for range 3 {
		b.discord.Fail(createMessage, discordtest.Fault{After: time.Millisecond, Shared: true})
		_, _ = b.send("m1", b.private(1), "x")
		time.Sleep(5 * time.Millisecond)
	}
	b.mustSend(channel.Message{ID: "m1", To: b.private(1), Content: channel.PlainDocument("x")})
}

func TestGuard_RefusedTokenIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *change) { c.settings.Token = "wrong" })
	for range 5 {
		_, err := b.send("m1", b.private(1), "x")
		if fate, _ := channel.FateOf(err); err == nil || fate != "" {
			t.Errorf("told %q (%v); another token will deliver it", fate, err)
		}
	}
	if n := b.discord.Calls(""); n != 1 {
		t.Errorf("%d calls with a token that was refused", n)
	}
}

func TestSecrets_StayOutOfErrorsAndLog(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *change) { c.tune = func(d *discord.Channel) { discord.CallWithin(d, 200*time.Millisecond) } }).start()
	place := b.discord.Channel(b.discord.Guild("shop"), "general")
	var texts []string
	callback, answer := "POST /interactions/{}/{}/callback", "PATCH /webhooks/{}/{}/messages/@original"
	var secrets = []string{b.discord.Token()}
	for _, f := range []discordtest.Fault{{Hang: true}, {Reset: true}, {Cut: true, Deliver: true}, {Status: 500, HTML: true}, {Status: 404, Code: 10062}, {After: time.Minute}} {
		b.discord.Fail(callback, f, f, f)
		secrets = append(secrets, b.discord.Customer(1).Ask(place, "secret question").Token())
		time.Sleep(20 * time.Millisecond)
	}
	b.await("all events", func() bool { return len(b.core.all()) == 6 })
	b.discord.Mend()
	i := b.discord.Customer(1).Ask(place, "another")
	e := b.body("another")
	for n, f := range []discordtest.Fault{{Hang: true}, {Reset: true}, {Cut: true}, {Status: 500, HTML: true}, {Status: 400, Code: 50035}} {
		b.discord.Fail(answer, f)
		_, err := b.channel.Send(t.Context(), channel.Message{ID: fmt.Sprint("m", n), To: e.Address, Content: channel.PlainDocument("private text"), Ticket: e.Ticket})
		texts = append(texts, fmt.Sprint(err))
		b.discord.Fail(createMessage, f)
		_, err = b.send(fmt.Sprint("n", n), b.private(1), "private text")
		texts = append(texts, fmt.Sprint(err))
	}
	texts = append(texts, b.log.String())
	for _, secret := range append(secrets, i.Token(), "private text", "secret question") {
		for _, text := range texts {
			if strings.Contains(text, secret) {
				t.Errorf("%q is in %s", secret, text)
			}
		}
	}
}

func TestInteractions_LeaveNoBuckets(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *change) { c.server.Unlimited, c.settings.Rate = true, 100_000 }).start()
	for i := range 300 {
		b.discord.Customer(i%10).Ask("", fmt.Sprint("question ", i))
	}
	b.await("all events", func() bool { return len(b.core.all()) == 300 })
	for i, e := range b.core.all() {
		b.mustSend(channel.Message{ID: fmt.Sprint("m", i), To: e.Address, Content: channel.PlainDocument("x"), Ticket: e.Ticket})
	}
	if n, own := discord.LibraryBuckets(b.channel), discord.Routes(b.channel); n != 0 || own > 5 {
		t.Errorf("the library keeps %d buckets, the connector %d routes", n, own)
	}
}

func TestLimiter_ForgetsRoutes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for i := range 30 {
		b.mustSend(channel.Message{ID: fmt.Sprint("m", i), To: b.private(i + 1), Content: channel.PlainDocument("x")})
	}
	before := discord.Routes(b.channel)
	time.Sleep(6 * time.Second)
	b.mustSend(channel.Message{ID: "last", To: b.private(1), Content: channel.PlainDocument("x")})
	if after := discord.Routes(b.channel); before < 30 || after > 2 {
		t.Errorf("%d routes remembered, then %d", before, after)
	}
}

// pathRecorder sees where calls go.
type pathRecorder struct {
	http.RoundTripper
	paths chan string
}

func (p pathRecorder) RoundTrip(r *http.Request) (*http.Response, error) {
	p.paths <- r.URL.String()
	return p.RoundTripper.RoundTrip(r)
}

func TestSettings_BaseURL(t *testing.T) {
	t.Parallel()
	paths := make(chan string, 10)
	b := newBench(t, func(c *change) {
		c.settings.API = "http://127.0.0.1:1/proxy/"
		c.options.Transport = pathRecorder{&http.Transport{}, paths}
	})
	_, _ = b.send("m1", b.private(1), "x")
	if got, want := <-paths, "http://127.0.0.1:1/proxy/api/v9/channels/"+string(b.private(1).Chat)+"/messages"; got != want {
		t.Errorf("called %s, want %s", got, want)
	}
	for _, bad := range []discord.Settings{{}, {Token: " "}, {Token: "x", API: "discord.com"}, {Token: "x", API: "ftp://x"}, {Token: "x", Shards: -1}} {
		if _, err := discord.New(bad, discord.Options{}); err == nil {
			t.Errorf("%+v is accepted", bad)
		}
	}
}
