package eval

import (
	"testing"

	"faqbot/faq"

	"github.com/google/go-cmp/cmp"
)

func TestQuantities(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"Within 30 days.":                           {"30 day"},
		"3 working days, 2 to 3 weeks, 1-2 months":  {"3 day", "2 week", "3 week", "1 month", "2 month"},
		"3 Werktage oder 2 bis 3 Wochen":            {"3 day", "2 week", "3 week"},
		"Unter 3 días o 24 horas":                   {"3 day", "24 hour"},
		"через 14 дней, बाद 30 दिन, ٣٠ يوم":         {"14 day", "30 day", "30 day"},
		"€ 9.90, 9,90 €, EUR 10.00, 1.000 euros":    {"9.9 euro", "9.9 euro", "10 euro", "1000 euro"},
		"10 % off, 12.5 percent":                    {"10 percent", "12.5 percent"},
		"9 am to 6:30 pm, ab 9 Uhr, 18:00":          {"9:00 clock", "18:30 clock", "9:00 clock", "18:00 clock"},
		"since 2019":                                {"2019 year of the calendar"},
		"call 555 0100, order 123456, pot P15":      nil,
		"see [here](https://x.y/30/days) or 5, day": nil,
		"1. Pack it.\n2. Days later it is there.":   nil,
		"": nil,
	} {
		var got []string
		for _, q := range quantities(text) {
			got = append(got, q.value+" "+q.unit)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestDifferences(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		a, b string
		want string
	}{
		"the same":               {"30 days", "You have 30 days.", ""},
		"written otherwise":      {"9:00", "9 am", ""},
		"another":                {"30 days or 4 euros", "14 days or 4 euros", "30 days/14 days"},
		"another unit":           {"30 days", "1 month", ""},
		"one more":               {"30 days", "30 days, 60 days for members", ""},
		"closing times":          {"9:00 to 18:00", "9:00 to 17:00", "18:00/17:00"},
		"a table":                {"1 day, 2 days, 3 days, 4 days, 5 days", "6 days", ""},
		"nothing to compare":     {"30 days", "At once.", ""},
		"several that differ":    {"5 kg and 7 kg", "6 kg and 8 kg", "5 kg, 7 kg/6 kg, 8 kg"},
		"numbers of no unit":     {"Room 5", "Room 6", ""},
		"years of the calendar":  {"since 2019", "since 2020", "2019/2020"},
		"working and other days": {"5 working days", "7 days", "5 working days/7 days"},
	} {
		got := ""
		for _, d := range differences(answering(tt.a), answering(tt.b)) {
			got += shown(d.own) + "/" + shown(d.others)
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func answering(text string) *faq.Entry {
	return &faq.Entry{Language: "en", Answers: []faq.Answer{{Language: "de", Text: "x"}, {Language: "en", Text: text}}}
}

func TestMeet(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		a, b faq.Entry
		want bool
	}{
		"everybody":            {faq.Entry{}, faq.Entry{}, true},
		"staff":                {faq.Entry{Audience: faq.Audience{Staff: true}}, faq.Entry{}, false},
		"one network":          {faq.Entry{Audience: faq.Audience{Channels: []string{"discord"}}}, faq.Entry{}, true},
		"two networks":         {faq.Entry{Audience: faq.Audience{Channels: []string{"discord"}}}, faq.Entry{Audience: faq.Audience{Channels: []string{"webchat"}}}, false},
		"one language":         {faq.Entry{Audience: faq.Audience{Languages: []faq.Language{"pt-BR"}}}, faq.Entry{Audience: faq.Audience{Languages: []faq.Language{"pt"}}}, true},
		"two languages":        {faq.Entry{Audience: faq.Audience{Languages: []faq.Language{"pt"}}}, faq.Entry{Audience: faq.Audience{Languages: []faq.Language{"es"}}}, false},
		"one after another":    {faq.Entry{Validity: faq.Validity{Until: "2026-01-01"}}, faq.Entry{Validity: faq.Validity{From: "2026-01-02"}}, false},
		"on one day":           {faq.Entry{Validity: faq.Validity{Until: "2026-01-01"}}, faq.Entry{Validity: faq.Validity{From: "2026-01-01"}}, true},
		"from a day, for ever": {faq.Entry{Validity: faq.Validity{From: "2026-01-01"}}, faq.Entry{}, true},
	} {
		if meet(&tt.a, &tt.b) != tt.want || meet(&tt.b, &tt.a) != tt.want {
			t.Errorf("%s: not %v", name, tt.want)
		}
	}
}
