package handoff_test

import (
	"strings"
	"testing"

	"faqbot/bot/handoff"
)

var savedReplies = []handoff.Saved{{Name: "Bye", Text: "Goodbye!\n\nCome again."}, {Name: "hello", Text: "Hello."}, {Name: "help", Text: "Here is help."}}

func TestPlan_Save(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		say        string
		name, text string
		shown      string
	}{
		{"save thanks Thank  you.\nBye.", "thanks", "Thank  you.\nBye.", "here: desk_saved map[Name:thanks]"},
		{"save thanks\nThank you.", "thanks", "Thank you.", "here: desk_saved map[Name:thanks]"},
		{"save BYE So long.", "BYE", "So long.", "here: desk_saved_anew map[Name:BYE]"},
		{"save", "", "", "here: desk_save_how"},
		{"save thanks", "", "", "here: desk_save_how"},
		{"save !!! Thank you.", "", "", "here: desk_save_how"},
		{"save " + strings.Repeat("x", 41) + " Thank you.", "", "", "here: desk_save_how"},
		{"save long " + strings.Repeat("x", 4001), "", "", "here: desk_save_how"},
	} {
		s := commanded(test.say)
		s.Ticket, s.Found.Saved = nil, savedReplies
		c := handoff.Plan(s)
		wantShown(t, c, test.shown)
		switch {
		case test.name == "" && c.Saved == nil:
		case test.name == "" || c.Saved == nil, c.Saved.Name != test.name, c.Saved.Text != test.text, c.Saved.By != "Ben", c.Saved.At != monday:
			t.Errorf("%q keeps %+v", test.say, c.Saved)
		}
	}
}

func TestPlan_SaySaved(t *testing.T) {
	t.Parallel()
	for say, want := range map[string]string{
		"say Hello": "customer: Ben: Hello.", "say bye": "customer: Ben: Goodbye! Come again.", "say b": "customer: Ben: Goodbye!",
		"say hel": "here: desk_saved_list", "say zebra": "here: desk_saved_list", "say": "here: desk_saved_list",
	} {
		s := held(commanded(say), ben)
		s.Found.Saved = savedReplies
		c := handoff.Plan(s)
		wantShown(t, c, want)
		if strings.HasPrefix(want, "here") {
			wantQuiet(t, c, "customer", "yard")
			continue
		}
		wantShown(t, c, "yard: Ben → Ann ")
		if c.Ticket == nil || c.Ticket.RepliedAt != monday || len(c.Said) != 1 || strings.HasPrefix(c.Said[0].Text, "/") {
			t.Errorf("%q: %+v, %+v", say, c.Ticket, c.Said)
		}
	}
	closed := commanded("say bye")
	closed.Ticket.Status, closed.Found.Saved = handoff.Closed, savedReplies
	wantQuiet(t, handoff.Plan(closed), "customer")
}

func TestPlan_SavedAndUnsave(t *testing.T) {
	t.Parallel()
	s := commanded("saved")
	s.Ticket = nil
	wantShown(t, handoff.Plan(s), "here: desk_saved_none")
	s.Found.Saved = savedReplies
	if text := shown(handoff.Plan(s))[0]; !strings.Contains(text, "Bye Goodbye! Come again.") || strings.Index(text, "hello") > strings.Index(text, "help") {
		t.Errorf("the list is %q", text)
	}
	s.Event.Command, s.Event.Body = "unsave", "hello"
	c := handoff.Plan(s)
	if c.Saved == nil || c.Saved.Name != "hello" || c.Saved.Text != "" || savedReplies[1].Text == "" {
		t.Errorf("what is removed is %+v", c.Saved)
	}
}
