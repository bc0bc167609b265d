package main

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"faqbot/bot/discord/discordtest"
	"faqbot/bot/telegram/telegramtest"
)

// TestDesk_Crowd has tickets open at both desks, each network's customers at the other's, and ten people who answer. Then many whose tickets are in the one
// Telegram group write at once. The group takes 20 messages a minute: everything arrives, each customer's in order, before cards are shown anew, and no limit
// is exceeded. Nobody hears that the team cannot be reached because their card waits in line.
func TestDesk_Crowd(t *testing.T) {
	t.Parallel()
	tickets, talkers := 10, 4
	if long() {
		tickets, talkers = 1000, 200
	}
	flags := []string{"--data-dir", folderWithFewCodes(t)}
	world := newPlatformsWith(t, 0, telegramtest.Options{Now: hurriedClock()}, discordtest.Options{Unlimited: true})
	world.flags = append(world.flags, "--discord-message-content")
	o := newOffice(t, world, flags...)
	s, _ := startChanged(t, world, hurry, flags...)
	o.patience = 10 * time.Minute
	group, channel := o.onTelegram(), o.onDiscord()
	o.route(t)
	var inGroup, inChannel []*customer
	for n := range tickets / 2 {
		inGroup, inChannel = append(inGroup, o.customerOnDiscord(n+1)), append(inChannel, o.customerOnTelegram(n+1))
	}
	o.crowdIn(slices.Concat(inGroup, inChannel), s)
	answered := inChannel[:min(len(inChannel), talkers)]
	each(answered, func(i int, c *customer) { channel.say(1+i%10, channel.thread(c.name), "an answer to "+c.name) }) // ten people answer
	for _, c := range answered {
		o.told(c, "an answer to "+c.name)
	}
	o.talkAtOnce(inGroup[:min(len(inGroup), talkers)], group, s)
	for _, c := range slices.Concat(inGroup, inChannel) {
		if n := group.threads(c.name) + channel.threads(c.name); n != 1 {
			t.Errorf("%s has %d threads", c.name, n)
		}
		if c.hears("could not reach our team") {
			t.Errorf("%s heard that the team cannot be reached", c.name)
		}
	}
	if n := o.telegram.Limited(); n > 0 {
		t.Errorf("%d messages exceeded Telegram's rates", n)
	}
}

// crowdIn has all ask for a person at once, and waits until staff see each of them.
func (o *office) crowdIn(all []*customer, s *system) {
	o.t.Helper()
	began := time.Now()
	each(all, func(_ int, c *customer) { c.say(wish) })
	for _, c := range all {
		o.told(c, "The team sees your question now")
	}
	o.settled(s)
	if counts, err := s.store.Counts(o.t.Context()); err != nil || int(counts.OpenTickets) != len(all) {
		o.t.Fatalf("%d tickets are open, %v", counts.OpenTickets, err)
	}
	o.t.Logf("%d tickets opened in %v", len(all), time.Since(began).Round(time.Second))
}

// talkAtOnce has customers of the Telegram group write two messages each at once, and waits until all are there, in order.
func (o *office) talkAtOnce(all []*customer, group *desk, s *system) {
	o.t.Helper()
	const lines = 2
	began := time.Now()
	for line := range lines {
		each(all, func(_ int, c *customer) { c.say(fmt.Sprintf("zebra %d.", line)) })
	}
	var want []string
	for line := range lines {
		want = append(want, fmt.Sprintf("zebra %d.", line))
	}
	for _, c := range all {
		o.seen(group, group.thread(c.name), want[lines-1])
	}
	arrived := time.Since(began)
	o.settled(s)
	for _, c := range all {
		inOrder(o.t, zebras(group, group.thread(c.name)), want...)
	}
	if n := o.redrawnBefore("zebra"); n > 2+len(all)/20 { // some before the rest was written
		o.t.Errorf("%d cards were shown anew while customers' messages waited", n)
	}
	o.t.Logf("%d messages of %d customers were brought to the group in %v, %v of its time; the cards with them in %v", lines*len(all), len(all),
		arrived.Round(time.Second), (speed * arrived).Round(time.Second), time.Since(began).Round(time.Second))
}

