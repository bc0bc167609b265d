package transfer_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"faqbot/faq"
	"faqbot/faq/faqtest"
	"faqbot/faq/fault"
	"faqbot/faq/transfer"
)

func plan(t *testing.T, store faq.Store, name, content string, o transfer.Options) transfer.Plan {
	t.Helper()
	p, err := transfer.NewPlan(read(t, name, content, o), records(t, store))
	if err != nil {
		t.Fatalf("plan %s: %v", name, err)
	}
	return p
}

func apply(t *testing.T, editor *faq.Editor, p transfer.Plan) []faq.Revision {
	t.Helper()
	revisions, err := p.Apply(t.Context(), editor, "ada")
	if err != nil {
		t.Fatalf("apply: %v", err)
	}
	return revisions
}

func wantEntry(t *testing.T, store faq.Store, want faq.Entry, status faq.Status) {
	t.Helper()
	record, err := store.Find(t.Context(), want.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, record.Head.Content, cmpopts.EquateEmpty()); diff != "" || record.Head.Status != status {
		t.Errorf("%s is %s, want %s (-want +got):\n%s", want.ID, record.Head.Status, status, diff)
	}
}

func TestPlan(t *testing.T) {
	t.Parallel()
	editor, store := newEditor()
	apply(t, editor, plan(t, store, "first.yaml", "- {id: a, question: What?, answer: So.}\n- {id: b, question: Where?, answer: There., tags: [x]}\n- {id: c, question: Who?, answer: You., status: draft}\n", transfer.Options{}))
	p := plan(t, store, "shop.csv", "id,question,answer,Views\na,What?,So.,1\nb,Where?,Here.,2\nc,Who?,You.,3\nd,Why?,Because.,4\n", transfer.Options{})
	want := strings.TrimLeft(`
shop.csv: 1 to add, 1 to change, 2 unchanged, 0 skipped
change   b  Where?  [published]
           answer (en): “There.” → “Here.”
add      d  Why?  [published]
note     shop.csv:1: Views: column “Views” is none of ours and is ignored
`, "\n")
	if got := p.String(); got != want {
		t.Errorf("the plan reads\n%s\nwant\n%s", got, want)
	}
	revisions := apply(t, editor, p)
	if len(revisions) != 2 || revisions[0].By != "ada" || revisions[0].Note != "from shop.csv" || revisions[0].Number != 2 {
		t.Errorf("revisions are %+v", revisions)
	}
	b := simple("b", "Where?", "Here.")
	b.Tags = []string{"x"}
	wantEntry(t, store, b, faq.Published)
	wantEntry(t, store, simple("c", "Who?", "You."), faq.Draft)
	if again := plan(t, store, "shop.csv", "id,question,answer\na,What?,So.\nb,Where?,Here.\n", transfer.Options{}); !again.Empty() {
		t.Errorf("the second time the plan is\n%s", again)
	}
}

func TestPlan_Statuses(t *testing.T) {
	t.Parallel()
	editor, store := newEditor()
	content := "- {id: d, question: d, answer: x, status: draft}\n- {id: r, question: r, answer: x, status: in_review}\n- {id: p, question: p, answer: x}\n- {id: a, question: a, answer: x, status: archived}\n"
	apply(t, editor, plan(t, store, "f.yaml", content, transfer.Options{}))
	for id, want := range map[faq.EntryID]faq.Status{"d": faq.Draft, "r": faq.InReview, "p": faq.Published, "a": faq.Archived} {
		wantEntry(t, store, simple(string(id), string(id), "x"), want)
	}
	if p := plan(t, store, "f.yaml", content, transfer.Options{}); !p.Empty() {
		t.Errorf("nothing changed, but the plan is\n%s", p)
	}
	if doc := transfer.Items(records(t, store)); len(doc) != 4 || doc[0].Status != faq.Archived {
		t.Errorf("items are %+v", doc)
	}
	apply(t, editor, plan(t, store, "f.yaml", "- {id: p, question: p, answer: x, status: archived}\n- {id: a, question: a, answer: x, status: published}\n", transfer.Options{}))
	wantEntry(t, store, simple("p", "p", "x"), faq.Archived)
	wantEntry(t, store, simple("a", "a", "x"), faq.Published)
	record, err := store.Find(t.Context(), "p")
	if err != nil || record.Live != nil {
		t.Errorf("the archived entry is still served (%v)", err)
	}
	apply(t, editor, plan(t, store, "f.csv", "id,question,answer\na,a,new\n", transfer.Options{Draft: true}))
	record, err = store.Find(t.Context(), "a")
	if err != nil || record.Head.Status != faq.Draft || record.Live == nil || record.Live.Content.Answers[0].Text != "x" {
		t.Errorf("as drafts an import changed what is served: %+v (%v)", record, err)
	}
}

func TestPlan_WithoutIDs(t *testing.T) {
	t.Parallel()
	editor, store := newEditor()
	apply(t, editor, plan(t, store, "f.yaml", "- {id: returns, question: How can I return it?, answer: x}\n- {id: how-much, question: Other, answer: x}\n", transfer.Options{}))
	p := plan(t, store, "f.csv", "question,answer,follow ups\nHOW can I return it,By post.,how-much\nHow much?,Ten.,\n", transfer.Options{})
	if len(p.Steps) != 2 || p.Steps[0].Item.Entry.ID != "returns" || p.Steps[1].Item.Entry.ID != "how-much-2" || p.Steps[0].Item.Entry.FollowUps[0] != "how-much-2" {
		t.Errorf("the plan is\n%s", p)
	}
	apply(t, editor, p)
	if n := len(records(t, store)); n != 3 {
		t.Errorf("%d entries, want 3", n)
	}
}

