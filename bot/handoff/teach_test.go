package handoff_test

import (
	"strings"
	"testing"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/faq"
)

// talked is a scene in which Ben and Eve have replied.
func talked(line string) handoff.Scene {
	s := held(commanded(line), ben)
	s.Fresh = "abc123"
	s.Lines = []handoff.Said{
		{Text: "Is it waterproof?", Message: "q1", At: monday},
		{FromBot: true, Text: "I am sorry", At: monday},
		{By: "Ben", Text: "Down to 10 m.", Message: "r1", At: monday},
		{Text: "Thanks, write to ann@example.com", Message: "q2", At: monday},
		{By: "Eve", Text: "Down to **20 m**, mail eve@example.com", Message: "r2", At: monday},
		{By: "Ben", Text: "nice customer", Note: true, Message: "n1", At: monday},
		{By: "Ben", Text: "How long does delivery take?", Entry: "delivery", Message: "e1", At: monday},
	}
	return s
}

func TestPlan_Teach(t *testing.T) {
	t.Parallel()
	replyTo := func(message channel.MessageID) handoff.Scene {
		s := talked("teach")
		s.Event.ReplyTo = message
		return s
	}
	silent, unasked, taught, german := talked("teach"), talked("teach"), talked("teach"), talked("teach")
	silent.Lines = silent.Lines[:2]
	unasked.Ticket.Question = " "
	taught.Ticket.Taught = "ticket-7-old"
	german.Ticket.Language, german.Team.Language = "", "de"
	long := talked("teach " + strings.Repeat("why ", 300))
	for _, test := range []struct {
		name             string
		scene            handoff.Scene
		question, answer string
		shown            string
	}{
		{"the question and the last reply", talked("teach"), "Is it waterproof?", "Down to **20 m**, mail ", "here: desk_taught map[Entry:ticket-7-abc123 Question:Is it waterproof?]"},
		{"a reply that was pointed at", replyTo("r1"), "Is it waterproof?", "Down to 10 m.", "here: desk_taught "},
		{"as a reply to the card", replyTo("c1"), "Is it waterproof?", "Down to **20 m**", "here: desk_taught "},
		{"in better words", talked("teach How deep  can it go?"), "How deep can it go?", "Down to **20 m**", "here: desk_taught "},
		{"in the business's language", german, "Is it waterproof?", "Down to", "here: desk_taught "},
		{"a long question", long, "why why", "Down to", "here: desk_taught "},
		{"no reply", silent, "", "", "here: desk_teach_reply"},
		{"no question", unasked, "", "", "here: desk_teach_what"},
		{"a second time", taught, "", "", "here: desk_taught_before map[Entry:ticket-7-old]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := handoff.Plan(test.scene)
			wantShown(t, c, test.shown)
			wantQuiet(t, c, "customer", "yard")
			if test.question == "" {
				if c.Draft != nil || c.Ticket != nil {
					t.Errorf("it was drafted: %+v", c.Draft)
				}
				return
			}
			d := c.Draft
			if d == nil || d.Number != 1 || d.Status != faq.Draft || d.Live != 0 || d.By != "Ben" || d.Note != "from ticket 7" {
				t.Fatalf("the draft is %+v", d)
			}
			if err := d.Content.Validate(); err != nil {
				t.Error(err)
			}
			if got := d.Content.Answers[0].Text; !strings.HasPrefix(d.Content.Question, test.question) || !strings.HasPrefix(got, test.answer) || strings.Contains(got, "eve@") {
				t.Errorf("%q is answered with %q", d.Content.Question, got)
			}
			if c.Ticket.Taught != d.Content.ID || d.Content.ID != "ticket-7-abc123" {
				t.Errorf("the ticket taught %q", c.Ticket.Taught)
			}
		})
	}
}
