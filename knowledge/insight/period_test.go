package insight_test

import (
	"testing"
	"time"

	"faqbot/faq/fault"
	"faqbot/knowledge/insight"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestWeekOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, zone string
		at         string // on the clock there
		from, to   string // in UTC
		hours      int
	}{
		{"a usual week", "UTC", "2026-11-18T10:00", "2026-11-16T00:00", "2026-11-23T00:00", 168},
		{"its first moment", "UTC", "2026-11-16T00:00", "2026-11-16T00:00", "2026-11-23T00:00", 168},
		{"its last minute", "UTC", "2026-11-22T23:59", "2026-11-16T00:00", "2026-11-23T00:00", 168},
		{"Sunday here is Monday elsewhere", "Asia/Tokyo", "2026-11-16T01:00", "2026-11-15T15:00", "2026-11-22T15:00", 168},
		{"an hour is lost in spring", "Europe/Madrid", "2026-03-26T10:00", "2026-03-22T23:00", "2026-03-29T22:00", 167},
		{"an hour is won in autumn", "Europe/Madrid", "2026-10-22T10:00", "2026-10-18T22:00", "2026-10-25T23:00", 169},
		{"across the end of a year", "Europe/Madrid", "2026-12-31T23:30", "2026-12-27T23:00", "2027-01-03T23:00", 168},
		{"half an hour", "Australia/Lord_Howe", "2026-04-02T12:00", "2026-03-29T13:00", "2026-04-05T13:30", 168},
		{"a Monday that begins at one", "Asia/Beirut", "2026-03-29T12:00", "2026-03-22T22:00", "2026-03-29T21:00", 167},
		{"a day that begins at one", "Africa/Cairo", "2026-04-24T12:00", "2026-04-19T22:00", "2026-04-26T21:00", 167},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			at, err := time.ParseInLocation("2006-01-02T15:04", c.at, zone(t, c.zone))
			if err != nil {
				t.Fatal(err)
			}
			week := insight.WeekOf(at)
			const layout = "2006-01-02T15:04"
			if from, to := week.From.UTC().Format(layout), week.To.UTC().Format(layout); from != c.from || to != c.to && c.hours != 168 {
				t.Errorf("the week is %s to %s, want %s to %s", from, to, c.from, c.to)
			}
			if week.Days() != 7 || week.From.Weekday() != time.Monday || !week.Contains(at) {
				t.Errorf("%v has %d days", week, week.Days())
			}
			if before := week.Before(); !before.To.Equal(week.From) || before.Days() != 7 || before.From.Weekday() != time.Monday {
				t.Errorf("the week before is %v", before)
			}
			if hours := int(week.To.Sub(week.From).Hours()); hours != c.hours {
				t.Errorf("it has %d hours, want %d", hours, c.hours)
			}
		})
	}
}

// TestPeriod_NothingIsLost walks through years of days where clocks are changed at the oddest hours: each day begins where the one before ends.
func TestPeriod_NothingIsLost(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"UTC", "Europe/Madrid", "America/New_York", "Asia/Beirut", "America/Havana", "America/Santiago", "Africa/Cairo", "Asia/Kathmandu",
		"Pacific/Apia", "America/St_Johns", "Antarctica/Troll"} {
		at := time.Date(2008, 12, 28, 12, 0, 0, 0, zone(t, name))
		day := insight.LastDays(at, 1)
		for range 8 * 366 {
			next := insight.LastDays(day.To.Add(time.Hour), 1)
			if !next.From.Equal(day.To) || next.To.Sub(next.From) < 22*time.Hour || next.To.Sub(next.From) > 26*time.Hour {
				t.Fatalf("%s: after %v – %v comes %v – %v", name, day.From, day.To, next.From, next.To)
			}
			day = next
		}
	}
}

func TestParsePeriod(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 10, 30, 0, 0, zone(t, "Europe/Madrid"))
	for _, c := range []struct {
		name, since, until string
		want               string // empty is refused
	}{
		{"today", "1d", "", "Sun 22 Nov 2026"},
		{"days", "7d", "", "Mon 16 Nov 2026 – Sun 22 Nov 2026"},
		{"weeks", "4w", "", "Mon 26 Oct 2026 – Sun 22 Nov 2026"},
		{"since a day", "2026-11-01", "", "Sun 1 Nov 2026 – Sun 22 Nov 2026"},
		{"a week that is over, with a change of the clock", "2026-10-19", "2026-10-25", "Mon 19 Oct 2026 – Sun 25 Oct 2026"},
		{"seven days up to one that is over", "7d", "2026-10-25", "Mon 19 Oct 2026 – Sun 25 Oct 2026"},
		{"no unit", "7", "", ""}, {"no days", "0d", "", ""}, {"less than none", "-3d", "", ""}, {"nothing", "", "", ""}, {"words", "yesterday", "", ""},
		{"more than there is time", "99999999999d", "", ""}, {"no such day", "2026-02-30", "", ""}, {"the day after", "2026-11-23", "", ""},
		{"an end before the beginning", "2026-10-19", "2026-10-18", ""}, {"an end that is no day", "7d", "4w", ""}, {"in another age", "0001-01-01", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p, err := insight.ParsePeriod(c.since, c.until, now)
			if c.want == "" {
				if !fault.Is(err, fault.Invalid) || fault.Message(err) == "" {
					t.Errorf("got %v, %v", p, err)
				}
				return
			}
			if err != nil || p.String() != c.want {
				t.Errorf("got %v, %v, want %s", p, err, c.want)
			}
		})
	}
}
