package insight_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"faqbot/faq/fault"
	"faqbot/knowledge/insight"

	"github.com/google/go-cmp/cmp"
)

func TestGrouper_Apply_merge(t *testing.T) {
	d := newDesk(shop())
	a, b := d.asked(shipping...), d.asked(warranty...)
	from, into := d.of(b[0]), d.of(a[0])
	d.edit(t, insight.Edit{Kind: insight.MergeGroups, Group: from, Into: into})
	more := d.asked("warranty for a lamp?", "shipping a parcel to Norway", "do you ship the lamp with its warranty to Norway")
	if all := slices.Concat(a, b, more); !d.together(all...) || d.of(a[0]) != into {
		t.Errorf("merged by hand, the questions are in %v", groupsOf(d, all))
	}
	if group, ok := d.Group(from); !ok || group.ID != into || group.People != 13 {
		t.Errorf("the old ID finds %+v, %t", group, ok)
	}
}

func TestGrouper_Apply_split(t *testing.T) {
	d := newDesk(shop())
	a := d.asked("cancel my order", "please cancel my order", "can I cancel the order", "change my order", "I want to change my order please", "change the order")
	for _, m := range a[1:] {
		if !d.together(a[0], m) {
			d.edit(t, insight.Edit{Kind: insight.MergeGroups, Group: d.of(m), Into: d.of(a[0])})
		}
	}
	made := d.edit(t, insight.Edit{Kind: insight.SplitGroup, Group: d.of(a[0]), Misses: a[3:]})
	if !d.together(a[:3]...) || !d.together(a[3:]...) || d.of(a[0]) == d.of(a[3]) || d.of(a[3]) != made.Into {
		t.Fatalf("split by hand, the questions are in %v", groupsOf(d, a))
	}
	for i := range 30 {
		d.asked(fmt.Sprintf("cancel or change my order %d", i), "cancel and change the order please", "change order or cancel it")
	}
	if !d.together(a[:3]...) || !d.together(a[3:]...) || d.of(a[0]) == d.of(a[3]) {
		t.Errorf("later the questions are in %v", groupsOf(d, a))
	}
	more := d.asked("could you change my order", "could you cancel my order")
	if d.of(more[0]) != d.of(a[3]) || d.of(more[1]) != d.of(a[0]) {
		t.Errorf("what is like each half is in %v, want %v and %v", groupsOf(d, more), d.of(a[3]), d.of(a[0]))
	}
}

func TestGrouper_Apply_move(t *testing.T) {
	d := newDesk(shop())
	a, b := d.asked(shipping...), d.asked(warranty...)
	stray := d.asked("how long is shipping of a lamp guaranteed to take")
	from, into := d.of(stray[0]), d.of(b[0])
	if from == into {
		into = d.of(a[0])
	}
	d.asked("how long is shipping of a lamp") // somebody else stays where it was
	if from != d.of(a[0]) && from != d.of(b[0]) {
		d.edit(t, insight.Edit{Kind: insight.MergeGroups, Group: from, Into: into})
		from, into = into, d.of(a[0])
	}
	d.edit(t, insight.Edit{Kind: insight.MoveMisses, Group: d.of(stray[0]), Into: into, Misses: stray})
	if d.of(stray[0]) != into {
		t.Fatalf("moved to %d, it is in %d", into, d.of(stray[0]))
	}
	like := d.asked("how long is the shipping of my lamp guaranteed to take?")
	if d.of(like[0]) != into {
		t.Errorf("what is like it is in %d, want %d", d.of(like[0]), into)
	}
	for range 10 {
		d.asked(slices.Concat(shipping, warranty)...)
	}
	if d.of(stray[0]) != into || d.Current(from) == d.Current(into) {
		t.Errorf("later it is in %d, and the groups in %d and %d", d.of(stray[0]), d.Current(from), d.Current(into))
	}
}

func TestGrouper_Apply_refused(t *testing.T) {
	d := newDesk(shop())
	a := d.asked(shipping...)
	id := d.of(a[0])
	for name, c := range map[string]struct {
		edit insight.Edit
		want fault.Kind
	}{
		"a group that is not there":  {insight.Edit{Kind: insight.RenameGroup, Group: 99}, fault.NotFound},
		"into one that is not there": {insight.Edit{Kind: insight.MergeGroups, Group: id, Into: 99}, fault.NotFound},
		"with itself":                {insight.Edit{Kind: insight.MergeGroups, Group: id, Into: id}, fault.Conflict},
		"nothing to split off":       {insight.Edit{Kind: insight.SplitGroup, Group: id}, fault.Invalid},
		"all split off":              {insight.Edit{Kind: insight.SplitGroup, Group: id, Misses: a}, fault.Invalid},
		"moved nowhere":              {insight.Edit{Kind: insight.MoveMisses, Group: id, Into: 99, Misses: a[:1]}, fault.NotFound},
		"an unknown kind":            {insight.Edit{Kind: "shuffle", Group: id}, fault.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			before := state(d)
			if _, _, err := d.Apply(c.edit); fault.KindOf(err) != c.want {
				t.Errorf("error %v, want one that is %s", err, c.want)
			}
			if diff := cmp.Diff(before, state(d)); diff != "" {
				t.Errorf("something changed:\n%s", diff)
			}
		})
	}
}

func TestGrouper_Remove(t *testing.T) {
	d := newDesk(shop())
	a := d.asked(shipping...)
	d.ask("person 0", "shipping to Norway, again") // not remembered: this person has a voice
	again := d.misses[len(d.misses)-1]
	d.Remove(again, d.of(again))
	d.Remove(a[1], d.of(a[1]))
	if group, _ := d.Group(d.of(a[0])); group.Misses != len(a)-1 || group.People != len(a)-1 {
		t.Errorf("the group counts %+v, want %d", group, len(a)-1)
	}
	for _, m := range slices.Concat(a[:1], a[2:]) {
		d.Remove(m, d.of(m))
	}
	if group, ok := d.Group(d.of(a[0])); ok {
		t.Errorf("emptied, it is still there: %+v", group)
	}
}

func TestGrouper_Forget(t *testing.T) {
	d := newDesk(shop())
	a := d.asked(shipping...)
	d.ask("gone", "my name is Someone Gone, do you ship to Norway?")
	only := d.ask("gone", "zebra stripes")
	d.Forget("gone")
	if _, ok := d.Group(only); ok {
		t.Error("a group of one person is still there when that is forgotten")
	}
	if group, _ := d.Group(d.of(a[0])); group.People != len(a) || group.Misses != len(a) {
		t.Errorf("the group counts %+v, want %d", group, len(a))
	}
	var kept bytes.Buffer
	if err := d.Write(&kept); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(kept.String(), "Gone") || strings.Contains(kept.String(), "zebra") {
		t.Error("the snapshot still has what was asked")
	}
}
