package discord_test

import (
	"fmt"
	"strings"
	"testing"

	"faqbot/bot/channel"
	"faqbot/bot/discord"
	"faqbot/bot/discord/discordtest"

	"github.com/google/go-cmp/cmp"
)

// scene is a server with a channel and a thread in it.
type scene struct {
	*bench
	guild, place, thread string
}

func newScene(t *testing.T, changes ...func(*change)) scene {
	t.Helper()
	b := newBench(t, changes...)
	s := scene{bench: b, guild: b.discord.Guild("shop")}
	s.place = b.discord.Channel(s.guild, "general")
	s.thread = b.discord.Thread(s.place, "topic")
	b.start()
	return s
}

func TestEvents_ServerMessages(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	c := s.discord.Customer(1)
	other := s.discord.Customer(2)
	botMessage := s.mustSend(channel.Message{ID: "m1", To: channel.Address{Network: discord.Network, Chat: channel.ChatID(s.place)}, Content: channel.PlainDocument("I answer")})
	type want struct {
		body      string
		addressed bool
		kind      channel.Kind
		command   string
	}
	posts := []discordtest.Post{
		{Text: "overheard"},
		{Text: "mentioned", Mention: true},
		{Text: "replied", ReplyTo: string(botMessage)},
		{Text: "by role <@&" + s.discord.BotRole(s.guild) + ">"},
		{Text: "to <@" + other.ID() + "> and <@!" + s.discord.BotID() + "> <:heart:123>"},
		{Text: "/help me", Mention: true},
		{Text: "/help overheard"},
		{Text: "/nosuch word", Mention: true},
		{Text: "<@" + s.discord.BotID() + ">"},
	}
	wants := []want{
		{"overheard", false, channel.Text, ""},
		{"mentioned", true, channel.Text, ""},
		{"replied", true, channel.Text, ""},
		{"by role", true, channel.Text, ""},
		{"to @Customer 2 and  :heart:", true, channel.Text, ""},
		{"me", true, channel.Command, "help"},
		{"overheard", true, channel.Command, "help"},
		{"word", true, channel.Command, "nosuch"},
		{"", true, channel.Text, ""},
	}
	for _, p := range posts {
		p.Channel = s.place
		c.Post(p)
	}
	s.await("all events", func() bool { return len(s.core.all()) == len(posts) })
	var got []want
	for _, e := range s.core.all() {
		got = append(got, want{e.Body, e.Addressed, e.Kind, e.Command})
		if a := e.Address; a.Private || string(a.Chat) != s.place || a.Thread != "" {
			t.Errorf("address %+v", a)
		}
	}
	if diff := cmp.Diff(wants, got, cmp.AllowUnexported(want{})); diff != "" {
		t.Error(diff)
	}
	if e := s.core.all()[2]; e.ReplyTo != botMessage || e.From.Name != "Customer 1" || e.From.Username != "customer1" || e.From.Locale != "" {
		t.Errorf("event %+v", e)
	}
}

func TestEvents_WithoutTheContentIntent(t *testing.T) {
	t.Parallel()
	s := newScene(t, func(c *change) { c.settings.MessageContent, c.server.NoMessageContent = false, true })
	c := s.discord.Customer(1)
	c.Post(discordtest.Post{Channel: s.place, Text: "not for the bot"})
	c.Post(discordtest.Post{Channel: s.place, Text: "for the bot", Mention: true})
	c.Say("in private")
	s.body("for the bot")
	s.body("in private")
	if n := len(s.core.all()); n != 2 {
		t.Errorf("%d events: %q", n, s.core.bodies())
	}
}

