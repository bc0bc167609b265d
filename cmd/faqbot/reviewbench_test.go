package main

import (
	"fmt"
	"testing"

	"faqbot/faq"
	"faqbot/knowledge"
	"faqbot/knowledge/eval"
	"faqbot/knowledge/index"
)

// BenchmarkReview looks at one edit of a FAQ, with as many stored questions as are asked of it and with none, and at an import.
func BenchmarkReview(b *testing.B) {
	words := newBabble(b)
	changes := words.entries(15_000)
	published, imported := changes[:10_000], changes[10_000:]
	x, err := index.Open("", index.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer x.Close()
	m := knowledge.New(x, knowledge.Options{})
	if err := m.Sync(b.Context(), fixedSource(published)); err != nil {
		b.Fatal(err)
	}
	var questions []knowledge.Question
	for i, utterance := range words.utterances(published, eval.MostQuestions) {
		questions = append(questions, knowledge.Question{Utterance: fmt.Sprintf("%s %d", utterance, i)})
	}
	var known []eval.Known
	for i, q := range questions {
		known = append(known, eval.Known{Question: q, Entry: published[i%len(published)].Entry})
	}
	edit := *published[0].Live
	edit.Content.Phrasings = append([]faq.Phrasing{{Text: words.text(6)}}, edit.Content.Phrasings...)
	one := []faq.Change{{Entry: edit.Content.ID, Live: &edit}}
	for _, bench := range []struct {
		name   string
		draft  []faq.Change
		stored eval.Stored
	}{
		{"an edit", one, eval.Stored{}}, {"an edit, 2000 questions", one, eval.Stored{Missed: questions}},
		{"an edit, 1000 known and 2000 questions", one, eval.Stored{Missed: questions, Known: known}}, {"an import of 5000", imported, eval.Stored{}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			for b.Loop() {
				f, err := eval.Review(b.Context(), m, eval.Draft{Changes: bench.draft}, bench.stored)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(len(f.List)), "findings")
				b.ReportMetric(float64(f.Uncompared), "uncompared")
			}
		})
	}
}
