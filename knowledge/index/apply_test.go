package index_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"faqbot/faq"
	"faqbot/knowledge"
	"faqbot/knowledge/index"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestIndex_Apply(t *testing.T) {
	t.Parallel()
	ids := func(list ...faq.EntryID) []faq.EntryID { return append([]faq.EntryID{}, list...) }
	for _, dir := range map[string]string{"in memory": "", "on disk": t.TempDir()} {
		x := opened(t, dir, index.Options{})
		apply(t, x, 3, live(entry("a", "apple", "")), live(entry("b", "banana apple", "cherry")))
		for _, step := range []struct {
			what   string
			change faq.Change
			finds  map[string][]faq.EntryID
		}{
			{"an edit is found by its new words and not by its old ones", live(entry("a", "quince", "")),
				map[string][]faq.EntryID{"quince": ids("a"), "appl": ids("b")}},
			{"a new entry is found", live(entry("c", "apple", "quince")),
				map[string][]faq.EntryID{"quince": ids("a", "c"), "appl": ids("b", "c")}},
			{"a withdrawn entry is not found", faq.Change{Entry: "b"},
				map[string][]faq.EntryID{"appl": ids("c"), "banana": ids(), "cherri": ids()}},
			{"an entry that never was cannot be withdrawn", faq.Change{Entry: "z"},
				map[string][]faq.EntryID{"appl": ids("c")}},
			{"a withdrawn entry comes back", live(entry("b", "banana", "")),
				map[string][]faq.EntryID{"banana": ids("b")}},
		} {
			apply(t, x, x.Cursor()+1, step.change)
			for word, want := range step.finds {
				if diff := cmp.Diff(want, found(t, x, word), cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("%s: %s: (-want +got)\n%s", step.what, word, diff)
				}
			}
		}
	}
}

func TestIndex_ApplyBackwards(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	x := opened(t, dir, index.Options{})
	apply(t, x, 9, plants(20).changes()...)
	apply(t, x, 4, live(entry("only", "zebra", "")))
	if ids := found(t, x, "model3"); len(ids) != 0 {
		t.Errorf("found %v of what was indexed before", ids)
	}
	if ids := found(t, x, "zebra"); len(ids) != 1 || x.Cursor() != 4 {
		t.Errorf("found %v at cursor %d", ids, x.Cursor())
	}
	closed(t, x)
	if x = opened(t, dir, index.Options{}); x.Cursor() != 4 {
		t.Errorf("cursor %d after reopening, want 4", x.Cursor())
	}
}

// TestIndex_ApplyCutShort stops in the middle of a change of several batches, as a stop of the program does.
func TestIndex_ApplyCutShort(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	x := opened(t, dir, index.Options{})
	apply(t, x, 1, plants(10).changes()...)
	err := x.Apply(&expiring{Context: t.Context(), looks: 2}, plants(1700).changes(), 2)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("apply: %v, want that it was cancelled", err)
	}
	if x.Cursor() >= 2 {
		t.Errorf("cursor %d after a change that is not complete", x.Cursor())
	}
	killed := copied(t, dir)
	if _, err := x.Search(t.Context(), terms("model3"), 5); err == nil {
		t.Error("an index that is not complete is searched")
	}
	apply(t, x, 2, plants(1700).changes()...)
	if ids := found(t, x, "model1699"); len(ids) != 1 {
		t.Errorf("found %v after all changes were made", ids)
	}
	if x = opened(t, killed, index.Options{}); x.Cursor() >= 2 {
		t.Errorf("cursor %d after a kill in the middle of a change", x.Cursor())
	}
}

// TestIndex_Killed copies the folder of an index that is open, which is what a kill leaves behind.
func TestIndex_Killed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	x := opened(t, dir, index.Options{})
	apply(t, x, 5, plants(50).changes()...)
	killed := copied(t, dir)
	again := opened(t, killed, index.Options{})
	if c := again.Cursor(); c != 0 && c != 5 {
		t.Errorf("cursor %d after a kill", c)
	}
	m := knowledge.New(again, knowledge.Options{})
	synced(t, m, newLibrary(t, plants(50)...))
	if ids := found(t, again, "model17"); len(ids) != 1 {
		t.Errorf("found %v", ids)
	}
}

func TestIndex_Cancelled(t *testing.T) {
	t.Parallel()
	x := opened(t, t.TempDir(), index.Options{})
	apply(t, x, 1, plants(10).changes()...)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := x.Apply(ctx, plants(20).changes(), 2); !errors.Is(err, context.Canceled) {
		t.Errorf("apply: %v", err)
	}
	if _, err := x.Search(ctx, terms("model3"), 5); !errors.Is(err, context.Canceled) {
		t.Errorf("search: %v", err)
	}
	if x.Cursor() != 1 {
		t.Errorf("cursor %d, want the one before", x.Cursor())
	}
	if ids := found(t, x, "model3"); len(ids) != 1 {
		t.Errorf("found %v: a change that was not begun spoiled the index", ids)
	}
}

func TestIndex_Closed(t *testing.T) {
	t.Parallel()
	x := opened(t, t.TempDir(), index.Options{})
	apply(t, x, 1, plants(10).changes()...)
	closed(t, x)
	if err := x.Apply(t.Context(), plants(10).changes(), 2); err == nil {
		t.Error("a closed index takes changes")
	}
	if _, err := x.Search(t.Context(), terms("model3"), 5); err == nil {
		t.Error("a closed index is searched")
	}
}

// TestIndex_Crowd searches, changes and closes all at once; the race detector looks on.
func TestIndex_Crowd(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{"", t.TempDir()} {
		x := opened(t, dir, index.Options{})
		apply(t, x, 1, plants(100).changes()...)
		var group sync.WaitGroup
		for i := range 4 {
			group.Go(func() {
				for j := range 50 {
					ids, err := x.Search(t.Context(), terms(fmt.Sprintf("model%d", (i+j)%100)), 5)
					if err == nil && len(ids) != 1 {
						t.Errorf("found %v", ids)
					}
				}
			})
		}
		group.Go(func() {
			for i := range 20 {
				// Once it goes back, and all is made anew under the searches.
				_ = x.Apply(t.Context(), plants(100).changes(), faq.Cursor(2+i%15))
			}
		})
		group.Go(func() {
			time.Sleep(300 * time.Millisecond)
			_ = x.Close()
			_ = x.Close()
		})
		group.Wait()
	}
}

// TestIndex_SearchesGoOn holds an Apply up and searches meanwhile: customers do not wait for an import.
func TestIndex_SearchesGoOn(t *testing.T) {
	t.Parallel()
	x := opened(t, "", index.Options{})
	apply(t, x, 1, plants(10).changes()...)
	ctx := &pausing{Context: t.Context(), reached: make(chan struct{}), goOn: make(chan struct{})}
	done := make(chan error)
	go func() { done <- x.Apply(ctx, []faq.Change{live(entry("new", "zebra", ""))}, 2) }()
	<-ctx.reached
	if ids := found(t, x, "model3"); len(ids) != 1 {
		t.Errorf("found %v while a change is being made", ids)
	}
	close(ctx.goOn)
	if err := <-done; err != nil {
		t.Error(err)
	}
	if ids := found(t, x, "zebra"); len(ids) != 1 {
		t.Errorf("found %v afterwards", ids)
	}
}

// pausing is a context whose second look waits.
type pausing struct {
	context.Context
	looks         int
	reached, goOn chan struct{}
}

func (h *pausing) Err() error {
	if h.looks++; h.looks == 2 {
		close(h.reached)
		<-h.goOn
	}
	return nil
}
