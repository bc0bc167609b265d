package knowledge_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"faqbot/faq"
	"faqbot/knowledge"
)

// bank is a FAQ with several ways to ask each entry, so that there is something to leave out.
func bank() []faq.Entry {
	return []faq.Entry{
		entry("lost", "I lost my card", "Block it.", "my card is gone", "where can my bank card be", "card missing", "cannot find my card", "someone took my card", "my card was stolen"),
		entry("new", "How do I get a new card?", "Order it.", "order a second card", "another card for my wife", "extra bank card", "replace my old card", "card expires soon", "new card please"),
		entry("pin", "I forgot my PIN", "Look in the app.", "what is my card pin", "wrong pin", "pin blocked", "change the pin of my card", "pin does not work", "see my pin"),
		entry("limit", "What is my withdrawal limit?", "500 a day.", "how much cash can i take", "daily limit at the machine", "raise my cash limit", "limit for withdrawals", "maximum cash per day"),
		entry("fee", "Do you charge for cash withdrawals?", "Not in the country.", "fee at the cash machine", "why was i charged for cash", "cost of taking money out", "atm fees", "is cash free"),
		entry("top", "How do I top up?", "By transfer.", "add money", "put cash on my account", "load the account", "top up by card", "money in"),
	}
}

func trained(t *testing.T, options knowledge.Options, entries ...faq.Entry) *knowledge.Matcher {
	t.Helper()
	m := knowing(t, options, entries...)
	if err := m.Train(t.Context()); err != nil {
		t.Fatal(err)
	}
	return m
}

var bankQuestions = []string{"lost card", "my pin is wrong", "how much cash per day", "another card", "card gone need a new one", "charged at the atm", "load money by card", "weather", "can i pay rent"}

