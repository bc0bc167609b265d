package handoff_test

import (
	"slices"
	"strings"
	"testing"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/faq"
)

var delivery = handoff.Served{Entry: "delivery", Question: "How long does delivery take?", Answer: faq.Answer{
	Language: "en", Text: "Two to **three** days.", Buttons: []faq.Link{{Label: "Track it", URL: "https://example.com/track"}}}}

func TestPlan_Insert(t *testing.T) {
	t.Parallel()
	entries := []handoff.Served{delivery, {Entry: "abroad", Question: "And abroad?", Answer: faq.Answer{Text: "Longer."}}}
	closed, bare := commanded("insert delivery"), commanded("insert")
	closed.Ticket.Status, bare.Ticket.Question = handoff.Closed, ""
	for _, test := range []struct {
		name    string
		scene   handoff.Scene
		entries []handoff.Served
		shown   string
		values  []string
	}{
		{"what there is", commanded("insert delivery"), entries, "here: How long does delivery take? Two to three days.", []string{"delivery", "abroad"}},
		{"for the ticket's question", commanded("insert"), entries[:1], "here: How long", []string{"delivery"}},
		{"nothing", commanded("insert zebra"), nil, "here: desk_insert_none", nil},
		{"no words, no question", bare, nil, "here: desk_insert_what", nil},
		{"a closed ticket", closed, entries, "here: desk_is_closed", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.scene.Found.Entries = test.entries
			c := handoff.Plan(test.scene)
			if len(c.Posts) != 1 || c.Ticket != nil || c.Said != nil {
				t.Errorf("more follows: %q", shown(c))
			}
			if got := strings.ReplaceAll(shown(c)[0], "1. ", ""); !strings.HasPrefix(got, test.shown) {
				t.Errorf("%q is shown", got)
			}
			var values []string
			for _, b := range c.Posts[0].Buttons {
				values = append(values, b.Value)
				if b.Press != handoff.PressSend || !strings.HasPrefix(b.Label, "desk_button_send") {
					t.Errorf("a button is %+v", b)
				}
			}
			if !slices.Equal(values, test.values) {
				t.Errorf("%q can be sent", values)
			}
		})
	}
}

// sending is a press on the button of an entry.
func sending(s handoff.Scene, entries ...handoff.Served) handoff.Scene {
	s.Event.Kind, s.Pressed, s.Value, s.Found.Entries = channel.Press, handoff.PressSend, "delivery", entries
	return s
}

func TestPlan_SendEntry(t *testing.T) {
	t.Parallel()
	c := handoff.Plan(sending(commanded(""), delivery))
	wantShown(t, c, "customer: customer:person_here", "customer: Ben: Two to three days.", "here: desk_inserted", "yard: desk_inserted")
	if c.Ticket == nil || c.Ticket.Holder != ben.ID || c.Ticket.RepliedAt != monday {
		t.Errorf("the ticket became %+v", c.Ticket)
	}
	if len(c.Said) != 1 || c.Said[0].Entry != "delivery" || c.Said[0].By != "Ben" || c.Said[0].Note {
		t.Errorf("the transcript has %+v", c.Said)
	}
	i := slices.IndexFunc(c.Posts, func(p handoff.Post) bool { return len(p.Content) == 2 && side(p) == "customer" })
	if got := c.Posts[i]; len(got.Buttons) != 1 || got.Buttons[0].URL != "https://example.com/track" || got.Content.PlainText() != "Ben:\n\nTwo to three days." {
		t.Errorf("the customer is sent %+v", got)
	}
	foreign := delivery
	foreign.Notice = "only in English"
	wantShown(t, handoff.Plan(sending(held(commanded(""), ben), foreign)), "customer: Ben: only in English Two to three")
}

func TestPlan_SendWhatIsGone(t *testing.T) {
	t.Parallel()
	c := handoff.Plan(sending(commanded("")))
	wantShown(t, c, "here: desk_insert_gone")
	wantQuiet(t, c, "customer", "yard")
	closed := commanded("")
	closed.Ticket.Status = handoff.Closed
	c = handoff.Plan(sending(closed, delivery))
	wantShown(t, c, "here: desk_is_closed")
	wantQuiet(t, c, "customer")
}

// An entry that is named is sent at once, whatever its ID could mean as words.
func TestPlan_InsertNamed(t *testing.T) {
	t.Parallel()
	s := commanded("insert entry:delivery")
	s.Found.Entries = []handoff.Served{delivery}
	c := handoff.Plan(s)
	wantShown(t, c, "customer: Ben: Two to three days.", "here: desk_inserted")
	s.Found.Entries = nil
	wantShown(t, handoff.Plan(s), "here: desk_insert_gone")
	s.Ticket.Status = handoff.Closed
	s.Found.Entries = []handoff.Served{delivery}
	c = handoff.Plan(s)
	wantShown(t, c, "here: desk_is_closed")
	wantQuiet(t, c, "customer")
}
