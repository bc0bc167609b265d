package telegram

import (
	"testing"

	"faqbot/bot/channel"

	"github.com/google/go-cmp/cmp"
)

// TestTextUnits_document counts as the platform does, in UTF-16, and leaves out what other networks do not know.
func TestTextUnits_document(t *testing.T) {
	t.Parallel()
	got := newText("🌱 grow it", []entity{{Type: "bold", Offset: 3, Length: 4}, {Type: "mention", Offset: 0, Length: 2}}).document()
	want := channel.Document{{Kind: channel.Paragraph, Spans: []channel.Span{
		{Kind: channel.Plain, Text: "🌱 "}, {Kind: channel.Strong, Spans: []channel.Span{{Kind: channel.Plain, Text: "grow"}}}, {Kind: channel.Plain, Text: " it"},
	}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got := newText("plain", []entity{{Type: "url", Offset: 0, Length: 5}}).document(); got != nil {
		t.Errorf("%+v, want nothing", got)
	}
}
