package bot_test

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

// TestDesk_ClaimedAtOnce has two people press Claim at the same instant, each at a desk of their own. One has the ticket, and the other is told who.
func TestDesk_ClaimedAtOnce(t *testing.T) {
	t.Parallel()
	rounds := 50
	if os.Getenv("FAQBOT_TEST_LONG") == "1" {
		rounds = 1000
	}
	b := staffed(t)
	yard := channel.Address{Network: "office", Chat: "yard"}
	b.bind(yard, false)
	b.shownAt(yard, "This is a desk now")
	time.Sleep(1100 * time.Millisecond) // the engine looks at the list of desks once a second
	wins := map[string]int{}
	for i := range rounds {
		customer := fmt.Sprintf("customer-%d-", i)
		b.say(customer, "human", "tell me here what it is about", "team sees your question now")
		cards := map[string]channel.Event{
			"ben": b.pressOf("ben", hall, customer), "eve": b.pressOf("eve", yard, customer),
		}
		b.atOnce(cards)
		winner, loser, where := "ben", "eve", yard
		if b.ticketOf(customer).HolderName != "ben" {
			winner, loser, where = "eve", "ben", hall
		}
		wins[winner]++
		b.expect(customer, winner+" from our team is here now")
		b.countAt(where, winner+" has it already", i+1-(wins[loser]))
		b.release(customer)
	}
	if n := len(b.network.Shown("customer-0-")); n != 4 { // introduction aside: receipt, called, here, closed
		t.Errorf("the first customer was told %d things", n)
	}
	t.Logf("%d rounds: %v", rounds, wins)
}

// pressOf is the press of Claim under a customer's card.
func (b *shop) pressOf(staff string, at channel.Address, customer string) channel.Event {
	b.t.Helper()
	card := b.shownAt(at, customer, "waiting since")
	for _, button := range card.Buttons {
		if button.Label == "Claim" {
			return b.office.EventAt(at, staff, channel.Press, button.Action)
		}
	}
	b.t.Fatalf("the card of %s cannot be claimed", customer)
	return channel.Event{}
}

func (b *shop) atOnce(events map[string]channel.Event) {
	var group sync.WaitGroup
	start := make(chan struct{})
	for _, e := range events {
		group.Go(func() {
			<-start
			if err := b.engine.Handle(b.t.Context(), e); err != nil {
				b.t.Error(err)
			}
		})
	}
	close(start)
	group.Wait()
}

func (b *shop) ticketOf(customer string) handoff.Ticket {
	b.t.Helper()
	tickets, err := b.store.Tickets(b.t.Context(), handoff.Claimed, 10)
	if err != nil || len(tickets) != 1 || string(tickets[0].Customer.Person.ID) != customer {
		b.t.Fatalf("claimed tickets %+v, %v", tickets, err)
	}
	return tickets[0]
}

// countAt waits until a desk shows a text so many times, and no more.
func (b *shop) countAt(at channel.Address, text string, want int) {
	b.t.Helper()
	n := 0
	for end := time.Now().Add(20 * time.Second); n < want && time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		n = 0
		for _, m := range b.office.ShownAt(at) {
			n += strings.Count(m.Content.PlainText(), text)
		}
	}
	if n != want {
		b.t.Errorf("%s shows %q %d times, not %d", at.Chat, text, n, want)
	}
}

// release closes a ticket, so that the next round has only its own.
func (b *shop) release(customer string) {
	b.t.Helper()
	b.replies("ben", b.shownAt(hall, customer, "waiting since"), "/close solved")
	b.expect(customer, "Thank you for your patience")
}
