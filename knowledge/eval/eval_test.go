package eval_test

import (
	"context"
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"faqbot/faq"
	"faqbot/faq/fault"
	"faqbot/knowledge"
	"faqbot/knowledge/eval"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden reports anew")

func TestReadCases(t *testing.T) {
	t.Parallel()
	got, err := eval.ReadCases("q.csv", strings.NewReader("\ufeffid,Entry, utterance\n1,a,\"two\nlines\"\n2, ,nothing\n"))
	want := []eval.Case{{Utterance: "two\nlines", Entry: "a", Place: "q.csv:2"}, {Utterance: "nothing", Place: "q.csv:4"}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	for text, place := range map[string]string{
		"": "q.csv:1: ", "utterance,entry\n": "q.csv:2: ", "question,entry\na,b\n": "q.csv:1: ", "utterance,entry\na,b\nc\n": "q.csv:3: ", "utterance,entry\n ,b\n": "q.csv:2: ",
		"utterance,entry\na,b\n\"c,d\n": "q.csv:3: ",
	} {
		if _, err := eval.ReadCases("q.csv", strings.NewReader(text)); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), place) {
			t.Errorf("%q: %v, want %s", text, err, place)
		}
	}
}

func TestNewFAQ(t *testing.T) {
	t.Parallel()
	f, err := eval.NewFAQ([]eval.Case{{Utterance: "one", Entry: "a"}, {Utterance: "both", Entry: "b"}, {Utterance: "two", Entry: "a"}, {Utterance: "both", Entry: "a"}}, "en")
	if err != nil {
		t.Fatal(err)
	}
	changes, cursor, err := f.Changes(t.Context(), 0)
	if err != nil || cursor != 1 || len(changes) != 2 {
		t.Fatalf("%d changes to %d, %v", len(changes), cursor, err)
	}
	a := changes[0].Live.Content
	if diff := cmp.Diff([]faq.Phrasing{{Text: "two"}, {Text: "both"}}, a.Phrasings); diff != "" || a.Question != "one" || a.ID != "a" {
		t.Errorf("made %+v\n%s", a, diff)
	}
	if again, _, err := f.Changes(t.Context(), 1); err != nil || len(again) != 0 {
		t.Errorf("later it changes: %v, %v", again, err)
	}
	if _, err := eval.NewFAQ([]eval.Case{{Utterance: "one", Place: "t.csv:2"}}, "en"); !fault.Is(err, fault.Invalid) || !strings.HasPrefix(err.Error(), "t.csv:2: ") {
		t.Error(err)
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	entries := []*faq.Entry{{ID: "hours", Question: "When are you open?", Answers: []faq.Answer{{Language: "es", Question: "¿Cuándo abrís?"}}}}
	got, err := eval.Resolve([]eval.Case{{Entry: "hours"}, {Entry: "when are you OPEN"}, {Entry: "cuando abris"}, {}}, entries)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"hours", "hours", "hours", ""} {
		if got[i].Entry != want {
			t.Errorf("case %d is %q, want %q", i, got[i].Entry, want)
		}
	}
	if _, err := eval.Resolve([]eval.Case{{Entry: "other", Place: "q.csv:7"}}, entries); !fault.Is(err, fault.NotFound) || !strings.HasPrefix(err.Error(), "q.csv:7: ") {
		t.Error(err)
	}
}

// scripted decides as it is told: "entry confidence kind", by utterance.
type scripted map[string]knowledge.Decision

func (s scripted) Decide(_ context.Context, q knowledge.Question) ([]knowledge.Decision, error) {
	return []knowledge.Decision{s[q.Utterance]}, nil
}

func decided(kind knowledge.Kind, confidence knowledge.Confidence, ids ...faq.EntryID) knowledge.Decision {
	d := knowledge.Decision{Kind: kind, Confidence: confidence}
	for _, id := range ids {
		d.Candidates = append(d.Candidates, knowledge.Candidate{Entry: &faq.Entry{ID: id}})
	}
	return d
}

