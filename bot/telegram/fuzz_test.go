package telegram_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode"

	"faqbot/bot/channel"
	"faqbot/bot/telegram/telegramtest"
)

// FuzzUpdate: whatever comes as an update, nothing panics, what came with it in the batch arrives, and all is confirmed.
func FuzzUpdate(f *testing.F) {
	for _, seed := range []string{
		`"message":{"message_id":1,"date":1,"chat":{"id":5,"type":"private"},"from":{"id":5,"first_name":"x"},"text":"/start a@b","entities":[{"type":"bot_command","offset":0,"length":6}]}`,
		`"message":{"message_id":1,"chat":{"id":-5,"type":"supergroup"},"sender_chat":{"id":-5},"text":"😀 @faqbot_test_bot x","entities":[{"type":"mention","offset":3,"length":16}],"reply_to_message":{"message_id":2,"from":{"id":700000}}}`,
		`"edited_message":{"message_id":1,"edit_date":9e99,"chat":{"id":5,"type":"group"},"from":{"id":5},"caption":"x","photo":[{"file_id":"a"},{}]}`,
		`"callback_query":{"id":"1","from":{"id":5},"message":{"message_id":1,"date":0,"chat":{"id":5,"type":"private"}},"data":"x"}`,
		`"my_chat_member":{"chat":{"id":5,"type":"private"},"from":{"id":5},"date":1,"old_chat_member":{"status":"member"},"new_chat_member":{"status":"kicked"}}`,
		`"inline_query":{"id":"1","from":{"id":5},"query":"x"}`, `"message":7`, `"message":{"venue":{},"location":{"latitude":1}}`, `"x":[[[[]]]]`, `"update_id":9`, ``,
	} {
		f.Add(seed)
	}
	fix := fuzzing(around{f, f.Context()})
	serial := 0
	f.Fuzz(func(t *testing.T, fields string) {
		whole := `{"update_id":1,` + fields + `}`
		if !json.Valid([]byte(whole)) {
			raw, _ := json.Marshal(fields)
			whole = string(raw)
		}
		c := fix.server.Customer(1)
		serial++
		before, after := fmt.Sprint("before ", serial), fmt.Sprint("after ", serial)
		c.Say(before)
		fix.server.Inject(valid(fields))
		fix.server.InjectWhole(whole)
		c.Say(after)
		fix.rec.awaitBodies(t, before, after)
		eventually(t, "all is confirmed", func() bool { return fix.server.Pending() == 0 })
		// The webhook reads bytes of any sort.
		if got := deliver(fix.hooked, "POST", secret, []byte(fields)); got != 200 {
			t.Errorf("the webhook answers %d", got)
		}
	})
}

// around is the fuzz test around its runs, which may not call it.
type around struct {
	testing.TB
	ctx context.Context
}

func (around) Helper()                    {}
func (a around) Context() context.Context { return a.ctx }

// valid makes fields of an update out of anything.
func valid(fields string) string {
	if json.Valid([]byte(`{"update_id":1,` + fields + `}`)) {
		return fields
	}
	raw, _ := json.Marshal(fields)
	return `"message":` + string(raw)
}

// fuzzFixture is a connector that polls and another with a webhook.
type fuzzFixture struct {
	*fixture
	rec    *fuzzRecorder
	hooked *fixture
}

func fuzzing(t testing.TB) *fuzzFixture {
	f := &fuzzFixture{fixture: open(t, func(s *setup) { s.platform.NoRates, s.platform.Inline = true, true }), rec: &fuzzRecorder{bodies: make(chan string, 1000)}}
	f.start(f.fixture)
	f.hooked = open(t, func(s *setup) { s.webhook = true })
	f.start(f.hooked)
	eventually(t, "the webhook is set", func() bool { return len(f.hooked.server.Calls("setWebhook")) == 1 })
	return f
}

func (f *fuzzFixture) start(on *fixture) {
	ctx, cancel := context.WithCancel(f.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- on.channel.Run(ctx, f.rec) }()
	f.t.Cleanup(func() {
		cancel()
		<-ended
	})
}

// fuzzRecorder notes what a customer said.
type fuzzRecorder struct{ bodies chan string }

