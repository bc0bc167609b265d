package transfer

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"faqbot/faq"
)

// decoder turns one node into one item. Keys, in the order in which they are written:
//
//	id, language, question, phrasings, answer, buttons,
//	translations: {LANGUAGE: {question, phrasings, answer, buttons}},
//	follow_ups, tags, area, audience: {channels, languages, staff},
//	valid_from, valid_until, owner, checked_on, review_on, status, answer_order
//
// A phrasing is a text in the language it stands under, or {text, language}. answer_order lists the languages of the
// answers where the rest does not say which there are and in what order.
type decoder struct {
	builder *builder
	form    form
	item    Item
	order   []faq.Language
	seen    map[string]bool
}

type fieldFunc func(d *decoder, n node, field string)

var entryKeys = map[string]fieldFunc{
	"id":           func(d *decoder, n node, f string) { d.item.Entry.ID = faq.EntryID(strings.TrimSpace(d.text(n, f))) },
	"language":     func(*decoder, node, string) {},
	"question":     func(d *decoder, n node, f string) { d.item.Entry.Question = d.text(n, f) },
	"phrasings":    func(d *decoder, n node, f string) { d.phrasings(n, f, "") },
	"answer":       func(d *decoder, n node, f string) { d.part(n, d.item.Entry.Language, f) },
	"buttons":      func(d *decoder, n node, f string) { d.part(n, d.item.Entry.Language, f) },
	"translations": (*decoder).translations,
	"follow_ups":   func(d *decoder, n node, f string) { d.item.Entry.FollowUps = textList[faq.EntryID](d, n, f) },
	"tags":         func(d *decoder, n node, f string) { d.item.Entry.Tags = textList[string](d, n, f) },
	"area":         func(d *decoder, n node, f string) { d.item.Entry.Area = d.text(n, f) },
	"audience":     func(d *decoder, n node, f string) { d.table(n, f, audienceKeys) },
	"valid_from":   func(d *decoder, n node, f string) { d.item.Entry.Validity.From = d.date(n, f, "validity.from") },
	"valid_until":  func(d *decoder, n node, f string) { d.item.Entry.Validity.Until = d.date(n, f, "validity.until") },
	"owner":        func(d *decoder, n node, f string) { d.item.Entry.Care.Owner = d.text(n, f) },
	"checked_on":   func(d *decoder, n node, f string) { d.item.Entry.Care.CheckedOn = d.date(n, f, "care.checked_on") },
	"review_on":    func(d *decoder, n node, f string) { d.item.Entry.Care.ReviewOn = d.date(n, f, "care.review_on") },
	"answer_at":    (*decoder).answerAt,
	"status":       (*decoder).status,
	"answer_order": func(d *decoder, n node, f string) { d.order = d.languages(n, f) },
}

var audienceKeys = map[string]fieldFunc{
	"channels":  func(d *decoder, n node, f string) { d.item.Entry.Audience.Channels = textList[string](d, n, f) },
	"languages": func(d *decoder, n node, f string) { d.item.Entry.Audience.Languages = d.languages(n, f) },
	"staff":     (*decoder).staff,
}

// fieldOf is what Validate calls a key, where that is something else.
var fieldOf = map[string]string{"owner": "care.owner"}

func (d *decoder) wrong(n node, field, format string, args ...any) {
	place := d.form.origin
	place.Field = join(place.Field, field)
	if n.line > 0 {
		place.Line = n.line
	}
	d.builder.problems.add(place, "%s", short(fmt.Sprintf(format, args...)))
}

// mark remembers the line of what Validate calls a field.
func (d *decoder) mark(field string, n node) {
	if _, known := d.item.lines[field]; !known && n.line > 0 {
		d.item.lines[field] = n.line
	}
}

func (d *decoder) entry(n node) {
	if n.kind != table {
		d.wrong(n, "", "is %s; an entry is a table of keys", n.kind)
		return
	}
	if n.line > 0 {
		d.item.Source.Line = n.line
	}
	e := &d.item.Entry
	e.Language = d.builder.options.DefaultLanguage
	if l, ok := n.find("language"); ok {
		d.mark("language", l)
		if written := strings.TrimSpace(d.text(l, "language")); written != "" {
			e.Language = d.language(l, "language", written)
		}
	}
	d.item.Status = faq.Published
	d.table(n, "", entryKeys)
	d.settle()
}

// settle fills in what the keys left open.
func (d *decoder) settle() {
	e := &d.item.Entry
	if own := d.answer(e.Language); e.Question == "" && own != nil {
		e.Question, own.Question = own.Question, ""
		d.item.Carries = append(d.item.Carries, "question")
	}
	if e.ID == "" {
		e.ID = faq.EntryID(d.form.id)
	}
	if e.ID == "" {
		e.ID, d.item.Generated = faq.Slug(e.Question), true
	}
	d.arrange()
	if d.builder.options.Draft && d.item.Status != faq.Archived {
		d.item.Status = faq.Draft
	}
	if !d.form.partial {
		d.item.Carries = nil
	}
}

