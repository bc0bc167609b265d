package channel_test

import (
	"strings"
	"testing"

	"faqbot/bot/channel"

	"github.com/google/go-cmp/cmp"
)

func TestParse_PlainText(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ source, want string }{
		"paragraphs":            {"Hello *there*.\nStill **here**.\n\nBye.", "Hello there. Still here.\n\nBye."},
		"list":                  {"Bring:\n\n- one\n- two\n  1. a\n  2. b", "Bring:\n\n• one\n• two\n  1. a\n  2. b"},
		"link":                  {"See [the page](https://example.com/a_b).", "See the page (https://example.com/a_b)."},
		"bare link":             {"See https://example.com now", "See https://example.com now"},
		"mail":                  {"<a@example.com>", "a@example.com"},
		"script address":        {"[click](javascript:alert(1)) me", "click me"},
		"relative address":      {"[click](/x) me", "click me"},
		"raw inline link":       {`Go <a href="https://example.com/x?a=1&amp;b=2">there</a>!`, "Go there (https://example.com/x?a=1&b=2)!"},
		"raw block":             {"<div><p>One</p><ul><li>a</li><li>b</li></ul><script>alert(1)</script></div>", "One\n\n• a\n• b"},
		"unclosed tag":          {`<b>bold [x](https://e.com)`, "bold x (https://e.com)"},
		"entity":                {"a &amp; b \\* c", "a & b * c"},
		"table":                 {"| a | b |\n|---|---|\n| 1 | 2 |", "a — b\n1 — 2"},
		"code":                  {"```\nx < 1\n```", "x < 1"},
		"image":                 {"![a cat](https://e.com/c.png)", "a cat (https://e.com/c.png)"},
		"nothing":               {"", ""},
		"quote":                 {"> a\n>\n> b", "> a\n>\n> b"},
		"not utf-8":             {"a\xffb", "a\uFFFDb"},
		"break":                 {"a  \nb", "a\nb"},
		"strike and code spans": {"~~a~~ `b*c`", "a b*c"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, channel.Parse(c.source).PlainText()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSplit_KeepsEveryWord(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("A sentence of some words. ", 40)
	source := "# Title\n\n" + long + "\n\n- " + strings.Repeat("item ", 200) + "\n- short\n\n> " + long + "\n\n```\n" +
		strings.Repeat("code line\n", 60) + "```\n\nSee [" + strings.Repeat("label ", 100) + "](https://example.com/)."
	for _, m := range []channel.Measure{channel.CountUTF16, channel.CountMarkdown, channel.CountVisible} {
		for _, limit := range []int{64, 200, 2000, 100_000} {
			doc := channel.Parse(source)
			var words []string
			for _, piece := range channel.Split(doc, limit, m) {
				if n := piece.Length(m); n > limit {
					t.Errorf("%s %d: a piece measures %d", m, limit, n)
				}
				words = append(words, words0(piece.PlainText())...)
			}
			if diff := cmp.Diff(words0(doc.PlainText()), words); diff != "" {
				t.Errorf("%s %d: %s", m, limit, diff)
			}
		}
	}
}

// words0 drops what a cut may repeat: markers, prefixes and link addresses.
func words0(s string) []string {
	s = strings.ReplaceAll(s, "(https://example.com/)", "")
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" \n>•.", r) })
}

func TestSplit_EmojiStayWhole(t *testing.T) {
	t.Parallel()
	family := "👨‍👩‍👧‍👦"
	for _, piece := range channel.Split(channel.PlainDocument(strings.Repeat(family, 50)), 64, channel.CountUTF16) {
		if text := piece.PlainText(); strings.ReplaceAll(text, family, "") != "" {
			t.Errorf("a piece cuts an emoji: %q", text)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("a *b* [c](https://d.e) <b>x\n- l\n> q\n\n|a|b|\n|-|-|\n|1|2|", 40)
	f.Add(strings.Repeat("> ", 200)+"x", 64)
	f.Add("<@5> [Ada](tg://user?id=5) <mention person=5>@Ada</mention>", 64)
	f.Add("<a href=x><b><a></b>[![](https://a.b)](https://c.d)", 33)
	f.Fuzz(func(t *testing.T, source string, limit int) {
		if len(source) > 5000 {
			return
		}
		limit = 64 + (limit&0x7fffffff)%4000
		doc := channel.Parse(source)
		for _, d := range []channel.Document{doc, channel.PlainDocument(source), channel.Formatted(source)} {
			if called := mentions(t, d); called != nil {
				t.Fatalf("somebody is called: %+v", called)
			}
		}
		for _, m := range []channel.Measure{channel.CountUTF16, channel.CountMarkdown} {
			pieces := channel.Split(doc, limit, m)
			if doc.PlainText() != "" && len(pieces) == 0 {
				t.Fatal("text was lost")
			}
			for _, piece := range pieces {
				if n := piece.Length(m); n > limit && len(pieces) > 1 {
					t.Fatalf("a piece of %d exceeds %d: %#v", n, limit, piece)
				}
			}
		}
	})
}
