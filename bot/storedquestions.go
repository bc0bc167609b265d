package bot

import (
	"context"
	"time"

	"faqbot/faq"
	"faqbot/knowledge"
	"faqbot/knowledge/eval"
	"faqbot/knowledge/insight"
)

// QuestionStore has what customers asked.
type QuestionStore interface {
	// Misses are those since a time, the newest first.
	Misses(ctx context.Context, since time.Time, limit int) ([]insight.Miss, error)
	// AllJudged are the questions on whose answer something was said, in the order in which it was.
	AllJudged(ctx context.Context) ([]eval.Judged, error)
}

// StoredQuestions is what every draft is tried with before customers are served it, wherever it comes from: questions as if they came today, without the
// greeting before them.
func StoredQuestions(ctx context.Context, store QuestionStore, lexicon *Lexicon, today faq.Date) (eval.Stored, error) {
	misses, err := store.Misses(ctx, time.Time{}, eval.MostQuestions)
	if err != nil {
		return eval.Stored{}, err
	}
	judged, err := store.AllJudged(ctx)
	if err != nil {
		return eval.Stored{}, err
	}
	var out eval.Stored
	for _, m := range misses {
		out.Missed = append(out.Missed, knowledge.Question{Utterance: lexicon.Core(m.Utterance), Language: m.Language, Channel: m.Network, Today: today})
	}
	for _, c := range eval.TestSet(judged) {
		q := c.Question(lexicon.Core(c.Utterance))
		q.Today = today
		out.Known = append(out.Known, eval.Known{Question: q, Entry: faq.EntryID(c.Entry)})
	}
	return out, nil
}
