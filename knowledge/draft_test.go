package knowledge_test

import (
	"math"
	"sync"
	"testing"

	"faqbot/faq"
	"faqbot/faq/faqtest"
	"faqbot/knowledge"
)

// drafting is changes as an editor makes them: some entries new or changed, some withdrawn.
func drafting(withdrawn []faq.EntryID, entries ...faq.Entry) []faq.Change {
	var s served
	s.publish(entries...)
	for _, id := range withdrawn {
		s.withdraw(id)
	}
	return s.steps
}

func TestMatcher_With(t *testing.T) {
	t.Parallel()
	faqtest.ComputesAlone(t)
	changed := entry("hours", "Which days is the shop closed?", "On Sundays.", "closing days")
	added := entry("repair", "Do you repair garden tools?", "Yes, in two weeks.", "mend my spade", "sharpen shears")
	abroad := faq.Entry{ID: "toll", Language: "de", Question: "Muss ich Zoll bezahlen?", Answers: []faq.Answer{{Language: "de", Text: "Nein."}}}
	tests := map[string]struct {
		published []faq.Entry
		changes   []faq.Change
	}{
		"nothing changes":             {shop(), nil},
		"a small FAQ":                 {shop(), drafting([]faq.EntryID{"gift"}, changed, added)},
		"a large FAQ":                 {append(padding(400), shop()...), drafting([]faq.EntryID{"gift", "pad007"}, changed, added)},
		"a question of two":           {append(shop(), entry("warranty", "How long is the warranty?", "A year.", "return period")), drafting(nil, entry("returns", "How long can I keep it?", "A week."))},
		"a language more":             {shop(), drafting(nil, abroad)},
		"the same entry twice":        {shop(), append(drafting(nil, changed), drafting([]faq.EntryID{"hours"})...)},
		"more than an index offers":   {append(padding(400), shop()...), drafting([]faq.EntryID{"gift"}, append(plural(padding(120)), changed, added)...)},
		"all of a FAQ, to begin with": {nil, drafting(nil, append(padding(400), shop()...)...)},
		"withdrawn, all of it":        {shop()[:2], drafting([]faq.EntryID{"returns", "delivery"})},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &served{}
			s.publish(tt.published...)
			questions := append(everyTenth(sampled(tt.published)), "mend my spade", "is the shop closed today", "Muss ich Zoll bezahlen?", "gift card", "do you sharpen shears", "return period")
			for _, c := range tt.changes {
				if c.Live != nil {
					questions = append(questions, "please tell "+c.Live.Content.Question)
				}
			}
			ranking := knowledge.New(&unsearchable{}, knowledge.Options{})
			synced(t, ranking, s)
			proposing := knowingFrom(t, knowledge.Options{}, s)
			before := decided(t, ranking, questions)
			draft, proposed := ranking.With(tt.changes), proposing.With(tt.changes)
			got := decided(t, draft, questions)

			s.steps = append(s.steps, tt.changes...)
			afresh := knowledge.New(&unsearchable{}, knowledge.Options{})
			synced(t, afresh, s)
			alike(t, "the draft", questions, decided(t, afresh, questions), got)
			alike(t, "what is published", questions, before, decided(t, ranking, questions))
			alike(t, "the draft, later", questions, got, decided(t, draft, questions))
			mostlyAlike(t, questions, got, decided(t, proposed, questions))
		})
	}
}

// plural are the same entries with other texts.
func plural(entries []faq.Entry) []faq.Entry {
	for i := range entries {
		entries[i].Question = "Who feeds " + entries[i].Phrasings[0].Text + "?"
	}
	return entries
}

func decided(t *testing.T, m *knowledge.Matcher, questions []string) []knowledge.Decision {
	t.Helper()
	out := make([]knowledge.Decision, len(questions))
	for i, q := range questions {
		out[i] = askAll(t, m, said(q))[0]
	}
	return out
}

func alike(t *testing.T, what string, questions []string, want, got []knowledge.Decision) {
	t.Helper()
	for i, q := range questions {
		w, g := want[i], got[i]
		if w.Kind != g.Kind || bestOf(w) != bestOf(g) || math.Abs(float64(w.Confidence-g.Confidence)) > 1e-9 {
			t.Errorf("%s, %q: %s %q %.6f, want %s %q %.6f", what, q, g.Kind, bestOf(g), g.Confidence, w.Kind, bestOf(w), w.Confidence)
		}
	}
}

// everyTenth of what a small FAQ is asked would be hundreds of a large one.
func everyTenth(questions []string) []string {
	var out []string
	for i := 0; i < len(questions); i += 10 {
		out = append(out, questions[i])
	}
	return out
}

// mostlyAlike compares what is decided among proposed entries with what is decided among all.
func mostlyAlike(t *testing.T, questions []string, want, got []knowledge.Decision) {
	t.Helper()
	differ := 0
	for i, q := range questions {
		if w, g := want[i], got[i]; w.Kind != g.Kind || w.Kind != knowledge.Fallback && bestOf(w) != bestOf(g) {
			differ++
			t.Logf("%q: among the proposed %s %q %.3f, among all %s %q %.3f", q, g.Kind, bestOf(g), g.Confidence, w.Kind, bestOf(w), w.Confidence)
		}
	}
	if share := float64(differ) / float64(len(questions)); share > 0.02 {
		t.Errorf("%.1f %% of the questions are decided otherwise", 100*share)
	}
}

// A draft goes on from a draft, as one that leaves a phrasing out does.
func TestMatcher_WithTwice(t *testing.T) {
	t.Parallel()
	first := entry("repair", "Do you repair garden tools?", "Yes.", "mend my spade")
	m := knowing(t, knowledge.Options{}, append(padding(400), shop()...)...)
	draft := m.With(drafting(nil, first))
	second := draft.With(drafting([]faq.EntryID{"repair"}))
	for name, tt := range map[string]struct {
		asked *knowledge.Matcher
		want  faq.EntryID
	}{"published": {m, ""}, "first": {draft, "repair"}, "second": {second, ""}} {
		d := ask(t, tt.asked, said("Do you repair garden tools?"))
		if got := bestOf(d); (d.Kind == knowledge.Answer || tt.want != "") && got != tt.want {
			t.Errorf("%s: %s %q, want %q", name, d.Kind, got, tt.want)
		}
	}
}

// What is published while a draft is asked reaches customers, and not the draft.
func TestMatcher_WithWhileServing(t *testing.T) {
	t.Parallel()
	s := &served{}
	s.publish(append(padding(400), shop()...)...)
	m := knowingFrom(t, knowledge.Options{}, s)
	draft := m.With(drafting([]faq.EntryID{"pay"}))
	later := append(s.steps, drafting(nil, entry("pay", "May I settle in coins?", "No."))...)
	var group sync.WaitGroup
	group.Go(func() { synced(t, m, &served{steps: later}) })
	group.Go(func() { decided(t, m, sampled(shop())) })
	decided(t, draft, sampled(shop()))
	group.Wait()
	if d := ask(t, m, said("May I settle in coins?")); bestOf(d) != "pay" || d.Kind != knowledge.Answer {
		t.Errorf("customers get %s %q", d.Kind, bestOf(d))
	}
	if d := ask(t, draft, said("May I settle in coins?")); d.Kind == knowledge.Answer {
		t.Errorf("the draft answers with %q", bestOf(d))
	}
}
