package store_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
	"faqbot/faq/fault"
	"faqbot/knowledge/insight"
	"faqbot/knowledge/insight/webhook"
	"faqbot/knowledge/insight/webhook/webhooktest"
)

// missing has people miss an answer, one each, at these times.
func missing(t *testing.T, s *store.Store, word string, times ...time.Time) (ids []string) {
	t.Helper()
	for i, at := range times {
		e := says(fmt.Sprint(word, i), 1)
		m := insight.Miss{ID: fmt.Sprint("miss-", word, i), Conversation: "c", Person: fmt.Sprint(word, i), Utterance: word + "?", Reason: insight.NothingFitted, Network: "test", At: at}
		must(t, s.Commit(t.Context(), e, bot.Turn{Misses: []insight.Miss{m}}))
		ids = append(ids, m.ID)
	}
	return ids
}

// placed puts misses into a gap of their own.
func placed(t *testing.T, s *store.Store, gap insight.GroupID, ids ...string) {
	t.Helper()
	sorted := insight.Sorted{Gaps: []insight.Gap{{ID: gap, Title: fmt.Sprint("gap ", gap), State: insight.GapNew, OpenedAt: noon}}}
	for _, id := range ids {
		sorted.Placed = append(sorted.Placed, insight.Placed{Miss: id, Place: insight.Place{Group: gap, Part: 9}})
	}
	must(t, s.Sort(t.Context(), sorted))
}

// TestStore_Waiting: who asks for the same twice waits once, and nobody waits for the answer to another gap.
func TestStore_Waiting(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s := open(t, settings)
		for i, m := range []insight.Miss{
			{Person: "ann", Aftermath: insight.Aftermath{Wants: true}}, {Person: "ann", Aftermath: insight.Aftermath{Wants: true}}, {Person: "bob"},
			{Person: "cleo", Aftermath: insight.Aftermath{Wants: true}}, {Person: "dan", Aftermath: insight.Aftermath{Wants: true}},
		} {
			m.ID, m.Conversation, m.Utterance, m.Reason, m.Network, m.At = fmt.Sprint("waits", i), "c", "gifts?", insight.NothingFitted, "test", noon
			must(t, s.Commit(t.Context(), says(m.ID, 1), bot.Turn{Misses: []insight.Miss{m}}))
		}
		placed(t, s, 1, "waits0", "waits1", "waits2", "waits3")
		placed(t, s, 2, "waits4")
		for gap, want := range map[insight.GroupID]int{1: 2, 2: 1, 3: 0} {
			if n, err := s.Waiting(t.Context(), gap); n != want || err != nil {
				t.Errorf("%d wait for gap %d, %v; want %d", n, gap, err, want)
			}
		}
	})
}

