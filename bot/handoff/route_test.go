package handoff_test

import (
	"slices"
	"strings"
	"testing"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/faq"
)

// TestRoute: each case is a ticket, and the desks that are called, wave by wave.
func TestRoute(t *testing.T) {
	t.Parallel()
	desk := func(id handoff.DeskID, rule handoff.Rule) handoff.Desk { return handoff.Desk{ID: id, Rule: rule} }
	gone := desk("gone", handoff.Rule{Tags: []string{"returns"}})
	gone.Gone = true
	desks := []handoff.Desk{
		desk("all", handoff.Rule{}), {ID: "boss", Owner: true}, gone,
		desk("returns", handoff.Rule{Tags: []string{"Returns", "shoes"}}),
		desk("german", handoff.Rule{Languages: []faq.Language{"de"}}),
		desk("returns on discord", handoff.Rule{Networks: []channel.Network{"discord"}, Tags: []string{"returns"}}),
	}
	for name, test := range map[string]struct {
		network  channel.Network
		language faq.Language
		tags     []string
		want     string
	}{
		"nothing is known of the question": {"web", "en", nil, "all | returns, german, returns on discord"},
		"another tag":                      {"web", "en", []string{"delivery"}, "all | returns, german, returns on discord"},
		"its tag, whatever its case":       {"web", "en", []string{"delivery", "returns"}, "returns | all | german, returns on discord"},
		"the other tag":                    {"web", "en", []string{"Shoes"}, "returns | all | german, returns on discord"},
		"tag and network":                  {"discord", "en", []string{"returns"}, "returns, returns on discord | all | german"},
		"tag and language":                 {"web", "de-AT", []string{"returns"}, "returns, german | all | returns on discord"},
		"part of a tag is another one":     {"web", "en", []string{"return"}, "all | returns, german, returns on discord"},
	} {
		ticket := handoff.Ticket{Language: test.language, Customer: handoff.Customer{Address: channel.Address{Network: test.network}}}
		ticket.Tags = test.tags
		var waves []string
		for _, wave := range handoff.Route(ticket, desks) {
			var ids []string
			for _, d := range wave {
				ids = append(ids, string(d.ID))
			}
			waves = append(waves, strings.Join(ids, ", "))
		}
		if got := strings.Join(waves, " | "); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

// TestMatter_Try: each tag is kept once, and so is the area; of an entry that is not served any more nothing but its name.
func TestMatter_Try(t *testing.T) {
	t.Parallel()
	var m handoff.Matter
	m.Try("a", 0.6, &faq.Entry{Question: "A?", Tags: []string{"returns", "shoes"}, Area: "shop"})
	m.Try("b", 0.3, &faq.Entry{Question: "B?", Tags: []string{"shoes", "delivery"}, Area: "shop"})
	m.Try("c", 0.1, nil)
	if want := []string{"returns", "shoes", "shop", "delivery"}; !slices.Equal(m.Tags, want) {
		t.Errorf("tags %q, want %q", m.Tags, want)
	}
	if len(m.Tried) != 3 || m.Tried[1] != (handoff.Tried{Entry: "b", Question: "B?", Confidence: 0.3}) || m.Tried[2].Question != "" {
		t.Errorf("tried %+v", m.Tried)
	}
}
