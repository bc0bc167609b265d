package channeltest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"faqbot/bot/channel"
)

// Desk is the far side of a place with threads, where staff work.
type Desk struct {
	Address channel.Address
	// SayFunc makes a member of staff write at an address, in answer to a message or to none, and returns the message's ID.
	SayFunc func(at channel.Address, to channel.MessageID, text string) channel.MessageID
	// CommandFunc makes them type "/name body".
	CommandFunc func(at channel.Address, name, body string)
	// PressFunc makes them press the button with a label under the newest message at an address; a thread's card is one of them.
	PressFunc func(at channel.Address, label string) error
	// ShownFunc is what the place or a thread shows of the bot, oldest first; a thread begins with its card.
	ShownFunc func(at channel.Address) []Shown
	// ThreadsFunc are the titles of the threads that can be seen, with " (closed)" behind those that are.
	ThreadsFunc func() []string
	// DeleteFunc deletes a thread, RefuseFunc makes a place where no more can be opened.
	DeleteFunc func(thread channel.Address)
	RefuseFunc func()
}

// openDesk is a desk with a connector that runs.
type openDesk struct {
	*Desk
	*recorder
	t        *testing.T
	channel  channel.Channel
	threader channel.Threader
}

func runDesk(t *testing.T, f Fixture) openDesk {
	t.Helper()
	threader, ok := channel.As[channel.Threader](f.Channel)
	if f.Desk == nil {
		t.Skip("this network has no threads")
	}
	if !ok {
		t.Fatal("there is a desk, but the channel is no Threader")
	}
	return openDesk{Desk: f.Desk, recorder: run(t, f), t: t, channel: f.Channel, threader: threader}
}

// card is what a ticket begins with.
func (d openDesk) card(id string) channel.Message {
	return channel.Message{ID: id, To: d.Address, Content: channel.PlainDocument("Ticket 1"), Buttons: []channel.Button{{Label: "Claim", Action: "claim:1"}}}
}

func (d openDesk) open(title string, card channel.Message) channel.OpenedThread {
	d.t.Helper()
	opened, err := d.threader.OpenThread(d.t.Context(), title, card)
	if err != nil {
		d.t.Fatalf("open a thread: %v", err)
	}
	return opened
}

func (d openDesk) send(id string, to channel.Address, text string) error {
	_, err := d.channel.Send(d.t.Context(), channel.Message{ID: id, To: to, Content: channel.PlainDocument(text)})
	return err
}

// await waits for an event with a body, which must come from an address.
func (d openDesk) await(from channel.Address, kind channel.Kind, body string) channel.Event {
	d.t.Helper()
	e := d.recorder.await(d.t, func(e channel.Event) bool { return e.Kind == kind && e.Body == body })
	if e.Address != from {
		d.t.Errorf("%s %q came from %+v, want %+v", kind, body, e.Address, from)
	}
	return e
}

// texts are what an address shows.
func (d openDesk) texts(at channel.Address) []string {
	var out []string
	for _, s := range d.ShownFunc(at) {
		out = append(out, s.Text)
	}
	return out
}

func (d openDesk) shows(at channel.Address, want ...string) {
	d.t.Helper()
	d.eventually(func() bool { return slices.Equal(d.texts(at), want) }, func() { d.t.Errorf("shown %q, want %q", d.texts(at), want) })
}

func (d openDesk) hasThreads(want ...string) {
	d.t.Helper()
	d.eventually(func() bool { return slices.Equal(d.ThreadsFunc(), want) }, func() { d.t.Errorf("threads %q, want %q", d.ThreadsFunc(), want) })
}

func (d openDesk) eventually(is func() bool, complain func()) {
	d.t.Helper()
	for deadline := time.Now().Add(patience); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			complain()
			return
		}
	}
}

func (d openDesk) must(what string, err error) {
	d.t.Helper()
	if err != nil {
		d.t.Errorf("%s: %v", what, err)
	}
}

