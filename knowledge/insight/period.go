package insight

import (
	"sort"
	"strconv"
	"strings"
	"time"

	"faqbot/faq/fault"
)

// Period is a number of whole days where the business is: from the beginning of the first up to, and without, To. Both times are in its time zone.
type Period struct {
	From, To time.Time
}

// Contains reports whether a moment is in the period.
func (p Period) Contains(t time.Time) bool { return !t.Before(p.From) && t.Before(p.To) }

// Days counts the days of the calendar; one on which a clock is changed counts as any other.
func (p Period) Days() int { return int(dateNumber(p.To) - dateNumber(p.From)) }

// Before is the period of as many days that ends where this one begins.
func (p Period) Before() Period {
	return Period{From: beginningOf(p.From, -p.Days()), To: p.From}
}

// String is the first and the last day.
func (p Period) String() string {
	first, last := p.From.Format("Mon 2 Jan 2006"), beginningOf(p.To, -1).Format("Mon 2 Jan 2006")
	if first == last {
		return first
	}
	return first + " – " + last
}

// WeekOf is the week in which a moment lies, from Monday to Sunday, on the clock of the moment's own time zone.
func WeekOf(t time.Time) Period {
	monday := -(int(t.Weekday()) + 6) % 7
	return Period{From: beginningOf(t, monday), To: beginningOf(t, monday+7)}
}

// LastDays are as many days, of which the last is the one of a moment, on the clock of the moment's own time zone.
func LastDays(t time.Time, days int) Period {
	return Period{From: beginningOf(t, 1-days), To: beginningOf(t, 1)}
}

// mostDays bounds how far back a period may begin.
const mostDays = 20 * 366

// ParsePeriod reads where a period begins: "7d" and "4w" are as many days or weeks of which the last ends today, "2006-01-02" is that day. It ends
// with today, or with the day that until names. Now says what day it is, and where.
func ParsePeriod(since, until string, now time.Time) (Period, error) {
	p := LastDays(now, 1)
	if until != "" {
		last, err := time.ParseInLocation(time.DateOnly, until, now.Location())
		if err != nil {
			return Period{}, fault.New(fault.Invalid, "“%s” is not a day; write it as 2006-01-02", until)
		}
		p = Period{From: beginningOf(noon(last), 0), To: beginningOf(noon(last), 1)}
	}
	if days, ok := dayCount(since); ok {
		p.From = beginningOf(noon(p.From), 1-days)
		return p, nil
	}
	first, err := time.ParseInLocation(time.DateOnly, since, now.Location())
	if err != nil {
		return Period{}, fault.New(fault.Invalid, "“%s” is no time to begin at; write days such as 7d, weeks such as 4w, or a day such as 2006-01-02", since)
	}
	p.From = beginningOf(noon(first), 0)
	if !p.From.Before(p.To) || p.Days() > mostDays {
		return Period{}, fault.New(fault.Invalid, "from %s to %s is no period: it begins after its end, or lies too far back",
			p.From.Format(time.DateOnly), beginningOf(noon(p.To), -1).Format(time.DateOnly))
	}
	return p, nil
}

// noon is the middle of a moment's day: what names a day may stand an hour beside its beginning where the clock is changed at midnight.
func noon(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 12, 0, 0, 0, t.Location())
}

// dayCount reads "7d" and "4w".
func dayCount(text string) (int, bool) {
	for unit, days := range map[string]int{"d": 1, "w": 7} {
		digits, ok := strings.CutSuffix(text, unit)
		n, err := strconv.Atoi(digits)
		if ok && err == nil && n > 0 && n <= mostDays/days {
			return n * days, true
		}
	}
	return 0, false
}

// beginningOf is the first moment of the day that is so many days after that of t. It is not always midnight: some clocks are changed then, and the
// day begins at one, or the hour before midnight comes twice.
func beginningOf(t time.Time, days int) time.Time {
	y, m, d := t.Date()
	wanted := dateNumber(time.Date(y, m, d+days, 12, 0, 0, 0, t.Location()))
	from := time.Date(y, m, d+days-1, 0, 0, 0, 0, t.Location())
	seconds := sort.Search(int(72*time.Hour/time.Second), func(s int) bool {
		return dateNumber(from.Add(time.Duration(s)*time.Second)) >= wanted
	})
	return from.Add(time.Duration(seconds) * time.Second)
}

// dateNumber counts the days of the calendar from an arbitrary one.
func dateNumber(t time.Time) int64 {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / int64(24*time.Hour/time.Second)
}
