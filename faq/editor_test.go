package faq_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faqbot/faq"
	"faqbot/faq/faqtest"
	"faqbot/faq/fault"
)

func entry(id, text string) faq.Entry {
	return faq.Entry{ID: faq.EntryID(id), Language: "en", Question: "What is " + id + "?", Answers: []faq.Answer{{Language: "en", Text: text}}}
}

// bench is an editor over a store, and a clock that moves a minute with each look at it.
type bench struct {
	*faq.Editor
	t     *testing.T
	store *faqtest.MemoryStore
}

func newBench(t *testing.T) bench {
	store := &faqtest.MemoryStore{}
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.FixedZone("CET", 3600))
	return bench{t: t, store: store, Editor: faq.NewEditor(store, func() time.Time {
		at = at.Add(time.Minute)
		return at
	})}
}

// do performs steps such as "save x", "publish y", "draft z", "archive", "undo", each on the newest revision of entry e.
func (b bench) do(steps ...string) {
	b.t.Helper()
	for _, step := range steps {
		if err := b.step(step); err != nil {
			b.t.Fatalf("%s: %v", step, err)
		}
	}
}

func (b bench) step(step string) error {
	verb, text, _ := strings.Cut(step, " ")
	base := 0
	if r, err := b.store.Find(b.t.Context(), "e"); err == nil {
		base = r.Head.Number
	}
	edit := faq.Edit{Content: entry("e", text), Base: base, By: "ada", Note: step}
	var err error
	switch verb {
	case "draft":
		_, err = b.Save(b.t.Context(), edit)
	case "put":
		edit.Publish = true
		_, err = b.Save(b.t.Context(), edit)
	case "restore-archived":
		edit.Status = faq.Archived
		_, err = b.Save(b.t.Context(), edit)
	case "restore-nonsense":
		edit.Status = "nonsense"
		_, err = b.Save(b.t.Context(), edit)
	case "restore-review":
		edit.Status = faq.InReview
		_, err = b.Save(b.t.Context(), edit)
	case "submit":
		_, err = b.Submit(b.t.Context(), "e", base, "ada")
	case "publish":
		_, err = b.Publish(b.t.Context(), "e", base, "ada")
	case "archive":
		_, err = b.Archive(b.t.Context(), "e", base, "ada")
	case "undo":
		_, err = b.Undo(b.t.Context(), "e", base, "ada")
	default:
		b.t.Fatalf("no such step: %s", step)
	}
	return err
}

// state is how the entry stands: number, status, text, and the text that is served.
func (b bench) state() string {
	b.t.Helper()
	r, err := b.store.Find(b.t.Context(), "e")
	if err != nil {
		return "none"
	}
	live := "-"
	if r.Live != nil {
		live = r.Live.Content.Answers[0].Text
	}
	return fmt.Sprintf("%d %s %s, served %s", r.Head.Number, r.Head.Status, r.Head.Content.Answers[0].Text, live)
}

func TestEditor(t *testing.T) {
	t.Parallel()
	tests := []struct {
		steps string
		want  string
	}{
		{"draft a", "1 draft a, served -"},
		{"put a", "1 published a, served a"},
		{"put a; put a", "1 published a, served a"},
		{"put a; draft a", "1 published a, served a"},
		{"draft a; draft a", "1 draft a, served -"},
		{"draft a; put a", "2 published a, served a"},
		{"draft a; publish", "2 published a, served a"},
		{"draft a; publish; publish", "2 published a, served a"},
		{"draft a; submit", "2 in_review a, served -"},
		{"draft a; submit; draft a", "2 in_review a, served -"},
		{"draft a; submit; publish", "3 published a, served a"},
		{"draft a; submit; draft b", "3 draft b, served -"},
		{"put a; draft b", "2 draft b, served a"},
		{"put a; draft b; submit", "3 in_review b, served a"},
		{"put a; draft b; publish", "3 published b, served b"},
		{"put a; archive", "2 archived a, served -"},
		{"put a; archive; archive", "2 archived a, served -"},
		{"put a; archive; draft a", "3 draft a, served -"},
		{"put a; archive; publish", "3 published a, served a"},
		{"put a; archive; put a", "3 published a, served a"},
		{"put a; draft b; archive", "3 archived b, served -"},
		{"put a; restore-archived a", "2 archived a, served -"},
		{"restore-archived a; restore-archived a", "1 archived a, served -"},
		{"put a; restore-review a", "2 in_review a, served a"},
		{"restore-review a", "1 in_review a, served -"},
		{"put a; put b; undo", "3 published a, served a"},
		{"put a; draft b; undo", "3 published a, served a"},
		{"draft a; publish; undo", "3 draft a, served -"},
		{"put a; archive; undo", "3 published a, served a"},
		{"put a; draft b; archive; undo", "4 draft b, served a"},
		{"put a; put b; put c; undo; undo", "5 published a, served a"},
		{"put a; put b; undo; put d; undo", "5 published a, served a"},
		{"put a; put b; put c; undo; put d; undo", "6 published b, served b"},
		{"put a; put b; put c; undo; put d; undo; undo", "7 published a, served a"},
		{"put a; put b; undo; put b", "4 published b, served b"},
		{"put a; put b; undo; draft c", "4 draft c, served a"},
	}
	for _, test := range tests {
		t.Run(test.steps, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.do(strings.Split(test.steps, "; ")...)
			if got := b.state(); got != test.want {
				t.Errorf("it stands at %q, want %q", got, test.want)
			}
		})
	}
}

