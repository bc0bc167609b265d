package bot_test

import (
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"faqbot/bot"
	"faqbot/faq"
	"faqbot/faq/faqtest"
	"faqbot/knowledge"
	"faqbot/knowledge/insight"
)

const (
	// closingDay is when gaps are closed, comparedDays how long before and after that is compared.
	closingDay, comparedDays = 63, 28
	// closings is how many gaps are closed, predictedWithin how far off the prediction may be.
	closings, predictedWithin = 10, 0.03
)

// TestQuarter has a quarter go by in which a third of what is asked has no entry, new things are asked, and a release breaks something. The largest gaps
// are closed after nine weeks. FAQBOT_TEST_LONG=1 makes it 20,000 messages of 5,000 customers.
func TestQuarter(t *testing.T) {
	t.Parallel()
	faqtest.ComputesAlone(t)
	long, messages, customers := os.Getenv("FAQBOT_TEST_LONG") == "1", 1600, 400
	if long {
		messages, customers = 20000, 5000
	}
	q := newQuarter(t, messages, customers)
	q.live(closingDay)
	q.wantRelease()
	before := insight.Period{From: q.begin.AddDate(0, 0, closingDay-comparedDays), To: q.begin.AddDate(0, 0, closingDay)}
	unmended := q.foreseen()
	predicted := q.closeLargest(before)
	wanted := q.wanted()
	q.look()
	q.restart() // who is to be told at their hour of the day waits for it
	for range 3 {
		q.look()
	}
	q.live(seasonDays - 14)
	q.restart()
	q.live(seasonDays)
	q.wantTold(wanted)
	q.wantRise(before, predicted, unmended, long)
	q.wantFigures()
}

// mostly is what most of a gap's misses are about, and how many of all.
func (q *quarter) mostly(id insight.GroupID) (most *topic, count, all int) {
	q.t.Helper()
	gap, err := q.store.Gap(q.t.Context(), id) // it may have become part of another
	q.must(err)
	misses, err := q.store.MissesOf(q.t.Context(), gap.ID, 10000)
	q.must(err)
	counts := map[*topic]int{}
	for _, m := range misses {
		p := q.season.topicOf[m.Utterance]
		if counts[p]++; counts[p] > count {
			most, count = p, counts[p]
		}
	}
	if most == nil {
		q.t.Fatalf("gap %d is about nothing that was asked: %d misses", id, len(misses))
	}
	return most, count, len(misses)
}

// wantRelease checks that what broke is the first in rising within a day, and still is when the day is over.
func (q *quarter) wantRelease() {
	q.t.Helper()
	day := q.begin.AddDate(0, 0, releaseDay)
	var seen time.Time
	for _, at := range slices.SortedFunc(maps.Keys(q.rising), time.Time.Compare) {
		if first := q.rising[at]; first.about == q.season.release && !at.Before(day) && seen.IsZero() {
			seen = at
			q.t.Logf("the release is the first in rising after %v: %s", at.Sub(day), first.how)
		}
	}
	if seen.IsZero() || seen.Sub(day) > 24*time.Hour {
		q.t.Errorf("the release is the first in rising at %v, it was on %v", seen, day)
	}
	if over, ok := q.rising[day.AddDate(0, 0, 1)]; !ok || over.about != q.season.release {
		q.t.Errorf("when the day of the release is over, %+v rises first", over)
	}
}

// closeLargest closes the largest gaps of a period with one entry each, and returns by how much the answered share is predicted to rise.
func (q *quarter) closeLargest(in insight.Period) float64 {
	q.t.Helper()
	ctx := q.t.Context()
	lexicon, err := bot.NewLexicon()
	q.must(err)
	mender := bot.NewMender(q.store, func() *knowledge.Matcher { return q.matcher }, lexicon, quarterPolicy(), q.now)
	predicted, ids := q.predicted(mender, in)
	var proposals []bot.Proposal
	for _, id := range ids {
		p, err := mender.Write(ctx, id, "", faq.Answer{Text: answerAbout(fmt.Sprint("gap ", id))}, "eve")
		q.must(err)
		most, n, all := q.mostly(id)
		q.t.Logf("gap %d, %d of %d about %s: %d of %d would be answered, fresh %.2f", id, n, all, most.label, p.Answered, p.Questions, p.Fresh)
		proposals = append(proposals, p)
		if most.entry == nil {
			most.entry = &p.Revision.Content
		}
	}
	for _, p := range proposals {
		q.must(q.store.Mend(ctx, p.Revision, p.Closed(q.clock)))
		q.closed[p.Gap.ID] = true
	}
	q.learn()
	return predicted
}

// predicted is what the report on a period says of the largest gaps: by how much the answered share would rise, and which they are.
func (q *quarter) predicted(mender *bot.Mender, in insight.Period) (rise float64, gaps []insight.GroupID) {
	q.t.Helper()
	r := insight.Report{Period: in, At: q.clock}
	q.must(r.AddOutlook(q.t.Context(), q.store, mender))
	rows := r.Sections[0].Rows
	if len(rows) != closings+2 {
		q.t.Fatalf("the report foresees %d gaps, want %d, what is in none of them, and all together", len(rows), closings)
	}
	for _, row := range rows {
		q.t.Logf("gap %v is asked for %v times, %v would be answered: %v", row["gap"], row["asked"], row["fresh"], row["rise"])
	}
	for _, row := range rows[:closings] {
		gaps = append(gaps, insight.GroupID(row["gap"].(insight.Count)))
	}
	return float64(rows[closings+1]["rise"].(insight.Share)), gaps
}

