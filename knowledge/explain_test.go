package knowledge_test

import (
	"context"
	"math"
	"sync"
	"testing"
	"time"

	"faqbot/faq"
	"faqbot/knowledge"
	"faqbot/knowledge/index"
)

// An editor adds the groups up and comes to the confidence; the signals behind them come to the same.
func TestMatcher_Explain_Adds(t *testing.T) {
	t.Parallel()
	m := knowing(t, knowledge.Options{}, shop()...)
	for _, utterance := range []string{"can I give it back later", "is the shop open on monday", "do you not deliver", "zebra delivery"} {
		e := explained(t, m, utterance)
		signals, groups := e.Base, e.Base
		names := map[string]bool{}
		for _, c := range e.Calibration {
			signals += c.LogOdds
			if names[c.Signal] || c.Group == "" {
				t.Errorf("%q: two signals are %q, or it has no group", utterance, c.Signal)
			}
			names[c.Signal] = true
		}
		for _, c := range e.Groups {
			groups += c.LogOdds
		}
		free := 1 / (1 + math.Exp(-e.Sum))
		if math.Abs(signals-e.Sum) > 1e-9 || math.Abs(groups-e.Sum) > 1e-9 || math.Abs(free-float64(e.Free)) > 1e-9 {
			t.Errorf("%q: signals %v, groups %v, sum %v, which makes %v and not %v", utterance, signals, groups, e.Sum, free, e.Free)
		}
		if len(e.Calibration) != 15 || len(e.Groups) > 5 || e.Confidence > e.Free || e.Capped == "" && e.Confidence != e.Free {
			t.Errorf("%q: %d signals, %d groups, confidence %v of %v, capped by %q", utterance, len(e.Calibration), len(e.Groups), e.Confidence, e.Free, e.Capped)
		}
	}
}

// meddling is a searcher during whose first search the FAQ is emptied.
type meddling struct {
	knowledge.Searcher
	once   sync.Once
	meddle func()
}

func (s *meddling) Search(ctx context.Context, terms []knowledge.Term, limit int) ([]faq.EntryID, error) {
	s.once.Do(func() {
		if s.meddle != nil {
			go s.meddle()
			time.Sleep(50 * time.Millisecond) // it waits for what is being explained
		}
	})
	return s.Searcher.Search(ctx, terms, limit)
}

// What is explained is what was decided, though the FAQ changes meanwhile.
func TestMatcher_Explain_OneState(t *testing.T) {
	t.Parallel()
	x, err := index.Open("", index.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	entries := append(shop(), padding(400)...) // more than are ranked without the searcher
	searcher := &meddling{Searcher: x}
	m := knowledge.New(searcher, knowledge.Options{})
	s := &served{}
	s.publish(entries...)
	synced(t, m, s)
	emptied := make(chan error)
	searcher.meddle = func() {
		for _, e := range entries {
			s.withdraw(e.ID)
		}
		emptied <- m.Sync(context.WithoutCancel(t.Context()), s)
	}
	e := explained(t, m, "how long does delivery take? when are you open?")
	if err := <-emptied; err != nil {
		t.Fatal(err)
	}
	if e.Decision != knowledge.Answer || len(e.Also) != 1 || e.Also[0].Decision != knowledge.Answer || len(e.Also[0].Candidates) == 0 {
		t.Errorf("%s of %d candidates, and %+v", e.Decision, len(e.Candidates), e.Also)
	}
}
