package discord_test

import (
	"fmt"
	"testing"

	"faqbot/bot/channel"
	"faqbot/bot/discord/discordtest"

	"github.com/google/go-cmp/cmp"
)

// What staff do in a thread comes with its address; what Discord itself writes about threads is no event.
func TestEvents_OfADesk(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.start()
	opened := d.mustOpen("1")
	thread := string(opened.Address.Thread)
	mine, err := d.send("m1", opened.Address, "from the customer")
	if err != nil {
		t.Fatal(err)
	}
	post := func(p discordtest.Post) string {
		p.Channel = thread
		return d.staff.Post(p)
	}
	note := post(discordtest.Post{Text: "I take it"})
	post(discordtest.Post{Text: "to the bot", ReplyTo: string(mine)})
	post(discordtest.Post{Text: "to a colleague", ReplyTo: note})
	post(discordtest.Post{Text: "/staff ABC"})
	d.staff.Edit(note, "/took it")
	post(discordtest.Post{Text: "look", Files: []discordtest.Upload{{Name: "a.png", Type: "image/png", Data: []byte("x")}}})
	post(discordtest.Post{Text: "hey", Mention: true})
	d.staff.Command(thread, "claim", "", "")
	d.staff.Delete(note)
	type want struct {
		kind      channel.Kind
		body      string
		replyTo   string
		addressed bool
	}
	wants := []want{
		{channel.Text, "I take it", "", false},
		{channel.Text, "to the bot", string(mine), true},
		{channel.Text, "to a colleague", note, false},
		{channel.Command, "ABC", "", true},
		{channel.Edited, "/took it", "", false},
		{channel.Text, "look", "", false},
		{channel.Text, "hey", "", true},
		{channel.Command, "", "", true},
		{channel.Deleted, "", "", false},
	}
	d.await("all events", func() bool { return len(d.core.all()) >= len(wants) })
	var got []want
	for _, e := range d.core.all() {
		got = append(got, want{e.Kind, e.Body, string(e.ReplyTo), e.Addressed})
		if e.Address != opened.Address {
			t.Errorf("%s %q at %+v, want %+v", e.Kind, e.Body, e.Address, opened.Address)
		}
		if (e.Body == "look") != (len(e.Attachments) == 1) {
			t.Errorf("attachments of %q: %+v", e.Body, e.Attachments)
		}
	}
	if diff := cmp.Diff(wants, got, cmp.AllowUnexported(want{})); diff != "" {
		t.Error(diff)
	}
	if n := d.discord.Calls("GET /channels/{}/messages"); n != 0 {
		t.Errorf("a thread that began under its eyes was read up %d times", n)
	}
}

// A card is shown at the head of its thread, though it is in the channel: what is pressed under it, and what replaces it, belongs to the thread.
func TestThreads_AndTheirCards(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.start()
	opened := d.mustOpen("1")
	at := opened.Address
	press := func(label, body string) channel.Event {
		t.Helper()
		i, err := d.staff.Press(string(at.Thread), label)
		if err != nil {
			t.Fatal(err)
		}
		if err := i.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		return d.body(body)
	}
	e := press("Claim", "claim:1")
	if e.Address != at || e.Message != opened.Card || e.Ticket != nil {
		t.Errorf("under the card: %+v", e)
	}
	d.mustSend(channel.Message{ID: "a1", To: e.Address, Content: channel.PlainDocument("You have it"), Ticket: e.Ticket, ReplyTo: e.Message,
		Buttons: []channel.Button{{Label: "Close", Action: "close:1"}}})
	if e := press("Close", "close:1"); e.Address != at || e.Ticket == nil {
		t.Errorf("in the thread: %+v", e)
	}
	if id := d.mustSend(channel.Message{ID: "a2", To: at, Content: channel.PlainDocument("Ticket 1, claimed"), Replaces: opened.Card}); id != opened.Card {
		t.Errorf("the card became %s", id)
	}
	if shown := d.discord.Shown(string(at.Thread)); shown[1].ReplyTo != "" {
		t.Errorf("a message in the thread answers one in the channel: %+v", shown[1])
	}
	var texts []string
	for _, place := range []string{d.place, string(at.Thread)} {
		for _, s := range d.discord.Shown(place) {
			texts = append(texts, s.Text)
		}
	}
	if diff := cmp.Diff([]string{"Ticket 1, claimed", "Ticket 1, claimed", "You have it"}, texts); diff != "" {
		t.Error(diff)
	}
	bare := d.mustSend(channel.Message{ID: "bare", To: d.at, Content: channel.PlainDocument("no thread"), Buttons: []channel.Button{{Label: "Press", Action: "press"}}})
	if _, err := d.staff.Press(d.place, "Press"); err != nil {
		t.Fatal(err)
	}
	if e := d.body("press"); e.Address != d.at || e.Message != bare || e.Ticket == nil {
		t.Errorf("under a message without a thread: %+v", e)
	}
}

// Threads that staff begin by themselves are places like others.
func TestThreads_ThatStaffBegin(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.start()
	word := d.staff.Post(discordtest.Post{Channel: d.place, Text: "look at this"})
	for i, thread := range []string{d.staff.Thread(word, "under a message"), d.discord.Thread(d.place, "under none")} {
		text := fmt.Sprint("inside ", i)
		d.staff.Post(discordtest.Post{Channel: thread, Text: text})
		if e := d.body(text); string(e.Address.Thread) != thread || e.Address.Chat != d.at.Chat {
			t.Errorf("event %+v", e)
		}
	}
	if n := len(d.core.all()); n != 3 {
		t.Errorf("%d events, want what staff wrote: %q", n, d.core.bodies())
	}
}

// The first word in a thread is found though the bot was away when it was said.
func TestThreads_AreReadFromTheirBeginning(t *testing.T) {
	t.Parallel()
	for name, running := range map[string]bool{"begun while it runs": true, "begun by a program that does not run it": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			if running {
				d.start()
			}
			opened := d.mustOpen("1")
			if running {
				d.await("the thread is written down", func() bool {
					values, err := d.cursors.Cursors(t.Context(), "")
					return err == nil && len(values) == 1
				})
				if err := d.halt(); err != nil {
					t.Fatal(err)
				}
			}
			d.staff.Post(discordtest.Post{Channel: string(opened.Address.Thread), Text: "the first word"})
			d.launch(d.again())
			if e := d.body("the first word"); e.Address != opened.Address {
				t.Errorf("event %+v", e)
			}
			d.staff.Post(discordtest.Post{Channel: string(opened.Address.Thread), Text: "the second"})
			d.body("the second")
			if n := len(d.core.all()); n != 2 {
				t.Errorf("%d events: %q", n, d.core.bodies())
			}
		})
	}
}
