package knowledge_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"faqbot/faq"
	"faqbot/knowledge"
	"faqbot/knowledge/index"

	"go.uber.org/goleak"
)

// The index library starts these with the program and never stops them.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/blevesearch/bleve_index_api.AnalysisWorker"))
}

// served is a source whose entries a test sets; each step of it is one change.
type served struct {
	cursor faq.Cursor
	steps  []faq.Change
}

func (s *served) Changes(_ context.Context, after faq.Cursor) ([]faq.Change, faq.Cursor, error) {
	return s.steps[min(int(after), len(s.steps)):], faq.Cursor(len(s.steps)), nil
}

func (s *served) publish(entries ...faq.Entry) {
	for _, e := range entries {
		s.steps = append(s.steps, faq.Change{Entry: e.ID, Live: &faq.Revision{Number: 1, Live: 1, Content: e, Status: faq.Published}})
	}
}

func (s *served) withdraw(id faq.EntryID) { s.steps = append(s.steps, faq.Change{Entry: id}) }

// unsearchable is an index that finds nothing: every entry is ranked.
type unsearchable struct{ cursor faq.Cursor }

func (*unsearchable) Search(context.Context, []knowledge.Term, int) ([]faq.EntryID, error) {
	return nil, errors.New("this index is never searched")
}

func (u *unsearchable) Apply(_ context.Context, _ []faq.Change, cursor faq.Cursor) error {
	u.cursor = cursor
	return nil
}

func (u *unsearchable) Cursor() faq.Cursor { return u.cursor }

// recording is an index that keeps what it was asked for.
type recording struct {
	unsearchable
	terms []knowledge.Term
}

func (r *recording) Search(_ context.Context, terms []knowledge.Term, _ int) ([]faq.EntryID, error) {
	r.terms = terms
	return nil, nil
}

// knowing is a matcher over entries. Those of a large FAQ are found through a real index.
func knowing(t testing.TB, options knowledge.Options, entries ...faq.Entry) *knowledge.Matcher {
	t.Helper()
	s := &served{}
	s.publish(entries...)
	return knowingFrom(t, options, s)
}

func knowingFrom(t testing.TB, options knowledge.Options, s *served) *knowledge.Matcher {
	t.Helper()
	x, err := index.Open("", index.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	m := knowledge.New(x, options)
	synced(t, m, s)
	return m
}

func synced(t testing.TB, m *knowledge.Matcher, s knowledge.Source) {
	t.Helper()
	if err := m.Sync(t.Context(), s); err != nil {
		t.Fatalf("sync: %v", err)
	}
}

// ask decides a question that is expected to have one decision.
func ask(t testing.TB, m *knowledge.Matcher, q knowledge.Question) knowledge.Decision {
	t.Helper()
	decisions := askAll(t, m, q)
	if len(decisions) != 1 {
		t.Errorf("%q has %d decisions, want one", q.Utterance, len(decisions))
	}
	return decisions[0]
}

func askAll(t testing.TB, m *knowledge.Matcher, q knowledge.Question) []knowledge.Decision {
	t.Helper()
	decisions, err := m.Decide(t.Context(), q)
	if err != nil {
		t.Fatalf("decide %q: %v", q.Utterance, err)
	}
	if len(decisions) == 0 {
		t.Fatalf("%q has no decision", q.Utterance)
	}
	return decisions
}

func said(utterance string) knowledge.Question { return knowledge.Question{Utterance: utterance} }

// bestOf is the ID of the first candidate, "" where there is none.
func bestOf(d knowledge.Decision) faq.EntryID {
	if e := d.Best(); e != nil {
		return e.ID
	}
	return ""
}

func entry(id, question, answer string, phrasings ...string) faq.Entry {
	e := faq.Entry{ID: faq.EntryID(id), Language: "en", Question: question, Answers: []faq.Answer{{Language: "en", Text: answer}}}
	for _, p := range phrasings {
		e.Phrasings = append(e.Phrasings, faq.Phrasing{Text: p})
	}
	return e
}

// shop is a small FAQ in English.
func shop() []faq.Entry {
	return []faq.Entry{
		entry("returns", "How long can I return something?", "Within 30 days of delivery.", "return period", "can I send it back"),
		entry("delivery", "How long does delivery take?", "Two or three working days.", "when will my parcel arrive", "shipping time"),
		entry("abroad", "Do you deliver to other countries?", "To all of Europe, from 9.90.", "shipping abroad", "international delivery"),
		entry("hours", "When are you open?", "Monday to Friday from 9 to 18.", "opening hours", "are you open on Sunday"),
		entry("cancel", "Can I cancel my order?", "As long as it has not been packed.", "cancel an order"),
		entry("pay", "How can I pay?", "By card, transfer or invoice.", "payment methods", "do you take cards"),
		entry("password", "I forgot my password", "Press “forgotten” on the login page.", "reset my password", "cannot log in"),
		entry("gift", "Do you sell gift vouchers?", "From 10 to 200.", "gift card", "voucher as a present"),
	}
}

// padding makes a FAQ so large that it is searched rather than ranked whole; none of it is about a shop.
func padding(n int) []faq.Entry {
	animals := []string{"otter", "badger", "heron", "lynx", "newt", "marten", "stoat", "osprey", "plover", "vole"}
	places := []string{"river", "meadow", "cliff", "marsh", "forest", "estuary", "moor", "hedge", "quarry", "lagoon"}
	out := make([]faq.Entry, n)
	for i := range out {
		a, p := animals[i%10], places[i/10%10]
		out[i] = entry(fmt.Sprintf("pad%03d", i), fmt.Sprintf("Does the %s of reserve %d live near the %s?", a, 100+i, p),
			fmt.Sprintf("Yes, the %s lives near the %s, at post %d.", a, p, 7*i), fmt.Sprintf("%s %s reserve %d", p, a, 100+i))
	}
	return out
}
