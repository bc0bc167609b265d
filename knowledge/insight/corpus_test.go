package insight_test

import (
	"testing"

	"faqbot/knowledge/insight"
	"faqbot/knowledge/insight/insighttest"
)

// shopMasker is that of the business that the made-up messages are written to.
func shopMasker(t testing.TB) insight.Masker {
	t.Helper()
	var patterns []insight.Pattern
	for _, text := range insighttest.Patterns {
		p, err := insight.ParsePattern(text)
		if err != nil {
			t.Fatal(err)
		}
		patterns = append(patterns, p)
	}
	return insight.NewMasker(patterns...)
}

// TestMasker_Mask_Messages masks made-up messages of which it is known what is personal in them.
func TestMasker_Mask_Messages(t *testing.T) {
	t.Parallel()
	masker := shopMasker(t)
	messages := insighttest.Messages(500)
	for _, m := range messages {
		if len(m.Personal) == 0 || len(m.Left(m.Text)) != len(m.Personal) {
			t.Fatalf("%q does not hold what is said to be in it: %q", m.Text, m.Personal)
		}
		masked := masker.Of(m.Name, m.Username).Mask(m.Text)
		if left := m.Left(masked); len(left) > 0 {
			t.Errorf("%q became %q, which still has %q", m.Text, masked, left)
		}
	}
}

// TestMasker_Mask_Harmless leaves alone what is not personal: a question that lost its numbers is of no use.
func TestMasker_Mask_Harmless(t *testing.T) {
	t.Parallel()
	masker := shopMasker(t).Of("Ana de la Cruz", "Will_May")
	if n := len(insighttest.Harmless); n < 150 {
		t.Fatalf("there are %d", n)
	}
	for _, text := range insighttest.Harmless {
		if got := masker.Mask(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}
