package insight_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"faqbot/knowledge/insight"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// weekly is what happened at some times.
type weekly struct {
	conversations []begun
	handoffs      []insight.Handoff
	promises      []insight.Promises // all in the week
	rated         insight.Rated
	err           error
}

// begun are conversations that began at a time.
type begun struct {
	at time.Time
	insight.Conversation
}

func (w weekly) Conversations(_ context.Context, in insight.Period, _ time.Time) ([]insight.Conversation, error) {
	var out []insight.Conversation
	for _, b := range within(w.conversations, in, func(b begun) time.Time { return b.at }) {
		out = append(out, b.Conversation)
	}
	return out, w.err
}

func (w weekly) Handoffs(_ context.Context, in insight.Period) ([]insight.Handoff, error) {
	return within(w.handoffs, in, func(h insight.Handoff) time.Time { return h.OpenedAt }), nil
}

func (w weekly) Promises(_ context.Context, in insight.Period, _ time.Time) ([]insight.Promises, error) {
	if !in.Contains(noon) {
		return nil, nil
	}
	return w.promises, nil
}

func (w weekly) Rated(_ context.Context, in insight.Period) (insight.Rated, error) {
	if !in.Contains(noon) {
		return insight.Rated{}, nil
	}
	return w.rated, nil
}

func within[T any](all []T, in insight.Period, at func(T) time.Time) []T {
	var out []T
	for _, v := range all {
		if in.Contains(at(v)) {
			out = append(out, v)
		}
	}
	return out
}

// aWeek is one with something of everything.
func aWeek() weekly {
	var w weekly
	add := func(n int, c insight.Conversation) {
		c.Alike, c.Ended = n, noon
		w.conversations = append(w.conversations, begun{noon, c})
	}
	solved := &insight.Handoff{OpenedAt: noon, RepliedAt: noon.Add(5 * time.Minute), ClosedAt: noon.Add(26 * time.Hour), End: insight.ByStaff, Rating: 5}
	open := &insight.Handoff{OpenedAt: noon}
	add(2, insight.Conversation{})
	add(3, insight.Conversation{Counts: insight.Counts{Questions: 6, Met: 6, Answers: 6}, Standing: insight.Met, Confirmed: true})
	add(4, insight.Conversation{Counts: insight.Counts{Questions: 4, Met: 4, Answers: 4}, Standing: insight.Met})
	add(1, insight.Conversation{Counts: insight.Counts{Questions: 1, FellBack: 1, Met: 1, Answers: 1, Rejected: 1}, Standing: insight.Unmet})
	add(1, insight.Conversation{Handoff: solved})
	add(1, insight.Conversation{Handoff: open})
	before := noon.AddDate(0, 0, -7)
	w.conversations = append(w.conversations, begun{before, insight.Conversation{Alike: 1, Ended: before, Counts: insight.Counts{Questions: 1, Met: 1, Answers: 1}, Standing: insight.Met}})
	w.handoffs = []insight.Handoff{*solved, *open, {OpenedAt: noon, End: insight.AsSpam}, {OpenedAt: noon, End: insight.ByCustomer},
		{OpenedAt: noon, RepliedAt: noon.Add(50 * time.Second), ClosedAt: noon.Add(time.Hour), End: insight.ByStaff, Rating: 2},
		{OpenedAt: noon, ClosedAt: noon.Add(2 * time.Hour), End: insight.ByStaff}}
	w.promises = []insight.Promises{{Count: 4, Fate: insight.PromiseKept}, {Count: 2, Fate: insight.PromiseKept, Moved: true}, {Count: 1, Fate: insight.PromiseBroken},
		{Count: 1, Fate: insight.PromiseVoid}, {Count: 2, Fate: insight.PromisePending, Moved: true}}
	w.rated = insight.Rated{Right: 19, Wrong: 1}
	return w
}

func TestReport_Write(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		facts weekly
		now   time.Time
	}{{"settled", aWeek(), noon.AddDate(0, 1, 0)}, {"running", aWeek(), noon.Add(time.Hour)}, {"nothing", weekly{}, noon.AddDate(1, 0, 0)}} {
		r, err := insight.NewReport(t.Context(), c.facts, insight.WeekOf(noon), c.now)
		if err != nil {
			t.Fatal(err)
		}
		for _, format := range []insight.Format{insight.Table, insight.Markdown, insight.JSON, insight.CSV} {
			t.Run(c.name+"/"+string(format), func(t *testing.T) {
				t.Parallel()
				var b bytes.Buffer
				if err := r.Write(&b, format); err != nil {
					t.Fatal(err)
				}
				golden := filepath.Join("testdata", "report", c.name+"."+string(format))
				if *update {
					if err := os.WriteFile(golden, b.Bytes(), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(golden)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), b.String()); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
			})
		}
	}
}

