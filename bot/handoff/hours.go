package handoff

import (
	"iter"
	"time"
)

// Hours are when people answer: weekly spans on the clock of one time zone, with days that differ. The zero value is always open. It is made by
// [ParseHours] and never changes.
//
// A span begins and ends the first time that the clock shows its edge, or the moment at which the clock jumps over it. So spans that follow one
// another still do so on the days on which the clock changes, a span over an hour that happens twice is an hour longer, and one that lies in
// an hour that does not happen is empty. A span that runs past midnight belongs to the day on which it begins: a holiday does not cut the night
// before it.
type Hours struct {
	zone *time.Location
	// limited is false where it is always open.
	limited bool
	week    [7][]span
	special map[date][]span
}

// span is an open time of a day, as the clock's distance from midnight; To may lie in the next day.
type span struct{ from, to time.Duration }

// date is a day of the calendar; without a year it is that of every year.
type date struct {
	year  int
	month time.Month
	day   int
}

// Opening is an open time between two moments.
type Opening struct {
	From time.Time
	// To is zero where it does not close within 400 days.
	To time.Time
}

// horizon is how many days are looked ahead: over a year, so that what happens once a year is found.
const horizon = 400

// Zone is whose clock the hours are read on.
func (h Hours) Zone() *time.Location {
	if h.zone == nil {
		return time.UTC
	}
	return h.zone
}

// Open reports whether it is open at a moment; the moment of closing is closed.
func (h Hours) Open(t time.Time) bool {
	for range h.pieces(t, t.Add(1)) {
		return true
	}
	return false
}

// Next is the first moment from t at which it is open, t itself where it is. It is false where there is none within 400 days.
func (h Hours) Next(t time.Time) (time.Time, bool) {
	for o := range h.pieces(t, t.AddDate(0, 0, horizon)) {
		return o.From, true
	}
	return time.Time{}, false
}

// Closes is when the open time that t lies in ends. It is false where t is closed, or it does not close within 400 days.
func (h Hours) Closes(t time.Time) (time.Time, bool) {
	end, until := t, t.AddDate(0, 0, horizon)
	for o := range h.pieces(t, until) {
		if !o.From.Equal(end) {
			break
		}
		end = o.To
	}
	if !t.Before(end) || !end.Before(until) {
		return time.Time{}, false
	}
	return end, true
}

// Opening is the next open time from t, or what is left of the one that t lies in. It is false where there is none within 400 days.
func (h Hours) Opening(t time.Time) (Opening, bool) {
	from, ok := h.Next(t)
	if !ok {
		return Opening{}, false
	}
	to, _ := h.Closes(from)
	return Opening{from, to}, true
}

// Within is how much open time lies between two moments; none where to is not after from. It looks at each day between them.
func (h Hours) Within(from, to time.Time) time.Duration {
	var open time.Duration
	for o := range h.pieces(from, to) {
		open += o.To.Sub(o.From)
	}
	return open
}

// Add is the first moment at which d of open time has passed since t: a closing time rather than the opening after it, and t itself where d is
// none. It is the zero time where the hours do not hold so much: 400 days go by without an opening.
func (h Hours) Add(t time.Time, d time.Duration) time.Time {
	for at := t; d > 0; {
		before := d
		for o := range h.pieces(at, at.AddDate(0, 0, horizon)) {
			open := o.To.Sub(o.From)
			if open >= d {
				return o.From.Add(d)
			}
			d, at = d-open, o.To
		}
		if d == before {
			return time.Time{}
		}
	}
	return t.In(h.Zone())
}

// pieces are the open times between two moments, in order and without overlap; what touches is not joined.
func (h Hours) pieces(from, until time.Time) iter.Seq[Opening] {
	return func(yield func(Opening) bool) {
		if !from.Before(until) {
			return
		}
		at := from.In(h.Zone())
		if !h.limited {
			yield(Opening{at, until.In(h.Zone())})
			return
		}
		// The day before may run into this one; where the clock goes back over midnight, a day has begun before the one ahead of it is over.
		last := midnight(h.reading(until)).AddDate(0, 0, 1)
		for day := midnight(h.reading(at)).AddDate(0, 0, -1); !day.After(last); day = day.AddDate(0, 0, 1) {
			for _, s := range h.on(day) {
				o := Opening{later(at, h.moment(day.Add(s.from))), earlier(until, h.moment(day.Add(s.to)))}
				if !o.From.Before(o.To) {
					continue
				}
				if at = o.To; !yield(o) {
					return
				}
			}
		}
	}
}

// on are the spans that begin on a day. A date of one year goes before that of every year, and that before the weekday.
func (h Hours) on(day time.Time) []span {
	year, month, d := day.Date()
	for _, key := range []date{{year, month, d}, {0, month, d}} {
		if spans, ok := h.special[key]; ok {
			return spans
		}
	}
	return h.week[day.Weekday()]
}

// reading is what the clock shows at a moment, as if it were UTC, where times can be reckoned with: no hour is missing or happens twice.
func (h Hours) reading(t time.Time) time.Time {
	_, offset := t.In(h.Zone()).Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}

// moment is the first at which the clock shows a reading or has jumped over it. [time.Date] does not say which of two moments it gives, and goes back
// or forth over a jump.
func (h Hours) moment(reading time.Time) time.Time {
	at := reading.AddDate(0, 0, -2).In(h.Zone()) // before it in every zone
	for {
		_, offset := at.Zone()
		shown := reading.Add(-time.Duration(offset) * time.Second).In(h.Zone())
		_, end := at.ZoneBounds()
		switch {
		case shown.Before(at):
			return at
		case end.IsZero() || shown.Before(end):
			return shown
		}
		at = end
	}
}

func midnight(reading time.Time) time.Time { return reading.Truncate(24 * time.Hour) }

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
