package store_test

import (
	"os"
	"testing"

	"go.uber.org/goleak"

	"faqbot/bot/bottest"
	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
	"faqbot/bot/webchat"
	"faqbot/bot/webchat/webchattest"
	"faqbot/faq"
	"faqbot/faq/faqtest"
)

func TestMain(m *testing.M) {
	if settings := os.Getenv(crashChild); settings != "" {
		commitUntilKilled(settings)
	}
	goleak.VerifyTestMain(m)
}

func open(t testing.TB, settings store.Settings) *store.Store {
	t.Helper()
	return storetest.Open(t, settings, store.Options{})
}

func TestStore_Entries(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		faqtest.TestStore(t, func(t *testing.T) faq.Store { return open(t, storetest.SQLite(t)) })
	})
	t.Run("postgres", func(t *testing.T) {
		faqtest.TestStore(t, func(t *testing.T) faq.Store { return open(t, store.Settings{URL: storetest.Postgres(t)}) })
	})
}

func TestStore_Bot(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		bottest.TestStore(t, func(t *testing.T) bottest.Store { return open(t, storetest.SQLite(t)) })
	})
	t.Run("postgres", func(t *testing.T) {
		bottest.TestStore(t, func(t *testing.T) bottest.Store { return open(t, store.Settings{URL: storetest.Postgres(t)}) })
	})
}

func TestStore_Webchat(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		webchattest.TestStore(t, func(t *testing.T) webchat.Store { return open(t, storetest.SQLite(t)).Webchat() })
	})
	t.Run("postgres", func(t *testing.T) {
		webchattest.TestStore(t, func(t *testing.T) webchat.Store { return open(t, store.Settings{URL: storetest.Postgres(t)}).Webchat() })
	})
}