// TestReport_Write_strangers puts into a section of somebody else's what a customer may write.
func TestReport_Write_strangers(t *testing.T) {
	t.Parallel()
	hostile := "=cmd|' /c calc'!A1 | [x](javascript:1) <script>\n# head\x1b[31m \u202egnp"
	r := insight.Report{Period: insight.WeekOf(noon), At: noon, Sections: []insight.Section{{
		Key: "groups", Title: "Groups", Columns: []insight.Column{{Key: "title", Title: "title"}, {Key: "people", Title: "people"}},
		Rows: []insight.Row{{"title": insight.Words(hostile), "people": insight.Count(3)}, {"title": insight.Words("")}},
	}, {Key: "empty", Title: "Empty", Columns: []insight.Column{{Key: "people", Title: "people"}}}}}
	write := func(format insight.Format) string {
		var b bytes.Buffer
		if err := r.Write(&b, format); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	for _, format := range []insight.Format{insight.Table, insight.Markdown} {
		text := write(format)
		if strings.ContainsAny(text, "\x1b\u202e") || strings.Contains(text, "\n# head") || !strings.Contains(text, "none") {
			t.Errorf("%s shows %q", format, text)
		}
	}
	for _, line := range strings.Split(write(insight.Markdown), "\n") {
		if bare := strings.ReplaceAll(line, `\|`, ""); strings.HasPrefix(line, "|") && strings.Count(bare, "|") != 3 || strings.Contains(bare, "<script") && !strings.Contains(bare, `\<`) {
			t.Errorf("a row is broken: %q", line)
		}
	}
	rows, err := csv.NewReader(strings.NewReader(write(insight.CSV))).ReadAll()
	if err != nil || len(rows) != 3 || rows[1][1] != "'"+hostile || rows[1][2] != "3" || rows[2][2] != "" {
		t.Errorf("as CSV it is %q, %v", rows, err)
	}
	var read struct {
		Sections []struct{ Rows []map[string]any }
	}
	if err := json.Unmarshal([]byte(write(insight.JSON)), &read); err != nil || read.Sections[0].Rows[0]["title"] != hostile || len(read.Sections[1].Rows) != 0 {
		t.Errorf("as JSON it is %+v, %v", read, err)
	}
	if err := r.Write(&bytes.Buffer{}, "pdf"); err == nil {
		t.Error("an unknown format is written")
	}
}

func TestNewReport_Error(t *testing.T) {
	t.Parallel()
	broken := errors.New("the disk is gone")
	if _, err := insight.NewReport(t.Context(), weekly{err: broken}, insight.WeekOf(noon), noon); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

func TestDraw(t *testing.T) {
	t.Parallel()
	week := insight.WeekOf(noon)
	var given []insight.Given
	for i := range 1000 {
		given = append(given, insight.Given{Conversation: "c" + string(rune('a'+i%26)), Version: int64(i), At: noon})
	}
	drawn := insight.Draw(week, given, 20)
	reversed := append([]insight.Given(nil), given...)
	for i, j := 0, len(reversed)-1; i < j; i, j = i+1, j-1 {
		reversed[i], reversed[j] = reversed[j], reversed[i]
	}
	if diff := cmp.Diff(drawn, insight.Draw(week, reversed, 20)); diff != "" {
		t.Errorf("the order in which answers are read changes the sample:\n%s", diff)
	}
	var without []insight.Given
	for _, g := range given {
		if g != drawn[3] {
			without = append(without, g)
		}
	}
	if diff := cmp.Diff(append(append([]insight.Given(nil), drawn[:3]...), drawn[4:]...), insight.Draw(week, without, 19)); diff != "" {
		t.Errorf("one that is gone changes more than its own place:\n%s", diff)
	}
	if cmp.Equal(drawn, insight.Draw(week.Before(), given, 20)) {
		t.Error("every week draws the same")
	}
	if got := insight.Draw(week, given[:5], 20); len(got) != 5 {
		t.Errorf("of five answers %d are drawn", len(got))
	}
	early := 0 // of 200 weeks' first ones, about half are among the first half of what was given
	for w := range 200 {
		first := insight.Draw(insight.WeekOf(noon.AddDate(0, 0, 7*w)), given, 1)
		if first[0].Version < 500 {
			early++
		}
	}
	if early < 70 || early > 130 {
		t.Errorf("of 200 that were drawn first, %d are of the first half", early)
	}
}
