package knowledge_test

import (
	"testing"

	"faqbot/knowledge"
)

// TestMatcher_AnswerAt gives an entry its own confidence: what answers otherwise is offered.
func TestMatcher_AnswerAt(t *testing.T) {
	t.Parallel()
	const asked = "tell me when the shop is open"
	usual := ask(t, knowing(t, knowledge.Options{}, shop()...), said(asked))
	if usual.Kind != knowledge.Answer || bestOf(usual) != "hours" || usual.Confidence > 0.98 {
		t.Fatalf("%s %q %.2f tells nothing", usual.Kind, bestOf(usual), usual.Confidence)
	}
	careful := shop()
	for i := range careful {
		if careful[i].ID == "hours" {
			careful[i].AnswerAt = 0.99
		}
	}
	m := knowing(t, knowledge.Options{}, careful...)
	if d := ask(t, m, said(asked)); d.Kind != knowledge.Clarify || d.Confidence != usual.Confidence {
		t.Errorf("%s at %.2f, want an offer at %.2f", d.Kind, d.Confidence, usual.Confidence)
	}
	if d := ask(t, m, said("how can I pay")); d.Kind != knowledge.Answer {
		t.Errorf("another entry is %s", d.Kind)
	}
	if d := ask(t, m, said("When are you open?")); d.Kind != knowledge.Answer {
		t.Errorf("asked word for word it is %s (%.2f)", d.Kind, d.Confidence)
	}
}
