package index_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"faqbot/faq"
	"faqbot/knowledge"
	"faqbot/knowledge/index"
)

// TestMatcher_Sync starts a matcher over an index that an earlier run left behind.
func TestMatcher_Sync(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what  string
		entry int // entries of the store that the folder's index was made for
		now   func(t *testing.T, l library) library
	}{
		{"nothing has changed", 400, func(_ *testing.T, l library) library { return l }},
		{"the index is behind", 400, func(t *testing.T, l library) library {
			l.publish(t, entry("e00007", "Where do zebras sleep?", "Standing."), entry("new", "Is there a yak?", "No."))
			_, err := l.Archive(t.Context(), "e00009", 0, "ana")
			if err != nil {
				t.Fatal(err)
			}
			return l
		}},
		{"the store was replaced by one with fewer changes", 400, func(t *testing.T, _ library) library {
			return newLibrary(t, append(plants(350)[20:], entry("e00007", "Where do zebras sleep?", "Standing."))...)
		}},
		{"the store was replaced by an empty one", 400, func(t *testing.T, _ library) library { return newLibrary(t) }},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			store := newLibrary(t, plants(c.entry)...)
			x := opened(t, dir, index.Options{})
			synced(t, knowledge.New(x, knowledge.Options{}), store)
			closed(t, x)
			store = c.now(t, store)
			x = opened(t, dir, index.Options{})
			m := knowledge.New(x, knowledge.Options{})
			synced(t, m, store)
			agree(t, x, m, store)
			synced(t, m, store)
			agree(t, x, m, store)
		})
	}
}

// agree checks that the matcher and its index serve what the store does, entry by entry.
func agree(t *testing.T, x *index.Index, m *knowledge.Matcher, store library) {
	t.Helper()
	served, cursor, err := store.Changes(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if x.Cursor() != cursor || m.Cursor() != cursor {
		t.Errorf("the index stands at %d, the matcher at %d, the store at %d", x.Cursor(), m.Cursor(), cursor)
	}
	if n := len(m.Entries()); n != len(served) {
		t.Errorf("%d entries are served, the store has %d", n, len(served))
	}
	for _, s := range served {
		if got := best(t, m, s.Live.Content.Question); got != s.Entry {
			t.Errorf("%q is decided for %q, want %q", s.Live.Content.Question, got, s.Entry)
		}
	}
	gone := map[string]bool{"zebra": true, "model9": true, "model7": true, "model380": true}
	for word := range gone {
		for _, id := range found(t, x, word) {
			if _, ok := m.Entry(id); !ok {
				t.Errorf("the index finds %s, which is not served, for %s", id, word)
			}
		}
	}
}

// TestMatcher_SyncEdits checks that an edit is used by the next decision, in a FAQ that is searched rather than ranked whole.
func TestMatcher_SyncEdits(t *testing.T) {
	t.Parallel()
	store := newLibrary(t, plants(320)...)
	x := opened(t, t.TempDir(), index.Options{})
	m := knowledge.New(x, knowledge.Options{})
	synced(t, m, store)
	for i := range 5 {
		question := fmt.Sprintf("Can zebra%d swim in the sea?", i)
		store.publish(t, entry("edited", question, "Yes."))
		synced(t, m, store)
		if got := best(t, m, fmt.Sprintf("zebra%d swim", i)); got != "edited" {
			t.Errorf("edit %d: decided for %q", i, got)
		}
	}
	if _, err := store.Archive(t.Context(), "edited", 0, "ana"); err != nil {
		t.Fatal(err)
	}
	synced(t, m, store)
	if got := best(t, m, "zebra4 swim"); got == "edited" {
		t.Error("an archived entry is found")
	}
}

// ailing is an index whose calls fail.
type ailing struct {
	*index.Index
	apply, search error
}

func (a *ailing) Apply(ctx context.Context, changes []faq.Change, cursor faq.Cursor) error {
	if a.apply != nil {
		return a.apply
	}
	return a.Index.Apply(ctx, changes, cursor)
}

func (a *ailing) Search(ctx context.Context, terms []knowledge.Term, limit int) ([]faq.EntryID, error) {
	if a.search != nil {
		return nil, a.search
	}
	return a.Index.Search(ctx, terms, limit)
}

func TestMatcher_SearchFails(t *testing.T) {
	t.Parallel()
	var log logged
	x := &ailing{Index: opened(t, "", index.Options{}), search: errors.New("the disk is gone")}
	m := knowledge.New(x, knowledge.Options{Logger: log.logger()})
	store := newLibrary(t, plants(320)...)
	synced(t, m, store)
	for _, e := range plants(320) {
		if got := best(t, m, e.Question); got != e.ID {
			t.Errorf("%q is decided for %q", e.Question, got)
		}
	}
	if got := best(t, m, "plese tell me abuot model300"); got != "e00300" {
		t.Errorf("with typing errors it is decided for %q", got)
	}
	if !log.has("the disk is gone") {
		t.Error("the log does not say why")
	}
}

// TestMatcher_ApplyFails checks that customers get an edit although the index cannot take it.
func TestMatcher_ApplyFails(t *testing.T) {
	t.Parallel()
	var log logged
	x := &ailing{Index: opened(t, "", index.Options{})}
	m := knowledge.New(x, knowledge.Options{Logger: log.logger()})
	store := newLibrary(t, plants(320)...)
	synced(t, m, store)
	x.apply, x.search = errors.New("the disk is full"), errors.New("index is not ready")
	store.publish(t, entry("edited", "Can a zebra swim in the sea?", "Yes."))
	if err := m.Sync(t.Context(), store); err != nil {
		t.Errorf("sync: %v; an index is a cache", err)
	}
	if got := best(t, m, "zebra swim"); got != "edited" {
		t.Errorf("decided for %q", got)
	}
	if !log.has("the disk is full") {
		t.Errorf("the log does not say why: %s", log.String())
	}
	x.apply, x.search = nil, nil
	synced(t, m, store)
	agree(t, x.Index, m, store)
}
