package store_test

import (
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/handoff"
	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
)

func TestStore_Block(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		now := noon
		s := storetest.Open(t, settings, store.Options{Now: func() time.Time { return now }})
		b := handoff.Block{Network: "test", Person: "ada", Number: 7, Until: noon.Add(30 * day), By: "Ben"}
		said := 0
		commit := func(b handoff.Block) {
			said++
			e := says("staff", said)
			done := turn(e, bot.Conversation{ID: "c-staff", Key: bot.KeyOf(e), Ordinal: 1, Version: int64(said - 1)})
			done.Block, done.Actions, done.Timers = &b, nil, nil
			must(t, s.Commit(t.Context(), e, done))
		}
		blocked := func(want bool) {
			t.Helper()
			wantSame(t, situation(t, s, says("ada", 1)).Blocked, want)
		}
		blocked(false)
		commit(b)
		blocked(true)
		wantSame(t, situation(t, s, says("bob", 1)).Blocked, false)
		found, err := s.Block(t.Context(), 7)
		must(t, err)
		wantSame(t, found, &b)
		found, err = s.Block(t.Context(), 8)
		must(t, err)
		wantSame(t, found, (*handoff.Block)(nil))

		now = noon.Add(30 * day)
		blocked(false)
		found, err = s.Block(t.Context(), 7)
		must(t, err)
		wantSame(t, found, (*handoff.Block)(nil))

		b.Until = noon.Add(60 * day) // once more, before the old one was deleted
		commit(b)
		blocked(true)
		lifted := b
		lifted.Until = time.Time{}
		commit(lifted)
		blocked(false)
	})
}
