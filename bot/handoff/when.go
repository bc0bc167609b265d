package handoff

import (
	"strconv"
	"time"
)

// When is a time as customers read it, on the clock of the business: without the day where that is the one of another time.
func When(voice Voice, t, beside, now time.Time, zone *time.Location) string {
	if zone == nil {
		zone = time.UTC
	}
	t, beside, now = t.In(zone), beside.In(zone), now.In(zone)
	args := map[string]any{"Time": t.Format("15:04"), "Date": t.Format(time.DateOnly), "Weekday": voice.Say("weekday_" + strconv.Itoa(int(t.Weekday())))}
	switch {
	case sameDay(t, beside):
		return t.Format("15:04")
	case sameDay(t, now.AddDate(0, 0, 1)):
		return voice.Say("when_tomorrow", args)
	}
	return voice.Say("when_day", args)
}

func sameDay(a, b time.Time) bool { return a.Year() == b.Year() && a.YearDay() == b.YearDay() }