// A document says nothing of what it has no column for.
func TestPlan_KeepsWhatIsNotCarried(t *testing.T) {
	t.Parallel()
	full := fullEntry
	answers := func(change func(e *faq.Entry)) faq.Entry {
		e := full.Clone()
		change(&e)
		return e
	}
	tests := []struct {
		name, file, content string
		want                faq.Entry
	}{
		{"question and answer", "f.csv", "id,question,answer\nreturns-period,How long?,10 days.\n", answers(func(e *faq.Entry) { e.Question, e.Answers[0].Text = "How long?", "10 days." })},
		{"tags emptied", "f.csv", "id,question,tags\nreturns-period,How long can I return something?,\n", answers(func(e *faq.Entry) { e.Tags = nil })},
		{"one language", "f.csv", "id,question,answer[es],phrasings[es]\nreturns-period,How long can I return something?,10 días.,hola\n",
			answers(func(e *faq.Entry) {
				e.Answers[1].Text = "10 días."
				e.Phrasings = []faq.Phrasing{{Text: "hola", Language: "es"}, e.Phrasings[0], e.Phrasings[1]}
			})},
		{"a new language", "f.csv", "id,question,answer[de]\nreturns-period,How long can I return something?,30 Tage.\n",
			answers(func(e *faq.Entry) { e.Answers = append(e.Answers, faq.Answer{Language: "de", Text: "30 Tage."}) })},
		{"a language emptied", "f.csv", "id,question,question[es],answer[es],buttons[es]\nreturns-period,How long can I return something?,,,\n",
			answers(func(e *faq.Entry) { e.Answers = e.Answers[:1] })},
		{"another site's file", "returns-period.md", "---\ntitle: How long?\ndate: 2020-01-01\n---\n10 days.\n",
			answers(func(e *faq.Entry) {
				e.Question, e.Answers[0].Text, e.Care.CheckedOn = "How long?", "10 days.", "2020-01-01"
			})},
		{"a whole entry", "f.yaml", "- {id: returns-period, question: a, answer: b}\n", simple("returns-period", "a", "b")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			editor, store := newEditor()
			if _, err := editor.Save(t.Context(), faq.Edit{Content: full, Publish: true}); err != nil {
				t.Fatal(err)
			}
			// the document's default language is not the entry's, and it does not say its own
			o := transfer.Options{DefaultLanguage: "fr"}
			if test.file == "f.yaml" {
				o = transfer.Options{}
			}
			apply(t, editor, plan(t, store, test.file, test.content, o))
			wantEntry(t, store, test.want, faq.Published)
		})
	}
	t.Run("what does not hold once merged", func(t *testing.T) {
		_, err := transfer.NewPlan(read(t, "f.csv", "id,question,tags\nnew,What?,x\n", transfer.Options{}), nil)
		wantProblems(t, err, "f.csv:2: answers: has no text in en")
	})
}

func TestPlan_AllOrNothing(t *testing.T) {
	t.Parallel()
	editor, store := newEditor()
	content := "- {id: a, question: a, answer: x}\n- {id: b, question: b, answer: x}\n"
	apply(t, editor, plan(t, store, "f.yaml", content, transfer.Options{}))
	p := plan(t, store, "f.yaml", strings.ReplaceAll(content, "x", "y")+"- {id: c, question: c, answer: y}\n", transfer.Options{})
	if _, err := editor.Save(t.Context(), faq.Edit{Content: simple("b", "b", "meanwhile"), Base: 1, Publish: true, By: "bob"}); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Apply(t.Context(), editor, "ada"); !fault.Is(err, fault.Conflict) {
		t.Errorf("got %v, want a conflict", err)
	}
	wantEntry(t, store, simple("a", "a", "x"), faq.Published)
	wantEntry(t, store, simple("b", "b", "meanwhile"), faq.Published)
	if n := len(records(t, store)); n != 2 {
		t.Errorf("%d entries, want 2", n)
	}
}

// What is exported from a store and imported into it again changes nothing, whatever the format.
func TestPlan_RoundTripIsEmpty(t *testing.T) {
	t.Parallel()
	for seed := range uint64(10) {
		store := &faqtest.MemoryStore{}
		for _, item := range newGenerator(seed).items(12) {
			r := faq.Revision{Number: 1, Content: item.Entry, Status: item.Status}
			if err := store.Append(t.Context(), r); err != nil {
				t.Fatal(err)
			}
		}
		all := records(t, store)
		for _, format := range transfer.Formats {
			p, err := transfer.NewPlan(throughFile(t, format, transfer.Items(all)), all)
			if err != nil {
				t.Fatal(err)
			}
			if !p.Empty() {
				t.Fatalf("seed %d, %s: the plan is\n%s", seed, format, p)
			}
		}
	}
}

func TestPlan_IsSafeToPrint(t *testing.T) {
	t.Parallel()
	p := plan(t, &faqtest.MemoryStore{}, "f\x1b[2J.yaml", "- {id: a, question: \"\\u202eevil\", answer: x}\n", transfer.Options{})
	if s := p.String(); strings.ContainsAny(s, "\x1b\u202e") {
		t.Errorf("control characters came through: %q", s)
	}
}
