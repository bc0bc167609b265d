package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"faqbot/bot/channel"
)

// TestReach_SlowDesk has so many ask at once that the desk is shown their cards for minutes. Nobody is told that it cannot be reached, or is shown there twice.
func TestReach_SlowDesk(t *testing.T) {
	t.Parallel()
	simulateLimited(t, at(2026, 11, 24, 9, 30), nil, 4, func(s *simulated) {
		const others = 15
		for i := range others {
			s.customers.Say(fmt.Sprint("customer ", i), "a person please")
		}
		s.customers.Say("ann", "a person please")
		s.until(50 * time.Second)
		s.wantTold("with our team under number", 1, 1)
		s.wantTold("Many messages are reaching our team", 0, 0)
		s.until(time.Minute)
		s.wantTold("Many messages are reaching our team", 1, 1)
		s.wantTold("team sees your question", 0, 0)
		s.until(5 * time.Minute)
		s.wantTold("Many messages are reaching our team", 1, 1)
		s.wantTold("team sees your question", 1, 1)
		s.wantTold("could not reach", 0, 0)
		cards := 0
		for _, m := range s.staff.ShownAt(hall) {
			if len(m.Buttons) > 0 {
				cards++
			}
		}
		if cards != others+1 {
			t.Errorf("%d customers are shown as %d cards", others+1, cards)
		}
	})
}

// TestReach_DeskDiesWithALine has the desk take nothing any more while cards wait for it: then the customer is told that.
func TestReach_DeskDiesWithALine(t *testing.T) {
	t.Parallel()
	simulateLimited(t, at(2026, 11, 24, 9, 30), nil, 4, func(s *simulated) {
		for i := range 15 {
			s.customers.Say(fmt.Sprint("customer ", i), "a person please")
		}
		s.customers.Say("ann", "a person please")
		s.until(100 * time.Second)
		s.wantTold("Many messages are reaching our team", 1, 1)
		for range 1000 {
			s.staff.Fail(&channel.SendError{Fate: channel.Unknown, Reason: "no answer"})
		}
		s.until(3 * time.Minute)
		s.wantTold("could not reach our team", 1, 1)
		s.wantTold("team sees your question", 0, 0)
	})
}

// TestRelay_InOrder has a customer's message lose to what staff do at the same moment, again and again: what they write next waits for it.
func TestRelay_InOrder(t *testing.T) {
	t.Parallel()
	simulate(t, at(2026, 11, 24, 9, 30), nil, func(s *simulated) {
		s.customers.Say("ann", "a person please")
		s.until(time.Minute)
		s.press("ben", "Claim")
		s.until(time.Minute)
		s.store.mu.Lock()
		s.store.outdone, s.store.outdoneTimes = "first zebra", 8
		s.store.mu.Unlock()
		s.customers.Say("ann", "first zebra")
		s.customers.Say("ann", "second zebra")
		s.until(3 * time.Minute)
		var shown []string
		for _, m := range s.staff.ShownAt(hall) {
			for line := range strings.Lines(m.Content.PlainText()) {
				if strings.Contains(line, "zebra") {
					shown = append(shown, strings.TrimSpace(line))
				}
			}
		}
		if !slices.Equal(shown, []string{"first zebra", "second zebra"}) {
			t.Errorf("staff were shown %q", shown)
		}
	})
}