func TestStore_Gaps(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s, ctx := open(t, settings), t.Context()
		day := func(n int) time.Time { return noon.AddDate(0, 0, -n) }
		gifts := missing(t, s, "gift", day(0), day(0), day(1), day(9), day(20))
		boats := missing(t, s, "boat", day(2))
		unplaced, err := s.Unplaced(ctx, noon.Add(time.Second), 10)
		must(t, err)
		if len(unplaced) != 6 || unplaced[0].ID != gifts[4] {
			t.Fatalf("unplaced are %+v", unplaced)
		}
		placed(t, s, 1, gifts...)
		placed(t, s, 2, boats...)
		all, _, err := s.Placed(ctx, 0, 10)
		must(t, err)
		if len(all) != 6 || all[0].ID != gifts[0] || all[0].Gap != 1 || all[0].Part != 9 {
			t.Fatalf("placed are %+v", all)
		}
		gaps, err := s.Gaps(ctx, "", 10)
		must(t, err)
		if len(gaps) != 2 || gaps[0].ID != 2 || gaps[1].ID != 1 || gaps[1].Version != 1 {
			t.Fatalf("gaps %+v", gaps)
		}
		numbers, err := s.Numbers(ctx, noon.Add(time.Second), 1)
		must(t, err)
		wantSame(t, numbers[1], insight.Numbers{Gap: 1, Misses: 5, People: 5, Week: 3, Before: [insight.Weeks]int{1, 1}, FirstAt: day(20), LastAt: day(0)})
		busiest, err := s.Busiest(ctx, day(7), noon.Add(time.Second), 10)
		must(t, err)
		wantSame(t, busiest, []insight.GroupID{1, 2})
		days, err := s.Days(ctx, noon.Add(time.Second), 1)
		must(t, err)
		wantSame(t, days, []insight.Day{{Gap: 1, People: 2, Month: 3, Known: 19}})

		g := gaps[1]
		g.Title, g.Named = "Wrapping gifts", true
		must(t, s.SaveGap(ctx, g))
		if err := s.SaveGap(ctx, g); !fault.Is(err, fault.Conflict) {
			t.Errorf("an old version was saved: %v", err)
		}
		wish, err := s.AddWish(ctx, insight.Wish{Kind: insight.MergeGroups, Group: 2, Into: 1, By: "eve", At: noon})
		must(t, err)
		wishes, err := s.Wishes(ctx, false)
		must(t, err)
		if len(wishes) != 1 || wishes[0].Number != wish || wishes[0].By != "eve" {
			t.Fatalf("wishes %+v", wishes)
		}
		wishes[0].Done = noon
		boat := gaps[0]
		boat.Into = 1
		merged := insight.Sorted{Merged: []insight.Merger{{From: 2, Into: 1}}, Gaps: []insight.Gap{boat}, Wishes: wishes}
		must(t, s.Sort(ctx, merged))
		if err := s.Sort(ctx, merged); !fault.Is(err, fault.Conflict) {
			t.Errorf("an edit was carried out twice: %v", err)
		}
		g, err = s.Gap(ctx, 2)
		must(t, err)
		if g.ID != 1 || g.Title != "Wrapping gifts" {
			t.Errorf("the merged gap is %+v", g)
		}
		g.State, g.Reason, g.ClosedAt = insight.GapDismissed, "not our trade", day(3)
		must(t, s.SaveGap(ctx, g))
		closed, err := s.Closed(ctx, insight.Period{From: day(3), To: day(2)})
		must(t, err)
		earlier, err := s.Closed(ctx, insight.Period{From: day(4), To: day(3)})
		must(t, err)
		if len(closed) != 1 || closed[0].ID != 1 || len(earlier) != 0 {
			t.Errorf("closed are %+v, before that %+v", closed, earlier)
		}
		of, err := s.MissesOf(ctx, 1, 10)
		must(t, err)
		if done, err := s.Wish(ctx, wish); len(of) != 6 || err != nil || !done.Done.Equal(noon) {
			t.Errorf("the edit is %+v, %v; the gap has %d misses", done, err, len(of))
		}
		if m, err := s.MissIn(ctx, 1, "miss-gift0"); err != nil || m.ID != gifts[0] {
			t.Errorf("found %+v, %v", m, err)
		}
		if _, err := s.MissIn(ctx, 1, "miss-gift"); !fault.Is(err, fault.Invalid) {
			t.Errorf("found one of several: %v", err)
		}
	})
}

// TestStore_MissEnds: what came of a question among people stands beside it, and a later word of the customer does not lose it.
func TestStore_MissEnds(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s, ctx := open(t, settings), t.Context()
		must(t, s.Commit(ctx, says("ada", 1), handOff(says("ada", 1), bot.Conversation{}, load(t, s, says("ada", 1)).Fresh.Number)))
		tickets, err := s.Tickets(ctx, "", 1)
		must(t, err)
		ticket := tickets[0]
		misses, err := s.Misses(ctx, time.Time{}, 1)
		must(t, err)
		m := misses[0]
		m.Ticket, m.Wants = string(ticket.ID), true
		now := load(t, s, says("ada", 2))
		must(t, s.Commit(ctx, says("ada", 2), bot.Turn{Conversation: now.Conversation, Misses: []insight.Miss{m}}))
		m.Ticket, m.Wants, m.Reason = "", false, insight.NoneOfThese
		now = load(t, s, says("ada", 3))
		must(t, s.Commit(ctx, says("ada", 3), bot.Turn{Conversation: now.Conversation, Misses: []insight.Miss{m}}))
		now = load(t, s, says("ada", 4))
		closed := *now.Ticket
		closed.Status, closed.Outcome, closed.RepliedAt, closed.ClosedAt, closed.Worked = "closed", "needs", noon, noon, 90*time.Second
		must(t, s.Commit(ctx, says("ada", 4), bot.Turn{Conversation: now.Conversation, Ticket: &closed}))
		misses, err = s.Misses(ctx, time.Time{}, 1)
		must(t, err)
		got := misses[0]
		if got.Reason != insight.PersonAnswered || got.Outcome != "needs" || got.Minutes != 2 || !got.Wants || got.Ticket != string(ticket.ID) {
			t.Errorf("the miss is %+v", got)
		}
	})
}

func TestStore_GiveUp(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s, ctx := open(t, settings), t.Context()
		missing(t, s, "old", noon.Add(-30*time.Hour), noon.Add(-time.Hour))
		must(t, s.GiveUp(ctx, noon.Add(-24*time.Hour)))
		misses, err := s.Misses(ctx, time.Time{}, 2)
		must(t, err)
		if misses[0].Reason != insight.NothingFitted || misses[1].Reason != insight.Abandoned {
			t.Errorf("the reasons are %s and %s", misses[0].Reason, misses[1].Reason)
		}
	})
}

