package faqtest_test

import (
	"testing"

	"go.uber.org/goleak"

	"faqbot/faq"
	"faqbot/faq/faqtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestMemoryStore(t *testing.T) {
	t.Parallel()
	faqtest.TestStore(t, func(*testing.T) faq.Store { return &faqtest.MemoryStore{} })
}
