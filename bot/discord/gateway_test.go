package discord_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/discord"
	"faqbot/bot/discord/discordtest"
	"faqbot/faq/fault"
)

func TestGateway_KeepsTheOrder(t *testing.T) {
	t.Parallel()
	b := newBench(t).start()
	const count = 1000
	for i := range count {
		b.discord.Customer(1).Say(fmt.Sprint("a", i))
		b.discord.Customer(2).Say(fmt.Sprint("b", i))
	}
	b.await("all events", func() bool { return len(b.core.all()) == 2*count })
	next := map[byte]int{}
	for _, body := range b.core.bodies() {
		if want := fmt.Sprint(string(body[0]), next[body[0]]); body != want {
			t.Fatalf("%s came where %s was due", body, want)
		}
		next[body[0]]++
	}
}

func TestGateway_BadPackets(t *testing.T) {
	t.Parallel()
	b := newBench(t).start()
	customer := b.discord.Customer(1)
	customer.Post(discordtest.Post{Text: "odd components", More: map[string]any{
		"components": []any{map[string]any{"type": 99, "components": []any{map[string]any{"type": 4711}}}}, "sticker_items": "none", "flags": "x",
		"attachments": []any{nil, 5, map[string]any{"id": 7}}, "mentions": map[string]any{}, "message_snapshots": 3, "poll": 1,
	}})
	if e := b.body("odd components"); len(e.Attachments) != 1 || e.Attachments[0].Media != channel.OtherMsg {
		t.Errorf("attachments %+v", e.Attachments)
	}
	g := b.discord.Gateway()
	for _, kind := range []string{
		"READY", "GUILD_CREATE", "GUILD_UPDATE", "MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK", "INTERACTION_CREATE",
		"THREAD_CREATE", "THREAD_DELETE", "CHANNEL_DELETE", "VOICE_STATE_UPDATE", "VOICE_SERVER_UPDATE", "PRESENCE_UPDATE", "NEW_KIND",
	} {
		for _, data := range []string{
			"null", "1", `"x"`, "[]", "{}", `{"id":"1","channel_id":"2","author":null,"content":7}`, `{"id":1,"channel_id":"2","author":{"id":"3"}}`,
			`{"guilds":[null],"channels":[null],"members":[null],"voice_states":[null],"roles":[null,{"tags":null}],"id":"5","user":null}`,
			`{"id":"9","token":"t","type":3,"channel_id":"2","data":{"custom_id":[]},"user":{"id":"3"},"message":null}`,
			`{"id":"9","token":"t","type":2,"channel_id":"2","data":{"name":null,"options":[null,{"value":{}}]},"user":{"id":"3"}}`,
			`{"id":"../../x","channel_id":"../y","author":{"id":"3"},"content":"path"}`, `{"d":`,
		} {
			g.Inject(kind, data)
		}
	}
	customer.Say("still here")
	b.body("still here")
	for _, frame := range []string{
		"null", "[]", "1", `"x"`, "{", `{"op":"x"}`, `{"op":0}`, `{"op":0,"t":5,"d":{}}`, `{"op":0,"t":"MESSAGE_CREATE","s":"x"}`,
		`{"op":0,"t":"READY","d":{"session_id":5}}`, `{"op":11,"d":[]}`, `{"op":1,"d":"x"}`, `{"op":255}`, `{"op":0,"t":"","s":3,"d":null}`,
	} {
		g.InjectFrame(frame)
	}
	customer.Say("and here")
	b.body("and here")
	if strings.Contains(b.log.String(), "panic") {
		t.Error(b.log.String())
	}
	b.discord.TakeViolations() // of the injected interactions, which no interaction of Discord's belongs to
}

func TestGateway_HelloWithoutHeartbeat(t *testing.T) {
	t.Parallel()
	b := newBench(t).start()
	b.discord.Gateway().InjectFrame(`{"op":10,"d":{"heartbeat_interval":0}}`)
	b.await("a resumed session", func() bool { return b.discord.Gateway().Stats().Resumed == 1 })
	b.discord.Customer(1).Say("alive")
	b.body("alive")
}

