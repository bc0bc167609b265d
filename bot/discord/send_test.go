package discord_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"faqbot/bot/channel"
	"faqbot/bot/discord"
	"faqbot/bot/discord/discordtest"
	"faqbot/faq/fault"

	"github.com/google/go-cmp/cmp"
)

func TestSend_Once(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *change) { c.server.Unlimited = true })
	to := b.private(1)
	first, err := b.send("0000000000000000000000001", to, "hello")
	if err != nil {
		t.Fatal(err)
	}
	again, err := b.send("0000000000000000000000001", to, "hello")
	if err != nil || again != first {
		t.Errorf("again: %q, %v, first %q", again, err, first)
	}
	long := strings.Repeat("a-much-longer-id/", 5)
	for _, id := range []string{long + "1", long + "2", long + "2", "ünïcode"} {
		b.mustSend(channel.Message{ID: id, To: to, Content: channel.PlainDocument("x")})
	}
	records := b.discord.Records()
	if len(records) != 4 {
		t.Errorf("%d messages, want 4", len(records))
	}
	for _, r := range records {
		if n := utf8.RuneCountInString(r.Nonce); n == 0 || n > 25 {
			t.Errorf("a nonce of %d characters", n)
		}
	}
}

func TestSend_Buttons(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var buttons []channel.Button
	for i := range 24 {
		buttons = append(buttons, channel.Button{Label: fmt.Sprint("button ", i), Action: fmt.Sprint("a", i)})
	}
	buttons[3].Label = strings.Repeat("länge ", 30)
	buttons[4].Label = " \n "
	buttons = append(buttons,
		channel.Button{Label: "twice", Action: "a1"}, channel.Button{Label: "mail", URL: "mailto:a@b.example"},
		channel.Button{Label: "long", URL: "https://e.example/" + strings.Repeat("x", 600)}, channel.Button{Label: "page", URL: "https://e.example/?a=1"},
		channel.Button{Label: "one too many", Action: "z"})
	b.mustSend(channel.Message{ID: "m1", To: b.private(1), Content: channel.PlainDocument("choose"), Buttons: buttons})
	shown := b.discord.Customer(1).Shown()[0]
	if len(shown.Buttons) != 25 || shown.Buttons[24] != "page" || shown.Pages["page"] != "https://e.example/?a=1" {
		t.Errorf("buttons %q, links %v", shown.Buttons, shown.Pages)
	}
	if n := utf8.RuneCountInString(shown.Buttons[3]); n != 80 || !strings.HasSuffix(shown.Buttons[3], "…") {
		t.Errorf("label of %d characters: %s", n, shown.Buttons[3])
	}
}

func TestSend_NothingMentionsAnybody(t *testing.T) {
	t.Parallel()
	b := newBench(t).start()
	place := b.discord.Channel(b.discord.Guild("shop"), "general")
	text := "@everyone @here <@" + b.discord.Customer(2).ID() + "> `@everyone` [x](https://e.example/@everyone)"
	to := channel.Address{Network: discord.Network, Chat: channel.ChatID(place)}
	question := b.discord.Customer(2).Post(discordtest.Post{Channel: place, Text: "hi", Mention: true})
	id := b.mustSend(channel.Message{ID: "m1", To: to, Content: channel.Parse(text), ReplyTo: channel.MessageID(question)})
	b.mustSend(channel.Message{ID: "m2", To: to, Content: channel.Parse(text), Replaces: id})
	i := b.discord.Customer(2).Ask(place, "what")
	e := b.body("what")
	b.mustSend(channel.Message{ID: "m3", To: to, Content: channel.Parse(text), Ticket: e.Ticket})
	b.mustSend(channel.Message{ID: "m4", To: to, Content: channel.Parse(text), Ticket: e.Ticket})
	if i.Thinking() || len(b.discord.Shown(place)) != 3 {
		t.Errorf("%d messages shown", len(b.discord.Shown(place)))
	}
	// The fake fails the test on any message that could have mentioned somebody.
}

