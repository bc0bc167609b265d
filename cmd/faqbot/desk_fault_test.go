package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"faqbot/bot/discord/discordtest"
	"faqbot/bot/handoff"
	"faqbot/bot/telegram/telegramtest"
)

// claimed is a ticket that a member of staff has answered.
func (o *office) claimed(c *customer, d *desk) (thread string) {
	o.t.Helper()
	c.say(wish)
	thread = o.threadOf(d, c.name)
	d.say(1, thread, "What is the matter?")
	o.told(c, "What is the matter?")
	return thread
}

// undelivered is what staff read under what did not arrive.
const undelivered = "This did not reach the other side"

// TestDesk_TopicDeleted has somebody delete a ticket's topic. What the customer writes opens one new topic, and is in it in order.
func TestDesk_TopicDeleted(t *testing.T) {
	t.Parallel()
	o, s := openOffice(t)
	d, c := o.onTelegram(), o.customerOnDiscord(1)
	thread := o.claimed(c, d)
	o.settled(s)
	o.group.DeleteTopic(number(thread))
	for _, text := range []string{"first zebra", "second zebra", "third zebra"} {
		c.say(text)
	}
	var next string
	o.await("there is a new topic with all of it", func() bool {
		next = d.thread(c.name)
		return next != thread && next != "" && holds(d.shown(next), "third zebra")
	}, func() string { return strings.Join(d.shown(""), "\n---\n") })
	o.settled(s)
	inOrder(t, relayed(d, next), "first zebra", "second zebra", "third zebra")
	if n := d.threads(c.name); n != 1 {
		t.Errorf("the ticket has %d topics", n)
	}
	d.say(1, next, "Now I see it.")
	o.told(c, "Now I see it.")
	if holds(shownOutside(o), "zebra") {
		t.Error("what belongs in a topic stands in the group itself")
	}
}

// relayed is what stands in a thread, besides its card.
func relayed(d *desk, thread string) string {
	return strings.Join(slices.DeleteFunc(d.shown(thread), func(text string) bool { return strings.Contains(text, "writes on ") }), "\n")
}

func shownOutside(o *office) (out []string) {
	for _, v := range o.group.ShownOutside() {
		out = append(out, v.Text)
	}
	return out
}

// inOrder wants texts in a whole once each, in their order.
func inOrder(t *testing.T, whole string, texts ...string) {
	t.Helper()
	at := 0
	for _, text := range texts {
		if n := strings.Count(whole, text); n != 1 {
			t.Errorf("%q is there %d times", text, n)
		}
		i := strings.Index(whole, text)
		if i < at {
			t.Errorf("%q is out of its order", text)
		}
		at = i
	}
}

// TestDesk_TopicDeletedWithWorkUnderWay deletes the topic when several things of different kinds wait for it: one new topic is opened all the same.
func TestDesk_TopicDeletedWithWorkUnderWay(t *testing.T) {
	t.Parallel()
	o, s := openOffice(t)
	d, c := o.onTelegram(), o.customerOnDiscord(1)
	channel := o.onDiscord()
	c.say(wish)
	thread := o.threadOf(d, c.name)
	there := o.threadOf(channel, c.name)
	o.settled(s)
	o.group.DeleteTopic(number(thread))
	c.say("a zebra")
	channel.say(1, there, "a lion") // shown at the other desk too
	channel.say(1, there, "a goat")
	c.say("a horse")
	o.await("there is a new topic with all of it", func() bool {
		next := d.thread(c.name)
		return next != thread && next != "" && holds(d.shown(next), "horse") && holds(d.shown(next), "goat")
	}, func() string { return strings.Join(d.shown(""), "\n---\n") })
	o.settled(s)
	inOrder(t, relayed(d, d.thread(c.name)), "a lion", "a goat")
	if n := d.threads(c.name); n != 1 {
		t.Errorf("the ticket has %d topics", n)
	}
	if outside := shownOutside(o); holds(outside, "zebra") || holds(outside, "lion") || holds(outside, "goat") {
		t.Errorf("what belongs in a topic stands in the group itself: %q", outside)
	}
}

// TestDesk_ThreadArchived has a thread archived, which a message opens again, and locked, which the bot may not undo: then a new one is opened.
func TestDesk_ThreadArchived(t *testing.T) {
	t.Parallel()
	o, s := openOffice(t)
	d, c := o.onDiscord(), o.customerOnTelegram(1)
	thread := o.claimed(c, d)
	o.settled(s)
	o.discord.Archive(thread, false)
	c.say("first zebra")
	o.seen(d, thread, "first zebra")
	o.discord.Withhold(o.channel, "Manage Threads")
	o.discord.Archive(thread, true)
	c.say("second zebra")
	o.await("there is another thread", func() bool { return d.thread(c.name) != thread }, func() string { return strings.Join(d.shown(""), "\n") })
	next := d.thread(c.name)
	d.say(1, next, "Now I see it.")
	o.told(c, "Now I see it.")
	o.settled(s)
}

