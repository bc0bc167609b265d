package eval_test

import (
	"fmt"
	"testing"

	"faqbot/faq"
	"faqbot/knowledge"
	"faqbot/knowledge/eval"

	"github.com/google/go-cmp/cmp"
)

func known(utterance string, id faq.EntryID) eval.Known {
	return eval.Known{Question: knowledge.Question{Utterance: utterance}, Entry: id}
}

// TestReview_Broken asks the questions whose answer is known of what is about to be served.
func TestReview_Broken(t *testing.T) {
	t.Parallel()
	steals := entry("steals", "payment methods", "None.", "do you take cards")
	for name, tt := range map[string]struct {
		draft eval.Draft
		known []eval.Known
		want  []string
		asked int
	}{
		"taken by another": {eval.Draft{Changes: published(steals)}, []eval.Known{known("gift card", "gift"), known("payment methods", "pay")},
			[]string{"payment methods: pay, answer pay → answer steals"}, 2},
		"withdrawn": {eval.Draft{Changes: []faq.Change{{Entry: "gift"}}}, []eval.Known{known("voucher as a present", "gift")},
			[]string{"voucher as a present: gift, answer gift → fallback "}, 1},
		"answered though nothing answers it": {eval.Draft{Changes: published(entry("shears", "Do you sharpen shears?", "Yes."))},
			[]eval.Known{known("Do you sharpen shears?", "")}, []string{"Do you sharpen shears?: , fallback  → answer shears"}, 1},
		"from nothing to a wrong answer": {eval.Draft{Changes: published(entry("shears", "Do you sharpen shears?", "Yes."))},
			[]eval.Known{known("Do you sharpen shears?", "pay")}, []string{"Do you sharpen shears?: pay, fallback  → answer shears"}, 1},
		"wrong already":     {eval.Draft{Changes: published(steals)}, []eval.Known{known("payment methods", "gift")}, nil, 1},
		"wrong no more":     {eval.Draft{Changes: published(steals)}, []eval.Known{known("payment methods", "steals")}, nil, 0}, // it is not served yet, so that nobody can have meant it
		"not served":        {eval.Draft{Changes: published(steals)}, []eval.Known{known("payment methods", "gone")}, nil, 0},
		"nothing is served": {eval.Draft{Saved: []faq.Entry{steals}}, []eval.Known{known("payment methods", "pay")}, nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.draft.Today = today
			f, err := eval.Review(t.Context(), serving(t, shop()...), tt.draft, eval.Stored{Known: tt.known})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, b := range f.Broken {
				got = append(got, fmt.Sprintf("%s: %s, %s %s → %s %s", b.Utterance, b.Entry, b.Before.Decision, b.Before.Entry, b.After.Decision, b.After.Entry))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" || f.Known != tt.asked || f.Asks() < len(tt.want) {
				t.Errorf("%d asked, %d to decide (-want +got):\n%s", f.Known, f.Asks(), diff)
			}
		})
	}
}

// What is both unanswered, as somebody once asked it, and in the test set is told of once, as what weighs more.
func TestReview_BrokenAndMissed(t *testing.T) {
	t.Parallel()
	q := known("payment methods", "pay")
	f, err := eval.Review(t.Context(), serving(t, shop()...), eval.Draft{Changes: published(entry("steals", "payment methods", "None.")), Today: today},
		eval.Stored{Missed: []knowledge.Question{q.Question, {Utterance: "do you take cards"}}, Known: []eval.Known{q}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range f.Changed {
		if c.Utterance == q.Utterance {
			t.Errorf("told of twice: %v", c)
		}
	}
	if len(f.Broken) != 1 || f.Questions != 2 {
		t.Errorf("%+v", f)
	}
}

// With more than can be asked, each entry has its turn, and of each what became known last.
func TestReview_BrokenIsBalanced(t *testing.T) {
	t.Parallel()
	list := []eval.Known{known("gift card", "gift")}
	for i := range 2 * eval.MostKnown {
		list = append(list, known(fmt.Sprintf("opening hours %d", i), "hours"))
	}
	list = append(list, known("opening hours", "hours"))
	f, err := eval.Review(t.Context(), serving(t, shop()...), eval.Draft{Changes: []faq.Change{{Entry: "gift"}, {Entry: "hours"}}, Today: today}, eval.Stored{Known: list})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, b := range f.Broken {
		found[b.Utterance] = true
	}
	if f.Known != eval.MostKnown || !found["gift card"] || !found["opening hours"] {
		t.Errorf("%d were asked, %v", f.Known, found)
	}
}
