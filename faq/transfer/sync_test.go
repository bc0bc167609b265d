package transfer_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"faqbot/faq"
	"faqbot/faq/faqtest"
	"faqbot/faq/fault"
	"faqbot/faq/transfer"
)

// desk is a folder and a store that are kept in step.
type desk struct {
	t      *testing.T
	folder string
	store  *faqtest.MemoryStore
	editor *faq.Editor
}

func newDesk(t *testing.T) desk {
	editor, store := newEditor()
	return desk{t: t, folder: filepath.Join(t.TempDir(), "faq"), store: store, editor: editor}
}

func (d desk) compare(prefer transfer.Side) *transfer.Sync {
	d.t.Helper()
	s, err := transfer.NewSync(d.t.Context(), d.folder, records(d.t, d.store), prefer, transfer.Options{})
	if err != nil {
		d.t.Fatalf("compare: %v", err)
	}
	return s
}

// sync expects the summary's numbers, applies, and expects that then both are in step but for conflicts.
func (d desk) sync(prefer transfer.Side, want string) *transfer.Sync {
	d.t.Helper()
	s := d.compare(prefer)
	line, _, _ := strings.Cut(s.String(), "\n")
	if !strings.HasSuffix(line, want) {
		d.t.Errorf("sync is\n%s\nwant %s", s, want)
	}
	if err := s.Apply(d.t.Context(), d.editor, "ada"); err != nil {
		d.t.Fatalf("apply: %v", err)
	}
	after := d.compare(transfer.Neither)
	if len(after.Take.Steps) > 0 || len(after.Write) > 0 || len(after.Conflicts) != len(s.Conflicts) {
		d.t.Errorf("not in step after the sync:\n%s", after)
	}
	return s
}

func (d desk) save(e faq.Entry) {
	d.t.Helper()
	base := 0
	if r, err := d.store.Find(d.t.Context(), e.ID); err == nil {
		base = r.Head.Number
	}
	if _, err := d.editor.Save(d.t.Context(), faq.Edit{Content: e, Base: base, Publish: true, By: "bob"}); err != nil {
		d.t.Fatal(err)
	}
}

func (d desk) file(name, content string) {
	d.t.Helper()
	path := filepath.Join(d.folder, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		d.t.Fatal(err)
	}
}

func (d desk) content(name string) string {
	data, err := os.ReadFile(filepath.Join(d.folder, name))
	if err != nil {
		return "none"
	}
	return string(data)
}

func (d desk) remove(name string) {
	d.t.Helper()
	if err := os.Remove(filepath.Join(d.folder, name)); err != nil {
		d.t.Fatal(err)
	}
}

const (
	inStep = "from the folder 0 to add, 0 to change, 0 to archive; to the folder 0 to write, 0 to remove; in conflict 0"
)

