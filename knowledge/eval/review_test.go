package eval_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"faqbot/faq"
	"faqbot/faq/faqtest"
	"faqbot/faq/transfer"
	"faqbot/knowledge"
	"faqbot/knowledge/eval"
	"faqbot/knowledge/index"

	"github.com/google/go-cmp/cmp"
)

// serving is a matcher over published entries.
func serving(t *testing.T, entries ...faq.Entry) *knowledge.Matcher {
	t.Helper()
	x, err := index.Open("", index.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	return knowledge.New(x, knowledge.Options{}).With(published(entries...))
}

func published(entries ...faq.Entry) []faq.Change {
	var out []faq.Change
	for _, e := range entries {
		out = append(out, faq.Change{Entry: e.ID, Live: &faq.Revision{Number: 1, Live: 1, Status: faq.Published, Content: e}})
	}
	return out
}

func entry(id, question, answer string, phrasings ...string) faq.Entry {
	e := faq.Entry{ID: faq.EntryID(id), Language: "en", Question: question, Answers: []faq.Answer{{Language: "en", Text: answer}}}
	for _, p := range phrasings {
		e.Phrasings = append(e.Phrasings, faq.Phrasing{Text: p})
	}
	return e
}

// shop is a small FAQ with nothing to find.
func shop() []faq.Entry {
	return []faq.Entry{
		entry("returns", "How long can I return something?", "Within 30 days of delivery.", "return period", "can I send it back"),
		entry("delivery", "How long does delivery take?", "Two or three working days.", "when will my parcel arrive", "shipping time"),
		entry("abroad", "Do you deliver to other countries?", "To all of Europe, from 9.90.", "shipping abroad", "international delivery"),
		entry("hours", "When are you open?", "Monday to Friday from 9:00 to 18:00.", "opening hours", "are you open on Sunday"),
		entry("cancel", "Can I cancel my order?", "As long as it has not been packed.", "cancel an order"),
		entry("pay", "How can I pay?", "By card, transfer or invoice.", "payment methods", "do you take cards"),
		entry("password", "I forgot my password", "Press “forgotten” on the login page.", "reset my password", "cannot log in"),
		entry("gift", "Do you sell gift vouchers?", "From 10 to 200 euros.", "gift card", "voucher as a present"),
	}
}

const today = "2026-06-15"

func reviewed(t *testing.T, m *knowledge.Matcher, draft eval.Draft, questions ...knowledge.Question) eval.Findings {
	t.Helper()
	draft.Today = today
	f, err := eval.Review(t.Context(), m, draft, eval.Stored{Missed: questions})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// inShort is a finding as the tests below write it: what asks has a mark.
func inShort(list []eval.Finding) []string {
	out := []string{}
	for _, f := range list {
		mark := ""
		if f.Asks {
			mark = "! "
		}
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s%s %s %s %s", mark, f.Entry, f.Field, f.Kind, f.Other)))
	}
	return out
}

func TestReview(t *testing.T) {
	t.Parallel()
	trial := func(change func(e *faq.Entry)) faq.Entry {
		e := entry("trial", "How do I repot a cactus?", "With gloves, in spring.", "new soil for a cactus")
		change(&e)
		return e
	}
	changed := func(id faq.EntryID, change func(e *faq.Entry)) faq.Entry {
		for _, e := range shop() {
			if e.ID == id {
				change(&e)
				return e
			}
		}
		return faq.Entry{}
	}
	twin := func(text string, change ...func(e *faq.Entry)) faq.Entry {
		e := entry("again", "How long can I return something to you?", text, "return period of my order", "when is it too late")
		for _, c := range change {
			c(&e)
		}
		return e
	}
	tests := []struct {
		name  string
		draft []faq.Entry
		want  []string
	}{
		{"nothing", nil, nil},
		{"a good entry", []faq.Entry{trial(func(*faq.Entry) {})}, nil},
		{"as it is served", shop()[:1], nil},

		{"a phrasing is another entry's question", []faq.Entry{trial(func(e *faq.Entry) { e.Phrasings[0].Text = "how can I PAY" })},
			[]string{"! trial phrasings[0] phrasing_taken pay"}},
		{"a phrasing is another entry's phrasing", []faq.Entry{changed("pay", func(e *faq.Entry) { e.Phrasings[1].Text = "gift card" })},
			[]string{"! pay phrasings[1] phrasing_taken gift"}},
		{"both are new", []faq.Entry{entry("one", "Do you sharpen shears?", "Yes."), entry("two", "Do you mend spades?", "No.", "do you sharpen shears")},
			[]string{"! one question phrasing_taken two"}},
		{"taken on another network", []faq.Entry{trial(func(e *faq.Entry) { e.Phrasings[0].Text = "how can I pay"; e.Audience.Staff = true })}, nil},

		{"a phrasing of another entry", []faq.Entry{trial(func(e *faq.Entry) {
			e.Phrasings = append(e.Phrasings, faq.Phrasing{Text: "how can I reset my password please"})
		})},
			[]string{"! trial phrasings[1] phrasing_nearer password"}},
		{"every phrasing is another entry's", []faq.Entry{entry("trial", "Password?", "Ask us.", "I forgot my password again", "I cannot log in")},
			[]string{"! trial question unreachable password"}},
		{"a phrasing of another entry, for staff", []faq.Entry{trial(func(e *faq.Entry) {
			e.Phrasings, e.Audience.Staff = append(e.Phrasings, faq.Phrasing{Text: "how can I reset my password please"}), true
		})}, nil},
		{"a phrasing of an entry that will be over", []faq.Entry{
			trial(func(e *faq.Entry) {
				e.Phrasings, e.Validity.From = append(e.Phrasings, faq.Phrasing{Text: "how can I reset my password please"}), "2027-01-01"
			}),
			changed("password", func(e *faq.Entry) { e.Validity.Until = "2026-12-31" })}, nil},
		{"every phrasing but one", []faq.Entry{entry("trial", "Password?", "Ask us.", "I forgot my password again", "I cannot log in", "sunflower seeds")},
			[]string{"! trial phrasings[0] phrasing_nearer password", "! trial phrasings[1] phrasing_nearer password", "trial question near_duplicate password"}},
		{"a phrasing like its own", []faq.Entry{changed("password", func(e *faq.Entry) { e.Phrasings = append(e.Phrasings, faq.Phrasing{Text: "please reset my password"}) })}, nil},

		{"nearly the same question", []faq.Entry{twin("Ask us.")}, []string{"! again phrasings[0] phrasing_nearer returns", "again question near_duplicate returns"}},
		{"the same with the same number", []faq.Entry{twin("You have 30 days.")}, []string{"! again phrasings[0] phrasing_nearer returns", "again question near_duplicate returns"}},
		{"the same with another number", []faq.Entry{twin("You have 14 days.")},
			[]string{"! again phrasings[0] phrasing_nearer returns", "! again answers[0].text contradiction returns", "again question near_duplicate returns"}},
		{"another number of something else", []faq.Entry{twin("It costs 4.90 euros.")}, []string{"! again phrasings[0] phrasing_nearer returns", "again question near_duplicate returns"}},
		{"the same and one more", []faq.Entry{twin("Within 30 days; after 14 days for sale items.")}, []string{"! again phrasings[0] phrasing_nearer returns", "again question near_duplicate returns"}},
		{"another number in another language", []faq.Entry{twin("As we agree.", func(e *faq.Entry) { e.Answers = append(e.Answers, faq.Answer{Language: "de", Text: "14 Tage."}) })},
			[]string{"! again phrasings[0] phrasing_nearer returns", "again answers[1].text numbers_differ", "again question near_duplicate returns"}},
		{"another number for others", []faq.Entry{twin("You have 14 days.", func(e *faq.Entry) { e.Audience.Staff = true })}, nil},
		{"another number later", []faq.Entry{twin("You have 14 days.", func(e *faq.Entry) { e.Audience.Channels = []string{"telegram"} }),
			changed("returns", func(e *faq.Entry) { e.Audience.Channels = []string{"discord"} })}, nil},
		{"another question with another number", []faq.Entry{entry("refund", "When do I get my money back?", "Within 14 days.", "how long does a refund take")}, nil},

		{"out of date", []faq.Entry{trial(func(e *faq.Entry) { e.Validity.Until = "2026-06-14" })}, []string{"trial validity unreachable"}},
		{"its last day", []faq.Entry{trial(func(e *faq.Entry) { e.Validity.Until = today })}, nil},
		{"not yet", []faq.Entry{trial(func(e *faq.Entry) { e.Validity.From = "2027-01-01" })}, nil},
		{"on no network", []faq.Entry{trial(func(e *faq.Entry) { e.Audience.Channels = []string{"Telegram"} })}, []string{"trial audience unreachable"}},
		{"on one network", []faq.Entry{trial(func(e *faq.Entry) { e.Audience.Channels = []string{"Telegram", "discord"} })}, nil},

		{"what texts alone tell", []faq.Entry{trial(func(e *faq.Entry) { e.FollowUps = []faq.EntryID{"gone", "pay"}; e.Answers[0].Text = "[a](b)" })},
			[]string{"trial answers[0].text link_broken", "trial follow_ups[0] follow_up_missing gone"}},
		{"in a language of its own", []faq.Entry{trial(func(e *faq.Entry) { e.Language, e.Answers[0].Language = "de", "de" })}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := reviewed(t, serving(t, shop()...), eval.Draft{Changes: published(tt.draft...)})
			if diff := cmp.Diff(append([]string{}, tt.want...), inShort(f.List)); diff != "" {
				t.Errorf("(-want +got):\n%s%+v", diff, f.List)
			}
			for _, found := range f.List {
				if found.Place == "" || found.Text == "" || found.Kind == eval.PhrasingNearer != (found.Confidence > 0 && found.Asks && found.Field != "question") {
					t.Errorf("%+v", found)
				}
			}
		})
	}
}

// A language is missing where the FAQ keeps several of each entry, not where each entry has one and its twin another.
func TestReview_Languages(t *testing.T) {
	t.Parallel()
	spanish := entry("es-pay", "¿Cómo puedo pagar?", "Con tarjeta.", "formas de pago")
	spanish.Language, spanish.Answers[0].Language = "es", "es"
	var translated, apart []faq.Entry
	for _, e := range shop() {
		both, other := e.Clone(), e.Clone()
		both.Answers = append(both.Answers, faq.Answer{Language: "es", Text: e.Answers[0].Text})
		other.ID, other.Language, other.Answers[0].Language = "es-"+e.ID, "es", "es"
		other.Question, other.Phrasings = "¿"+e.Question, nil
		translated, apart = append(translated, both), append(apart, e, other)
	}
	for name, tt := range map[string]struct {
		faq  []faq.Entry
		want []string
	}{
		"an English FAQ":      {shop(), nil},
		"entries of each":     {apart[:len(apart)-1], nil},
		"entries of both":     {translated, []string{"es-pay answers language_missing"}},
		"hardly any has both": {append(shop(), translated[:3]...), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := reviewed(t, serving(t, tt.faq...), eval.Draft{Changes: published(spanish)})
			got := slices.DeleteFunc(inShort(f.List), func(s string) bool { return !strings.Contains(s, "language_missing") })
			if !slices.Equal(got, tt.want) {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// What is taken is shown as it is written, and is no news in other capitals.
func TestReview_TakenAsWritten(t *testing.T) {
	t.Parallel()
	trial := entry("trial", "How do I repot a cactus?", "With gloves.", "How can I PAY, please-please?", "new soil for a cactus")
	pay := entry("bank", "Which banks do you have?", "Ours.", "how can i pay please please")
	f := reviewed(t, serving(t, append(shop(), pay)...), eval.Draft{Changes: published(trial)})
	if len(f.List) != 1 || f.List[0].Text != "“How can I PAY, please-please?” already belongs to “bank”" {
		t.Errorf("%+v", f.List)
	}
	louder := trial.Clone()
	louder.Phrasings[0].Text = "HOW CAN I PAY PLEASE PLEASE"
	if f := reviewed(t, serving(t, append(shop(), pay, trial)...), eval.Draft{Changes: published(louder)}); len(f.List) > 0 {
		t.Errorf("%+v", f.List)
	}
}

// What was so before, and what a draft does not touch, is not told again.
func TestReview_News(t *testing.T) {
	t.Parallel()
	taken := entry("trial", "How do I repot a cactus?", "With [gloves](x).", "how can I pay", "new soil for a cactus", "how can I reset my password please")
	twin := entry("again", "How long can I return something to you?", "You have 14 days.", "return period of my order", "when is it too late")
	over := entry("over", "When is the summer party?", "In May.", "garden feast")
	over.Validity.Until = "2026-05-31"
	before := append(shop(), taken, twin, over)
	tagged := func(e faq.Entry) faq.Entry { e.Tags = []string{"a"}; return e }
	for name, tt := range map[string]struct {
		draft faq.Entry
		want  []string
	}{
		"another entry":    {entry("seeds", "Do you sell seeds?", "In spring.", "tomato seeds"), nil},
		"taken and nearer": {tagged(taken), nil},
		"contradiction":    {tagged(twin), nil},
		"out of date":      {tagged(over), nil},
		"a new one":        {entry("again", twin.Question, "You have 15 days.", "return period of my order", "when is it too late"), []string{"! again answers[0].text contradiction returns"}},
		"the other's side": {entry("returns", shop()[0].Question, "Within 60 days of delivery.", "return period", "can I send it back"), []string{"! returns answers[0].text contradiction again"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := reviewed(t, serving(t, before...), eval.Draft{Changes: published(tt.draft)})
			if diff := cmp.Diff(append([]string{}, tt.want...), inShort(f.List)); diff != "" {
				t.Errorf("(-want +got):\n%s%+v", diff, f.List)
			}
		})
	}
}

// What is not served takes part as text alone.
func TestReview_Saved(t *testing.T) {
	t.Parallel()
	m := serving(t, shop()...)
	other := entry("other", "Do you sell seeds?", "In spring.", "tomato seeds")
	stands := entry("trial", "How do I repot a cactus?", "[a](x)", "new soil")
	saved := entry("trial", "How do I repot a cactus?", "[a](x)", "tomato seeds", "how can I pay", "please reset my password")
	saved.FollowUps = []faq.EntryID{"other"}
	f := reviewed(t, m, eval.Draft{Saved: []faq.Entry{saved}, Stored: []faq.Entry{other, stands}}, knowledge.Question{Utterance: "how can I pay"})
	want := []string{"trial phrasings[0] phrasing_taken other", "trial phrasings[1] phrasing_taken pay"}
	if diff := cmp.Diff(want, inShort(f.List)); diff != "" || len(f.Changed) > 0 || f.Asks() > 0 {
		t.Errorf("(-want +got):\n%s%+v", diff, f)
	}
}

// A text that only stands as a draft does not keep anybody from publishing; what is served does, whatever its entry is being rewritten to.
func TestReview_TakenByDraft(t *testing.T) {
	t.Parallel()
	stored := []faq.Entry{entry("other", "Do you sell seeds?", "In spring.", "tomato seeds"), entry("pay", "Which banks do you have?", "Ours.", "bank account")}
	trial := entry("trial", "How do I repot a cactus?", "So.", "tomato seeds", "how can I pay", "bank account")
	f := reviewed(t, serving(t, shop()...), eval.Draft{Changes: published(trial), Stored: stored})
	want := []string{"! trial phrasings[1] phrasing_taken pay", "trial phrasings[0] phrasing_taken other", "trial phrasings[2] phrasing_taken pay"}
	if diff := cmp.Diff(want, inShort(f.List)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReview_Changed(t *testing.T) {
	t.Parallel()
	asked := func(utterances ...string) []knowledge.Question {
		var out []knowledge.Question
		for _, u := range utterances {
			out = append(out, knowledge.Question{Utterance: u})
		}
		return out
	}
	draft := published(entry("shears", "Do you sharpen shears?", "Yes.", "sharpening service"), entry("pay", "Which bank do you have?", "Ours.", "bank account"),
		entry("invoice", "Payment methods", "None."))
	draft = append(draft, faq.Change{Entry: "gift"})
	questions := asked("do you sharpen shears?", "how can I pay", "gift card", "payment methods", "opening hours", "zwrkl bmptq", "Do you sharpen SHEARS", " ")
	f := reviewed(t, serving(t, shop()...), eval.Draft{Changes: draft}, questions...)
	var got []string
	for _, c := range f.Changed {
		got = append(got, fmt.Sprintf("%s: %s %s, %s %s, %v", c.Utterance, c.Before.Decision, c.Before.Entry, c.After.Decision, c.After.Entry, c.Asks))
	}
	want := []string{"payment methods: answer pay, answer invoice, true", "gift card: answer gift, fallback , true", "do you sharpen shears?: fallback , answer shears, false"}
	lost := slices.IndexFunc(f.Changed, func(c eval.Changed) bool { return c.Utterance == "how can I pay" })
	if lost < 0 || !f.Changed[lost].Asks || f.Changed[lost].After.Decision == knowledge.Answer {
		t.Errorf("how can I pay: %+v", f.Changed)
	}
	if lost >= 0 {
		got = slices.Delete(got, lost, lost+1)
	}
	if diff := cmp.Diff(want, got); diff != "" || f.Questions != 6 {
		t.Errorf("%d questions (-want +got):\n%s", f.Questions, diff)
	}
	if said := f.Changed[0].String(); !strings.HasPrefix(said, "“payment methods”: until now answered by “pay” (") || !strings.Contains(said, "), then answered by “invoice” (") {
		t.Error(said)
	}
	if f.Asks() < 3 {
		t.Errorf("%d to decide", f.Asks())
	}
	if f := reviewed(t, serving(t, shop()...), eval.Draft{Changes: published(shop()...)}, questions...); f.Questions != 0 {
		t.Errorf("%d questions are asked of what changes nothing", f.Questions)
	}
	many := make([]knowledge.Question, eval.MostQuestions+10)
	for i := range many {
		many[i].Utterance = fmt.Sprintf("question %d", i)
	}
	if f := reviewed(t, serving(t), eval.Draft{Changes: draft}, many...); f.Questions != eval.MostQuestions {
		t.Errorf("%d questions were asked", f.Questions)
	}
}

// sample is the FAQ that answers where nobody has written one.
func sample(t *testing.T) []faq.Entry {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("..", "..", "cmd", "faqbot", "sample", "sample.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := transfer.ReadBytes("sample.yaml", content, transfer.Options{DefaultLanguage: "en"})
	if err != nil {
		t.Fatal(err)
	}
	var out []faq.Entry
	for _, item := range doc.Items {
		out = append(out, item.Entry)
	}
	return out
}

// TestReview_Sample holds the review to a FAQ that is in order: what it tells of it is what it would bother an editor with.
func TestReview_Sample(t *testing.T) {
	t.Parallel()
	faqtest.ComputesAlone(t)
	entries := sample(t)
	ways := 0
	for _, e := range entries {
		ways += 1 + len(e.Phrasings)
	}
	f := reviewed(t, serving(t), eval.Draft{Changes: published(entries...)})
	for _, found := range f.List {
		t.Logf("%s: %s %s", found.Entry, found.Place, found.Text)
		if found.Kind != eval.PhrasingNearer {
			t.Errorf("%s: %s %s", found.Entry, found.Place, found.Text)
		}
	}
	t.Logf("%d findings on %d ways to ask, %d to decide", len(f.List), ways, f.Asks())
	if f.Asks() > 2 || len(f.List) > ways*3/100 {
		t.Errorf("an editor is bothered with %d findings, %d of them to decide", len(f.List), f.Asks())
	}

	// The same FAQ with a phrasing in a wrong place: of these it tells.
	told, misplaced := 0, 0
	for i := 0; i < len(entries); i += 5 {
		misplaced++
		wrong := entries[i].Clone()
		wrong.Phrasings = append(wrong.Phrasings, faq.Phrasing{Text: "oh " + entries[(i+40)%len(entries)].Question})
		entries[i], wrong = wrong, entries[i]
		f := reviewed(t, serving(t, append(slices.Clone(entries[:i]), append([]faq.Entry{wrong}, entries[i+1:]...)...)...), eval.Draft{Changes: published(entries[i])})
		if slices.ContainsFunc(f.List, func(found eval.Finding) bool { return found.Kind == eval.PhrasingNearer }) {
			told++
		}
		entries[i] = wrong
	}
	if told < misplaced*3/4 {
		t.Errorf("%d of %d misplaced phrasings are told of", told, misplaced)
	}
}
