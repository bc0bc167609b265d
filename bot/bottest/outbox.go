package bottest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
)

var outboxTests = []test{
	{"messages come out as they went in", testMessage},
	{"keys of messages are unique and short", testKeys},
	{"a chat is sent to in order, one at a time", testOrder},
	{"urgent rows go before others", testUrgent},
	{"the threads of a chat share its queue", testThreads},
	{"a row that is held back does not hold others", testHeld},
	{"a row that is tried again holds its chat", testRetry},
	{"what is given up makes way", testGivenUp},
	{"a chat that is gone is given up", testGone},
	{"a chat that moved is written to where it is", testMoved},
	{"what was in flight is recovered as unknown", testRecover},
	{"networks have queues of their own", testNetworks},
	{"what is next is known", testNext},
	{"a limit is kept", testLimit},
	{"results for rows that are gone are no error", testGoneRows},
	{"whatever happens, order and number hold", testRandom},
}

func testMessage(t *testing.T, s Store) {
	m := channel.Message{
		ID: "of-my-own", To: channel.Address{Network: network, Chat: "ada", Thread: "t"}, Content: channel.Parse("**30** days, [here](https://a.example/?a=1&b=2)."),
		Buttons: []channel.Button{{Label: "That helped", Action: "k1"}, {Label: "More", URL: "https://b.example"}},
		ReplyTo: "in1", Replaces: "out0", Quiet: true, Ticket: &channel.ReplyTicket{Secret: "s", Expires: noon},
		Attachments: []channel.Attachment{{Network: "othernet", Media: channel.File, Ref: "r", Name: "n", Type: "text/plain", Size: 7}},
	}
	send(t, s, "ada", 1, bot.Outgoing{Message: m, Urgent: true})
	rows := take(t, s, noon, 10)
	if len(rows) != 1 {
		t.Fatalf("took %d rows, want 1", len(rows))
	}
	wantSame(t, rows[0], bot.Sending{ID: rows[0].ID, Outgoing: bot.Outgoing{Message: m, Urgent: true}})
}

func testKeys(t *testing.T, s Store) {
	const count = 50
	for i := range count {
		send(t, s, fmt.Sprint("c", i), 1, message(fmt.Sprint("c", i), "hello"))
	}
	seen := map[string]bool{}
	for _, row := range take(t, s, noon, count) {
		key := row.Outgoing.Message.ID
		if key == "" || len(key) > 25 || seen[key] {
			t.Errorf("the key %q is empty, long or used twice", key)
		}
		seen[key] = true
	}
	wantSame(t, len(seen), count)
}

// sendAll takes and delivers until nothing is left, and returns the texts in order.
func sendAll(t *testing.T, s Store, now time.Time, limit int) []string {
	t.Helper()
	var out []string
	for {
		rows := take(t, s, now, limit)
		if len(rows) == 0 {
			return out
		}
		out = append(out, texts(rows)...)
		for _, row := range rows {
			settle(t, s, bot.SendResult{ID: row.ID, Message: "m", At: now})
		}
	}
}

func testOrder(t *testing.T, s Store) {
	send(t, s, "ada", 1, message("ada", "a1"), message("bob", "b1"), message("ada", "a2"))
	send(t, s, "ada", 2, message("ada", "a3"))
	rows := take(t, s, noon, 10)
	wantSame(t, texts(rows), []string{"a1", "b1"})
	wantSame(t, len(take(t, s, noon, 10)), 0)
	settle(t, s, bot.SendResult{ID: rows[1].ID, Message: "m1", At: noon})
	wantSame(t, len(take(t, s, noon, 10)), 0)
	send(t, s, "ada", 3, message("bob", "b2"))
	wantSame(t, texts(take(t, s, noon, 10)), []string{"b2"})
	settle(t, s, bot.SendResult{ID: rows[0].ID, Message: "m2", At: noon})
	wantSame(t, sendAll(t, s, noon, 10), []string{"a2", "a3"})
	wantSame(t, len(take(t, s, after(time.Hour), 10)), 0)
}

