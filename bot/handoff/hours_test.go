package handoff_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"faqbot/bot/handoff"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func hours(t testing.TB, place string, week map[string]string, holidays ...string) handoff.Hours {
	t.Helper()
	h, err := handoff.ParseHours(zone(t, place), week, holidays)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// at reads a moment such as "2026-03-29 01:00 +01:00".
func at(t testing.TB, text string) time.Time {
	t.Helper()
	m, err := time.Parse("2006-01-02 15:04 -07:00", text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

var shop = map[string]string{"mon-fri": "09:00-12:30, 13:30-18:00", "sat": "10:00-14:00"}

func TestHours_Opening(t *testing.T) {
	t.Parallel()
	day := map[string]string{"mon-sun": "01:00-05:00"}
	for name, c := range map[string]struct {
		place, from    string
		week           map[string]string
		holidays       []string
		opens, closes  string
		within24h      string
		openAtTheStart bool
	}{
		"before work":                          {place: "Europe/Berlin", week: shop, from: "2026-11-23 07:00 +01:00", opens: "2026-11-23 09:00 +01:00", closes: "2026-11-23 12:30 +01:00", within24h: "8h"},
		"at work":                              {place: "Europe/Berlin", week: shop, from: "2026-11-23 14:10 +01:00", opens: "2026-11-23 14:10 +01:00", closes: "2026-11-23 18:00 +01:00", within24h: "8h", openAtTheStart: true},
		"as work begins":                       {place: "Europe/Berlin", week: shop, from: "2026-11-23 13:30 +01:00", opens: "2026-11-23 13:30 +01:00", closes: "2026-11-23 18:00 +01:00", within24h: "8h", openAtTheStart: true},
		"as the break begins":                  {place: "Europe/Berlin", week: shop, from: "2026-11-23 12:30 +01:00", opens: "2026-11-23 13:30 +01:00", closes: "2026-11-23 18:00 +01:00", within24h: "8h"},
		"over the weekend":                     {place: "Europe/Berlin", week: shop, from: "2026-11-21 14:00 +01:00", opens: "2026-11-23 09:00 +01:00", closes: "2026-11-23 12:30 +01:00", within24h: "0s"},
		"a holiday":                            {place: "Europe/Berlin", week: shop, holidays: []string{"2026-11-23"}, from: "2026-11-23 10:00 +01:00", opens: "2026-11-24 09:00 +01:00", closes: "2026-11-24 12:30 +01:00", within24h: "1h"},
		"a holiday of every year":              {place: "Europe/Berlin", week: shop, holidays: []string{"11-23"}, from: "2026-11-23 10:00 +01:00", opens: "2026-11-24 09:00 +01:00", closes: "2026-11-24 12:30 +01:00", within24h: "1h"},
		"a short day":                          {place: "Europe/Berlin", week: shop, holidays: []string{"12-24 09:00-12:00"}, from: "2026-12-24 08:00 +01:00", opens: "2026-12-24 09:00 +01:00", closes: "2026-12-24 12:00 +01:00", within24h: "3h"},
		"a year goes before every year":        {place: "Europe/Berlin", week: shop, holidays: []string{"12-24", "2026-12-24 20:00-21:00"}, from: "2026-12-24 08:00 +01:00", opens: "2026-12-24 20:00 +01:00", closes: "2026-12-24 21:00 +01:00", within24h: "1h"},
		"no work on the last of February":      {place: "Europe/Berlin", week: shop, holidays: []string{"02-29"}, from: "2028-02-28 18:00 +01:00", opens: "2028-03-01 09:00 +01:00", closes: "2028-03-01 12:30 +01:00", within24h: "0s"},
		"a year that has none":                 {place: "Europe/Berlin", week: shop, holidays: []string{"02-29"}, from: "2027-02-26 18:00 +01:00", opens: "2027-02-27 10:00 +01:00", closes: "2027-02-27 14:00 +01:00", within24h: "4h"},
		"past midnight":                        {place: "Europe/Berlin", week: map[string]string{"fri": "22:00-02:00"}, from: "2026-11-28 01:00 +01:00", opens: "2026-11-28 01:00 +01:00", closes: "2026-11-28 02:00 +01:00", within24h: "1h", openAtTheStart: true},
		"past midnight, holiday":               {place: "Europe/Berlin", week: map[string]string{"fri": "22:00-02:00"}, holidays: []string{"11-28"}, from: "2026-11-27 20:00 +01:00", opens: "2026-11-27 22:00 +01:00", closes: "2026-11-28 02:00 +01:00", within24h: "4h"},
		"until midnight and on":                {place: "Europe/Berlin", week: map[string]string{"fri": "20:00-24:00", "sat": "00:00-03:00"}, from: "2026-11-27 19:00 +01:00", opens: "2026-11-27 20:00 +01:00", closes: "2026-11-28 03:00 +01:00", within24h: "7h"},
		"nights that meet mornings":            {place: "Europe/Berlin", week: map[string]string{"fri": "20:00-04:00", "sat": "03:00-05:00"}, from: "2026-11-27 19:00 +01:00", opens: "2026-11-27 20:00 +01:00", closes: "2026-11-28 05:00 +01:00", within24h: "9h"},
		"the hour that is not, Berlin":         {place: "Europe/Berlin", week: day, from: "2026-03-29 00:00 +01:00", opens: "2026-03-29 01:00 +01:00", closes: "2026-03-29 05:00 +02:00", within24h: "3h"},
		"the hour that is twice, Berlin":       {place: "Europe/Berlin", week: day, from: "2026-10-25 00:00 +02:00", opens: "2026-10-25 01:00 +02:00", closes: "2026-10-25 05:00 +01:00", within24h: "5h"},
		"begins in the hour that is not":       {place: "Europe/Berlin", week: map[string]string{"sun": "02:30-05:00"}, from: "2026-03-29 00:00 +01:00", opens: "2026-03-29 03:00 +02:00", closes: "2026-03-29 05:00 +02:00", within24h: "2h"},
		"ends in the hour that is not":         {place: "Europe/Berlin", week: map[string]string{"sun": "01:00-02:30"}, from: "2026-03-29 00:00 +01:00", opens: "2026-03-29 01:00 +01:00", closes: "2026-03-29 03:00 +02:00", within24h: "1h"},
		"is in the hour that is not":           {place: "Europe/Berlin", week: map[string]string{"sun": "02:15-02:45"}, from: "2026-03-29 00:00 +01:00", opens: "2026-04-05 02:15 +02:00", closes: "2026-04-05 02:45 +02:00", within24h: "0s"},
		"is the hour that is twice":            {place: "Europe/Berlin", week: map[string]string{"sun": "02:00-03:00"}, from: "2026-10-25 00:00 +02:00", opens: "2026-10-25 02:00 +02:00", closes: "2026-10-25 03:00 +01:00", within24h: "2h"},
		"ends when it is shown first":          {place: "Europe/Berlin", week: map[string]string{"sun": "02:00-02:30"}, from: "2026-10-25 00:00 +02:00", opens: "2026-10-25 02:00 +02:00", closes: "2026-10-25 02:30 +02:00", within24h: "30m"},
		"New York springs":                     {place: "America/New_York", week: day, from: "2026-03-08 00:00 -05:00", opens: "2026-03-08 01:00 -05:00", closes: "2026-03-08 05:00 -04:00", within24h: "3h"},
		"New York falls":                       {place: "America/New_York", week: day, from: "2026-11-01 00:00 -04:00", opens: "2026-11-01 01:00 -04:00", closes: "2026-11-01 05:00 -05:00", within24h: "5h"},
		"New York, begins in the second hour":  {place: "America/New_York", week: map[string]string{"sun": "01:30-02:30"}, from: "2026-11-01 00:00 -04:00", opens: "2026-11-01 01:30 -04:00", closes: "2026-11-01 02:30 -05:00", within24h: "2h"},
		"Kolkata":                              {place: "Asia/Kolkata", week: shop, from: "2026-11-23 03:00 +00:00", opens: "2026-11-23 09:00 +05:30", closes: "2026-11-23 12:30 +05:30", within24h: "8h"},
		"Lord Howe, half an hour that is not":  {place: "Australia/Lord_Howe", week: day, from: "2026-10-04 00:00 +10:30", opens: "2026-10-04 01:00 +10:30", closes: "2026-10-04 05:00 +11:00", within24h: "3h30m"},
		"Lord Howe, half an hour twice":        {place: "Australia/Lord_Howe", week: day, from: "2026-04-05 00:00 +11:00", opens: "2026-04-05 01:00 +11:00", closes: "2026-04-05 05:00 +10:30", within24h: "4h30m"},
		"a day that was left out, Samoa":       {place: "Pacific/Apia", week: map[string]string{"fri": "09:00-17:00"}, from: "2011-12-29 20:00 -10:00", opens: "2012-01-06 09:00 +14:00", closes: "2012-01-06 17:00 +14:00", within24h: "0s"},
		"back over midnight, Beirut":           {place: "Asia/Beirut", week: map[string]string{"sat": "22:00-24:00"}, from: "2026-10-24 20:00 +03:00", opens: "2026-10-24 22:00 +03:00", closes: "2026-10-24 24:00 +02:00", within24h: "3h"},
		"a day begun twice, St John's":         {place: "America/St_Johns", week: map[string]string{"sun": "00:00-02:00"}, from: "2010-11-06 23:30 -03:30", opens: "2010-11-06 23:30 -03:30", closes: "2010-11-07 02:00 -03:30", within24h: "2h30m", openAtTheStart: true},
		"only holidays are closed":             {place: "UTC", holidays: []string{"2026-12-25"}, from: "2026-12-25 10:00 +00:00", opens: "2026-12-26 00:00 +00:00", closes: "", within24h: "10h"},
		"day and night, written out":           {place: "UTC", week: map[string]string{"mon-sun": "00:00-24:00"}, from: "2026-12-25 10:00 +00:00", opens: "2026-12-25 10:00 +00:00", closes: "", within24h: "24h", openAtTheStart: true},
		"always":                               {place: "UTC", from: "2026-12-25 10:00 +00:00", opens: "2026-12-25 10:00 +00:00", closes: "", within24h: "24h", openAtTheStart: true},
		"closed for months, then a single day": {place: "UTC", week: map[string]string{"mon-sun": "closed"}, holidays: []string{"2027-12-24 10:00-11:00"}, from: "2026-11-22 10:00 +00:00", opens: "2027-12-24 10:00 +00:00", closes: "2027-12-24 11:00 +00:00", within24h: "0s"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, from := hours(t, c.place, c.week, c.holidays...), instant(t, c.from)
			o, ok := h.Opening(from)
			if !ok || !o.From.Equal(instant(t, c.opens)) || !o.To.Equal(instant(t, c.closes)) {
				t.Errorf("open from %v to %v, %v", o.From, o.To, ok)
			}
			if got := h.Within(from, from.Add(24*time.Hour)).String(); got != duration(t, c.within24h).String() {
				t.Errorf("%s within a day", got)
			}
			if h.Open(from) != c.openAtTheStart {
				t.Errorf("open is %v", !c.openAtTheStart)
			}
		})
	}
}

// instant is as [at], with 24:00 and an empty text for no time.
func instant(t testing.TB, text string) time.Time {
	t.Helper()
	if text == "" {
		return time.Time{}
	}
	if strings.Contains(text, "24:00") {
		return at(t, strings.Replace(text, "24:00", "23:00", 1)).Add(time.Hour)
	}
	return at(t, text)
}

func duration(t testing.TB, text string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestHours_never: what is closed for more than 400 days is closed for good.
func TestHours_never(t *testing.T) {
	t.Parallel()
	from := at(t, "2026-11-22 10:00 +00:00")
	for name, h := range map[string]handoff.Hours{
		"always closed": hours(t, "UTC", map[string]string{"mon-sun": "closed"}),
		"too far away":  hours(t, "UTC", map[string]string{"mon-sun": "closed"}, "2028-01-01 10:00-11:00"),
		"gone by":       hours(t, "UTC", map[string]string{"mon-sun": "closed"}, "2025-01-01 10:00-11:00"),
	} {
		if next, ok := h.Next(from); ok {
			t.Errorf("%s: opens at %v", name, next)
		}
		if o, ok := h.Opening(from); ok {
			t.Errorf("%s: opening %v", name, o)
		}
		if end := h.Add(from, time.Minute); !end.IsZero() {
			t.Errorf("%s: a minute has passed at %v", name, end)
		}
		if _, ok := h.Closes(from); ok || h.Open(from) {
			t.Errorf("%s: is open", name)
		}
	}
	if got := hours(t, "UTC", map[string]string{"mon-sun": "closed"}, "2028-01-01 10:00-11:00").Within(from, from.AddDate(3, 0, 0)); got != time.Hour {
		t.Errorf("%v within three years", got)
	}
}

func TestHours_Add(t *testing.T) {
	t.Parallel()
	berlin := hours(t, "Europe/Berlin", shop, "2026-12-25", "2026-12-26", "12-24 09:00-12:00")
	night := hours(t, "Europe/Berlin", map[string]string{"sat-sun": "20:00-06:00"})
	for name, c := range map[string]struct {
		h             handoff.Hours
		from, d, want string
	}{
		"within a span":           {berlin, "2026-11-23 09:10 +01:00", "20m", "2026-11-23 09:30 +01:00"},
		"ends as the break does":  {berlin, "2026-11-23 12:00 +01:00", "30m", "2026-11-23 12:30 +01:00"},
		"over the break":          {berlin, "2026-11-23 12:00 +01:00", "31m", "2026-11-23 13:31 +01:00"},
		"over the night":          {berlin, "2026-11-23 17:00 +01:00", "2h", "2026-11-24 10:00 +01:00"},
		"over the weekend":        {berlin, "2026-11-20 17:00 +01:00", "6h", "2026-11-23 10:00 +01:00"},
		"over Christmas":          {berlin, "2026-12-24 11:00 +01:00", "90m", "2026-12-28 09:30 +01:00"},
		"nothing":                 {berlin, "2026-11-22 10:00 +01:00", "0s", "2026-11-22 10:00 +01:00"},
		"less than nothing":       {berlin, "2026-11-22 10:00 +01:00", "-1h", "2026-11-22 10:00 +01:00"},
		"weeks":                   {berlin, "2026-11-02 09:00 +01:00", "88h", "2026-11-14 14:00 +01:00"},
		"a night of eleven hours": {night, "2026-10-24 20:00 +02:00", "11h", "2026-10-25 06:00 +01:00"},
		"a night of nine hours":   {night, "2026-03-28 20:00 +01:00", "10h", "2026-03-29 21:00 +02:00"},
		"always":                  {handoff.Hours{}, "2026-03-28 20:00 +01:00", "20000h", "2028-07-09 03:00 +00:00"},
	} {
		got := c.h.Add(at(t, c.from), duration(t, c.d))
		if want := at(t, c.want); !got.Equal(want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

// anyHours makes up hours, among them nights, days that meet, holidays and days with hours of their own.
func anyHours(t testing.TB, r *rand.Rand) (handoff.Hours, string) {
	t.Helper()
	places := []string{"Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Asia/Beirut", "America/St_Johns", "UTC"}
	spans := func() string {
		var list []string
		for from := r.IntN(600); from < 1440 && len(list) < 3; from += 1 + r.IntN(500) {
			to := from + 1 + r.IntN(500)
			if to > 1440 {
				to %= 1440
			}
			list = append(list, fmt.Sprintf("%02d:%02d-%02d:%02d", from/60, from%60, to/60, to%60))
			if from = to; len(list) > 0 && to < 500 {
				break // past midnight, or early: nothing may follow the former
			}
		}
		return strings.Join(list, ", ")
	}
	week := map[string]string{}
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
		if r.IntN(4) > 0 {
			week[day] = spans()
		}
	}
	week[[]string{"mon", "sun"}[r.IntN(2)]] = "00:00-24:00"
	var holidays []string
	for day := 1; day < 29; day += 1 + r.IntN(9) {
		text := fmt.Sprintf("%02d-%02d", 1+r.IntN(12), day)
		if r.IntN(2) > 0 {
			text = "2026-" + text
		}
		if r.IntN(2) > 0 {
			text += " " + spans()
		}
		holidays = append(holidays, text)
	}
	place := places[r.IntN(len(places))]
	return hours(t, place, week, holidays...), fmt.Sprint(place, " ", week, " ", holidays)
}

// anyMoment is often near a change of some clock.
func anyMoment(r *rand.Rand) time.Time {
	changes := []string{"2026-03-29", "2026-10-25", "2026-03-08", "2026-11-01", "2026-10-04", "2026-04-05", "2028-02-29", "2010-11-07"}
	start, _ := time.Parse(time.DateOnly, changes[r.IntN(len(changes))])
	return start.Add(time.Duration(r.Int64N(int64(240*time.Hour))) - 96*time.Hour).Round([]time.Duration{1, time.Minute, time.Hour}[r.IntN(3)])
}

// FuzzHours holds the methods against each other, for made-up hours and moments.
func FuzzHours(f *testing.F) {
	for seed := range uint64(300) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		r := rand.New(rand.NewPCG(seed, 1))
		h, shown := anyHours(t, r)
		from, d := anyMoment(r), time.Duration(r.Int64N(int64(100*time.Hour)))
		to := h.Add(from, d)
		if got := h.Within(from, to); got != d {
			t.Errorf("%s: %v after %v it is %v, in which %v were open", shown, d, from, to, got)
		}
		if d > 0 && h.Within(from, to.Add(-1)) != d-1 {
			t.Errorf("%s: %v after %v is before %v", shown, d, from, to)
		}
		mid := from.Add(time.Duration(r.Int64N(int64(to.Sub(from)) + 1)))
		if a, b := h.Within(from, mid), h.Within(mid, to); a+b != d {
			t.Errorf("%s: %v and %v from %v by %v to %v", shown, a, b, from, mid, to)
		}
		checkNext(t, h, from, shown)
	})
}

func checkNext(t *testing.T, h handoff.Hours, from time.Time, shown string) {
	t.Helper()
	o, ok := h.Opening(from)
	next, _ := h.Next(from)
	again, _ := h.Next(next)
	switch {
	case !ok || !next.Equal(o.From) || !again.Equal(next) || next.Before(from):
		t.Errorf("%s: from %v next %v, again %v, opening %v", shown, from, next, again, o)
	case !h.Open(next) || h.Open(from) != next.Equal(from) || h.Within(from, next) != 0:
		t.Errorf("%s: from %v the next is %v, which is wrong", shown, from, next)
	case o.To.IsZero():
	case h.Open(o.To) || !h.Open(o.To.Add(-1)) || h.Within(next, o.To) != o.To.Sub(next):
		t.Errorf("%s: open from %v to %v, which is wrong", shown, o.From, o.To)
	}
}

// TestHours_minutes counts open minutes on the clock of a zone that never changes, another way than Hours does.
func TestHours_minutes(t *testing.T) {
	t.Parallel()
	h := hours(t, "Asia/Kolkata", map[string]string{"mon-fri": "09:00-12:30, 13:30-18:00", "sat": "22:00-02:00"}, "11-25", "2026-11-26 10:00-11:00")
	start := at(t, "2026-11-20 00:00 +05:30")
	var open time.Duration
	for m := start; m.Before(start.AddDate(0, 0, 14)); m = m.Add(time.Minute) {
		want := false
		clock := m.In(h.Zone()).Format("15:04")
		switch day := m.In(h.Zone()); {
		case day.Day() == 25:
		case day.Day() == 26:
			want = clock >= "10:00" && clock < "11:00"
		case day.Weekday() == time.Saturday:
			want = clock >= "22:00"
		case day.Weekday() == time.Sunday:
			want = clock < "02:00"
		default:
			want = clock >= "09:00" && clock < "12:30" || clock >= "13:30" && clock < "18:00"
		}
		if h.Open(m) != want {
			t.Fatalf("%v: open is %v", m, !want)
		}
		if want {
			open += time.Minute
		}
	}
	if got := h.Within(start, start.AddDate(0, 0, 14)); got != open {
		t.Errorf("%v open, %v by the minute", got, open)
	}
}
