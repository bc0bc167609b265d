package channel_test

import (
	"testing"

	"faqbot/bot/channel"

	"github.com/google/go-cmp/cmp"
)

func plain(text string) channel.Span { return channel.Span{Kind: channel.Plain, Text: text} }

func within(kind channel.SpanKind, spans ...channel.Span) channel.Span {
	return channel.Span{Kind: kind, Spans: spans}
}

func TestStyledDocument(t *testing.T) {
	t.Parallel()
	got := channel.StyledDocument("ab\ncde fg ünd", []channel.Styled{
		{From: 1, To: 4, Kind: channel.Strong}, {From: 3, To: 6, Kind: channel.Emph}, {From: 7, To: 9, Kind: channel.Mono},
		{From: 10, To: 99, Kind: channel.LinkTo, URL: "https://a.example"}, {From: 0, To: 1, Kind: channel.LinkTo, URL: "javascript:x"},
	})
	want := channel.Document{{Kind: channel.Paragraph, Spans: []channel.Span{
		plain("a"), within(channel.Strong, plain("b")), {Kind: channel.Break}, within(channel.Strong, within(channel.Emph, plain("c"))),
		within(channel.Emph, plain("de")), plain(" "), {Kind: channel.Mono, Text: "fg"}, plain(" "),
		{Kind: channel.LinkTo, URL: "https://a.example", Spans: []channel.Span{plain("ünd")}},
	}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for _, styles := range [][]channel.Styled{nil, {{From: 3, To: 3, Kind: channel.Strong}}, {{From: -1, To: 2, Kind: channel.Strong}}, {{From: 0, To: 2, Kind: channel.LinkTo, URL: "data:x"}}} {
		if got := channel.StyledDocument("abc", styles); got != nil {
			t.Errorf("%+v: %+v, want nothing", styles, got)
		}
	}
}

func TestFormatted(t *testing.T) {
	t.Parallel()
	want := channel.Document{{Kind: channel.Paragraph, Spans: []channel.Span{plain("Hi "), within(channel.Strong, plain("Ann")), {Kind: channel.Break}, plain("bye")}}}
	if diff := cmp.Diff(want, channel.Formatted("Hi **Ann**\nbye")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for _, text := range []string{"plain", "2 * 3 * 4", "snake_case_name", "```x```", "a\nb [c]"} {
		if got := channel.Formatted(text); got != nil {
			t.Errorf("%q: %+v, want nothing", text, got)
		}
	}
}
