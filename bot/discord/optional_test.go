package discord_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/discord/discordtest"
	"faqbot/faq/fault"
)

func TestTyping(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if err := b.channel.Typing(t.Context(), b.private(1)); err != nil || b.discord.Calls("POST /channels/{}/typing") != 1 {
		t.Error(err)
	}
	if err := b.channel.Typing(t.Context(), channel.Address{Chat: "x/../y"}); !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
	if editor, ok := channel.As[channel.Editor](b.channel); !ok || !editor.CanEdit() {
		t.Error("messages can be edited here")
	}
}

func TestPrivateAddress(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	c := b.discord.Customer(1)
	b.discord.Fail("POST /users/@me/channels", discordtest.Fault{Status: 500}, discordtest.Fault{After: 10 * time.Millisecond})
	to, err := b.channel.PrivateAddress(t.Context(), channel.PersonID(c.ID()))
	if err != nil || to != b.private(1) {
		t.Errorf("%+v, %v", to, err)
	}
	b.mustSend(channel.Message{ID: "m1", To: to, Content: channel.PlainDocument("I write first")})
	for person, kind := range map[channel.PersonID]fault.Kind{"123": fault.NotFound, "me": fault.Invalid, channel.PersonID(b.discord.BotID()): fault.NotFound} {
		if _, err := b.channel.PrivateAddress(t.Context(), person); !fault.Is(err, kind) {
			t.Errorf("%s: %v", person, err)
		}
	}
}

