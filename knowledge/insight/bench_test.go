package insight_test

import "testing"

// BenchmarkMasker_Mask is what a question costs before it is kept.
func BenchmarkMasker_Mask(b *testing.B) {
	for name, text := range map[string]string{
		"nothing": "how long does the delivery to Spain take, and is it possible on saturdays?",
		"numbers": "can i return 2 of 3 items within 30 days after the sale of 2026",
		"much":    "Hello, my name is Sarah Connor and I live at 221B Baker Street, London NW1 6XE. Where is my order 4711?",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				masker.Mask(text)
			}
		})
	}
}
