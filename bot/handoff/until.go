package handoff

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Until is a moment as staff write it, on the clock of the business and no sooner than it opens: a time from now ("30m", "2h", "3d"), or a day
// ("tomorrow", "monday", "2026-12-01"), a time of day ("14:00"), or both. A day alone is its opening, a weekday the next one. It is false for anything
// else, for what has gone by, and for more than half a year.
func Until(text string, now time.Time, zone *time.Location, hours Hours) (time.Time, bool) {
	if zone == nil {
		zone = time.UTC
	}
	at, ok := wished(strings.Fields(strings.ToLower(text)), now.In(zone), hours)
	if !ok || !at.After(now) || at.After(now.AddDate(0, longestSnooze, 0)) {
		return time.Time{}, false
	}
	if open, ok := hours.Next(at); ok {
		at = open
	}
	return at.In(zone), true
}

// By is a moment by which something is to be done, written as for [Until]; only that a day alone is when it closes, for the whole day is there to do it.
func By(text string, now time.Time, zone *time.Location, hours Hours) (time.Time, bool) {
	at, ok := Until(text, now, zone, hours)
	m := fromNow.FindStringSubmatch(strings.ToLower(strings.TrimSpace(text)))
	if !ok || strings.Contains(text, ":") || m != nil && m[2] != "d" {
		return at, ok
	}
	return evening(at, hours), true
}

// eveningHour is when a day ends for who is always open.
const eveningHour = 18

// evening is when the day of an opening closes for the last time.
func evening(opening time.Time, hours Hours) time.Time {
	if !hours.limited {
		return time.Date(opening.Year(), opening.Month(), opening.Day(), eveningHour, 0, 0, 0, opening.Location())
	}
	for at := opening; ; {
		closes, ok := hours.Closes(at)
		if !ok {
			return at
		}
		if at, ok = hours.Next(closes); !ok || !sameDay(at.In(opening.Location()), opening) {
			return closes.In(opening.Location())
		}
	}
}

// longestSnooze is in months: who comes back later than that is better told so in words.
const longestSnooze = 6

var (
	fromNow   = regexp.MustCompile(`^([1-9]\d{0,2})([mhd])$`)
	clockTime = regexp.MustCompile(`^(\d{1,2}):(\d{2})$`)
)

// wished is the moment as it was written, whether it is open then or not.
func wished(words []string, now time.Time, hours Hours) (time.Time, bool) {
	if len(words) == 0 || len(words) > 2 {
		return time.Time{}, false
	}
	if m := fromNow.FindStringSubmatch(words[0]); m != nil {
		n, _ := strconv.Atoi(m[1])
		switch {
		case len(words) > 1:
			return time.Time{}, false
		case m[2] == "m":
			return now.Add(time.Duration(n) * time.Minute), true
		case m[2] == "h":
			return now.Add(time.Duration(n) * time.Hour), true
		}
		return morning(now.AddDate(0, 0, n), hours), true
	}
	clock := words[len(words)-1]
	if !strings.Contains(clock, ":") {
		day, ok := dayOf(words[0], now, false)
		return morning(day, hours), ok && len(words) == 1
	}
	day, ok := now, true
	if len(words) == 2 {
		day, ok = dayOf(words[0], now, true)
	}
	at, valid := onClock(day, clock)
	if ok && valid && len(words) == 2 && !at.After(now) && slices.Contains(weekday(words[0]), day.Weekday()) {
		at, valid = onClock(day.AddDate(0, 0, 7), clock) // today's has gone by
	}
	return at, ok && valid
}

// dayOf is a day by its name or its date. A weekday is the next one; today counts only where it has a time.
func dayOf(word string, now time.Time, today bool) (time.Time, bool) {
	switch word {
	case "today":
		return now, today
	case "tomorrow":
		return now.AddDate(0, 0, 1), true
	}
	if day, err := time.ParseInLocation(time.DateOnly, word, now.Location()); err == nil {
		return day, true
	}
	named := weekday(word)
	if len(named) == 0 {
		return time.Time{}, false
	}
	ahead := (int(named[0]-now.Weekday()) + 7) % 7
	if ahead == 0 && !today {
		ahead = 7
	}
	return now.AddDate(0, 0, ahead), true
}

// weekday is the one that a word names, whole or by three letters; none where it names none.
func weekday(word string) []time.Weekday {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if name := strings.ToLower(d.String()); word == name || word == name[:3] {
			return []time.Weekday{d}
		}
	}
	return nil
}

// morningHour is when a day begins for who is always open.
const morningHour = 9

// morning is when a day begins at the earliest; the opening is looked for from there.
func morning(day time.Time, hours Hours) time.Time {
	hour := 0
	if !hours.limited {
		hour = morningHour
	}
	return time.Date(day.Year(), day.Month(), day.Day(), hour, 0, 0, 0, day.Location())
}

// onClock is a time of a day.
func onClock(day time.Time, clock string) (time.Time, bool) {
	m := clockTime.FindStringSubmatch(clock)
	if m == nil {
		return time.Time{}, false
	}
	hour, _ := strconv.Atoi(m[1])
	minute, _ := strconv.Atoi(m[2])
	return time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, day.Location()), hour < 24 && minute < 60
}
