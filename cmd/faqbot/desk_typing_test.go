package main

import (
	"testing"
)

// TestDesk_Typing: customers see that the holder of their ticket writes, and nobody else's writing; the holder sees that the customer does.
func TestDesk_Typing(t *testing.T) {
	t.Parallel()
	o, s := openOffice(t)
	d := o.onDiscord()
	onPhone, onGuild := o.customerOnTelegram(1), o.customerOnDiscord(1)
	actions := func() int { return len(o.telegram.Calls("sendChatAction")) }
	onPhone.say(wish)
	first := o.threadOf(d, onPhone.name)
	onGuild.say(wish)
	second := o.threadOf(d, onGuild.name)
	ben, eve, customer := o.discord.Customer(firstStaff+1), o.discord.Customer(firstStaff+2), o.discord.Customer(firstOnDiscord+1)
	eve.StartTyping(first) // nobody has it
	customer.StartTyping("")
	for _, thread := range []string{first, second} {
		if err := d.press(1, thread, "Claim"); err != nil {
			t.Fatal(err)
		}
	}
	o.told(onPhone, called(firstStaff+1)+" from our team is here now")
	o.told(onGuild, called(firstStaff+1)+" from our team is here now")
	o.settled(s)
	if n := actions() + o.discord.Typing(second) + o.discord.Typing(customer.Direct()); n > 0 {
		t.Fatalf("typing in a ticket that nobody has is shown %d times", n)
	}
	eve.StartTyping(first)
	// What is dropped because something was sent a moment ago is told again, as apps do while somebody goes on typing.
	o.await("the customer on Telegram sees the holder type", func() bool { ben.StartTyping(first); return actions() > 0 }, func() string { return "" })
	o.await("the customer on Discord sees the holder type", func() bool { ben.StartTyping(second); return o.discord.Typing(customer.Direct()) > 0 },
		func() string { return "" })
	o.await("the holder sees the customer type", func() bool { customer.StartTyping(""); return o.discord.Typing(second) > 0 }, func() string { return "" })
	if n := o.discord.Typing(first); n > 0 {
		t.Errorf("the other ticket's thread shows it %d times", n)
	}
	d.say(1, first, "/close solved")
	o.told(onPhone, "is settled on our side")
	o.settled(s)
	before := actions()
	ben.StartTyping(first)
	customer.StartTyping("")
	o.settled(s)
	if n := actions(); n > before {
		t.Error("typing in a closed ticket is shown")
	}
}
