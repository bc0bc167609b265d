package knowledge_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"faqbot/faq"
	"faqbot/faq/faqtest"
	"faqbot/faq/transfer"
	"faqbot/knowledge"

	"github.com/google/go-cmp/cmp"
)

// TestMatcher_AgreesWithRankingAll compares what is decided among proposed entries with what would be decided among all of them.
func TestMatcher_AgreesWithRankingAll(t *testing.T) {
	t.Parallel()
	faqtest.ComputesAlone(t)
	t.Run("made up", func(t *testing.T) {
		t.Parallel()
		entries := append(padding(400), shop()...)
		for _, s := range languages {
			entries = append(entries, s.entries()...)
		}
		var questions []string
		for i, q := range sampled(entries) {
			if i%4 == 0 {
				questions = append(questions, q)
			}
		}
		agreement(t, entries, questions)
	})
	t.Run("two real ones together", func(t *testing.T) {
		t.Parallel()
		entries := append(sample(t), publicHealth(t)...)
		var questions []string
		for _, name := range []string{"cv_faq.csv", "cv_faq_paraphrased.csv", "cv_faq_tuning.csv", "cv_faq_paraphrased_tuning.csv"} {
			questions = append(questions, column(t, filepath.Join("eval", "testdata", name))...)
		}
		agreement(t, entries, questions)
	})
}

// agreement reports in how many questions the index makes no difference.
func agreement(t *testing.T, entries []faq.Entry, questions []string) {
	t.Helper()
	if len(entries) <= 300 {
		t.Fatalf("%d entries are ranked whole", len(entries))
	}
	s := &served{}
	s.publish(entries...)
	all := knowledge.New(&unsearchable{}, knowledge.Options{})
	synced(t, all, s)
	proposed := knowingFrom(t, knowledge.Options{}, s)
	differ := 0
	for _, q := range questions {
		want, got := ask1(t, all, q), ask1(t, proposed, q)
		if want.Kind != got.Kind || want.Kind != knowledge.Fallback && bestOf(want) != bestOf(got) {
			differ++
			t.Logf("%q: among all %s %q (%.2f), among the proposed %s %q (%.2f)", q, want.Kind, bestOf(want), want.Confidence, got.Kind, bestOf(got), got.Confidence)
		}
	}
	t.Logf("%d of %d questions are decided otherwise", differ, len(questions))
	if share := float64(differ) / float64(len(questions)); share > 0.05 {
		t.Errorf("%.1f %% of the questions are decided otherwise", 100*share)
	}
}

// sample is the FAQ of a fictional shop that the program brings along.
func sample(t *testing.T) []faq.Entry {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("..", "cmd", "faqbot", "sample", "sample.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := transfer.ReadBytes("sample.yaml", content, transfer.Options{DefaultLanguage: "en"})
	if err != nil {
		t.Fatal(err)
	}
	var out []faq.Entry
	for _, item := range doc.Items {
		out = append(out, item.Entry)
	}
	return out
}

// publicHealth is a real FAQ that is not part of the project.
func publicHealth(t *testing.T) []faq.Entry {
	t.Helper()
	dir := os.Getenv("FAQBOT_TEST_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "data")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("SKIPPED: there is no test data at %s; FAQBOT_TEST_DATA names its folder", dir)
	}
	doc, err := transfer.Read(t.Context(), filepath.Join(dir, "cv_faq"), transfer.Options{DefaultLanguage: "en"})
	if err != nil {
		t.Fatal(err)
	}
	var out []faq.Entry
	for _, item := range doc.Items {
		out = append(out, item.Entry)
	}
	return out
}

func column(t *testing.T, path string) []string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, row := range rows[1:] {
		out = append(out, row[0])
	}
	return out
}

// TestMatcher_SearchTerms looks at what an index is asked for: a word is taken for a misspelt one only where nobody has published it.
func TestMatcher_SearchTerms(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		utterance string
		misspelt  []string
	}{
		{"how long does delivery take", nil},
		{"how long does delivrey take", nil}, // one letter off a word that is published: that one is looked up
		{"gift vuocher on sunday", nil},
		{"qqqq wwww eeee rrrr", []string{"qqqq", "wwww"}},
		{"", nil},
	} {
		t.Run(c.utterance, func(t *testing.T) {
			t.Parallel()
			x := &recording{}
			m := knowledge.New(x, knowledge.Options{})
			s := &served{}
			s.publish(append(padding(320), shop()...)...)
			synced(t, m, s)
			ask(t, m, said(c.utterance))
			var misspelt []string
			for _, term := range x.terms {
				if term.Misspelt {
					misspelt = append(misspelt, term.Text)
				} else if strings.Contains(c.utterance, term.Text) && slices.Contains(c.misspelt, term.Text) {
					t.Errorf("%q is looked up as if it were known", term.Text)
				}
			}
			if diff := cmp.Diff(c.misspelt, misspelt); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
