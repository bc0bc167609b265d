package main

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"faqbot/knowledge/eval"
	"faqbot/knowledge/insight/insighttest"
)

// TestCases_KeepNoPersonalData imports made-up messages as an editor's cases, under the owner's patterns, and looks at what is listed and exported. An
// editor's question is nobody's: names that a network tells are not known here.
func TestCases_KeepNoPersonalData(t *testing.T) {
	t.Parallel()
	data, path := newData(t), filepath.Join(t.TempDir(), "cases.csv")
	messages := slices.DeleteFunc(insighttest.Messages(500), func(m insighttest.Message) bool { return strings.Contains(m.Template, "{own}") })
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := csv.NewWriter(file)
	_ = w.Write([]string{"utterance", "entry"})
	for _, m := range messages {
		_ = w.Write([]string{m.Text, ""})
	}
	w.Flush()
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	var flags []string
	for _, p := range insighttest.Patterns {
		flags = append(flags, "--mask", p)
	}
	if _, stderr, code := faqbot(t, data, "", append([]string{"cases", "import", path}, flags...)...); code != exitDone {
		t.Fatalf("exit %d, %s", code, stderr)
	}
	stdout, stderr, code := faqbot(t, data, "", "cases", "list", "--json", "--limit", "0")
	var listed []eval.Judged
	if err := json.Unmarshal([]byte(stdout), &listed); err != nil || code != exitDone {
		t.Fatalf("exit %d, %s, %v", code, stderr, err)
	}
	if len(messages) < 400 || len(listed) < 100 { // those that are alike without what was taken out are one
		t.Fatalf("of %d there are %d", len(messages), len(listed))
	}
	for _, j := range listed {
		if !j.Masked {
			t.Errorf("%q is not said to be masked", j.Utterance)
		}
		for _, m := range messages {
			if left := m.Left(j.Utterance); len(left) > 0 {
				t.Errorf("%q has %q of %q", j.Utterance, left, m.Text)
			}
		}
	}
}
