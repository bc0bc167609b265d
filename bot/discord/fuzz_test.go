package discord_test

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/discord"
	"faqbot/bot/discord/discordtest"
)

// FuzzGatewayEvent sends whatever over a live gateway: first as an event's body, then as a whole frame. The shard has to go on.
func FuzzGatewayEvent(f *testing.F) {
	for _, kind := range []string{"MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE_BULK", "INTERACTION_CREATE", "GUILD_CREATE", "THREAD_CREATE", "CHANNEL_DELETE", "READY", "VOICE_SERVER_UPDATE"} {
		f.Add(kind, `{"id":"175928847299117063","channel_id":"2","guild_id":"3","author":{"id":"4","username":"u"},"content":"hi <@5>","type":0,"components":[{"type":99}]}`)
		f.Add(kind, `{"id":"9","token":"t","type":2,"application_id":"1","channel_id":"2","data":{"name":"ask","options":[{"name":"question","value":"x","focused":true}]},"user":{"id":"3"},"locale":"de"}`)
		f.Add(kind, `{"guilds":[null],"roles":[{"id":"1","tags":{"bot_id":"2"}}],"channels":[{"id":"8","type":11,"parent_id":"2"}],"threads":null,"user":null}`)
		f.Add(kind, "null")
	}
	b := newFuzzBench(f)
	f.Fuzz(func(t *testing.T, kind, data string) {
		if len(data) > 10_000 || len(kind) > 100 {
			return
		}
		g := b.discord.Gateway()
		if kind != "READY" && kind != "RESUMED" { // Discord's own: a second one with another session would be a lie that ends the resume
			g.Inject(kind, data)
		}
		if framed, err := json.Marshal(data); err == nil && kind != "" {
			g.InjectFrame(fmt.Sprintf(`{"op":0,"s":null,"t":"FUZZ","d":%s}`, framed))
		}
		b.alive(t)
	})
}

// FuzzPacket sends whole frames; some of them break the connection, and none may break more.
func FuzzPacket(f *testing.F) {
	for _, frame := range []string{"null", `{"op":7}`, `{"op":9,"d":true}`, `{"op":10,"d":{"heartbeat_interval":-1}}`, `{"op":11}`, `{"op":1}`, `{"op":0,"t":"X","s":99,"d":null}`, "[", `{"op":0,"t":"GUILD_CREATE","d":null}`} {
		f.Add(frame)
	}
	f.Fuzz(func(t *testing.T, frame string) {
		passed, err := discord.PacketThroughWire([]byte(frame))
		if err != nil || len(passed) == 0 {
			return
		}
		var p struct {
			Op int             `json:"op"`
			T  *string         `json:"t"`
			D  json.RawMessage `json:"d"`
		}
		if json.Unmarshal(passed, &p) != nil {
			t.Fatalf("%q became %q", frame, passed)
		}
		if p.Op == 7 || p.Op == 9 || p.Op == 0 && (p.T == nil || *p.T == "GUILD_CREATE") {
			t.Fatalf("the library would act on %q", passed)
		}
	})
}

type fuzzBench struct {
	discord *discordtest.Server
	events  chan string
	count   int
}

// newFuzzBench is a connector that lives as long as the fuzzer.
func newFuzzBench(f *testing.F) *fuzzBench {
	f.Helper()
	server, err := discordtest.Start(discordtest.Options{Unlimited: true})
	if err != nil {
		f.Fatal(err)
	}
	c, err := discord.New(discord.Settings{Token: server.Token(), API: server.URL(), MessageContent: true, Rate: 1_000_000}, discord.Options{})
	if err != nil {
		f.Fatal(err)
	}
	discord.Hurry(c, 0)
	b := &fuzzBench{discord: server, events: make(chan string, 1000)}
	ctx, cancel := context.WithCancel(context.Background())
	stopping.Go(func() { _ = c.Run(ctx, b) })
	f.Cleanup(func() {
		cancel()
		server.Close()
	})
	return b
}

// Handle implements [channel.Handler].
func (b *fuzzBench) Handle(_ context.Context, e channel.Event) error {
	if e.Address.Private && e.From.Username == "customer1" {
		b.events <- e.Body
	}
	return nil
}

// Complete implements [channel.Handler].
func (b *fuzzBench) Complete(context.Context, channel.Completion) ([]channel.Choice, error) {
	return nil, nil
}

var connectOnce sync.Once

// alive says something and waits for it.
func (b *fuzzBench) alive(t *testing.T) {
	t.Helper()
	connectOnce.Do(func() {
		for deadline := time.Now().Add(patience); b.discord.Gateway().Connected() == 0 && time.Now().Before(deadline); {
			time.Sleep(time.Millisecond)
		}
	})
	b.count++
	want := fmt.Sprint("alive ", b.count)
	b.discord.Customer(1).Say(want)
	deadline := time.After(patience)
	for {
		select {
		case got := <-b.events:
			if got == want {
				return
			}
		case <-deadline:
			t.Fatal("the shard stopped")
		}
	}
}
