package main

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"faqbot/faq"
	"faqbot/faq/transfer"
	"faqbot/knowledge"
	"faqbot/knowledge/index"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"

	_ "modernc.org/sqlite"
)

// babble makes entries of a given number out of the sample's own words: a chain of neighbouring words keeps their frequencies and
// lengths like those of a real FAQ.
type babble struct {
	next  map[string][]string
	first []string
	r     *rand.Rand
}

func newBabble(tb testing.TB) *babble {
	tb.Helper()
	doc, err := transfer.ReadBytes("sample.yaml", sampleFile, transfer.Options{DefaultLanguage: "en"})
	if err != nil {
		tb.Fatal(err)
	}
	b := &babble{next: map[string][]string{}, r: rand.New(rand.NewPCG(1, 2))}
	for _, item := range doc.Items {
		answer, _ := item.Entry.Answer("en")
		texts := []string{item.Entry.Question, answer.Text}
		for _, p := range item.Entry.Phrasings {
			if p.Language == "" || p.Language == "en" {
				texts = append(texts, p.Text)
			}
		}
		for _, text := range texts {
			b.learn(text)
		}
	}
	return b
}

func (b *babble) learn(text string) {
	words := strings.Fields(text)
	for i, w := range words {
		if i == 0 {
			b.first = append(b.first, w)
			continue
		}
		b.next[words[i-1]] = append(b.next[words[i-1]], w)
	}
}

// text is n words; a tenth of them are names that few entries share, as products have.
func (b *babble) text(n int) string {
	word := b.first[b.r.IntN(len(b.first))]
	out := []string{word}
	for len(out) < n {
		follow := b.next[word]
		if len(follow) == 0 {
			follow = b.first
		}
		word = follow[b.r.IntN(len(follow))]
		shown := word
		if b.r.IntN(10) == 0 {
			shown = fmt.Sprintf("%s%d", strings.Trim(word, ".,?!"), b.r.IntN(300))
		}
		out = append(out, shown)
	}
	return strings.Join(out, " ")
}

func (b *babble) entries(n int) []faq.Change {
	out := make([]faq.Change, n)
	for i := range out {
		e := faq.Entry{ID: faq.EntryID(fmt.Sprintf("entry-%06d", i)), Language: "en", Question: b.text(8)}
		for range 4 {
			e.Phrasings = append(e.Phrasings, faq.Phrasing{Text: b.text(6)})
		}
		e.Answers = []faq.Answer{{Language: "en", Text: b.text(45)}}
		out[i] = faq.Change{Entry: e.ID, Live: &faq.Revision{Number: 1, Live: 1, Status: faq.Published, Content: e}}
	}
	return out
}

// utterances are phrasings with a word changed, as customers ask.
func (b *babble) utterances(changes []faq.Change, n int) []string {
	out := make([]string, n)
	for i := range out {
		e := changes[b.r.IntN(len(changes))].Live.Content
		words := strings.Fields(e.Phrasings[b.r.IntN(len(e.Phrasings))].Text)
		words[b.r.IntN(len(words))] = b.text(1)
		out[i] = strings.Join(words, " ")
	}
	return out
}

// fixedSource serves the same entries to whoever begins.
type fixedSource []faq.Change

func (s fixedSource) Changes(_ context.Context, after faq.Cursor) ([]faq.Change, faq.Cursor, error) {
	if after > 0 {
		return nil, 1, nil
	}
	return s, 1, nil
}

// BenchmarkDecision measures a decision beside the bare query it is built on, and beside SQLite's FTS5, on the same entries.
func BenchmarkDecision(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		words := newBabble(b)
		changes := words.entries(n)
		asked := words.utterances(changes, 500)
		b.Run(fmt.Sprintf("faqbot/%d", n), func(b *testing.B) { benchDecide(b, changes, asked) })
		b.Run(fmt.Sprintf("bleve/%d", n), func(b *testing.B) { benchBleve(b, changes, asked) })
		if n < 100_000 { // where a query takes a fifth of a second
			b.Run(fmt.Sprintf("fts5/%d", n), func(b *testing.B) { benchFTS5(b, changes, asked) })
		}
	}
}

