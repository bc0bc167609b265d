package handoff_test

import (
	"testing"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

// TestPlan_Capacity: Ben has two tickets, Eve one, and two are enough.
func TestPlan_Capacity(t *testing.T) {
	t.Parallel()
	const benIsFull, eveIsFull = "here: desk_full map[Count:2 Most:2 Name:Ben]", "here: desk_full_other map[Count:2 Most:2 Name:Eve]"
	pressed := commanded("")
	pressed.Event.Kind, pressed.Pressed = channel.Press, handoff.PressClaim
	replied := commanded("")
	replied.Event.Kind, replied.Event.Body = channel.Text, "Hello Ann"
	taken := held(commanded("claim anyway"), eve)
	byEve := commanded("assign ben")
	byEve.Staff = eve
	closed := commanded("claim")
	closed.Ticket.Status = handoff.Closed
	for _, test := range []struct {
		name   string
		scene  handoff.Scene
		most   int
		held   map[handoff.StaffID]int
		holder handoff.StaffID // of the ticket as it is stored; empty where nothing is
		shown  string
	}{
		{"claims with enough", commanded("claim"), 2, nil, "", benIsFull},
		{"presses with enough", pressed, 2, nil, "", benIsFull},
		{"claims anyway", commanded("claim anyway"), 2, nil, ben.ID, "here: desk_claimed"},
		{"ANYWAY is anyway", commanded("claim ANYWAY"), 2, nil, ben.ID, "here: desk_claimed"},
		{"one more fits", commanded("claim"), 3, nil, ben.ID, "here: desk_claimed"},
		{"no limit", commanded("claim"), 0, nil, ben.ID, "here: desk_claimed"},
		{"more than are allowed since a change", commanded("claim"), 1, nil, "", "here: desk_full map[Count:2 Most:1 Name:Ben]"},
		{"a reply takes it whatever one has", replied, 2, nil, ben.ID, "customer: Ben: Hello Ann"},
		{"takes up what they put off", snoozed("claim"), 2, nil, ben.ID, "here: desk_claimed"},
		{"anyway takes it from nobody", taken, 2, nil, "", "here: desk_taken"},
		{"a closed one is closed", closed, 2, nil, "", "here: desk_is_closed"},
		{"given to who has room", commanded("assign eve"), 2, nil, eve.ID, "here: desk_assigned"},
		{"given to who has enough", commanded("assign eve"), 2, map[handoff.StaffID]int{eve.ID: 2}, "", eveIsFull},
		{"given to them anyway", commanded("assign  eve  anyway"), 2, map[handoff.StaffID]int{eve.ID: 2}, eve.ID, "here: desk_assigned"},
		{"given to oneself", commanded("assign ben"), 2, nil, "", benIsFull},
		{"given to another with enough", byEve, 2, nil, "", "here: desk_full_other map[Count:2 Most:2 Name:Ben]"},
		{"anyway to nobody", commanded("assign anyway"), 2, nil, "", "here: desk_assign_whom"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := test.scene
			s.Team.Capacity = handoff.Capacity{Most: test.most, Held: map[handoff.StaffID]int{ben.ID: 2, eve.ID: 1}}
			if test.held != nil {
				s.Team.Capacity.Held = test.held
			}
			c := handoff.Plan(s)
			wantShown(t, c, test.shown)
			switch {
			case test.holder == "" && c.Ticket != nil:
				t.Errorf("the ticket became %+v", c.Ticket)
			case test.holder == "":
				wantQuiet(t, c, "customer", "yard")
			case c.Ticket == nil || c.Ticket.Holder != test.holder || c.Ticket.Status != handoff.Claimed:
				t.Errorf("the ticket became %+v", c.Ticket)
			}
		})
	}
}
