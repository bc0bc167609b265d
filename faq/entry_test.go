package faq_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"faqbot/faq"
	"faqbot/faq/fault"
)

func TestEntry_Validate(t *testing.T) {
	t.Parallel()
	many := func(n int, s string) []string { return slices.Repeat([]string{s}, n) }
	tests := []struct {
		name   string
		change func(e *faq.Entry)
		want   string // the fields complained of
	}{
		{"a good one", func(e *faq.Entry) {}, ""},
		{"no ID", func(e *faq.Entry) { e.ID = "" }, "id"},
		{"ID with a slash", func(e *faq.Entry) { e.ID = "a/b" }, "id"},
		{"ID that climbs", func(e *faq.Entry) { e.ID = "../a" }, "id"},
		{"ID that begins with a dot", func(e *faq.Entry) { e.ID = ".a" }, "id"},
		{"ID with a line feed at its end", func(e *faq.Entry) { e.ID = "a\n" }, "id"},
		{"ID of 200", func(e *faq.Entry) { e.ID = faq.EntryID(strings.Repeat("日", 200)) }, ""},
		{"ID of 201", func(e *faq.Entry) { e.ID = faq.EntryID(strings.Repeat("a", 201)) }, "id"},
		{"no language", func(e *faq.Entry) { e.Language = "" }, "language"},
		{"language not canonical", func(e *faq.Entry) { e.Language = "EN" }, "language"},
		{"no question", func(e *faq.Entry) { e.Question = " " }, "question"},
		{"question of lines", func(e *faq.Entry) { e.Question = "a\nb" }, "question"},
		{"question of 500", func(e *faq.Entry) { e.Question = strings.Repeat("ß", 500) }, ""},
		{"question of 501", func(e *faq.Entry) { e.Question = strings.Repeat("a", 501) }, "question"},
		{"question not UTF-8", func(e *faq.Entry) { e.Question = "a\xff" }, "question"},
		{"control character", func(e *faq.Entry) { e.Answers[0].Text = "a\x00" }, "answers[0].text"},
		{"escape character", func(e *faq.Entry) { e.Phrasings = []faq.Phrasing{{Text: "\x1b[2J"}} }, "phrasings[0]"},
		{"tab, line feed, return", func(e *faq.Entry) { e.Answers[0].Text = "a\tb\r\nc" }, ""},
		{"empty phrasing", func(e *faq.Entry) { e.Phrasings = []faq.Phrasing{{Text: "a"}, {Text: " "}} }, "phrasings[1]"},
		{"phrasing of 1,001", func(e *faq.Entry) { e.Phrasings = []faq.Phrasing{{Text: strings.Repeat("a", 1001)}} }, "phrasings[0]"},
		{"phrasing in no language", func(e *faq.Entry) { e.Phrasings = []faq.Phrasing{{Text: "a", Language: "??"}} }, "phrasings[0].language"},
		{"2,001 phrasings", func(e *faq.Entry) { e.Phrasings = slices.Repeat([]faq.Phrasing{{Text: "a"}}, 2001) }, "phrasings"},
		{"answer of 20,000", func(e *faq.Entry) { e.Answers[0].Text = strings.Repeat("🙂", 20_000) }, ""},
		{"answer of 20,001", func(e *faq.Entry) { e.Answers[0].Text = strings.Repeat("a", 20_001) }, "answers[0].text"},
		{"two answers in a language", func(e *faq.Entry) { e.Answers = append(e.Answers, e.Answers[0]) }, "answers[1]"},
		{"answer in no language", func(e *faq.Entry) { e.Answers[0].Language = "" }, "answers[0].language"},
		{"translated question of lines", func(e *faq.Entry) { e.Answers[0].Question = "a\nb" }, "answers[0].question"},
		{"6 buttons", func(e *faq.Entry) {
			e.Answers[0].Buttons = slices.Repeat([]faq.Link{{Label: "a", URL: "https://x.y"}}, 6)
		}, "answers[0].buttons"},
		{"button without a label", func(e *faq.Entry) { e.Answers[0].Buttons = []faq.Link{{URL: "https://x.y"}} }, "answers[0].buttons[0].label"},
		{"button to a script", func(e *faq.Entry) { e.Answers[0].Buttons = []faq.Link{{Label: "a", URL: "javascript:x"}} }, "answers[0].buttons[0].url"},
		{"button to no host", func(e *faq.Entry) { e.Answers[0].Buttons = []faq.Link{{Label: "a", URL: "https:///x"}} }, "answers[0].buttons[0].url"},
		{"button not UTF-8", func(e *faq.Entry) { e.Answers[0].Buttons = []faq.Link{{Label: "a", URL: "https://x.y/\xff"}} }, "answers[0].buttons[0].url"},
		{"button of 2,049", func(e *faq.Entry) {
			e.Answers[0].Buttons = []faq.Link{{Label: "a", URL: "https://x.y/" + strings.Repeat("a", 2037)}}
		}, "answers[0].buttons[0].url"},
		{"tag with spaces around", func(e *faq.Entry) { e.Tags = []string{"a", " b"} }, "tags[1]"},
		{"101 tags", func(e *faq.Entry) { e.Tags = many(101, "a") }, "tags"},
		{"empty channel", func(e *faq.Entry) { e.Audience.Channels = []string{""} }, "audience.channels[0]"},
		{"audience in no language", func(e *faq.Entry) { e.Audience.Languages = []faq.Language{"en", "x"} }, "audience.languages[1]"},
		{"follow-up", func(e *faq.Entry) { e.FollowUps = []faq.EntryID{"a b"} }, "follow_ups[0]"},
		{"long area and owner", func(e *faq.Entry) { e.Area, e.Care.Owner = strings.Repeat("a", 101), strings.Repeat("a", 101) }, "area,care.owner"},
		{"dates", func(e *faq.Entry) {
			e.Validity = faq.Validity{From: "2026-02-30", Until: "01.02.2026"}
			e.Care.CheckedOn, e.Care.ReviewOn = "2026-1-1", "0000-01-01"
		}, "validity.from,validity.until,validity,care.checked_on,care.review_on"},
		{"a confidence of its own", func(e *faq.Entry) { e.AnswerAt = 0.9 }, ""},
		{"more confidence than there is", func(e *faq.Entry) { e.AnswerAt = 1.1 }, "answer_at"},
		{"confidence that is no number", func(e *faq.Entry) { e.AnswerAt = math.NaN() }, "answer_at"},
		{"ends before it begins", func(e *faq.Entry) { e.Validity = faq.Validity{From: "2026-02-01", Until: "2026-01-01"} }, "validity"},
		{"a single day", func(e *faq.Entry) { e.Validity = faq.Validity{From: "2026-02-01", Until: "2026-02-01"} }, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			e := entry("e", "So.")
			test.change(&e)
			err := e.Validate()
			var fields []string
			for _, f := range faq.FieldErrors(err) {
				fields = append(fields, f.Field)
			}
			if got := strings.Join(fields, ","); got != test.want || (err == nil) != (test.want == "") || err != nil && !fault.Is(err, fault.Invalid) {
				t.Errorf("it complains of %q (%v), want %q", got, err, test.want)
			}
		})
	}
	var several faq.FieldList
	err := faq.Entry{}.Validate()
	if !errors.As(err, &several) || len(several) != 3 || fault.Message(err) == "" {
		t.Errorf("an empty entry is %v", err)
	}
}

