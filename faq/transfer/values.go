package transfer

import (
	"fmt"
	"strings"
	"time"

	"faqbot/faq"
)

// text reads a scalar as it is written: a YAML or JSON number 1e3 is the text "1e3".
func (d *decoder) text(n node, field string) string {
	switch {
	case n.kind == list || n.kind == table:
		d.wrong(n, field, "is %s; it must be a text", n.kind)
		return ""
	case len(n.text) > d.builder.options.Limits.Cell:
		d.wrong(n, field, "has %d bytes; at most %d are read", len(n.text), d.builder.options.Limits.Cell)
		return ""
	}
	return n.text
}

// each calls read for every item of a list; a scalar is a list of one.
func (d *decoder) each(n node, field string, read func(n node, field string)) {
	switch n.kind {
	case absent:
	case scalar:
		read(n, field)
	case list:
		for i, item := range n.items {
			read(item, fmt.Sprintf("%s[%d]", field, i))
		}
	default:
		d.wrong(n, field, "is %s; it must be a list", n.kind)
	}
}

func textList[T ~string](d *decoder, n node, field string) []T {
	var out []T
	d.each(n, field, func(n node, f string) {
		d.mark(fmt.Sprintf("%s[%d]", field, len(out)), n)
		out = append(out, T(d.text(n, f)))
	})
	return out
}

func (d *decoder) languages(n node, field string) []faq.Language {
	var out []faq.Language
	d.each(n, field, func(n node, f string) { out = append(out, d.language(n, f, d.text(n, f))) })
	return out
}

func (d *decoder) language(n node, field, written string) faq.Language {
	l, err := faq.ParseLanguage(written)
	if err != nil {
		d.wrong(n, field, "“%s” is not a language tag such as en or pt-BR", short(written))
	}
	return l
}

func (d *decoder) phrasings(n node, field string, l faq.Language) {
	d.each(n, field, func(n node, f string) {
		p := faq.Phrasing{Language: l}
		if n.kind == table {
			p = d.phrasing(n, f, p)
		} else {
			p.Text = d.text(n, f)
		}
		e := &d.item.Entry
		d.mark(fmt.Sprintf("phrasings[%d]", len(e.Phrasings)), n)
		e.Phrasings = append(e.Phrasings, p)
	})
}

func (d *decoder) phrasing(n node, field string, p faq.Phrasing) faq.Phrasing {
	for _, pair := range n.pairs {
		at := pair.value
		switch pair.key {
		case "text":
			p.Text = d.text(at, field+".text")
		case "language":
			p.Language = d.language(at, field+".language", d.text(at, field+".language"))
		default:
			d.wrong(node{line: pair.line}, field, "key “%s” is unknown; a phrasing is a text, or {text, language}", short(pair.key))
		}
	}
	return p
}

func (d *decoder) buttons(n node, field string) []faq.Link {
	var out []faq.Link
	d.each(n, field, func(n node, f string) {
		if n.kind != table {
			d.wrong(n, f, "is %s; a button is {label, url}", n.kind)
			return
		}
		var b faq.Link
		for _, pair := range n.pairs {
			switch pair.key {
			case "label":
				b.Label = d.text(pair.value, f+".label")
			case "url":
				b.URL = d.text(pair.value, f+".url")
			default:
				d.wrong(node{line: pair.line}, f, "key “%s” is unknown; a button is {label, url}", short(pair.key))
			}
		}
		out = append(out, b)
	})
	return out
}

func (d *decoder) staff(n node, field string) {
	switch strings.ToLower(strings.TrimSpace(d.text(n, field))) {
	case "true", "yes", "x", "1":
		d.item.Entry.Audience.Staff = true
	case "false", "no", "", "0":
	default:
		d.wrong(n, field, "“%s” is neither true nor false", short(n.text))
	}
}

func (d *decoder) status(n node, field string) {
	written := strings.TrimSpace(d.text(n, field))
	status := faq.Status(strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(written)))
	switch status {
	case "":
	case faq.Draft, faq.InReview, faq.Published, faq.Archived:
		d.item.Status = status
	default:
		d.wrong(n, field, "“%s” is not draft, in_review, published or archived", short(written))
	}
}

// dateLayouts are unambiguous; 03/04/2026 is two different days to two readers and is refused.
var dateLayouts = []string{
	time.DateOnly, time.RFC3339, time.DateTime, "2006-01-02 15:04:05 -0700", "2006-01-02T15:04:05", "2006-01-02 15:04",
	"2006/01/02", "January 2, 2006", "Jan 2, 2006", "January 2 2006", "2 January 2006", "2 Jan 2006", time.RFC1123, time.RFC1123Z,
}

func parseDate(s string) (faq.Date, bool) {
	s = strings.Join(strings.Fields(s), " ")
	if s == "" {
		return "", true
	}
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, s); err == nil && faq.DateOf(t).Valid() {
			return faq.DateOf(t), true
		}
	}
	return "", false
}

// date reads a day; name is what Validate calls the field.
func (d *decoder) date(n node, field, name string) faq.Date {
	d.mark(name, n)
	written := d.text(n, field)
	date, ok := parseDate(written)
	if !ok {
		d.wrong(n, field, "“%s” is not a date such as 2026-01-31", short(written))
	}
	return date
}
