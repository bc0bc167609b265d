package handoff

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Wait is how long one customer waited for a first reply, and what the queue was like when they began to.
type Wait struct {
	OpenedAt time.Time
	// RepliedAt is zero while they wait; such a wait is left out.
	RepliedAt time.Time
	// Ahead is how many waited before them, Present how many people were there to answer.
	Ahead, Present int
}

// Range is between which moments something is to be expected.
type Range struct{ From, To time.Time }

// The default, where nothing is known: half of the replies within a quarter of an hour, nine of ten within two hours, of open time.
const (
	defaultMedian = 15 * time.Minute
	defaultP90    = 2 * time.Hour
)

// Bounds and weights of an estimate; [Estimate] says what they are for.
const (
	nearHours   = 2.0
	halfLife    = 14 * 24 * time.Hour
	enough      = 8.0
	priorWorth  = 2.0
	outlier     = 8
	leastFactor = 0.5
	mostFactor  = 3.0
)

// Estimate is when a first reply is to be expected by somebody who asks now, with so many customers ahead of them and so many people present. It is
// false where the hours hold no such time: they never open again, or close for good before.
//
// Waits are measured in open time, from the opening on where somebody asked before it; what was answered before an opening tells nothing of how
// long it takes when open, and is left out. The estimate counts from the next opening in the same way. Then
//
//	weight of a wait   = nearness · 2^(−age / 14 days)
//	nearness           = (1 − hours apart / 3), a quarter of it on another weekday; 0 over 2 hours apart, or of Mon–Fri and Sat–Sun if not both in one
//	worth of all       = (Σ weight)² / Σ weight²   (Kish's effective sample size)
//	load               = (ahead + 1) / present     (nobody present counts as one)
//	factor             = √(load now / median load of the waits), between 1/2 and 3
//	From, To           = opening + factor · (median, p90) of open time, each rounded up
//
// The hour of the week matters most, as staff and customers keep to a rhythm; where fewer than eight waits' worth are near it, all of them count, by age
// alone. The weights sum up to the worth, and two waits' worth of the default are added, which eighteen real ones drown out: so one wait of
// eight seconds is no promise of eight seconds, and one wait alone is never the median, however long and recent. No wait counts for more than
// eight times the median, so that a ticket that somebody forgot over a holiday is a long wait and nothing else. The factor is a square root since the load is a rough guess: those ahead do not take equally long, and
// are not all still there; it is bounded, as nothing is known of loads that never were.
//
// Rounding is up, on the clock of the hours, as a promise kept early pleases and a late one does not: to 5 minutes under an hour of open time, 15 under
// four hours, else the hour; yet not past closing, after which nobody answers.
func Estimate(waits []Wait, now time.Time, ahead, present int, hours Hours) (Range, bool) {
	begin, ok := hours.Next(now)
	if !ok {
		return Range{}, false
	}
	s := typical(measure(waits, hours), hours.reading(begin))
	factor := math.Sqrt(load(ahead, present) / s.quantile(0.5, observation.loaded))
	factor = min(max(factor, leastFactor), mostFactor)
	median := s.quantile(0.5, observation.waited)
	expect := func(q float64) time.Time {
		wait := min(s.quantile(q, observation.waited), outlier*median)
		return hours.promised(begin, time.Duration(factor*wait))
	}
	r := Range{expect(0.5), expect(0.9)}
	if r.To.IsZero() {
		return Range{}, false
	}
	return r, true
}

// load is how many customers there are for each person, whoever asks among them.
func load(ahead, present int) float64 { return float64(max(ahead, 0)+1) / float64(max(present, 1)) }

// observation is a wait as the estimate sees it.
type observation struct {
	// begin is what the clock showed when it began to count.
	begin  time.Time
	wait   time.Duration
	load   float64
	weight float64
}

func (o observation) waited() float64 { return float64(o.wait) }
func (o observation) loaded() float64 { return o.load }

type sample []observation

