package bottest

import (
	"errors"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
)

var deferTests = []test{
	{"a deferred event comes back when it is due", testDefer},
	{"the third failure sets an event aside", testAside},
	{"a committed event is deferred no more", testDeferCommitted},
	{"events of one key wait for the earlier one", testWaiting},
	{"what a person is told is told in its order", testInTurn},
	{"a timer comes due once", testTimer},
	{"a timer is replaced by its kind", testReplaced},
	{"a timer that failed is deferred like an event", testTimerDeferred},
	{"what is due comes oldest first, in pieces", testOldest},
}

var errBroken = errors.New("the matcher is broken")

func deferEvent(t *testing.T, s Store, event channel.Event, retry time.Time) {
	t.Helper()
	if err := s.Defer(t.Context(), event, errBroken, retry); err != nil {
		t.Fatalf("defer %s: %v", event.ID, err)
	}
}

func deferred(t *testing.T, s Store, now time.Time, limit int) []channel.Event {
	t.Helper()
	events, err := s.Deferred(t.Context(), "", now, limit)
	if err != nil {
		t.Fatalf("deferred: %v", err)
	}
	return events
}

func ids(events []channel.Event) []channel.EventID {
	out := []channel.EventID{}
	for _, e := range events {
		out = append(out, e.ID)
	}
	return out
}

func testDefer(t *testing.T, s Store) {
	event := says("ada", 1)
	event.Attachments = []channel.Attachment{{Network: network, Media: channel.Photo, Ref: "r", Size: 3}}
	event.Ticket = &channel.ReplyTicket{Secret: "s", Expires: noon}
	deferEvent(t, s, event, after(time.Second))
	wantSame(t, load(t, s, event).Seen, false)
	wantSame(t, deferred(t, s, noon, 10), []channel.Event{})
	wantSame(t, deferred(t, s, after(time.Second), 10), []channel.Event{event})
	deferEvent(t, s, event, after(time.Minute))
	wantSame(t, deferred(t, s, after(time.Second), 10), []channel.Event{})
	wantSame(t, deferred(t, s, after(time.Minute), 10), []channel.Event{event})
}

func testAside(t *testing.T, s Store) {
	deferEvent(t, s, says("ada", 1), noon)
	deferEvent(t, s, says("ada", 2), noon)
	deferEvent(t, s, says("ada", 1), noon)
	wantSame(t, ids(deferred(t, s, noon, 10)), []channel.EventID{"testnet:ada:1"})
	deferEvent(t, s, says("ada", 1), noon)
	wantSame(t, ids(deferred(t, s, after(time.Hour), 10)), []channel.EventID{"testnet:ada:2"})
	// It can still be committed, once whatever was wrong is mended and the network repeats it.
	commit(t, s, says("ada", 1), bot.Turn{Conversation: talk("ada")})
}

func testDeferCommitted(t *testing.T, s Store) {
	deferEvent(t, s, says("ada", 1), noon)
	commit(t, s, says("ada", 1), bot.Turn{Conversation: talk("ada")})
	wantSame(t, len(deferred(t, s, after(time.Hour), 10)), 0)
	deferEvent(t, s, says("ada", 1), noon) // by a replica that did not know
	wantSame(t, len(deferred(t, s, after(time.Hour), 10)), 0)
}

func testWaiting(t *testing.T, s Store) {
	deferEvent(t, s, says("ada", 1), after(time.Hour))
	deferEvent(t, s, says("ada", 2), noon)
	wantSame(t, ids(deferred(t, s, noon, 10)), []channel.EventID{}) // the second waits for the first
	wantSame(t, ids(deferred(t, s, after(time.Hour), 10)), []channel.EventID{"testnet:ada:1"})
	commit(t, s, says("ada", 1), bot.Turn{Conversation: talk("ada")})
	wantSame(t, ids(deferred(t, s, noon, 10)), []channel.EventID{"testnet:ada:2"})
}

func withTimer(t *testing.T, s Store, event channel.Event, timers ...bot.Timer) {
	t.Helper()
	c := load(t, s, event).Conversation
	if c.ID == "" {
		c = talk(string(event.From.ID))
	}
	commit(t, s, event, bot.Turn{Conversation: c, Timers: timers})
}

func testTimer(t *testing.T, s Store) {
	withTimer(t, s, says("ada", 1), bot.Timer{Kind: "burst", Due: after(time.Second), Body: "x"})
	wantSame(t, len(deferred(t, s, noon, 10)), 0)
	due := deferred(t, s, after(time.Second), 10)
	wantSame(t, len(due), 1)
	wantSame(t, bot.KeyOf(due[0]), bot.KeyOf(says("ada", 1)))
	wantSame(t, deferred(t, s, after(time.Second), 10), due) // until it is committed
	got := load(t, s, due[0])
	if got.Seen || got.Conversation.ID != "c-ada" || got.Conversation.Version != 1 {
		t.Fatalf("the situation of a timer is %+v", got)
	}
	commit(t, s, due[0], bot.Turn{Conversation: got.Conversation})
	wantSame(t, len(deferred(t, s, after(time.Hour), 10)), 0)
	wantSame(t, load(t, s, due[0]).Seen, true)
	wantSeen(t, s.Commit(t.Context(), due[0], bot.Turn{Conversation: got.Conversation}))
}

