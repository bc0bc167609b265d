package faq

import (
	"slices"
	"time"
)

// EntryID names an entry for ever: 1–200 letters, digits, '.', '_' or '-', case-sensitive.
type EntryID string

// Entry is one question that the business can answer.
type Entry struct {
	ID EntryID `json:"id"`
	// Language is the language of Question, and of the first answer.
	Language Language `json:"language"`
	// Question is how the entry is titled and offered on a button; at most 500 characters, one line.
	Question string `json:"question"`
	// Phrasings are other ways to ask it, in any language; at most 2,000.
	Phrasings []Phrasing `json:"phrasings,omitempty"`
	// Answers holds at most one per language; a published entry has one in Language.
	Answers   []Answer  `json:"answers,omitempty"`
	FollowUps []EntryID `json:"follow_ups,omitempty"`
	Tags      []string  `json:"tags,omitempty"`
	// Area is the part of the business or product that the entry is about.
	Area string `json:"area,omitempty"`
	// AnswerAt is the confidence from which this entry is given, 0–1, instead of the one that holds for all: higher where a wrong answer does harm.
	// 0 leaves it to that.
	AnswerAt float64  `json:"answer_at,omitempty"`
	Audience Audience `json:"audience,omitzero"`
	Validity Validity `json:"validity,omitzero"`
	Care     Care     `json:"care,omitzero"`
}

// Phrasing is another way to ask an entry's question; at most 1,000 characters.
type Phrasing struct {
	Text string `json:"text"`
	// Language is empty where it is the entry's own.
	Language Language `json:"language,omitempty"`
}

// Answer is the published text in one language.
type Answer struct {
	Language Language `json:"language"`
	// Question is the entry's question in this language; empty in the entry's own language, and where it is not translated.
	Question string `json:"question,omitempty"`
	// Text is Markdown, at most 20,000 characters. It reaches customers exactly as it stands here.
	Text    string `json:"text"`
	Buttons []Link `json:"buttons,omitempty"`
}

// Link is a button that opens an address.
type Link struct {
	Label string `json:"label"`
	URL   string `json:"url"`
}

// Audience says who may be served an entry; an empty list means everyone.
type Audience struct {
	// Channels are the networks ("telegram", "discord", "webchat", "terminal") it is served on.
	Channels []string `json:"channels,omitempty"`
	// Languages are the customers' languages it is served to.
	Languages []Language `json:"languages,omitempty"`
	// Staff restricts it to staff: customers never see it.
	Staff bool `json:"staff,omitempty"`
}

// Includes reports whether a customer on a channel who speaks a language is served.
func (a Audience) Includes(channel string, language Language) bool {
	if a.Staff {
		return false
	}
	if len(a.Channels) > 0 && channel != "" && !slices.Contains(a.Channels, channel) {
		return false
	}
	return len(a.Languages) == 0 || language == "" ||
		slices.ContainsFunc(a.Languages, func(l Language) bool { return l.Base() == language.Base() })
}

// Validity is the period in which an entry is served, both days included; an empty date is open.
type Validity struct {
	From  Date `json:"from,omitempty"`
	Until Date `json:"until,omitempty"`
}

// Contains reports whether a day lies in the period.
func (v Validity) Contains(day Date) bool {
	return (v.From == "" || v.From <= day) && (v.Until == "" || day <= v.Until)
}

// Care says who looks after an entry, and when it was and will be looked at.
type Care struct {
	Owner     string `json:"owner,omitempty"`
	CheckedOn Date   `json:"checked_on,omitempty"`
	ReviewOn  Date   `json:"review_on,omitempty"`
}

// Date is a day as 2006-01-02, so that dates compare as strings; "" is no date. It has no time zone: who compares it
// with today says whose today.
type Date string

// DateOf is the day of t in t's own location.
func DateOf(t time.Time) Date { return Date(t.Format(time.DateOnly)) }

// Valid reports whether d is a real day, or empty.
func (d Date) Valid() bool {
	if d == "" {
		return true
	}
	t, err := time.Parse(time.DateOnly, string(d))
	return err == nil && t.Year() >= 1000
}

// Answer returns the answer in a language, else in that language's base, else in the entry's own, else the first.
// Exact is false where the language was not available.
func (e Entry) Answer(language Language) (answer Answer, exact bool) {
	match := func(want func(Language) bool) int {
		return slices.IndexFunc(e.Answers, func(a Answer) bool { return want(a.Language) })
	}
	if language == "" {
		language = e.Language
	}
	if i := match(func(l Language) bool { return l == language }); i >= 0 {
		return e.Answers[i], true
	}
	if i := match(func(l Language) bool { return l.Base() == language.Base() }); i >= 0 {
		return e.Answers[i], true
	}
	if i := match(func(l Language) bool { return l == e.Language }); i >= 0 {
		return e.Answers[i], false
	}
	if len(e.Answers) > 0 {
		return e.Answers[0], false
	}
	return Answer{}, false
}

// QuestionIn is the question as it is shown to a speaker of a language.
func (e Entry) QuestionIn(language Language) string {
	if a, exact := e.Answer(language); exact && a.Question != "" {
		return a.Question
	}
	return e.Question
}

// Clone is a deep copy.
func (e Entry) Clone() Entry {
	e.Phrasings = slices.Clone(e.Phrasings)
	e.Answers = slices.Clone(e.Answers)
	for i := range e.Answers {
		e.Answers[i].Buttons = slices.Clone(e.Answers[i].Buttons)
	}
	e.FollowUps = slices.Clone(e.FollowUps)
	e.Tags = slices.Clone(e.Tags)
	e.Audience.Channels = slices.Clone(e.Audience.Channels)
	e.Audience.Languages = slices.Clone(e.Audience.Languages)
	return e
}