func TestSync(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a, b := simple("a", "What?", "So."), simple("b", "Where?", "There.")
	d.save(a)
	d.save(b)
	d.sync(transfer.Neither, "to the folder 2 to write, 0 to remove; in conflict 0")
	d.sync(transfer.Neither, inStep)
	want := "---\nid: a\nlanguage: en\nquestion: What?\nstatus: published\n---\n\nSo.\n"
	if got := d.content("a.md"); got != want {
		t.Errorf("a.md is\n%s\nwant\n%s", got, want)
	}

	d.file("sub/c.md", "---\nquestion: Who?\n---\nYou.\n")
	d.file("a.md", strings.Replace(want, "So.", "So!", 1))
	d.sync(transfer.Neither, "from the folder 1 to add, 1 to change, 0 to archive; to the folder 0 to write, 0 to remove; in conflict 0")
	a.Answers[0].Text = "So!"
	wantEntry(t, d.store, a, faq.Published)
	wantEntry(t, d.store, simple("c", "Who?", "You."), faq.Published)

	b.Tags = []string{"new"}
	d.save(b)
	if _, err := d.editor.Archive(t.Context(), "c", 0, "bob"); err != nil {
		t.Fatal(err)
	}
	d.remove("a.md")
	d.sync(transfer.Neither, "from the folder 0 to add, 0 to change, 1 to archive; to the folder 1 to write, 1 to remove; in conflict 0")
	wantEntry(t, d.store, a, faq.Archived)
	if !strings.Contains(d.content("b.md"), "- new") || d.content("sub/c.md") != "none" {
		t.Errorf("b.md is %s, c.md is %s", d.content("b.md"), d.content("sub/c.md"))
	}

	// a change of layout alone is none
	d.file("b.md", "---\nquestion: \"Where?\"\nid: b\n\ntags: [new]\n---\nThere.")
	d.sync(transfer.Neither, inStep)
	// an archived entry comes back with its file, and the same change on both sides is no conflict
	d.file("a.md", want)
	s := d.compare(transfer.Neither)
	if len(s.Conflicts) != 1 || !strings.Contains(s.String(), "the file was changed, and the entry was archived by ada") &&
		!strings.Contains(s.String(), "never in step") && !strings.Contains(s.String(), "archived") {
		t.Errorf("sync is\n%s", s)
	}
	d.sync(transfer.FolderSide, "from the folder 0 to add, 1 to change, 0 to archive; to the folder 0 to write, 0 to remove; in conflict 0")
	a.Answers[0].Text = "So."
	wantEntry(t, d.store, a, faq.Published)
}

func TestSync_Conflicts(t *testing.T) {
	t.Parallel()
	start := func(t *testing.T) (desk, faq.Entry) {
		d := newDesk(t)
		e := simple("a", "What?", "So.")
		d.save(e)
		d.sync(transfer.Neither, "1 to write, 0 to remove; in conflict 0")
		return d, e
	}
	changeFile := func(d desk) { d.file("a.md", strings.Replace(d.content("a.md"), "So.", "In the file.", 1)) }
	changeStore := func(d desk, e faq.Entry) {
		e = e.Clone()
		e.Answers[0].Text = "In the store."
		d.save(e)
	}
	archive := func(d desk) {
		if _, err := d.editor.Archive(d.t.Context(), "a", 0, "bob"); err != nil {
			d.t.Fatal(err)
		}
	}
	tests := []struct {
		name   string
		change func(d desk, e faq.Entry)
		reason string
		file   string // what the folder holds when the store is preferred
		answer string // what the store holds when the folder is preferred
		status faq.Status
	}{
		{"both changed", func(d desk, e faq.Entry) { changeFile(d); changeStore(d, e) },
			"both the file and the entry were changed", "In the store.", "In the file.", faq.Published},
		{"removed and changed", func(d desk, e faq.Entry) { d.remove("a.md"); changeStore(d, e) },
			"the file was removed, and the entry was changed by bob", "In the store.", "In the store.", faq.Archived},
		{"changed and archived", func(d desk, e faq.Entry) { changeFile(d); archive(d) },
			"the file was changed, and the entry was archived by bob", "none", "In the file.", faq.Published},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for _, prefer := range []transfer.Side{transfer.Neither, transfer.FolderSide, transfer.StoreSide} {
				d, e := start(t)
				test.change(d, e)
				before, _ := d.store.Find(t.Context(), "a")
				fileBefore := d.content("a.md")
				s := d.compare(prefer)
				if prefer == transfer.Neither && (len(s.Conflicts) != 1 || s.Conflicts[0].Reason != test.reason) {
					t.Errorf("conflicts are %+v", s.Conflicts)
				}
				if err := s.Apply(t.Context(), d.editor, "ada"); err != nil {
					t.Fatal(err)
				}
				after, _ := d.store.Find(t.Context(), "a")
				answer := after.Head.Content.Answers[0].Text
				switch {
				case prefer == transfer.Neither && (after.Head.Number != before.Head.Number || d.content("a.md") != fileBefore):
					t.Error("a conflict was settled by itself")
				case prefer == transfer.FolderSide && (answer != test.answer || after.Head.Status != test.status):
					t.Errorf("with the folder preferred the store has %q, %s", answer, after.Head.Status)
				case prefer == transfer.StoreSide && !strings.Contains(d.content("a.md"), test.file):
					t.Errorf("with the store preferred the file is %s", d.content("a.md"))
				}
				if s := d.compare(transfer.Neither); prefer != transfer.Neither && !s.Empty() {
					t.Errorf("not in step after settling for the %s:\n%s", prefer, s)
				}
			}
		})
	}
	t.Run("the same change on both sides", func(t *testing.T) {
		t.Parallel()
		d, e := start(t)
		d.file("a.md", strings.Replace(d.content("a.md"), "So.", "In the store.", 1))
		changeStore(d, e)
		d.sync(transfer.Neither, inStep)
	})
	t.Run("never in step", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.save(simple("a", "What?", "So."))
		d.save(simple("b", "What else?", "So."))
		d.file("a.md", "---\nquestion: What?\n---\nSo.\n")
		d.file("b.md", "---\nquestion: What else?\n---\nElse.\n")
		s := d.sync(transfer.Neither, "0 to write, 0 to remove; in conflict 1")
		if !strings.Contains(s.String(), "conflict b  the file and the entry differ, and were never in step; nothing is done\n           answer (en): “So.” → “Else.”") {
			t.Errorf("sync is\n%s", s)
		}
	})
}

