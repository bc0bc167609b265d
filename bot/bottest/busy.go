package bottest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

// busyTests are about a desk that more is to be shown than it takes.
var busyTests = []test{
	{"what one writes while a group waits is joined", testJoined},
	{"a group is shown first what customers wait for", testRank},
	{"what was written for a thread before goes before it", testRankInThread},
	{"a card that changed again while it waited is shown once", testCardOnce},
	{"a card that nobody has seen yet is shown as it is now", testCardUnseen},
	{"what was joined is tried again together", testJoinedAgain},
	{"whatever happens, the order within a thread holds", testBusyRandom},
}

func testJoined(t *testing.T, s Store) {
	for i, customer := range []string{"ada", "bob"} {
		handOver(t, s, customer, i+1)
		settle(t, s, bot.SendResult{ID: take(t, s, noon, 10)[0].ID, Message: channel.MessageID("card-" + customer), At: noon})
	}
	photo := relay("ada", "a photo")
	photo.Message.Attachments = []channel.Attachment{{Network: network, Media: channel.Photo, Ref: "p"}}
	send(t, s, "bob", 3, relay("bob", "b1"))
	busy := take(t, s, noon, 10)
	send(t, s, "ada", 4, relay("ada", "a1"), relay("bob", "b2"), relay("ada", "a2"), photo, relay("ada", "a3"), relay("bob", "b3"))
	settle(t, s, bot.SendResult{ID: busy[0].ID, Message: "s1", At: noon})
	wantSame(t, sendAll(t, s, noon, 10), []string{"ada:\n\na1\n\na2", "bob:\n\nb2\n\nb3", "ada:\n\na photo", "ada:\n\na3"})
	// A reply to what was joined finds its ticket.
	e := says("staff", 9)
	e.Address, e.ReplyTo = hall, "m"
	saveDesk(t, s)
	if got := load(t, s, e); got.Ticket == nil {
		t.Error("what was joined is linked to no ticket")
	}
}

// note is what staff are told in the ticket's thread.
func note(customer, text string) bot.Outgoing {
	return bot.Outgoing{
		Message: channel.Message{To: hall, Content: channel.PlainDocument(text), Quiet: true},
		Post:    bot.Post{Ticket: handoff.TicketID("t-" + customer), Desk: deskID},
	}
}

// recard is a ticket's card, shown anew.
func recard(customer, text string) bot.Outgoing {
	o := note(customer, text)
	o.Post.Act = handoff.ChangesCard
	return o
}

func quiet(o bot.Outgoing) bot.Outgoing {
	o.Message.Quiet = true
	return o
}

func testRank(t *testing.T, s Store) {
	for i, customer := range []string{"ada", "bob", "cy", "dee"} {
		handOver(t, s, customer, i+1)
		settle(t, s, bot.SendResult{ID: take(t, s, noon, 10)[0].ID, Message: channel.MessageID("card-" + customer), At: noon})
	}
	send(t, s, "ada", 11, recard("ada", "card a"), note("bob", "note b"), recard("cy", "card c"))
	handOver(t, s, "eve", 12)
	send(t, s, "ada", 13, quiet(relay("dee", "waits")), relay("cy", "is talked to"), message("hall", "an answer to staff"))
	wantSame(t, sendAll(t, s, noon, 10), []string{"an answer to staff", "cy:\n\nis talked to", "card of eve", "dee:\n\nwaits", "note b", "card a", "card c"})
}

func testRankInThread(t *testing.T, s Store) {
	for i, customer := range []string{"ada", "bob"} {
		handOver(t, s, customer, i+1)
		settle(t, s, bot.SendResult{ID: take(t, s, noon, 10)[0].ID, Message: channel.MessageID("card-" + customer), At: noon})
	}
	busy := note("bob", "busy")
	send(t, s, "bob", 3, busy)
	first := take(t, s, noon, 10)
	close := bot.Outgoing{Message: channel.Message{To: hall}, Post: bot.Post{Ticket: "t-ada", Desk: deskID, Act: handoff.ClosesThread}}
	send(t, s, "ada", 4, note("bob", "b1"), recard("ada", "closed"), note("ada", "it is closed"), close, relay("ada", "a1"), note("ada", "the bot's answer"), relay("ada", "a2"))
	settle(t, s, bot.SendResult{ID: first[0].ID, Message: "s1", At: noon})
	wantSame(t, sendAll(t, s, noon, 10), []string{"it is closed", "", "ada:\n\na1\n\nthe bot's answer\n\nada:\n\na2", "b1", "closed"})
}

func testCardOnce(t *testing.T, s Store) {
	handOver(t, s, "ada", 1)
	change := func(text string) bot.Outgoing {
		return bot.Outgoing{Message: channel.Message{To: hall, Content: channel.PlainDocument(text)}, Post: bot.Post{Ticket: "t-ada", Desk: deskID, Act: handoff.ChangesCard}}
	}
	settle(t, s, bot.SendResult{ID: take(t, s, noon, 10)[0].ID, Message: "card", At: noon})
	send(t, s, "ada", 2, change("claimed"), relay("ada", "a1"))
	send(t, s, "ada", 3, change("closed"))
	wantSame(t, sendAll(t, s, noon, 10), []string{"ada:\n\na1", "closed"})
}

