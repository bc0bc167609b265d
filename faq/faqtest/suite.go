package faqtest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"faqbot/faq"
	"faqbot/faq/fault"
)

// TestStore holds a store to the contract of [faq.Store]. open returns an empty one for each test and cleans up
// through t; the tests run in parallel.
func TestStore(t *testing.T, open func(t *testing.T) faq.Store) {
	tests := []struct {
		name string
		run  func(t *testing.T, s faq.Store)
	}{
		{"an empty store has nothing", testEmpty},
		{"find returns what was appended", testFind},
		{"unusual texts come back exactly", testTexts},
		{"what a caller holds is a copy", testCopies},
		{"history is whole and in order", testHistory},
		{"numbers have no gaps", testGapless},
		{"append is all or nothing", testAtomic},
		{"append with an ended context adds nothing", testCancelled},
		{"list is ordered by the bytes of IDs", testOrder},
		{"list filters by status", testStatus},
		{"list filters by tag", testTag},
		{"list filters by text", testText},
		{"list pages without losing or repeating", testPages},
		{"filters and pages work together", testFilterPages},
		{"changes from the beginning are all that is served", testServed},
		{"changes after a cursor are shown once", testCursor},
		{"a draft over a published text leaves it served", testDraft},
		{"archiving withdraws", testArchive},
		{"several changes of an entry are seen as the last", testLast},
		{"of concurrent appends one wins", testOneWinner},
		{"opposite batches at once end, each whole or not at all", testOpposite},
		{"a follower of changes misses nothing", testFollower},
		{"the editor works on it", testEditor},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.run(t, open(t))
		})
	}
}

// published makes the n-th revision of an entry, which serves it. Times are whole milliseconds: a store may keep no finer.
func published(id faq.EntryID, n int) faq.Revision {
	r := draft(id, n)
	r.Status, r.Live = faq.Published, n
	return r
}

func draft(id faq.EntryID, n int) faq.Revision {
	return faq.Revision{
		Number: n, Status: faq.Draft, By: "ada",
		At: time.Date(2026, 3, 1, 12, 0, n, 345e6, time.UTC),
		Content: faq.Entry{
			ID: id, Language: "en", Question: fmt.Sprintf("Question %d of %s?", n, id),
			Answers: []faq.Answer{{Language: "en", Text: fmt.Sprintf("Answer %d.", n)}},
		},
	}
}

func over(r faq.Revision, live int) faq.Revision {
	r.Live = live
	return r
}

func archived(id faq.EntryID, n int) faq.Revision {
	r := draft(id, n)
	r.Status = faq.Archived
	return r
}

func tagged(r faq.Revision, tags ...string) faq.Revision {
	r.Content.Tags = tags
	return r
}

func mustAppend(t *testing.T, s faq.Store, revisions ...faq.Revision) {
	t.Helper()
	if err := s.Append(t.Context(), revisions...); err != nil {
		t.Fatalf("append: %v", err)
	}
}

func wantKind(t *testing.T, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Errorf("got error %v of kind %q, want kind %q", err, fault.KindOf(err), kind)
	}
}

// wantSame compares what went in with what came out; nil and empty lists are the same list.
func wantSame(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("not what was expected (-want +got):\n%s", diff)
	}
}

func list(t *testing.T, s faq.Store, filter faq.Filter) []faq.EntryID {
	t.Helper()
	records, err := s.List(t.Context(), filter)
	if err != nil {
		t.Fatalf("list %+v: %v", filter, err)
	}
	ids := make([]faq.EntryID, len(records))
	for i, r := range records {
		ids[i] = r.ID()
	}
	return ids
}

// changes asks for the changes after a cursor; each entry may come once, as the contract has it.
func changes(t *testing.T, s faq.Store, after faq.Cursor) (map[faq.EntryID]*faq.Revision, faq.Cursor) {
	t.Helper()
	list, next, err := s.Changes(t.Context(), after)
	if err != nil {
		t.Fatalf("changes after %d: %v", after, err)
	}
	out := map[faq.EntryID]*faq.Revision{}
	for _, c := range list {
		if _, twice := out[c.Entry]; twice {
			t.Errorf("changes after %d name %s twice", after, c.Entry)
		}
		out[c.Entry] = c.Live
	}
	return out, next
}

// served is what a reader that began at 0 serves.
func served(t *testing.T, s faq.Store) []faq.EntryID {
	t.Helper()
	all, _ := changes(t, s, 0)
	var ids []faq.EntryID
	for id, live := range all {
		if live != nil {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

func testEmpty(t *testing.T, s faq.Store) {
	_, err := s.Find(t.Context(), "nobody")
	wantKind(t, err, fault.NotFound)
	_, err = s.History(t.Context(), "nobody")
	wantKind(t, err, fault.NotFound)
	wantSame(t, list(t, s, faq.Filter{}), []faq.EntryID{})
	all, next := changes(t, s, 0)
	wantSame(t, len(all), 0)
	wantSame(t, next, faq.Cursor(0))
	mustAppend(t, s)
}

func testEditor(t *testing.T, s faq.Store) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	editor := faq.NewEditor(s, func() time.Time { return at })
	content := draft("returns", 1).Content
	saved, err := editor.Save(t.Context(), faq.Edit{Content: content, Publish: true, By: "ada", Note: "first"})
	if err != nil {
		t.Fatalf("save: %v", err)
	}
	content.Question = "May I send it back?"
	if _, err := editor.Save(t.Context(), faq.Edit{Content: content, Base: saved[0].Number, By: "bob"}); err != nil {
		t.Fatalf("save a draft: %v", err)
	}
	_, err = editor.Save(t.Context(), faq.Edit{Content: content, Base: saved[0].Number, By: "cy"})
	wantKind(t, err, fault.Conflict)
	if _, err := editor.Undo(t.Context(), "returns", 2, "bob"); err != nil {
		t.Fatalf("undo: %v", err)
	}
	history, err := s.History(t.Context(), "returns")
	if err != nil || len(history) != 3 {
		t.Fatalf("history has %d revisions (%v), want 3", len(history), err)
	}
	undone := history[2]
	wantSame(t, undone, faq.Revision{
		Number: 3, Content: saved[0].Content, Status: faq.Published, Live: 1, Restores: 1,
		By: "bob", At: at, Note: "back to revision 1",
	})
	record, err := s.Find(context.WithoutCancel(t.Context()), "returns")
	if err != nil || record.Live == nil || record.Live.Number != 1 {
		t.Errorf("after the undo revision %+v is served (%v), want 1", record.Live, err)
	}
}
