package insight_test

import (
	"math"
	"testing"
	"time"

	"faqbot/knowledge/insight"
)

func TestRise(t *testing.T) {
	t.Parallel()
	monday := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	week := insight.WeekOf(monday)
	misses := []insight.Miss{
		{ID: "a", At: monday}, {ID: "b", At: monday.AddDate(0, 0, 6)}, {ID: "answered after all", At: monday, Answered: true},
		{ID: "before", At: monday.AddDate(0, 0, -1)}, {ID: "after", At: monday.AddDate(0, 0, 7)},
	}
	wrapping := insight.Expect(misses, week, 0.5)
	if want := (insight.Expected{Asked: 2, Fresh: 0.5}); wrapping != want {
		t.Errorf("expected is %+v, want %+v", wrapping, want)
	}
	for _, c := range []struct {
		name      string
		questions int
		gaps      []insight.Expected
		want      float64
	}{
		{"nothing was asked", 0, []insight.Expected{wrapping}, 0},
		{"nothing is closed", 20, nil, 0},
		{"one gap", 20, []insight.Expected{wrapping}, 0.05},
		{"two gaps", 20, []insight.Expected{wrapping, {Asked: 4, Fresh: 1}}, 0.25},
		{"an entry that answers nothing new", 20, []insight.Expected{{Asked: 10}}, 0},
	} {
		if got := insight.Rise(c.questions, c.gaps...); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