func testUrgent(t *testing.T, s Store) {
	send(t, s, "ada", 1, message("ada", "relay a"), message("bob", "relay b"), urgent(message("cy", "receipt c")), message("dee", "relay d"),
		urgent(message("eve", "receipt e")), urgent(message("ada", "receipt a")))
	wantSame(t, texts(take(t, s, noon, 3)), []string{"receipt c", "receipt e", "relay a"})
	wantSame(t, texts(take(t, s, noon, 3)), []string{"relay b", "relay d"})
}

func testThreads(t *testing.T, s Store) {
	topic := message("group", "in a topic")
	topic.Message.To.Thread = "7"
	send(t, s, "ada", 1, topic, message("group", "in the chat"))
	rows := take(t, s, noon, 10)
	wantSame(t, texts(rows), []string{"in a topic"})
	settle(t, s, bot.SendResult{ID: rows[0].ID, Message: "m", At: noon})
	wantSame(t, texts(take(t, s, noon, 10)), []string{"in the chat"})
}

func testHeld(t *testing.T, s Store) {
	later := after(time.Minute)
	send(t, s, "ada", 1, held(message("ada", "later"), later), message("ada", "now"), held(message("bob", "later b"), later))
	wantSame(t, sendAll(t, s, noon, 10), []string{"now"})
	wantSame(t, len(sendAll(t, s, later.Add(-time.Microsecond), 10)), 0)
	send(t, s, "ada", 2, message("ada", "after"))
	wantSame(t, sendAll(t, s, later, 10), []string{"later b", "later", "after"})
}

func testRetry(t *testing.T, s Store) {
	send(t, s, "ada", 1, message("ada", "a1"), message("ada", "a2"), message("bob", "b1"))
	rows := take(t, s, noon, 10)
	wantSame(t, rows[0].Attempts, 0)
	settle(t, s, bot.SendResult{ID: rows[0].ID, Retry: after(time.Minute), Reason: "slow down", At: noon},
		bot.SendResult{ID: rows[1].ID, Retry: after(time.Second), Unknown: true, At: noon})
	send(t, s, "ada", 2, message("ada", "a3"))
	wantSame(t, len(take(t, s, noon, 10)), 0)
	rows = take(t, s, after(time.Second), 10)
	if len(rows) != 1 || !rows[0].Unknown || rows[0].Attempts != 1 {
		t.Fatalf("the unknown row comes again as %+v", rows)
	}
	settle(t, s, bot.SendResult{ID: rows[0].ID, Retry: after(time.Hour), At: noon})
	rows = take(t, s, after(time.Minute), 10)
	if len(rows) != 1 || rows[0].Unknown || rows[0].Attempts != 1 {
		t.Fatalf("the row comes again as %+v", rows)
	}
	settle(t, s, bot.SendResult{ID: rows[0].ID, Message: "m", At: noon})
	wantSame(t, sendAll(t, s, after(time.Minute), 10), []string{"a2", "a3"})
	rows = take(t, s, after(time.Hour), 10)
	if len(rows) != 1 || !rows[0].Unknown || rows[0].Attempts != 2 {
		t.Errorf("what was unknown once stays so: %+v", rows)
	}
}

func testGivenUp(t *testing.T, s Store) {
	send(t, s, "ada", 1, message("ada", "a1"), message("ada", "a2"))
	rows := take(t, s, noon, 10)
	settle(t, s, bot.SendResult{ID: rows[0].ID, Reason: "refused", At: noon})
	wantSame(t, sendAll(t, s, noon, 10), []string{"a2"})
}

func testGone(t *testing.T, s Store) {
	later := after(time.Minute)
	send(t, s, "ada", 1, message("ada", "a1"), message("ada", "a2"), held(message("ada", "a3"), later), message("bob", "b1"))
	rows := take(t, s, noon, 10)
	settle(t, s, bot.SendResult{ID: rows[0].ID, Gone: true, Reason: "blocked", At: noon}, bot.SendResult{ID: rows[1].ID, Message: "m", At: noon})
	wantSame(t, len(take(t, s, later, 10)), 0)
	next, err := s.Next(t.Context(), network, noon)
	if err != nil || !next.IsZero() {
		t.Errorf("something is due at %v (%v)", next, err)
	}
	send(t, s, "ada", 2, message("ada", "they are back"))
	wantSame(t, sendAll(t, s, noon, 10), []string{"they are back"})
}