// arrange puts the answers into their order, the entry's own language first unless answer_order says another, and drops
// those of which nothing is there.
func (d *decoder) arrange() {
	e := &d.item.Entry
	for _, l := range d.order {
		d.mustAnswer(l)
	}
	rank := func(l faq.Language) int {
		switch i := slices.Index(d.order, l); {
		case i >= 0:
			return i
		case l == e.Language:
			return len(d.order)
		}
		return len(d.order) + 1
	}
	slices.SortStableFunc(e.Answers, func(a, b faq.Answer) int { return rank(a.Language) - rank(b.Language) })
	e.Answers = slices.DeleteFunc(e.Answers, func(a faq.Answer) bool {
		return a.Text == "" && a.Question == "" && len(a.Buttons) == 0 && !slices.Contains(d.order, a.Language)
	})
	for i, a := range e.Answers {
		for _, part := range []string{"", ".text", ".question", ".buttons"} {
			if line, ok := d.item.lines["answers["+string(a.Language)+"]"+part]; ok {
				d.item.lines[fmt.Sprintf("answers[%d]%s", i, part)] = line
			}
		}
	}
	if line, ok := d.item.lines["answer"]; ok {
		d.item.lines["answers"] = line
	}
}

// table reads each key of n by its function.
func (d *decoder) table(n node, field string, keys map[string]fieldFunc) {
	if n.kind == absent {
		return
	}
	if n.kind != table {
		d.wrong(n, field, "is %s; it must be a table of keys", n.kind)
		return
	}
	for _, p := range n.pairs {
		path := join(field, p.key)
		read, known := keys[p.key]
		switch {
		case !known && d.form.extra:
			d.builder.note(Place{File: d.form.origin.File, Line: p.line}, "key “%s” is none of ours and is ignored%s", short(p.key), hint(field, p.key))
		case !known:
			d.wrong(node{line: p.line}, field, "key “%s” is unknown%s", short(p.key), hint(field, p.key))
		default:
			value := p.value
			if value.line == 0 {
				value.line = p.line
			}
			name := path
			if f, ok := fieldOf[path]; ok {
				name = f
			}
			d.mark(name, value)
			d.item.Carries = append(d.item.Carries, path)
			read(d, value, path)
		}
	}
}

// hint says where a key belongs that a table has as a column of its own.
func hint(field, key string) string {
	within := strings.TrimPrefix(key, "audience_")
	if _, known := audienceKeys[within]; !known || field != "" {
		return ""
	}
	return "; write it under audience, as “audience: {" + within + ": …}”"
}

// translations are tables by language.
func (d *decoder) translations(n node, field string) {
	if n.kind == absent {
		return
	}
	if n.kind != table {
		d.wrong(n, field, "is %s; it must hold a table for each language", n.kind)
		return
	}
	for _, p := range n.pairs {
		path := join(field, p.key)
		l := d.language(node{line: p.line}, path, p.key)
		if l == "" {
			continue
		}
		d.mark("answers["+string(l)+"]", node{line: p.line})
		d.table(p.value, path, map[string]fieldFunc{
			"question": func(d *decoder, n node, f string) { d.part(n, l, f) },
			"answer":   func(d *decoder, n node, f string) { d.part(n, l, f) },
			"buttons":  func(d *decoder, n node, f string) { d.part(n, l, f) },
			"phrasings": func(d *decoder, n node, f string) {
				d.carry("phrasings", l)
				d.phrasings(n, f, l)
			},
		})
	}
}

func (d *decoder) carry(part string, l faq.Language) {
	d.item.Carries = append(d.item.Carries, part+"["+string(l)+"]")
}

// part reads one part of the answer in a language: question, answer or buttons.
func (d *decoder) part(n node, l faq.Language, field string) {
	part := field[strings.LastIndexByte(field, '.')+1:]
	if strings.HasPrefix(field, "translations.") {
		d.carry(part, l)
	}
	if n.text == "" && len(n.items) == 0 && n.kind != table {
		return // an empty cell, or an answer without a body, beside one that may be given elsewhere
	}
	a := d.mustAnswer(l)
	key := part + "[" + string(l) + "]"
	if d.seen[key] {
		d.wrong(n, field, "is given twice in %s", l)
		return
	}
	if d.seen == nil {
		d.seen = map[string]bool{}
	}
	d.seen[key] = true
	where := "answers[" + string(l) + "]."
	switch part {
	case "question":
		d.mark(where+"question", n)
		a.Question = d.text(n, field)
	case "answer":
		d.mark(where+"text", n)
		a.Text = d.text(n, field)
	case "buttons":
		d.mark(where+"buttons", n)
		a.Buttons = d.buttons(n, field)
	}
}

func (d *decoder) answer(l faq.Language) *faq.Answer {
	answers := d.item.Entry.Answers
	if i := slices.IndexFunc(answers, func(a faq.Answer) bool { return a.Language == l }); i >= 0 {
		return &answers[i]
	}
	return nil
}

func (d *decoder) mustAnswer(l faq.Language) *faq.Answer {
	if a := d.answer(l); a != nil {
		return a
	}
	e := &d.item.Entry
	e.Answers = append(e.Answers, faq.Answer{Language: l})
	return &e.Answers[len(e.Answers)-1]
}

// answerAt reads a share; a comma is a decimal point where people write it so.
func (d *decoder) answerAt(n node, field string) {
	text := strings.TrimSpace(d.text(n, field))
	if text == "" {
		return
	}
	share, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
	if err != nil || !(share >= 0 && share <= 1) {
		d.wrong(n, field, "is “%s”; write a share between 0 and 1, such as 0.9", short(text))
		return
	}
	d.item.Entry.AnswerAt = share
}
