package discord_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

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
		{"/help overheard", false, channel.Text, ""},
		{"/nosuch word", true, channel.Text, ""},
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

func TestEvents_TypedCommands(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	for text, want := range map[string][2]string{
		"/start abc_DEF-1": {"start", "abc_DEF-1"}, "/ASK how\nmuch?": {"ask", "how\nmuch?"}, "/human": {"human", ""}, "/forget ": {"forget", ""},
	} {
		s.discord.Customer(1).Say(text)
		e := s.event(text, func(e channel.Event) bool { return e.Command == want[0] })
		if e.Kind != channel.Command || e.Body != want[1] {
			t.Errorf("%q: %+v", text, e)
		}
	}
	s.discord.Customer(1).Say("/path/to/file")
	if e := s.body("/path/to/file"); e.Kind != channel.Text {
		t.Errorf("no command: %+v", e)
	}
}

func TestInteractions_Command(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	c := s.discord.Customer(1)
	c.Speak("pt-BR")
	for _, place := range []string{"", s.place} {
		body := "where in " + place
		begun := time.Now()
		i := c.Ask(place, body)
		if err := i.Wait(t.Context()); err != nil || i.Answer() != 5 || !i.Thinking() {
			t.Fatalf("%v, answer %d, thinking %v", err, i.Answer(), i.Thinking())
		}
		e := s.body(body)
		if e.Kind != channel.Command || e.Command != "ask" || e.From.Locale != "pt-BR" || !e.Addressed || e.Address.Private != (place == "") || e.From.ID != channel.PersonID(c.ID()) {
			t.Errorf("event %+v", e)
		}
		if e.Ticket == nil || e.Ticket.Expires.Before(begun.Add(14*time.Minute)) || e.Ticket.Expires.After(begun.Add(16*time.Minute)) || len(e.Ticket.Secret) == 0 {
			t.Fatalf("ticket %+v", e.Ticket)
		}
		for n, text := range []string{"first", "second", "third"} {
			s.mustSend(channel.Message{ID: fmt.Sprint("m", place, n), To: e.Address, Content: channel.PlainDocument(text), Ticket: e.Ticket})
		}
		if i.Thinking() {
			t.Error("still thinking")
		}
	}
	for _, shown := range [][]discordtest.Shown{c.Shown(), s.discord.Shown(s.place)} {
		if len(shown) != 3 || shown[0].Text != "first" || shown[1].Text != "second" || shown[2].Text != "third" {
			t.Errorf("shown %+v", shown)
		}
	}
	if n := s.discord.Calls("GET /webhooks/{}/{}/messages/@original"); n != 0 {
		t.Errorf("asked %d times for what it knew", n)
	}
}

func TestInteractions_Button(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	to := channel.Address{Network: discord.Network, Chat: channel.ChatID(s.place)}
	c := s.discord.Customer(1)
	for _, a := range []channel.Address{to, s.private(1)} {
		id := s.mustSend(channel.Message{ID: "m" + string(a.Chat), To: a, Content: channel.PlainDocument("choose"), Buttons: []channel.Button{{Label: "Yes", Action: "y:" + string(a.Chat)}}})
		i, err := c.Press(string(a.Chat), "Yes")
		if err != nil {
			t.Fatal(err)
		}
		if err := i.Wait(t.Context()); err != nil || i.Answer() != 6 {
			t.Errorf("%v, answer %d", err, i.Answer())
		}
		e := s.body("y:" + string(a.Chat))
		if e.Kind != channel.Press || e.Message != id || e.Address != a || e.Ticket == nil {
			t.Errorf("event %+v", e)
		}
		s.mustSend(channel.Message{ID: "n" + string(a.Chat), To: a, Content: channel.PlainDocument("answer"), Ticket: e.Ticket})
		s.mustSend(channel.Message{ID: "o" + string(a.Chat), To: a, Content: channel.PlainDocument("chosen"), Ticket: e.Ticket, Replaces: id})
		if shown := s.discord.Shown(string(a.Chat)); len(shown) != 2 || shown[0].Text != "chosen" || shown[1].Text != "answer" {
			t.Errorf("a press must not change the message with the button: %+v", shown)
		}
	}
}

