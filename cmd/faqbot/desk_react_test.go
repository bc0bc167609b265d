package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestDesk_Reactions: an emoji that staff put on what the customer wrote, or the customer on a reply, is shown where that was written, if the network
// there has it.
func TestDesk_Reactions(t *testing.T) {
	t.Parallel()
	t.Run("customer on Telegram, staff on Discord", func(t *testing.T) {
		t.Parallel()
		o, s := openOffice(t)
		d, c, seat := o.onDiscord(), o.customerOnTelegram(1), o.telegram.Customer(1)
		c.say(wish)
		thread := o.threadOf(d, c.name)
		written := seat.Say("my zebra is blue")
		o.seen(d, thread, "my zebra is blue")
		relayed := ""
		for _, v := range o.discord.Shown(thread) {
			if strings.HasSuffix(v.Text, "my zebra is blue") {
				relayed = v.ID
			}
		}
		ben := o.discord.Customer(firstStaff + 1)
		shows := func(emoji string) {
			t.Helper()
			o.await(fmt.Sprintf("the customer sees %q", emoji), func() bool { return seat.Reaction(written) == emoji }, func() string { return seat.Reaction(written) })
		}
		ben.React(relayed, "❤️", true)
		shows("❤")
		ben.React(relayed, "🦕", true) // Telegram has no such reaction
		ben.React(relayed, "❤️", false)
		shows("")
		ben.React(relayed, "👍", true)
		shows("👍")
		o.settled(s)
		if staff, err := s.store.Staff(t.Context()); err != nil || len(staff) != 0 {
			t.Errorf("staff %+v, %v: an emoji is no work", staff, err)
		}
	})
	t.Run("customer on Discord, staff on Telegram", func(t *testing.T) {
		t.Parallel()
		o, s := openOffice(t)
		d, c, customer := o.onTelegram(), o.customerOnDiscord(1), o.discord.Customer(firstOnDiscord+1)
		c.say(wish)
		thread := o.threadOf(d, c.name)
		written := customer.Say("my zebra is blue")
		o.seen(d, thread, "my zebra is blue")
		ben := o.telegram.Customer(firstStaff + 1).In(o.group).Promote().At(number(thread))
		reply := ben.Say("Paint it.")
		o.told(c, "Paint it.")
		for _, v := range ben.Shown() {
			if strings.HasSuffix(v.Text, "my zebra is blue") {
				ben.React(v.ID, "🔥")
			}
		}
		o.await("the customer sees it", func() bool { return slices.Contains(o.discord.Reactions(written), "🔥") }, func() string { return fmt.Sprint(o.discord.Reactions(written)) })
		for _, v := range customer.Shown() {
			if strings.HasSuffix(v.Text, "Paint it.") {
				customer.React(v.ID, "🙏", true)
			}
		}
		o.await("staff see it", func() bool { return ben.Reaction(reply) == "🙏" }, func() string { return ben.Reaction(reply) })
		ben.React(reply, "👍") // their own words are nobody's message
		o.settled(s)
	})
}
