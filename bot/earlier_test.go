package bot_test

import (
	"testing"

	"faqbot/bot/handoff"
)

// TestDesk_EarlierTicketsAreOnTheCard: who comes again need not tell what they came with before.
func TestDesk_EarlierTicketsAreOnTheCard(t *testing.T) {
	t.Parallel()
	b := staffed(t)
	b.say("ann", "can my cat fly to the moon with you?", "no answer to that yet")
	b.say("ann", "a person please", "with our team under number", "team sees")
	b.press("ann", "No person needed after all")
	b.expect("ann", "taken number")
	b.say("eve", "human", "tell me here what it is about", "team sees") // another customer's are nobody's business here
	b.say("ann", "human", "place", "team sees")
	b.atDesk("Earlier tickets", "#1 ·", "Taken back by the customer", "can my cat fly to the moon")
	tickets, err := b.store.Tickets(t.Context(), handoff.Open, 10)
	if err != nil || len(tickets) != 2 {
		t.Fatalf("tickets %+v, %v", tickets, err)
	}
	if got := tickets[0].Earlier; len(got) != 1 || got[0].Number != 1 || got[0].Outcome != handoff.TakenBack || got[0].ClosedAt.IsZero() {
		t.Errorf("Ann's ticket knows of %+v", got)
	}
	if got := tickets[1].Earlier; len(got) != 0 {
		t.Errorf("Eve's ticket knows of %+v", got)
	}
}