func benchDecide(b *testing.B, changes []faq.Change, asked []string) {
	x, err := index.Open(b.TempDir(), index.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer x.Close()
	m := knowledge.New(x, knowledge.Options{})
	if err := m.Sync(b.Context(), fixedSource(changes)); err != nil {
		b.Fatal(err)
	}
	if err := m.Train(b.Context()); err != nil {
		b.Fatal(err)
	}
	for i := range 4 * len(asked) { // what is kept of entries once they have been looked at is kept
		_, _ = m.Decide(b.Context(), knowledge.Question{Utterance: asked[i%len(asked)]})
	}
	for i := 0; b.Loop(); i++ {
		if _, err := m.Decide(b.Context(), knowledge.Question{Utterance: asked[i%len(asked)]}); err != nil {
			b.Fatal(err)
		}
	}
}

func everything(e faq.Entry) string {
	parts := []string{e.Question}
	for _, p := range e.Phrasings {
		parts = append(parts, p.Text)
	}
	return strings.Join(append(parts, e.Answers[0].Text), "\n")
}

func benchBleve(b *testing.B, changes []faq.Change, asked []string) {
	x := bareIndex(b, b.TempDir()+"/x", changes)
	defer x.Close()
	for i := 0; b.Loop(); i++ {
		q := bleve.NewMatchQuery(asked[i%len(asked)])
		q.SetField("text")
		if _, err := x.Search(bleve.NewSearchRequestOptions(q, 50, 0, false)); err != nil {
			b.Fatal(err)
		}
	}
}

func benchFTS5(b *testing.B, changes []faq.Change, asked []string) {
	db, err := sql.Open("sqlite", b.TempDir()+"/fts.db")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("CREATE VIRTUAL TABLE entries USING fts5(id UNINDEXED, text)"); err != nil {
		b.Fatal(err)
	}
	tx, err := db.Begin()
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range changes {
		if _, err := tx.Exec("INSERT INTO entries VALUES ($1, $2)", c.Entry, everything(c.Live.Content)); err != nil {
			b.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
	for i := 0; b.Loop(); i++ {
		var terms []string
		for w := range strings.FieldsSeq(faq.Fold(asked[i%len(asked)])) {
			terms = append(terms, `"`+w+`"`)
		}
		rows, err := db.Query("SELECT id FROM entries WHERE entries MATCH $1 ORDER BY rank LIMIT 50", strings.Join(terms, " OR "))
		if err != nil {
			b.Fatal(err)
		}
		for rows.Next() {
		}
		if err := rows.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkTraining learns from 10,000 phrasings, a hundred an entry and five an entry.
func BenchmarkTraining(b *testing.B) {
	for _, each := range []int{100, 5} {
		b.Run(fmt.Sprintf("%d an entry", each), func(b *testing.B) {
			words := newBabble(b)
			changes := words.entries(10_000 / each)
			for i := range changes {
				e := &changes[i].Live.Content
				for len(e.Phrasings) < each-1 {
					e.Phrasings = append(e.Phrasings, faq.Phrasing{Text: words.text(6)})
				}
			}
			for b.Loop() {
				m := knowledge.New(nowhere{}, knowledge.Options{})
				if err := m.Sync(b.Context(), fixedSource(changes)); err != nil {
					b.Fatal(err)
				}
				if err := m.Train(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkEdit publishes one entry into 10,000 and asks for it.
func BenchmarkEdit(b *testing.B) {
	words := newBabble(b)
	changes := words.entries(10_000)
	x, err := index.Open(b.TempDir(), index.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer x.Close()
	m := knowledge.New(x, knowledge.Options{})
	source := &growing{changes: changes}
	if err := m.Sync(b.Context(), source); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		edited := words.entries(1)[0]
		source.changes = append(source.changes, edited)
		if err := m.Sync(b.Context(), source); err != nil {
			b.Fatal(err)
		}
		if _, err := m.Decide(b.Context(), knowledge.Question{Utterance: edited.Live.Content.Question}); err != nil {
			b.Fatal(err)
		}
	}
}

// growing serves what has been added since.
type growing struct{ changes []faq.Change }

func (g *growing) Changes(_ context.Context, after faq.Cursor) ([]faq.Change, faq.Cursor, error) {
	return g.changes[min(int(after), len(g.changes)):], faq.Cursor(len(g.changes)), nil
}

// nowhere is an index that keeps nothing.
type nowhere struct{}

func (nowhere) Search(context.Context, []knowledge.Term, int) ([]faq.EntryID, error) { return nil, nil }

func (nowhere) Apply(context.Context, []faq.Change, faq.Cursor) error { return nil }

func (nowhere) Cursor() faq.Cursor { return 0 }

// BenchmarkStart measures from the process's first step to the first answer, with entries in the database and an index in the folder, and
// what that takes in memory.
func BenchmarkStart(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchStart(b, n) })
	}
}

func benchStart(b *testing.B, n int) {
	a := &app{settings: Settings{}, std: streams{strings.NewReader(""), discard{}, discard{}}}
	a.settings.DataDir, a.settings.DefaultLanguage, a.settings.TimeZone, a.settings.RetentionDays = b.TempDir(), "en", "UTC", 1
	a.settings.HTTPAddr = "127.0.0.1:0"
	a.settings.WrongAnswers = knowledge.DefaultBudget
	words := newBabble(b)
	changes := words.entries(n)
	fill(b, a, changes)
	asked := words.utterances(changes, 1)[0]
	open := func() (*brain, func()) {
		s, err := a.open(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		x, err := a.think(b.Context(), s, caches{index: a.settings.indexDir(), database: "bench"})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := x.matcher.Decide(b.Context(), knowledge.Question{Utterance: asked}); err != nil {
			b.Fatal(err)
		}
		return x, func() { _ = x.index.Close(); _ = s.Close() }
	}
	_, end := open() // the index is built once
	end()
	bare := bareSize(b, changes)
	changes, words = nil, nil
	before := heap()
	for b.Loop() {
		x, end := open()
		b.StopTimer()
		if err := x.matcher.Train(b.Context()); err != nil {
			b.Fatal(err)
		}
		held := heap() - before
		b.ReportMetric(held/(1<<20), "MB")
		b.ReportMetric(held/bare, "×bare-index")
		end()
		b.StartTimer()
	}
}

// heap is how many bytes are held.
func heap() float64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// bareSize is how many bytes a bare bleve index of the same entries takes on disk.
func bareSize(b *testing.B, changes []faq.Change) float64 {
	dir := filepath.Join(b.TempDir(), "bare")
	if err := bareIndex(b, dir, changes).Close(); err != nil {
		b.Fatal(err)
	}
	total := 0.0
	err := filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			total += float64(info.Size())
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return total
}

// bareIndex is what the library makes of entries by itself.
func bareIndex(b *testing.B, dir string, changes []faq.Change) bleve.Index {
	mapping := bleve.NewIndexMapping()
	mapping.DefaultAnalyzer = "standard"
	x, err := bleve.NewUsing(dir, mapping, scorch.Name, scorch.Name, nil)
	if err != nil {
		b.Fatal(err)
	}
	for start := 0; start < len(changes); start += 500 {
		batch := x.NewBatch()
		for _, c := range changes[start:min(start+500, len(changes))] {
			if err := batch.Index(string(c.Entry), map[string]any{"text": everything(c.Live.Content)}); err != nil {
				b.Fatal(err)
			}
		}
		if err := x.Batch(batch); err != nil {
			b.Fatal(err)
		}
	}
	return x
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

func fill(b *testing.B, a *app, changes []faq.Change) {
	s, err := a.open(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	var edits []faq.Edit
	for _, c := range changes {
		edits = append(edits, faq.Edit{Content: c.Live.Content, Publish: true, By: "bench"})
	}
	if _, err := faq.NewEditor(s, time.Now).Save(b.Context(), edits...); err != nil {
		b.Fatal(err)
	}
}