func TestGateway_OpensThatHang(t *testing.T) {
	t.Parallel()
	together(t, map[string]discordtest.Opening{
		"op 7 first": discordtest.ReconnectFirst, "no hello": discordtest.NoHello, "no ready": discordtest.SilentReady, "503": discordtest.Unreachable,
	}, func(t *testing.T, _ string, opening discordtest.Opening) {
		b := newBench(t, func(c *change) { c.tune = func(d *discord.Channel) { discord.OpenWithin(d, time.Second) } })
		b.discord.Gateway().Next(opening)
		b.start()
		b.discord.Customer(1).Say("hello")
		b.body("hello")
	})
}

func TestGateway_BreaksThatResume(t *testing.T) {
	t.Parallel()
	together(t, map[string]func(*bench, discordtest.Gateway){
		"cut":             func(_ *bench, g discordtest.Gateway) { g.Drop() },
		"op 7":            func(_ *bench, g discordtest.Gateway) { g.Reconnect() },
		"op 9, resumable": func(_ *bench, g discordtest.Gateway) { g.Invalidate(true) },
		"code 4000":       func(_ *bench, g discordtest.Gateway) { g.CloseAll(4000) },
		"code 4008":       func(_ *bench, g discordtest.Gateway) { g.CloseAll(4008) },
		"silence":         func(_ *bench, g discordtest.Gateway) { g.Silence() },
		"op 7 as first packet of the next": func(_ *bench, g discordtest.Gateway) {
			g.Next(discordtest.ReconnectFirst)
			g.Drop()
		},
		"resume answered by op 9, resumable": func(_ *bench, g discordtest.Gateway) {
			g.Next(discordtest.RetryResume)
			g.Drop()
		},
	}, func(t *testing.T, name string, breakIt func(*bench, discordtest.Gateway)) {
		b := newBench(t, func(c *change) {
			if name == "silence" {
				c.tune = func(d *discord.Channel) { discord.Hurry(d, 2*time.Second) }
			}
		}).start()
		b.discord.Customer(1).Say("before")
		b.body("before")
		g := b.discord.Gateway()
		breakIt(b, g)
		b.await("the break", func() bool { return g.Connected() == 0 || name == "silence" })
		for i := range 20 {
			b.discord.Customer(1).Say(fmt.Sprint("meanwhile ", i))
		}
		b.await("a resumed session", func() bool { return g.Stats().Resumed > 0 })
		b.discord.Customer(1).Say("after")
		b.body("after")
		if got, want := len(b.core.all()), 22; got != want {
			t.Errorf("%d events, want %d: %q", got, want, b.core.bodies())
		}
		if bodies := b.core.bodies(); bodies[1] != "meanwhile 0" || bodies[20] != "meanwhile 19" {
			t.Errorf("out of order: %q", bodies)
		}
		stats := g.Stats()
		if stats.Identifies != 1 || len(stats.Codes) != 0 || stats.AtResumeURL != stats.Resumes {
			t.Errorf("a resume needs neither IDENTIFY nor a close frame of ours, and its own address: %+v", stats)
		}
		if n := b.discord.Calls("GET /channels/{}/messages"); n != 0 {
			t.Errorf("%d readings of channels after a resume, which replays by itself", n)
		}
	})
}

