package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"faqbot/faq/faqtest"
	"faqbot/knowledge/eval"
)

// testData is where data sets lie that are not part of the project.
func testData(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("FAQBOT_TEST_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("SKIP: there is no test data at %s; FAQBOT_TEST_DATA names its folder", dir)
	}
	return dir
}

// faqbot runs a command as the shell would, on a data folder, and returns what it printed.
func faqbot(t *testing.T, data, stdin string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, err bytes.Buffer
	code = run(t.Context(), append([]string{"--data-dir", data}, args...), streams{strings.NewReader(stdin), &out, &err})
	return out.String(), err.String(), code
}

func testSet(t *testing.T, name string) []eval.Case {
	t.Helper()
	cases, err := readCases(filepath.Join("..", "..", "knowledge", "eval", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

// figures are shares of a test set.
type figures struct {
	top1, top3, answered, refused, wrong float64
}

func measure(t *testing.T, data string, set []eval.Case) figures {
	t.Helper()
	var lines strings.Builder
	for _, q := range set {
		lines.WriteString(strings.ReplaceAll(q.Utterance, "\n", " ") + "\n")
	}
	out, stderr, code := faqbot(t, data, lines.String(), "ask", "--json")
	if code != exitDone {
		t.Fatalf("ask: exit %d, %s", code, stderr)
	}
	var f figures
	var answerable, unanswerable, given, answeredAnswerable int
	decoder := json.NewDecoder(strings.NewReader(out))
	for _, q := range set {
		var d decisionJSON
		if err := decoder.Decode(&d); err != nil {
			t.Fatal(err)
		}
		right := d.Entry != nil && string(d.Entry.ID) == q.Entry
		if d.Entry != nil {
			given++
			if !right {
				f.wrong++
				t.Logf("wrong answer (%.2f): %q got %s, want %q", d.Confidence, q.Utterance, d.Entry.ID, q.Entry)
			}
		}
		if q.Entry == "" {
			unanswerable++
			if d.Entry == nil {
				f.refused++
			}
			continue
		}
		answerable++
		if d.Entry != nil {
			answeredAnswerable++
		}
		for i, c := range d.Candidates[:min(3, len(d.Candidates))] {
			if string(c.ID) == q.Entry {
				f.top3++
				if i == 0 {
					f.top1++
				}
			}
		}
	}
	f.top1 /= float64(answerable)
	f.top3 /= float64(answerable)
	f.answered = float64(answeredAnswerable) / float64(answerable)
	f.refused /= float64(unanswerable)
	f.wrong /= float64(max(1, given))
	return f
}

// TestPublicHealth holds a real FAQ of 248 entries, one phrasing each, to what was promised of it.
func TestPublicHealth(t *testing.T) {
	t.Parallel()
	faqtest.ComputesAlone(t)
	folder := filepath.Join(testData(t), "cv_faq")
	data := newData(t)
	out, stderr, code := faqbot(t, data, "", "import", "--json", folder)
	if code != exitDone {
		t.Fatalf("import: exit %d, %s", code, stderr)
	}
	var counts map[string]any
	if err := json.Unmarshal([]byte(out), &counts); err != nil || counts["added"] != 248.0 || counts["skipped"] != 1.0 {
		t.Fatalf("imported %v (%v), want 248 added and the licence skipped", counts, err)
	}
	f := measure(t, data, testSet(t, "cv_faq.csv"))
	t.Logf("as customers type: %+v", f)
	if f.top1 < 0.88 || f.top3 < 0.97 || f.answered < 0.70 || f.refused < 0.95 || f.wrong > 0.08 {
		t.Errorf("below what was promised: %+v", f)
	}
	t.Logf("hard paraphrases, for the record: %+v", measure(t, data, testSet(t, "cv_faq_paraphrased.csv")))
}

// TestSampleAsked asks the sample what customers might, in words written by somebody who knew its titles alone.
func TestSampleAsked(t *testing.T) {
	t.Parallel()
	faqtest.ComputesAlone(t)
	f := measure(t, newData(t), testSet(t, "sample.csv"))
	t.Logf("%+v", f)
	if f.top1 < 0.85 || f.top3 < 0.93 || f.answered < 0.65 || f.refused < 0.90 || f.wrong > 0.10 {
		t.Errorf("below what was measured before: %+v", f)
	}
}