func TestEvents_Threads(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	c := s.discord.Customer(1)
	c.Post(discordtest.Post{Channel: s.thread, Text: "known thread"})
	late := s.discord.Thread(s.place, "late")
	c.Post(discordtest.Post{Channel: late, Text: "late thread"})
	for text, thread := range map[string]string{"known thread": s.thread, "late thread": late} {
		if a := s.body(text).Address; string(a.Chat) != s.place || string(a.Thread) != thread || a.Private {
			t.Errorf("%s: address %+v", text, a)
		}
	}
	if n := s.discord.Calls("GET /channels/{}"); n != 0 {
		t.Errorf("%d look-ups of channels that the gateway told of", n)
	}
	i := c.Ask(s.thread, "in the thread")
	e := s.body("in the thread")
	if string(e.Address.Thread) != s.thread || string(e.Address.Chat) != s.place {
		t.Errorf("address %+v", e.Address)
	}
	s.mustSend(channel.Message{ID: "m1", To: e.Address, Content: channel.PlainDocument("there"), Ticket: e.Ticket})
	if got := s.discord.Shown(s.thread); len(got) != 1 || i.Thinking() {
		t.Errorf("shown %+v", got)
	}
	s.discord.Remove(s.thread)
	gone := s.event("the end of the thread", func(e channel.Event) bool { return e.Kind == channel.Departed })
	if string(gone.Address.Thread) != s.thread {
		t.Errorf("gone %+v", gone)
	}
}

func TestEvents_EditsAndDeletions(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	c := s.discord.Customer(1)
	id := c.Say("first")
	first := s.body("first")
	c.Edit(id, "second")
	edited := s.body("second")
	if edited.Kind != channel.Edited || string(edited.Message) != id || edited.ID == first.ID || edited.Address != first.Address || edited.From.ID != first.From.ID {
		t.Errorf("edit %+v", edited)
	}
	c.Edit(id, "/help")
	if e := s.body("/help"); e.Kind != channel.Edited {
		t.Errorf("an edit into a command %+v", e)
	}
	// A link unfolds: an update without an edit.
	s.discord.Gateway().Inject("MESSAGE_UPDATE", fmt.Sprintf(`{"id":%q,"channel_id":%q,"author":{"id":%q},"content":"unfolded","edited_timestamp":null}`, id, c.Direct(), c.ID()))
	s.discord.Gateway().Inject("MESSAGE_UPDATE", fmt.Sprintf(`{"id":%q,"channel_id":%q,"embeds":[]}`, id, c.Direct()))
	c.Delete(id)
	deleted := s.event("the deletion", func(e channel.Event) bool { return e.Kind == channel.Deleted })
	if string(deleted.Message) != id || deleted.Address != first.Address || deleted.From.ID != first.From.ID {
		t.Errorf("deletion %+v", deleted)
	}
	a, b := c.Post(discordtest.Post{Channel: s.place, Text: "one"}), c.Post(discordtest.Post{Channel: s.place, Text: "two"})
	s.body("two")
	s.discord.Gateway().Inject("MESSAGE_DELETE_BULK", fmt.Sprintf(`{"ids":[%q,%q,null,7],"channel_id":%q,"guild_id":%q}`, a, b, s.place, s.guild))
	s.await("both deletions", func() bool { return len(s.core.all()) == 8 })
	for _, e := range s.core.all() {
		if e.Body == "unfolded" {
			t.Error("an unfolded link was taken for an edit")
		}
	}
}

func TestEvents_OwnAndOtherBots(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.mustSend(channel.Message{ID: "m1", To: s.private(1), Content: channel.PlainDocument("mine")})
	for _, author := range []string{`{"id":"5","bot":true}`, `{"id":"5","system":true}`, `{"id":` + fmt.Sprintf("%q", s.discord.BotID()) + `}`} {
		s.discord.Gateway().Inject("MESSAGE_CREATE", fmt.Sprintf(`{"id":"900","channel_id":%q,"guild_id":%q,"author":%s,"content":"x","type":0}`, s.place, s.guild, author))
	}
	s.discord.Gateway().Inject("MESSAGE_CREATE", fmt.Sprintf(`{"id":"901","channel_id":%q,"guild_id":%q,"author":{"id":"5"},"webhook_id":"6","content":"x","type":0}`, s.place, s.guild))
	s.discord.Gateway().Inject("MESSAGE_CREATE", fmt.Sprintf(`{"id":"902","channel_id":%q,"guild_id":%q,"author":{"id":"5"},"content":"joined","type":7}`, s.place, s.guild))
	s.discord.Customer(1).Say("me")
	s.body("me")
	if n := len(s.core.all()); n != 1 {
		t.Errorf("%d events: %q", n, s.core.bodies())
	}
}

