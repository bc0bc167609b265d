package store_test

import (
	"testing"
	"time"

	"faqbot/bot/handoff"
	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
)

// TestStore_Earlier: a customer's own tickets that are closed, the one that was closed last first.
func TestStore_Earlier(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s := open(t, settings)
		var customer handoff.Customer
		for i, test := range []struct {
			who    string
			status handoff.Status
			closed time.Duration // ago
		}{
			{"ann", handoff.Closed, 3 * time.Hour}, {"ann", handoff.Closed, time.Hour}, {"eve", handoff.Closed, time.Minute},
			{"ann", handoff.Closed, 2 * time.Hour}, {"ann", handoff.Open, 0},
		} {
			e := says(test.who, i)
			before := situation(t, s, e)
			handed := handOff(e, before.Conversation, before.Fresh.Number)
			handed.Ticket.Status, handed.Ticket.ClosedAt = test.status, time.Now().Add(-test.closed)
			must(t, s.Commit(t.Context(), e, handed))
			if test.who == "ann" {
				customer = handed.Ticket.Customer
			}
		}
		for limit, want := range map[int][]int64{2: {2, 4}, 3: {2, 4, 1}, 9: {2, 4, 1}} {
			found, err := s.Earlier(t.Context(), customer, limit)
			must(t, err)
			var got []int64
			for _, v := range found {
				got = append(got, v.Number)
			}
			wantSame(t, got, want)
		}
	})
}