func testMoved(t *testing.T, s Store) {
	send(t, s, "ada", 1, message("old", "o1"), message("old", "o2"), message("new", "n1"))
	rows := take(t, s, noon, 1)
	wantSame(t, texts(rows), []string{"o1"})
	settle(t, s, bot.SendResult{ID: rows[0].ID, Retry: noon, MovedTo: "new", At: noon})
	wantSame(t, len(take(t, s, noon.Add(-time.Second), 10)), 0)
	for _, want := range []string{"o1", "o2", "n1"} {
		rows = take(t, s, noon, 10)
		wantSame(t, texts(rows), []string{want})
		wantSame(t, rows[0].Outgoing.Message.To.Chat, channel.ChatID("new"))
		settle(t, s, bot.SendResult{ID: rows[0].ID, Message: "m", At: noon})
	}
}

func testRecover(t *testing.T, s Store) {
	send(t, s, "ada", 1, message("ada", "a1"), message("ada", "a2"), message("bob", "b1"))
	lost := take(t, s, noon, 10)
	settle(t, s, bot.SendResult{ID: lost[1].ID, Message: "m", At: noon})
	if err := s.Recover(t.Context(), network); err != nil {
		t.Fatal(err)
	}
	rows := take(t, s, noon, 10)
	if len(rows) != 1 || !rows[0].Unknown || rows[0].Attempts != 1 || rows[0].Outgoing.Message.ID != lost[0].Outgoing.Message.ID {
		t.Fatalf("recovered %+v", rows)
	}
	// What its dead sender delivered after all does not come a third time.
	settle(t, s, bot.SendResult{ID: rows[0].ID, Message: "m", At: noon}, bot.SendResult{ID: lost[0].ID, Retry: noon, At: noon})
	wantSame(t, sendAll(t, s, noon, 10), []string{"a2"})
}

func testNetworks(t *testing.T, s Store) {
	other := message("ada", "elsewhere")
	other.Message.To.Network = "othernet"
	send(t, s, "ada", 1, other, message("ada", "here"))
	wantSame(t, texts(take(t, s, noon, 10)), []string{"here"})
	if err := s.Recover(t.Context(), "othernet"); err != nil {
		t.Fatal(err)
	}
	wantSame(t, len(take(t, s, noon, 10)), 0)
	rows, err := s.Take(t.Context(), "othernet", noon, 10)
	if err != nil {
		t.Fatal(err)
	}
	wantSame(t, texts(rows), []string{"elsewhere"})
}

