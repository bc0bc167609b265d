package insight_test

import (
	"fmt"
	"slices"
	"testing"

	"faqbot/faq"
	"faqbot/knowledge/insight"
)

// shop is a small FAQ that knows nothing of what is asked in these tests.
func shop() []*faq.Entry {
	entries := []*faq.Entry{
		{ID: "hours", Question: "When are you open?", Phrasings: phrasings("What are your opening hours?", "Are you open on Sundays?", "When do you close?")},
		{ID: "returns", Question: "How do I send something back?", Phrasings: phrasings("Can I return an item?", "I want to return my order", "How long can I return things?")},
		{ID: "payment", Question: "How can I pay?", Phrasings: phrasings("Do you take credit cards?", "Can I pay by invoice?", "Which payment methods are there?")},
	}
	for _, e := range entries {
		e.Language = "en"
	}
	return entries
}

func phrasings(texts ...string) []faq.Phrasing {
	var out []faq.Phrasing
	for _, text := range texts {
		out = append(out, faq.Phrasing{Text: text})
	}
	return out
}

// desk places misses and keeps, as a store would, where each is.
type desk struct {
	*insight.Grouper
	places map[string]insight.Place
	misses []insight.Miss
	merged []insight.Merger
	edits  []insight.Edit
}

func newDesk(entries []*faq.Entry) *desk {
	return &desk{Grouper: insight.NewGrouper(insight.Learn(entries, "en")), places: map[string]insight.Place{}}
}

func (d *desk) note(c insight.Changes) {
	d.merged = append(d.merged, c.Merged...)
	for _, m := range c.Merged {
		for id, place := range d.places {
			if place.Group == m.From {
				d.places[id] = insight.Place{Group: m.Into, Part: place.Part}
			}
		}
	}
	for _, m := range c.Moved {
		d.places[m.Miss] = m.To
	}
}

func (d *desk) put(m insight.Miss) insight.GroupID {
	place, changes := d.Place(m)
	d.misses = append(d.misses, m)
	d.note(changes)
	d.places[m.ID] = place
	d.note(d.Regroup())
	return d.places[m.ID].Group
}

// ask places a question of a person.
func (d *desk) ask(person, text string) insight.GroupID {
	return d.put(insight.Miss{ID: fmt.Sprintf("miss %d", len(d.misses)), Person: person, Utterance: text, Language: "en"})
}

// asked places questions of different people and returns their misses.
func (d *desk) asked(texts ...string) []insight.Miss {
	from := len(d.misses)
	for _, text := range texts {
		d.ask(fmt.Sprintf("person %d", len(d.misses)), text)
	}
	return d.misses[from:]
}

func (d *desk) edit(t *testing.T, e insight.Edit) insight.Edit {
	t.Helper()
	made, changes, err := d.Apply(e)
	if err != nil {
		t.Fatal(err)
	}
	d.note(changes)
	d.edits = append(d.edits, made)
	return made
}

func (d *desk) of(m insight.Miss) insight.GroupID { return d.places[m.ID].Group }

// together reports whether misses are all in one group.
func (d *desk) together(list ...insight.Miss) bool {
	return !slices.ContainsFunc(list, func(m insight.Miss) bool { return d.of(m) != d.of(list[0]) })
}

var (
	shipping = []string{"do you ship to Norway?", "can you ship my parcel to Norway", "is shipping to Norway possible", "shipping to Norway please", "do you ship parcels abroad to Norway"}
	warranty = []string{"how long is the warranty on the lamp?", "does the lamp have a warranty", "warranty period of the lamp", "what warranty does my lamp have", "is there a warranty for lamps"}
)
