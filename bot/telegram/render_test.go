package telegram_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"faqbot/bot/channel"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Each testdata/*.md is Markdown of an answer; the golden file beside it is what Telegram is sent and what it shows.
func TestRender_Golden(t *testing.T) {
	t.Parallel()
	sources, err := filepath.Glob("testdata/*.md")
	if err != nil || len(sources) == 0 {
		t.Fatal(err, sources)
	}
	for _, path := range sources {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			source, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			f := open(t, nil)
			_, to := f.private(1)
			shown := f.mustSend(channel.Message{To: to, Content: channel.Parse(string(source))})
			var b strings.Builder
			fmt.Fprintf(&b, "--- sent\n%s\n--- shown\n%s\n--- entities\n", f.server.Calls("sendMessage")[0].Params["text"], shown.Text)
			for _, e := range shown.Entities {
				fmt.Fprintf(&b, "%s %d+%d %s\n", e.Type, e.Offset, e.Length, e.URL)
			}
			if len(shown.Lost) > 0 {
				t.Errorf("the platform drops: %q", shown.Lost)
			}
			golden := strings.TrimSuffix(path, ".md") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), b.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The platform keeps 100 links, codes and quotes in a message; the addresses of the rest are written out.
func TestRender_MoreLinksThanThePlatformKeeps(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	_, to := f.private(1)
	var spans []channel.Span
	for i := range 120 {
		spans = append(spans, channel.Span{Kind: channel.LinkTo, URL: fmt.Sprintf("https://e.com/%d", i), Spans: []channel.Span{{Kind: channel.Plain, Text: "x"}}})
	}
	shown := f.mustSend(channel.Message{To: to, Content: channel.Document{{Kind: channel.Paragraph, Spans: spans}}})
	if len(shown.Lost) > 0 || !strings.Contains(shown.Text, "x (https://e.com/119)") || strings.Contains(shown.Text, "e.com/99)") {
		t.Errorf("lost %q, shown %q", shown.Lost, shown.Text)
	}
}

// Shapes that no Markdown gives, each found by fuzzing.
func TestRender_OddShapes(t *testing.T) {
	t.Parallel()
	f := open(t, func(s *setup) { s.platform.NoRates = true })
	_, to := f.private(1)
	plain := func(text string) channel.Span { return channel.Span{Kind: channel.Plain, Text: text} }
	paragraph := func(spans ...channel.Span) channel.Block {
		return channel.Block{Kind: channel.Paragraph, Spans: spans}
	}
	for name, d := range map[string]channel.Document{
		"a quote of nothing":              {{Kind: channel.Quote, Blocks: channel.Document{paragraph(plain(""))}}, paragraph(plain("x"))},
		"a heading of code":               {{Kind: channel.Heading, Spans: []channel.Span{{Kind: channel.Mono, Text: "x"}}}},
		"a picture that nobody can see":   {paragraph(channel.Span{Kind: channel.Image, Text: " \x00", URL: "https://e.com/"})},
		"a link whose label is invisible": {paragraph(channel.Span{Kind: channel.LinkTo, URL: "https://e.com/", Spans: []channel.Span{plain("\u202e\u200b")}})},
		"a picture after a blank":         {paragraph(channel.Span{Kind: channel.Image, Text: " x ", URL: "http://localhost/"})},
		"a link over two lines in a list": {{Kind: channel.List, Ordered: true, Start: 47, Items: []channel.Document{{paragraph(channel.Span{Kind: channel.LinkTo, URL: "http://localhost/", Spans: []channel.Span{plain("x"), {Kind: channel.Break}, {Kind: channel.Break}, plain("y")}})}}}},
		"links in links":                  {paragraph(channel.Span{Kind: channel.LinkTo, URL: "https://e.com/", Spans: []channel.Span{{Kind: channel.LinkTo, URL: "https://f.com/", Spans: []channel.Span{plain("x")}}}})},
		"bad bytes":                       {{Kind: channel.Code, Text: "a\xffb"}, paragraph(plain("\xfe"))},
		"quotes in quotes":                {{Kind: channel.Quote, Blocks: channel.Document{{Kind: channel.Quote, Blocks: channel.Document{paragraph(plain("x"))}}, {Kind: channel.List, Items: []channel.Document{{{Kind: channel.Quote, Blocks: channel.Document{paragraph(plain("y"))}}}}}}}},
	} {
		t.Run(name, func(t *testing.T) { checkRendering(t, f, to, d) })
	}
}
