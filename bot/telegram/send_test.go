package telegram_test

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"

	"faqbot/bot/channel"
	"faqbot/bot/telegram/telegramtest"

	"github.com/google/go-cmp/cmp"
)

// "HTML is the sane mode for our own texts; relayed text goes out with no parse mode at all."
func TestSend_RelayedTextHasNoParseMode(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	_, to := f.private(1)
	hostile := "<b>*bold*</b> &lt; [x](https://evil.example) <a href=\"tg://user?id=1\">you</a>\n\n\n\n> https://evil.example/trap"
	shown := f.mustSend(channel.Message{To: to, Content: channel.PlainDocument(hostile)})
	if shown.Text != strings.ReplaceAll(hostile, "\n\n\n\n", "\n\n") {
		t.Errorf("shown %q", shown.Text)
	}
	f.mustSend(channel.Message{To: to, Content: channel.Parse("**Hello** <you> & you")})
	calls := f.server.Calls("sendMessage")
	if mode, given := calls[0].Params["parse_mode"]; given {
		t.Errorf("relayed text went out as %q", mode)
	}
	if calls[1].Params["parse_mode"] != "HTML" {
		t.Errorf("our own text went out as %q", calls[1].Params["parse_mode"])
	}
	for _, c := range calls {
		if c.Params["link_preview_options"] != `{"is_disabled":true}` {
			t.Errorf("previews: %s", c.Params["link_preview_options"])
		}
	}
	for _, e := range shown.Entities {
		if e.Type == "text_link" || e.Type == "text_mention" || e.Type == "bold" {
			t.Errorf("a stranger's %s is live", e.Type)
		}
	}
}

// Who is called is called by their ID, by whatever name; who is not one of the platform's is a name.
func TestSend_Calls(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	_, to := f.private(1)
	d := channel.Document{{Kind: channel.Paragraph, Spans: []channel.Span{
		{Kind: channel.Plain, Text: "Look: "}, channel.Call("telegram", "4711", `A <b>&"da`), {Kind: channel.Plain, Text: " "}, channel.Call("discord", "4711", "Ben"),
		{Kind: channel.Plain, Text: " "}, channel.Call("telegram", `1"><b>`, "Eve"), {Kind: channel.Plain, Text: " "}, channel.Call("telegram", "-100", "Anonymous"),
	}}}
	shown := f.mustSend(channel.Message{To: to, Content: d})
	if want := `Look: @A <b>&"da @Ben @Eve @Anonymous`; shown.Text != want {
		t.Errorf("shown %q, want %q", shown.Text, want)
	}
	var called []string
	for _, e := range shown.Entities {
		if e.Type == "text_mention" || e.Type == "text_link" || e.Type == "bold" {
			called = append(called, fmt.Sprint(e.Type, e.Offset, "+", e.Length, e.URL))
		}
	}
	if diff := cmp.Diff([]string{"text_mention6+10tg://user?id=4711"}, called); diff != "" {
		t.Error(diff)
	}
}

// A quote of a stranger's words inside our own markup is words.
func TestSend_WordsInsideMarkupAreWords(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	_, to := f.private(1)
	words := `<b>x</b> &amp; </blockquote></b><a href="https://evil.example">y</a>`
	d := channel.Document{
		{Kind: channel.Heading, Level: 1, Spans: []channel.Span{{Kind: channel.Plain, Text: words}}},
		{Kind: channel.Quote, Blocks: channel.PlainDocument(words)},
		{Kind: channel.Code, Text: words},
		{Kind: channel.Paragraph, Spans: []channel.Span{{Kind: channel.LinkTo, URL: "https://e.com/?a=1&b=%22%3Cb%3E", Spans: []channel.Span{{Kind: channel.Plain, Text: words}}}}},
	}
	shown := f.mustSend(channel.Message{To: to, Content: d})
	if want := strings.Join([]string{words, words, words, words}, "\n\n"); shown.Text != want {
		t.Errorf("shown %q", shown.Text)
	}
	for _, e := range shown.Entities {
		if e.Type == "text_link" && e.URL != "https://e.com/?a=1&b=%22%3Cb%3E" {
			t.Errorf("a link to %s", e.URL)
		}
	}
}

