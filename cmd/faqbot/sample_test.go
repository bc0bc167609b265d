package main

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
	"faqbot/faq"
	"faqbot/knowledge"

	"github.com/google/go-cmp/cmp"
)

// reader holds what a source told it, as a matcher and an index do.
type reader struct {
	cursor faq.Cursor
	held   map[faq.EntryID]string // the questions
}

func (r reader) read(t *testing.T, source knowledge.Source) reader {
	t.Helper()
	changes, cursor, err := source.Changes(t.Context(), r.cursor)
	if err != nil {
		t.Fatal(err)
	}
	if cursor < r.cursor || len(changes) > 0 && cursor == r.cursor {
		t.Errorf("the cursor goes from %d to %d with %d changes", r.cursor, cursor, len(changes))
	}
	now := reader{cursor, map[faq.EntryID]string{}}
	maps.Copy(now.held, r.held)
	for _, c := range changes {
		delete(now.held, c.Entry)
		if c.Live != nil {
			now.held[c.Entry] = c.Live.Content.Question
		}
	}
	return now
}

const sampled = "returns-period" // an ID that the sample has too

func saveOurs(t *testing.T, editor *faq.Editor, id faq.EntryID, base int, publish bool) error {
	_, err := editor.Save(t.Context(), faq.Edit{Base: base, Publish: publish, Content: faq.Entry{
		ID: id, Language: "en", Question: "What is ours?", Answers: []faq.Answer{{Language: "en", Text: "This."}}}})
	return err
}

// Whenever a reader read last, it comes to hold what is served now: the sample as long as there are no entries, whatever else is counted as a change.
func TestServedEntries_Changes(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.SQLite(t), store.Options{})
	editor := faq.NewEditor(s, time.Now)
	save := func(id faq.EntryID, base int, publish bool) error { return saveOurs(t, editor, id, base, publish) }
	talk := func(term string) error {
		_, err := s.AddSynonyms(t.Context(), faq.Synonyms{Language: "en", Terms: []string{term, "voucher"}})
		return err
	}
	steps := []struct {
		what   string
		do     func() error
		served []faq.EntryID // nil is the sample
	}{
		{"nothing", func() error { return nil }, nil},
		{"synonyms", func() error { return talk("coupon") }, nil},
		{"synonyms removed", func() error { return s.RemoveSynonyms(t.Context(), "en-coupon") }, nil},
		{"a draft", func() error { return save(sampled, 0, false) }, []faq.EntryID{}},
		{"synonyms beside a draft", func() error { return talk("token") }, []faq.EntryID{}},
		{"an entry", func() error { return save(sampled, 1, true) }, []faq.EntryID{sampled}},
		{"synonyms beside it", func() error { return talk("bonus") }, []faq.EntryID{sampled}},
		{"another", func() error { return save("ours", 0, true) }, []faq.EntryID{"ours", sampled}},
		{"all withdrawn", func() error {
			_, err := editor.Archive(t.Context(), sampled, 0, "ada")
			if err == nil {
				_, err = editor.Archive(t.Context(), "ours", 0, "ada")
			}
			return err
		}, []faq.EntryID{}},
	}
	readers := map[string]reader{}
	for _, step := range steps {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.what, err)
		}
		source, err := newServedEntries(s)
		if err != nil {
			t.Fatal(err)
		}
		want := step.served
		if want == nil {
			for _, c := range source.sample {
				want = append(want, c.Entry)
			}
			slices.Sort(want)
		}
		readers["fresh"] = reader{}
		for last, r := range readers {
			now := r.read(t, source)
			if diff := cmp.Diff(want, slices.Sorted(maps.Keys(now.held))); diff != "" && (len(want) > 0 || len(now.held) > 0) {
				t.Errorf("after %s, the reader since %s (-want +got):\n%s", step.what, last, diff)
			}
			if q, ok := now.held[sampled]; ok && (q == "What is ours?") != (step.served != nil) {
				t.Errorf("after %s, the reader since %s holds %q", step.what, last, q)
			}
			readers[step.what] = now
		}
		if source.Sampling() != (step.served == nil) {
			t.Errorf("after %s, sampling is %v", step.what, source.Sampling())
		}
	}
}

// An index that an older version left behind counts the changes alone, and loses no entry for that.
func TestServedEntries_Changes_olderIndex(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.SQLite(t), store.Options{})
	source, err := newServedEntries(s)
	if err != nil {
		t.Fatal(err)
	}
	want, editor := map[faq.EntryID]string{}, faq.NewEditor(s, time.Now)
	for older, id := range []faq.EntryID{sampled, "ours", "ours-too", "ours-as-well"} {
		if err := saveOurs(t, editor, id, 0, true); err != nil {
			t.Fatal(err)
		}
		now := reader{faq.Cursor(older + 1), maps.Clone(want)}.read(t, source)
		want[id] = "What is ours?"
		if older > 0 {
			if diff := cmp.Diff(want, now.held); diff != "" {
				t.Errorf("read from %d (-want +got):\n%s", older+1, diff)
			}
		}
	}
}

// A matcher that is in use takes over what another process says of words, as it does an entry.
func TestFollow_synonyms(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		watching, writing := storetest.Open(t, settings, store.Options{}), storetest.Open(t, settings, store.Options{})
		a := &app{settings: parseSettings(t), std: streams{nil, discard{}, discard{}}}
		var err error
		if a.checked, err = a.settings.check(); err != nil {
			t.Fatal(err)
		}
		b, err := a.think(t.Context(), watching, caches{})
		if err != nil {
			t.Fatal(err)
		}
		defer b.index.Close()
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			ended <- together(ctx, cancel, watching.Run, []func(context.Context) error{
				func(ctx context.Context) error { return follow(ctx, watching, b, a.quiet()) },
			})
		}()
		defer func() {
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}()
		confidence := func() knowledge.Confidence {
			d, err := b.Decide(ctx, knowledge.Question{Utterance: "where is the flurb", Language: "en"})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range d[0].Candidates {
				if c.Entry.ID == "delivery-lost" {
					return c.Confidence
				}
			}
			return 0
		}
		before := confidence()
		added, err := writing.AddSynonyms(t.Context(), faq.Synonyms{Language: "en", Terms: []string{"flurb", "parcel"}})
		if err != nil {
			t.Fatal(err)
		}
		eventually(t, 30*time.Second, "the word is known", func() bool { return confidence() > before })
		if err := writing.RemoveSynonyms(t.Context(), added[0].ID); err != nil {
			t.Fatal(err)
		}
		eventually(t, 30*time.Second, "the word is forgotten", func() bool { return confidence() == before })
	})
}