// TestMatcher_TrainedAlike trains the same FAQ by itself, in another order, after a detour, twice, and as another process would.
func TestMatcher_TrainedAlike(t *testing.T) {
	t.Parallel()
	want := trained(t, knowledge.Options{}, bank()...)
	backwards := bank()
	slices.Reverse(backwards)
	detour := &served{}
	detour.publish(append(shop(), bank()[2:]...)...)
	roundabout := knowingFrom(t, knowledge.Options{}, detour)
	for range 2 {
		if err := roundabout.Train(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, e := range shop() {
			detour.withdraw(e.ID)
		}
		detour.publish(bank()...)
		synced(t, roundabout, detour)
	}
	if err := roundabout.Train(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]*knowledge.Matcher{"afresh": trained(t, knowledge.Options{}, bank()...), "backwards": trained(t, knowledge.Options{}, backwards...), "roundabout": roundabout} {
		t.Run(name, func(t *testing.T) {
			if got.Bands() != want.Bands() {
				t.Errorf("bands %v, want %v", got.Bands(), want.Bands())
			}
			for _, q := range bankQuestions {
				w, g := ask(t, want, said(q)), ask(t, got, said(q))
				if w.Kind != g.Kind || bestOf(w) != bestOf(g) || math.Abs(float64(w.Confidence-g.Confidence)) > 1e-6 {
					t.Errorf("%q: %s %s %.6f, want %s %s %.6f", q, g.Kind, bestOf(g), g.Confidence, w.Kind, bestOf(w), w.Confidence)
				}
			}
		})
	}
}

// TestMatcher_TrainingTells asks what words alone leave open.
func TestMatcher_TrainingTells(t *testing.T) {
	t.Parallel()
	before, after := knowing(t, knowledge.Options{}, bank()...), trained(t, knowledge.Options{}, bank()...)
	if c := before.Cost(); c != nil {
		t.Errorf("before training it costs %+v", c)
	}
	c := after.Cost()
	if c == nil || c.Trials < 40 {
		t.Fatalf("after training it costs %+v, of every way to ask twice", c)
	}
	if b := after.Bands(); b.Clarify > b.Answer || b.Answer == before.Bands().Answer {
		t.Errorf("bands are %v, as before training: %v", b, before.Bands())
	}
	if sum := c.InScope + c.Withheld; sum > 1 || c.Refused > 1 || c.Wrong > 1 || c.Answered <= 0 {
		t.Errorf("it costs %+v", c)
	}
}

// TestMatcher_Verdicts: what customers say of answers moves confidence.
func TestMatcher_Verdicts(t *testing.T) {
	t.Parallel()
	verdicts := func(kind knowledge.VerdictKind) func(context.Context) ([]knowledge.Verdict, error) {
		return func(context.Context) ([]knowledge.Verdict, error) {
			var out []knowledge.Verdict
			for _, q := range []string{"how much cash may i have", "limit cash", "cash a day", "what cash can i get daily", "money a day at the machine", "cash maximum", "cash per week", "machine limit"} {
				for range 6 {
					out = append(out, knowledge.Verdict{Question: said(q), Kind: kind, Entry: "limit"})
				}
			}
			return out, nil
		}
	}
	const asked = "limit of cash a day"
	plain := ask(t, trained(t, knowledge.Options{}, bank()...), said(asked))
	right := ask(t, trained(t, knowledge.Options{Verdicts: verdicts(knowledge.Right)}, bank()...), said(asked))
	wrong := ask(t, trained(t, knowledge.Options{Verdicts: verdicts(knowledge.Wrong)}, bank()...), said(asked))
	if bestOf(plain) != "limit" || !(wrong.Confidence < plain.Confidence && plain.Confidence < right.Confidence) {
		t.Errorf("%s: refused %.3f, unknown %.3f, confirmed %.3f", bestOf(plain), wrong.Confidence, plain.Confidence, right.Confidence)
	}
}

// TestMatcher_Aim: a smaller budget answers later, a larger share of unanswerable questions makes less sure.
func TestMatcher_Aim(t *testing.T) {
	t.Parallel()
	usual := trained(t, knowledge.Options{}, bank()...)
	strict := trained(t, knowledge.Options{Aim: knowledge.Aim{Budget: 0.02}}, bank()...)
	if strict.Bands().Answer <= usual.Bands().Answer {
		t.Errorf("at a budget of 2 %% answers are given from %.2f, at 10 %% from %.2f", strict.Bands().Answer, usual.Bands().Answer)
	}
	for name, make := range map[string]func(*testing.T, knowledge.Options, ...faq.Entry) *knowledge.Matcher{"trained": trained, "not trained": func(t *testing.T, o knowledge.Options, e ...faq.Entry) *knowledge.Matcher { return knowing(t, o, e...) }} {
		few := ask(t, make(t, knowledge.Options{Aim: knowledge.Aim{Unanswerable: 0.1}}, bank()...), said("what is my pin"))
		many := ask(t, make(t, knowledge.Options{Aim: knowledge.Aim{Unanswerable: 0.6}}, bank()...), said("what is my pin"))
		if few.Confidence <= many.Confidence {
			t.Errorf("%s: confidence %.3f where a tenth is unanswerable, %.3f where most is", name, few.Confidence, many.Confidence)
		}
	}
}

// TestMatcher_Run trains in the background some time after the last change, once.
func TestMatcher_Run(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &served{}
		s.publish(bank()...)
		m := knowledge.New(&unsearchable{}, knowledge.Options{})
		synced(t, m, s)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- m.Run(ctx) }()
		time.Sleep(time.Minute)
		if m.Cost() == nil {
			t.Error("a minute after the start nothing was learnt")
		}
		bands := m.Bands()
		s.publish(shop()...)
		synced(t, m, s)
		if d := ask(t, m, said("reset my password")); bestOf(d) != "password" {
			t.Errorf("before training a new entry is not found but %q", bestOf(d))
		}
		if m.Bands() != bands {
			t.Error("what was learnt is gone before there is anything better")
		}
		time.Sleep(time.Minute)
		if m.Bands() == bands {
			t.Error("a minute after a change nothing new was learnt")
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// TestMatcher_Traffic: where staff say that most of what is asked has no answer, answers are given less easily.
func TestMatcher_Traffic(t *testing.T) {
	t.Parallel()
	said := func(kind knowledge.VerdictKind, entry faq.EntryID) func(context.Context) ([]knowledge.Verdict, error) {
		return func(context.Context) ([]knowledge.Verdict, error) {
			var out []knowledge.Verdict
			for i := range 40 {
				for _, q := range []string{"rent my flat with a card", "cash for a dog", "weather"} {
					out = append(out, knowledge.Verdict{Question: knowledge.Question{Utterance: fmt.Sprintf("%s %d", q, i), Language: "en"}, Kind: kind, Entry: entry, Informed: true})
				}
			}
			return out, nil
		}
	}
	traffic := func(answered, clarified, fellBack int) func(context.Context) (knowledge.Traffic, error) {
		return func(context.Context) (knowledge.Traffic, error) {
			return knowledge.Traffic{Answered: answered, Clarified: clarified, FellBack: fellBack}, nil
		}
	}
	nothing := said(knowledge.Nothing, "")
	for name, c := range map[string]struct {
		options     knowledge.Options
		least, most float64
	}{
		"nothing answers them": {knowledge.Options{Verdicts: nothing, Traffic: traffic(100, 300, 600)}, 0.45, 0.7},
		"all are answered":     {knowledge.Options{Verdicts: said(knowledge.Right, "limit"), Traffic: traffic(800, 150, 50)}, 0.05, 0.2},
		"nobody counts":        {knowledge.Options{Verdicts: nothing}, 0.3, 0.3},
		"the owner knows":      {knowledge.Options{Verdicts: nothing, Aim: knowledge.Aim{Unanswerable: 0.4}}, 0.4, 0.4},
		"nobody judges":        {knowledge.Options{Traffic: traffic(100, 300, 600)}, 0.3, 0.3},
	} {
		if got := trained(t, c.options, bank()...).Aim().Unanswerable; got < c.least || got > c.most {
			t.Errorf("%s: a share of %v is expected to have none, want %v to %v", name, got, c.least, c.most)
		}
	}
}
