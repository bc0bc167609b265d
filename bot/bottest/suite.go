package bottest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/faq/fault"
)

// Store is all that the engine and the dispatcher need of a database.
type Store interface {
	bot.Store
	bot.Outbox
	bot.Leases
	bot.Places
}

// TestStore holds a database to the contracts of [bot.Store], [bot.Outbox] and [bot.Leases]. open returns an empty one for each test
// and cleans up through t; the tests run in parallel.
func TestStore(t *testing.T, open func(t *testing.T) Store) {
	for _, tests := range [][]test{turnTests, deferTests, outboxTests, threadTests, busyTests, leaseTests} {
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				test.run(t, open(t))
			})
		}
	}
}

type test struct {
	name string
	run  func(t *testing.T, s Store)
}

// noon is when everything happens. Times are whole microseconds: a store may keep no finer.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 123456e3, time.UTC)

func after(d time.Duration) time.Time { return noon.Add(d) }

const network channel.Network = "testnet"

func private(chat string) channel.Address {
	return channel.Address{Network: network, Chat: channel.ChatID(chat), Private: true}
}

// says is a customer's n-th event in their private chat.
func says(customer string, n int) channel.Event {
	return channel.Event{
		ID: channel.EventID(fmt.Sprintf("testnet:%s:%d", customer, n)), Kind: channel.Text, At: noon, Body: "How long?", Addressed: true,
		From: channel.Person{ID: channel.PersonID(customer), Name: "A " + customer}, Address: private(customer),
		Message: channel.MessageID(fmt.Sprint("in", n)),
	}
}

// talk is the first conversation of a customer.
func talk(customer string) bot.Conversation {
	e := says(customer, 0)
	return bot.Conversation{
		ID: bot.ConversationID("c-" + customer), Key: bot.KeyOf(e), Ordinal: 1, Address: e.Address, Customer: e.From,
		OpenedAt: noon, LastAt: noon,
	}
}

func message(chat, text string) bot.Outgoing {
	return bot.Outgoing{Message: channel.Message{To: private(chat), Content: channel.PlainDocument(text)}}
}

func held(o bot.Outgoing, until time.Time) bot.Outgoing {
	o.NotBefore = until
	return o
}

func urgent(o bot.Outgoing) bot.Outgoing {
	o.Urgent = true
	return o
}

// send commits a turn of a customer's own that sends messages.
func send(t *testing.T, s Store, customer string, n int, messages ...bot.Outgoing) {
	t.Helper()
	event := says(customer, n)
	c := load(t, s, event).Conversation
	if c.ID == "" {
		c = talk(customer)
	}
	commit(t, s, event, bot.Turn{Conversation: c, Messages: messages})
}

func load(t *testing.T, s Store, event channel.Event) bot.Situation {
	t.Helper()
	situation, err := s.Load(t.Context(), event)
	if err != nil {
		t.Fatalf("load %s: %v", event.ID, err)
	}
	return situation
}

func commit(t *testing.T, s Store, event channel.Event, turn bot.Turn) {
	t.Helper()
	if err := s.Commit(t.Context(), event, turn); err != nil {
		t.Fatalf("commit %s: %v", event.ID, err)
	}
}

func take(t *testing.T, s Store, now time.Time, limit int) []bot.Sending {
	t.Helper()
	rows, err := s.Take(t.Context(), network, now, limit)
	if err != nil {
		t.Fatalf("take: %v", err)
	}
	return rows
}

func settle(t *testing.T, s Store, results ...bot.SendResult) {
	t.Helper()
	if err := s.Settle(t.Context(), results...); err != nil {
		t.Fatalf("settle: %v", err)
	}
}

// texts are what rows say, in their order.
func texts(rows []bot.Sending) []string {
	out := []string{}
	for _, r := range rows {
		out = append(out, r.Outgoing.Message.Content.PlainText())
	}
	return out
}

func wantSame(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("not what was expected (-want +got):\n%s", diff)
	}
}

func wantSeen(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, bot.ErrSeen) {
		t.Errorf("got error %v, want ErrSeen", err)
	}
}

func wantConflict(t *testing.T, err error) {
	t.Helper()
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("got error %v of kind %q, want a conflict", err, fault.KindOf(err))
	}
}

func ticketOf(c bot.Conversation, id string, number int64) *handoff.Ticket {
	return &handoff.Ticket{
		ID: handoff.TicketID(id), Number: number, Conversation: string(c.ID), Status: handoff.Open,
		Customer: handoff.Customer{Person: c.Customer, Address: c.Address}, OpenedAt: noon,
		Matter: handoff.Matter{Cause: handoff.Asked, Question: "How long?", Tried: []handoff.Tried{{Entry: "returns", Confidence: 1}}},
	}
}
