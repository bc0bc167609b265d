package store_test

import (
	"encoding/json"
	"flag"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"

	"faqbot/bot/bottest"
	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
	"faqbot/bot/webchat"
	"faqbot/bot/webchat/webchattest"
	"faqbot/faq"
	"faqbot/faq/faqtest"
	"faqbot/knowledge/insight/webhook"
	"faqbot/knowledge/insight/webhook/webhooktest"
)

func TestMain(m *testing.M) {
	if settings := os.Getenv(crashChild); settings != "" {
		commitUntilKilled(settings)
	}
	manyAtOnce()
	goleak.VerifyTestMain(m)
}

// manyAtOnce has more tests run at once than there are processors, unless a flag says how many: most of them wait for a disk.
func manyAtOnce() {
	flag.Parse()
	said := false
	flag.Visit(func(f *flag.Flag) { said = said || f.Name == "test.parallel" })
	if !said {
		_ = flag.Set("test.parallel", "8")
	}
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

func TestStore_Webhooks(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		db := raw(t, settings)
		webhooktest.TestQueue(t, func(t *testing.T) webhooktest.Fixture {
			s := open(t, settings)
			_, err := db.Exec(`DELETE FROM webhooks`)
			must(t, err)
			return webhooktest.Fixture{Queue: s.Webhooks(), AnnounceFunc: func(kind webhook.Kind, data string, at time.Time) {
				must(t, store.Announce(t.Context(), s, kind, json.RawMessage(data), at))
			}}
		})
	})
}
