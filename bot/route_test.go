package bot_test

import (
	"slices"
	"testing"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

// TestDesk_RoutedByTag: a question near an entry goes to the desk for the entry's tags, also where the person is asked for in the same message; the team
// of another matter is not called.
func TestDesk_RoutedByTag(t *testing.T) {
	t.Parallel()
	for name, said := range map[string][]string{
		"asked before":      {"how long does delivery take", "a person please"},
		"asked in one line": {"how long does delivery take? i want to talk to a person please"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tagged := entries()
			for i, e := range tagged {
				if e.ID == "delivery" {
					tagged[i].Tags, tagged[i].Area = []string{"Parcels"}, "logistics"
				}
			}
			b := openWith(t, tagged, nil)
			yard := channel.Address{Network: "office", Chat: "yard"}
			for id, d := range map[handoff.DeskID]handoff.Desk{
				"money": {Address: hall, Rule: handoff.Rule{Tags: []string{"money"}}}, "parcels": {Address: yard, Rule: handoff.Rule{Tags: []string{"parcels"}}},
			} {
				d.ID = id
				if err := b.store.SaveDesk(t.Context(), d); err != nil {
					t.Fatal(err)
				}
			}
			for _, text := range said {
				b.network.Say("ann", text)
			}
			b.shownAt(yard, "ann", "How long does delivery take?")
			if got := b.ticket(); !slices.Contains(got.Tags, "Parcels") || !slices.Contains(got.Tags, "logistics") || len(got.Tried) == 0 {
				t.Errorf("the ticket is about %+v", got.Matter)
			}
			for _, m := range b.office.ShownAt(hall) {
				if contains(m, "ann") {
					t.Errorf("the other team was called: %s", m.Content.PlainText())
				}
			}
			if got := b.ticket(); got.Called != 1 || got.Status != handoff.Open {
				t.Errorf("the ticket is %+v", got)
			}
		})
	}
}
