package insight_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"faqbot/knowledge/insight"

	"github.com/google/go-cmp/cmp"
)

// state is all groups with their figures.
func state(d *desk) map[insight.GroupID]insight.Group {
	out := map[insight.GroupID]insight.Group{}
	for _, id := range d.Groups() {
		out[id], _ = d.Group(id)
	}
	return out
}

// busy is a desk with much asked and all kinds of edits made; on is called now and then with what it has so far.
func busy(t *testing.T, on func(d *desk)) *desk {
	d := newDesk(shop())
	a, b := d.asked(shipping...), d.asked(warranty...)
	on(d)
	d.edit(t, insight.Edit{Kind: insight.MoveMisses, Group: d.of(a[1]), Into: d.of(b[0]), Misses: a[1:2]})
	d.edit(t, insight.Edit{Kind: insight.RenameGroup, Group: d.of(b[0]), Title: "lamps"})
	subjects := []string{"lamp", "chair", "order", "invoice", "table", "voucher"}
	acts := []string{"cancel my", "where is my", "can I change the", "is there a discount on the", "how heavy is the", "I lost the"}
	for i := range 240 {
		d.asked(acts[i%len(acts)] + " " + subjects[i*7/5%len(subjects)] + " " + []string{"please", "today", "now", ""}[i%4])
		if i%60 == 59 {
			on(d)
			from, into := d.of(d.misses[len(d.misses)-1]), d.of(d.misses[len(d.misses)-2])
			if from != into && i > 180 {
				d.edit(t, insight.Edit{Kind: insight.MergeGroups, Group: from, Into: into})
			}
		}
	}
	return d
}

func TestGrouper_same(t *testing.T) {
	want := busy(t, func(*desk) {})
	if len(want.Groups()) < 5 {
		t.Fatalf("only %d groups", len(want.Groups()))
	}
	for name, on := range map[string]func(d *desk){
		"again": func(*desk) {},
		"restarted from a snapshot": func(d *desk) {
			var kept bytes.Buffer
			if err := d.Write(&kept); err != nil {
				t.Fatal(err)
			}
			read, err := insight.ReadGrouper(&kept, insight.Learn(shop(), "en"))
			if err != nil {
				t.Fatal(err)
			}
			d.Grouper = read
		},
		"taught the same again": func(d *desk) { d.Teach(insight.Learn(shop(), "en")) },
	} {
		t.Run(name, func(t *testing.T) {
			got := busy(t, on)
			if diff := cmp.Diff(want.places, got.places); diff != "" {
				t.Errorf("misses are elsewhere:\n%s", diff)
			}
			if diff := cmp.Diff(state(want), state(got)); diff != "" {
				t.Errorf("groups differ:\n%s", diff)
			}
		})
	}
}

func TestGrouper_Restore(t *testing.T) {
	want := busy(t, func(*desk) {})
	got := newDesk(shop())
	got.Restore(insight.Recorded{Mergers: want.merged, Edits: want.edits, Misses: func(yield func(insight.Miss, insight.Place) bool) {
		for _, m := range want.misses {
			if !yield(m, want.places[m.ID]) {
				return
			}
		}
	}})
	if diff := cmp.Diff(want.Groups(), got.Groups()); diff != "" {
		t.Errorf("groups differ:\n%s", diff)
	}
	for id, group := range state(want) {
		other, _ := got.Group(id)
		if other.Misses != group.Misses || other.People != group.People || !slices.Equal(other.Apart, group.Apart) {
			t.Errorf("group %d is %+v, want %+v", id, other, group)
		}
	}
	for _, m := range want.merged {
		if got.Current(m.From) != want.Current(m.From) {
			t.Errorf("group %d leads to %d, want %d", m.From, got.Current(m.From), want.Current(m.From))
		}
	}
	zebras := insight.Miss{ID: "new", Person: "new", Utterance: "zebras eat grass", Language: "en"}
	if fresh, next := got.put(zebras), want.put(zebras); fresh != next {
		t.Errorf("the next group is %d, want %d", fresh, next)
	}
}

func TestReadGrouper(t *testing.T) {
	if _, err := insight.ReadGrouper(strings.NewReader("not groups"), nil); err == nil {
		t.Error("rubbish is read as groups")
	}
	if _, err := insight.ReadGrouper(strings.NewReader(""), nil); err == nil || errors.Is(err, insight.ErrVersion) {
		t.Errorf("an empty snapshot: %v", err)
	}
}