// A file of another program keeps what we do not know, and an unchanged one is not touched.
func TestSync_ForeignFiles(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.file("a.md", "---\nlayout: post\ntitle: What?\nsources:\n- agency: cdc\n  url: https://x.example\ndate: March 20, 2020\n# a comment\npermalink: /a/\n---\nSo.\n")
	d.file("README.md", "# Hello\n")
	d.file("b.md", "---\nlayout: post\ntitle: Where?\n---\nThere.\n")
	d.sync(transfer.Neither, "from the folder 2 to add, 0 to change, 0 to archive; to the folder 0 to write, 0 to remove; in conflict 0")
	record, err := d.store.Find(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	e := record.Head.Content
	e.Phrasings = []faq.Phrasing{{Text: "how"}}
	d.save(e)
	d.save(simple("README", "Is it read?", "Yes."))
	d.sync(transfer.Neither, "2 to write, 0 to remove; in conflict 0")
	want := "---\nid: a\nlanguage: en\nquestion: What?\nphrasings:\n  - how\nchecked_on: 2020-03-20\nstatus: published\nlayout: post\ntitle: \"What?\"\nsources:\n- agency: cdc\n  url: https://x.example\ndate: March 20, 2020\n# a comment\npermalink: /a/\n---\n\nSo.\n"
	if got := d.content("a.md"); got != want {
		t.Errorf("a.md is\n%s\nwant\n%s", got, want)
	}
	if got := d.content("README.md"); got != "# Hello\n" {
		t.Errorf("a file that is no entry was overwritten: %s", got)
	}
	if got := d.content("b.md"); !strings.Contains(got, "title: Where?") {
		t.Errorf("b.md was touched: %s", got)
	}
}

func TestSync_Status(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.save(simple("a", "What?", "So."))
	d.sync(transfer.Neither, "1 to write, 0 to remove; in conflict 0")
	d.file("a.md", strings.Replace(d.content("a.md"), "published", "draft", 1))
	s := d.sync(transfer.Neither, "1 to write, 0 to remove; in conflict 0")
	if len(s.Take.Notes) != 1 || !strings.Contains(s.String(), "leaves what is published as it is") {
		t.Errorf("sync is\n%s", s)
	}
	d.file("a.md", strings.Replace(d.content("a.md"), "published", "archived", 1))
	d.sync(transfer.Neither, "from the folder 0 to add, 1 to change, 0 to archive; to the folder 0 to write, 0 to remove; in conflict 0")
	wantEntry(t, d.store, simple("a", "What?", "So."), faq.Archived)
}

func TestSync_Safety(t *testing.T) {
	t.Parallel()
	t.Run("a file changed meanwhile", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		e := simple("a", "What?", "So.")
		d.save(e)
		d.sync(transfer.Neither, "1 to write, 0 to remove; in conflict 0")
		e.Area = "x"
		d.save(e)
		s := d.compare(transfer.Neither)
		d.file("a.md", "mine")
		if err := s.Apply(t.Context(), d.editor, "ada"); !fault.Is(err, fault.Conflict) {
			t.Errorf("got %v, want a conflict", err)
		}
		if d.content("a.md") != "mine" {
			t.Error("the file was overwritten")
		}
	})
	t.Run("an entry changed meanwhile", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.save(simple("a", "What?", "So."))
		d.sync(transfer.Neither, "1 to write, 0 to remove; in conflict 0")
		d.file("a.md", strings.Replace(d.content("a.md"), "So.", "File.", 1))
		s := d.compare(transfer.Neither)
		d.save(simple("a", "What?", "Store."))
		if err := s.Apply(t.Context(), d.editor, "ada"); !fault.Is(err, fault.Conflict) {
			t.Errorf("got %v, want a conflict", err)
		}
		wantEntry(t, d.store, simple("a", "What?", "Store."), faq.Published)
	})
	t.Run("stopped after the store", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.save(simple("a", "What?", "So."))
		d.file("b.md", "---\nquestion: b\n---\nb\n")
		s := d.compare(transfer.Neither)
		if _, err := s.Take.Apply(t.Context(), d.editor, "ada"); err != nil {
			t.Fatal(err)
		}
		d.sync(transfer.Neither, "from the folder 0 to add, 0 to change, 0 to archive; to the folder 1 to write, 0 to remove; in conflict 0")
	})
	t.Run("a broken file stops everything", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.save(simple("a", "What?", "So."))
		d.sync(transfer.Neither, "1 to write, 0 to remove; in conflict 0")
		d.file("a.md", "---\nquestion: [\n---\n")
		_, err := transfer.NewSync(t.Context(), d.folder, records(t, d.store), transfer.Neither, transfer.Options{})
		wantProblems(t, err, "a.md:")
	})
	t.Run("a broken or hostile state", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t)
		d.save(simple("a", "What?", "So."))
		d.file(transfer.SyncFile, `{"version":1,"entries":{"a":{"revision":7,"hash":"x","path":"../../escape.md"}}}`)
		s, err := transfer.NewSync(t.Context(), d.folder, records(t, d.store), transfer.StoreSide, transfer.Options{})
		if err != nil || s.Apply(t.Context(), d.editor, "ada") != nil || d.content("a.md") == "none" {
			t.Errorf("got %v, a.md is %s", err, d.content("a.md"))
		}
		d.file(transfer.SyncFile, "{")
		_, err = transfer.NewSync(t.Context(), d.folder, nil, transfer.Neither, transfer.Options{})
		wantProblems(t, err, "remove it to compare")
		d.file(transfer.SyncFile, `{"version":9}`)
		_, err = transfer.NewSync(t.Context(), d.folder, nil, transfer.Neither, transfer.Options{})
		wantProblems(t, err, "is of version 9")
	})
}

// Everything that formats are known to alter goes to a folder and comes back as no change.
func TestSync_AwkwardTexts(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		d := newDesk(t)
		for _, item := range newGenerator(seed).items(12) {
			if item.Status == faq.Archived {
				item.Status = faq.Draft
			}
			if err := d.store.Append(t.Context(), faq.Revision{Number: 1, Content: item.Entry, Status: item.Status}); err != nil {
				t.Fatal(err)
			}
		}
		s := d.compare(transfer.Neither)
		if err := s.Apply(t.Context(), d.editor, "ada"); err != nil {
			t.Fatal(err)
		}
		d.sync(transfer.Neither, inStep)
	}
}
