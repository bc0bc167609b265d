package faqtest

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"

	"faqbot/faq"
	"faqbot/faq/fault"
)

func testServed(t *testing.T, s faq.Store) {
	mustAppend(t, s,
		published("a", 1), draft("b", 1), published("c", 1), archived("c", 2),
		published("d", 1), over(draft("d", 2), 1))
	wantSame(t, served(t, s), []faq.EntryID{"a", "d"})
	all, _ := changes(t, s, 0)
	wantSame(t, *all["d"], published("d", 1))
}

func testCursor(t *testing.T, s faq.Store) {
	var cursor faq.Cursor
	for i := 1; i <= 3; i++ {
		mustAppend(t, s, published("a", i), published(faq.EntryID(fmt.Sprintf("b%d", i)), 1))
		got, next := changes(t, s, cursor)
		wantSame(t, slices.Sorted(maps.Keys(got)), []faq.EntryID{"a", faq.EntryID(fmt.Sprintf("b%d", i))})
		if next <= cursor {
			t.Errorf("the cursor went from %d to %d; it must grow", cursor, next)
		}
		again, same := changes(t, s, next)
		wantSame(t, len(again), 0)
		wantSame(t, same, next)
		repeated, _ := changes(t, s, cursor)
		wantSame(t, repeated, got)
		cursor = next
	}
}

func testDraft(t *testing.T, s faq.Store) {
	mustAppend(t, s, published("a", 1))
	_, cursor := changes(t, s, 0)
	mustAppend(t, s, over(draft("a", 2), 1))
	got, next := changes(t, s, cursor)
	// A store may name the entry, since it was touched; what it serves must be what it served.
	if live, named := got["a"]; named && (live == nil || live.Number != 1) {
		t.Errorf("a draft changed what is served to %+v", live)
	}
	if next <= cursor {
		t.Errorf("the cursor went from %d to %d; it must grow with every append", cursor, next)
	}
	mustAppend(t, s, published("a", 3))
	got, _ = changes(t, s, next)
	wantSame(t, *got["a"], published("a", 3))
}

func testArchive(t *testing.T, s faq.Store) {
	mustAppend(t, s, published("a", 1), published("b", 1))
	_, cursor := changes(t, s, 0)
	mustAppend(t, s, archived("a", 2))
	got, next := changes(t, s, cursor)
	live, named := got["a"]
	if !named || live != nil {
		t.Errorf("after archiving, changes hold %v; want the entry with nothing live", got)
	}
	wantSame(t, served(t, s), []faq.EntryID{"b"})
	record, err := s.Find(t.Context(), "a")
	if err != nil || record.Live != nil || record.Head.Status != faq.Archived {
		t.Errorf("the archived entry stands as %+v (%v)", record, err)
	}
	mustAppend(t, s, published("a", 3))
	got, _ = changes(t, s, next)
	wantSame(t, got, map[faq.EntryID]*faq.Revision{"a": new(published("a", 3))})
}

func testLast(t *testing.T, s faq.Store) {
	mustAppend(t, s, published("a", 1), published("b", 1))
	_, cursor := changes(t, s, 0)
	mustAppend(t, s, published("a", 2), published("a", 3), published("b", 2), archived("b", 3))
	got, _ := changes(t, s, cursor)
	wantSame(t, got, map[faq.EntryID]*faq.Revision{"a": new(published("a", 3)), "b": nil})
}

func testOneWinner(t *testing.T, s faq.Store) {
	const writers, rounds = 8, 5
	for number := 1; number <= rounds; number++ {
		errs := make([]error, writers)
		var wg sync.WaitGroup
		for i := range writers {
			wg.Go(func() {
				r := published("a", number)
				r.By = fmt.Sprint("writer ", i)
				errs[i] = s.Append(t.Context(), r)
			})
		}
		wg.Wait()
		winner := slices.Index(errs, nil)
		if winner < 0 {
			t.Fatalf("nobody won revision %d: %v", number, errs)
		}
		for i, err := range errs {
			if i != winner {
				wantKind(t, err, fault.Conflict)
			}
		}
		record, err := s.Find(t.Context(), "a")
		if err != nil || record.Head.Number != number || record.Head.By != fmt.Sprint("writer ", winner) {
			t.Fatalf("revision %d by %q stands (%v), want %d by writer %d", record.Head.Number, record.Head.By, err, number, winner)
		}
	}
}

// testOpposite appends {a, b} and {b, a} at once: a store that locks in the order given would wait for ever.
func testOpposite(t *testing.T, s faq.Store) {
	const rounds = 20
	for number := 1; number <= rounds; number++ {
		batches := [][]faq.Revision{
			{published("a", number), published("b", number)},
			{published("b", number), published("a", number)},
		}
		errs := make([]error, len(batches))
		var wg sync.WaitGroup
		for i, batch := range batches {
			for j := range batch {
				batch[j].By = fmt.Sprint("batch ", i)
			}
			wg.Go(func() { errs[i] = s.Append(t.Context(), batch...) })
		}
		wg.Wait()
		winner := slices.Index(errs, nil)
		if winner < 0 {
			t.Fatalf("neither batch was added: %v", errs)
		}
		wantKind(t, errs[1-winner], fault.Conflict)
		for _, id := range []faq.EntryID{"a", "b"} {
			record, err := s.Find(t.Context(), id)
			if err != nil || record.Head.Number != number || record.Head.By != fmt.Sprint("batch ", winner) {
				t.Fatalf("%s stands at %d by %q (%v)", id, record.Head.Number, record.Head.By, err)
			}
		}
	}
}

// testFollower writes from many sides while a reader follows the cursor. A store whose cursor is a sequence that is
// taken before the commit skips a slow writer's change.
func testFollower(t *testing.T, s faq.Store) {
	const writers, each = 4, 15
	done := make(chan error, writers)
	for w := range writers {
		go func() {
			for i := range each {
				if err := s.Append(t.Context(), published(faq.EntryID(fmt.Sprintf("w%d-%02d", w, i)), 1)); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	seen := map[faq.EntryID]int{}
	var cursor faq.Cursor
	follow := func() {
		got, next := changes(t, s, cursor)
		for id, live := range got {
			if live == nil {
				t.Errorf("%s was shown with nothing live", id)
			}
			seen[id]++
		}
		cursor = next
	}
	for running := writers; running > 0; {
		select {
		case err := <-done:
			if err != nil {
				t.Fatalf("append: %v", err)
			}
			running--
		default:
			follow()
		}
	}
	follow()
	if len(seen) != writers*each {
		t.Errorf("the follower saw %d entries of %d", len(seen), writers*each)
	}
	for id, times := range seen {
		if times != 1 {
			t.Errorf("%s was shown %d times", id, times)
		}
	}
}