func TestEntry_ValidatePublished(t *testing.T) {
	t.Parallel()
	e := entry("e", "So.")
	if err := e.ValidatePublished(); err != nil {
		t.Error(err)
	}
	for name, answers := range map[string][]faq.Answer{
		"none": nil, "blank": {{Language: "en", Text: " \n"}}, "in another language": {{Language: "es", Text: "Así."}},
	} {
		e.Answers = answers
		if err := e.ValidatePublished(); !fault.Is(err, fault.Invalid) {
			t.Errorf("with the answer %s it is %v", name, err)
		}
		if err := e.Validate(); err != nil {
			t.Errorf("as a draft with the answer %s it is %v", name, err)
		}
	}
}

func TestEntry_Answer(t *testing.T) {
	t.Parallel()
	e := faq.Entry{Language: "en", Question: "Q", Answers: []faq.Answer{
		{Language: "de", Text: "de"}, {Language: "en", Text: "en"}, {Language: "pt-BR", Text: "pt", Question: "P"}, {Language: "zh-Hant", Text: "zh"},
	}}
	tests := []struct {
		language faq.Language
		text     string
		exact    bool
		question string
	}{
		{"", "en", true, "Q"}, {"en", "en", true, "Q"}, {"en-GB", "en", true, "Q"}, {"pt", "pt", true, "P"}, {"pt-PT", "pt", true, "P"},
		{"pt-BR", "pt", true, "P"}, {"de-AT", "de", true, "Q"}, {"fr", "en", false, "Q"}, {"zh", "zh", true, "Q"},
	}
	for _, test := range tests {
		answer, exact := e.Answer(test.language)
		if answer.Text != test.text || exact != test.exact || e.QuestionIn(test.language) != test.question {
			t.Errorf("in %q the answer is %q, %v, and the question %q", test.language, answer.Text, exact, e.QuestionIn(test.language))
		}
	}
	e.Language = "fr"
	if answer, exact := e.Answer("ru"); answer.Text != "de" || exact {
		t.Errorf("without its own language the answer is %q, %v", answer.Text, exact)
	}
	if answer, exact := (faq.Entry{Language: "en"}).Answer("en"); answer.Text != "" || exact {
		t.Errorf("without answers it is %q, %v", answer.Text, exact)
	}
}

