package store_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
	"faqbot/faq"
	"faqbot/faq/fault"
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

// TestStore_MissesLeaveTheirGroups: what was answered after all, is too old or was deleted is in no group any more, for who sorts and for the next.
func TestStore_MissesLeaveTheirGroups(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s, ctx := open(t, settings), t.Context()
		clock, oldest := noon.Add(time.Hour), noon.AddDate(-1, 0, 0)
		sorter := insight.NewSorter(s, insight.SortOptions{Entries: func() []*faq.Entry { return nil }, Language: "en",
			Now: func() time.Time { return clock }, OldestFunc: func(time.Time) time.Time { return oldest }})
		round := func() {
			t.Helper()
			for more := true; more; {
				var err error
				more, err = sorter.Round(ctx)
				must(t, err)
			}
		}
		placed := func() (ids []string) {
			t.Helper()
			page, _, err := s.Placed(ctx, 0, 100)
			must(t, err)
			for _, m := range page {
				ids = append(ids, m.ID)
			}
			slices.Sort(ids)
			return ids
		}
		misses := lacked()[:3]
		for i, text := range []string{"do you wrap gifts?", "can you please wrap gifts", "wrap gifts at all"} {
			misses[i].Utterance, misses[i].At = text, noon.Add(time.Duration(i)*time.Minute)
			must(t, s.Commit(ctx, says(misses[i].ID, 1), bot.Turn{Misses: misses[i : i+1]}))
		}
		round()
		wantSame(t, placed(), []string{"miss-000", "miss-001", "miss-002"})
		gap, err := s.Gap(ctx, 1)
		must(t, err)
		titled := slices.IndexFunc(misses, func(m insight.Miss) bool { return m.Utterance == gap.Title })
		if titled < 0 {
			t.Fatalf("the gap is called %q", gap.Title)
		}

		answer := misses[titled]
		answer.Answered = true
		must(t, s.Commit(ctx, says(answer.ID, 2), bot.Turn{Misses: []insight.Miss{answer}}))
		round()
		rest := placed()
		if len(rest) != 2 || slices.Contains(rest, answer.ID) {
			t.Fatalf("after %s was answered, placed are %q", answer.ID, rest)
		}
		if gap, err = s.Gap(ctx, 1); err != nil || gap.Title == answer.Utterance {
			t.Errorf("the gap is still called %q, %v", gap.Title, err)
		}
		answer.Answered = false
		must(t, s.Commit(ctx, says(answer.ID, 3), bot.Turn{Misses: []insight.Miss{answer}}))
		round()
		wantSame(t, placed(), []string{"miss-000", "miss-001", "miss-002"})

		oldest, clock = misses[1].At, clock.Add(2*time.Hour)
		round()
		wantSame(t, placed(), []string{"miss-001", "miss-002"})
		count, err := s.Sorted(ctx)
		must(t, err)
		must(t, s.Prune(ctx, store.Retention{Misses: oldest}))
		if now, err := s.Sorted(ctx); err != nil || now != count {
			t.Errorf("what had left is deleted, and who sorts is to learn all anew: %d, not %d, %v", now, count, err)
		}
		must(t, s.Prune(ctx, store.Retention{Misses: oldest.Add(time.Second)}))
		if now, err := s.Sorted(ctx); err != nil || now == count {
			t.Errorf("a miss is deleted in its group, and who sorts does not hear of it: %d, %v", now, err)
		}
		round()
		wantSame(t, placed(), []string{"miss-002"})
	})
}

// TestStore_DesertedGaps: a gap that nobody's question is in is called by none, whether it was merged or what was in it counts no more.
func TestStore_DesertedGaps(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s, ctx := open(t, settings), t.Context()
		sorter := insight.NewSorter(s, insight.SortOptions{Entries: func() []*faq.Entry { return nil }, Language: "en", Now: func() time.Time { return noon.Add(time.Hour) }})
		round := func() {
			t.Helper()
			_, err := sorter.Round(ctx)
			must(t, err)
		}
		misses := lacked()[:3]
		for i, text := range []string{"do you wrap gifts?", "where is your shop", "can shoes be mended"} {
			misses[i].Utterance = text
			must(t, s.Commit(ctx, says(misses[i].ID, 1), bot.Turn{Misses: misses[i : i+1]}))
		}
		round()
		found, err := s.MissesByID(ctx, []string{"miss-000", "miss-001", "miss-002"})
		must(t, err)
		gifts, shops, shoes := found[0].Gap, found[1].Gap, found[2].Gap
		if gifts == shops || shops == shoes || gifts == shoes {
			t.Fatalf("they are in gaps %d, %d and %d", gifts, shops, shoes)
		}
		_, err = s.AddWish(ctx, insight.Wish{Kind: insight.MergeGroups, Group: gifts, Into: shops, By: "eve", At: noon})
		must(t, err)
		answer := misses[2]
		answer.Answered = true
		must(t, s.Commit(ctx, says(answer.ID, 2), bot.Turn{Misses: []insight.Miss{answer}}))
		round()
		gaps, err := s.GapsOf(ctx, []insight.GroupID{gifts, shoes})
		must(t, err)
		if g := gaps[gifts]; g.Into != shops || g.Title != "…" {
			t.Errorf("the merged gap is %+v", g)
		}
		if g := gaps[shoes]; g.Title != "…" || g.State != insight.GapDismissed || g.Open() {
			t.Errorf("the empty gap is %+v", g)
		}
	})
}

// TestStore_ForgottenWhileItIsSorted: who sorts begins anew when somebody is forgotten whose question is about to be put into a group.
func TestStore_ForgottenWhileItIsSorted(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s, ctx := open(t, settings), t.Context()
		m := lacked()[0]
		m.Person = insight.PersonOf("test", "ada")
		must(t, s.Commit(ctx, says("ada", 1), bot.Turn{Misses: []insight.Miss{m}}))
		known, err := s.Sorted(ctx)
		must(t, err)
		_, err = s.Erase(ctx, "test", "ada")
		must(t, err)
		step := insight.Sorted{Placed: []insight.Placed{{Miss: m.ID, Place: insight.Place{Group: 1, Part: 1}}}, Known: &known}
		if err := s.Sort(ctx, step); !fault.Is(err, fault.Conflict) {
			t.Errorf("a question of somebody who was forgotten was put into a group: %v", err)
		}
	})
}
