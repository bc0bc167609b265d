package store_test

import (
	"errors"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
	"faqbot/faq"
	"faqbot/faq/fault"
)

// An entry that a turn drafts is there with the turn: not without it, not twice, and served to nobody.
func TestStore_DraftOfATurn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s := open(t, settings)
		content := faq.Entry{ID: "ticket-1", Language: "en", Question: "Is it waterproof?", Answers: []faq.Answer{{Language: "en", Text: "Yes."}}}
		draft := faq.Revision{Number: 1, Status: faq.Draft, By: "Ben", At: noon, Note: "from ticket 1", Content: content}
		e := says("ada", 1)
		taught := turn(e, bot.Conversation{ID: "c-ada", Key: bot.KeyOf(e), Ordinal: 1})
		taught.Draft = &draft
		must(t, s.Commit(t.Context(), e, taught))
		if err := s.Commit(t.Context(), e, taught); !errors.Is(err, bot.ErrSeen) {
			t.Errorf("a second time: %v", err)
		}
		found, err := s.Find(t.Context(), "ticket-1")
		must(t, err)
		wantSame(t, found, faq.Record{Head: draft})
		history, err := s.History(t.Context(), "ticket-1")
		must(t, err)
		wantSame(t, len(history), 1)
		changes, _, err := s.Changes(t.Context(), 0)
		must(t, err)
		wantSame(t, len(changes), 0)

		again := says("bob", 1)
		other := turn(again, bot.Conversation{ID: "c-bob", Key: bot.KeyOf(again), Ordinal: 1})
		other.Draft = &draft
		if err := s.Commit(t.Context(), again, other); !fault.Is(err, fault.Conflict) {
			t.Errorf("an ID that is taken: %v", err)
		}
		if got := situation(t, s, again); got.Seen || got.Conversation.ID != "" {
			t.Errorf("a part of the turn was kept: %+v", got)
		}

		published, err := faq.NewEditor(s, func() time.Time { return noon }).Publish(t.Context(), "ticket-1", 1, "editor")
		must(t, err)
		wantSame(t, published.Live, 2)
	})
}