func TestSend_Previews(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"See https://example.com/ and [this](https://example.com/x)":                   `{"is_disabled":true}`,
		"![a map](https://example.com/map.png)":                                        `{"prefer_large_media":true,"url":"https://example.com/map.png"}`,
		"Text https://evil.example\n\n![a map](https://example.com/map.png)\n\n- more": `{"prefer_large_media":true,"url":"https://example.com/map.png"}`,
		"![one](https://example.com/1.png) ![two](https://example.com/2.png)":          `{"is_disabled":true}`,
		"![inside](http://localhost/1.png)":                                            `{"is_disabled":true}`,
		"[![linked](https://example.com/1.png)](https://example.com/page)":             `{"prefer_large_media":true,"url":"https://example.com/1.png"}`,
	} {
		f := open(t, nil)
		_, to := f.private(1)
		f.mustSend(channel.Message{To: to, Content: channel.Parse(source)})
		if got := f.server.Calls("sendMessage")[0].Params["link_preview_options"]; got != want {
			t.Errorf("%s: %s, want %s", source, got, want)
		}
	}
}

func TestSend_RepliesQuietlyInTheThread(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	c, to := f.private(1)
	id := c.Say("a question")
	shown := f.mustSend(channel.Message{To: to, Content: channel.PlainDocument("an answer"), ReplyTo: channel.MessageID(strconv.Itoa(id)), Quiet: true})
	if shown.ReplyTo != id || !shown.Quiet {
		t.Errorf("%+v", shown)
	}
	for _, gone := range []channel.MessageID{"999", "not a number"} {
		if v := f.mustSend(channel.Message{To: to, Content: channel.PlainDocument("x"), ReplyTo: gone}); v.ReplyTo != 0 {
			t.Errorf("replies to %d", v.ReplyTo)
		}
	}
}

func TestSend_ReplacesAMessage(t *testing.T) {
	t.Parallel()
	f := open(t, func(s *setup) { s.platform.NoRates = true })
	c, to := f.private(1)
	button := []channel.Button{{Label: "Claim", Action: "claim"}}
	first, err := f.send(channel.Message{To: to, Content: channel.Parse("**one**"), Buttons: button})
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range []channel.Message{
		{Content: channel.Parse("**two**"), Buttons: button},
		{Content: channel.Parse("**two**"), Buttons: button}, // "message is not modified" is success
		{Content: channel.PlainDocument("three")},            // takes the buttons away
	} {
		m.ID, m.To, m.Replaces = fmt.Sprint("edit", i), to, first
		if id, err := f.channel.Send(t.Context(), m); err != nil || id != first {
			t.Errorf("edit %d: %q, %v", i, id, err)
		}
	}
	if shown := c.Shown(); len(shown) != 1 || shown[0].Text != "three" || len(shown[0].Buttons) != 0 || shown[0].Edits != 2 {
		t.Errorf("%+v", shown)
	}
	theirs := channel.MessageID(strconv.Itoa(c.Say("theirs")))
	for i, gone := range []channel.MessageID{"9999", theirs, "no number"} {
		id, err := f.channel.Send(t.Context(), channel.Message{ID: fmt.Sprint("anew", i), To: to, Replaces: gone, Content: channel.Parse("**anew**"), Buttons: button})
		if err != nil || id == gone {
			t.Errorf("replacing %q: %q, %v", gone, id, err)
		}
	}
	if shown := c.Shown(); len(shown) != 4 || shown[3].Text != "anew" || len(shown[3].Buttons) != 1 {
		t.Errorf("%+v", shown)
	}
	c.Block()
	_, err = f.send(channel.Message{To: to, Replaces: first, Content: channel.PlainDocument("x")})
	refused(t, err, channel.Gone)
}

