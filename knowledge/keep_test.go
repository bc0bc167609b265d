package knowledge_test

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"faqbot/faq"
	"faqbot/knowledge"
)

var update = flag.Bool("update", false, "write golden files anew")

// recalls reports whether a FAQ is learnt from what is kept alone: there is no time for anything else.
func recalls(t *testing.T, options knowledge.Options, entries ...faq.Entry) (*knowledge.Matcher, bool) {
	t.Helper()
	m := knowing(t, options, entries...)
	noTime, cancel := context.WithCancel(t.Context())
	cancel()
	return m, m.Train(noTime) == nil
}

func TestMatcher_Learnt(t *testing.T) {
	t.Parallel()
	options := knowledge.Options{Learnt: filepath.Join(t.TempDir(), "learnt")}
	want := trained(t, options, bank()...)
	got, ok := recalls(t, options, bank()...)
	if !ok {
		t.Fatal("what was learnt is not recalled")
	}
	for _, q := range bankQuestions {
		if w, g := ask(t, want, said(q)), ask(t, got, said(q)); w.Kind != g.Kind || bestOf(w) != bestOf(g) || w.Confidence != g.Confidence {
			t.Errorf("%q: %s %s %v after a restart, %s %s %v before", q, g.Kind, bestOf(g), g.Confidence, w.Kind, bestOf(w), w.Confidence)
		}
	}
	if w, g := want.Cost(), got.Cost(); g == nil || *w != *g {
		t.Errorf("costs %+v after a restart, %+v before", g, w)
	}
}

// TestMatcher_Learnt_another: nothing is recalled of what is not the same.
func TestMatcher_Learnt_another(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "learnt")
	trained(t, knowledge.Options{Learnt: path}, bank()...)
	edited := bank()
	edited[3].Phrasings[0].Text += " today"
	judged := func(context.Context) ([]knowledge.Verdict, error) {
		return []knowledge.Verdict{{Question: said("cash a day"), Kind: knowledge.Right, Entry: "limit"}}, nil
	}
	for name, c := range map[string]struct {
		options knowledge.Options
		entries []faq.Entry
	}{
		"phrasing": {knowledge.Options{Learnt: path}, edited},
		"entry":    {knowledge.Options{Learnt: path}, bank()[1:]},
		"aim":      {knowledge.Options{Learnt: path, Aim: knowledge.Aim{Budget: 0.05}}, bank()},
		"language": {knowledge.Options{Learnt: path, Default: "de"}, bank()},
		"verdict":  {knowledge.Options{Learnt: path, Verdicts: judged}, bank()},
		"nowhere":  {knowledge.Options{}, bank()},
	} {
		if _, ok := recalls(t, c.options, c.entries...); ok {
			t.Errorf("%s: recalled although it is another", name)
		}
	}
	if _, ok := recalls(t, knowledge.Options{Learnt: path}, bank()...); !ok {
		t.Error("the same is not recalled")
	}
}

// TestMatcher_Learnt_broken: a file that is not as it was written is said to be so, and made anew.
func TestMatcher_Learnt_broken(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	options := knowledge.Options{Learnt: filepath.Join(t.TempDir(), "learnt"), Logger: slog.New(slog.NewTextHandler(&log, nil))}
	trained(t, options, bank()...)
	whole, err := os.ReadFile(options.Learnt)
	if err != nil {
		t.Fatal(err)
	}
	flipped := append([]byte(nil), whole...)
	flipped[len(flipped)/2] ^= 1
	for name, content := range map[string][]byte{"empty": nil, "short": whole[:len(whole)/2], "flipped": flipped} {
		log.Reset()
		if err := os.WriteFile(options.Learnt, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, ok := recalls(t, options, bank()...); ok || !strings.Contains(log.String(), "learnt again") {
			t.Errorf("%s: recalled %v, said %q", name, ok, log.String())
		}
		trained(t, options, bank()...)
		if _, ok := recalls(t, options, bank()...); !ok {
			t.Errorf("%s: not made anew", name)
		}
	}
	log.Reset()
	trained(t, knowledge.Options{Learnt: filepath.Join(t.TempDir(), "none", "learnt"), Logger: options.Logger}, bank()...)
	if log.Len() > 0 {
		t.Errorf("without a folder to keep it in: %s", log.String())
	}
}

// TestTrainingVersion fails where the same FAQ is learnt otherwise than by the version that the golden file names: what that version kept must
// not be recalled, so trainingVersion is to be raised and the file made anew with -update.
func TestTrainingVersion(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	fmt.Fprintf(&b, "version %d\n", knowledge.TrainingVersion)
	m := trained(t, knowledge.Options{}, bank()...)
	for _, q := range bankQuestions {
		d := ask(t, m, said(q))
		fmt.Fprintf(&b, "%s\t%s\t%.3f\n", q, bestOf(d), d.Confidence)
	}
	fmt.Fprintf(&b, "answer from %.3f\n", m.Bands().Answer)
	path := filepath.Join("testdata", "training.golden")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("learnt\n%s\nwant\n%s", b.String(), want)
	}
}