func TestAudience_Includes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		audience          faq.Audience
		channel, language string
		want              bool
	}{
		{faq.Audience{}, "telegram", "en", true},
		{faq.Audience{Staff: true}, "telegram", "en", false},
		{faq.Audience{Channels: []string{"discord"}}, "telegram", "en", false},
		{faq.Audience{Channels: []string{"discord", "telegram"}}, "telegram", "en", true},
		{faq.Audience{Channels: []string{"discord"}}, "", "en", true},
		{faq.Audience{Languages: []faq.Language{"pt-BR"}}, "x", "pt", true},
		{faq.Audience{Languages: []faq.Language{"pt-BR"}}, "x", "es", false},
		{faq.Audience{Languages: []faq.Language{"es"}}, "x", "", true},
	}
	for _, test := range tests {
		if got := test.audience.Includes(test.channel, faq.Language(test.language)); got != test.want {
			t.Errorf("%+v includes %q, %q: %v", test.audience, test.channel, test.language, got)
		}
	}
}

func TestValidity_Contains(t *testing.T) {
	t.Parallel()
	v := faq.Validity{From: "2026-01-02", Until: "2026-01-03"}
	for day, want := range map[faq.Date]bool{"2026-01-01": false, "2026-01-02": true, "2026-01-03": true, "2026-01-04": false} {
		if v.Contains(day) != want || !(faq.Validity{}).Contains(day) {
			t.Errorf("%s is in the period: %v", day, !want)
		}
	}
}

func TestParseLanguage(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]faq.Language{
		"en": "en", "EN": "en", "pt_BR": "pt-BR", " es ": "es", "zh-hans-cn": "zh-Hans-CN", "de-DE": "de-DE", "": "", "x": "", "und": "", "klingonese": "", "e n": "",
	} {
		got, err := faq.ParseLanguage(written)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q is %q (%v), want %q", written, got, err, want)
		}
	}
	for _, written := range []string{"iw", "in", "sr-Latn", "sh", "no", "nb", "zh-TW", "en-US-u-ca-buddhist", "i-klingon", "cmn"} {
		first, err := faq.ParseLanguage(written)
		second, again := faq.ParseLanguage(string(first))
		if err != nil || again != nil || first != second {
			t.Errorf("%q is %q, and that is %q (%v, %v)", written, first, second, err, again)
		}
	}
}