func load(t *testing.T, s *store.Store, e channel.Event) bot.Situation {
	t.Helper()
	now, err := s.Load(t.Context(), e)
	must(t, err)
	return now
}

// TestStore_ForgottenInGaps: of who is forgotten no group keeps a word, and who remembers groups learns them anew.
func TestStore_ForgottenInGaps(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s, ctx := open(t, settings), t.Context()
		miss := func(customer, text string) string {
			e := says(customer, 1)
			m := insight.Miss{ID: "miss-" + customer, Conversation: "c-" + customer, Person: insight.PersonOf("test", customer), Utterance: text,
				Reason: insight.NothingFitted, Network: "test", At: noon}
			must(t, s.Commit(ctx, e, bot.Turn{Conversation: bot.Conversation{ID: bot.ConversationID(m.Conversation), Key: bot.KeyOf(e), Ordinal: 1, Address: e.Address, Customer: e.From},
				Misses: []insight.Miss{m}}))
			return m.ID
		}
		ada, bob, eve := miss("ada", "do you wrap zebras"), miss("bob", "can you wrap it"), miss("eve", "is there a boat")
		must(t, s.Sort(ctx, insight.Sorted{
			Placed: []insight.Placed{{Miss: ada, Place: insight.Place{Group: 1, Part: 1}}, {Miss: bob, Place: insight.Place{Group: 1, Part: 1}}, {Miss: eve, Place: insight.Place{Group: 2, Part: 2}}},
			Gaps:   []insight.Gap{{ID: 1, Title: "do you wrap zebras", State: insight.GapNew}, {ID: 2, Title: "is there a boat", State: insight.GapNew}},
		}))
		before, err := s.Sorted(ctx)
		must(t, err)
		for _, customer := range []string{"ada", "eve"} {
			must(t, s.Commit(ctx, says(customer, 2), bot.Turn{Conversation: load(t, s, says(customer, 2)).Conversation, Erase: true}))
		}
		gaps, err := s.Gaps(ctx, "", 10)
		must(t, err)
		if len(gaps) != 2 || gaps[1].Title != "can you wrap it" || gaps[0].Title != "…" || gaps[0].State != insight.GapDismissed {
			t.Errorf("the gaps are %+v", gaps)
		}
		after, err := s.Sorted(ctx)
		must(t, err)
		if after == before {
			t.Error("who remembers groups would not notice")
		}
	})
}

// TestStore_GapsAreTold: other programs hear of a gap that is more than what one or two ask, that rises, is answered, and comes back.
func TestStore_GapsAreTold(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s, ctx := told(t, settings), t.Context()
		ids := missing(t, s, "gift", noon, noon, noon)
		g := insight.Gap{ID: 1, Title: "gift?", State: insight.GapNew, Closing: insight.Closing{Told: true}}
		sorted := insight.Sorted{Gaps: []insight.Gap{g}}
		for _, id := range ids {
			sorted.Placed = append(sorted.Placed, insight.Placed{Miss: id, Place: insight.Place{Group: 1, Part: 1}})
		}
		must(t, s.Sort(ctx, sorted))
		step := func(change func(insight.Gap) insight.Gap) {
			g, err := s.Gap(ctx, 1)
			must(t, err)
			must(t, s.SaveGap(ctx, change(g)))
		}
		step(func(g insight.Gap) insight.Gap { g.Owner = "Ada"; return g })
		step(func(g insight.Gap) insight.Gap { g.RisingAt = noon; return g })
		publish(t, s, "gifts", 1)
		step(func(g insight.Gap) insight.Gap { g.Entry = "gifts"; return g.Move(insight.GapAnswered, noon) })
		step(func(g insight.Gap) insight.Gap { return g.Move(insight.GapNew, noon) })
		deliveries, err := s.Webhooks().Pending(ctx, webhooktest.Shop, 100)
		must(t, err)
		kinds := map[webhook.Kind]webhook.Gap{}
		for _, d := range deliveries {
			var gap webhook.Gap
			must(t, json.Unmarshal(d.Event.Data, &gap))
			kinds[d.Event.Kind] = gap
		}
		if len(deliveries) != 4 || len(kinds) != 4 {
			t.Fatalf("told are %+v", kinds)
		}
		if got := kinds[webhook.GapOpened]; got.People != 3 || got.Questions != 3 || got.ThisWeek != 3 || got.Title != "gift?" {
			t.Errorf("opened: %+v", got)
		}
		if got := kinds[webhook.GapAnswered]; got.Entry != "gifts" || got.Status != "answered" {
			t.Errorf("answered: %+v", got)
		}
	})
}
