package store_test

import (
	"fmt"
	"testing"

	"faqbot/bot"
	"faqbot/bot/handoff"
	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
)

func TestStore_Search(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s := open(t, settings)
		for i, question := range []string{"Is it waterproof?", "Is it red?", "Is the RED one waterproof?"} {
			e := says(fmt.Sprint("customer", i), 1)
			handed := handOff(e, bot.Conversation{}, situation(t, s, e).Fresh.Number)
			handed.Ticket.Question = question
			if i == 2 {
				handed.Ticket.Status = handoff.Closed
			}
			must(t, s.Commit(t.Context(), e, handed))
		}
		for words, want := range map[string][]string{
			"waterproof": {"Is the RED one waterproof?", "Is it waterproof?"}, "red waterproof": {"Is the RED one waterproof?"}, "blue": nil,
			"it": {"Is it red?", "Is it waterproof?"},
		} {
			found, err := s.Search(t.Context(), words, 2)
			must(t, err)
			var got []string
			for _, v := range found {
				got = append(got, v.Question)
			}
			wantSame(t, got, want)
		}
		found, err := s.Search(t.Context(), "waterproof", 1)
		must(t, err)
		wantSame(t, len(found), 1)
	})
}