func (r *fuzzRecorder) Handle(_ context.Context, e channel.Event) error {
	raw, err := json.Marshal(e)
	if err != nil {
		panic(fmt.Sprintf("an event that cannot be stored: %v", err))
	}
	if content, _ := json.Marshal(e.Content); strings.Contains(string(content), `"kind":"mention"`) {
		panic(fmt.Sprintf("an event that calls somebody: %s", raw))
	}
	if e.ID == "" || e.Kind == "" || e.Address.Chat == "" || e.From.ID == "" || strings.Contains(e.Body, "\x00") {
		panic(fmt.Sprintf("an event that is none: %+v", e))
	}
	if strings.HasPrefix(e.Body, "before ") || strings.HasPrefix(e.Body, "after ") {
		r.bodies <- e.Body
	}
	return nil
}

func (r *fuzzRecorder) Complete(context.Context, channel.Completion) ([]channel.Choice, error) {
	return []channel.Choice{{Label: "x", Value: "y"}}, nil
}

func (r *fuzzRecorder) awaitBodies(t *testing.T, want ...string) {
	t.Helper()
	deadline := time.After(patience)
	for len(want) > 0 {
		select {
		case got := <-r.bodies:
			if got == want[0] {
				want = want[1:]
			}
		case <-deadline:
			t.Fatalf("%q did not come", want[0])
		}
	}
}

