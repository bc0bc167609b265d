package insight_test

import "testing"

// TestGrouper_Place_masked: who asks, and what was left out of a text, does not put together what is asked for different things.
func TestGrouper_Place_masked(t *testing.T) {
	t.Parallel()
	d := newDesk(shop())
	asked := d.asked(
		"my name is [name], is parking possible", "my name is [name], do you ship rabbits", "hello, I am [name] [number], who founded the firm",
		"mi nombre es [name], can one swim there", "card [number] was charged twice",
	)
	for i, m := range asked {
		for _, other := range asked[:i] {
			if d.together(m, other) {
				t.Errorf("%q and %q are one group", m.Utterance, other.Utterance)
			}
		}
	}
	plain := d.asked("is parking possible", "do you ship rabbits", "who founded the firm")
	for i, m := range plain {
		if !d.together(m, asked[i]) {
			t.Errorf("%q and %q are two groups", m.Utterance, asked[i].Utterance)
		}
	}
}