func TestEvents_Media(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	c := s.discord.Customer(1)
	c.Post(discordtest.Post{Voice: true, Files: []discordtest.Upload{{Name: "voice-message.ogg", Type: "audio/ogg", Data: []byte("x")}}})
	c.Post(discordtest.Post{Files: []discordtest.Upload{{Name: "a.jpg", Type: "image/jpeg"}, {Name: "b.mp4", Type: "video/mp4"}}})
	c.Post(discordtest.Post{Stickers: []string{"Wave"}})
	c.Post(discordtest.Post{More: map[string]any{"poll": map[string]any{"question": map[string]any{"text": "Which?"}}}})
	c.Post(discordtest.Post{})
	c.Post(discordtest.Post{More: map[string]any{"message_snapshots": []any{map[string]any{"message": map[string]any{
		"content": "passed on", "attachments": []any{map[string]any{"id": "77", "filename": "c.txt"}},
	}}}}})
	s.await("all events", func() bool { return len(s.core.all()) == 6 })
	var got [][]channel.Media
	for _, e := range s.core.all() {
		var media []channel.Media
		for _, a := range e.Attachments {
			media = append(media, a.Media)
		}
		got = append(got, media)
	}
	want := [][]channel.Media{{channel.Voice}, {channel.Photo, channel.File}, {channel.Sticker}, {channel.OtherMsg}, {channel.OtherMsg}, {channel.File}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if e := s.core.all(); e[2].Attachments[0].Text != "Wave" || e[3].Attachments[0].Text != "Which?" || e[5].Body != "passed on" {
		t.Errorf("events %+v", e)
	}
}

// What is typed with a slash before it is a command wherever it can be read, as on other networks.
func TestEvents_TypedCommands(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	cases := []struct{ text, command, body string }{
		{"/start abc_DEF-1", "start", "abc_DEF-1"}, {"/ASK how\nmuch?", "ask", "how\nmuch?"}, {"/human", "human", ""}, {"/forget ", "forget", ""},
		{"/staff ABC", "staff", "ABC"}, {"/claim", "claim", ""}, {"/ñandú x", "ñandú", "x"}, {"/a-b_2", "a-b_2", ""},
		{"/path/to/file", "", "/path/to/file"}, {"/24 x", "", "/24 x"}, {"/", "", "/"}, {"// a note", "", "// a note"}, {"see /claim", "", "see /claim"},
		{"/" + strings.Repeat("x", 33), "", "/" + strings.Repeat("x", 33)}, {"/claim?", "", "/claim?"},
	}
	for _, place := range []string{"", s.place, s.thread} {
		before := len(s.core.all())
		for _, c := range cases {
			s.discord.Customer(1).Post(discordtest.Post{Channel: place, Text: c.text})
		}
		s.await("all events", func() bool { return len(s.core.all()) == before+len(cases) })
		for i, e := range s.core.all()[before:] {
			kind := channel.Text
			if cases[i].command != "" {
				kind = channel.Command
			}
			if e.Kind != kind || e.Command != cases[i].command || e.Body != cases[i].body || e.Addressed != (place == "" || kind == channel.Command) {
				t.Errorf("%q in %q: %+v", cases[i].text, place, e)
			}
		}
	}
}

func TestHandle_PanicKeepsTheShardAlive(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.core.mu.Lock()
	s.core.handle = func(e channel.Event) error {
		if e.Body == "poison" {
			panic("no")
		}
		return nil
	}
	s.core.mu.Unlock()
	s.discord.Customer(1).Say("poison")
	s.discord.Customer(1).Say("fine")
	s.body("fine")
	if !strings.Contains(s.log.String(), "an event was dropped") {
		t.Error("the log does not tell")
	}
}
