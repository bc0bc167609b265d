package bot_test

import (
	"testing"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

// handed is a bot with a ticket of Ann's at the desk, and its card.
func handed(t *testing.T) (*shop, channel.Message) {
	t.Helper()
	b := staffed(t)
	b.say("ann", "human", "tell me here what it is about", "team sees")
	return b, b.atDesk("ann", "waiting since")
}

// orders has a member of staff write a command at the desk itself.
func (b *shop) orders(staff, command, rest string) {
	e := b.office.EventAt(hall, staff, channel.Command, rest)
	e.Command = command
	b.office.Push(e)
}

func TestDesk_Assign(t *testing.T) {
	t.Parallel()
	b, card := handed(t)
	b.orders("eve", "back", "") // who has never been here cannot be named
	b.atDesk("You are back")
	b.replies("ben", card, "/assign adam")
	b.atDesk("Nobody here is called “adam”", "eve")
	b.replies("ben", card, "/assign ev")
	b.expect("ann", "eve from our team is here")
	b.atDesk("ben has given this ticket to eve")
	if got := b.ticket(); got.Status != handoff.Claimed || got.Holder != "office:eve" {
		t.Errorf("the ticket is %+v", got)
	}
	b.orders("ben", "mine", "")
	b.atDesk("You have no ticket")
	b.orders("eve", "mine", "")
	b.atDesk("💬 #", "ann", "· eve")
	b.orders("ben", "queue", "")
}
