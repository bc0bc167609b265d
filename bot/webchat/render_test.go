package webchat_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"faqbot/bot/channel"
	"faqbot/bot/webchat"
	"faqbot/bot/webchat/webchattest"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite golden files")

// rendered is what a page gets for a document.
func rendered(t *testing.T, s *site, p *page, to channel.Address, id string, d channel.Document) string {
	t.Helper()
	if _, err := s.Send(t.Context(), channel.Message{ID: id, To: to, Content: d}); err != nil {
		t.Fatalf("send %s: %v", id, err)
	}
	lines := p.history()
	return lines[len(lines)-1].HTML
}

func TestRender(t *testing.T) {
	t.Parallel()
	s := open(t, siteOptions{})
	p := s.page(t)
	p.say("hi")
	to := s.core.handled()[0].Address
	sources := []string{
		"A *paragraph* with **strong**, ~~gone~~ and `code <b>`.\n\nAnother\\\nwith a break.",
		"# One\n\n## Two\n\n###### Six",
		"- a\n- b\n  - c\n\n3. three\n4. four",
		"> quoted\n>\n> > deeper",
		"```\n<script>\n  x && y\n```",
		"---",
		"[page](https://e.example/?a=1&b=\"2\"), [mail](mailto:a@e.example), [call](tel:+123), https://bare.example",
		"[bad](javascript:alert(1)) [data](data:text/html,x) [relative](/x) <a href=\"vbscript:x\">raw</a>",
		"![a \"cat\" <b>](https://e.example/cat.png?x=1&y=2) ![plain](http://e.example/c.png) ![](https://e.example/none.png)",
		"[![pic](https://e.example/p.png)](https://e.example/)",
		"<img src=x onerror=alert(1)> <b onclick=x>b</b> <style>p{}</style> <iframe src=https://e.example></iframe> <svg/onload=x>",
		"|a|b|\n|-|-|\n|1|2|",
		"עברית and English, العربية",
		"two  spaces   stay",
	}
	var b strings.Builder
	for i, source := range sources {
		fmt.Fprintf(&b, "%s\n=>\n%s\n\n\n", source, rendered(t, s, p, to, fmt.Sprint("r", i), channel.Parse(source)))
	}
	// Not all documents come from the parser: one from the store may hold anything.
	crafted := channel.Document{
		{Kind: "marquee", Spans: []channel.Span{{Kind: "blink", Text: "<i>unknown kinds</i>"}}},
		{Kind: channel.Paragraph, Spans: []channel.Span{
			{Kind: channel.LinkTo, URL: `javascript:alert(1)//https://x`, Spans: []channel.Span{{Kind: channel.Plain, Text: "click"}}},
			{Kind: channel.LinkTo, URL: `https://x.example/" onmouseover="alert(1)`, Spans: []channel.Span{{Kind: channel.Plain, Text: "hover"}}},
			{Kind: channel.Image, URL: `https://x.example/"><script>alert(1)</script>`, Text: `"><script>alert(1)</script>`},
			{Kind: channel.Image, URL: `data:image/svg+xml,<svg onload=alert(1)>`, Text: "data"},
		}},
		{Kind: channel.Heading, Level: 99, Spans: []channel.Span{{Kind: channel.Plain, Text: "level"}}},
		{Kind: channel.List, Ordered: true, Start: -4, Items: []channel.Document{{{Kind: channel.Paragraph, Spans: []channel.Span{{Kind: channel.Plain, Text: "item"}}}}}},
	}
	fmt.Fprintf(&b, "crafted\n=>\n%s\n", rendered(t, s, p, to, "crafted", crafted))
	path := filepath.Join("testdata", "render.golden")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("rendering changed (-want +got); -update rewrites:\n%s", diff)
	}
	if bad := dangerous.FindString(b.String()[strings.LastIndex(b.String(), "=>"):]); bad != "" {
		t.Errorf("%q came through", bad)
	}
}

// dangerous is what no HTML of ours may hold.
var dangerous = regexp.MustCompile(`(?i)<(script|style|iframe|svg|object|form|input|base|meta|link)|<[^>]*\son\w+=|(href|src)="(javascript|data|vbscript)`)

func FuzzRender(f *testing.F) {
	for _, seed := range []string{"<b>*x*</b>", "[a](javascript:x)", `![x"](https://a.b/"onerror=x)`, "`<script>`", "> <svg/onload=x>", "<<a|ascript>"} {
		f.Add(seed)
	}
	c, err := webchat.New(webchat.Settings{}, webchat.Options{Store: &webchattest.MemoryStore{}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, source string) {
		source = strings.ToValidUTF8(source, "\uFFFD") // as JSON holds it on its way through the store
		for _, d := range []channel.Document{channel.Parse(source), channel.PlainDocument(source)} {
			if d.Length(channel.CountVisible) > c.Limits().Text {
				continue
			}
			html := webchat.RenderHTML(d)
			if bad := dangerous.FindString(html); bad != "" {
				t.Errorf("%q came through in %q", bad, html)
			}
		}
		plain := strings.Join(strings.Fields(strings.ReplaceAll(source, "\x00", "")), " ")
		shown := strings.Join(strings.Fields(textOf(webchat.RenderHTML(channel.PlainDocument(source)))), " ")
		if plain != shown {
			t.Errorf("a stranger's %q is shown as %q", plain, shown)
		}
	})
}