// telling is an answer that somebody is to be told.
type telling struct {
	person string
	gap    insight.GroupID
}

// wanted are the people who kept a question, as they pressed the button, with the gaps that it is in by now.
func (q *quarter) wanted() map[telling]bool {
	q.t.Helper()
	var ids []string
	for _, c := range q.store.log {
		for _, m := range c.turn.Misses {
			if m.Wants {
				ids = append(ids, m.ID)
			}
		}
	}
	misses, err := q.store.MissesByID(q.t.Context(), ids)
	q.must(err)
	out := map[telling]bool{}
	for _, m := range misses {
		out[telling{m.Person, m.Gap}] = true
	}
	return out
}

// wantTold checks that everybody who wanted to know of a gap that was closed was told once, and nobody else anything.
func (q *quarter) wantTold(then map[telling]bool) {
	q.t.Helper()
	told := map[telling]int{}
	for chat, answers := range q.told {
		for _, text := range answers {
			told[telling{insight.PersonOf("memory", string(chat)), q.gapOf(text)}]++
		}
	}
	first := 0
	for who := range then {
		if !q.closed[who.gap] {
			continue
		}
		if first++; told[who] != 1 {
			q.t.Errorf("who wanted to know of gap %d was told %d times", who.gap, told[who])
		}
	}
	for who, times := range told {
		if times != 1 || !q.closed[who.gap] || !then[who] && !q.ever[who] {
			q.t.Errorf("of gap %d somebody was told %d times", who.gap, times)
		}
	}
	q.t.Logf("%d questions were kept, %d of the closed gaps; %d tellings", len(then), first, len(told))
	if first == 0 {
		q.t.Error("nobody wanted to be told")
	}
}

func (q *quarter) gapOf(answer string) (id insight.GroupID) {
	if _, err := fmt.Sscanf(answer, "This is about gap %d.", &id); err != nil {
		q.t.Errorf("somebody was told %q", answer)
	}
	return id
}

// counted adds up what was asked in a period.
func (q *quarter) counted(in insight.Period) (sum insight.Counts) {
	q.t.Helper()
	conversations, err := q.store.Conversations(q.t.Context(), in, q.clock)
	q.must(err)
	for _, c := range conversations {
		sum.Questions += c.Questions
		sum.Met += c.Met
		sum.FellBack += c.FellBack
	}
	return sum
}

// foreseen counts what the messages that are still to come would come to if nothing was closed: those that are answered, and those where customers
// choose what they meant, see [quarter.choose].
func (q *quarter) foreseen() insight.Counts {
	q.t.Helper()
	lexicon, err := bot.NewLexicon()
	q.must(err)
	answered, chosen := 0, 0
	for _, a := range q.season.asks {
		decisions, err := q.matcher.Decide(q.t.Context(), knowledge.Question{Utterance: lexicon.Core(a.text), Channel: "memory"})
		q.must(err)
		d, meant := decisions[0], q.season.topicOf[a.text].entry
		switch {
		case d.Kind == knowledge.Answer:
			answered++
		case meant != nil && slices.ContainsFunc(d.Candidates[:d.Offers], func(c knowledge.Candidate) bool { return c.Entry.ID == meant.ID }):
			chosen++
		}
	}
	chosen = chosen * chosenOf100 / 100
	return insight.Counts{Questions: len(q.season.asks) + chosen, Met: answered + chosen}
}

// wantRise compares by how much the answered share rose with what was predicted. Few messages differ by more than that from month to month: where few
// are sent, it is compared with what the same messages would have come to before.
func (q *quarter) wantRise(before insight.Period, predicted float64, unmended insight.Counts, long bool) {
	q.t.Helper()
	was, is := q.counted(before), q.counted(insight.Period{From: before.To, To: before.To.AddDate(0, 0, comparedDays)})
	share := func(c insight.Counts) float64 { return float64(c.Met) / float64(c.Questions) }
	rose, same := share(is)-share(was), share(is)-share(unmended)
	q.t.Logf("answered were %d of %d questions, then %d of %d: %+.3f; the same would have been %d of %d: %+.3f; predicted were %+.3f",
		was.Met, was.Questions, is.Met, is.Questions, rose, unmended.Met, unmended.Questions, same, predicted)
	if !long {
		rose = same
	}
	if math.Abs(rose-predicted) > predictedWithin {
		q.t.Errorf("the answered share rose by %.3f, predicted were %.3f", rose, predicted)
	}
}

// wantFigures holds the report of every week against everything that was written.
func (q *quarter) wantFigures() {
	q.t.Helper()
	all := recount(q.store.log, q.clock)
	for week := range seasonDays / 7 {
		p := insight.WeekOf(q.begin.AddDate(0, 0, 7*week))
		r, err := insight.NewReport(q.t.Context(), q.store, p, q.clock)
		q.must(err)
		if wantSum(q.t, r) == 0 {
			q.t.Errorf("%v: nobody wrote", p)
		}
		if diff := gocmp.Diff(all.in(p).shown(), shownBy(r, "count", "value", "part", "whole")); diff != "" {
			q.t.Errorf("%v (-computed +reported):\n%s", p, diff)
		}
	}
}