// TestMeasure has every figure worked out by hand.
func TestMeasure(t *testing.T) {
	t.Parallel()
	s := scripted{
		"right":       decided(knowledge.Answer, 0.95, "a", "b"),
		"wrong":       decided(knowledge.Answer, 0.75, "b", "c", "a"),
		"unsure":      decided(knowledge.Clarify, 0.45, "b", "a"),
		"far":         decided(knowledge.Fallback, 0.05, "a", "c", "d", "b"),
		"foreign":     decided(knowledge.Answer, 0.65, "a"),
		"foreign too": decided(knowledge.Fallback, 0),
	}
	cases := []eval.Case{{Utterance: "right", Entry: "a"}, {Utterance: "wrong", Entry: "a"}, {Utterance: "unsure", Entry: "b"}, {Utterance: "far", Entry: "b"},
		{Utterance: "foreign"}, {Utterance: "foreign too"}}
	r, err := eval.Measure(t.Context(), s, cases, 0.6)
	if err != nil {
		t.Fatal(err)
	}
	near := func(name string, got, want float64) {
		if math.Abs(got-want) > 1e-9 {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	if r.Questions != 6 || r.Answerable != 4 || r.Unanswerable != 2 || len(r.Curve) != 50 {
		t.Errorf("%+v", r)
	}
	near("top1", r.Top1, 2.0/4)
	near("top3", r.Top3, 3.0/4)
	// Pairs of an answerable and an unanswerable question: (.95 .75 .45 .05) against (.65 0): 6 of 8 are in order.
	near("auc_answerable", *r.AUCAnswerable, 6.0/8)
	// Right are .95 and .45, against .75 .05 .65 0: 4 + 2 of 8.
	near("auc_correct", *r.AUCCorrect, 6.0/8)
	// Each stands in a bin of its own but for .05 and 0, which share one: |1−.95| + |0−.75| + |1−.45| + |0−.65| + |0−.05|, by six.
	near("ece", r.ECE, (0.05+0.75+0.55+0.65+0.05)/6)
	near("threshold", r.Threshold, 0.6)
	near("answered", r.Answered, 3.0/6)
	near("in_scope_accuracy", r.InScopeAccuracy, 1.0/4)
	near("refused", r.Refused, 1.0/2)
	near("wrong_among_given", r.WrongAmongGiven, 2.0/3)
	// Wanted a 2, b 2, none 2; given a 2, b 1, none 3; right 2: (2·6 − (4+2+6)) ÷ … = 0.
	near("mcc", r.MCC, 0)
	// From 0.70 on: “right” and “wrong” are answered, four are given nothing, rightly for the two foreign ones. Given a 1, b 1, none 4.
	p := r.Curve[35]
	near("the curve's threshold", p.Threshold, 0.7)
	near("answered at 0.7", p.Answered, 2.0/6)
	near("refused at 0.7", p.Refused, 1)
	near("mcc at 0.7", p.MCC, (3*6.0-(2*1+2*1+2*4))/math.Sqrt((36-18)*(36-12)))
	near("answered at 0", r.Curve[0].Answered, 5.0/6)
	best := 0.0
	for _, p := range r.Curve {
		best = max(best, p.MCC)
	}
	near("mcc_best", r.MCCBest, best)
	if len(r.Mistakes) != 2 || r.Mistakes[0].Utterance != "wrong" || r.Mistakes[1].Wanted != "" {
		t.Errorf("mistakes %+v", r.Mistakes)
	}
}

func TestMeasure_OneKindAlone(t *testing.T) {
	t.Parallel()
	s := scripted{"right": decided(knowledge.Answer, 0.9, "a")}
	for _, cases := range [][]eval.Case{nil, {{Utterance: "right", Entry: "a"}}, {{Utterance: "right"}}} {
		r, err := eval.Measure(t.Context(), s, cases, 0.6)
		if err != nil || r.AUCAnswerable != nil {
			t.Errorf("%+v, %v", r, err)
		}
		if _, err := json.Marshal(r); err != nil {
			t.Error(err)
		}
	}
}

// TestReport_Golden keeps the readable report of a small made-up measurement; -update writes it anew.
func TestReport_Golden(t *testing.T) {
	t.Parallel()
	s := scripted{}
	var cases []eval.Case
	for i := range 40 {
		text := strings.Repeat("x", i+1)
		right := faq.EntryID([]string{"a", "b", "c"}[i%3])
		s[text] = decided([]knowledge.Kind{knowledge.Answer, knowledge.Clarify, knowledge.Fallback}[min(2, i/15)], knowledge.Confidence(40-i)/40, []faq.EntryID{right, "a"}[min(1, i%7/6)], "b", "c")
		cases = append(cases, eval.Case{Utterance: text, Entry: string(right[:min(1, i%5)])})
	}
	r, err := eval.Measure(t.Context(), s, cases, 0.625)
	if err != nil {
		t.Fatal(err)
	}
	r.MicrosecondsPerQuestion, r.TrainSeconds = 100, 1
	path := filepath.Join("testdata", "report.golden")
	if *update {
		if err := os.WriteFile(path, []byte(r.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if diff := cmp.Diff(string(want), r.String()); err != nil || diff != "" {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}