func TestGateway_LostSessionIsCaughtUp(t *testing.T) {
	t.Parallel()
	together(t, map[string]func(discordtest.Gateway){
		"op 9": func(g discordtest.Gateway) { g.Invalidate(false) },
		"resume refused": func(g discordtest.Gateway) {
			g.Forget()
			g.Drop()
		},
		"resume answered by op 9": func(g discordtest.Gateway) {
			g.Next(discordtest.RefuseResume)
			g.Drop()
		},
		"code 4009": func(g discordtest.Gateway) {
			g.Forget()
			g.CloseAll(4009)
		},
		"code 4007": func(g discordtest.Gateway) {
			g.Forget()
			g.CloseAll(4007)
		},
	}, func(t *testing.T, _ string, breakIt func(discordtest.Gateway)) {
		b := newBench(t).start()
		b.discord.Customer(1).Say("before")
		b.body("before")
		g := b.discord.Gateway()
		breakIt(g)
		b.await("the break", func() bool { return g.Connected() == 0 })
		for i := range 120 { // more than a page
			b.discord.Customer(1).Say(fmt.Sprint("meanwhile ", i))
		}
		b.await("a new session", func() bool { return g.Stats().Identifies == 2 && g.Connected() == 1 })
		b.discord.Customer(1).Say("after")
		b.body("after")
		want := []string{"before"}
		for i := range 120 {
			want = append(want, fmt.Sprint("meanwhile ", i))
		}
		if got := b.core.bodies(); !slices.Equal(got, append(want, "after")) {
			t.Errorf("got %d: %q", len(got), got)
		}
	})
}

func TestGateway_FatalCodes(t *testing.T) {
	t.Parallel()
	type fatal struct {
		code int
		kind fault.Kind
		text string
	}
	together(t, map[string]fatal{
		"bad token":         {4004, fault.Forbidden, "Reset Token"},
		"bad shard":         {4010, fault.Invalid, "shards"},
		"sharding required": {4011, fault.Invalid, "shards"},
		"bad version":       {4012, fault.Unavailable, "newer faqbot"},
		"bad intent":        {4013, fault.Invalid, "intent"},
		"intent not granted": {4014, fault.Forbidden, "https://discord.com/developers/applications, your application, Bot, Privileged Gateway Intents, " +
			"Message Content Intent"},
	}, func(t *testing.T, _ string, f fatal) {
		together(t, map[string]bool{"live": true, "at once": false}, func(t *testing.T, _ string, live bool) {
			b := newBench(t)
			if live {
				b.start()
				b.discord.Gateway().CloseAll(f.code)
			} else {
				b.discord.Gateway().RefuseIdentify(f.code)
				b.launch(b.channel)
			}
			err := b.end()
			if !fault.Is(err, f.kind) || !strings.Contains(fault.Message(err), f.text) {
				t.Errorf("Run ended with %v", err)
			}
			if n := b.discord.Gateway().Stats().Connections; n != 1 {
				t.Errorf("%d connections; a fatal code ends it", n)
			}
		})
	})
}

func TestGateway_IntentNotGranted(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *change) { c.server.NoMessageContent = true })
	b.launch(b.channel)
	if err := b.end(); !fault.Is(err, fault.Forbidden) || !strings.Contains(fault.Message(err), "Privileged Gateway Intents") {
		t.Errorf("Run ended with %v", err)
	}
}

func TestGateway_TokenRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *change) { c.settings.Token = "wrong" })
	b.launch(b.channel)
	if err := b.end(); !fault.Is(err, fault.Forbidden) {
		t.Errorf("Run ended with %v", err)
	}
	if n := b.discord.Invalid(); n != 1 {
		t.Errorf("%d refused calls; one says it all", n)
	}
}

func TestGateway_IdentifyBudget(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *change) { c.server.IdentifyBudget = 4 }).start()
	g := b.discord.Gateway()
	g.Invalidate(false)
	b.await("the second session", func() bool { return g.Stats().Identifies == 2 && g.Connected() == 1 })
	g.Invalidate(false)
	b.await("a word in the log", func() bool { return strings.Contains(b.log.String(), "resets the token") })
	time.Sleep(500 * time.Millisecond)
	if n := g.Stats().Identifies; n != 2 {
		t.Errorf("%d IDENTIFYs with half of the budget of 4 kept in reserve", n)
	}
}

func TestGateway_IdentifyBudgetAfterARestart(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *change) { c.server.IdentifyBudget = 4 }).start()
	g := b.discord.Gateway()
	g.Invalidate(false)
	b.await("the second session", func() bool { return g.Stats().Identifies == 2 && g.Connected() == 1 })
	b.launch(b.again()) // knows nothing of those
	b.await("a word in the log", func() bool { return strings.Contains(b.log.String(), "resets the token") })
	time.Sleep(300 * time.Millisecond)
	if n := g.Stats().Identifies; n != 2 {
		t.Errorf("%d IDENTIFYs with half of the budget of 4 kept in reserve", n)
	}
}

