package discord_test

import (
	"encoding/json"
	"flag"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"faqbot/bot/channel"
	"faqbot/bot/discord"
	"faqbot/bot/discord/discordtest"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite golden files")

func TestRender_Golden(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("testdata/answer.md")
	if err != nil {
		t.Fatal(err)
	}
	got := discord.Render(channel.Parse(string(source)))
	const golden = "testdata/answer.discord"
	if *update {
		if err := os.WriteFile(golden, []byte(got+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got+"\n"); diff != "" {
		t.Error(diff)
	}
}

func TestRender(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ source, content, shown string }{
		"styles":              {"**bold** *slanted* ~~gone~~ `code`", "**bold** _slanted_ ~~gone~~ `code`", "bold slanted gone code"},
		"bold and slanted":    {"***both***", "**_both_**", "both"},
		"slanted in a word":   {"un*believ*able", "unbelievable", "unbelievable"},
		"styles side by side": {"**a *b* c**", "**a b c**", "a b c"},
		"link":                {"[our page](https://example.com/a_b)", "[our page](<https://example.com/a_b>)", "our page (https://example.com/a_b)"},
		"bare link":           {"https://example.com/x", "<https://example.com/x>", "https://example.com/x"},
		"link with brackets":  {"[a](https://e.example/x_(y))", "[a](<https://e.example/x_%28y%29>)", "a (https://e.example/x_%28y%29)"},
		"label with brackets": {"[see \\[1\\]](https://e.example/)", `see \[1\] (<https://e.example/>)`, "see [1] (https://e.example/)"},
		"label is an address": {"[good.example](https://evil.example/)", `good\.example (<https://evil.example/>)`, "good.example (https://evil.example/)"},
		"mail":                {"[write](mailto:a@b.example)", `write (a\@b\.example)`, "write (a@b.example)"},
		"heading":             {"## Title\n\ntext", "## Title\n\ntext", "Title\n\ntext"},
		"deep heading":        {"##### Title", "**Title**", "Title"},
		"heading ends in #":   {"# C\\#", `**C\#**`, "C#"},
		"list":                {"- one\n- two\n  - three\n\n1. a\n2. b", "- one\n- two\n  - three\n\n" + `1\. a` + "\n" + `2\. b`, "• one\n• two\n  • three\n\n1. a\n2. b"},
		"numbers go on":       {"4. a\n5. b", "4. a\n5. b", "4. a\n5. b"},
		"quote":               {"> said\n>\n> more", "> said\n> \n> more", "> said\n> \n> more"},
		"quote in a quote":    {"> a\n>\n> > b", "> a\n> \n> \\> b", "> a\n> \n> > b"},
		"code":                {"```\nx := *p // @everyone\n```", "```\nx := *p // @everyone\n```", "x := *p // @everyone"},
		"code with a fence":   {"````\n```\n````", "\\`\\`\\`", "```"},
		"rule":                {"a\n\n---\n\nb", "a\n\n———\n\nb", "a\n\n———\n\nb"},
		"picture":             {"![a cat](https://e.example/cat.png)", "a cat (<https://e.example/cat.png>)", "a cat (https://e.example/cat.png)"},
		"blank in a label":    {"see[ here ](https://e.example/)now", "see [here](<https://e.example/>) now", "see here (https://e.example/) now"},
		"tick in code":        {"`` a`b ``", "a\\`b", "a`b"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			content := discord.Render(channel.Parse(c.source))
			if diff := cmp.Diff(c.content, content); diff != "" {
				t.Errorf("content: %s", diff)
			}
			if diff := cmp.Diff(c.shown, discordtest.Render(content).Text); diff != "" {
				t.Errorf("shown: %s", diff)
			}
		})
	}
}

func TestRender_PlainTextIsNeverMarkup(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`\* _ ~ | > # - [ ] < : @`, "@everyone @here <@123> <@!123> <@&5> <#7> <:x:1> <a:y:2> <t:1> </ask:1> <id:home>",
		"**b** __u__ ~~s~~ ||spoiler|| `c` ```\nblock\n```", "> quote\n>>> all", "# h\n-# small\n- l\n* l\n+ l\n1. n\n  2) m", "-# x",
		"[l](https://evil.example) https://evil.example <https://evil.example> www.evil.example", "discord.gg/abc Discord.com/invite/x discord.gift/y",
		"steam://run/1", ":smile: :)", `¯\_(ツ)_/¯`, "a_b_c *x*y* snake_case_", `\`, `ends with \`, "\\@everyone", "a\r\nb\rc", "tab\tx\x00y\x7f", "  lead", "日本語*です*", "\u202Ertl\u200b",
		"<https://a.example/|x|>", "[a [b] c](https://evil.example)", "1.\n2. x\n10) y", strings.Repeat("_*", 40),
	} {
		content := discord.Render(channel.PlainDocument(text))
		checkPlain(t, content, channel.PlainDocument(text).PlainText())
	}
}

// checkPlain wants a content shown as exactly this text, with nothing live in it.
func checkPlain(t *testing.T, content, want string) {
	t.Helper()
	shown := discordtest.Render(content)
	if diff := cmp.Diff(strings.TrimSpace(visible(want)), strings.TrimSpace(shown.Text)); diff != "" {
		t.Errorf("%q is shown as %q: %s", want, content, diff)
	}
	if len(shown.Live)+len(shown.Links)+len(shown.Unfolds)+len(shown.Styles) > 0 {
		t.Errorf("%q became %q, in which live is %q, links %q, unfolding %q, styles %q", want, content, shown.Live, shown.Links, shown.Unfolds, shown.Styles)
	}
}

// visible drops what no app shows.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n"))
}

// words are what is read, without blanks (a blank at the end of a label moves behind its link) and with addresses decoded.
func words(s string) string {
	decoded := strings.NewReplacer("%28", "(", "%29", ")", "%3C", "<", "%3E", ">", "%5C", "\\", "%60", "`", "%7C", "|", "%20", " ", "%22", "\"", "%2A", "*").Replace(visible(s))
	return strings.Join(strings.Fields(strings.ReplaceAll(decoded, ">", " ")), "")
}