func TestEditor_Refuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		before, step string
		kind         fault.Kind
	}{
		{"", "publish", fault.NotFound},
		{"", "undo", fault.NotFound},
		{"", "archive", fault.NotFound},
		{"put a", "undo", fault.Invalid},
		{"put a; put b; undo", "undo", fault.Invalid},
		{"put a", "submit", fault.Invalid},
		{"put a; archive", "submit", fault.Invalid},
		{"", "put", fault.Invalid},
		{"draft", "publish", fault.Invalid},
		{"draft a", "restore-nonsense b", fault.Invalid},
	}
	for _, test := range tests {
		t.Run(test.before+" then "+test.step, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			if test.before != "" {
				b.do(strings.Split(test.before, "; ")...)
			}
			before := b.state()
			if err := b.step(test.step); !fault.Is(err, test.kind) {
				t.Errorf("got %v of kind %q, want %q", err, fault.KindOf(err), test.kind)
			}
			if after := b.state(); after != before {
				t.Errorf("it went from %q to %q", before, after)
			}
		})
	}
}

func TestEditor_Stamps(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	saved, err := b.Save(t.Context(), faq.Edit{Content: entry("e", "a"), Publish: true, By: "ada", Note: "why"})
	if err != nil {
		t.Fatal(err)
	}
	want := []faq.Revision{{Number: 1, Content: entry("e", "a"), Status: faq.Published, Live: 1, By: "ada", Note: "why", At: time.Date(2026, 3, 1, 11, 1, 0, 0, time.UTC)}}
	if diff := cmp.Diff(want, saved); diff != "" || saved[0].At.Location() != time.UTC {
		t.Errorf("in %s (-want +got):\n%s", saved[0].At.Location(), diff)
	}
}

func TestEditor_Conflict(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.do("put a", "put theirs")
	mine := entry("e", "mine")
	for name, base := range map[string]int{"an old base": 1, "no base": 0, "a base to come": 3} {
		_, err := b.Save(t.Context(), faq.Edit{Content: mine, Base: base, By: "bob"})
		var conflict *faq.ConflictError
		if !fault.Is(err, fault.Conflict) || !errors.As(err, &conflict) {
			t.Fatalf("%s: got %v", name, err)
		}
		want := &faq.ConflictError{Base: base, Theirs: conflict.Theirs, Changes: []faq.FieldChange{{Field: "answer (en)", Before: "mine", After: "theirs"}}}
		if diff := cmp.Diff(want, conflict); diff != "" || conflict.Theirs.Number != 2 || conflict.Theirs.By != "ada" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if _, err := b.Archive(t.Context(), "e", 1, "bob"); !fault.Is(err, fault.Conflict) {
		t.Errorf("archiving on an old base is %v", err)
	}
	if _, err := b.Save(t.Context(), faq.Edit{Content: entry("new", "x"), Base: 1}); !fault.Is(err, fault.NotFound) {
		t.Errorf("an edit of what does not exist is %v", err)
	}
	if got := b.state(); got != "2 published theirs, served theirs" {
		t.Errorf("it stands at %q", got)
	}
}

func TestEditor_AllOrNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.do("put a")
	edits := []faq.Edit{{Content: entry("new", "x")}, {Content: entry("e", "b"), Base: 1}}
	for name, bad := range map[string]faq.Edit{
		"an invalid one": {Content: faq.Entry{ID: "bad"}},
		"a conflict":     {Content: entry("e", "c"), Base: 7},
		"one twice":      {Content: entry("new", "y")},
	} {
		if _, err := b.Save(t.Context(), append(edits, bad)...); err == nil {
			t.Errorf("%s was taken", name)
		}
		all, err := b.store.List(t.Context(), faq.Filter{})
		if err != nil || len(all) != 1 || b.state() != "1 published a, served a" {
			t.Errorf("with %s there are %d entries, and it stands at %q (%v)", name, len(all), b.state(), err)
		}
	}
	saved, err := b.Save(t.Context(), append(edits, faq.Edit{Content: entry("e", "a"), Base: 1})[:2]...)
	if err != nil || len(saved) != 2 || saved[0].Content.ID != "new" || saved[1].Number != 2 {
		t.Errorf("got %+v (%v)", saved, err)
	}
}

// racing loses every append to another editor.
type racing struct {
	faq.Store
	other faq.Revision
}

func (r racing) Append(ctx context.Context, revisions ...faq.Revision) error {
	if err := r.Store.Append(ctx, r.other); err != nil {
		return err
	}
	return r.Store.Append(ctx, revisions...)
}

func TestEditor_LostRace(t *testing.T) {
	t.Parallel()
	store := &faqtest.MemoryStore{}
	other := faq.Revision{Number: 1, Content: entry("e", "theirs"), Status: faq.Published, Live: 1, By: "bob"}
	editor := faq.NewEditor(racing{Store: store, other: other}, time.Now)
	_, err := editor.Save(t.Context(), faq.Edit{Content: entry("e", "mine"), By: "ada"})
	var conflict *faq.ConflictError
	if !fault.Is(err, fault.Conflict) || !errors.As(err, &conflict) || conflict.Theirs.By != "bob" || len(conflict.Changes) != 1 {
		t.Errorf("got %v: %+v", err, conflict)
	}
}

// What was handed in or out is no longer the editor's.
func TestEditor_Copies(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	e := entry("e", "a")
	e.Tags = []string{"t"}
	saved, err := b.Save(t.Context(), faq.Edit{Content: e})
	if err != nil {
		t.Fatal(err)
	}
	e.Tags[0], saved[0].Content.Answers[0].Text = "spoiled", "spoiled"
	r, err := b.store.Find(t.Context(), "e")
	if err != nil || r.Head.Content.Tags[0] != "t" || r.Head.Content.Answers[0].Text != "a" {
		t.Errorf("the store has %+v (%v)", r.Head.Content, err)
	}
}