func TestDiff(t *testing.T) {
	t.Parallel()
	before := entry("e", "So.")
	tests := []struct {
		name   string
		change func(e *faq.Entry)
		want   []faq.FieldChange
	}{
		{"nothing", func(e *faq.Entry) {}, nil},
		{"empty lists", func(e *faq.Entry) {
			e.Tags, e.Phrasings, e.Answers[0].Buttons = []string{}, []faq.Phrasing{}, []faq.Link{}
		}, nil},
		{"question", func(e *faq.Entry) { e.Question = "Why?" }, []faq.FieldChange{{"question", "What is e?", "Why?"}}},
		{"language", func(e *faq.Entry) { e.Language = "de" }, []faq.FieldChange{{"language", "en", "de"}}},
		{"phrasings", func(e *faq.Entry) { e.Phrasings = []faq.Phrasing{{Text: "a"}, {Text: "b", Language: "es"}} }, []faq.FieldChange{{"phrasings", "", "a\nb (es)"}}},
		{"answer", func(e *faq.Entry) { e.Answers[0].Text = "No." }, []faq.FieldChange{{"answer (en)", "So.", "No."}}},
		{"another language", func(e *faq.Entry) {
			e.Answers = append(e.Answers, faq.Answer{Language: "es", Question: "¿Qué?", Text: "Así.", Buttons: []faq.Link{{Label: "a", URL: "u"}}})
		}, []faq.FieldChange{{"answer (es)", "", "Así."}, {"question (es)", "", "¿Qué?"}, {"buttons (es)", "", `[{"label":"a","url":"u"}]`}}},
		{"no answer", func(e *faq.Entry) { e.Answers = nil }, []faq.FieldChange{{"answer (en)", "So.", ""}}},
		{"labels", func(e *faq.Entry) { e.FollowUps, e.Tags, e.Area = []faq.EntryID{"x"}, []string{"a", "b"}, "shop" },
			[]faq.FieldChange{{"follow_ups", "", `["x"]`}, {"tags", "", "a, b"}, {"area", "", "shop"}}},
		{"circumstances", func(e *faq.Entry) { e.Audience.Staff, e.Validity.From, e.Care.Owner = true, "2026-01-01", "Ada" },
			[]faq.FieldChange{{"audience", "", `{"staff":true}`}, {"validity", "", `{"from":"2026-01-01"}`}, {"care", "", `{"owner":"Ada"}`}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			after := before.Clone()
			test.change(&after)
			if diff := cmp.Diff(test.want, faq.Diff(before, after)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if before.Same(after) != (test.want == nil) || !after.Same(after.Clone()) {
				t.Error("Same does not say what Diff says")
			}
			back := faq.Diff(after, before)
			if len(back) != len(test.want) {
				t.Errorf("the other way round %d fields differ, want %d", len(back), len(test.want))
			}
		})
	}
}

// Whichever of two entries came first, what belongs to the other is said, and to each of several.
func TestCatalog_CheckOwners(t *testing.T) {
	t.Parallel()
	a, b, c := entry("a", "So."), entry("b", "So."), entry("c", "So.")
	for _, e := range []*faq.Entry{&a, &b, &c} {
		e.Phrasings = []faq.Phrasing{{Text: "Send it back"}}
	}
	for _, catalog := range []*faq.Catalog{faq.NewCatalog([]faq.Entry{a, b, c}), faq.NewCatalog([]faq.Entry{c, b, a})} {
		others := map[faq.EntryID]bool{}
		for _, w := range catalog.Check(b) {
			others[w.Other] = w.Kind == faq.PhrasingTaken && w.Field == "phrasings[0]"
		}
		if diff := cmp.Diff(map[faq.EntryID]bool{"a": true, "c": true}, others); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestCatalog_Check(t *testing.T) {
	t.Parallel()
	returns := entry("returns", "Within 30 days.")
	returns.Question, returns.Phrasings = "How long can I return my order to you?", []faq.Phrasing{{Text: "send it back"}}
	refund := entry("refund", "At once.")
	refund.Question, refund.Answers[0].Language, refund.Language = "Wann bekomme ich Geld?", "de", "de"
	catalog := faq.NewCatalog([]faq.Entry{returns, refund}, "en")
	tests := []struct {
		name   string
		change func(e *faq.Entry)
		want   []string
	}{
		{"nothing", func(e *faq.Entry) {}, nil},
		{"itself", func(e *faq.Entry) { *e = returns.Clone() }, nil},
		{"question taken", func(e *faq.Entry) { e.Question = "HOW long can i return my order to you" }, []string{"question phrasing_taken returns"}},
		{"phrasing taken", func(e *faq.Entry) { e.Phrasings = []faq.Phrasing{{Text: "x"}, {Text: "Send it back!"}} }, []string{"phrasings[1] phrasing_taken returns"}},
		{"translated question taken", func(e *faq.Entry) {
			e.Answers = append(e.Answers, faq.Answer{Language: "de", Question: "wann bekomme ich geld", Text: "x"})
		},
			[]string{"answers[1].question phrasing_taken refund"}},
		{"nearly the same", func(e *faq.Entry) { e.Question = "How long can I return my big order to you?" }, []string{"question near_duplicate returns"}},
		{"the same words in another order", func(e *faq.Entry) { e.Question = "My order: how long can I return to you?" }, []string{"question near_duplicate returns"}},
		{"not that near", func(e *faq.Entry) { e.Question = "How long can you keep my parcel?" }, nil},
		{"said twice", func(e *faq.Entry) { e.Phrasings = []faq.Phrasing{{Text: "what IS e"}, {Text: "a"}, {Text: "A!"}} },
			[]string{"phrasings[0] repeated_phrasing ", "phrasings[2] repeated_phrasing "}},
		{"long", func(e *faq.Entry) { e.Answers[0].Text = strings.Repeat("é", 2001) }, []string{"answers[0].text answer_long "}},
		{"not too long", func(e *faq.Entry) { e.Answers[0].Text = strings.Repeat("é", 2000) }, nil},
		{"links", func(e *faq.Entry) {
			e.Answers[0].Text = "[a](https://x.y/z) [b](/rel) [c](mailto:a@b.c) [d](http://) ![e](<https://x.y>) [f](ftp://x.y) [g](tel:+1)"
		}, []string{"answers[0].text link_broken ", "answers[0].text link_broken ", "answers[0].text link_broken "}},
		{"numbers", func(e *faq.Entry) {
			e.Answers = []faq.Answer{{Language: "en", Text: "30 days, 1,000.50"}, {Language: "de", Text: "30 Tage, 1.000,50"}, {Language: "es", Text: "14 días, 1000,50"}}
		}, []string{"answers[2].text numbers_differ "}},
		{"numbers in links", func(e *faq.Entry) {
			e.Answers = []faq.Answer{{Language: "en", Text: "[a](https://x.y/1)"}, {Language: "de", Text: "[a](https://x.y/2)"}}
		}, nil},
		{"numbers in other digits", func(e *faq.Entry) {
			e.Answers = []faq.Answer{{Language: "en", Text: "30 days"}, {Language: "ar", Text: "٣٠ يومًا"}, {Language: "hi", Text: "३० दिन"}, {Language: "fa", Text: "۳۱ روز"}}
		}, []string{"answers[3].text numbers_differ "}},
		{"marks of lists", func(e *faq.Entry) {
			e.Answers = []faq.Answer{{Language: "en", Text: "Within 30 days:\n\n1. Pack it.\n2. Send it.\n   1) by post"}, {Language: "de", Text: "Binnen 30 Tagen:\n\n- Packen.\n- Senden.\n> 1. Post"}}
		}, nil},
		{"cells that are a number alone", func(e *faq.Entry) {
			e.Answers = []faq.Answer{{Language: "en", Text: "| No | Name |\n|---|---|\n| 1 | Small |\n| 2 | Large |"}, {Language: "de", Text: "Klein und groß."}}
		}, nil},
		{"cells that say something", func(e *faq.Entry) {
			e.Answers = []faq.Answer{{Language: "en", Text: "| Small | 4 euros |"}, {Language: "de", Text: "| Klein | 5 Euro |"}}
		}, []string{"answers[1].text numbers_differ "}},
		{"digits that nobody reads", func(e *faq.Entry) {
			e.Answers = []faq.Answer{{Language: "en", Text: "See https://x.y/en/2026 &#39;there&#39;."}, {Language: "de", Text: "Siehe https://x.y/de."}}
		}, nil},
		{"language missing", func(e *faq.Entry) { e.Language, e.Answers[0].Language = "es", "es" }, []string{"answers language_missing "}},
		{"follow-ups", func(e *faq.Entry) { e.FollowUps = []faq.EntryID{"returns", "gone", "e"} }, []string{"follow_ups[1] follow_up_missing gone"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			e := entry("e", "So.")
			test.change(&e)
			var got []string
			for _, w := range catalog.Check(e) {
				if w.Entry != e.ID || w.Text == "" {
					t.Errorf("a warning lacks something: %+v", w)
				}
				got = append(got, fmt.Sprintf("%s %s %s", w.Field, w.Kind, w.Other))
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("it warns of %q, want %q", got, test.want)
			}
		})
	}
}

// What a warning says is read by somebody who has never seen how an entry is stored.
func TestCatalog_Check_words(t *testing.T) {
	t.Parallel()
	other := entry("other", "So.")
	other.Question = "Where is my parcel?"
	other.Phrasings = []faq.Phrasing{{Text: "track my parcel"}}
	catalog := faq.NewCatalog([]faq.Entry{other})
	e := entry("e", "[a](javascript:alert(3)) [b](<no address>) [c](https://x.y/a_(b)) [d](x(y(z)))")
	e.Phrasings = []faq.Phrasing{{Text: "a"}, {Text: "A!"}, {Text: "Track MY parcel!"}}
	e.Answers = append(e.Answers, faq.Answer{Language: "de", Question: "where is my parcel", Text: strings.Repeat("x", 2001)}, faq.Answer{Language: "es", Text: "7 días"})
	e.FollowUps = []faq.EntryID{"gone"}
	var got []string
	for _, w := range catalog.Check(e) {
		got = append(got, w.Place+" "+w.Text)
	}
	want := []string{
		"phrasing 3 “Track MY parcel!” already belongs to “other”",
		"question (de) “where is my parcel” already belongs to “other”",
		"phrasing 2 says the same as phrasing 1",
		"answer (en) links to “javascript:alert(3)”, which is not a full address",
		"answer (en) links to “no address”, which is not a full address",
		"answer (en) links to “x(y(z))”, which is not a full address",
		"answer (de) has 2001 characters; it will be sent as several messages (a message holds 2000)",
		"answer (es) has other numbers (7) than the answer in en (none)",
		"follow-up 1 names “gone”, which does not exist",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
