package store_test

import (
	"bytes"
	"fmt"
	"sync"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
	"faqbot/faq"
	"faqbot/faq/fault"
	"faqbot/knowledge/eval"
	"faqbot/knowledge/insight"
)

// said is what a customer says of an entry.
func said(customer string, entry faq.EntryID, verdict eval.Verdict) eval.Judged {
	j := eval.Judged{
		Utterance: "How long may " + customer + " return it?", Context: eval.Context{Language: "en", Network: "test", Previous: "and a refund?", Last: "refund"},
		Masked: true, Person: insight.PersonOf("test", customer), Entry: entry, Verdict: verdict, Source: eval.Customer, At: noon,
	}
	j.ID = j.Identity()
	return j
}

// wrote is what an editor says.
func wrote(utterance string, entry faq.EntryID) eval.Judged {
	j := eval.Judged{Utterance: utterance, Entry: entry, Verdict: eval.Right, Source: eval.Editor, At: noon}
	j.ID = j.Identity()
	return j
}

// judge commits a turn in which a customer says something.
func judge(t *testing.T, s *store.Store, n int, judged eval.Judged) {
	t.Helper()
	must(t, s.Commit(t.Context(), says("ada", n), bot.Turn{Judged: []eval.Judged{judged}}))
}

func numbered(n int64, j eval.Judged) eval.Judged {
	j.Number = n
	return j
}

func wantJudged(t *testing.T, s *store.Store, after int64, want ...eval.Judged) {
	t.Helper()
	got, err := s.JudgedAfter(t.Context(), after, 100)
	must(t, err)
	wantSame(t, got, want)
}

func wantVersion(t *testing.T, s *store.Store, last, removed int64) {
	t.Helper()
	v, err := s.JudgedVersion(t.Context())
	must(t, err)
	wantSame(t, v, eval.JudgedVersion{Last: last, Removed: removed})
}

func TestStore_Judged(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s := open(t, settings)
		wantVersion(t, s, 0, 0)
		wantJudged(t, s, 0)
		chosen, right := said("ada", "returns", eval.Chosen), said("ada", "returns", eval.Right)
		refund, bob := said("ada", "refund", eval.Wrong), said("bob", "returns", eval.Right)
		bob.At = noon.Add(time.Hour)
		judge(t, s, 1, chosen)
		judge(t, s, 2, refund)
		judge(t, s, 3, bob)
		judge(t, s, 4, right) // in the place of what was chosen
		wantJudged(t, s, 0, numbered(2, refund), numbered(3, bob), numbered(4, right))
		wantJudged(t, s, 3, numbered(4, right))
		wantVersion(t, s, 4, 0)
		newest, err := s.Judged(t.Context(), time.Time{}, 2)
		must(t, err)
		wantSame(t, newest, []eval.Judged{numbered(3, bob), numbered(4, right)})
		newest, err = s.Judged(t.Context(), noon.Add(time.Minute), 10)
		must(t, err)
		wantSame(t, newest, []eval.Judged{numbered(3, bob)})
		page, err := s.JudgedAfter(t.Context(), 0, 2)
		must(t, err)
		wantSame(t, page, []eval.Judged{numbered(2, refund), numbered(3, bob)})
	})
}

// A turn that is refused, or seen before, says nothing.
func TestStore_Judged_withItsTurn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s := open(t, settings)
		first := answer(t, s, says("ada", 1))
		stale := turn(says("ada", 2), first.Conversation)
		stale.Judged = []eval.Judged{said("ada", "returns", eval.Right)}
		wantKind(t, s.Commit(t.Context(), says("ada", 2), stale), fault.Conflict)
		again := bot.Turn{Judged: stale.Judged}
		if err := s.Commit(t.Context(), says("ada", 1), again); err == nil {
			t.Error("an event was acted on twice")
		}
		wantJudged(t, s, 0)
		wantVersion(t, s, 0, 0)
	})
}

func TestStore_AddJudged(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s := open(t, settings)
		one, two, other := wrote("one", "a"), wrote("two", "b"), wrote("ONE?", "c")
		must(t, s.AddJudged(t.Context(), one, two, one))
		must(t, s.AddJudged(t.Context(), other)) // the same question
		must(t, s.AddJudged(t.Context()))
		wantJudged(t, s, 0, numbered(2, two), numbered(4, other))
		wantKind(t, s.RemoveJudged(t.Context(), two.ID, "nothing"), fault.NotFound)
		wantVersion(t, s, 4, 0)
		must(t, s.RemoveJudged(t.Context(), two.ID))
		wantJudged(t, s, 0, numbered(4, other))
		wantVersion(t, s, 4, 1)
	})
}

