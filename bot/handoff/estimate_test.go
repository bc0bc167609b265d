package handoff_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"faqbot/bot/handoff"
)

// daily makes up a wait of so many minutes on each of some days, the last of them the day before `until`, with nobody ahead and one person there.
func daily(t testing.TB, until string, days, minutes int) []handoff.Wait {
	t.Helper()
	var list []handoff.Wait
	for day := 1; day <= days; day++ {
		opened := at(t, until).AddDate(0, 0, -day)
		list = append(list, handoff.Wait{OpenedAt: opened, RepliedAt: opened.Add(time.Duration(minutes) * time.Minute), Present: 1})
	}
	return list
}

func loaded(waits []handoff.Wait, ahead, present int) []handoff.Wait {
	for i := range waits {
		waits[i].Ahead, waits[i].Present = ahead, present
	}
	return waits
}

// TestEstimate is reckoned by hand. Its shop opens in Berlin, 9:00–12:30 and 13:30–18:00 but for Saturdays, 10:00–14:00; 2026-11-23 is a Monday.
func TestEstimate(t *testing.T) {
	t.Parallel()
	berlin := hours(t, "Europe/Berlin", shop)
	early := hours(t, "Europe/Berlin", map[string]string{"mon-fri": "09:00-17:38"})
	always := handoff.Hours{}
	for name, c := range map[string]struct {
		hours          handoff.Hours
		waits          []handoff.Wait
		now            string
		ahead, present int
		from, to       string
	}{
		"nothing known": {hours: berlin, now: "2026-11-23 10:02 +01:00", present: 1, from: "2026-11-23 10:20 +01:00", to: "2026-11-23 12:15 +01:00"},
		"nobody there":  {hours: berlin, now: "2026-11-23 10:02 +01:00", from: "2026-11-23 10:20 +01:00", to: "2026-11-23 12:15 +01:00"},
		"closed":        {hours: berlin, now: "2026-11-22 10:02 +01:00", present: 1, from: "2026-11-23 09:15 +01:00", to: "2026-11-23 11:00 +01:00"},
		"over noon":     {hours: berlin, now: "2026-11-23 12:00 +01:00", present: 1, from: "2026-11-23 12:15 +01:00", to: "2026-11-23 15:00 +01:00"},
		"over night":    {hours: berlin, now: "2026-11-23 17:22 +01:00", present: 1, from: "2026-11-23 17:40 +01:00", to: "2026-11-24 10:30 +01:00"},
		"as it closes":  {hours: berlin, now: "2026-11-23 17:45 +01:00", present: 1, from: "2026-11-23 18:00 +01:00", to: "2026-11-24 10:45 +01:00"},
		"rounded no further than closing": {hours: early, now: "2026-11-23 17:22 +01:00", present: 1,
			from: "2026-11-23 17:38 +01:00", to: "2026-11-24 10:45 +01:00"},
		"rounded not at all at closing": {hours: early, now: "2026-11-23 17:23 +01:00", present: 1,
			from: "2026-11-23 17:38 +01:00", to: "2026-11-24 10:45 +01:00"},
		"rounded on the clock of the place": {hours: hours(t, "Asia/Kolkata", nil), now: "2026-11-23 10:02 +05:30", ahead: 10, present: 1,
			from: "2026-11-23 10:50 +05:30", to: "2026-11-23 17:00 +05:30"}, // three times the default, 45 min and 6 h
		// √2.2 of the default: 22 min 15 s, 2 h 58 min.
		"ten ahead, five there": {hours: berlin, now: "2026-11-23 10:02 +01:00", ahead: 10, present: 5, from: "2026-11-23 10:25 +01:00", to: "2026-11-23 14:00 +01:00"},
		// Twenty working days are worth 12.0 and the default 2: four minutes are less than nine tenths of it, the quarter of an hour is next.
		"always alike": {hours: always, waits: daily(t, "2026-11-23 10:00 +00:00", 30, 4), now: "2026-11-23 10:00 +00:00", present: 1,
			from: "2026-11-23 10:05 +00:00", to: "2026-11-23 10:15 +00:00"},
		// Five times as many are.
		"always alike, often": {hours: always, waits: slices.Repeat(daily(t, "2026-11-23 10:00 +00:00", 10, 4), 5), now: "2026-11-23 10:00 +00:00", present: 1,
			from: "2026-11-23 10:05 +00:00", to: "2026-11-23 10:05 +00:00"},
		"once in eight seconds is no promise": {hours: always, waits: daily(t, "2026-11-23 10:00 +00:00", 1, 0), now: "2026-11-23 10:00 +00:00", present: 1,
			from: "2026-11-23 10:15 +00:00", to: "2026-11-23 12:00 +00:00"},
		// √4 of 10 min.
		"more ahead than ever": {hours: always, waits: loaded(slices.Repeat(daily(t, "2026-11-23 10:00 +00:00", 10, 10), 5), 1, 2), now: "2026-11-23 10:00 +00:00", ahead: 3, present: 1,
			from: "2026-11-23 10:20 +00:00", to: "2026-11-23 10:20 +00:00"},
		"fewer ahead than ever": {hours: always, waits: loaded(slices.Repeat(daily(t, "2026-11-23 10:00 +00:00", 10, 60), 5), 40, 1), now: "2026-11-23 10:00 +00:00", present: 1,
			from: "2026-11-23 10:30 +00:00", to: "2026-11-23 10:30 +00:00"},
		"asked on a Sunday, answered on Monday": {hours: berlin, waits: slices.Repeat([]handoff.Wait{{OpenedAt: at(t, "2026-11-15 20:00 +01:00"), RepliedAt: at(t, "2026-11-16 09:10 +01:00")}}, 40),
			now: "2026-11-22 20:00 +01:00", from: "2026-11-23 09:10 +01:00", to: "2026-11-23 09:10 +01:00"},
		"answered on the next day": {hours: berlin, waits: slices.Repeat([]handoff.Wait{{OpenedAt: at(t, "2026-11-16 17:50 +01:00"), RepliedAt: at(t, "2026-11-17 09:10 +01:00")}}, 40),
			now: "2026-11-23 10:00 +01:00", from: "2026-11-23 10:20 +01:00", to: "2026-11-23 10:20 +01:00"},
		"answered at once": {hours: always, waits: slices.Repeat(daily(t, "2026-11-23 10:00 +00:00", 10, 0), 5), now: "2026-11-23 10:00 +00:00", present: 1,
			from: "2026-11-23 10:05 +00:00", to: "2026-11-23 10:05 +00:00"},
		"answered on a Sunday": {hours: berlin, waits: slices.Repeat([]handoff.Wait{{OpenedAt: at(t, "2026-11-15 20:00 +01:00"), RepliedAt: at(t, "2026-11-15 20:10 +01:00")}}, 40),
			now: "2026-11-23 10:02 +01:00", from: "2026-11-23 10:20 +01:00", to: "2026-11-23 12:15 +01:00"},
		"not answered yet, and no sense": {hours: always, waits: []handoff.Wait{{OpenedAt: at(t, "2026-11-15 20:00 +01:00")}, {RepliedAt: at(t, "2026-11-15 20:00 +01:00")},
			{OpenedAt: at(t, "2026-11-15 20:00 +01:00"), RepliedAt: at(t, "2026-11-15 19:00 +01:00")}},
			now: "2026-11-23 10:00 +00:00", ahead: -3, from: "2026-11-23 10:15 +00:00", to: "2026-11-23 12:00 +00:00"},
		"waits of a century": {hours: always, waits: slices.Repeat([]handoff.Wait{{OpenedAt: at(t, "1726-11-15 20:00 +01:00"), RepliedAt: at(t, "2026-11-15 20:10 +01:00")}}, 40),
			now: "2026-11-23 10:00 +00:00", from: "2027-12-28 10:00 +00:00", to: "2027-12-28 10:00 +00:00"}, // 400 days
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, ok := handoff.Estimate(c.waits, at(t, c.now), c.ahead, c.present, c.hours)
			if !ok || !got.From.Equal(at(t, c.from)) || !got.To.Equal(at(t, c.to)) {
				t.Errorf("from %v to %v, %v", got.From, got.To, ok)
			}
		})
	}
}

