package main

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
	"faqbot/faq"
	"faqbot/knowledge"
	"faqbot/knowledge/eval"
)

// TestSystem_DecidesTheSame asks what `serve` is made of, once training has ended, the same before and after a restart, after its caches are lost, and on
// another replica.
func TestSystem_DecidesTheSame(t *testing.T) {
	t.Parallel()
	cases, err := readCases(filepath.Join("..", "..", "knowledge", "eval", "testdata", "sample.csv"))
	if err != nil {
		t.Fatal(err)
	}
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		dir := settings.Dir
		if dir == "" {
			dir = t.TempDir()
		}
		first := begin(t, dir, settings.URL)
		if _, err := first.store.AddSynonyms(t.Context(), faq.Synonyms{Language: "en", Terms: []string{"flurb", "parcel"}}); err != nil {
			t.Fatal(err)
		}
		judged := eval.Judged{Utterance: "is my flurb lost", Entry: "delivery-lost", Verdict: eval.Right, Source: eval.Editor, At: time.Now()}
		judged.ID = judged.Identity()
		if err := first.store.AddJudged(t.Context(), judged); err != nil {
			t.Fatal(err)
		}
		if err := first.brain.Sync(t.Context()); err != nil {
			t.Fatal(err)
		}
		want := decideAll(t, first, cases)
		if settings.URL != "" {
			replica := begin(t, t.TempDir(), settings.URL)
			wantSame(t, "on another replica", cases, want, decideAll(t, replica, cases))
			end(t, replica)
		}
		end(t, first)
		restarted := begin(t, dir, settings.URL)
		wantSame(t, "after a restart", cases, want, decideAll(t, restarted, cases))
		end(t, restarted)
		for _, cache := range []string{"index", "learnt"} {
			if err := os.RemoveAll(filepath.Join(dir, cache)); err != nil {
				t.Fatal(err)
			}
		}
		rebuilt := begin(t, dir, settings.URL)
		wantSame(t, "without its caches", cases, want, decideAll(t, rebuilt, cases))
		end(t, rebuilt)
	})
}

func begin(t *testing.T, dir, database string) *system {
	t.Helper()
	a := &app{settings: parseSettings(t, "--data-dir", dir, "--database-url", database), std: streams{strings.NewReader(""), discard{}, discard{}}}
	s, err := a.build(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func end(t *testing.T, s *system) {
	t.Helper()
	if err := s.close(); err != nil {
		t.Error(err)
	}
}

func decideAll(t *testing.T, s *system, cases []eval.Case) []knowledge.Decision {
	t.Helper()
	if err := s.brain.matcher.Train(t.Context()); err != nil {
		t.Fatal(err)
	}
	out := make([]knowledge.Decision, len(cases))
	for i, c := range cases {
		d, err := s.brain.matcher.Decide(t.Context(), knowledge.Question{Utterance: c.Utterance, Language: "en"})
		if err != nil {
			t.Fatal(err)
		}
		out[i] = d[0]
	}
	return out
}

func wantSame(t *testing.T, when string, cases []eval.Case, want, got []knowledge.Decision) {
	t.Helper()
	first := func(d knowledge.Decision) faq.EntryID {
		if len(d.Candidates) == 0 {
			return ""
		}
		return d.Candidates[0].Entry.ID
	}
	for i, w := range want {
		if g := got[i]; g.Kind != w.Kind || first(g) != first(w) || math.Abs(float64(g.Confidence-w.Confidence)) > 0.01 {
			t.Errorf("%s, %q: %s %s %.3f, before %s %s %.3f", when, cases[i].Utterance, g.Kind, first(g), g.Confidence, w.Kind, first(w), w.Confidence)
		}
	}
}