func TestInteractions_AnsweredBeforeTheyAreHandled(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	hold := make(chan struct{})
	s.core.mu.Lock()
	s.core.handle = func(e channel.Event) error {
		select {
		case <-hold:
			return nil
		default:
			return errors.New("the database is down")
		}
	}
	s.core.mu.Unlock()
	i := s.discord.Customer(1).Ask("", "slow")
	j := s.discord.Customer(2).Ask("", "slow too")
	for _, i := range []*discordtest.Interaction{i, j} {
		if err := i.Wait(t.Context()); err != nil {
			t.Error(err)
		}
	}
	close(hold)
	s.body("slow")
	s.body("slow too")
}

func TestInteractions_LostDeferral(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	c := s.discord.Customer(1)
	const callback = "POST /interactions/{}/{}/callback"
	for name, f := range map[string]struct {
		fault  []discordtest.Fault
		ticket bool
	}{
		"delivered, and the answer lost": {[]discordtest.Fault{{Reset: true, Deliver: true}}, true}, // the next try says 40060
		"503 first":                      {[]discordtest.Fault{{Status: 503, HTML: true}}, true},
		"429 first":                      {[]discordtest.Fault{{After: 100 * time.Millisecond}}, true},
		"too late":                       {[]discordtest.Fault{{Status: 404, Code: 10062}}, false},
	} {
		s.discord.Fail(callback, f.fault...)
		c.Ask("", name)
		e := s.body(name)
		if (e.Ticket != nil) != f.ticket {
			t.Errorf("%s: ticket %v", name, e.Ticket != nil)
		}
		s.mustSend(channel.Message{ID: name, To: e.Address, Content: channel.PlainDocument("answer to " + name), Ticket: e.Ticket})
	}
	if shown := c.Shown(); len(shown) != 4 {
		t.Errorf("shown %+v", shown)
	}
}

func TestInteractions_LapsedTicket(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	c := s.discord.Customer(1)
	for n, place := range []string{"", s.place} {
		i := c.Ask(place, fmt.Sprint("late ", n))
		e := s.body(fmt.Sprint("late ", n))
		i.Lapse()
		s.mustSend(channel.Message{ID: fmt.Sprint("m", n), To: e.Address, Content: channel.PlainDocument("to the channel"), Ticket: e.Ticket})
		past := *e.Ticket
		past.Expires = time.Now().Add(-time.Minute)
		calls := s.discord.Calls("PATCH /webhooks/{}/{}/messages/@original")
		s.mustSend(channel.Message{ID: fmt.Sprint("n", n), To: e.Address, Content: channel.PlainDocument("again"), Ticket: &past})
		s.mustSend(channel.Message{ID: fmt.Sprint("o", n), To: e.Address, Content: channel.PlainDocument("odd"), Ticket: &channel.ReplyTicket{Secret: "nonsense", Expires: time.Now().Add(time.Hour)}})
		if s.discord.Calls("PATCH /webhooks/{}/{}/messages/@original") != calls {
			t.Error("a lapsed ticket was tried")
		}
		if shown := s.discord.Shown(string(e.Address.Chat)); len(shown) != 3 || shown[0].Text != "to the channel" {
			t.Errorf("shown %+v", shown)
		}
	}
	if _, err := s.send("m9", s.private(2), "a refused interaction token says nothing of the bot's"); err != nil {
		t.Error(err)
	}
}

