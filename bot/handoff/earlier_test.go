package handoff_test

import (
	"strings"
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"

	"github.com/google/go-cmp/cmp"
)

// TestEarlierOf: what a later ticket knows is a line, however long the question was.
func TestEarlierOf(t *testing.T) {
	t.Parallel()
	closed := monday.Add(-48 * time.Hour)
	before := handoff.Ticket{Number: 5, ClosedAt: closed, Matter: handoff.Matter{Question: "My cat\nis " + strings.Repeat("very ", 100) + "blue"}}
	before.Outcome = handoff.Product
	got := handoff.EarlierOf(before)
	if n := len([]rune(got.Question)); n > 160 || !strings.HasPrefix(got.Question, "My cat is very very") || !strings.HasSuffix(got.Question, "…") {
		t.Errorf("the question is %q, %d characters", got.Question, n)
	}
	got.Question = ""
	if diff := cmp.Diff(handoff.Earlier{Number: 5, Outcome: handoff.Product, ClosedAt: closed}, got); diff != "" {
		t.Error(diff)
	}
}

// TestFront_CardShowsEarlierTickets: the last three, newest first, as text of strangers.
func TestFront_CardShowsEarlierTickets(t *testing.T) {
	t.Parallel()
	at := func(day int) time.Time { return time.Date(2026, 11, day, 23, 30, 0, 0, time.UTC) }
	ticket := *commanded("help").Ticket
	ticket.Earlier = []handoff.Earlier{
		{Number: 6, Question: "ask @boss or /close", Outcome: handoff.Solved, ClosedAt: at(20)},
		{Number: 4, Outcome: handoff.TakenBack, ClosedAt: at(10)},
		{Number: 3, Question: "old", Outcome: "", ClosedAt: at(5)},
		{Number: 1, Question: "older than is shown", Outcome: handoff.Price, ClosedAt: at(1)},
	}
	f := handoff.Front{Ticket: ticket, Voice: keyed(""), Zone: berlin, Now: monday,
		Desks: []handoff.Desk{{ID: "hall", Address: channel.Address{Network: "office", Chat: "hall"}}}}
	c, _ := f.Call()
	text := c.Posts[0].Content.PlainText()
	for _, want := range []string{
		"desk_earlier", "#6 · 2026-11-21 · desk_outcome_solved · ask @\u2060boss or /\u2060close", "#4 · 2026-11-11 · desk_outcome_taken_back", "#3 · 2026-11-06 · desk_outcome_ · old",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the card lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "older than") {
		t.Errorf("the card shows more than three:\n%s", text)
	}
	f.Ticket.Earlier = nil
	if c, _ := f.Call(); strings.Contains(c.Posts[0].Content.PlainText(), "desk_earlier") {
		t.Error("the card of who is here for the first time speaks of earlier tickets")
	}
}