// TestEstimate_rhythm: what counts is how it was at this hour of such a day, and lately.
func TestEstimate_rhythm(t *testing.T) {
	t.Parallel()
	ask := func(now string, waits ...[]handoff.Wait) time.Duration {
		r, ok := handoff.Estimate(slices.Concat(waits...), at(t, now), 0, 1, handoff.Hours{})
		if !ok {
			t.Fatal("never")
		}
		return r.From.Sub(at(t, now))
	}
	mornings, evenings := daily(t, "2026-11-23 09:00 +00:00", 42, 5), daily(t, "2026-11-23 18:00 +00:00", 42, 50)
	for now, want := range map[string]time.Duration{
		"2026-11-23 09:00 +00:00": 5 * time.Minute, "2026-11-23 10:30 +00:00": 5 * time.Minute,
		"2026-11-23 16:10 +00:00": 50 * time.Minute, "2026-11-23 20:00 +00:00": 50 * time.Minute,
		"2026-11-23 13:30 +00:00": 15 * time.Minute, // nothing is near: all of them, which are half and half with the default between
	} {
		if got := ask(now, mornings, evenings); got != want {
			t.Errorf("at %s: %v, want %v", now, got, want)
		}
	}
	var workdays, weekends []handoff.Wait
	for i, w := range daily(t, "2026-11-23 09:00 +00:00", 84, 5) {
		if day := w.OpenedAt.Weekday(); day == time.Saturday || day == time.Sunday {
			weekends = append(weekends, daily(t, "2026-11-23 09:00 +00:00", 84, 45)[i])
		} else {
			workdays = append(workdays, w)
		}
	}
	if work, rest := ask("2026-11-24 09:00 +00:00", workdays, weekends), ask("2026-11-28 09:00 +00:00", workdays, weekends); work != 5*time.Minute || rest != 45*time.Minute {
		t.Errorf("%v on Tuesday, %v on Saturday", work, rest)
	}
	var week []handoff.Wait // slow on Mondays and Tuesdays
	for i, w := range daily(t, "2026-11-23 09:00 +00:00", 84, 5) {
		if day := w.OpenedAt.Weekday(); day == time.Monday || day == time.Tuesday {
			w = daily(t, "2026-11-23 09:00 +00:00", 84, 50)[i]
		}
		week = append(week, w)
	}
	if monday, wednesday := ask("2026-11-23 09:00 +00:00", week), ask("2026-11-25 09:00 +00:00", week); monday != 50*time.Minute || wednesday != 5*time.Minute {
		t.Errorf("%v on Monday, %v on Wednesday", monday, wednesday)
	}
	slow, quick := daily(t, "2026-09-23 09:00 +00:00", 60, 50), daily(t, "2026-11-23 09:00 +00:00", 30, 5)
	if got := ask("2026-11-23 09:00 +00:00", slow, quick); got != 5*time.Minute {
		t.Errorf("%v where it was slow two months ago", got)
	}
	if got := ask("2026-11-23 23:30 +00:00", daily(t, "2026-11-24 00:30 +00:00", 60, 5), daily(t, "2026-11-23 12:00 +00:00", 60, 50)); got != 5*time.Minute {
		t.Errorf("%v near midnight", got)
	}
}

