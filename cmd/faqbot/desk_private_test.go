package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"faqbot/bot/discord/discordtest"
	"faqbot/bot/handoff"
	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
)

// onPrivate makes the Discord channel a desk with private threads.
func (o *office) onPrivate() *desk {
	o.t.Helper()
	d := o.onDiscord()
	out, stderr, code := o.threads("private")
	if code != exitDone || !strings.Contains(out, "private threads") {
		o.t.Fatalf("exit %d: %s%s", code, out, stderr)
	}
	time.Sleep(1100 * time.Millisecond) // the engine looks at the list of desks once a second
	return d
}

// threads runs `faqbot desk threads` for the Discord desk.
func (o *office) threads(who string, flags ...string) (stdout, stderr string, code int) {
	o.t.Helper()
	out, _, _ := faqbot(o.t, newData(o.t), "", append(slices.Clone(o.flags), "desk", "list")...)
	for line := range strings.Lines(out) {
		if fields := strings.Fields(line); fields[1] == "discord" {
			return faqbot(o.t, newData(o.t), "", slices.Concat(o.flags, flags, []string{"desk", "threads", fields[0], who})...)
		}
	}
	o.t.Fatalf("there is no desk on Discord: %s", out)
	return "", "", 0
}

func (o *office) member(staff int) *discordtest.Customer {
	return o.discord.Customer(firstStaff + staff)
}

// sees waits until a member of staff sees a thread.
func (o *office) sees(staff int, thread string) {
	o.t.Helper()
	o.await(fmt.Sprintf("%s sees the thread", called(firstStaff+staff)), func() bool { return o.member(staff).Sees(thread) },
		func() string { return fmt.Sprint(o.discord.Threads(o.channel)) })
}

// claimedInside is a ticket that somebody has taken who pressed Claim in the channel.
func (o *office) claimedInside(c *customer, d *desk) (thread string) {
	o.t.Helper()
	c.say(wish)
	thread = o.threadOf(d, c.name)
	o.seen(d, "", "<#"+thread+">")
	if o.member(1).Sees(thread) {
		o.t.Error("a thread that nobody has taken is seen by all")
	}
	if err := d.press(1, "", "Claim"); err != nil {
		o.t.Fatal(err)
	}
	o.told(c, called(firstStaff+1)+" from our team is here now")
	o.sees(1, thread)
	return thread
}

// TestDesk_Private has a conversation that is seen by who takes the ticket, to whom it is given, and who manages threads; not by the rest of the desk.
func TestDesk_Private(t *testing.T) {
	t.Parallel()
	o, s := openOffice(t)
	d, c := o.onPrivate(), o.customerOnTelegram(1)
	d.say(2, "", "/queue") // who has written here can be given tickets
	o.seen(d, "", "waiting")
	o.member(4).ManageThreads(o.guild)
	thread := o.claimedInside(c, d)
	d.say(1, thread, "What is the lion?")
	o.told(c, "What is the lion?")
	c.say("my zebra is blue")
	o.seen(d, thread, "my zebra is blue")
	if o.member(2).Sees(thread) || !o.member(4).Sees(thread) {
		t.Error("the thread is seen by others than should")
	}
	d.say(1, thread, "/assign "+called(firstStaff+2))
	o.sees(2, thread)
	d.say(2, thread, "Paint it.")
	o.told(c, "Paint it.")
	if err := d.press(2, thread, "Close"); err != nil { // the card in the thread is kept up to date
		t.Fatal(err)
	}
	o.seen(d, thread, "What did it come to?")
	d.say(2, thread, "/close solved")
	o.told(c, "is settled on our side")
	o.await("the thread is closed", func() bool { return d.closed(thread) }, func() string { return thread })
	o.settled(s)
	secret := func() {
		t.Helper()
		if outside := strings.Join(d.shown(""), "\n"); strings.Contains(outside, "zebra") || strings.Contains(outside, "lion") || strings.Contains(outside, "Paint") {
			t.Errorf("the conversation stands in the channel: %s", outside)
		}
	}
	secret()
	if o.member(3).Sees(thread) || d.threads(c.name) != 1 {
		t.Errorf("threads %+v", o.discord.Threads(o.channel))
	}
	c.say(wish) // the same ticket again, which nobody has: the desk hears of it
	o.seen(d, "", "has written again")
	o.settled(s)
	secret()
}

// TestDesk_PrivateThreadDeleted has somebody delete a private thread: what the customer writes opens another one, which who has the ticket sees.
func TestDesk_PrivateThreadDeleted(t *testing.T) {
	t.Parallel()
	o, s := openOffice(t)
	d, c := o.onPrivate(), o.customerOnTelegram(1)
	thread := o.claimedInside(c, d)
	o.settled(s)
	o.discord.Remove(thread)
	c.say("first zebra")
	c.say("second zebra")
	o.await("there is another thread", func() bool {
		next := d.thread(c.name)
		return next != "" && next != thread && holds(d.shown(next), "second zebra")
	},
		func() string { return strings.Join(d.shown(""), "\n") })
	next := d.thread(c.name)
	o.sees(1, next)
	inOrder(t, relayed(d, next), "first zebra", "second zebra")
	if o.member(2).Sees(next) || d.threads(c.name) != 1 {
		t.Error("it is not private, or there are more")
	}
	d.say(1, next, "Now I see it.")
	o.told(c, "Now I see it.")
	o.settled(s)
}

