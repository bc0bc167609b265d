package insight_test

import (
	"slices"
	"testing"

	"faqbot/faq"
	"faqbot/knowledge/insight"
)

func TestGrouper_Place(t *testing.T) {
	d := newDesk(shop())
	a, b := d.asked(shipping...), d.asked(warranty...)
	if !d.together(a...) || !d.together(b...) || d.of(a[0]) == d.of(b[0]) {
		t.Errorf("shipping in %v and warranties in %v, want one group each", groupsOf(d, a), groupsOf(d, b))
	}
	if alone := d.ask("somebody", "my cat ate the instructions"); alone == d.of(a[0]) || alone == d.of(b[0]) {
		t.Error("a message that is like no other is in a group with others")
	}
	again, changes := d.Place(a[0])
	if want := d.places[a[0].ID]; again != want || len(changes.Moved)+len(changes.Merged) > 0 {
		t.Errorf("a miss that was placed before is in %v after %v, want %v and no change", again, changes, want)
	}
}

func groupsOf(d *desk, list []insight.Miss) (out []insight.GroupID) {
	for _, m := range list {
		out = append(out, d.of(m))
	}
	return out
}

func TestGrouper_Place_otherNetworks(t *testing.T) {
	d := newDesk(shop())
	for i, network := range []string{"telegram", "discord", "webchat"} {
		d.put(insight.Miss{ID: network, Person: network, Network: network, Utterance: shipping[i], Language: "en"})
	}
	if !d.together(d.misses...) {
		t.Error("the same question from three networks is not one group")
	}
}

func TestGrouper_Place_languages(t *testing.T) {
	miss := func(id, text string, language faq.Language, entry faq.EntryID, confidence float64) insight.Miss {
		return insight.Miss{ID: id, Person: id, Utterance: text, Language: language, Candidates: []insight.Candidate{{Entry: entry, Confidence: confidence}}}
	}
	for name, c := range map[string]struct {
		entry      faq.EntryID
		confidence float64
		want       bool
	}{
		"the same good candidate":  {"returns", 0.7, true},
		"another candidate":        {"payment", 0.7, false},
		"the same, but a poor one": {"returns", 0.2, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(shop())
			d.put(miss("en", "exchange for another size", "en", "returns", 0.7))
			d.put(miss("es", "cambiar la talla de los zapatos", "es", c.entry, c.confidence))
			if got := d.together(d.misses...); got != c.want {
				t.Errorf("together: %t, want %t", got, c.want)
			}
		})
	}
}

func TestGrouper_Place_repeats(t *testing.T) {
	d := newDesk(shop())
	a := d.asked(shipping...)
	before, _ := d.Group(d.of(a[0]))
	for range 50 {
		d.ask("flooder", shipping[0]+" BUY CHEAP WATCHES at example dot com")
		d.ask("flooder", "BUY CHEAP WATCHES at example dot com")
	}
	for _, id := range d.Groups() {
		group, _ := d.Group(id)
		if group.People > before.People+1 {
			t.Errorf("group %q counts %d people", group.Title, group.People)
		}
	}
	spam := d.ask("flooder", "BUY CHEAP WATCHES at example dot com")
	if group, _ := d.Group(spam); spam != d.of(a[0]) && group.People != 1 {
		t.Errorf("one person's spam counts as %d people", group.People)
	}
	b := d.asked("can I have shipping to Norway")
	if d.of(b[0]) != d.of(a[0]) {
		t.Error("one person's repeats have pulled the group away from what the others ask")
	}
}

func TestGrouper_Group_title(t *testing.T) {
	d := newDesk(shop())
	a := d.asked("Norway shipping?", "do you ship to Norway, my number is [number]", "do you ship to Norway?",
		"hello I would like to know because my sister lives there now whether it is at all possible that you ship a parcel to Norway some day soon",
		"is it possible to ship to Norway", "can you ship to Norway")
	if !d.together(a...) {
		t.Fatalf("the questions are in %v", groupsOf(d, a))
	}
	group, _ := d.Group(d.of(a[0]))
	if clear := []string{a[2].Utterance, a[4].Utterance, a[5].Utterance}; !slices.Contains(clear, group.Title) {
		t.Errorf("title %q, want one of %q", group.Title, clear)
	}
	d.edit(t, insight.Edit{Kind: insight.RenameGroup, Group: group.ID, Title: "Norway"})
	d.asked("ship to Norway?")
	if group, _ := d.Group(group.ID); group.Title != "Norway" {
		t.Errorf("title %q after it was renamed", group.Title)
	}
}