func TestRegister(t *testing.T) {
	t.Parallel()
	b := newBench(t).start()
	long := strings.Repeat("sehr lang ", 20)
	err := b.channel.Register(t.Context(), []channel.CommandText{
		{Name: "start", Descriptions: map[string]string{"": "Begin"}},
		{Name: "ask", Descriptions: map[string]string{"": "Ask a question", "es": "Haz una pregunta", "pt": "Faça uma pergunta", "ar": "اطرح سؤالا", "hi": "सवाल पूछें", "xx": "?", "de": long}, Takes: &channel.Argument{Name: "question", Required: true, Completed: true}},
		{Name: "human", Descriptions: map[string]string{"en": "Talk to a person"}},
		{Name: "Order", Descriptions: map[string]string{}},
		{Name: "staff", Descriptions: map[string]string{"": "Work here", "de": "Hier arbeiten"}, Staff: true, Takes: &channel.Argument{Name: "code", Required: true}},
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []struct {
		Name         string            `json:"name"`
		Description  string            `json:"description"`
		Translated   map[string]string `json:"description_localizations"`
		Permissions  *int64            `json:"default_member_permissions"`
		Contexts     []int             `json:"contexts"`
		Integrations []int             `json:"integration_types"`
		Options      []struct {
			Name                   string
			Required, Autocomplete bool
			Type                   int
		} `json:"options"`
	}
	if err := json.Unmarshal(b.discord.Commands(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != 4 || got[0].Name != "ask" || got[1].Description != "Talk to a person" || got[2].Name != "order" || got[2].Description != "Order" {
		t.Fatalf("commands %+v", got)
	}
	ask := got[0]
	if ask.Translated["es-ES"] == "" || ask.Translated["es-419"] == "" || ask.Translated["pt-BR"] == "" || ask.Translated["ar"] == "" || len([]rune(ask.Translated["de"])) != 100 || len(ask.Translated) != 6 {
		t.Errorf("texts %v", ask.Translated)
	}
	if len(ask.Options) != 1 || ask.Options[0].Name != "question" || !ask.Options[0].Required || !ask.Options[0].Autocomplete || ask.Options[0].Type != 3 || len(ask.Contexts) != 2 || len(ask.Integrations) != 1 || ask.Permissions != nil {
		t.Errorf("ask %+v", ask)
	}
	staff := got[3]
	if len(staff.Options) != 1 || staff.Options[0].Name != "code" || !staff.Options[0].Required || staff.Options[0].Autocomplete || staff.Options[0].Type != 3 ||
		staff.Permissions == nil || *staff.Permissions == 0 || !slices.Equal(staff.Contexts, []int{0}) {
		t.Errorf("staff %+v", staff)
	}
	b.discord.Customer(1).Command("", "staff", "code", "ABC")
	if e := b.body("ABC"); e.Kind != channel.Command || e.Command != "staff" {
		t.Errorf("a code as an option: %+v", e)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	find := func(b *bench, what string) channel.Finding {
		t.Helper()
		all := b.channel.Check(t.Context())
		for _, f := range all {
			if strings.Contains(f.What+f.Mend, what) {
				if f.OK == (f.Mend != "") {
					t.Errorf("a finding says how to mend what is wrong, and nothing else: %+v", f)
				}
				return f
			}
		}
		t.Errorf("nothing says %q: %+v", what, all)
		return channel.Finding{}
	}
	refused := newBench(t, func(c *change) { c.settings.Token = "wrong" })
	if find(refused, "Reset Token").OK {
		t.Error("the token is wrong")
	}
	away := newBench(t, func(c *change) { c.settings.API = "http://127.0.0.1:1" })
	if find(away, "cannot be reached").OK {
		t.Error("Discord cannot be reached")
	}
	bare := newBench(t, func(c *change) { c.server.NoMessageContent, c.server.IdentifyBudget = true, 10 })
	if find(bare, "Privileged Gateway Intents").OK || find(bare, "oauth2/authorize?client_id="+bare.discord.BotID()).OK || find(bare, "sessions are left today").OK {
		t.Error("intent, server and sessions are missing")
	}
	d := discordtest.New(t, discordtest.Options{Shards: 4})
	guild := d.Guild("shop")
	good, mute, closed := d.Channel(guild, "desk"), d.Channel(guild, "mute"), d.Channel(guild, "closed")
	d.Deny(mute, 50013)
	d.Deny(closed, 50001)
	b := newBench(t, func(c *change) {
		c.settings.API, c.settings.Token, c.settings.Shards, c.settings.MessageContent = d.URL(), d.Token(), 2, false
		c.settings.Channels = []channel.ChatID{channel.ChatID(good), channel.ChatID(mute), channel.ChatID(closed), "general"}
	})
	if !find(b, "accepts the token").OK || !find(b, "message content is not asked for").OK || !find(b, "is in: 1").OK || !find(b, "what it needs in channel "+good).OK {
		t.Error("these are fine")
	}
	if f := find(b, "in channel "+mute); f.OK || !strings.Contains(f.What, "Send Messages") || strings.Contains(f.What, "View Channel") {
		t.Errorf("mute: %+v", f)
	}
	if find(b, "channel "+closed).OK || find(b, "channel general").OK || find(b, "recommends 4").OK {
		t.Error("these are not fine")
	}
}

// TestForget looks for the person in the positions that are kept.
func TestForget(t *testing.T) {
	t.Parallel()
	b := newBench(t).start()
	people := []*discordtest.Customer{b.discord.Customer(1), b.discord.Customer(2)}
	named := func(id string) int {
		values, err := b.cursors.Cursors(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, v := range values {
			n += strings.Count(v, id)
		}
		return n
	}
	for i, c := range people {
		c.Say(fmt.Sprint("hello ", i))
		b.body(fmt.Sprint("hello ", i))
		if named(c.ID()) != 1 {
			t.Fatalf("the position of customer %d does not name them", i+1)
		}
	}
	forgetter, ok := channel.As[channel.Forgetter](b.channel)
	if !ok {
		t.Fatal("this network forgets nobody")
	}
	if err := forgetter.Forget(t.Context(), channel.PersonID(people[0].ID())); err != nil {
		t.Fatal(err)
	}
	people[0].Say("and again")
	b.body("and again")
	if named(people[0].ID()) != 0 || named(people[1].ID()) != 1 {
		t.Errorf("%d positions name who is forgotten, %d the other", named(people[0].ID()), named(people[1].ID()))
	}
}
