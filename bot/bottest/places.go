package bottest

import (
	"testing"

	"faqbot/bot"
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