// TestDesk_ThreadLocked has a thread locked where the bot may manage threads: it takes the lock off.
func TestDesk_ThreadLocked(t *testing.T) {
	t.Parallel()
	o, s := openOffice(t)
	d, c := o.onDiscord(), o.customerOnTelegram(1)
	thread := o.claimed(c, d)
	o.settled(s)
	o.discord.Archive(thread, true)
	c.say("a zebra")
	o.seen(d, thread, "a zebra")
	o.settled(s)
	if d.threads(c.name) != 1 {
		t.Error("another thread was opened")
	}
}

// TestDesk_TooManyThreads fills the server with threads that are in use: the card stands in the channel, staff are told why, and answer it there.
func TestDesk_TooManyThreads(t *testing.T) {
	t.Parallel()
	o, s := openOffice(t)
	d, c := o.onDiscord(), o.customerOnTelegram(1)
	o.discord.Thread(o.channel, "talk among staff")
	o.discord.LimitThreads(1)
	c.say(wish)
	o.seen(d, "", c.name)
	o.seen(d, "", "as many active threads as it can hold")
	o.told(c, "The team sees your question now")
	d.reply(1, c.name, "Hello!")
	o.told(c, "Hello!")
	c.say("a zebra")
	o.seen(d, "", "a zebra")
	d.reply(1, "a zebra", "Paint it.")
	o.told(c, "Paint it.")
	d.reply(1, c.name, "/close solved")
	o.told(c, "is settled on our side")
	o.settled(s)
}

// TestDesk_Demoted takes the bot's rights in the group: the next card stands in the group itself, staff are told what to do, and answer it there.
func TestDesk_Demoted(t *testing.T) {
	t.Parallel()
	o, s := openOffice(t)
	d, c, other := o.onTelegram(), o.customerOnDiscord(1), o.customerOnDiscord(2)
	thread := o.claimed(c, d)
	o.settled(s)
	o.group.Add(o.telegram.Customer(firstStaff), "member")
	c.say("a zebra")
	o.seen(d, thread, "a zebra")
	other.say(wish)
	o.seen(d, "", "make the bot an administrator with the right to manage topics")
	o.told(other, "The team sees your question now")
	d.reply(1, other.name, "Hello!") // all that a bot sees in a group where it is no administrator
	o.told(other, "Hello!")
	d.reply(1, other.name, "/close solved")
	o.told(other, "is settled on our side")
	o.settled(s)
}

// TestDesk_CustomerBlocked has a customer of Telegram block the bot: staff see of each reply that it did not arrive, and the ticket stays theirs.
func TestDesk_CustomerBlocked(t *testing.T) {
	t.Parallel()
	o, s := openOffice(t)
	d, c := o.onDiscord(), o.customerOnTelegram(1)
	c.say(wish)
	thread := o.threadOf(d, c.name)
	o.told(c, "The team sees your question now")
	o.settled(s)
	o.telegram.Customer(1).Block()
	d.say(1, thread, "Are you there?")
	d.say(1, thread, "Hello?")
	o.wantUndelivered(d, thread, 2)
	o.wantHeld(s)
	c.say("Here I am again")
	o.seen(d, thread, "Here I am again")
	d.say(1, thread, "Good.")
	o.told(c, "Good.")
}

// TestDesk_DirectMessagesClosed has a customer of Discord refuse direct messages: the same.
func TestDesk_DirectMessagesClosed(t *testing.T) {
	t.Parallel()
	o, s := openOffice(t)
	d, c := o.onTelegram(), o.customerOnDiscord(1)
	c.say(wish)
	thread := o.threadOf(d, c.name)
	o.told(c, "The team sees your question now")
	o.settled(s)
	person := o.discord.Customer(firstOnDiscord + 1)
	person.Block(true)
	d.say(1, thread, "Are you there?")
	d.say(1, thread, "Hello?")
	o.wantUndelivered(d, thread, 2)
	o.wantHeld(s)
	person.Block(false)
	c.say("Here I am again")
	o.seen(d, thread, "Here I am again")
	d.say(1, thread, "Good.")
	o.told(c, "Good.")
}

// TestDesk_NoDirectMessagesFromTheStart has who asks in a server channel take none: they are answered where they asked, and both sides know that others
// can read it.
func TestDesk_NoDirectMessagesFromTheStart(t *testing.T) {
	t.Parallel()
	o, _ := openOffice(t)
	d := o.onTelegram()
	lobby := o.discord.Channel(o.guild, "lobby")
	person := o.discord.Customer(firstOnDiscord + 5)
	person.Block(true)
	person.Post(discordtest.Post{Channel: lobby, Text: "a person please", Mention: true})
	shown := func() (out []string) {
		for _, v := range o.discord.Shown(lobby) {
			out = append(out, v.Text)
		}
		return out
	}
	inLobby := func(text string) {
		t.Helper()
		o.await("the channel shows "+text, func() bool { return holds(shown(), text) }, func() string { return strings.Join(shown(), "\n---\n") })
	}
	inLobby("your direct messages are closed")
	thread := o.threadOf(d, called(firstOnDiscord+5))
	o.seen(d, thread, "others can read it")
	d.say(1, thread, "Here I am.")
	inLobby("Here I am.")
}

