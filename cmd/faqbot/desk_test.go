package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"faqbot/bot/discord/discordtest"
	"faqbot/bot/handoff"
	"faqbot/bot/telegram/telegramtest"
)

// openOffice is an office with a running bot that knows the codes. It runs on a hurried clock: see [hurry].
func openOffice(t *testing.T) (*office, *system) {
	t.Helper()
	o, s, _ := openOfficeWith(t, discordtest.Options{Unlimited: true})
	return o, s
}

func openOfficeWith(t *testing.T, ofDiscord discordtest.Options) (*office, *system, *logged) {
	t.Helper()
	flags := []string{"--data-dir", folderWithFewCodes(t)}
	world := newPlatformsWith(t, 0, telegramtest.Options{Now: hurriedClock()}, ofDiscord)
	world.flags = append(world.flags, "--discord-message-content")
	o := newOffice(t, world, flags...)
	s, log := startChanged(t, world, hurry, flags...)
	return o, s, log
}

// fewCodes are enough where it is not about answers: a bot with a small FAQ starts sooner.
const fewCodes = 10

// imported are the files of a data folder with few codes, for the tests that each need one: they are read in once.
var imported struct {
	once  sync.Once
	files map[string][]byte
}

// folderWithFewCodes is a data folder of a test's own.
func folderWithFewCodes(t *testing.T) string {
	t.Helper()
	imported.once.Do(func() {
		data, files := newData(t), map[string][]byte{}
		importSome(t, fewCodes, "--data-dir", data)
		err := filepath.WalkDir(data, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() {
				files[path[len(data):]], err = os.ReadFile(path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		imported.files = files
	})
	data := newData(t)
	for path, content := range imported.files {
		if err := errors.Join(os.MkdirAll(filepath.Dir(data+path), 0o700), os.WriteFile(data+path, content, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	if len(imported.files) == 0 {
		t.Fatal("the codes were not read in")
	}
	return data
}

// wish is how customers ask for a person here.
const wish = "I want to talk to a person"

// TestDesk_Crossing has customers of one network served by staff on the other, from the wish for a person to the bot that answers again.
func TestDesk_Crossing(t *testing.T) {
	t.Parallel()
	t.Run("customer on Telegram, staff on Discord", func(t *testing.T) {
		t.Parallel()
		o, s := openOffice(t)
		o.serve(o.customerOnTelegram(1), o.onDiscord())
		o.settled(s)
	})
	t.Run("customer on Discord, staff on Telegram", func(t *testing.T) {
		t.Parallel()
		o, s := openOffice(t)
		o.serve(o.customerOnDiscord(1), o.onTelegram())
		o.settled(s)
	})
}

// serve has a ticket served by one member of staff.
func (o *office) serve(c *customer, d *desk) {
	o.t.Helper()
	c.say(question(3))
	o.told(c, answer(3))
	c.say(wish)
	o.told(c, "with our team under number")
	o.told(c, "The team sees your question now")
	thread := o.threadOf(d, c.name)
	if err := d.press(1, thread, "Claim"); err != nil {
		o.t.Fatal(err)
	}
	o.told(c, called(firstStaff+1)+" from our team is here now")
	d.say(1, thread, "What is the matter?")
	o.told(c, "What is the matter?")
	c.say(question(7))
	o.seen(d, thread, question(7))
	d.say(1, thread, "// a note")
	d.say(1, thread, "/close solved")
	o.told(c, "is settled on our side")
	if c.hears(answer(7)) {
		o.t.Error("the bot answered beside a person")
	}
	c.say(question(8))
	o.told(c, answer(8))
	if c.hears("a note") {
		o.t.Error("the customer saw a note")
	}
	o.await("the thread is closed", func() bool { return d.closed(thread) }, func() string { return thread })
}

// TestDesk_Both shows a ticket at two desks at once. It has one holder, and both see all of it.
func TestDesk_Both(t *testing.T) {
	t.Parallel()
	o, s := openOffice(t)
	group, channel := o.onTelegram(), o.onDiscord()
	c := o.customerOnTelegram(1)
	c.say(wish)
	inGroup, inChannel := o.threadOf(group, c.name), o.threadOf(channel, c.name)
	if err := channel.press(1, inChannel, "Claim"); err != nil {
		t.Fatal(err)
	}
	o.told(c, called(firstStaff+1)+" from our team is here now")
	o.seen(group, inGroup, called(firstStaff+1)+" has taken this ticket")
	group.say(2, inGroup, "/claim")
	o.seen(group, inGroup, called(firstStaff+1)+" has it already")
	c.say("my zebra is blue")
	o.seen(group, inGroup, "my zebra is blue")
	o.seen(channel, inChannel, "my zebra is blue")
	group.say(2, inGroup, "Paint it.") // a colleague may help
	o.told(c, "Paint it.")
	o.seen(channel, inChannel, "Paint it.")
	tickets, err := s.store.Tickets(t.Context(), "", 10)
	if err != nil || len(tickets) != 1 || tickets[0].Status != handoff.Claimed || !strings.HasPrefix(string(tickets[0].Holder), "discord:") {
		t.Errorf("tickets %+v, %v", tickets, err)
	}
	channel.say(1, inChannel, "/close solved")
	o.told(c, "is settled on our side")
	o.seen(group, inGroup, "has closed this ticket")
	o.settled(s)
	if group.threads(c.name) != 1 || channel.threads(c.name) != 1 {
		t.Error("the ticket has more than one thread at a desk")
	}
	if n := o.telegram.Limited(); n > 0 {
		t.Errorf("Telegram refused %d messages for their rate", n)
	}
}