func TestStore_AllJudged(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s := open(t, settings)
		var many []eval.Judged
		for i := range 2500 {
			many = append(many, wrote(fmt.Sprint("question ", i), "a"))
		}
		must(t, s.AddJudged(t.Context(), many...))
		all, err := s.AllJudged(t.Context())
		must(t, err)
		for i := range many {
			many[i].Number = int64(i + 1)
		}
		wantSame(t, all, many)
	})
}

// Who reads while others write misses none: no number is seen before a lower one.
func TestStore_JudgedAfter_whileWritten(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s := open(t, settings)
		const hands, each = 8, 25
		var wg sync.WaitGroup
		for hand := range hands {
			wg.Go(func() {
				for i := range each {
					customer := fmt.Sprint("customer", hand, "-", i)
					err := s.Commit(t.Context(), says(customer, 1), bot.Turn{Judged: []eval.Judged{said(customer, "returns", eval.Right)}})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		written := make(chan struct{})
		go func() { wg.Wait(); close(written) }()
		last, seen := int64(0), 0
		for done := false; !done; {
			select {
			case <-written:
				done = true
			default:
			}
			page, err := s.JudgedAfter(t.Context(), last, 1000)
			must(t, err)
			if len(page) > 0 {
				last = page[len(page)-1].Number
			}
			seen += len(page)
		}
		wantSame(t, seen, hands*each)
		wantVersion(t, s, hands*each, 0)
	})
}

// What customers said goes with their misses; what was written on purpose stays, and a verdict that is newer does.
func TestStore_Prune_judged(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s := open(t, settings)
		staff := said("ada", "returns", eval.Wrong)
		staff.Source = eval.Staff
		staff.ID = staff.Identity()
		young := said("bob", "returns", eval.Right)
		young.At = noon.Add(2 * time.Hour)
		judge(t, s, 1, said("ada", "returns", eval.Right))
		judge(t, s, 2, young)
		must(t, s.AddJudged(t.Context(), wrote("one", "a"), staff))
		must(t, s.Prune(t.Context(), store.Retention{Lines: noon.Add(time.Hour)}))
		wantVersion(t, s, 4, 0)
		must(t, s.Prune(t.Context(), store.Retention{Misses: noon.Add(time.Hour)}))
		wantJudged(t, s, 0, numbered(2, young), numbered(3, wrote("one", "a")), numbered(4, staff))
		wantVersion(t, s, 4, 1)
	})
}

// Forgetting reaches what staff said of a customer's question as well; what an editor wrote is nobody's.
func TestStore_Erase_judged(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s := open(t, settings)
		staff := said("ada", "returns", eval.Wrong)
		staff.Source = eval.Staff
		staff.ID = staff.Identity()
		judge(t, s, 1, said("ada", "returns", eval.Right))
		judge(t, s, 2, said("bob", "returns", eval.Right))
		must(t, s.AddJudged(t.Context(), wrote("one", "a"), staff))
		n, err := s.Erase(t.Context(), "test", "ada")
		must(t, err)
		wantSame(t, n, 2)
		wantJudged(t, s, 0, numbered(2, said("bob", "returns", eval.Right)), numbered(3, wrote("one", "a")))
		wantVersion(t, s, 4, 2)
		must(t, s.Commit(t.Context(), says("bob", 3), bot.Turn{Erase: true}))
		wantJudged(t, s, 0, numbered(3, wrote("one", "a")))
		wantVersion(t, s, 4, 3)
	})
}

// A dump brings numbers along, and one of before there were any is no hindrance.
func TestStore_Restore_judged(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s := open(t, storetest.SQLite(t))
		empty := dump(t, s)
		must(t, s.AddJudged(t.Context(), wrote("one", "a"), wrote("two", "a")))
		full := dump(t, s)
		restored := open(t, settings)
		must(t, restored.Restore(t.Context(), bytes.NewReader(full)))
		must(t, restored.AddJudged(t.Context(), wrote("three", "a")))
		wantJudged(t, restored, 1, numbered(2, wrote("two", "a")), numbered(3, wrote("three", "a")))
		wantKind(t, restored.Restore(t.Context(), bytes.NewReader(empty)), fault.Conflict)
		older := open(t, storetest.SQLite(t))
		must(t, older.Restore(t.Context(), bytes.NewReader(empty)))
		judge(t, older, 1, said("ada", "returns", eval.Right))
		wantVersion(t, older, 1, 0)
	})
}