func testThread(t *testing.T, f Fixture) {
	d := runDesk(t, f)
	d.SayFunc(d.Address, "", "before it all")
	d.await(d.Address, channel.Text, "before it all") // it runs
	opened := d.open("Ticket 1", d.card("00000000000000000000003a"))
	at := opened.Address
	if at.Network != d.Address.Network || at.Chat != d.Address.Chat || at.Thread == "" || at.Private || opened.Card == "" || opened.Lacks != "" {
		t.Fatalf("opened %+v", opened)
	}
	d.hasThreads("Ticket 1")
	d.must("write", d.send("00000000000000000000003b", at, "from the customer"))
	d.shows(at, "Ticket 1", "from the customer")

	theirs := d.SayFunc(at, "", "from staff")
	if e := d.await(at, channel.Text, "from staff"); e.Message != theirs || e.ReplyTo != "" || e.Addressed {
		t.Errorf("overheard in a thread: %+v", e)
	}
	d.SayFunc(at, theirs, "an answer")
	if e := d.await(at, channel.Text, "an answer"); e.ReplyTo != theirs {
		t.Errorf("answers %q, want %q", e.ReplyTo, theirs)
	}
	d.CommandFunc(at, "staff", "ABC")
	if e := d.await(at, channel.Command, "ABC"); e.Command != "staff" || !e.Addressed {
		t.Errorf("a command in a thread: %+v", e)
	}
	d.must("press", d.PressFunc(at, "Claim"))
	if e := d.await(at, channel.Press, "claim:1"); e.Message != opened.Card {
		t.Errorf("pressed under %q, want the card %q", e.Message, opened.Card)
	}

	for range 2 { // that it is so already is success
		d.must("title", d.threader.TitleThread(t.Context(), at, "Ticket 1, claimed"))
		d.must("close", d.threader.CloseThread(t.Context(), at))
	}
	d.hasThreads("Ticket 1, claimed (closed)")
	for range 2 {
		d.must("reopen", d.threader.ReopenThread(t.Context(), at))
	}
	d.hasThreads("Ticket 1, claimed")
	d.SayFunc(at, "", "after that")
	d.await(at, channel.Text, "after that")
	d.must("close", d.threader.CloseThread(t.Context(), at))
	d.must("write into a closed thread", d.send("00000000000000000000003c", at, "one more thing"))
	d.shows(at, "Ticket 1", "from the customer", "one more thing")
	if n := d.others("before it all", "from staff", "an answer", "ABC", "claim:1", "after that"); n != 0 {
		t.Errorf("%d events are none of what staff did", n)
	}
}

// others counts the events that have none of these bodies.
func (d openDesk) others(bodies ...string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := 0
	for _, e := range d.events {
		if !slices.Contains(bodies, e.Body) {
			d.t.Logf("event %+v", e)
			n++
		}
	}
	return n
}

func testLostThread(t *testing.T, f Fixture) {
	d := runDesk(t, f)
	first := d.open("Ticket 1", d.card("00000000000000000000004a")).Address
	other := d.open("Ticket 2", d.card("00000000000000000000004b")).Address
	d.DeleteFunc(first)
	for name, do := range map[string]func() error{
		"write":  func() error { return d.send("00000000000000000000004c", first, "x") },
		"title":  func() error { return d.threader.TitleThread(t.Context(), first, "x") },
		"close":  func() error { return d.threader.CloseThread(t.Context(), first) },
		"reopen": func() error { return d.threader.ReopenThread(t.Context(), first) },
	} {
		if fate, _ := channel.FateOf(do()); fate != channel.Lost {
			t.Errorf("%s: fate %q, want %q", name, fate, channel.Lost)
		}
	}
	d.must("the other thread", d.send("00000000000000000000004d", other, "still here"))
	if again := d.open("Ticket 1", d.card("00000000000000000000004e")).Address; again.Thread == first.Thread || again.Thread == "" {
		t.Errorf("opened anew as %+v, before %+v", again, first)
	}
}

func testNoThread(t *testing.T, f Fixture) {
	d := runDesk(t, f)
	d.RefuseFunc()
	opened := d.open("Ticket 1", d.card("00000000000000000000005a"))
	if opened.Address != d.Address || opened.Card == "" || len(strings.Fields(opened.Lacks)) < 3 {
		t.Errorf("opened %+v", opened)
	}
	d.shows(d.Address, "Ticket 1")
	d.hasThreads()
}