// Who is called is named by exactly their ID, whatever stands around it.
func TestSend_Calls(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *change) { c.server.Unlimited = true })
	call := channel.Call("discord", "175928847299117063", "Ada @everyone")
	text := func(s string) channel.Span { return channel.Span{Kind: channel.Plain, Text: s} }
	for name, c := range map[string]struct {
		blocks channel.Document
		want   string
		live   []string
	}{
		"in text":        {channel.Document{{Kind: channel.Paragraph, Spans: []channel.Span{text("Look, "), call, text(" <@5>!")}}}, "Look, ⟦<@175928847299117063>⟧ <@5>!", []string{"<@175928847299117063>"}},
		"twice":          {channel.Document{{Kind: channel.Paragraph, Spans: []channel.Span{call, call}}}, "⟦<@175928847299117063>⟧⟦<@175928847299117063>⟧", []string{"<@175928847299117063>", "<@175928847299117063>"}},
		"in a heading":   {channel.Document{{Kind: channel.Heading, Level: 2, Spans: []channel.Span{text("Look, "), call}}}, "Look, ⟦<@175928847299117063>⟧", []string{"<@175928847299117063>"}},
		"in bold":        {channel.Document{{Kind: channel.Paragraph, Spans: []channel.Span{{Kind: channel.Strong, Spans: []channel.Span{text("a"), call, text("b")}}}}}, "a⟦<@175928847299117063>⟧b", []string{"<@175928847299117063>"}},
		"in a list":      {channel.Document{{Kind: channel.List, Items: []channel.Document{{{Kind: channel.Paragraph, Spans: []channel.Span{call}}}}}}, "• ⟦<@175928847299117063>⟧", []string{"<@175928847299117063>"}},
		"in a link":      {channel.Document{{Kind: channel.Paragraph, Spans: []channel.Span{{Kind: channel.LinkTo, URL: "https://a.example/", Spans: []channel.Span{call}}}}}, "@Ada @everyone (https://a.example/)", nil},
		"of elsewhere":   {channel.Document{{Kind: channel.Paragraph, Spans: []channel.Span{channel.Call("telegram", "5", "Ada")}}}, "@Ada", nil},
		"of no such ID":  {channel.Document{{Kind: channel.Paragraph, Spans: []channel.Span{channel.Call("discord", "5> @everyone", "Ada")}}}, "@Ada", nil},
		"with code text": {channel.Document{{Kind: channel.Code, Text: "<@5>"}, {Kind: channel.Paragraph, Spans: []channel.Span{call}}}, "<@5>\n⟦<@175928847299117063>⟧", []string{"<@175928847299117063>"}},
	} {
		b.mustSend(channel.Message{ID: name, To: b.private(1), Content: c.blocks})
		all := b.discord.Customer(1).Shown()
		shown := all[len(all)-1]
		if got := strings.ReplaceAll(shown.Text, "\n\n", "\n"); got != c.want {
			t.Errorf("%s: shown %q, want %q, by %q", name, got, c.want, shown.Content)
		}
		if diff := cmp.Diff(c.live, shown.Live); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestSend_RepliesEditsQuiet(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	customer := b.discord.Customer(1)
	question := customer.Say("hi")
	id := b.mustSend(channel.Message{ID: "m1", To: b.private(1), Content: channel.PlainDocument("one"), ReplyTo: channel.MessageID(question), Quiet: true,
		Buttons: []channel.Button{{Label: "b", Action: "a"}}})
	b.mustSend(channel.Message{ID: "m2", To: b.private(1), Content: channel.PlainDocument("two"), ReplyTo: "123"})
	b.mustSend(channel.Message{ID: "m3", To: b.private(1), Content: channel.Parse("[three](https://e.example)"), Replaces: id})
	shown := customer.Shown()
	if len(shown) != 2 || shown[0].ReplyTo != question || !shown[0].Silent || shown[0].Text != "three (https://e.example)" || !shown[0].Edited || len(shown[0].Buttons) != 0 {
		t.Errorf("shown %+v", shown)
	}
	if !shown[1].Suppressed || len(shown[1].Display.Unfolds) != 0 {
		t.Errorf("plain text may unfold: %+v", shown[1])
	}
	for name, m := range map[string]channel.Message{
		"deleted":     {Replaces: "999"},
		"never known": {Replaces: "sent-abc"},
		"theirs":      {Replaces: channel.MessageID(question)},
		"nowhere":     {To: channel.Address{Network: discord.Network, Chat: "../users/@me"}},
		"empty":       {Content: channel.Document{}},
	} {
		if m.To == (channel.Address{}) {
			m.To = b.private(2)
			if name == "theirs" {
				m.To = channel.Address{Network: discord.Network, Chat: b.private(1).Chat}
			}
		}
		if m.Content == nil {
			m.Content = channel.PlainDocument("x")
		}
		m.ID = name
		if fate, err := channel.FateOf(second(b.channel.Send(t.Context(), m))); fate != channel.Refused {
			t.Errorf("%s: told %q (%v)", name, fate, err)
		}
	}
}

func TestSend_EditFates(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.mustSend(channel.Message{ID: "m1", To: b.private(1), Content: channel.PlainDocument("one")})
	for fate, f := range map[channel.Fate]discordtest.Fault{
		channel.Unknown: {Status: 500}, channel.Gone: {Status: 403, Code: 50007}, "": {Garble: true, Deliver: true},
	} {
		b.discord.Fail("PATCH /channels/{}/messages/{}", f)
		_, err := b.channel.Send(t.Context(), channel.Message{ID: "m2", To: b.private(1), Content: channel.PlainDocument("two"), Replaces: id})
		if got, _ := channel.FateOf(err); got != fate {
			t.Errorf("told %q (%v), want %q", got, err, fate)
		}
	}
}

func TestSend_TooLong(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if fate, err := channel.FateOf(second(b.send("m1", b.private(1), strings.Repeat("*", 1500)+strings.Repeat("x", 600)))); fate != channel.TooLong {
		t.Errorf("told %q (%v)", fate, err)
	}
	if n := b.discord.Calls(""); n != 0 {
		t.Errorf("%d calls for what Discord refuses", n)
	}
	b.mustSend(channel.Message{ID: "m2", To: b.private(1), Content: channel.PlainDocument(strings.Repeat("é", 2000))})
}

func TestSend_Pictures(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	text := "See\n\n![one](https://e.example/1.png)\n\n- ![two](https://e.example/2.png)"
	for i := range 12 {
		text += fmt.Sprintf("\n\n![](https://e.example/%d.png)", i)
	}
	b.mustSend(channel.Message{ID: "m1", To: b.private(1), Content: channel.Parse(text)})
	shown := b.discord.Customer(1).Shown()[0]
	if len(shown.Images) != 10 || shown.Images[1] != "https://e.example/2.png" || shown.Suppressed {
		t.Errorf("images %q, suppressed %v", shown.Images, shown.Suppressed)
	}
}

func TestSend_Threads(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	place := b.discord.Channel(b.discord.Guild("shop"), "desk")
	thread := b.discord.Thread(place, "ticket")
	to := channel.Address{Network: discord.Network, Chat: channel.ChatID(place), Thread: channel.ThreadID(thread)}
	id := b.mustSend(channel.Message{ID: "m1", To: to, Content: channel.PlainDocument("in the thread")})
	b.discord.Archive(thread, false)
	b.mustSend(channel.Message{ID: "m2", To: to, Content: channel.PlainDocument("edited"), Replaces: id})
	if len(b.discord.Archived(place)) != 0 {
		t.Error("the thread is archived still")
	}
	b.discord.Archive(thread, false)
	b.mustSend(channel.Message{ID: "m3", To: to, Content: channel.PlainDocument("opens it")})
	if got := b.discord.Shown(thread); len(got) != 2 || got[0].Text != "edited" || len(b.discord.Shown(place)) != 0 {
		t.Errorf("shown %+v", got)
	}
}

func TestSend_Attachments(t *testing.T) {
	t.Parallel()
	sources := map[string]string{"photo": "picture bytes", "voice": "sound bytes", "big": strings.Repeat("x", 11<<20), "gone": "", "late": ""}
	b := newBench(t, func(c *change) {
		c.options.SourceFunc = func(_ context.Context, a channel.Attachment) (io.ReadCloser, error) {
			switch a.Ref {
			case "gone":
				return nil, fault.New(fault.NotFound, "no such file")
			case "late":
				return nil, errors.New("timeout")
			}
			return io.NopCloser(bytes.NewBufferString(sources[a.Ref])), nil
		}
	})
	from := func(ref, name string, media channel.Media) channel.Attachment {
		return channel.Attachment{Network: "telegram", Media: media, Ref: ref, Name: name, Type: "image/png\r\nX: y"}
	}
	b.mustSend(channel.Message{ID: "m1", To: b.private(1), Content: channel.PlainDocument("look"), Attachments: []channel.Attachment{
		from("photo", "../a\"b\n.png", channel.Photo), from("voice", "", channel.Voice), from("big", "film.mp4", channel.Video),
		{Network: "telegram", Media: channel.Place, Text: "52.5, 13.4"}, {Network: "telegram", Media: channel.File, Ref: "x", Name: "@everyone.zip", Size: 20 << 20},
	}})
	shown := b.discord.Customer(1).Shown()[0]
	if diff := cmp.Diff([]string{"a_b_.png", "voice-2"}, shown.Files); diff != "" {
		t.Error(diff)
	}
	if want := "look\n[video] film.mp4\n[place] 52.5, 13.4\n[file] @everyone.zip"; shown.Text != want || len(shown.Display.Live) > 0 {
		t.Errorf("shown %q, want %q", shown.Text, want)
	}
	if fate, _ := channel.FateOf(second(b.channel.Send(t.Context(), channel.Message{ID: "m2", To: b.private(1), Attachments: []channel.Attachment{from("gone", "x", channel.File)}}))); fate != channel.Refused {
		t.Errorf("a file that is gone: told %q", fate)
	}
	if _, err := b.channel.Send(t.Context(), channel.Message{ID: "m3", To: b.private(1), Attachments: []channel.Attachment{from("late", "x", channel.File)}}); err == nil {
		t.Error("a file that cannot be opened now: no error")
	}
	b.discord.Fail(createMessage, discordtest.Fault{Reset: true})
	b.mustSend(channel.Message{ID: "m4", To: b.private(1), Attachments: []channel.Attachment{from("photo", "p.png", channel.Photo)}})
	if got := b.discord.Customer(1).Shown(); len(got) != 2 || !slices.Equal(got[1].Files, []string{"p.png"}) {
		t.Errorf("after a retry: %+v", got)
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	b := newBench(t).start()
	b.discord.LinkLife(0) // links lapse at once; asking anew is the only way
	customer := b.discord.Customer(1)
	customer.Post(discordtest.Post{Text: "look", Files: []discordtest.Upload{{Name: "a.png", Type: "image/png", Data: []byte("picture")}, {Name: "b.pdf", Type: "application/pdf", Data: []byte("paper")}}})
	e := b.body("look")
	b.discord.LinkLife(discordtest.UsualLinkLife)
	want := []channel.Attachment{
		{Network: discord.Network, Media: channel.Photo, Ref: e.Attachments[0].Ref, Name: "a.png", Type: "image/png", Size: 7},
		{Network: discord.Network, Media: channel.File, Ref: e.Attachments[1].Ref, Name: "b.pdf", Type: "application/pdf", Size: 5},
	}
	if diff := cmp.Diff(want, e.Attachments); diff != "" {
		t.Error(diff)
	}
	for i, text := range []string{"picture", "paper"} {
		r, err := b.channel.Open(t.Context(), e.Attachments[i])
		if err != nil {
			t.Fatal(err)
		}
		data, _ := io.ReadAll(r)
		if err := r.Close(); err != nil || string(data) != text {
			t.Errorf("read %q, %v", data, err)
		}
	}
	// Without a source for other networks, Discord's own attachments can still be passed on.
	b.mustSend(channel.Message{ID: "m1", To: b.private(2), Content: channel.PlainDocument("relayed"), Attachments: append(e.Attachments, channel.Attachment{Network: "telegram", Ref: "x", Media: channel.File, Name: "t.txt"})})
	if shown := b.discord.Customer(2).Shown()[0]; !slices.Equal(shown.Files, []string{"a.png", "b.pdf"}) || shown.Text != "relayed\n[file] t.txt" {
		t.Errorf("relayed %+v", shown)
	}
	customer.Post(discordtest.Post{Text: "odd address", More: map[string]any{"attachments": []any{map[string]any{"id": "77", "filename": "x", "url": "http://169.254.169.254/latest"}}}})
	odd := b.body("odd address").Attachments[0]
	customer.Delete(string(e.Message))
	for _, a := range []channel.Attachment{e.Attachments[0], odd, {Network: discord.Network, Ref: "1/2/../3"}, {Network: "telegram", Ref: e.Attachments[0].Ref}, {Network: discord.Network}} {
		if _, err := b.channel.Open(t.Context(), a); !fault.Is(err, fault.NotFound) {
			t.Errorf("%+v: %v", a, err)
		}
	}
}
