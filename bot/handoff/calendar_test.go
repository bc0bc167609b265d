package handoff_test

import (
	"strings"
	"testing"
	"time"

	"faqbot/bot/handoff"
	"faqbot/faq/fault"
)

func TestParseHours(t *testing.T) {
	t.Parallel()
	monday := at(t, "2026-11-23 00:00 +00:00")
	for name, c := range map[string]struct {
		week map[string]string
		open string // within a week from Monday on
	}{
		"the owner's own":           {shop, "44h"},
		"full names, capitals":      {map[string]string{"Monday - Friday": "9:00-17:00", "Sat": "Closed"}, "40h"},
		"lists":                     {map[string]string{"mon, wed-thu ,sun": "09:00-10:00"}, "4h"},
		"over the end of the week":  {map[string]string{"sat-mon": "09:00-10:00"}, "3h"},
		"typed with other dashes":   {map[string]string{"mon–tue": "09:00 – 10:00,11:00—12:00"}, "4h"},
		"out of order, touching":    {map[string]string{"mon": "13:00-14:00,09:00-10:00,10:00-11:00"}, "3h"},
		"until midnight":            {map[string]string{"mon": "20:00-24:00", "tue": "20:00-00:00"}, "8h"},
		"the last night of a week":  {map[string]string{"sun": "20:00-02:00"}, "6h"}, // two of them the night before
		"a single day of the seven": {map[string]string{"thurs": "00:00-24:00"}, "24h"},
		"nothing":                   {nil, "168h"},
	} {
		h, err := handoff.ParseHours(nil, c.week, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := h.Within(monday, monday.AddDate(0, 0, 7)); got != duration(t, c.open) {
			t.Errorf("%s: %v a week", name, got)
		}
		if h.Zone() != time.UTC {
			t.Errorf("%s: zone %v", name, h.Zone())
		}
	}
}

func TestParseHours_wrong(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		week     map[string]string
		holidays []string
		want     []string
	}{
		"no day":             {week: map[string]string{"mo": "09:00-10:00"}, want: []string{"hours: “mo” is no day of the week; write mon"}},
		"too long a range":   {week: map[string]string{"mon-wed-fri": "09:00-10:00"}, want: []string{"hours: “mon-wed-fri” is no day"}},
		"an empty day":       {week: map[string]string{"": "09:00-10:00"}, want: []string{"hours: “” is no day"}},
		"a day twice":        {week: map[string]string{"mon-fri": "09:00-10:00", "fri": "closed"}, want: []string{"hours: friday stands in “fri” and in “mon-fri”; name each day once"}},
		"without minutes":    {week: map[string]string{"mon": "9-17"}, want: []string{"hours: mon: “9-17” is no span of time; write it as 09:00-17:30"}},
		"half past noon":     {week: map[string]string{"mon": "9:00am-5:00pm"}, want: []string{"(24 hours)"}},
		"no spans":           {week: map[string]string{"mon": ""}, want: []string{"hours: mon: “” is no span of time;", "“closed”"}},
		"a comma too many":   {week: map[string]string{"mon": "09:00-10:00,"}, want: []string{"“” is no span"}},
		"hours":              {week: map[string]string{"mon": "09:00-25:00"}, want: []string{"“09:00-25:00” has a time that no clock shows; begin at 00:00"}},
		"minutes":            {week: map[string]string{"mon": "09:60-12:00"}, want: []string{"no clock shows"}},
		"past the end":       {week: map[string]string{"mon": "09:00-24:01"}, want: []string{"no clock shows"}},
		"begins at the end":  {week: map[string]string{"mon": "24:00-02:00"}, want: []string{"no clock shows"}},
		"no time":            {week: map[string]string{"mon": "08:00-08:00"}, want: []string{"“08:00-08:00” is no time at all; write 00:00-24:00"}},
		"overlap":            {week: map[string]string{"mon": "09:00-12:00, 11:00-14:00"}, want: []string{"hours: mon: 11:00-14:00 begins before 09:00-12:00 ends; let one"}},
		"overlap at night":   {week: map[string]string{"mon": "23:00-23:30, 22:00-02:00"}, want: []string{"23:00-23:30 begins before 22:00-02:00 ends"}},
		"another date":       {holidays: []string{"25.12.2026"}, want: []string{"holidays: “25.12.2026” is no date; write year-month-day such as 2026-12-25"}},
		"no such date":       {holidays: []string{"2026-02-29"}, want: []string{"holidays: “2026-02-29” is a date that does not exist;"}},
		"never such a date":  {holidays: []string{"02-30"}, want: []string{"does not exist"}},
		"no such month":      {holidays: []string{"25-12"}, want: []string{"does not exist"}},
		"a date twice":       {holidays: []string{"12-25", "12-25 09:00-10:00"}, want: []string{"holidays: “12-25 09:00-10:00” has a date that stands there twice;"}},
		"a date's spans":     {holidays: []string{"12-25 at noon"}, want: []string{"holidays: “12-25 at noon” does not say when it is open: “at noon” is no span"}},
		"all of it, in turn": {map[string]string{"mo": "", "tue": "9"}, []string{"x"}, []string{"“mo”", "\nhours: tue: “9”", "\nholidays: “x”"}},
	} {
		_, err := handoff.ParseHours(time.UTC, c.week, c.holidays)
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(fault.Message(err), want) {
				t.Errorf("%s: %q lacks %q", name, fault.Message(err), want)
			}
		}
	}
}

// FuzzParseHours: whatever an owner writes is read or complained of, and what is read answers.
func FuzzParseHours(f *testing.F) {
	f.Add("mon-fri", "09:00-12:30, 13:30-18:00", "12-24 09:00-12:00")
	f.Add("sat–mon", "22:00-02:00", "2026-12-25")
	f.Add("sun", "closed", "02-29")
	f.Fuzz(func(t *testing.T, day, spans, holiday string) {
		h, err := handoff.ParseHours(time.UTC, map[string]string{day: spans}, []string{holiday})
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("%v", err)
			}
			return
		}
		from := at(t, "2026-11-23 00:00 +00:00")
		if next, ok := h.Next(from); ok != h.Open(next) {
			t.Errorf("next %v, %v", next, ok)
		}
		if open := h.Within(from, from.AddDate(0, 0, 7)); open < 0 || open > 7*24*time.Hour {
			t.Errorf("%v in a week", open)
		}
	})
}
