package knowledge_test

import (
	"slices"
	"testing"
	"unicode/utf8"

	"faqbot/faq"
	"faqbot/knowledge"
)

// FuzzDecide asks anything, of a FAQ that is ranked whole and of one that is searched.
func FuzzDecide(f *testing.F) {
	for _, seed := range []string{"how long does delivery take", "¿cuánto tarda?", "كيف أدفع؟", "返品は何日以内にできますか？", "a? b! c. d; e\nf", "\xff\x00", "ﷺ", "don't can't 3.5 1/2 ½ C++", ""} {
		f.Add(seed, "and how can I pay?", "en")
		f.Add("and abroad?", seed, "")
	}
	matchers := []*knowledge.Matcher{knowing(f, knowledge.Options{}, everything(0)...), knowing(f, knowledge.Options{}, everything(320)...)}
	f.Fuzz(func(t *testing.T, utterance, previous, language string) {
		q := knowledge.Question{Utterance: utterance, Previous: previous, Language: faq.Language(language), Last: "pay", Without: []faq.EntryID{"gift"}}
		for _, m := range matchers {
			decisions := askAll(t, m, q)
			for _, d := range decisions {
				sound(t, m, d)
			}
			e, err := m.Explain(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			each := append([]knowledge.Explanation{e}, e.Also...)
			if len(each) != len(decisions) {
				t.Fatalf("%d decisions, %d explained", len(decisions), len(each))
			}
			for i, d := range decisions {
				if each[i].Decision != d.Kind || each[i].Confidence != d.Confidence || each[i].Utterance != d.Utterance {
					t.Errorf("decided %s (%v), explained as %s (%v)", d.Kind, d.Confidence, each[i].Decision, each[i].Confidence)
				}
			}
			if _, err := m.Suggest(t.Context(), q, 8); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func everything(padded int) []faq.Entry {
	out := append(padding(padded), shop()...)
	for _, s := range languages {
		out = append(out, s.entries()...)
	}
	return append(out, entry("twin1", "Where is the shop?", "In Lisbon."), entry("twin2", "WHERE is the shop", "In Porto."))
}

// sound checks what holds of every decision.
func sound(t *testing.T, m *knowledge.Matcher, d knowledge.Decision) {
	t.Helper()
	if d.Confidence < 0 || d.Confidence > 1 || d.Confidence != d.Confidence {
		t.Errorf("confidence %v", d.Confidence)
	}
	if len(d.Candidates) > 10 {
		t.Errorf("%d candidates", len(d.Candidates))
	}
	if !slices.IsSortedFunc(d.Candidates, func(a, b knowledge.Candidate) int {
		switch {
		case a.Confidence > b.Confidence:
			return -1
		case a.Confidence < b.Confidence:
			return 1
		}
		return 0
	}) {
		t.Errorf("candidates are not sorted: %v", d.Candidates)
	}
	total := knowledge.Confidence(0)
	for _, c := range d.Candidates {
		if e, ok := m.Entry(c.Entry.ID); !ok || e != c.Entry {
			t.Errorf("%s is not served", c.Entry.ID)
		}
		if c.Entry.ID == "gift" {
			t.Error("a refused entry is a candidate")
		}
		total += c.Confidence
	}
	if total > 1+1e-9 {
		t.Errorf("the candidates' confidences add up to %v", total)
	}
	switch d.Kind {
	case knowledge.Answer, knowledge.Clarify:
		if len(d.Candidates) == 0 || d.Candidates[0].Confidence != d.Confidence {
			t.Errorf("decided %s (%v) without that candidate", d.Kind, d.Confidence)
		}
		if d.Kind == knowledge.Clarify && (d.Offers < 1 || d.Offers > min(3, len(d.Candidates))) {
			t.Errorf("%d offers of %d candidates", d.Offers, len(d.Candidates))
		}
	case knowledge.Fallback:
	default:
		t.Errorf("decided %q", d.Kind)
	}
}

// FuzzParts cuts anything into questions: what is said is neither lost nor doubled nor cut inside a letter.
func FuzzParts(f *testing.F) {
	for _, seed := range []string{"When are you open? Where is the shop?", "Hi! When?", "??? !!!", "3.5 kg. Yes\nno", "我可以退货吗？你好！", "\xff?\xfe!", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, utterance string) {
		var letters, kept []rune
		for _, r := range utterance {
			if faq.Fold(string(r)) != "" {
				letters = append(letters, r)
			}
		}
		for _, part := range knowledge.Parts(utterance) {
			if part == "" || utf8.ValidString(utterance) && !utf8.ValidString(part) {
				t.Errorf("part %q", part)
			}
			for _, r := range part {
				if faq.Fold(string(r)) != "" {
					kept = append(kept, r)
				}
			}
		}
		if !slices.Equal(letters, kept) {
			t.Errorf("%q became %q", string(letters), string(kept))
		}
	})
}
