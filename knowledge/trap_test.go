package knowledge_test

import (
	"testing"

	"faqbot/faq"
	"faqbot/knowledge"
)

// TestMatcher_Traps are complaints about bots of this kind, each as a small FAQ and what must come of a question.
func TestMatcher_Traps(t *testing.T) {
	t.Parallel()
	years := []faq.Entry{
		entry("y2023", "What were the prices in 2023?", "10.", "price list 2023"),
		entry("y2024", "What were the prices in 2024?", "12.", "price list 2024"),
		entry("y2025", "What are the prices in 2025?", "14.", "price list 2025"),
	}
	models := []faq.Entry{
		entry("x100", "How do I reset the X100?", "Hold both keys.", "reset x100"),
		entry("x200", "How do I reset the X200?", "Hold the red key.", "reset x200"),
	}
	polar := []faq.Entry{
		entry("login", "How can I log in?", "With your number.", "sign in to my account"),
		entry("nologin", "Why can't I log in?", "Perhaps you are blocked.", "i cannot sign in", "log in does not work"),
	}
	thief := append(shop(), entry("thief", "What is the warranty?", "A year.", "how long can i return something", "warranty period"))
	for _, c := range []struct {
		name      string
		entries   []faq.Entry
		utterance string
		want      faq.EntryID      // the first candidate; "" where it does not matter
		kinds     []knowledge.Kind // any of these
	}{
		{"entries that differ by a year", years, "prices 2024", "y2024", []knowledge.Kind{knowledge.Answer}},
		{"entries that differ by a year, another one", years, "what were the prices in 2023", "y2023", []knowledge.Kind{knowledge.Answer}},
		{"a year that nobody has", years, "what were the prices in 2019?", "", []knowledge.Kind{knowledge.Clarify, knowledge.Fallback}},
		{"entries that differ by a model", models, "my x200 needs a reset", "x200", []knowledge.Kind{knowledge.Answer, knowledge.Clarify}},
		{"a model that nobody has", models, "how do i reset the x300", "", []knowledge.Kind{knowledge.Clarify, knowledge.Fallback}},
		{"negation", polar, "i can't log in", "nologin", []knowledge.Kind{knowledge.Answer, knowledge.Clarify}},
		{"what shall not be done", shop(), "do not cancel my order", "cancel", []knowledge.Kind{knowledge.Clarify, knowledge.Fallback}},
		{"one thing for another", append(shop(), entry("canada", "Do you ship to Canada?", "Yes.")), "do you ship to mexico", "", []knowledge.Kind{knowledge.Clarify, knowledge.Fallback}},
		{"one thing for another, again", append(shop(), entry("watch", "Is the watch waterproof?", "Yes.")), "is the phone waterproof", "", []knowledge.Kind{knowledge.Clarify, knowledge.Fallback}},
		{"no negation", polar, "how do i log in", "login", []knowledge.Kind{knowledge.Answer}},
		{"one shared rare word", append(shop(), entry("orchid", "How often do I water an orchid?", "Weekly.")), "did the orchid win the football match", "", []knowledge.Kind{knowledge.Clarify, knowledge.Fallback}},
		{"a phrasing that is another entry's question", thief, "How long can I return something?", "returns", []knowledge.Kind{knowledge.Answer}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for size, m := range sizes(t, knowledge.Options{}, c.entries...) {
				if size == "large" {
					continue
				}
				for _, training := range []string{"before training", "after training"} {
					if training == "after training" {
						if err := m.Train(t.Context()); err != nil {
							t.Fatal(err)
						}
					}
					d := ask(t, m, said(c.utterance))
					fits := false
					for _, k := range c.kinds {
						fits = fits || d.Kind == k
					}
					if !fits || c.want != "" && bestOf(d) != c.want {
						t.Errorf("%s, %s: %s %q (%.2f), want %v %q", size, training, d.Kind, bestOf(d), d.Confidence, c.kinds, c.want)
					}
				}
			}
		})
	}
}
