package handoff

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"faqbot/faq/fault"
)

// closed is what stands for a day without open times.
const closed = "closed"

// ParseHours reads hours as an owner writes them. Week has days as keys ("mon", "mon-fri", "sat, sun") and spans as values ("09:00-12:30, 13:30-18:00",
// "22:00-02:00" past midnight, "closed"); a day that is not named is closed, and no week at all is open day and night. Holidays are dates
// ("2026-12-25", or "12-25" in every year) that are closed, or have the spans that follow them ("12-24 09:00-12:00"). With neither it is always open.
//
// The error is Invalid; it lists all that is wrong, a line each: where, what, and how to mend it.
func ParseHours(zone *time.Location, week map[string]string, holidays []string) (Hours, error) {
	h := Hours{zone: zone, limited: len(week)+len(holidays) > 0, special: map[date][]span{}}
	var errs []error
	if len(week) > 0 {
		errs = h.readWeek(week)
	} else {
		for i := range h.week {
			h.week[i] = []span{{0, 24 * time.Hour}}
		}
	}
	for _, text := range holidays {
		if err := h.readHoliday(text); err != nil {
			errs = append(errs, fmt.Errorf("holidays: “%s” %w", text, err))
		}
	}
	if len(errs) > 0 {
		return Hours{}, fault.New(fault.Invalid, "%w", errors.Join(errs...))
	}
	return h, nil
}

func (h *Hours) readWeek(week map[string]string) []error {
	var errs []error
	var namedBy [7]string
	for _, key := range slices.Sorted(maps.Keys(week)) {
		days, err := parseDays(key)
		if err != nil {
			errs = append(errs, fmt.Errorf("hours: “%s” %w", key, err))
			continue
		}
		spans, err := parseSpans(week[key])
		if err != nil {
			errs = append(errs, fmt.Errorf("hours: %s: %w", key, err))
			continue
		}
		for _, day := range days {
			if other := namedBy[day]; other != "" {
				errs = append(errs, fmt.Errorf("hours: %s stands in “%s” and in “%s”; name each day once", strings.ToLower(day.String()), other, key))
			}
			h.week[day], namedBy[day] = spans, key
		}
	}
	return errs
}

var dash = regexp.MustCompile(`\s*[-–—]\s*`)

// parseDays reads "mon", "mon-fri", "fri-mon" and lists of those.
func parseDays(text string) ([]time.Weekday, error) {
	var days []time.Weekday
	for part := range strings.SplitSeq(text, ",") {
		ends := dash.Split(strings.TrimSpace(part), -1)
		first, ok := parseDay(ends[0])
		last, okToo := parseDay(ends[len(ends)-1])
		if !ok || !okToo || len(ends) > 2 {
			return nil, errors.New("is no day of the week; write mon, tue, wed, thu, fri, sat or sun, such as “mon-fri” or “sat, sun”")
		}
		for day := first; ; day = (day + 1) % 7 {
			days = append(days, day)
			if day == last {
				break
			}
		}
	}
	return days, nil
}

// parseDay reads the name of a day or its beginning, at least three letters.
func parseDay(name string) (time.Weekday, bool) {
	for day := time.Sunday; day <= time.Saturday; day++ {
		if len(name) >= 3 && strings.HasPrefix(strings.ToLower(day.String()), strings.ToLower(name)) {
			return day, true
		}
	}
	return 0, false
}

// parseSpans reads a day's open times and puts them in order.
func parseSpans(text string) ([]span, error) {
	if strings.EqualFold(strings.TrimSpace(text), closed) {
		return nil, nil
	}
	var spans []span
	for part := range strings.SplitSeq(text, ",") {
		s, err := parseSpan(strings.TrimSpace(part))
		if err != nil {
			return nil, err
		}
		spans = append(spans, s)
	}
	slices.SortFunc(spans, func(a, b span) int { return int(a.from - b.from) })
	for i, s := range spans[1:] {
		if s.from < spans[i].to {
			return nil, fmt.Errorf("%s begins before %s ends; let one span end before the next begins", s, spans[i])
		}
	}
	return spans, nil
}

// hourly is a span with minutes at both ends. They are asked for: "9-5" would be read as nine in the morning to five in the next.
var hourly = regexp.MustCompile(`^(\d{1,2}):(\d\d)\s*[-–—]\s*(\d{1,2}):(\d\d)$`)

func parseSpan(text string) (span, error) {
	m := hourly.FindStringSubmatch(text)
	if m == nil {
		return span{}, fmt.Errorf("“%s” is no span of time; write it as 09:00-17:30 (24 hours), several with commas between, or “closed”", text)
	}
	from, ok := timeOfDay(m[1], m[2])
	to, okToo := timeOfDay(m[3], m[4])
	if !ok || !okToo || from == 24*time.Hour {
		return span{}, fmt.Errorf("“%s” has a time that no clock shows; begin at 00:00 to 23:59 and end at 00:00 to 24:00", text)
	}
	if from == to {
		return span{}, fmt.Errorf("“%s” is no time at all; write 00:00-24:00 for day and night, or “closed”", text)
	}
	if to < from {
		to += 24 * time.Hour
	}
	return span{from, to}, nil
}

// timeOfDay is what a clock shows, as its distance from midnight.
func timeOfDay(hour, minute string) (time.Duration, bool) {
	h, _ := strconv.Atoi(hour) // digits, at most two
	m, _ := strconv.Atoi(minute)
	d := time.Duration(h)*time.Hour + time.Duration(m)*time.Minute
	return d, m < 60 && d <= 24*time.Hour
}

func (s span) String() string {
	show := func(d time.Duration) string {
		if d > 24*time.Hour {
			d -= 24 * time.Hour
		}
		return fmt.Sprintf("%02d:%02d", int(d.Hours()), int(d.Minutes())%60)
	}
	return show(s.from) + "-" + show(s.to)
}

var holiday = regexp.MustCompile(`^(?:(\d{4})-)?(\d{1,2})-(\d{1,2})(?:\s+(.*))?$`)

// readHoliday reads one date, and what is open on it.
func (h *Hours) readHoliday(text string) error {
	m := holiday.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return errors.New("is no date; write year-month-day such as 2026-12-25, or 12-25 for every year, and spans after it where it is open: “12-24 09:00-12:00”")
	}
	year, _ := strconv.Atoi(m[1]) // digits or nothing, which is every year
	month, _ := strconv.Atoi(m[2])
	day, _ := strconv.Atoi(m[3])
	key := date{year, time.Month(month), day}
	if !key.real() {
		return errors.New("is a date that does not exist; write year-month-day or month-day, such as 12-25")
	}
	if _, ok := h.special[key]; ok {
		return errors.New("has a date that stands there twice; leave one of them out, or write all its spans after one")
	}
	var spans []span
	if m[4] != "" {
		var err error
		if spans, err = parseSpans(m[4]); err != nil {
			return fmt.Errorf("does not say when it is open: %w", err)
		}
	}
	h.special[key] = spans
	return nil
}

// real reports whether there is such a day, if only in leap years where no year is named.
func (d date) real() bool {
	year := d.year
	if year == 0 {
		year = 2000
	}
	_, month, day := time.Date(year, d.month, d.day, 0, 0, 0, 0, time.UTC).Date()
	return month == d.month && day == d.day
}
