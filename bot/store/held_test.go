package store_test

import (
	"fmt"
	"testing"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
	"faqbot/faq/fault"
)

// TestStore_Held: what somebody has is what they have claimed; what was put off, closed or is free is not counted.
func TestStore_Held(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s := open(t, settings)
		for i, test := range []struct {
			status handoff.Status
			holder handoff.StaffID
		}{
			{handoff.Claimed, "test:ben"}, {handoff.Claimed, "test:eve"}, {handoff.Claimed, "test:ben"}, {handoff.Waiting, "test:ben"},
			{handoff.Closed, "test:eve"}, {handoff.Open, ""},
		} {
			e := says(fmt.Sprint("customer", i), i)
			handed := handOff(e, bot.Conversation{}, situation(t, s, e).Fresh.Number)
			handed.Ticket.Status, handed.Ticket.Holder = test.status, test.holder
			must(t, s.Commit(t.Context(), e, handed))
		}
		held, err := s.Held(t.Context())
		must(t, err)
		wantSame(t, held, map[handoff.StaffID]int{"test:ben": 2, "test:eve": 1})
	})
}

// TestStore_AddDesk: a desk is made once, and what is stored of it is not overwritten.
func TestStore_AddDesk(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s := open(t, settings)
		d := handoff.Desk{ID: "hall", Address: channel.Address{Network: "test", Chat: "hall"}, Setting: "test:hall"}
		must(t, s.AddDesk(t.Context(), d))
		made, err := s.Desks(t.Context())
		must(t, err)
		made[0].Rule.Tags = []string{"returns"}
		must(t, s.SaveDesk(t.Context(), made[0]))
		wantKind(t, s.AddDesk(t.Context(), d), fault.Conflict)
		desks, err := s.Desks(t.Context())
		must(t, err)
		wantSame(t, len(desks), 1)
		wantSame(t, desks[0].Rule.Tags, []string{"returns"})
	})
}