func testNext(t *testing.T, s Store) {
	next := func() time.Time {
		t.Helper()
		at, err := s.Next(t.Context(), network, noon)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	wantSame(t, next(), time.Time{})
	send(t, s, "ada", 1, message("ada", "now"), held(message("ada", "b"), after(time.Minute)), held(message("bob", "b"), after(time.Hour)))
	wantSame(t, next(), after(time.Minute))
	rows := take(t, s, noon, 10)
	settle(t, s, bot.SendResult{ID: rows[0].ID, Retry: after(time.Second), At: noon})
	wantSame(t, next(), after(time.Second))
	sendAll(t, s, after(time.Minute), 10)
	wantSame(t, next(), after(time.Hour))
}

func testLimit(t *testing.T, s Store) {
	for i := range 7 {
		send(t, s, fmt.Sprint("c", i), 1, message(fmt.Sprint("c", i), fmt.Sprint(i)))
	}
	wantSame(t, texts(take(t, s, noon, 3)), []string{"0", "1", "2"})
	wantSame(t, texts(take(t, s, noon, 3)), []string{"3", "4", "5"})
	wantSame(t, texts(take(t, s, noon, 0)), []string{})
	wantSame(t, texts(take(t, s, noon, 3)), []string{"6"})
}

func testGoneRows(t *testing.T, s Store) {
	settle(t, s)
	settle(t, s, bot.SendResult{ID: 12345, Message: "m", At: noon}, bot.SendResult{ID: 6, Gone: true, MovedTo: "x"})
	send(t, s, "ada", 1, message("ada", "a1"), message("ada", "a2"))
	rows := take(t, s, noon, 10)
	commit(t, s, says("ada", 2), bot.Turn{Erase: true, Messages: []bot.Outgoing{message("ada", "bye")}})
	settle(t, s, bot.SendResult{ID: rows[0].ID, Message: "m", At: noon})
	wantSame(t, sendAll(t, s, noon, 10), []string{"bye"})
}

// testRandom sends at random, with failures of every kind, and looks that each chat gets its messages once and in order.
func testRandom(t *testing.T, s Store) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	t.Logf("seed %d", seed)
	chats := []string{"a", "b", "c", "d"}
	sent, got := map[string][]string{}, map[channel.ChatID][]string{}
	flight := []bot.Sending{}
	now := noon
	for step := range 150 {
		switch r.IntN(4) {
		case 0:
			var messages []bot.Outgoing
			for range 1 + r.IntN(3) {
				chat := chats[r.IntN(len(chats))]
				text := fmt.Sprint(step, " ", len(sent[chat]))
				sent[chat] = append(sent[chat], text)
				messages = append(messages, bot.Outgoing{Message: message(chat, text).Message, Urgent: r.IntN(2) == 0})
			}
			send(t, s, "ada", step, messages...)
		case 1:
			flight = append(flight, take(t, s, now, 1+r.IntN(5))...)
		default:
			now = now.Add(time.Second)
			flight = answerOne(t, s, r, flight, got, now)
		}
		busy := map[channel.ChatID]bool{}
		for _, row := range flight {
			if chat := row.Outgoing.Message.To.Chat; busy[chat] {
				t.Fatalf("seed %d: chat %s has two rows in flight", seed, chat)
			} else {
				busy[chat] = true
			}
		}
	}
	for _, row := range flight {
		settle(t, s, bot.SendResult{ID: row.ID, Retry: now, At: now})
	}
	for _, row := range sendAllRows(t, s, now.Add(time.Hour)) {
		chat := row.Outgoing.Message.To.Chat
		got[chat] = append(got[chat], row.Outgoing.Message.Content.PlainText())
	}
	for _, chat := range chats {
		if want := sent[chat]; !slices.Equal(got[channel.ChatID(chat)], want) {
			t.Errorf("seed %d: chat %s got %v, want %v", seed, chat, got[channel.ChatID(chat)], want)
		}
	}
}

func answerOne(t *testing.T, s Store, r *rand.Rand, flight []bot.Sending, got map[channel.ChatID][]string, now time.Time) []bot.Sending {
	t.Helper()
	if len(flight) == 0 {
		return flight
	}
	i := r.IntN(len(flight))
	row := flight[i]
	if r.IntN(3) == 0 {
		settle(t, s, bot.SendResult{ID: row.ID, Retry: now.Add(time.Duration(r.IntN(5)) * time.Second), Unknown: r.IntN(2) == 0, At: now})
	} else {
		settle(t, s, bot.SendResult{ID: row.ID, Message: "m", At: now})
		chat := row.Outgoing.Message.To.Chat
		got[chat] = append(got[chat], row.Outgoing.Message.Content.PlainText())
	}
	return slices.Delete(flight, i, i+1)
}

func sendAllRows(t *testing.T, s Store, now time.Time) []bot.Sending {
	t.Helper()
	var out []bot.Sending
	for {
		rows := take(t, s, now, 2)
		if len(rows) == 0 {
			return out
		}
		out = append(out, rows...)
		for _, row := range rows {
			settle(t, s, bot.SendResult{ID: row.ID, Message: "m", At: now})
		}
	}
}