func TestEstimate_never(t *testing.T) {
	t.Parallel()
	shut := map[string]string{"mon-sun": "closed"}
	for name, h := range map[string]handoff.Hours{
		"closed":           hours(t, "UTC", shut),
		"too short a rest": hours(t, "UTC", shut, "2026-11-23 10:00-10:30"),
	} {
		if r, ok := handoff.Estimate(nil, at(t, "2026-11-22 10:00 +00:00"), 0, 1, h); ok || !r.From.IsZero() || !r.To.IsZero() {
			t.Errorf("%s: %v", name, r)
		}
	}
}

// anyWaits makes up waits of up to an hour or so in the two months before a moment.
func anyWaits(r *rand.Rand, now time.Time) []handoff.Wait {
	var list []handoff.Wait
	for range r.IntN(60) {
		opened := now.Add(-time.Duration(r.Int64N(int64(60 * 24 * time.Hour))))
		list = append(list, handoff.Wait{OpenedAt: opened, RepliedAt: opened.Add(time.Duration(r.ExpFloat64() * float64(20*time.Minute))),
			Ahead: r.IntN(5), Present: r.IntN(4)})
	}
	return list
}

// FuzzEstimate holds estimates for made-up waits and hours to what may be expected of every one.
func FuzzEstimate(f *testing.F) {
	for seed := range uint64(150) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		r := rand.New(rand.NewPCG(seed, 2))
		h, shown := anyHours(t, r)
		now := anyMoment(r)
		waits := anyWaits(r, now)
		shown = fmt.Sprintf("%s, %d waits, at %v", shown, len(waits), now)
		ahead, present := r.IntN(6), r.IntN(4)
		ask := func(waits []handoff.Wait, ahead, present int) handoff.Range {
			got, ok := handoff.Estimate(waits, now, ahead, present, h)
			if !ok || got.From.Before(now) || got.To.Before(got.From) || !answered(h, got.From) || !answered(h, got.To) {
				t.Errorf("%s: %v, %v", shown, got, ok)
			}
			return got
		}
		want := ask(waits, ahead, present)
		if more := ask(waits, ahead+1+r.IntN(20), present); more.From.Before(want.From) || more.To.Before(want.To) {
			t.Errorf("%s: %v, with more ahead %v", shown, want, more)
		}
		if more := ask(waits, ahead, present+1+r.IntN(5)); more.From.After(want.From) || more.To.After(want.To) {
			t.Errorf("%s: %v, with more people %v", shown, want, more)
		}
		r.Shuffle(len(waits), func(i, k int) { waits[i], waits[k] = waits[k], waits[i] })
		if again := ask(waits, ahead, present); again != want {
			t.Errorf("%s: %v, in another order %v", shown, want, again)
		}
	})
}

