package eval_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"faqbot/faq"
	"faqbot/faq/fault"
	"faqbot/knowledge"
	"faqbot/knowledge/eval"

	"github.com/google/go-cmp/cmp"
)

func TestJudged_Identity(t *testing.T) {
	t.Parallel()
	customer := eval.Judged{Utterance: "Can I send it back?", Person: "ann", Entry: "returns", Verdict: eval.Right, Source: eval.Customer}
	editor := eval.Judged{Utterance: "Can I send it back?", Entry: "returns", Verdict: eval.Right, Source: eval.Editor}
	change := func(j eval.Judged, do func(*eval.Judged)) eval.Judged { do(&j); return j }
	for name, c := range map[string]struct {
		a, b eval.Judged
		same bool
	}{
		"a later verdict":         {customer, change(customer, func(j *eval.Judged) { j.Verdict = eval.Wrong }), true},
		"another spelling":        {customer, change(customer, func(j *eval.Judged) { j.Utterance = "can i SEND it back" }), true},
		"another entry":           {customer, change(customer, func(j *eval.Judged) { j.Entry = "refund" }), false},
		"another person":          {customer, change(customer, func(j *eval.Judged) { j.Person = "bob" }), false},
		"another question":        {customer, change(customer, func(j *eval.Judged) { j.Utterance = "May I?" }), false},
		"another question before": {customer, change(customer, func(j *eval.Judged) { j.Previous = "May I?" }), false},
		"another source":          {customer, change(customer, func(j *eval.Judged) { j.Source = eval.Staff }), false},
		"signs alone":             {change(editor, func(j *eval.Judged) { j.Utterance = "???" }), change(editor, func(j *eval.Judged) { j.Utterance = "!" }), false},
		"an editor's other entry": {editor, change(editor, func(j *eval.Judged) { j.Entry = "refund" }), true},
		"nothing after all":       {editor, change(editor, func(j *eval.Judged) { j.Entry, j.Verdict = "", eval.Nothing }), true},
	} {
		if same := c.a.Identity() == c.b.Identity(); same != c.same {
			t.Errorf("%s: the same is %v, want %v", name, same, c.same)
		}
	}
}

func TestTestSet(t *testing.T) {
	t.Parallel()
	number := int64(0)
	said := func(source eval.Source, utterance string, entry faq.EntryID, verdict eval.Verdict) eval.Judged {
		number++
		return eval.Judged{ID: "x", Utterance: utterance, Entry: entry, Verdict: verdict, Source: source, Number: number}
	}
	customer := func(utterance string, entry faq.EntryID, verdict eval.Verdict) eval.Judged {
		return said(eval.Customer, utterance, entry, verdict)
	}
	continued := customer("and abroad?", "delivery-abroad", eval.Right)
	continued.Context = eval.Context{Language: "de", Network: "telegram", Previous: "how long does it take", Last: "delivery"}
	got := eval.TestSet([]eval.Judged{
		customer("most", "a", eval.Right), customer("most", "b", eval.Right), customer("Most?", "a", eval.Right),
		customer("as many", "a", eval.Right), customer("as many", "b", eval.Right),
		customer("refused", "a", eval.Wrong), customer("refused", "b", eval.Chosen),
		customer("doubtful", "a", eval.Chosen), customer("doubtful", "a", eval.Wrong),
		customer("unknown", "a", eval.Wrong),
		customer("picked later", "a", eval.Right), customer("picked later", "b", eval.Chosen),
		customer("known better", "a", eval.Right), customer("known better?", "a", eval.Right), said(eval.Staff, "known better", "b", eval.Right), said(eval.Editor, "known better", "c", eval.Right), customer("known better", "a", eval.Right),
		customer("nothing", "a", eval.Right), said(eval.Editor, "nothing", "", eval.Nothing),
		said(eval.Staff, "staff says wrong", "a", eval.Wrong), customer("staff says wrong", "a", eval.Right),
		customer("and abroad?", "returns", eval.Right), continued,
	})
	known := func(utterance, entry string) eval.Case {
		return eval.Case{Utterance: utterance, Entry: entry, Place: "stored question x"}
	}
	abroad := known("and abroad?", "delivery-abroad")
	abroad.Context = continued.Context
	want := []eval.Case{abroad, known("Most?", "a"), known("as many", "b"), known("refused", "b"), known("picked later", "a"), known("known better", "c"), known("nothing", ""), known("and abroad?", "returns")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestServed(t *testing.T) {
	t.Parallel()
	served, rest := eval.Served([]eval.Case{{Entry: "a"}, {Entry: "b"}, {}}, []*faq.Entry{{ID: "a"}})
	if diff := cmp.Diff([]eval.Case{{Entry: "a"}, {}}, served) + cmp.Diff([]eval.Case{{Entry: "b"}}, rest); diff != "" {
		t.Error(diff)
	}
}

// heard decides nothing and keeps what it was asked.
type heard []knowledge.Question

func (h *heard) Decide(_ context.Context, q knowledge.Question) ([]knowledge.Decision, error) {
	*h = append(*h, q)
	return []knowledge.Decision{{}}, nil
}

func TestMeasure_inContext(t *testing.T) {
	t.Parallel()
	var h heard
	c := eval.Case{Utterance: "and abroad?", Entry: "a", Context: eval.Context{Language: "de", Network: "telegram", Previous: "how long?", Last: "b"}}
	if _, err := eval.Measure(t.Context(), &h, []eval.Case{c}, 0.5); err != nil {
		t.Fatal(err)
	}
	want := heard{{Utterance: "and abroad?", Language: "de", Channel: "telegram", Previous: "how long?", Last: "b"}}
	if diff := cmp.Diff(want, h); diff != "" {
		t.Error(diff)
	}
}

// TestWriteCases reads what was written.
func TestWriteCases(t *testing.T) {
	t.Parallel()
	cases := []eval.Case{
		{Utterance: "two\nlines, \"and\" more", Entry: "a"}, {Utterance: "nothing"}, {Utterance: "=1+2", Entry: "a"}, {Utterance: "'=1+2", Entry: "a"},
		{Utterance: "'quoted'", Entry: "a"}, {Utterance: "-"}, {Utterance: "'"},
		{Utterance: "and abroad?", Entry: "b", Context: eval.Context{Language: "pt-BR", Network: "telegram", Previous: "@bot how long?", Last: "a"}},
	}
	var b bytes.Buffer
	if err := eval.WriteCases(&b, cases); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "\n=") || strings.Contains(b.String(), ",@") {
		t.Errorf("a spreadsheet finds a formula in\n%s", &b)
	}
	got, err := eval.ReadCases("q.csv", &b)
	if err != nil {
		t.Fatal(err)
	}
	for i := range got {
		got[i].Place = ""
	}
	if diff := cmp.Diff(cases, got); diff != "" {
		t.Error(diff)
	}
	if _, err := eval.ReadCases("q.csv", strings.NewReader("utterance,entry,language\none,a,en\ntwo,b,klingonish\n")); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "q.csv:3: ") {
		t.Error(err)
	}
}