// measure gives waits in open time, by when they began: what fractions sum up to depends on their order, and weights on the beginning alone.
func measure(waits []Wait, hours Hours) sample {
	var s sample
	for _, w := range waits {
		if w.OpenedAt.IsZero() || w.RepliedAt.IsZero() {
			continue
		}
		begin, ok := hours.Next(w.OpenedAt)
		if !ok || w.RepliedAt.Before(begin) {
			continue
		}
		replied := earlier(w.RepliedAt, begin.AddDate(0, 0, horizon)) // a bound for what no clock can have meant
		s = append(s, observation{begin: hours.reading(begin), wait: hours.Within(begin, replied), load: load(w.Ahead, w.Present)})
	}
	slices.SortFunc(s, func(a, b observation) int { return a.begin.Compare(b.begin) })
	return s
}

// typical weighs what was measured for somebody who begins to wait at a moment, and adds the default. Age is counted from the newest one: only how the
// weights compare matters.
func typical(all sample, begin time.Time) sample {
	near := func(o observation) float64 { return nearness(o.begin, begin) }
	always := func(observation) float64 { return 1 }
	s, worth := all.weighed(near)
	if worth < enough {
		s, worth = all.weighed(always)
	}
	total := s.total()
	for i := range s {
		s[i].weight *= worth / total
	}
	// Three quarters and one: then its median and its p90 are those of the default.
	return append(s, observation{wait: defaultMedian, load: 1, weight: priorWorth * 3 / 4},
		observation{wait: defaultP90, load: 1, weight: priorWorth / 4})
}

// weighed gives each observation its weight, by age and one more thing, and says how many of equal weight they are worth. Those that weigh nothing are
// left out.
func (s sample) weighed(by func(observation) float64) (sample, float64) {
	var out sample
	var squares float64
	for _, o := range s {
		age := s[len(s)-1].begin.Sub(o.begin)
		o.weight = by(o) * math.Exp2(-float64(age)/float64(halfLife))
		if square := o.weight * o.weight; square > 0 {
			squares += square
			out = append(out, o)
		}
	}
	if total := out.total(); total > 0 {
		return out, total * total / squares
	}
	return nil, 0
}

func (s sample) total() float64 {
	var sum float64
	for _, o := range s {
		sum += o.weight
	}
	return sum
}

// quantile is the least value that a share of the weight does not exceed.
func (s sample) quantile(q float64, value func(observation) float64) float64 {
	sorted := slices.Clone(s)
	slices.SortStableFunc(sorted, func(a, b observation) int { return cmp.Compare(value(a), value(b)) })
	at, sum, wanted := 0, sorted[0].weight, q*sorted.total()
	for sum < wanted { // the sum reaches the total, which is summed up in the same order
		at++
		sum += sorted[at].weight
	}
	return value(sorted[at])
}

// nearness is how much a wait at one hour of the week tells of another, 0–1; both are readings of a clock.
func nearness(a, b time.Time) float64 {
	if weekend(a) != weekend(b) {
		return 0
	}
	apart := math.Abs(a.Sub(midnight(a)).Hours() - b.Sub(midnight(b)).Hours())
	apart = min(apart, 24-apart) // half past eleven is near half past midnight
	if apart > nearHours {
		return 0
	}
	near := 1 - apart/(nearHours+1)
	if a.Weekday() != b.Weekday() {
		near /= 4 // Tuesday to Friday together tell as much of a Monday as Mondays do
	}
	return near
}

func weekend(t time.Time) bool { return t.Weekday() == time.Saturday || t.Weekday() == time.Sunday }

// promised is the moment at which so much open time has passed, rounded up as [Estimate] says; the zero time where the hours do not hold so much.
func (h Hours) promised(begin time.Time, wait time.Duration) time.Time {
	wait = max(wait, time.Minute) // nobody answers in the same moment
	raw := h.Add(begin, wait)
	if raw.IsZero() {
		return raw
	}
	reading := h.reading(raw)
	rounded := raw.Add(roundUp(reading, wait).Sub(reading))
	if closes, ok := h.Closes(raw.Add(-1)); ok { // a moment before, since the wait may end as it closes
		return earlier(rounded, closes)
	}
	return rounded
}

// roundUp is the next reading of a clock that people would name for a wait of that length.
func roundUp(reading time.Time, wait time.Duration) time.Time {
	step := time.Hour
	switch {
	case wait < time.Hour:
		step = 5 * time.Minute
	case wait < 4*time.Hour:
		step = 15 * time.Minute
	}
	up := reading.Truncate(step)
	if up.Before(reading) {
		up = up.Add(step)
	}
	return up
}
