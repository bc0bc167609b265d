package handoff_test

import (
	"testing"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

func TestPlan_Assign(t *testing.T) {
	t.Parallel()
	evelyn := handoff.Staff{ID: "office:evelyn", Person: channel.Person{ID: "evelyn", Name: "<b>Evelyn</b>", Username: "lyn"}, Name: "Evelyn"}
	otherEve := handoff.Staff{ID: "far:eve", Person: channel.Person{ID: "eve", Name: "Eve", Username: "eve2"}}
	away := handoff.Staff{ID: "office:zoe", Person: channel.Person{ID: "zoe", Name: "Zoë"}, Away: true}
	for _, test := range []struct {
		name, say string
		staff     []handoff.Staff
		holder    handoff.StaffID
		shown     []string
	}{
		{"by name", "assign Eve", []handoff.Staff{ben, eve}, eve.ID,
			[]string{"customer: customer:person_here map[Name:Eve]", "here: desk_assigned map[By:Ben Name:Eve]", "yard: desk_assigned map[By:Ben Name:Eve]", "hall: <card>"}},
		{"as it is mentioned, in small letters", "assign @eve", []handoff.Staff{ben, eve}, eve.ID, []string{"here: desk_assigned "}},
		{"by its beginning", "assign ev", []handoff.Staff{ben, eve}, eve.ID, []string{"here: desk_assigned "}},
		{"to oneself", "assign Ben", []handoff.Staff{ben, eve}, ben.ID, []string{"here: desk_assigned "}},
		{"the name that customers see goes before the network's", "assign evel", []handoff.Staff{ben, evelyn}, evelyn.ID, nil},
		{"a whole name goes before a longer one", "assign eve", []handoff.Staff{eve, evelyn}, eve.ID, nil},
		{"a beginning that several have", "assign ev", []handoff.Staff{ben, eve, evelyn}, "", []string{"here: desk_assign_several map[Name:ev Staff:Eve, Evelyn (lyn)]"}},
		{"two of one name", "assign eve", []handoff.Staff{eve, otherEve}, "", []string{"here: desk_assign_several map[Name:eve Staff:Eve, Eve (eve2)]"}},
		{"nobody of this name", "assign Adam", []handoff.Staff{ben, eve}, "", []string{"here: desk_assign_nobody map[Name:Adam Staff:Ben, Eve]"}},
		{"no name", "assign", []handoff.Staff{ben, eve}, "", []string{"here: desk_assign_whom map[Name: Staff:Ben, Eve]"}},
		{"somebody who is away", "assign Zoe", []handoff.Staff{ben, away}, away.ID, []string{"here: desk_assigned_away "}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := commanded(test.say)
			s.Team.Staff = test.staff
			c := handoff.Plan(s)
			wantShown(t, c, test.shown...)
			if test.holder == "" {
				if c.Ticket != nil {
					t.Errorf("the ticket became %+v", c.Ticket)
				}
				wantQuiet(t, c, "customer", "yard")
				return
			}
			if c.Ticket == nil || c.Ticket.Holder != test.holder || c.Ticket.Status != handoff.Claimed || c.Ticket.ClaimedAt != monday {
				t.Errorf("the ticket became %+v", c.Ticket)
			}
		})
	}
}

func TestPlan_AssignWhatIsNoMatter(t *testing.T) {
	t.Parallel()
	closed := commanded("assign Eve")
	closed.Ticket.Status = handoff.Closed
	for name, test := range map[string]struct {
		scene handoff.Scene
		shown string
	}{
		"a closed ticket":     {closed, "here: desk_is_closed"},
		"who has it already":  {held(commanded("assign Eve"), eve), "here: desk_taken map[Name:Eve]"},
		"outside of a thread": {handoff.Scene{Event: channel.Event{Kind: channel.Command, Command: "assign", Body: "Eve"}, Voices: handoff.Voices{Voice: keyed("")}}, "here: desk_no_ticket"},
	} {
		c := handoff.Plan(test.scene)
		wantShown(t, c, test.shown)
		if c.Ticket != nil || len(c.Posts) != 1 {
			t.Errorf("%s: more follows: %q", name, shown(c))
		}
	}
}
