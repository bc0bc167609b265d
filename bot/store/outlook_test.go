package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/handoff"
	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
)

// TestStore_OutlookAhead: the place that customers are told is the one in the queue that staff see, of those whom nobody has.
func TestStore_OutlookAhead(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s := open(t, settings)
		var open handoff.Queue
		for i, test := range []struct {
			minute   int
			pressing bool
			status   handoff.Status
		}{
			{0, false, handoff.Open}, {10, true, handoff.Open}, {20, false, handoff.Claimed}, {25, false, handoff.Open}, {31, true, handoff.Open},
			{31, true, handoff.Waiting}, {40, true, handoff.Closed}, {5, false, handoff.Open}, {31, true, handoff.Open}, {90, true, handoff.Open},
		} {
			e := says(fmt.Sprint("customer", i), i)
			handed := handOff(e, bot.Conversation{}, situation(t, s, e).Fresh.Number)
			v := handed.Ticket
			v.OpenedAt, v.Pressing, v.Status = noon.Add(time.Duration(test.minute)*time.Minute), test.pressing, test.status
			must(t, s.Commit(t.Context(), e, handed))
			if test.status == handoff.Open {
				open = append(open, *v)
			}
		}
		// One that is opened again comes to another place.
		e := says("customer0", 99)
		before := situation(t, s, e)
		again := bot.Turn{Conversation: before.Conversation, Ticket: before.Ticket}
		again.Ticket.OpenedAt = noon.Add(50 * time.Minute)
		must(t, s.Commit(t.Context(), e, again))
		open[0] = *again.Ticket
		for _, ticket := range append(slices.Clone(open), handoff.Ticket{ID: "new", Number: 99, OpenedAt: noon.Add(70 * time.Minute)}) {
			all := append(slices.DeleteFunc(slices.Clone(open), func(o handoff.Ticket) bool { return o.ID == ticket.ID }), ticket).Sorted()
			want := slices.IndexFunc(all, func(o handoff.Ticket) bool { return o.ID == ticket.ID })
			out, _, err := s.Outlook(t.Context(), ticket, noon)
			must(t, err)
			if out.Ahead != want {
				t.Errorf("%d tickets are before %s, want %d", out.Ahead, ticket.ID, want)
			}
		}
	})
}
