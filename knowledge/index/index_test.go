package index_test

import (
	"context"
	"fmt"
	"testing"

	"faqbot/faq"
	"faqbot/knowledge"
	"faqbot/knowledge/index"
)

// shelf is a source of entries that never change.
type shelf []faq.Entry

func (s shelf) changes() []faq.Change {
	out := make([]faq.Change, len(s))
	for i, e := range s {
		out[i] = faq.Change{Entry: e.ID, Live: &faq.Revision{Number: 1, Live: 1, Content: e}}
	}
	return out
}

func plants(n int) shelf {
	words := []string{"order", "refund", "delivery", "plant", "pot", "water", "light", "voucher", "invoice", "address", "password", "account"}
	out := make(shelf, n)
	for i := range out {
		a, b := words[i%len(words)], words[(i/len(words))%len(words)]
		out[i] = faq.Entry{
			ID: faq.EntryID(fmt.Sprintf("e%05d", i)), Language: "en", Question: fmt.Sprintf("How is the %s of my %s model%d?", a, b, i),
			Phrasings: []faq.Phrasing{{Text: fmt.Sprintf("%s %s model%d please", b, a, i)}, {Text: fmt.Sprintf("tell me about model%d", i)}},
			Answers:   []faq.Answer{{Language: "en", Text: fmt.Sprintf("The %s of the %s is number %d.", a, b, i)}},
		}
	}
	return out
}

func TestIndex_SurvivesReopening(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	x, err := index.Open(dir, index.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Apply(t.Context(), plants(50).changes(), 7); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := x.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if x, err = index.Open(dir, index.Options{}); err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if x.Cursor() != 7 {
		t.Errorf("cursor %d after reopening, want 7", x.Cursor())
	}
	ids, err := x.Search(t.Context(), []knowledge.Term{{Text: "model17", Weight: 1}}, 5)
	if err != nil || len(ids) != 1 || ids[0] != "e00017" {
		t.Errorf("found %v, %v", ids, err)
	}
}

// source tells of the same changes to whoever is behind.
type source []faq.Change

func (s source) Changes(_ context.Context, after faq.Cursor) ([]faq.Change, faq.Cursor, error) {
	if after == 1 {
		return nil, 1, nil
	}
	return s, 1, nil
}

func BenchmarkApply(b *testing.B) {
	changes := plants(10_000).changes()
	for range b.N {
		x, err := index.Open(b.TempDir(), index.Options{})
		if err != nil {
			b.Fatal(err)
		}
		if err := x.Apply(b.Context(), changes, 1); err != nil {
			b.Fatal(err)
		}
		_ = x.Close()
	}
}

func BenchmarkDecide(b *testing.B) {
	x, err := index.Open("", index.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer x.Close()
	m := knowledge.New(x, knowledge.Options{})
	if err := m.Sync(b.Context(), source(plants(10_000).changes())); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	for i := range b.N {
		if _, err := m.Decide(b.Context(), knowledge.Question{Utterance: fmt.Sprintf("wat is the refund of model%d for my plant", i%10000)}); err != nil {
			b.Fatal(err)
		}
	}
}