func testReplaced(t *testing.T, s Store) {
	withTimer(t, s, says("ada", 1), bot.Timer{Kind: "burst", Due: noon}, bot.Timer{Kind: "other", Due: after(time.Hour)})
	old := deferred(t, s, noon, 10)[0]
	withTimer(t, s, says("ada", 2), bot.Timer{Kind: "burst", Due: after(time.Second)})
	wantSame(t, len(deferred(t, s, noon, 10)), 0)
	wantSame(t, load(t, s, old).Seen, true)
	c := load(t, s, says("ada", 3)).Conversation
	wantSeen(t, s.Commit(t.Context(), old, bot.Turn{Conversation: c, Messages: []bot.Outgoing{message("ada", "twice")}}))
	wantSame(t, len(take(t, s, noon, 10)), 0)
	due := deferred(t, s, after(time.Hour), 10)
	wantSame(t, []string{due[0].Command, due[1].Command}, []string{"burst", "other"})
	withTimer(t, s, says("ada", 3), bot.Timer{Kind: "burst"}, bot.Timer{Kind: "none"})
	due = deferred(t, s, after(time.Hour), 10)
	if len(due) != 1 || due[0].Command != "other" {
		t.Errorf("after taking a timer away %+v is due", due)
	}
	// A timer that sets itself anew, in the turn that it brought, is a new one.
	c = load(t, s, due[0]).Conversation
	commit(t, s, due[0], bot.Turn{Conversation: c, Timers: []bot.Timer{{Kind: "other", Due: after(2 * time.Hour)}}})
	again := deferred(t, s, after(2*time.Hour), 10)
	if len(again) != 1 || again[0].ID == due[0].ID {
		t.Errorf("the timer that was set anew is %+v", again)
	}
}

func testTimerDeferred(t *testing.T, s Store) {
	withTimer(t, s, says("ada", 1), bot.Timer{Kind: "burst", Due: noon})
	due := deferred(t, s, noon, 10)[0]
	for range 2 {
		deferEvent(t, s, due, after(time.Second))
		wantSame(t, len(deferred(t, s, noon, 10)), 0)
		wantSame(t, deferred(t, s, after(time.Second), 10), []channel.Event{due})
	}
	deferEvent(t, s, due, after(time.Second))
	wantSame(t, len(deferred(t, s, after(time.Hour), 10)), 0)
	// One that was deferred and then replaced is no more.
	withTimer(t, s, says("bob", 1), bot.Timer{Kind: "burst", Due: noon})
	due = deferred(t, s, noon, 10)[0]
	deferEvent(t, s, due, noon)
	withTimer(t, s, says("bob", 2), bot.Timer{Kind: "burst"})
	wantSame(t, len(deferred(t, s, after(time.Hour), 10)), 0)
}

func testOldest(t *testing.T, s Store) {
	for i, name := range []string{"ada", "bob", "cy", "dee"} {
		e := says(name, 1)
		if i%2 == 0 {
			e.At = after(time.Duration(-i) * time.Second)
			deferEvent(t, s, e, noon)
		} else {
			withTimer(t, s, e, bot.Timer{Kind: "burst", Due: after(time.Duration(-i) * time.Second)})
		}
	}
	names := func(limit int) (out []channel.PersonID) {
		for _, e := range deferred(t, s, noon, limit) {
			out = append(out, e.From.ID)
		}
		return out
	}
	wantSame(t, names(10), []channel.PersonID{"dee", "cy", "bob", "ada"})
	wantSame(t, names(2), []channel.PersonID{"dee", "cy"})
	wantSame(t, names(0), []channel.PersonID{})
}

// testInTurn has something wait that a customer wrote, and the next thing come. Where a person has their question that waits too; the bot answers at once.
func testInTurn(t *testing.T, s Store) {
	first, next := says("ada", 5), says("ada", 6)
	deferEvent(t, s, first, after(time.Second))
	load(t, s, next)
	handOver(t, s, "ada", 1)
	if _, err := s.Load(t.Context(), next); !errors.Is(err, bot.ErrLater) {
		t.Errorf("what came later is loaded with %v", err)
	}
	load(t, s, first)
	load(t, s, says("bob", 1))
	commit(t, s, first, bot.Turn{Conversation: load(t, s, first).Conversation})
	load(t, s, next)
}
