package store_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
	"faqbot/faq"
	"faqbot/knowledge/insight"
)

// lacked are questions of several kinds, in many words.
func lacked() []insight.Miss {
	kinds := [][2][]string{
		{{"do you wrap", "can you wrap", "is it possible to wrap", "please wrap"}, {"gifts", "a gift", "my order as a gift", "presents", "this present nicely"}},
		{{"where is", "how do I find", "is there", "which town has"}, {"your shop", "a shop near me", "the nearest shop", "a shop of yours"}},
		{{"do you repair", "can you fix", "how much is it to mend"}, {"a broken zip", "my torn jacket", "shoes", "the sole of my boots"}},
	}
	var out []insight.Miss
	for k, kind := range kinds {
		for i, verb := range kind[0] {
			for j, noun := range kind[1] {
				n := len(out)
				out = append(out, insight.Miss{ID: fmt.Sprintf("miss-%03d", n), Person: fmt.Sprint("p", k, i, j), Utterance: verb + " " + noun,
					Language: "en", Network: "test", Reason: insight.NothingFitted, At: noon.Add(time.Duration(n*7919%60) * time.Second)})
			}
		}
	}
	return out
}

// TestStore_SortsTheSame: groups and their members are the same on both databases, after a restart, and from what is stored alone.
func TestStore_SortsTheSame(t *testing.T) {
	t.Parallel()
	entries := []*faq.Entry{{ID: "returns", Language: "en", Question: "How long can I return something?", Phrasings: []faq.Phrasing{{Text: "can i send it back"}, {Text: "return a jacket"}}}}
	sorter := func(s *store.Store, now func() time.Time) *insight.Sorter {
		return insight.NewSorter(s, insight.SortOptions{Entries: func() []*faq.Entry { return entries }, Language: "en", Now: now})
	}
	placedIn := func(t *testing.T, s *store.Store) map[string]insight.Place {
		page, _, err := s.Placed(t.Context(), 0, 1000)
		must(t, err)
		out := map[string]insight.Place{}
		for _, m := range page {
			out[m.ID] = insight.Place{Group: m.Gap, Part: m.Part}
		}
		return out
	}
	var mu sync.Mutex
	var first map[string]insight.Place
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s, ctx := open(t, settings), t.Context()
		for _, m := range lacked() {
			must(t, s.Commit(ctx, says(m.ID, 1), bot.Turn{Misses: []insight.Miss{m}}))
		}
		clock := noon
		now := func() time.Time { return clock }
		worker := sorter(s, now)
		for range 70 { // a second at a time, so that it is sorted in many steps
			clock = clock.Add(time.Second)
			_, err := worker.Round(ctx)
			must(t, err)
		}
		got := placedIn(t, s)
		if len(got) != len(lacked()) {
			t.Fatalf("%d of %d are placed", len(got), len(lacked()))
		}
		_, err := sorter(s, now).Round(ctx)
		must(t, err)
		wantSame(t, placedIn(t, s), got)
		mu.Lock()
		defer mu.Unlock()
		if first == nil {
			first = got
		}
		wantSame(t, got, first)
	})
}
