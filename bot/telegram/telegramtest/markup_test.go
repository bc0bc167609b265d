package telegramtest_test

import (
	"fmt"
	"strings"
	"testing"

	"faqbot/bot/telegram/telegramtest"

	"github.com/google/go-cmp/cmp"
)

// sent sends HTML and tells what is shown of it: the text, and each entity as type:part.
func sent(t *testing.T, b *bot, html string) (string, []string, []string) {
	t.Helper()
	b.must("Message", "sendMessage", "chat_id", "100001", "text", html, "parse_mode", "HTML")
	log := b.server.Log()
	v := log[len(log)-1]
	var entities []string
	for _, e := range v.Entities {
		entities = append(entities, fmt.Sprintf("%s@%d+%d%s", e.Type, e.Offset, e.Length, e.URL+e.Language))
	}
	return v.Text, entities, v.Lost
}

func TestHTML_IsReadAsThePlatformReadsIt(t *testing.T) {
	t.Parallel()
	b, s := newBot(t, telegramtest.Options{NoRates: true})
	s.Customer(1).Say("hi")
	cases := map[string]struct {
		html     string
		text     string
		entities []string
		lost     int
	}{
		"plain":                      {html: "a &lt;b&gt; &amp;amp; &quot;", text: `a <b> &amp; "`},
		"an unknown reference stays": {html: "a &nbsp; &copy;", text: "a &nbsp; &copy;"},
		"numbers":                    {html: "&#39;&#x1F600;", text: "'😀"},
		"offsets are UTF-16":         {html: "😀<b>ä😀</b>", text: "😀ä😀", entities: []string{"bold@2+3"}},
		"nesting":                    {html: "<b>a<i>b</i></b>", text: "ab", entities: []string{"bold@0+2", "italic@1+1"}},
		"a link":                     {html: `<a href="https://e.com/?a=1&amp;b=2">x</a>`, text: "x", entities: []string{"text_link@0+1https://e.com/?a=1&b=2"}},
		"a link without a dot":       {html: `<a href="http://localhost/">x</a>`, text: "x", lost: 1},
		"a mail link":                {html: `<a href="mailto:a@e.com">x</a>`, text: "x", lost: 1},
		"a link in a link":           {html: `<a href="https://e.com">x<a href="https://f.com">y</a></a>`, text: "xy", entities: []string{"text_link@0+2https://e.com"}, lost: 1},
		"code in a link":             {html: `<a href="https://e.com">x<code>y</code></a>`, text: "xy", entities: []string{"text_link@0+2https://e.com"}, lost: 1},
		"bold in code":               {html: "<code>x<b>y</b></code>", text: "xy", entities: []string{"code@0+2"}, lost: 1},
		"a language":                 {html: `<pre><code class="language-go">x</code></pre>`, text: "x", entities: []string{"pre@0+1go"}},
		"a quote in a quote":         {html: "<blockquote>a<blockquote>b</blockquote></blockquote>", text: "ab", entities: []string{"blockquote@0+2"}, lost: 1},
		"an expandable quote":        {html: "<blockquote expandable>a</blockquote>", text: "a", entities: []string{"expandable_blockquote@0+1"}},
		"empty tags vanish":          {html: "a<b></b><i> </i>", text: "a"},
		"both ends are trimmed":      {html: " \n<b> a </b>\n ", text: "a", entities: []string{"bold@0+1"}},
		"control characters":         {html: "a\tb\rc\u2028d\u202Ee", text: "a bcde"},
		"what the platform finds":    {html: "see @alice /help https://e.com #x a@b.com", text: "see @alice /help https://e.com #x a@b.com", entities: []string{"mention@4+6", "bot_command@11+5", "url@17+13", "hashtag@31+2", "email@34+7"}},
		"nothing is found in code":   {html: "<code>@alice</code>", text: "@alice", entities: []string{"code@0+6"}},
	}
	for name, c := range cases {
		text, entities, lost := sent(t, b, c.html)
		if text != c.text || len(lost) != c.lost {
			t.Errorf("%s: %q, lost %q", name, text, lost)
		}
		if diff := cmp.Diff(c.entities, entities); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestHTML_IsRefusedAsThePlatformRefusesIt(t *testing.T) {
	t.Parallel()
	b, s := newBot(t, telegramtest.Options{NoRates: true})
	s.Customer(1).Say("hi")
	for html, problem := range map[string]string{
		"<p>x</p>":                 `unsupported start tag "p" at byte offset 0`,
		"<br>":                     `unsupported start tag "br"`,
		"a < b":                    `unsupported start tag ""`,
		"a <":                      "unclosed start tag",
		"<b>x":                     `can't find end tag corresponding to start tag "b"`,
		"x</b>":                    "unexpected end tag at byte offset 1",
		"<b><i>x</b></i>":          "unmatched end tag",
		"<b":                       "unclosed start tag",
		"<a href>x</a>":            "expected equal sign",
		`<a href="x>y</a>`:         "unclosed start tag",
		"<a href=https://e.com>x":  "unexpected end of name token",
		`<span class="x">y</span>`: `tag "span" must have class "tg-spoiler"`,
		"<b>x</b":                  "unclosed end tag",
	} {
		r := b.refused(400, "Bad Request: can't parse entities: ", true, "sendMessage", "chat_id", "100001", "text", html, "parse_mode", "HTML")
		if !strings.Contains(r.Description, problem) {
			t.Errorf("%s: %q, want %q", html, r.Description, problem)
		}
	}
}