// TestDesk_PrivateThreadArchived has a private thread archived, which a message opens again, and locked where the bot may not undo that: another one is
// opened, and the desk is told that nobody can be let in.
func TestDesk_PrivateThreadArchived(t *testing.T) {
	t.Parallel()
	o, s := openOffice(t)
	d, c := o.onPrivate(), o.customerOnTelegram(1)
	thread := o.claimedInside(c, d)
	o.settled(s)
	o.discord.Archive(thread, false)
	c.say("first zebra")
	o.seen(d, thread, "first zebra")
	o.discord.Archive(thread, true)
	c.say("second zebra")
	o.seen(d, thread, "second zebra")
	o.discord.Withhold(o.channel, "Manage Threads")
	o.discord.Archive(thread, true)
	c.say("third zebra")
	o.await("there is another thread", func() bool { next := d.thread(c.name); return next != thread && holds(d.shown(next), "third zebra") },
		func() string { return strings.Join(d.shown(""), "\n") })
	o.seen(d, "", "could not be let into its private thread: the bot may not let people into threads")
	o.seen(d, "", "Manage Threads")
	d.reply(1, c.name, "I answer from here.")
	o.told(c, "I answer from here.")
	o.settled(s)
}

// TestDesk_PrivateWithoutRoom fills the server with threads that are in use: the card stands in the channel, as at any desk.
func TestDesk_PrivateWithoutRoom(t *testing.T) {
	t.Parallel()
	o, s := openOffice(t)
	d, c := o.onPrivate(), o.customerOnTelegram(1)
	o.discord.Thread(o.channel, "talk among staff")
	o.discord.LimitThreads(1)
	c.say(wish)
	o.seen(d, "", c.name)
	o.seen(d, "", "as many active threads as it can hold")
	if err := d.press(1, "", "Claim"); err != nil {
		t.Fatal(err)
	}
	o.told(c, called(firstStaff+1)+" from our team is here now")
	d.reply(1, c.name, "Hello!")
	o.told(c, "Hello!")
	o.settled(s)
}

// TestDesk_PrivateKill kills the program while private threads are opened and people are let in: no ticket is lost or opened twice, and everything that a
// customer writes is in the thread that their card leads to.
func TestDesk_PrivateKill(t *testing.T) {
	t.Parallel()
	flags := []string{"--data-dir", folderWithFewCodes(t)}
	world := newPlatforms(t, 400*time.Millisecond)
	world.flags = append(world.flags, "--discord-message-content")
	o := newOffice(t, world, flags...)
	o.patience = 90 * time.Second
	replicas := []*replica{newReplica(t, append(flags, world.flags...)...)}
	world.awaitGateway(t)
	d := o.onPrivate()
	tickets, kills := 2, 2
	if long() {
		tickets, kills = 6, 20
	}
	var customers []*customer
	for n := range tickets {
		customers = append(customers, o.customerOnTelegram(n+11)) // none begins as staff are called
		customers[n].say(wish)
	}
	killing{count: kills, replicas: 1, longest: 1200 * time.Millisecond}.killWorking(replicas)
	for n, c := range customers {
		c.say(fmt.Sprint("zebra ", n))
		o.told(c, "The team sees your question now")
	}
	for _, c := range customers {
		o.seen(d, "", c.name)
		d.reply(1, c.name, "/claim") // a press would be lost with the bot away
		time.Sleep(rand.N(300 * time.Millisecond))
		killing{count: 1, replicas: 1, longest: 300 * time.Millisecond}.killWorking(replicas)
	}
	s := storetest.Open(t, store.Settings{Dir: flags[1]}, store.Options{})
	o.await("all are claimed", func() bool {
		open, err := s.Tickets(t.Context(), handoff.Open, 10)
		return err == nil && len(open) == 0
	}, func() string { return strings.Join(d.shown(""), "\n---\n") })
	o.idle(s)
	wantTickets(t, s, tickets)
	for n, c := range customers {
		thread := d.thread(c.name)
		o.sees(1, thread)
		o.seen(d, thread, fmt.Sprint("zebra ", n))
		o.seen(d, "", "<#"+thread+">")
		if n := d.threads(c.name); n != 1 {
			t.Errorf("the ticket of %s has %d threads", c.name, n)
		}
	}
	replicas[0].stop()
}

// TestDeskThreads says what the bot lacks for private threads when they are chosen, when a code is shown there again, and in the doctor's report.
func TestDeskThreads(t *testing.T) {
	t.Parallel()
	o, _ := openOffice(t)
	d := o.onPrivate()
	if _, stderr, _ := o.threads("private"); !strings.Contains(stderr, "faqbot doctor") {
		t.Errorf("with Discord off it is said %q", stderr)
	}
	discord := []string{"--discord-token", o.discord.Token(), "--discord-api-url", o.discord.URL(), "--discord-message-content"}
	if _, stderr, code := o.threads("private", discord...); code != exitDone || stderr != "" {
		t.Errorf("exit %d: %s", code, stderr)
	}
	o.discord.Withhold(o.channel, "Create Private Threads", "Manage Threads")
	const lacks = "the bot lacks: Create Private Threads, Manage Threads"
	if _, stderr, code := o.threads("private", discord...); code != exitDone || !strings.Contains(stderr, lacks) || !strings.Contains(stderr, "→ in that channel's settings, Permissions") {
		t.Errorf("exit %d: %s", code, stderr)
	}
	wantCheck(t, doctored(t, o.flags[1], discord...), "desk", false, lacks)
	d.say(0, "", o.code())
	o.seen(d, "", lacks)
	if out, stderr, _ := o.threads("public", discord...); strings.Contains(out, "private") || stderr != "" {
		t.Errorf("public: %s%s", out, stderr)
	}
	wantCheck(t, doctored(t, o.flags[1], discord...), "desk", false, "the bot lacks: Manage Threads")
}
