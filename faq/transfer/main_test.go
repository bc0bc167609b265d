package transfer_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"faqbot/faq"
	"faqbot/faq/faqtest"
	"faqbot/faq/fault"
	"faqbot/faq/transfer"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// files makes a folder of files.
func files(t *testing.T, contents map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, content := range contents {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// read expects a document without problems.
func read(t *testing.T, name, content string, o transfer.Options) transfer.Document {
	t.Helper()
	doc, err := transfer.ReadBytes(name, []byte(content), o)
	if err != nil {
		t.Fatalf("read %s: %v", name, err)
	}
	return doc
}

// wantProblems expects an Invalid fault with a line for each.
func wantProblems(t *testing.T, err error, want ...string) {
	t.Helper()
	var problems *transfer.Problems
	if !fault.Is(err, fault.Invalid) || !errors.As(err, &problems) {
		t.Fatalf("got %v (kind %q), want problems", err, fault.KindOf(err))
	}
	got := strings.Split(err.Error(), "\n")
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(want):
			t.Errorf("problem %d is unexpected: %s", i, got[i])
		case i >= len(got):
			t.Errorf("problem %d is missing: %s", i, want[i])
		case !strings.Contains(got[i], want[i]):
			t.Errorf("problem %d\n got %s\nwant %s", i, got[i], want[i])
		}
	}
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func newEditor() (*faq.Editor, *faqtest.MemoryStore) {
	store := &faqtest.MemoryStore{}
	return faq.NewEditor(store, func() time.Time { return noon }), store
}

func records(t *testing.T, store faq.Store) []faq.Record {
	t.Helper()
	all, err := store.List(t.Context(), faq.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func simple(id, question, answer string) faq.Entry {
	return faq.Entry{ID: faq.EntryID(id), Language: "en", Question: question, Answers: []faq.Answer{{Language: "en", Text: answer}}}
}