// FuzzRender: any document is HTML that the platform reads, without losing a word, an address or a format, within the measured length.
func FuzzRender(f *testing.F) {
	for _, seed := range []string{
		"# a\n\n**b** *c* ~~d~~ `e` [f](https://g.hi) ![j](https://k.lm)\n\n> n\n> > o\n\n- p\n  1. q\n\n```\nr\n```\n\n---\n",
		"<b>&lt;&#0;\u202e\r\n</b> https://x.yz @a /b", "[`x`[y](https://a.b)](http://localhost) [z](mailto:a@b.c)", "> - ```\n>   a\n>   ```\n\n***", "\xff\u2028|a|\n|-|\n|b|",
	} {
		f.Add(seed, []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
	}
	fix := open(around{f, f.Context()}, func(s *setup) { s.platform.NoRates = true })
	_, to := fix.private(1)
	f.Fuzz(func(t *testing.T, source string, shape []byte) {
		if len(source) > 3000 || len(shape) > 300 {
			return
		}
		for _, d := range []channel.Document{channel.Parse(source), (&grower{shape: shape, text: source}).document(3)} {
			checkRendering(t, fix, to, d)
		}
	})
}

func checkRendering(t *testing.T, fix *fixture, to channel.Address, d channel.Document) {
	t.Helper()
	plain := d.PlainText()
	if channel.UTF16Length(plain) > 4096 {
		return
	}
	_, err := fix.send(channel.Message{To: to, Content: d})
	if err != nil && visible(strings.Join(pieces(d), "")+strings.Join(addresses(d), "")) == "" {
		fix.server.TakeViolations() // there was nothing to show
		return
	}
	if err != nil {
		t.Fatalf("%v\n%#v", err, d)
	}
	if found := fix.server.TakeViolations(); len(found) > 0 {
		t.Fatalf("the platform refuses: %q\n%#v", found, d)
	}
	log := fix.server.Log()
	shown := log[len(log)-1]
	if len(shown.Lost) > 0 {
		t.Errorf("the platform drops: %q\n%#v", shown.Lost, d)
	}
	if got, most := channel.UTF16Length(shown.Text), channel.UTF16Length(plain); got > most {
		t.Errorf("%d units are shown where %d were measured\n%q\n%q", got, most, shown.Text, plain)
	}
	text := visible(shown.Text)
	at := 0
	for _, piece := range pieces(d) {
		i := strings.Index(text[at:], visible(piece))
		if i < 0 {
			t.Fatalf("%q is lost\nshown %q\n%#v", piece, shown.Text, d)
		}
		at += i + len(visible(piece))
	}
	checkAddresses(t, shown, d)
}

// checkAddresses looks for each address, as a link or written out.
func checkAddresses(t *testing.T, shown telegramtest.Shown, d channel.Document) {
	t.Helper()
	known := visible(shown.Text)
	for _, e := range shown.Entities {
		known += " " + visible(e.URL)
		if e.Type == "text_mention" || strings.HasPrefix(e.URL, "tg:") {
			t.Errorf("somebody is mentioned: %+v", e)
		}
	}
	for _, address := range addresses(d) {
		if !strings.Contains(known, visible(strings.TrimPrefix(strings.TrimPrefix(address, "mailto:"), "tel:"))) {
			t.Errorf("the address %q is lost\n%q", address, known)
		}
	}
}

// visible is what is left of a text when blanks, and what the platform takes out, are gone.
func visible(s string) string {
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == 0x0333, r == 0x033F, r == 0x030A:
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// pieces are the texts of a document in reading order.
func pieces(d channel.Document) []string {
	var out []string
	var spans func([]channel.Span)
	spans = func(list []channel.Span) {
		for _, s := range list {
			out = append(out, s.Text)
			spans(s.Spans)
		}
	}
	for _, b := range d {
		out = append(out, b.Text)
		spans(b.Spans)
		out = append(out, pieces(b.Blocks)...)
		for _, item := range b.Items {
			out = append(out, pieces(item)...)
		}
	}
	return out
}

func addresses(d channel.Document) []string {
	var out []string
	var spans func([]channel.Span)
	spans = func(list []channel.Span) {
		for _, s := range list {
			if s.URL != "" {
				out = append(out, s.URL)
			}
			spans(s.Spans)
		}
	}
	for _, b := range d {
		spans(b.Spans)
		out = append(out, addresses(b.Blocks)...)
		for _, item := range b.Items {
			out = append(out, addresses(item)...)
		}
	}
	return out
}

// grower makes documents of any shape out of bytes, also such as no Markdown gives.
type grower struct {
	shape []byte
	text  string
	at    int
}

func (g *grower) next(n int) int {
	if g.at >= len(g.shape) {
		return 0
	}
	g.at++
	return int(g.shape[g.at-1]) % n
}

// words takes some of the source.
func (g *grower) words() string {
	n := min(len(g.text), g.next(40))
	out := g.text[:n]
	g.text = g.text[n:]
	return strings.ToValidUTF8(out, "\uFFFD")
}

func (g *grower) address() string {
	path := url.PathEscape(g.words())
	return []string{"https://e.com/" + path, "http://localhost/" + path, "mailto:a" + path, "https://e.com/?a=1&b=" + path, "tel:1" + path}[g.next(5)]
}

func (g *grower) document(depth int) channel.Document {
	var d channel.Document
	for range 1 + g.next(4) {
		b := channel.Block{Kind: []channel.BlockKind{channel.Paragraph, channel.Heading, channel.List, channel.Quote, channel.Code, channel.Rule}[g.next(6)]}
		switch {
		case b.Kind == channel.Paragraph || b.Kind == channel.Heading:
			b.Level, b.Spans = 1+g.next(6), g.spans(depth)
		case b.Kind == channel.Code:
			b.Text = g.words()
		case depth == 0:
		case b.Kind == channel.Quote:
			b.Blocks = g.document(depth - 1)
		case b.Kind == channel.List:
			b.Ordered, b.Start = g.next(2) == 1, g.next(200)
			for range g.next(4) {
				b.Items = append(b.Items, g.document(depth-1))
			}
		}
		d = append(d, b)
	}
	return d
}

func (g *grower) spans(depth int) []channel.Span {
	kinds := []channel.SpanKind{channel.Plain, channel.Strong, channel.Emph, channel.Strike, channel.Mono, channel.LinkTo, channel.Image, channel.Break}
	var out []channel.Span
	for range 1 + g.next(4) {
		s := channel.Span{Kind: kinds[g.next(len(kinds))]}
		switch s.Kind {
		case channel.Plain, channel.Mono:
			s.Text = g.words()
		case channel.Image:
			s.Text, s.URL = g.words(), g.address()
		case channel.LinkTo:
			s.URL = g.address()
		}
		if depth > 0 && s.Text == "" && s.Kind != channel.Break && s.Kind != channel.Image {
			s.Spans = g.spans(depth - 1)
			if s.Kind == channel.Plain || s.Kind == channel.Mono {
				s.Spans = nil
			}
		}
		out = append(out, s)
	}
	return out
}
