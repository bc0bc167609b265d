package bot_test

import (
	"testing"
	"time"

	"faqbot/bot/channel"

	"github.com/google/go-cmp/cmp"
)

// TestPromise_CallsASenior: who wants to be called where a ticket is in trouble is called by their ID, through the outbox, and nobody else is.
func TestPromise_CallsASenior(t *testing.T) {
	t.Parallel()
	simulate(t, at(2026, 11, 24, 9, 30), nil, func(s *simulated) {
		e := s.staff.EventAt(hall, "eve", channel.Command, "")
		e.Command = "me"
		s.staff.Push(e)
		s.customers.Say("ann", "a person please")
		s.until(6 * time.Hour)
		for where, shown := range map[string][]channel.Message{"the desk": s.staff.ShownAt(hall), "the customer": s.customers.Shown("ann")} {
			called := map[channel.PersonID]bool{}
			for _, m := range shown {
				for _, b := range m.Content {
					for _, span := range b.Spans {
						if span.Kind == channel.Mention && span.Network == m.To.Network {
							called[span.Person] = true
						}
					}
				}
			}
			want := map[channel.PersonID]bool{}
			if where == "the desk" {
				want["eve"] = true
			}
			if diff := cmp.Diff(want, called); diff != "" {
				t.Errorf("at %s (-want +got):\n%s", where, diff)
			}
		}
	})
}
