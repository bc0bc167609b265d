package channel_test

import (
	"encoding/json"
	"strings"
	"testing"

	"faqbot/bot/channel"

	"github.com/google/go-cmp/cmp"
)

// mentions are the spans of a document that call somebody.
func mentions(t *testing.T, d channel.Document) (out []channel.Span) {
	t.Helper()
	raw, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(raw), `"kind":"`+string(channel.Mention)+`"`) {
		return nil
	}
	for _, b := range d {
		for _, s := range b.Spans {
			if s.Kind == channel.Mention {
				out = append(out, s)
			}
		}
	}
	return out
}

func TestCall(t *testing.T) {
	t.Parallel()
	call := channel.Call("office", "175928847299117063", "Ada")
	d := channel.Document{{Kind: channel.Paragraph, Spans: []channel.Span{plain("Please look, "), call}}}
	if got := d.PlainText(); got != "Please look, @Ada" {
		t.Errorf("it reads %q", got)
	}
	raw, err := json.Marshal(channel.Message{Content: d})
	if err != nil {
		t.Fatal(err)
	}
	var stored channel.Message
	if err := json.Unmarshal(raw, &stored); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(d, stored.Content); diff != "" {
		t.Errorf("the outbox changes it (-want +got):\n%s", diff)
	}
	if n := d.Length(channel.CountMarkdown); n < len("Please look, <@175928847299117063>") {
		t.Errorf("it measures %d", n)
	}
}

// A call stands in one piece, whole, or is a name where it would fill a message.
func TestSplit_CallsStayWhole(t *testing.T) {
	t.Parallel()
	call := channel.Call("office", "175928847299117063", "Ada Lovelace")
	for length := range 120 {
		d := channel.Document{{Kind: channel.Paragraph, Spans: []channel.Span{plain(strings.Repeat("x", length)), call, call, plain(" bye")}}}
		for _, m := range []channel.Measure{channel.CountUTF16, channel.CountMarkdown, channel.CountVisible} {
			var got []channel.Span
			for _, piece := range channel.Split(d, 100, m) {
				got = append(got, mentions(t, piece)...)
				if n := piece.Length(m); n > 100 {
					t.Errorf("%s: a piece measures %d", m, n)
				}
			}
			if diff := cmp.Diff([]channel.Span{call, call}, got); diff != "" {
				t.Errorf("%s, after %d (-want +got):\n%s", m, length, diff)
			}
		}
	}
	long := channel.Document{{Kind: channel.Paragraph, Spans: []channel.Span{channel.Call("office", "1", strings.Repeat("name ", 40))}}}
	for _, piece := range channel.Split(long, 100, channel.CountVisible) {
		if n := piece.Length(channel.CountVisible); n > 100 || len(mentions(t, piece)) > 0 {
			t.Errorf("%d: %+v", n, piece)
		}
	}
}

// Whatever people write, nobody is called by it.
func TestParse_CallsNobody(t *testing.T) {
	t.Parallel()
	for _, source := range []string{
		"<@175928847299117063>", "@Ada", "[Ada](tg://user?id=5)", `<a href="tg://user?id=5">Ada</a>`, `<mention network="office" person="5">Ada</mention>`,
		"<mention>@Ada</mention>", "<@&1> <@!1> @everyone", `{"kind":"mention","person":"5"}`, "[](mention:5)", "> - **<@5>**",
	} {
		for _, d := range []channel.Document{channel.Parse(source), channel.PlainDocument(source), channel.Formatted(source)} {
			if got := mentions(t, d); got != nil {
				t.Errorf("%q calls %+v", source, got)
			}
		}
	}
	if got := channel.StyledDocument("Ada", []channel.Styled{{To: 3, Kind: channel.Mention}}); got != nil {
		t.Errorf("a style calls: %+v", got)
	}
}
