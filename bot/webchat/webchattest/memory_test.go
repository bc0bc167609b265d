package webchattest_test

import (
	"testing"

	"faqbot/bot/webchat"
	"faqbot/bot/webchat/webchattest"
)

func TestMemoryStore(t *testing.T) {
	webchattest.TestStore(t, func(*testing.T) webchat.Store { return &webchattest.MemoryStore{} })
}
