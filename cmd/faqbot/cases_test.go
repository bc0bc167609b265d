package main

import (
	"strings"
	"testing"
	"time"

	"faqbot/bot/store"
	"faqbot/knowledge/eval"
)

// TestEval_OnlyWrongAnswersKnown: a question of which it is only known what does not answer it is stored, and nothing can be measured with it.
func TestEval_OnlyWrongAnswersKnown(t *testing.T) {
	t.Parallel()
	data := newData(t)
	s, err := store.Open(t.Context(), store.Settings{Dir: data}, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	j := eval.Judged{Utterance: "where is my parcel", Entry: "returns", Verdict: eval.Wrong, Source: eval.Editor, At: time.Now()}
	j.ID = j.Identity()
	if err := s.AddJudged(t.Context(), j); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	_, stderr, code := faqbot(t, data, "", "eval")
	if code != exitFailed || strings.Contains(stderr, "No real questions are stored") || !strings.Contains(stderr, "that are stored (1) none names an entry that is right") {
		t.Errorf("exit %d, %s", code, stderr)
	}
}
