package faq

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"faqbot/faq/fault"
)

// Bounds of an entry, in characters and pieces.
const (
	MaxQuestion  = 500
	MaxPhrasing  = 1000
	MaxPhrasings = 2000
	MaxAnswer    = 20_000
	MaxButtons   = 5
	MaxLabel     = 64
	MaxURL       = 2048
	maxShort     = 100 // a tag, an area, an owner
	maxList      = 100 // tags, follow-ups, channels
)

// FieldError names the field of an entry that is wrong, as it is written in a file ("answers[1].text").
type FieldError struct {
	Field   string
	Problem string
}

func (e *FieldError) Error() string { return e.Field + ": " + e.Problem }

// FieldErrors lists the fields that an Invalid fault from Validate complains of.
func FieldErrors(err error) []*FieldError {
	var all FieldList
	if errors.As(err, &all) {
		return all
	}
	var one *FieldError
	if errors.As(err, &one) {
		return []*FieldError{one}
	}
	return nil
}

// FieldList is several field errors as one error.
type FieldList []*FieldError

func (l FieldList) Error() string {
	texts := make([]string, len(l))
	for i, e := range l {
		texts[i] = e.Error()
	}
	return strings.Join(texts, "; ")
}

var idPattern = regexp.MustCompile(`^[\pL\pN_][\pL\pM\pN._-]*$`)

// Valid reports whether an ID has the form that EntryID describes.
func (id EntryID) Valid() bool {
	return utf8.RuneCountInString(string(id)) <= 200 && idPattern.MatchString(string(id))
}

// Slug makes an ID from a question: letters and digits joined by dashes, at most 80 characters; "entry" where nothing is left.
func Slug(question string) EntryID {
	words := strings.FieldsFunc(Fold(question), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r)
	})
	slug := strings.Join(words, "-")
	if runes := []rune(slug); len(runes) > 80 {
		slug = strings.TrimRight(string(runes[:80]), "-")
		if cut := strings.LastIndexByte(slug, '-'); cut > 40 {
			slug = slug[:cut]
		}
	}
	if id := EntryID(slug); id.Valid() {
		return id
	}
	return "entry"
}

// Validate checks what must hold for any saved entry, drafts included. The error is an Invalid fault that lists every field.
func (e Entry) Validate() error { return e.validate(false) }

// ValidatePublished checks in addition what customers need: a question, and an answer in the entry's language.
func (e Entry) ValidatePublished() error { return e.validate(true) }

func (e Entry) validate(published bool) error {
	v := &validator{}
	v.check(e.ID.Valid(), "id", "“%s” must be 1–200 letters, digits, '.', '_' or '-', beginning with a letter or digit", e.ID)
	v.language("language", e.Language)
	v.text("question", e.Question, MaxQuestion)
	v.check(strings.TrimSpace(e.Question) != "", "question", "is empty")
	v.check(!strings.ContainsAny(e.Question, "\n\r"), "question", "must be one line")
	v.phrasings(e)
	v.answers(e)
	v.labels(e)
	v.check(e.Validity.From.Valid(), "validity.from", "“%s” is not a date such as 2026-01-31", e.Validity.From)
	v.check(e.Validity.Until.Valid(), "validity.until", "“%s” is not a date such as 2026-01-31", e.Validity.Until)
	v.check(e.Validity.From == "" || e.Validity.Until == "" || e.Validity.From <= e.Validity.Until,
		"validity", "ends (%s) before it begins (%s)", e.Validity.Until, e.Validity.From)
	v.check(e.Care.CheckedOn.Valid(), "care.checked_on", "“%s” is not a date such as 2026-01-31", e.Care.CheckedOn)
	v.check(e.Care.ReviewOn.Valid(), "care.review_on", "“%s” is not a date such as 2026-01-31", e.Care.ReviewOn)
	if published && len(v.list) == 0 {
		answer, exact := e.Answer(e.Language)
		v.check(exact && strings.TrimSpace(answer.Text) != "", "answers", "has no text in %s, the entry's own language", e.Language)
	}
	if len(v.list) == 0 {
		return nil
	}
	return fault.New(fault.Invalid, "entry %q: %w", e.ID, v.list)
}

