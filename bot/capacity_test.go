package bot_test

import (
	"testing"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

// TestDesk_Capacity: who has a ticket where one is enough is told so, takes another all the same, and is heard by a customer whatever they have.
func TestDesk_Capacity(t *testing.T) {
	t.Parallel()
	b := open(t, func(p *bot.Policy) { p.Capacity = 1 })
	b.bind(hall, false)
	b.atDesk("This is a desk now")
	cards := map[string]channel.Message{}
	for _, who := range []string{"ann", "bob", "cyd", "dan"} {
		b.say(who, "human", "what it is about", "team sees")
		cards[who] = b.atDesk(who, "waiting since")
	}
	b.orders("eve", "back", "")
	b.atDesk("You are back")
	b.presses("ben", cards["ann"], "Claim")
	b.atDesk("ben has taken this ticket")
	b.presses("ben", cards["bob"], "Claim")
	b.atDesk("You have enough to do: 1 of 1 tickets")
	b.replies("eve", cards["bob"], "/assign ben")
	b.atDesk("ben has enough to do: 1 of 1 tickets")
	b.replies("ben", cards["bob"], "/claim anyway")
	b.expect("bob", "ben from our team is here")
	b.replies("ben", cards["cyd"], "Hello Cyd")
	b.expect("cyd", "ben from our team is here", "Hello Cyd")
	b.replies("ben", cards["ann"], "/snooze 2h") // what is put off is not in the way
	b.expect("ann", "ben from our team is here", "We will come back to you by")
	b.replies("ben", cards["bob"], "/close solved")
	b.replies("ben", cards["cyd"], "/close solved")
	b.expect("cyd", "settled on our side")
	b.replies("ben", cards["dan"], "/claim")
	b.expect("dan", "ben from our team is here")
	held, err := b.store.Held(t.Context())
	if err != nil || len(held) != 1 || held[handoff.StaffOf("office", "ben")] != 1 {
		t.Errorf("held are %v, %v", held, err)
	}
}
