package store_test

import (
	"testing"

	"faqbot/bot"
	"faqbot/bot/handoff"
	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
)

func TestStore_Saved(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s := open(t, settings)
		said := 0
		keep := func(v handoff.Saved) {
			said++
			must(t, s.Commit(t.Context(), says("staff", said), bot.Turn{TeamChange: bot.TeamChange{Saved: &v}}))
		}
		bye := handoff.Saved{Name: "Bye", Text: "Goodbye 👋\n\nCome again.", By: "Ben", At: noon}
		hello := handoff.Saved{Name: "hello", Text: "Hello.", By: "Eve", At: noon}
		keep(hello)
		keep(handoff.Saved{Name: "BYE", Text: "So long."})
		keep(bye)
		all, err := s.Saved(t.Context())
		must(t, err)
		wantSame(t, all, []handoff.Saved{bye, hello})
		keep(handoff.Saved{Name: "bye"})
		all, err = s.Saved(t.Context())
		must(t, err)
		wantSame(t, all, []handoff.Saved{hello})
	})
}