// answered reports whether somebody may be there at a moment or just before it.
func answered(h handoff.Hours, at time.Time) bool { return h.Open(at) || h.Open(at.Add(-1)) }

// TestEstimate_outlier: a wait of three months moves an estimate within what other waits allow, whenever it was, and however few they are.
func TestEstimate_outlier(t *testing.T) {
	t.Parallel()
	now := at(t, "2026-11-23 10:00 +00:00")
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 3))
		var waits []handoff.Wait
		for range r.IntN(int(seed)/5 + 1) {
			opened := now.Add(-time.Duration(r.Int64N(int64(200 * 24 * time.Hour))))
			waits = append(waits, handoff.Wait{OpenedAt: opened, RepliedAt: opened.Add(time.Duration(r.IntN(20)) * time.Minute)})
		}
		opened := now.Add(-time.Duration(r.Int64N(int64(200 * 24 * time.Hour))))
		waits = append(waits, handoff.Wait{OpenedAt: opened, RepliedAt: opened.AddDate(0, 3, 0)})
		got, _ := handoff.Estimate(waits, now, 0, 1, handoff.Hours{})
		if from, to := got.From.Sub(now), got.To.Sub(now); from > 20*time.Minute || to > 165*time.Minute { // eight times 20, to the quarter
			t.Errorf("%d waits of up to 20 minutes and one of months: from %v to %v", len(waits)-1, from, to)
		}
	}
}
