package insight_test

import (
	"math"
	"testing"
	"time"

	"faqbot/faq/fault"
	"faqbot/knowledge/insight"
)

func TestDay_Rises(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		day  insight.Day
		want bool
	}{
		"many where there were none":          {insight.Day{People: 6, Known: 28}, true},
		"few where there were none":           {insight.Day{People: 4, Known: 28}, false},
		"as many as ever":                     {insight.Day{People: 10, Month: 280, Known: 28}, false},
		"a little more than ever":             {insight.Day{People: 14, Month: 280, Known: 28}, false},
		"twice and a half as many as ever":    {insight.Day{People: 25, Month: 280, Known: 28}, true},
		"many on the first day of all":        {insight.Day{People: 30}, false},
		"as many as on the three days before": {insight.Day{People: 6, Month: 12, Known: 3}, false},
		"more than on the three days before":  {insight.Day{People: 16, Month: 12, Known: 3}, true},
		"some of what was asked now and then": {insight.Day{People: 5, Month: 14, Known: 28}, true},
	} {
		if got := test.day.Rises(); got != test.want {
			t.Errorf("%s: %v, with a surprise of %.1f", name, got, test.day.Surprise())
		}
	}
}

// TestDay_Surprise compares with probabilities summed up one by one.
func TestDay_Surprise(t *testing.T) {
	t.Parallel()
	for _, d := range []insight.Day{{People: 7, Month: 30, Known: 28}, {People: 12, Month: 100, Known: 20}, {People: 40, Month: 300, Known: 28}} {
		mean := (float64(d.Month) + 0.5) / float64(d.Known)
		below, term := 0.0, math.Exp(-mean)
		for i := range d.People {
			below += term
			term *= mean / float64(i+1)
		}
		if want := -math.Log10(1 - below); math.Abs(d.Surprise()-want) > 0.01 {
			t.Errorf("%+v: %.3f, not %.3f", d, d.Surprise(), want)
		}
	}
}

func TestRanked(t *testing.T) {
	t.Parallel()
	of := func(number insight.GroupID, week int, before [insight.Weeks]int, minutes int) insight.Weighed {
		return insight.Weighed{Gap: insight.Gap{ID: number}, Numbers: insight.Numbers{Week: week, Before: before, Minutes: minutes}}
	}
	steady, rising, falling := of(1, 5, [4]int{5, 5, 5, 5}, 0), of(2, 15, [4]int{3, 3, 2, 2}, 0), of(3, 0, [4]int{8, 8, 8, 1}, 0)
	costly, single := of(4, 1, [4]int{1, 0, 0, 0}, 600), of(5, 1, [4]int{}, 0)
	var order []insight.GroupID
	for _, s := range insight.Ranked([]insight.Weighed{single, falling, costly, steady, rising}) {
		order = append(order, s.Gap.ID)
	}
	want := []insight.GroupID{2, 4, 1, 3, 5}
	for i := range want {
		if order[i] != want[i] {
			t.Fatalf("the order is %v, not %v", order, want)
		}
	}
}

func TestGap_Move(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	g := insight.Gap{Title: "Gift wrapping?", State: insight.GapNew}
	g.Entry = "gifts"
	g = g.Move(insight.GapAnswered, at)
	if g.Open() || !g.ClosedAt.Equal(at) || g.Check() != nil {
		t.Errorf("answered: %+v", g)
	}
	g = g.Move(insight.GapNew, at.Add(time.Hour))
	if !g.Open() || !g.ClosedAt.IsZero() || g.Entry != "" || g.Reopened != 1 {
		t.Errorf("reopened: %+v", g)
	}
	for _, to := range []insight.GapStatus{insight.GapAnswered, insight.GapDismissed, "nonsense"} {
		if err := g.Move(to, at).Check(); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s without more: %v", to, err)
		}
	}
}

func TestQuestions(t *testing.T) {
	t.Parallel()
	of := func(person, utterance, language string) insight.Miss {
		return insight.Miss{Person: person, Utterance: utterance, Language: "en"}
	}
	misses := []insight.Miss{of("a", "Gift wrap?", "en"), of("a", "gift wrap", "en"), of("a", "gift WRAP?", "en"), of("b", "do you wrap gifts", "en"), of("c", "Do you wrap gifts?", "en")}
	got := insight.Questions(misses, "en", 5)
	if len(got) != 2 || got[0] != "do you wrap gifts" || got[1] != "Gift wrap?" {
		t.Errorf("questions %q: what many ask comes first, however often one repeats theirs", got)
	}
	if got := insight.Questions(misses, "de", 5); len(got) != 0 {
		t.Errorf("in another language there are %q", got)
	}
}
