package handoff_test

import (
	"slices"
	"testing"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/faq"
)

// several is the scene with more desks than the ticket is shown at: its ticket is in the hall alone.
func several(line string) handoff.Scene {
	s := held(commanded(line), ben)
	s.Ticket.Reached, s.Ticket.Called = true, 1
	s.Threads = s.Threads[:1]
	s.Team.Desks = append(s.Team.Desks,
		handoff.Desk{ID: "Berlin-desk", Address: channel.Address{Network: "far", Chat: "b"}, Rule: handoff.Rule{Languages: []faq.Language{"de"}}},
		handoff.Desk{ID: "boston-desk", Address: channel.Address{Network: "far", Chat: "c"}, Rule: handoff.Rule{Networks: []channel.Network{"memory"}}},
		handoff.Desk{ID: "boss", Address: channel.Address{Network: "mail", Chat: "boss"}, Owner: true},
		handoff.Desk{ID: "ruin", Address: channel.Address{Network: "mail", Chat: "ruin"}, Gone: true})
	return s
}

func TestPlan_Transfer(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, say string
		to        handoff.DeskID
		shown     string
	}{
		{"by the beginning of an ID", "transfer ber", "Berlin-desk", "here: desk_transferred map[By:Ben Desk:Berlin-d far de]"},
		{"by a whole ID", "transfer boston-desk", "boston-desk", "here: desk_transferred "},
		{"by the network that it is on", "transfer office", "yard", "here: desk_transferred "},
		{"by its language", "transfer DE", "Berlin-desk", "here: desk_transferred "},
		{"by the network of its customers", "transfer memory", "boston-desk", "here: desk_transferred "},
		{"several that begin so", "transfer b", "", "here: desk_transfer_which "},
		{"several on a network", "transfer far", "", "here: desk_transfer_which "},
		{"this desk", "transfer hall", "", "here: desk_transfer_which map[Desk:hall Desks:yard office; Berlin-d far de; boston-d far memory]"},
		{"the owner", "transfer boss", "", "here: desk_transfer_which "},
		{"a desk that cannot be reached", "transfer ruin", "", "here: desk_transfer_which "},
		{"nothing", "transfer", "", "here: desk_transfer_which "},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := handoff.Plan(several(test.say))
			wantShown(t, c, test.shown)
			if test.to == "" {
				if c.Ticket != nil || c.Threads != nil || len(c.Posts) != 1 {
					t.Errorf("more follows: %q", shown(c))
				}
				return
			}
			to := string(test.to)
			wantShown(t, c, "customer: customer:person_left map[Number:7]", "hall: <card>", "hall: <close>", to+": <open>", to+": desk_transferred_here")
			if got := c.Ticket; got.Status != handoff.Open || got.Holder != "" || got.Reached || got.Called != 0 {
				t.Errorf("the ticket became %+v", got)
			}
			if got := c.Threads; len(got) != 2 || got[0].Desk != "hall" || got[0].State != handoff.Left || got[1].Desk != test.to || got[1].State != handoff.Wanted {
				t.Errorf("the threads became %+v", got)
			}
			for _, p := range c.Posts {
				if p.Desk == "hall" && (len(p.Buttons) > 0 || p.Act == handoff.TitlesThread) {
					t.Errorf("the desk that it left is shown %+v", p)
				}
			}
		})
	}
}

// A desk that sees the ticket anyway is told, and no second card opens there.
func TestPlan_TransferToWhereItIs(t *testing.T) {
	t.Parallel()
	c := handoff.Plan(held(commanded("transfer yard"), ben))
	wantShown(t, c, "yard: <card>", "yard: desk_transferred_here")
	if !c.Ticket.Reached || len(c.Threads) != 1 || slices.Contains(shown(c), "yard: <open>") {
		t.Errorf("%+v, %+v, %q", c.Ticket, c.Threads, shown(c))
	}
	alone := commanded("transfer yard")
	alone.Team.Desks = alone.Team.Desks[:1]
	wantShown(t, handoff.Plan(alone), "here: desk_transfer_alone")
}

// In the thread that a ticket has left nothing reaches its customer.
func TestPlan_WhereATicketHasLeft(t *testing.T) {
	t.Parallel()
	left := func(kind channel.Kind, line string) handoff.Scene {
		s := commanded(line)
		s.Threads[0].State = handoff.Left
		s.Event.Kind = kind
		return s
	}
	press := left(channel.Press, "")
	press.Pressed = handoff.PressClaim
	text := left(channel.Text, "")
	text.Event.Body = "Hello?"
	for name, s := range map[string]handoff.Scene{"text": text, "a command": left(channel.Command, "claim"), "a button": press, "another transfer": left(channel.Command, "transfer yard")} {
		c := handoff.Plan(s)
		if got := shown(c); len(got) != 1 || got[0] != "here: desk_elsewhere map[Desks:yard office]" || c.Ticket != nil || c.Said != nil {
			t.Errorf("%s: %q", name, got)
		}
	}
	note := left(channel.Text, "")
	note.Event.Body = "// gone"
	if c := handoff.Plan(note); len(c.Said) != 1 {
		t.Error("a note is not kept")
	}
}
