package handoff

import (
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"faqbot/bot/channel"
)

func TestDefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"@channel look":               "@" + joiner + "channel look",
		"ask (@boss)!":                "ask (@" + joiner + "boss)!",
		"write to ann@shop.example":   "write to ann@shop.example",
		"/close":                      "/" + joiner + "close",
		"1/2 and/or https://a.b/c?/d": "1/2 and/or https://a.b/c?/" + joiner + "d",
		"@ / alone":                   "@ / alone",
		"＠все":                        "＠" + joiner + "все",
	} {
		if got := defused(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// keysAsText says the key of a text, with what is put into it.
type keysAsText struct{}

func (keysAsText) Say(key string, args ...map[string]any) string {
	var b strings.Builder
	b.WriteString(key)
	for _, a := range args {
		for _, name := range []string{"Name", "Network", "Language"} {
			if v, ok := a[name].(string); ok {
				b.WriteString(" " + v)
			}
		}
	}
	return b.String()
}

var (
	mention = regexp.MustCompile(`(^|[^\p{L}\p{Nd}_])[@＠][\p{L}\p{Nd}_]`)
	tapped  = regexp.MustCompile(`(^|[^\p{L}\p{Nd}_/<>])/[\p{L}\p{Nd}_]`)
)

// FuzzCard: nothing that customers write, or call themselves, calls anybody, acts as a command, or becomes markup where staff see it.
func FuzzCard(f *testing.F) {
	f.Add("@everyone", "**bold** [link](https://evil.example) <b>x</b> /close @here", "`code`\n/claim")
	f.Add("\n#1 ✓", "// note", "\u202e@ab\x00\xff")
	f.Add("/ban", "@@a//b", "＠всем")
	f.Fuzz(func(t *testing.T, name, question, text string) {
		ticket := Ticket{ID: "t", Number: 7, Status: Open, Matter: Matter{Question: question, Earlier: []Earlier{EarlierOf(Ticket{Number: 5, Matter: Matter{Question: text}})}}, OpenedAt: time.Unix(0, 0),
			Customer: Customer{Person: channel.Person{ID: "p", Name: name, Username: text}}}
		front := Front{Ticket: ticket, Voice: keysAsText{}, Threads: []Thread{{Ticket: "t", Desk: "d", State: Standing}},
			Lines: []Said{{Text: question}, {Text: text}, {Text: text, By: name}}}
		posts := append(front.Relay(Said{Text: text}, channel.Address{}), front.board().open(Thread{Desk: "d"}))
		posts = append(posts, front.Edited([]Shown{{Alone: true}}, text)...)
		posts = append(posts, front.Deleted([]Shown{{Alone: true}})...)
		for _, p := range posts {
			walk(p.Content, func(s channel.Span) {
				if s.URL != "" || s.Kind == channel.LinkTo || s.Kind == channel.Mono || s.Kind == channel.Emph || s.Kind == channel.Mention {
					t.Errorf("%q, %q, %q: there is markup: %+v", name, question, text, s)
				}
			})
			shown := p.Content.PlainText()
			if mention.MatchString(shown) || tapped.MatchString(shown) {
				t.Errorf("%q, %q, %q: somebody is called, or something can be tapped, in %q", name, question, text, shown)
			}
			if strings.ContainsAny(p.Title, "\n\r") || utf8.RuneCountInString(p.Title) > maxTitle || !utf8.ValidString(p.Title) {
				t.Errorf("%q: the title is %q", name, p.Title)
			}
		}
	})
}

func walk(d channel.Document, visit func(channel.Span)) {
	var spans func([]channel.Span)
	spans = func(list []channel.Span) {
		for _, s := range list {
			visit(s)
			spans(s.Spans)
		}
	}
	for _, b := range d {
		spans(b.Spans)
		walk(b.Blocks, visit)
		for _, item := range b.Items {
			walk(item, visit)
		}
	}
}