func TestSend_ReplacesACaption(t *testing.T) {
	t.Parallel()
	f := open(t, func(s *setup) { s.platform.NoRates = true })
	r := f.run()
	c, to := f.private(1)
	c.Photo(telegramtest.Picture, "")
	picture := r.await(1)[0].Attachments
	id, err := f.send(channel.Message{To: to, Content: channel.Parse("**one**"), Attachments: picture, Buttons: []channel.Button{{Label: "A", Action: "a"}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{"**two**", "**two**"} {
		if got, err := f.send(channel.Message{To: to, Content: channel.Parse(body), Replaces: id}); err != nil || got != id {
			t.Errorf("%q, %v", got, err)
		}
	}
	if shown := c.Shown(); len(shown) != 1 || shown[0].Text != "two" || shown[0].Media != "photo" {
		t.Errorf("%+v", shown)
	}
	long := channel.PlainDocument(strings.Repeat("long ", 300))
	if got, err := f.send(channel.Message{To: to, Content: long, Replaces: id}); err != nil || got == id {
		t.Errorf("a text that fits under no picture: %q, %v", got, err)
	}
}

// What our markup gets wrong still reaches the customer, in plain words.
func TestSend_FallsBackToPlainText(t *testing.T) {
	t.Parallel()
	for _, description := range []string{"Bad Request: can't parse entities: Unsupported start tag \"x\" at byte offset 0", "Bad Request: message is too long"} {
		f := open(t, nil)
		_, to := f.private(1)
		f.server.Fail(telegramtest.Refusal(400, description))
		if shown := f.mustSend(channel.Message{To: to, Content: channel.Parse("# Title\n\n**bold** [x](https://e.com/)")}); shown.Text != "Title\n\nbold x (https://e.com/)" {
			t.Errorf("shown %q", shown.Text)
		}
		if !strings.Contains(f.log.String(), "does not take our markup") || strings.Contains(f.log.String(), "Title") {
			t.Errorf("logged %s", f.log)
		}
	}
}

func TestSend_FallsBackToAPlainCaption(t *testing.T) {
	t.Parallel()
	f := open(t, func(s *setup) {
		s.options.SourceFunc = sourceOf(map[string]string{"picture": string(telegramtest.Picture)})
	})
	_, to := f.private(1)
	f.server.Fail(telegramtest.Refusal(400, "Bad Request: can't parse entities: x").On("sendPhoto"))
	m := channel.Message{To: to, Content: channel.Parse("**bold**"), Attachments: []channel.Attachment{{Network: "discord", Media: channel.Photo, Ref: "picture"}}}
	if shown := f.mustSend(m); shown.Text != "bold" || shown.Media != "photo" || len(shown.Entities) != 0 {
		t.Errorf("shown %+v", shown)
	}
}

// Customers by the hundred are sent to at once.
func TestSend_ToManyAtOnce(t *testing.T) {
	t.Parallel()
	f := open(t, func(s *setup) { s.platform.NoRates = true })
	const customers, each = 300, 3
	var senders sync.WaitGroup
	for i := range customers {
		_, to := f.private(i + 1)
		senders.Go(func() {
			for n := range each {
				if _, err := f.channel.Send(t.Context(), channel.Message{ID: fmt.Sprint(i, " ", n), To: to, Content: channel.PlainDocument(fmt.Sprint("message ", n))}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	senders.Wait()
	next := map[int64]int{}
	for _, v := range f.server.Log() {
		if v.Text != fmt.Sprint("message ", next[v.Chat]) || v.At.IsZero() {
			t.Errorf("%d saw %q when %d was next", v.Chat, v.Text, next[v.Chat])
		}
		next[v.Chat]++
	}
	if len(next) != customers {
		t.Errorf("%d customers saw something", len(next))
	}
}

// A text that fits goes under the first picture, one that does not comes last, with the buttons.
func TestSend_TextAndAttachments(t *testing.T) {
	t.Parallel()
	f := open(t, func(s *setup) { s.platform.NoRates = true })
	r := f.run()
	c, to := f.private(1)
	c.Photo(telegramtest.Picture, "")
	c.Sticker("😀")
	events := r.await(2)
	photo, sticker := events[0].Attachments[0], events[1].Attachments[0]
	buttons := []channel.Button{{Label: "A", Action: "a"}}
	exactly := strings.Repeat("😀", 512)
	cases := map[string]struct {
		text        string
		attachments []channel.Attachment
		want        []string
		main        int
	}{
		"a caption of 1024":   {exactly, []channel.Attachment{photo}, []string{"photo " + exactly + " [A]"}, 0},
		"a caption of 1025":   {exactly + "x", []channel.Attachment{photo}, []string{"photo ", " " + exactly + "x [A]"}, 1},
		"two pictures":        {"**two**", []channel.Attachment{photo, photo}, []string{"photo two [A]", "photo "}, 0},
		"no text":             {"", []channel.Attachment{photo, photo}, []string{"photo ", "photo  [A]"}, 1},
		"a sticker":           {"said", []channel.Attachment{sticker}, []string{"sticker ", " said [A]"}, 1},
		"a picture of a link": {"[x](https://e.com/)", []channel.Attachment{photo}, []string{"photo x [A]"}, 0},
	}
	for name, m := range cases {
		before := len(f.server.Log())
		id, err := f.channel.Send(t.Context(), channel.Message{ID: name, To: to, Content: channel.Parse(m.text), Attachments: m.attachments, Buttons: buttons})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		log := f.server.Log()[before:]
		for _, v := range log {
			got = append(got, v.Media+" "+v.Text)
			if len(v.Buttons) > 0 {
				got[len(got)-1] += fmt.Sprintf(" %v", v.Labels())
			}
		}
		if diff := cmp.Diff(m.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		} else if id != channel.MessageID(strconv.Itoa(log[m.main].ID)) {
			t.Errorf("%s: message %s, want %d", name, id, log[m.main].ID)
		}
	}
}

// What of a message was delivered is not delivered again by the next attempt.
func TestSend_GoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	f := open(t, func(s *setup) { s.platform.NoRates = true })
	r := f.run()
	c, to := f.private(1)
	c.Photo(telegramtest.Picture, "")
	photo := r.await(1)[0].Attachments[0]
	m := channel.Message{ID: "one", To: to, Content: channel.PlainDocument("words"), Attachments: []channel.Attachment{photo, photo, photo}}
	f.server.Fail(telegramtest.TooMany(1).On("sendPhoto"))
	_, err := f.channel.Send(t.Context(), m)
	refused(t, err, channel.Wait)
	if got := len(c.Shown()); got != 0 {
		t.Fatalf("%d shown", got)
	}
	// The first picture goes, the second does not.
	calls := len(f.server.Calls("sendPhoto"))
	f.failSecond("sendPhoto", telegramtest.TooMany(1))
	_, err = f.channel.Send(t.Context(), m)
	refused(t, err, channel.Wait)
	if got := len(f.server.Calls("sendPhoto")) - calls; got != 2 {
		t.Errorf("%d calls, want 2", got)
	}
	if _, err := f.channel.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if got := len(c.Shown()); got != 3 {
		t.Errorf("%d pictures shown, want 3", got)
	}
	if _, err := f.channel.Send(t.Context(), m); err != nil { // the core sends again what it does not know the fate of
		t.Fatal(err)
	}
	if got := len(c.Shown()); got != 6 {
		t.Errorf("%d pictures shown, want 6", got)
	}
}

// failSecond fails the call after the next.
func (f *fixture) failSecond(method string, fault telegramtest.Fault) {
	f.server.Fail(telegramtest.Pass().On(method), fault.On(method))
}

func TestSend_Nothing(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	_, to := f.private(1)
	for _, d := range []channel.Document{nil, channel.PlainDocument(" \n "), {{Kind: channel.Paragraph}}} {
		_, err := f.send(channel.Message{To: to, Content: d})
		refused(t, err, channel.Refused)
	}
	if calls := f.server.Calls("sendMessage"); len(calls) != 0 {
		t.Errorf("%d calls", len(calls))
	}
}

func TestTyping(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	c, to := f.private(1)
	g := f.server.Group("Desk", telegramtest.GroupOptions{Forum: true, Admin: true})
	topic := g.Topic(c, "x")
	for _, at := range []channel.Address{to, seat(c.In(g), strconv.Itoa(topic), false)} {
		if err := f.channel.Typing(t.Context(), at); err != nil {
			t.Error(err)
		}
	}
	want := []telegramtest.Action{{Chat: c.ID(), Action: "typing"}, {Chat: g.ID(), Thread: topic, Action: "typing"}}
	if diff := cmp.Diff(want, f.server.Actions()); diff != "" {
		t.Error(diff)
	}
}
