package webhook_test

import (
	"testing"

	"go.uber.org/goleak"

	"faqbot/knowledge/insight/webhook/webhooktest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestMemory(t *testing.T) {
	t.Parallel()
	webhooktest.TestQueue(t, func(*testing.T) webhooktest.Fixture {
		m := webhooktest.NewMemory(webhooktest.Shop, webhooktest.Board)
		return webhooktest.Fixture{Queue: m, AnnounceFunc: m.Announce}
	})
}
