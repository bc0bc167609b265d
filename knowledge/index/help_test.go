package index_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"faqbot/faq"
	"faqbot/faq/faqtest"
	"faqbot/knowledge"
	"faqbot/knowledge/index"

	"go.uber.org/goleak"
)

// The index library starts these with the program and never stops them.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/blevesearch/bleve_index_api.AnalysisWorker"))
}

// logged collects what is logged.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) has(text string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.text.String(), text)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *logged) logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }

// opened opens an index that is closed at the end of the test, if not before.
func opened(t testing.TB, dir string, options index.Options) *index.Index {
	t.Helper()
	x, err := index.Open(dir, options)
	if err != nil {
		t.Fatalf("open %s: %v", dir, err)
	}
	t.Cleanup(func() { _ = x.Close() })
	return x
}

func apply(t testing.TB, x *index.Index, cursor faq.Cursor, changes ...faq.Change) {
	t.Helper()
	if err := x.Apply(t.Context(), changes, cursor); err != nil {
		t.Fatalf("apply up to %d: %v", cursor, err)
	}
}

func closed(t testing.TB, x *index.Index) {
	t.Helper()
	if err := x.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
}

// found searches for words and returns the entries by ID.
func found(t testing.TB, x *index.Index, words ...string) []faq.EntryID {
	t.Helper()
	ids, err := x.Search(t.Context(), terms(words...), 1000)
	if err != nil {
		t.Fatalf("search %v: %v", words, err)
	}
	slices.Sort(ids)
	return ids
}

func terms(words ...string) []knowledge.Term {
	var out []knowledge.Term
	for _, w := range words {
		out = append(out, knowledge.Term{Text: w, Weight: 1})
	}
	return out
}

func live(e faq.Entry) faq.Change {
	return faq.Change{Entry: e.ID, Live: &faq.Revision{Number: 1, Live: 1, Content: e, Status: faq.Published}}
}

func entry(id, question, answer string) faq.Entry {
	return faq.Entry{ID: faq.EntryID(id), Language: "en", Question: question, Answers: []faq.Answer{{Language: "en", Text: answer}}}
}

// folders are the indexes that a folder holds.
func folders(t testing.TB, dir string) []string {
	t.Helper()
	out, err := filepath.Glob(filepath.Join(dir, "index-*"))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// files lists the files below a folder, those of an index's own lock and data alike.
func files(t testing.TB, dir string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			out = append(out, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// copied is a copy of a folder, as it stands on the disk at this moment.
func copied(t testing.TB, dir string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(out, os.DirFS(dir)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return out
}

// library is a store that is written through its editor.
type library struct {
	*faqtest.MemoryStore
	*faq.Editor
}

func newLibrary(t testing.TB, entries ...faq.Entry) library {
	t.Helper()
	s := &faqtest.MemoryStore{}
	l := library{s, faq.NewEditor(s, func() time.Time { return time.Unix(1_700_000_000, 0) })}
	l.publish(t, entries...)
	return l
}

// publish writes entries over whatever stands.
func (l library) publish(t testing.TB, entries ...faq.Entry) {
	t.Helper()
	for _, e := range entries {
		base := 0
		if r, err := l.Find(t.Context(), e.ID); err == nil {
			base = r.Head.Number
		}
		if _, err := l.Save(t.Context(), faq.Edit{Content: e, Base: base, Publish: true, By: "ana"}); err != nil {
			t.Fatal(err)
		}
	}
}

func synced(t testing.TB, m *knowledge.Matcher, s knowledge.Source) {
	t.Helper()
	if err := m.Sync(t.Context(), s); err != nil {
		t.Fatalf("sync: %v", err)
	}
}

// best is the entry that a question is decided for, "" where there is none.
func best(t testing.TB, m *knowledge.Matcher, utterance string) faq.EntryID {
	t.Helper()
	decisions, err := m.Decide(t.Context(), knowledge.Question{Utterance: utterance})
	if err != nil {
		t.Fatalf("decide %q: %v", utterance, err)
	}
	if e := decisions[0].Best(); e != nil {
		return e.ID
	}
	return ""
}

// expiring is a context that is cancelled after so many looks at it.
type expiring struct {
	context.Context
	mu    sync.Mutex
	looks int
}

func (c *expiring) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.looks--; c.looks < 0 {
		return context.Canceled
	}
	return nil
}
