package bottest

import (
	"encoding/json"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

func testPlaces(t *testing.T, s Store) {
	saveDesk(t, s)
	ticket := handOver(t, s, "ada", 1)
	inside := hall
	inside.Thread = "7"
	if got, err := s.TicketIn(t.Context(), inside); got != nil || err != nil {
		t.Errorf("before the thread stands it is that of %+v, %v", got, err)
	}
	settle(t, s, bot.SendResult{ID: take(t, s, noon, 10)[0].ID, Message: "card", Thread: "7", At: noon})
	if got, err := s.TicketIn(t.Context(), inside); err != nil || got == nil || got.ID != ticket.ID {
		t.Errorf("the thread is that of %+v, %v", got, err)
	}
	if got, err := s.TicketIn(t.Context(), hall); got != nil || err != nil {
		t.Errorf("the desk itself is a thread of %+v, %v", got, err)
	}
	got, threads, err := s.TicketOf(t.Context(), network, "ada")
	if err != nil || got == nil || got.ID != ticket.ID || len(threads) != 1 || threads[0].Address != inside {
		t.Errorf("ada's is %+v with %+v, %v", got, threads, err)
	}
	if got, _, err := s.TicketOf(t.Context(), network, "ben"); got != nil || err != nil {
		t.Errorf("ben's is %+v, %v", got, err)
	}
	e := says("ben", 1)
	e.Address = hall
	staff := handoff.Staff{ID: load(t, s, e).Work.Staff.ID, Person: e.From, SeenAt: noon, Desk: deskID}
	if got, err := s.Member(t.Context(), staff.ID); got != nil || err != nil {
		t.Errorf("who has not acted yet is %+v, %v", got, err)
	}
	commit(t, s, e, bot.Turn{TeamChange: bot.TeamChange{Staff: &staff}})
	staff.Version = 1
	member, err := s.Member(t.Context(), staff.ID)
	if err != nil || member == nil {
		t.Fatalf("member %+v, %v", member, err)
	}
	wantSame(t, *member, staff)
}

// testMovedDesk moves a desk because the network tells of it, twice: nothing of ours was sent there.
func testMovedDesk(t *testing.T, s Store) {
	saveDesk(t, s)
	ticket := handOver(t, s, "ada", 1)
	settle(t, s, bot.SendResult{ID: take(t, s, noon, 10)[0].ID, Message: "card", At: noon})
	commit(t, s, says("ada", 2), bot.Turn{Conversation: load(t, s, says("ada", 2)).Conversation, Messages: []bot.Outgoing{relay("ada", "one")}})
	moved := channel.Event{ID: "moved", Kind: channel.Moved, At: noon, From: channel.Person{ID: "ben"}, Address: hall, Body: "new hall"}
	turn := bot.Turn{TeamChange: bot.TeamChange{MovedTo: "new hall"}}
	commit(t, s, moved, turn)
	if err := s.Commit(t.Context(), moved, turn); err != bot.ErrSeen {
		t.Errorf("told again: %v", err)
	}
	there := hall
	there.Chat = "new hall"
	e := says("ben", 1)
	e.Address = there
	if got := load(t, s, e).Desk; got == nil || got.ID != deskID || got.Address != there {
		t.Errorf("the desk is %+v", got)
	}
	e.Address = hall
	if got := load(t, s, e).Desk; got != nil {
		t.Errorf("the old place is the desk %+v", got)
	}
	_, threads, err := s.TicketOf(t.Context(), network, "ada")
	if err != nil || len(threads) != 1 || threads[0].State != handoff.Parted || threads[0].Address != there || threads[0].Card != "" {
		t.Errorf("threads %+v, %v", threads, err)
	}
	if rows := take(t, s, noon, 10); len(rows) > 0 {
		t.Errorf("%+v does not wait for the new card", rows)
	}
	told := 0
	for range 2 { // of one conversation one after the other
		events, err := s.Deferred(t.Context(), network, time.Now().Add(time.Hour), 10)
		if err != nil || len(events) != 1 {
			t.Fatalf("deferred %+v, %v", events, err)
		}
		var r handoff.Report
		if json.Unmarshal([]byte(events[0].Body), &r) == nil && r.Ticket == ticket.ID && r.Fate == handoff.Unthreaded {
			told++
		}
		commit(t, s, events[0], bot.Turn{})
	}
	if told != 1 {
		t.Errorf("told %d times that the card is to be shown anew", told)
	}
}
