package bottest

import (
	"encoding/json"
	"fmt"
	"testing"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

var threadTests = []test{
	{"what belongs to a thread goes there once it stands", testThreadStands},
	{"without a thread it replies to the card", testNoThread},
	{"a private thread is opened so, and again", testPrivateThread},
	{"a lost thread holds back what waits for it", testLostThread},
	{"what became of a message is told", testTold},
	{"what was given up is sent once more", testAgain},
	{"staff are found by thread, card and reply", testStaffScene},
	{"what stands in one message with a note is not alone", testShownAlone},
	{"a ticket that moved to a private chat keeps its conversation", testMovedTicket},
	{"a desk and its staff come back as they were", testDesk},
	{"tickets and staff are found by where they are", testPlaces},
	{"a desk whose chat moved is found where it is", testMovedDesk},
}

var hall = channel.Address{Network: network, Chat: "hall"}

const deskID handoff.DeskID = "hall-desk"

// handOver commits a ticket of a customer whose card is on its way to the desk.
func handOver(t *testing.T, s Store, customer string, n int) handoff.Ticket {
	t.Helper()
	event := says(customer, n)
	c := load(t, s, event).Conversation
	if c.ID == "" {
		c = talk(customer)
	}
	ticket := ticketOf(c, "t-"+customer, int64(n))
	ticket.Place = c.Key
	open := bot.Outgoing{
		Message: channel.Message{To: hall, Content: channel.PlainDocument("card of " + customer)},
		Post:    bot.Post{Ticket: ticket.ID, Desk: deskID, Act: handoff.OpensThread, Title: customer},
	}
	commit(t, s, event, bot.Turn{
		Conversation: c, Ticket: ticket, Messages: []bot.Outgoing{open},
		TeamChange: bot.TeamChange{Threads: []handoff.Thread{{Ticket: ticket.ID, Desk: deskID, Address: hall, State: handoff.Wanted}}},
	})
	return *ticket
}

// relay is what a customer wrote, on its way into the ticket's thread.
func relay(customer, text string) bot.Outgoing {
	content := append(channel.PlainDocument(customer+":"), channel.PlainDocument(text)...)
	return bot.Outgoing{
		Message: channel.Message{To: hall, Content: content},
		Post: bot.Post{Ticket: handoff.TicketID("t-" + customer), Desk: deskID,
			Origin: handoff.Spot{Address: private(customer), Message: channel.MessageID("in " + text)}},
	}
}

func testThreadStands(t *testing.T, s Store) {
	handOver(t, s, "ada", 1)
	send(t, s, "ada", 2, relay("ada", "hello"))
	rows := take(t, s, noon, 10)
	wantSame(t, texts(rows), []string{"card of ada"})
	wantSame(t, rows[0].Outgoing.Post, bot.Post{Ticket: "t-ada", Desk: deskID, Act: handoff.OpensThread, Title: "ada"})
	settle(t, s, bot.SendResult{ID: rows[0].ID, Message: "card", Thread: "7", At: noon})
	rows = take(t, s, noon, 10)
	wantSame(t, texts(rows), []string{"ada:\n\nhello"})
	wantSame(t, rows[0].Outgoing.Message.To, channel.Address{Network: network, Chat: "hall", Thread: "7"})
	settle(t, s, bot.SendResult{ID: rows[0].ID, Message: "shown", At: noon})
	card := relay("ada", "card")
	card.Post.Act, card.Post.Origin = handoff.ChangesCard, handoff.Spot{}
	send(t, s, "ada", 3, card)
	rows = take(t, s, noon, 10)
	wantSame(t, rows[0].Outgoing.Message.Replaces, channel.MessageID("card"))
	wantSame(t, rows[0].Outgoing.Message.To.Thread, channel.ThreadID("7"))
}

func testNoThread(t *testing.T, s Store) {
	handOver(t, s, "ada", 1)
	settle(t, s, bot.SendResult{ID: take(t, s, noon, 10)[0].ID, Message: "card", At: noon})
	send(t, s, "ada", 2, relay("ada", "hello"))
	rows := take(t, s, noon, 10)
	wantSame(t, rows[0].Outgoing.Message.To, hall)
	wantSame(t, rows[0].Outgoing.Message.ReplyTo, channel.MessageID("card"))
}

// testPrivateThread lets somebody into a private thread once it stands, and tells where they cannot be let in.
func testPrivateThread(t *testing.T, s Store) {
	ticket := handOver(t, s, "ada", 1)
	wanted := handoff.Thread{Ticket: ticket.ID, Desk: deskID, Address: hall, State: handoff.Wanted, Private: true}
	letIn := relay("ada", "")
	letIn.Post.Act, letIn.Post.Title, letIn.Post.Origin = handoff.LetsIn, "ben", handoff.Spot{}
	e := says("ada", 2)
	commit(t, s, e, bot.Turn{Conversation: load(t, s, e).Conversation, Messages: []bot.Outgoing{letIn}, TeamChange: bot.TeamChange{Threads: []handoff.Thread{wanted}}})
	rows := take(t, s, noon, 10)
	if len(rows) != 1 || rows[0].Outgoing.Post.Act != handoff.OpensThread || !rows[0].Outgoing.Post.Private {
		t.Fatalf("taken %+v", rows)
	}
	wantSame(t, len(take(t, s, noon, 10)), 0)
	settle(t, s, bot.SendResult{ID: rows[0].ID, Message: "card", Thread: "7", At: noon})
	drain(t, s)
	rows = take(t, s, noon, 10)
	if len(rows) != 1 || rows[0].Outgoing.Post.Title != "ben" || rows[0].Outgoing.Message.To.Thread != "7" {
		t.Fatalf("taken %+v", rows)
	}
	settle(t, s, bot.SendResult{ID: rows[0].ID, Message: "done", Lacks: "no right", At: noon})
	wantSame(t, reports(t, s), []handoff.Report{{Ticket: ticket.ID, Desk: deskID, Act: handoff.LetsIn, Fate: handoff.Failed, Reason: "no right"}})
	drain(t, s)
	wanted.Address.Thread, wanted.Card, wanted.State = "7", "card", handoff.Standing
	wantSame(t, load(t, s, says("ada", 3)).Work.Threads, []handoff.Thread{wanted})
}

func testLostThread(t *testing.T, s Store) {
	handOver(t, s, "ada", 1)
	settle(t, s, bot.SendResult{ID: take(t, s, noon, 10)[0].ID, Message: "card", Thread: "7", At: noon})
	send(t, s, "ada", 2, relay("ada", "a1"))
	rows := take(t, s, noon, 10)
	send(t, s, "ada", 12, message("hall", "to all"))
	drain(t, s)
	settle(t, s, bot.SendResult{ID: rows[0].ID, Lost: true, Reason: "deleted", At: noon})
	wantSame(t, sendAll(t, s, noon, 10), []string{"to all"})
	told := reports(t, s)
	if len(told) != 1 || told[0].Fate != handoff.Unthreaded || told[0].Desk != deskID || told[0].Reason != "deleted" {
		t.Fatalf("told %+v", told)
	}
	send(t, s, "ada", 3, relay("ada", "a2")) // written while there is no thread
	wantSame(t, len(sendAll(t, s, noon, 10)), 0)
	again := relay("ada", "card again")
	again.Post.Act, again.Post.Origin = handoff.OpensThread, handoff.Spot{}
	send(t, s, "ada", 4, again)
	rows = take(t, s, noon, 10)
	settle(t, s, bot.SendResult{ID: rows[0].ID, Message: "card2", Thread: "8", At: noon})
	rows = take(t, s, noon, 10)
	wantSame(t, texts(rows), []string{"ada:\n\na1"})
	wantSame(t, rows[0].Outgoing.Message.To.Thread, channel.ThreadID("8"))
	settle(t, s, bot.SendResult{ID: rows[0].ID, Message: "m", At: noon})
	rows = take(t, s, noon, 10)
	wantSame(t, texts(rows), []string{"ada:\n\na2"})
	wantSame(t, rows[0].Outgoing.Message.To.Thread, channel.ThreadID("8"))
}

// reports are what was told of messages about tickets, oldest first.
func reports(t *testing.T, s Store) []handoff.Report {
	t.Helper()
	events, err := s.Deferred(t.Context(), network, noon, 100)
	if err != nil {
		t.Fatal(err)
	}
	var out []handoff.Report
	for _, e := range events {
		var r handoff.Report
		if e.Kind != channel.Settled {
			continue
		}
		if err := json.Unmarshal([]byte(e.Body), &r); err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

// drain acts on all that was told.
func drain(t *testing.T, s Store) {
	t.Helper()
	for range 100 {
		events, err := s.Deferred(t.Context(), network, noon, 100)
		if err != nil || len(events) == 0 {
			return
		}
		for _, e := range events {
			commit(t, s, e, bot.Turn{})
		}
	}
}

func testTold(t *testing.T, s Store) {
	handOver(t, s, "ada", 1)
	rows := take(t, s, noon, 10)
	settle(t, s, bot.SendResult{ID: rows[0].ID, Message: "card", Lacks: "topics are off", At: noon})
	told := reports(t, s)
	wantSame(t, told, []handoff.Report{{Ticket: "t-ada", Desk: deskID, Act: handoff.OpensThread, Fate: handoff.Delivered, Reason: "topics are off"}})
	drain(t, s)
	wantSame(t, len(reports(t, s)), 0)
	r := relay("ada", "a1")
	send(t, s, "ada", 2, r)
	rows = take(t, s, noon, 10)
	settle(t, s, bot.SendResult{ID: rows[0].ID, Reason: "too large", At: noon})
	told = reports(t, s)
	wantSame(t, told, []handoff.Report{{Ticket: "t-ada", Desk: deskID, Fate: handoff.Failed, Origin: r.Post.Origin, Reason: "too large", Row: rows[0].ID}})
	event, err := s.Deferred(t.Context(), network, noon, 1)
	if err != nil {
		t.Fatal(err)
	}
	if got := load(t, s, event[0]); got.Ticket == nil || got.Ticket.ID != "t-ada" || got.Conversation.ID != "c-ada" || len(got.Work.Threads) != 1 {
		t.Errorf("what was told of is loaded as %+v", got)
	}
}

func testAgain(t *testing.T, s Store) {
	handOver(t, s, "ada", 1)
	settle(t, s, bot.SendResult{ID: take(t, s, noon, 10)[0].ID, Message: "card", At: noon})
	send(t, s, "ada", 2, relay("ada", "a1"))
	row := take(t, s, noon, 10)[0]
	settle(t, s, bot.SendResult{ID: row.ID, Reason: "refused", At: noon})
	wantSame(t, len(take(t, s, noon, 10)), 0)
	e := says("ada", 3)
	commit(t, s, e, bot.Turn{Conversation: load(t, s, e).Conversation, TeamChange: bot.TeamChange{Again: []int64{row.ID, 4711}}})
	again := take(t, s, noon, 10)
	if len(again) != 1 || again[0].ID != row.ID || again[0].Attempts != 0 {
		t.Fatalf("tried again: %+v", again)
	}
	settle(t, s, bot.SendResult{ID: row.ID, Message: "m", At: noon})
	commit(t, s, says("ada", 4), bot.Turn{Conversation: load(t, s, says("ada", 4)).Conversation, TeamChange: bot.TeamChange{Again: []int64{row.ID}}}) // pressed twice
	wantSame(t, len(take(t, s, noon, 10)), 0)
}

func saveDesk(t *testing.T, s Store) handoff.Desk {
	t.Helper()
	d := handoff.Desk{ID: deskID, Address: hall, BoundAt: noon}
	e := says("boss", 77)
	e.Address = hall
	commit(t, s, e, bot.Turn{TeamChange: bot.TeamChange{Desks: []handoff.Desk{d}}})
	d.Version = 1
	return d
}

func testStaffScene(t *testing.T, s Store) {
	saveDesk(t, s)
	handOver(t, s, "ada", 1)
	settle(t, s, bot.SendResult{ID: take(t, s, noon, 10)[0].ID, Message: "card", Thread: "7", At: noon})
	send(t, s, "ada", 2, relay("ada", "a1"))
	settle(t, s, bot.SendResult{ID: take(t, s, noon, 10)[0].ID, Message: "shown", At: noon})
	send(t, s, "ada", 3, note("ada", "a note"))
	settle(t, s, bot.SendResult{ID: take(t, s, noon, 10)[0].ID, Message: "noted", At: noon})
	for name, change := range map[string]func(*channel.Event){
		"thread": func(e *channel.Event) { e.Address.Thread = "7" },
		"card":   func(e *channel.Event) { e.ReplyTo = "card" },
		"reply":  func(e *channel.Event) { e.ReplyTo = "shown" },
		"note":   func(e *channel.Event) { e.ReplyTo = "noted" },
		"none":   func(*channel.Event) {},
	} {
		e := says("ben", 1)
		e.Address = hall
		change(&e)
		got := load(t, s, e)
		if got.Desk == nil || got.Desk.ID != deskID || got.Work.Staff.ID != "testnet:ben" {
			t.Fatalf("%s: at the desk there is %+v", name, got)
		}
		if name == "none" {
			if got.Ticket != nil || got.Conversation.ID != "" {
				t.Errorf("talk at the desk is about %+v", got.Ticket)
			}
			continue
		}
		if got.Ticket == nil || got.Ticket.ID != "t-ada" || got.Conversation.ID != "c-ada" || len(got.Work.Threads) != 1 {
			t.Errorf("%s: it is about %+v", name, got.Ticket)
		}
		if name == "reply" && (len(got.Work.Replied) != 1 || got.Work.Replied[0].Origin.Message != "in a1") {
			t.Errorf("it replies to %+v", got.Work.Replied)
		}
	}
}

// testShownAlone has a customer change what was brought to staff: it is known whether a note stands in the same message.
func testShownAlone(t *testing.T, s Store) {
	handOver(t, s, "ada", 1)
	settle(t, s, bot.SendResult{ID: take(t, s, noon, 10)[0].ID, Message: "card", At: noon})
	for i, messages := range [][]bot.Outgoing{{relay("ada", "a1")}, {relay("ada", "a2"), note("ada", "a note")}} {
		send(t, s, "ada", 2+i, messages...)
		rows := take(t, s, noon, 10)
		settle(t, s, bot.SendResult{ID: rows[0].ID, Message: channel.MessageID(fmt.Sprint("shown", i)), At: noon})
		e := says("ada", 9)
		e.Kind, e.Message = channel.Edited, messages[0].Post.Origin.Message
		if shown := load(t, s, e).Work.Shown; len(shown) != 1 || shown[0].Alone != (len(messages) == 1) {
			t.Errorf("%d texts are shown as %+v", len(messages), shown)
		}
	}
}

func testMovedTicket(t *testing.T, s Store) {
	saveDesk(t, s)
	ticket := handOver(t, s, "ada", 1)
	e := says("ada", 2)
	now := load(t, s, e)
	ticket = *now.Ticket
	ticket.Place = "where ada has not written yet"
	commit(t, s, e, bot.Turn{Conversation: now.Conversation, Ticket: &ticket})
	settle(t, s, bot.SendResult{ID: take(t, s, noon, 10)[0].ID, Message: "card", Thread: "7", At: noon})
	staff := says("ben", 1)
	staff.Address = hall
	staff.Address.Thread = "7"
	if got := load(t, s, staff); got.Ticket == nil || got.Conversation.ID != "c-ada" {
		t.Errorf("staff work on %+v in conversation %q", got.Ticket, got.Conversation.ID)
	}
}

func testDesk(t *testing.T, s Store) {
	d := saveDesk(t, s)
	e := says("ben", 1)
	e.Address = hall
	got := load(t, s, e)
	wantSame(t, *got.Desk, d)
	staff := handoff.Staff{ID: got.Work.Staff.ID, Person: e.From, Name: "Ben", Away: true, Senior: true, SeenAt: noon}
	commit(t, s, e, bot.Turn{TeamChange: bot.TeamChange{Staff: &staff}})
	e.ID += "-next"
	staff.Version = 1
	wantSame(t, load(t, s, e).Work.Staff, staff)
	staff.Version = 0
	wantConflict(t, s.Commit(t.Context(), e, bot.Turn{TeamChange: bot.TeamChange{Staff: &staff}}))
}