// wantUndelivered waits until so many replies are marked.
func (o *office) wantUndelivered(d *desk, thread string, count int) {
	o.t.Helper()
	marked := func() (n int) { return strings.Count(strings.Join(d.shown(thread), "\n"), undelivered) }
	o.await("staff see what did not arrive", func() bool { return marked() >= count }, func() string { return strings.Join(d.shown(thread), "\n---\n") })
	if n := marked(); n != count {
		o.t.Errorf("%d replies are marked, %d did not arrive", n, count)
	}
}

func (o *office) wantHeld(s *system) {
	o.t.Helper()
	tickets, err := s.store.Tickets(o.t.Context(), "", 10)
	if err != nil || len(tickets) != 1 || tickets[0].Status != handoff.Claimed {
		o.t.Errorf("tickets %+v, %v", tickets, err)
	}
}

// TestDesk_StaffLeft has the holder leave the group: a colleague answers all the same, and can give the ticket back to all.
func TestDesk_StaffLeft(t *testing.T) {
	t.Parallel()
	o, s := openOffice(t)
	d, c := o.onTelegram(), o.customerOnDiscord(1)
	thread := o.claimed(c, d)
	o.telegram.Customer(firstStaff + 1).Leave(o.group)
	d.say(2, thread, "I go on here.")
	o.told(c, called(firstStaff+2)+":")
	o.told(c, "I go on here.")
	d.say(2, thread, "/release")
	o.told(c, "back with the whole team")
	d.say(2, thread, "/claim")
	o.told(c, called(firstStaff+2)+" from our team is here now")
	o.settled(s)
}

// TestDesk_GroupUpgraded makes the group a supergroup, with another ID. The desk follows: staff find who waits in the new group and go on there.
func TestDesk_GroupUpgraded(t *testing.T) {
	t.Parallel()
	o, s := openOffice(t)
	o.group = o.telegram.Group("Staff", telegramtest.GroupOptions{Basic: true, Admin: true})
	d, c, other := o.onTelegram(), o.customerOnDiscord(1), o.customerOnDiscord(2)
	c.say(wish)
	o.seen(d, "", c.name)
	d.reply(1, c.name, "What is the matter?")
	o.told(c, "What is the matter?")
	o.settled(s)
	o.group = o.group.Upgrade(o.telegram.Customer(firstStaff))
	d = staffGroup(o.telegram, o.group)
	c.say("a zebra")
	o.seen(d, "", "a zebra")
	o.seen(d, "", "answered by "+called(firstStaff+1)) // the card, anew
	d.reply(1, "answered by", "Paint it.")
	o.told(c, "Paint it.")
	other.say(wish)
	o.seen(d, "", other.name)
	if err := d.press(1, "", "Claim"); err != nil {
		t.Fatal(err)
	}
	o.told(other, "from our team is here now")
	o.settled(s)
	desks, err := s.store.Desks(t.Context())
	if err != nil || len(desks) != 1 || number(string(desks[0].Address.Chat)) != int(o.group.ID()) {
		t.Errorf("desks %+v, %v", desks, err)
	}
}

// TestDesk_JoinedEdited has a customer change what was brought to a busy group together with other messages: those stay as they were.
func TestDesk_JoinedEdited(t *testing.T) {
	t.Parallel()
	o, s := openOffice(t)
	d, c := o.onTelegram(), o.customerOnDiscord(1)
	thread := o.claimed(c, d)
	person := o.discord.Customer(firstOnDiscord + 1)
	var texts, ids []string
	joined := -1
	for joined < 0 && len(texts) < 60 { // how many are joined depends on how quick the machine is
		for range 6 {
			texts = append(texts, fmt.Sprintf("zebra %d.", len(texts)))
			ids = append(ids, person.Say(texts[len(texts)-1]))
		}
		o.seen(d, thread, texts[len(texts)-1])
		o.settled(s)
		joined = slices.IndexFunc(texts, func(text string) bool {
			return holds(d.shown(thread), text+"\n\nzebra")
		})
	}
	if joined < 0 {
		t.Fatalf("nothing was joined: %q", d.shown(thread))
	}
	person.Edit(ids[joined], "a lion")
	o.seen(d, thread, "a lion")
	o.settled(s)
	inOrder(t, relayed(d, thread), texts...)
}