// testCardUnseen changes a card that waits for its turn to be shown at all, and one that is on its way.
func testCardUnseen(t *testing.T, s Store) {
	handOver(t, s, "ada", 1)
	busy := take(t, s, noon, 10)
	handOver(t, s, "bob", 2)
	send(t, s, "ada", 3, quiet(recard("ada", "ada is claimed")), quiet(recard("bob", "bob is claimed")), relay("bob", "b1"))
	send(t, s, "ada", 4, quiet(recard("bob", "bob is closed")))
	settle(t, s, bot.SendResult{ID: busy[0].ID, Message: "card-ada", At: noon})
	rows := take(t, s, noon, 10)
	wantSame(t, texts(rows), []string{"bob is closed"})
	m := rows[0].Outgoing.Message
	if rows[0].Outgoing.Post.Act != handoff.OpensThread || rows[0].Outgoing.Post.Title != "bob" || m.ID == "" || m.Quiet || m.To != hall || m.Replaces != "" {
		t.Errorf("the card is shown first as %+v", rows[0].Outgoing)
	}
	settle(t, s, bot.SendResult{ID: rows[0].ID, Message: "card-bob", At: noon})
	wantSame(t, sendAll(t, s, noon, 10), []string{"bob:\n\nb1", "ada is claimed"})
}

func testJoinedAgain(t *testing.T, s Store) {
	handOver(t, s, "ada", 1)
	settle(t, s, bot.SendResult{ID: take(t, s, noon, 10)[0].ID, Message: "card", At: noon})
	send(t, s, "ada", 2, relay("ada", "a1"), relay("ada", "a2"))
	first := take(t, s, noon, 10)
	wantSame(t, texts(first), []string{"ada:\n\na1\n\na2"})
	send(t, s, "ada", 3, relay("ada", "a3"))
	settle(t, s, bot.SendResult{ID: first[0].ID, Unknown: true, Retry: noon, At: noon})
	again := take(t, s, noon, 10)
	wantSame(t, texts(again), []string{"ada:\n\na1\n\na2"}) // under one key the network is told one text
	wantSame(t, again[0].Outgoing.Message.ID, first[0].Outgoing.Message.ID)
	if err := s.Recover(t.Context(), network); err != nil {
		t.Fatal(err)
	}
	wantSame(t, sendAll(t, s, noon, 10), []string{"ada:\n\na1\n\na2", "ada:\n\na3"})
}

// testBusyRandom sends to threads of one chat at random, with failures and senders that die, and looks that each thread is shown everything in its order.
func testBusyRandom(t *testing.T, s Store) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	t.Logf("seed %d", seed)
	customers := []string{"ada", "bob", "cy"}
	for i, customer := range customers {
		handOver(t, s, customer, i+1)
		settle(t, s, bot.SendResult{ID: take(t, s, noon, 10)[0].ID, Message: channel.MessageID("card-" + customer), At: noon})
	}
	sent, got := map[string]int{}, map[string][]string{}
	now := noon
	deliver := func(row bot.Sending) {
		settle(t, s, bot.SendResult{ID: row.ID, Message: "m", At: now})
		for _, word := range strings.Fields(row.Outgoing.Message.Content.PlainText()) {
			if customer, _, ok := strings.Cut(word, "-"); ok {
				got[customer] = append(got[customer], word)
			}
		}
	}
	for step := range 200 {
		customer := customers[r.IntN(len(customers))]
		now = now.Add(time.Second)
		switch r.IntN(5) {
		case 0, 1:
			sent[customer]++
			text := fmt.Sprintf("%s-%d", customer, sent[customer])
			o := []bot.Outgoing{relay(customer, text), quiet(relay(customer, text)), note(customer, text)}[r.IntN(3)]
			send(t, s, customer, 100+step, o)
		case 2:
			send(t, s, customer, 100+step, recard(customer, "card"))
		default:
			for _, row := range take(t, s, now, 1) {
				switch r.IntN(4) {
				case 0:
					settle(t, s, bot.SendResult{ID: row.ID, Retry: now.Add(time.Duration(r.IntN(3)) * time.Second), Unknown: true, At: now})
				case 1:
					if err := s.Recover(t.Context(), network); err != nil {
						t.Fatal(err)
					}
				default:
					deliver(row)
				}
			}
		}
	}
	for rows := take(t, s, now.Add(time.Hour), 1); len(rows) > 0; rows = take(t, s, now.Add(time.Hour), 1) {
		deliver(rows[0])
	}
	for _, customer := range customers {
		var want []string
		for n := range sent[customer] {
			want = append(want, fmt.Sprintf("%s-%d", customer, n+1))
		}
		if !slices.Equal(got[customer], want) {
			t.Errorf("seed %d: the thread of %s was shown %v", seed, customer, got[customer])
		}
	}
}