func TestInteractions_TicketAfterARestart(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	c := s.discord.Customer(1)
	var events []channel.Event
	for _, text := range []string{"unanswered", "answered"} {
		c.Ask(s.place, text)
		events = append(events, s.body(text))
	}
	s.mustSend(channel.Message{ID: "m1", To: events[1].Address, Content: channel.PlainDocument("first"), Ticket: events[1].Ticket})
	again := s.again()
	for _, m := range []channel.Message{
		{ID: "m1", To: events[1].Address, Content: channel.PlainDocument("first"), Ticket: events[1].Ticket},  // its fate was unknown: sent again
		{ID: "m2", To: events[1].Address, Content: channel.PlainDocument("second"), Ticket: events[1].Ticket}, // must not replace the first
		{ID: "m3", To: events[0].Address, Content: channel.PlainDocument("late"), Ticket: events[0].Ticket},
	} {
		if _, err := again.Send(t.Context(), m); err != nil {
			t.Error(err)
		}
	}
	var got []string
	for _, shown := range s.discord.Shown(s.place) {
		got = append(got, shown.Text)
	}
	if diff := cmp.Diff([]string{"late", "first", "second"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestInteractions_FollowUpOfUnknownFate(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.discord.Customer(1).Ask(s.place, "question")
	e := s.body("question")
	s.mustSend(channel.Message{ID: "m1", To: e.Address, Content: channel.PlainDocument("first"), Ticket: e.Ticket})
	for n, f := range []discordtest.Fault{{Status: 500, Deliver: true}, {Status: 500}} {
		m := channel.Message{ID: fmt.Sprint("n", n), To: e.Address, Content: channel.PlainDocument(fmt.Sprint("more ", n)), Ticket: e.Ticket}
		s.discord.Fail("POST /webhooks/{}/{}", f)
		if fate, _ := channel.FateOf(second(s.channel.Send(t.Context(), m))); fate != channel.Unknown {
			t.Errorf("told %q", fate)
		}
		s.mustSend(m)
	}
	if shown := s.discord.Shown(s.place); len(shown) != 3 {
		t.Errorf("shown %+v", shown)
	}
	s.discord.Fail("PATCH /webhooks/{}/{}/messages/@original", discordtest.Fault{Status: 500, Deliver: true})
	s.discord.Customer(1).Ask(s.place, "another")
	e = s.body("another")
	m := channel.Message{ID: "o1", To: e.Address, Content: channel.PlainDocument("edited twice"), Ticket: e.Ticket}
	if fate, _ := channel.FateOf(second(s.channel.Send(t.Context(), m))); fate != channel.Unknown {
		t.Errorf("told %q", fate)
	}
	s.mustSend(m)
	if shown := s.discord.Shown(s.place); len(shown) != 4 {
		t.Errorf("shown %+v", shown)
	}
}

func TestComplete(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	c := s.discord.Customer(1)
	ask := func(complete func(context.Context, channel.Completion) ([]channel.Choice, error)) [][2]string {
		t.Helper()
		s.core.mu.Lock()
		s.core.complete = complete
		s.core.mu.Unlock()
		begun := time.Now()
		got, err := c.Type(t.Context(), s.place, "how mu")
		if err != nil || time.Since(begun) > 2*time.Second {
			t.Errorf("%v after %v", err, time.Since(begun))
		}
		return got
	}
	if got := ask(nil); len(got) != 1 || got[0] != [2]string{"A choice", "a choice"} {
		t.Errorf("choices %q", got)
	}
	if q := s.core.typed[0]; q.Typed != "how mu" || string(q.Address.Chat) != s.place || q.From.ID != channel.PersonID(c.ID()) {
		t.Errorf("asked %+v", q)
	}
	got := ask(func(context.Context, channel.Completion) ([]channel.Choice, error) {
		out := []channel.Choice{{Label: "", Value: "x"}}
		for i := range 40 {
			out = append(out, channel.Choice{Label: fmt.Sprint(i, strings.Repeat("ä", 150)), Value: strings.Repeat("ö", 150)})
		}
		return out, nil
	})
	if len(got) != 25 || len([]rune(got[0][0])) != 100 || len([]rune(got[0][1])) != 100 {
		t.Errorf("%d choices", len(got))
	}
	for name, complete := range map[string]func(context.Context, channel.Completion) ([]channel.Choice, error){
		"error": func(context.Context, channel.Completion) ([]channel.Choice, error) { return nil, errors.New("no") },
		"slow": func(ctx context.Context, _ channel.Completion) ([]channel.Choice, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		},
		"panic": func(context.Context, channel.Completion) ([]channel.Choice, error) { panic("no") },
	} {
		if got := ask(complete); len(got) != 0 {
			t.Errorf("%s: choices %q", name, got)
		}
	}
	if n := len(s.core.all()); n != 0 {
		t.Errorf("%d events of typing", n)
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
