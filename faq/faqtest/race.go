package faqtest

import (
	"runtime/debug"
	"testing"
)

// Raced is true where the race detector watches memory, which makes everything many times slower.
var Raced = func() bool {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return false
	}
	for _, s := range info.Settings {
		if s.Key == "-race" {
			return s.Value == "true"
		}
	}
	return false
}()

// ComputesAlone says that a test computes much and does one thing after another: under the race detector, which has nothing to find there and makes it
// take minutes, it is skipped.
func ComputesAlone(t testing.TB) {
	t.Helper()
	if Raced {
		t.Skip("SKIP: it takes minutes under the race detector, and nothing of it is concurrent; it runs without")
	}
}
