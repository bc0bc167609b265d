package insight_test

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faqbot/knowledge/insight"
)

func TestRise(t *testing.T) {
	t.Parallel()
	wrapping := insight.Expected{Asked: 2, Fresh: 0.5}
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

// prospect is a time in which some gaps were asked for, in the order of how many people did, and what an entry for each would answer.
type prospect struct {
	weekly
	gaps  []insight.Gap
	asked map[insight.GroupID]int
	fresh map[insight.GroupID]float64
	in    insight.Period // that is asked about
}

func (p prospect) Busiest(_ context.Context, from, to time.Time, _ int) (ids []insight.GroupID, err error) {
	if !from.Equal(p.in.From) || !to.Equal(p.in.To) {
		return nil, errors.New("another time is asked about")
	}
	for _, g := range p.gaps {
		ids = append(ids, g.ID)
	}
	return ids, nil
}

func (p prospect) GapsOf(context.Context, []insight.GroupID) (map[insight.GroupID]insight.Gap, error) {
	out := map[insight.GroupID]insight.Gap{}
	for _, g := range p.gaps {
		out[g.ID] = g
	}
	return out, nil
}

func (p prospect) Asked(_ context.Context, in insight.Period, _ ...insight.GroupID) (map[insight.GroupID]int, error) {
	if in != p.in {
		return nil, errors.New("another time is counted")
	}
	return p.asked, nil
}

func (p prospect) Foresee(_ context.Context, gap insight.GroupID) (float64, error) {
	fresh, ok := p.fresh[gap]
	if !ok {
		return 0, errors.New("an entry for a gap is tried that needs none")
	}
	return fresh, nil
}

func (p prospect) Beside(_ context.Context, in insight.Period, gaps []insight.GroupID) (insight.Expected, error) {
	if in != p.in || len(gaps) != 2 {
		return insight.Expected{}, errors.New("another time is tried, or other gaps")
	}
	return insight.Expected{Asked: 8, Fresh: 0.25}, nil
}

func TestReport_AddOutlook(t *testing.T) {
	t.Parallel()
	week := insight.WeekOf(noon)
	soFar := insight.Period{From: week.From, To: noon.Add(time.Hour)} // the week is not over
	p := prospect{
		weekly: weekly{conversations: []begun{{noon, insight.Conversation{Counts: insight.Counts{Questions: 15}}}, {noon, insight.Conversation{Counts: insight.Counts{Questions: 5}}}}},
		gaps:   []insight.Gap{{ID: 7, Title: "wrapping", State: insight.GapNew}, {ID: 3, State: insight.GapProduct}, {ID: 2, Title: "tax", State: insight.GapPlanned}},
		asked:  map[insight.GroupID]int{7: 4, 3: 9, 2: 2}, fresh: map[insight.GroupID]float64{7: 0.5, 2: 1}, in: soFar,
	}
	r := insight.Report{Period: week, At: soFar.To}
	if err := r.AddOutlook(t.Context(), p, p); err != nil {
		t.Fatal(err)
	}
	want := []insight.Row{
		{"gap": insight.Count(7), "asked": insight.Count(4), "fresh": insight.Share(0.5), "rise": insight.Share(0.1), "title": insight.Words("wrapping")},
		{"gap": insight.Count(2), "asked": insight.Count(2), "fresh": insight.Share(1), "rise": insight.Share(0.1), "title": insight.Words("tax")},
		{"asked": insight.Count(8), "fresh": insight.Share(0.25), "rise": insight.Share(0.1), "title": insight.Words("what is in none of them")},
		{"asked": insight.Count(14), "rise": insight.Share(0.3), "title": insight.Words("together")},
	}
	near := cmp.Comparer(func(a, b insight.Share) bool { return math.Abs(float64(a-b)) < 1e-9 })
	if diff := cmp.Diff(want, r.Sections[0].Rows, near); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestReport_AddOutlook_nothingOpen(t *testing.T) {
	t.Parallel()
	p := prospect{gaps: []insight.Gap{{ID: 3, State: insight.GapDismissed}}, in: insight.WeekOf(noon)}
	r := insight.Report{Period: p.in, At: p.in.To}
	if err := r.AddOutlook(t.Context(), p, p); err != nil || len(r.Sections[0].Rows) != 0 {
		t.Errorf("the outlook is %+v, %v", r.Sections, err)
	}
}