func TestGateway_OwnCountOfIdentifies(t *testing.T) {
	t.Parallel()
	// A proxy may answer /gateway/bot from its memory, so Discord's own figure is not relied on alone.
	if n := discord.IdentifiesAllowed(newBench(t).channel, 1000); n != 980 {
		t.Errorf("%d IDENTIFYs a day; 1,000 are allowed, and some are kept for restarts by hand", n)
	}
}

func TestGateway_IdentifiesAtItsPace(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *change) {
		c.server.StrictIdentify = true
		c.tune = discord.UsualPace
	}).start()
	g := b.discord.Gateway()
	g.Invalidate(false)
	b.await("a second session", func() bool { return g.Stats().Identifies > 1 && g.Connected() == 1 })
	if n := g.Stats().Identifies; n != 2 {
		t.Errorf("%d IDENTIFYs; Discord refuses one within 5 s of another", n)
	}
}

func TestGateway_Shards(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *change) { c.server.Shards = 3 })
	channels := []string{}
	for i := range 9 {
		channels = append(channels, b.discord.Channel(b.discord.Guild(fmt.Sprint("g", i)), "general"))
		time.Sleep(2 * time.Millisecond) // servers of different milliseconds fall on different shards
	}
	b.launch(b.channel)
	b.await("three sessions", func() bool { return b.discord.Gateway().Connected() == 3 })
	for i, id := range channels {
		b.discord.Customer(1).Post(discordtest.Post{Channel: id, Text: fmt.Sprint("in ", i)})
	}
	b.discord.Customer(1).Say("direct")
	b.await("all events, once", func() bool { return len(b.core.all()) == 10 })
	b.discord.Gateway().Drop()
	b.await("three sessions again", func() bool { return b.discord.Gateway().Stats().Resumed == 3 })
	if n := b.discord.Gateway().Stats().Identifies; n != 3 {
		t.Errorf("%d IDENTIFYs", n)
	}
}

func TestGateway_StopSaysGoodbye(t *testing.T) {
	t.Parallel()
	b := newBench(t).start()
	b.discord.Customer(1).Say("hello")
	b.body("hello")
	if err := b.halt(); err != nil {
		t.Errorf("Run ended with %v", err)
	}
	if codes := b.discord.Gateway().Stats().Codes; !slices.Equal(codes, []int{1000}) {
		t.Errorf("close codes %v; after a stop on purpose the session is not wanted any more", codes)
	}
}

func TestGateway_StopWhileNothingAnswers(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.discord.Gateway().Next(discordtest.NoHello)
	b.launch(b.channel)
	b.await("a connection", func() bool { return b.discord.Gateway().Stats().Connections == 1 })
	begun := time.Now()
	if err := b.halt(); err != nil || time.Since(begun) > 5*time.Second {
		t.Errorf("Run ended after %v with %v", time.Since(begun), err)
	}
}

func TestGateway_OldConnectionsSettle(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for name, wait := range discord.RestAfter(b.channel) {
		if wait < 300*time.Millisecond || strings.HasPrefix(name, "lost") && wait < time.Second {
			t.Errorf("%s: the next connection after %v", name, wait)
		}
	}
}

func TestGateway_LibraryDoesNothingByItself(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	guild := b.discord.Guild("shop")
	b.discord.Channel(guild, "general")
	b.start()
	b.discord.Customer(1).Say("hello")
	b.body("hello")
	s := discord.LibrarySession(b.channel)
	if !s.SyncEvents || s.StateEnabled || s.ShouldReconnectOnError || s.ShouldRetryOnRateLimit || s.MaxRestRetries != 0 {
		t.Errorf("session %+v", s)
	}
	b.await("a heartbeat", func() bool { return b.discord.Gateway().Stats().Heartbeats > 0 })
}
