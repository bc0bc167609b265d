package main

import (
	"testing"

	"faqbot/bot/telegram/telegramtest"
)

// TestDesk_GroupUpgradeHeard makes the group a supergroup while nobody writes: who waits is shown in the new one, and staff can work there.
func TestDesk_GroupUpgradeHeard(t *testing.T) {
	t.Parallel()
	o, s := openOffice(t)
	o.group = o.telegram.Group("Staff", telegramtest.GroupOptions{Basic: true, Admin: true})
	d, c := o.onTelegram(), o.customerOnDiscord(1)
	c.say(wish)
	o.seen(d, "", c.name)
	o.settled(s)
	o.group = o.group.Upgrade(o.telegram.Customer(firstStaff))
	d = staffGroup(o.telegram, o.group)
	o.seen(d, "", c.name)
	d.say(1, "", "/queue")
	o.seen(d, "", "• 🔔 #1")
	d.reply(1, "writes on discord", "What is the matter?")
	o.told(c, "What is the matter?")
	o.settled(s)
}