// redrawnBefore counts cards that the Telegram group was shown anew before the last message with a text.
func (o *office) redrawnBefore(text string) (count int) {
	edited := 0
	for _, v := range o.telegram.Log() {
		switch {
		case v.Chat != o.group.ID():
		case v.Edits > 0:
			edited++
		case strings.Contains(v.Text, text):
			count = edited
		}
	}
	return count
}

// route brings each network's customers to the other's desk.
func (o *office) route(t *testing.T) {
	t.Helper()
	out, _, _ := faqbot(t, newData(t), "", append(slices.Clone(o.flags), "desk", "list")...)
	for line := range strings.Lines(out) {
		fields := strings.Fields(line)
		customers := map[string]string{"telegram": "discord", "discord": "telegram"}[fields[1]]
		if _, stderr, code := faqbot(t, newData(t), "", append(slices.Clone(o.flags), "desk", "route", fields[0], "--networks", customers)...); code != exitDone {
			t.Fatal(stderr)
		}
	}
	time.Sleep(1100 * time.Millisecond) // the engine looks at the list of desks once a second
}

// zebras is what customers said in a thread, without what the bot answered beside.
func zebras(d *desk, thread string) string {
	var out []string
	for line := range strings.Lines(relayed(d, thread)) {
		if strings.HasPrefix(line, "zebra ") {
			out = append(out, line)
		}
	}
	return strings.Join(out, "")
}

// each does something for all customers at once.
func each(all []*customer, do func(i int, c *customer)) {
	var group sync.WaitGroup
	for i, c := range all {
		group.Go(func() { do(i, c) })
	}
	group.Wait()
}

// TestDesk_Receipts has many customers of Telegram ask for a person at once while their desk is a group of Telegram's, on the platform's own clock. Receipts go
// before everything else: the last one leaves about as soon as 30 a second allow, and who comes then, alone, hears within two seconds.
func TestDesk_Receipts(t *testing.T) {
	t.Parallel()
	count := 60
	if long() {
		count = 200
	}
	flags := []string{"--data-dir", folderWithFewCodes(t)}
	world := newPlatforms(t, 0)
	o := newOffice(t, world, flags...)
	startSystem(t, world, flags...)
	o.onTelegram()
	var people []*customer
	for n := range count {
		people = append(people, o.customerOnTelegram(n+1))
	}
	began := time.Now()
	each(people, func(_ int, c *customer) { c.say(wish) })
	each(people, func(_ int, c *customer) { o.told(c, "with our team under number") })
	var last, first time.Time
	for _, c := range people {
		at := c.shown()[0].at
		if last.Before(at) {
			last = at
		}
		if first.IsZero() || at.Before(first) {
			first = at
		}
	}
	// 15 at once, and 30 in each second after; the cards in the group take one in three seconds of that.
	soonest := time.Duration(count-15) * time.Second / 30
	if took := last.Sub(began); long() && took > soonest+3*time.Second { // a busy machine, or the race detector, takes longer
		t.Errorf("the last of %d receipts came after %v; %v are possible", count, took, soonest)
	}
	t.Logf("%d receipts: the first after %v, the last after %v; %v are possible", count, first.Sub(began), last.Sub(began), soonest)
	alone := o.customerOnTelegram(count + 1)
	asked := time.Now()
	alone.say(wish)
	o.told(alone, "with our team under number")
	if took := alone.shown()[0].at.Sub(asked); long() && took > 2*time.Second {
		t.Errorf("who asked alone heard after %v", took)
	}
	if n := o.telegram.Limited(); n > 0 {
		t.Errorf("%d messages exceeded Telegram's rates", n)
	}
}
