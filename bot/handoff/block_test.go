package handoff_test

import (
	"strings"
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

func TestPlan_Block(t *testing.T) {
	t.Parallel()
	closed := commanded("block")
	closed.Ticket.Status, closed.Ticket.Outcome = handoff.Closed, handoff.Solved
	want := handoff.Block{Network: "memory", Person: "ann", Number: 7, Until: monday.Add(30 * 24 * time.Hour), By: "Ben"}
	for name, s := range map[string]handoff.Scene{"an open ticket": commanded("block"), "one that was put off": snoozed("block"), "a closed one": closed} {
		c := handoff.Plan(s)
		if c.Block == nil || *c.Block != want {
			t.Errorf("%s: the block is %+v", name, c.Block)
		}
		if got := c.Ticket; got == nil || got.Status != handoff.Closed || got.Outcome != handoff.Spam || got.Reopens(monday) || !got.Until.IsZero() {
			t.Errorf("%s: the ticket became %+v", name, got)
		}
		wantShown(t, c, "here: desk_blocked map[Name:Ann Number:7 Until:2026-12-23 10:00]", "hall: <card>")
		wantQuiet(t, c, "customer")
	}
}

func TestPlan_Unblock(t *testing.T) {
	t.Parallel()
	s := commanded("unblock 7")
	s.Ticket = nil
	wantShown(t, handoff.Plan(s), "here: desk_unblock_which map[Number:7]")
	s.Found.Block = &handoff.Block{Network: "memory", Person: "ann", Number: 7, Until: monday, By: "Eve"}
	c := handoff.Plan(s)
	if c.Block == nil || !c.Block.Until.IsZero() || c.Block.Person != channel.PersonID("ann") || s.Found.Block.Until.IsZero() {
		t.Errorf("the block became %+v", c.Block)
	}
	wantShown(t, c, "here: desk_unblocked map[Number:7]")
}

func TestPlan_Spam(t *testing.T) {
	t.Parallel()
	c := handoff.Plan(commanded("spam"))
	if c.Ticket.Outcome != handoff.Spam || c.Ticket.Status != handoff.Closed || c.Block != nil {
		t.Errorf("%+v, %+v", c.Ticket, c.Block)
	}
	wantQuiet(t, c, "customer")
}

func TestNumberOf(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{"7": 7, " #17 ": 17, "": 0, "seven": 0, "-1": 0, "7 8": 0, strings.Repeat("9", 30): 0} {
		if got := handoff.NumberOf(text); got != want {
			t.Errorf("%q is %d, want %d", text, got, want)
		}
	}
}
