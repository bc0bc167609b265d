package insight_test

import (
	"bytes"
	"fmt"
	"testing"

	"faqbot/knowledge/insight"

	"github.com/google/go-cmp/cmp"
)

// crowded are the questions of a few missing entries of a public set, each asked by more people than are looked at one by one.
func crowded(t *testing.T, labels int) (list []labelled, lesson *insight.Lesson) {
	t.Helper()
	missing, published := third(readSet(t, "banking77"), 3)
	wanted := map[string]bool{}
	for _, m := range missing {
		if len(wanted) < labels {
			wanted[m.label] = true
		}
		if wanted[m.label] {
			list = append(list, m)
		}
	}
	return list, insight.Learn(published, "en")
}

// TestGrouper_crowd goes on from a snapshot, again and again, while crowds are regrouped.
func TestGrouper_crowd(t *testing.T) {
	list, lesson := crowded(t, 4)
	place := func(restarted bool) map[string]insight.Place {
		g, places := insight.NewGrouper(lesson), map[string]insight.Place{}
		for i, m := range list {
			id := fmt.Sprint(i)
			placed, changes := g.Place(insight.Miss{ID: id, Person: "person " + id, Utterance: m.text, Language: "en"})
			for _, c := range changes.Moved {
				places[c.Miss] = c.To
			}
			places[id] = placed
			for _, c := range g.Regroup().Moved {
				places[c.Miss] = c.To
			}
			if !restarted || i%50 != 49 {
				continue
			}
			var kept bytes.Buffer
			if err := g.Write(&kept); err != nil {
				t.Fatal(err)
			}
			read, err := insight.ReadGrouper(&kept, lesson)
			if err != nil {
				t.Fatal(err)
			}
			g = read
		}
		for id, p := range places {
			places[id] = insight.Place{Group: g.Current(p.Group)}
		}
		return places
	}
	if diff := cmp.Diff(place(false), place(true)); diff != "" {
		t.Errorf("misses are elsewhere after restarts:\n%s", diff)
	}
}

// TestGrouper_Apply_crowd joins what two crowds ask by hand, and what many ask from then on changes nothing of it.
func TestGrouper_Apply_crowd(t *testing.T) {
	list, lesson := crowded(t, 2)
	d := &desk{Grouper: insight.NewGrouper(lesson), places: map[string]insight.Place{}}
	half := len(list) / 2
	last := map[string]insight.Miss{}
	for _, m := range list[:half] {
		last[m.label] = d.asked(m.text)[0]
	}
	var ends []insight.Miss
	for _, m := range last {
		ends = append(ends, m)
	}
	if d.together(ends...) {
		t.Fatal("two entries are one group")
	}
	d.edit(t, insight.Edit{Kind: insight.MergeGroups, Group: d.of(ends[0]), Into: d.of(ends[1])})
	before, _ := d.Group(d.of(ends[0]))
	members := 0
	for _, m := range d.misses {
		if d.of(m) == before.ID {
			members++
		}
	}
	for _, m := range list[half:] {
		d.asked(m.text)
	}
	stayed := 0
	for _, m := range d.misses[:half] {
		if d.of(m) == before.ID {
			stayed++
		}
	}
	if !d.together(ends...) || stayed < members {
		t.Errorf("of %d misses that a hand joined %d are still in one group", members, stayed)
	}
}