// TestRender_ManyDocuments builds documents of the pieces that markup is made of.
func TestRender_ManyDocuments(t *testing.T) {
	t.Parallel()
	pieces := strings.Split("*|**|_|__|~~|`|```|[|](http://a.b/c_d)|](https://x.y)|]|(|)|<|>|> |- |1. |# |## |\n|\n\n| |  |a|b|word|@everyone|\\|||:|http://q.r/s|"+
		"![i](http://p.q/r.png)|<b>|</b>|<i>|</i>|é|日|1|_x|x_|*x*|~|#|-|+ |    |mailto:a@b.c|[m](mailto:a@b.c)|&amp;|&#42;|\t|<br>|<s>|</s>|discord.gg/x", "|")
	random := rand.New(rand.NewPCG(1, 2))
	for range 3_000 {
		var b strings.Builder
		for range random.IntN(14) + 1 {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		checkSource(t, b.String())
		if t.Failed() {
			return
		}
	}
}

// checkSource renders a source as plain text and as Markdown.
func checkSource(t *testing.T, source string) {
	t.Helper()
	checkPlain(t, discord.Render(channel.PlainDocument(source)), channel.PlainDocument(source).PlainText())
	doc := channel.Parse(source)
	for _, piece := range channel.Split(doc, 2000, channel.CountMarkdown) {
		content := discord.Render(piece)
		shown := discordtest.Render(content)
		if want := words(piece.PlainText()); want != words(shown.Text) {
			t.Errorf("%s\n%q is shown as\n%q, by\n%q", dump(piece), want, words(shown.Text), content)
		}
		if len(shown.Live) > 0 {
			t.Errorf("%q is live in %q", shown.Live, content)
		}
		if n := utf8.RuneCountInString(content); n > 2000 && n > piece.Length(channel.CountMarkdown) {
			t.Errorf("%d characters, measured as %d", n, piece.Length(channel.CountMarkdown))
		}
	}
}

func FuzzRender(f *testing.F) {
	for _, seed := range []string{
		"**a *b*** ~~c~~ `d` [e](https://f.example/_g_) ![h](https://i.example/j.png)", "- a\n  1. b\n     > c\n\n    code\n# d #\n> > e",
		"@everyone <@1> _a_b_ ***x***", "1. a\n\n- b\n\n2. c\n-", "a**b**_c_~~d~~`e`", "~~a~~*b*", "[*a*](http://b.example/x)y*z*", "- - a\n- # b", "`` ` `` ``` x",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		if len(source) > 3000 {
			return
		}
		checkSource(t, source)
	})
}

func dump(d channel.Document) string {
	raw, err := json.Marshal(d)
	if err != nil {
		return err.Error()
	}
	return string(raw)
}
