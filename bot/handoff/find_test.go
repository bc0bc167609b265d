package handoff_test

import (
	"strings"
	"testing"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

func TestTicket_Matches(t *testing.T) {
	t.Parallel()
	ticket := handoff.Ticket{Number: 17, Matter: handoff.Matter{Question: "Ist die Uhr WASSERDICHT?"}, Customer: handoff.Customer{Person: channel.Person{Name: "Zoë Ångström", Username: "zo3"}}}
	for words, want := range map[string]bool{
		"17": true, "#17": true, "1": false, "7": false, "zoe": true, "Angstrom zoë": true, "zo3": true, "wasserdicht": true, "zoe wasser": true,
		"zoe kaffee": false, "": false, "  ": false, "?": false, "17 uhr": true, "18 uhr": false,
	} {
		if got := ticket.Matches(words); got != want {
			t.Errorf("%q matches: %v", words, got)
		}
	}
}

func TestPlan_Find(t *testing.T) {
	t.Parallel()
	s := commanded("find zoe")
	s.Ticket = nil
	closed := waiting(2, 0, true)
	closed.Status = handoff.Closed
	s.Found.Tickets = []handoff.Ticket{waiting(3, 5, false), closed, waiting(1, 0, false)}
	text := handoff.Plan(s).Posts[0].Content.PlainText()
	if a, b, c := strings.Index(text, "🔔 #3"), strings.Index(text, "✓ #2"), strings.Index(text, "🔔 #1"); a < 0 || b < a || c < b {
		t.Errorf("not newest first:\n%s", text)
	}
	s.Found.Tickets = nil
	wantShown(t, handoff.Plan(s), "here: desk_find_none")
	s.Event.Body = ""
	wantShown(t, handoff.Plan(s), "here: desk_find_what")
}

func TestPlan_Note(t *testing.T) {
	t.Parallel()
	c := handoff.Plan(commanded("note a regular"))
	if len(c.Said) != 1 || !c.Said[0].Note || c.Said[0].Text != "a regular" || c.Said[0].By != "Ben" || len(c.Posts) != 0 {
		t.Errorf("it became %+v, %q", c.Said, shown(c))
	}
	wantShown(t, handoff.Plan(commanded("note")), "here: desk_note_what")
}