type validator struct{ list FieldList }

func (v *validator) check(ok bool, field, format string, args ...any) {
	if !ok {
		v.list = append(v.list, &FieldError{Field: field, Problem: fmt.Sprintf(format, args...)})
	}
}

// text bounds a string and refuses what no person types: invalid UTF-8 and control characters.
func (v *validator) text(field, s string, limit int) {
	v.check(utf8.ValidString(s), field, "is not valid UTF-8")
	v.check(utf8.RuneCountInString(s) <= limit, field, "has %d characters; at most %d are kept", utf8.RuneCountInString(s), limit)
	control := strings.IndexFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' })
	v.check(control < 0, field, "holds a control character at byte %d", control)
}

func (v *validator) language(field string, l Language) {
	parsed, err := ParseLanguage(string(l))
	v.check(err == nil && parsed == l, field, "“%s” is not a language tag such as en or pt-BR", l)
}

func (v *validator) phrasings(e Entry) {
	v.check(len(e.Phrasings) <= MaxPhrasings, "phrasings", "are %d; at most %d are kept", len(e.Phrasings), MaxPhrasings)
	for i, p := range e.Phrasings {
		field := fmt.Sprintf("phrasings[%d]", i)
		v.text(field, p.Text, MaxPhrasing)
		v.check(strings.TrimSpace(p.Text) != "", field, "is empty")
		if p.Language != "" {
			v.language(field+".language", p.Language)
		}
	}
}

func (v *validator) answers(e Entry) {
	seen := map[Language]bool{}
	for i, a := range e.Answers {
		field := fmt.Sprintf("answers[%d]", i)
		v.language(field+".language", a.Language)
		v.check(!seen[a.Language], field, "is a second answer in %s", a.Language)
		seen[a.Language] = true
		v.text(field+".text", a.Text, MaxAnswer)
		v.text(field+".question", a.Question, MaxQuestion)
		v.check(!strings.ContainsAny(a.Question, "\n\r"), field+".question", "must be one line")
		v.check(len(a.Buttons) <= MaxButtons, field+".buttons", "are %d; at most %d fit under a message", len(a.Buttons), MaxButtons)
		for j, b := range a.Buttons {
			v.link(fmt.Sprintf("%s.buttons[%d]", field, j), b)
		}
	}
}

func (v *validator) link(field string, b Link) {
	v.text(field+".label", b.Label, MaxLabel)
	v.check(strings.TrimSpace(b.Label) != "", field+".label", "is empty")
	v.check(len(b.URL) <= MaxURL, field+".url", "is longer than %d bytes", MaxURL)
	v.check(utf8.ValidString(b.URL), field+".url", "is not valid UTF-8")
	u, err := url.Parse(b.URL)
	v.check(err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "", field+".url", "“%s” is not an http or https address", b.URL)
}

func (v *validator) labels(e Entry) {
	lists := []struct {
		field string
		items []string
		limit int
	}{{"tags", e.Tags, maxShort}, {"audience.channels", e.Audience.Channels, maxShort}}
	for _, l := range lists {
		v.check(len(l.items) <= maxList, l.field, "are %d; at most %d are kept", len(l.items), maxList)
		for i, item := range l.items {
			field := fmt.Sprintf("%s[%d]", l.field, i)
			v.text(field, item, l.limit)
			v.check(item != "" && strings.TrimSpace(item) == item, field, "is empty or has spaces around it")
		}
	}
	v.check(len(e.FollowUps) <= maxList, "follow_ups", "are %d; at most %d are kept", len(e.FollowUps), maxList)
	for i, id := range e.FollowUps {
		v.check(id.Valid(), fmt.Sprintf("follow_ups[%d]", i), "“%s” is not an entry ID", id)
	}
	for i, l := range e.Audience.Languages {
		v.language(fmt.Sprintf("audience.languages[%d]", i), l)
	}
	v.text("area", e.Area, maxShort)
	v.check(e.AnswerAt >= 0 && e.AnswerAt <= 1, "answer_at", "is %v; write a share between 0 and 1, such as 0.9", e.AnswerAt)
	v.text("care.owner", e.Care.Owner, maxShort)
}
