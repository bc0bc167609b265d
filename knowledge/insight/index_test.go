package insight

import (
	"fmt"
	"testing"

	"faqbot/knowledge"

	"github.com/google/go-cmp/cmp"
)

// TestIndex_close: what is found stays the same when empty seats are taken away, and after that.
func TestIndex_close(t *testing.T) {
	lesson := Learn(nil, "en")
	i := newIndex()
	var parts []*part
	for n := range 60 {
		p := &part{id: int64(n + 1)}
		i.enter(p)
		i.add(p, knowledge.Signs(fmt.Sprintf("where is parcel %d of box %d", n, n%7), "en"), "")
		parts = append(parts, p)
	}
	gone := 0
	for n, p := range parts {
		if n%3 != 0 {
			i.leave(p)
			gone++
		}
	}
	find := func() (ids []int64) {
		for n := range 60 {
			for _, p := range i.near(lesson.read(fmt.Sprintf("parcel %d in box %d", n, n%7), "en"), 5) {
				ids = append(ids, p.id)
			}
		}
		return ids
	}
	want := find()
	if i.empty != gone || len(want) == 0 {
		t.Fatalf("%d seats are empty and %d parts found, want %d and some", i.empty, len(want), gone)
	}
	i.close()
	if diff := cmp.Diff(want, find()); diff != "" {
		t.Errorf("something else is found:\n%s", diff)
	}
	if len(i.seats) != 60-gone || i.empty != 0 {
		t.Errorf("there are %d seats, %d empty", len(i.seats), i.empty)
	}
	p := &part{id: 99}
	i.enter(p)
	i.add(p, knowledge.Signs("zebra parcel", "en"), "")
	if found := i.near(lesson.read("a zebra", "en"), 5); len(found) != 1 || found[0] != p {
		t.Errorf("a part that came later is not found: %v", found)
	}
}
