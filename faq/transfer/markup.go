package transfer

import (
	"errors"
	"io"
	"strconv"
	"strings"
)

// readMarkup reads JSON-LD whose first line is the given one of its file. Where it holds a FAQPage, every Question in it
// counts: they may stand in the page's mainEntity, or beside it in a @graph that it refers to.
func (b *builder) readMarkup(name, source string, line int, p page) error {
	r := newJSONReader(name, source, line)
	n, err := r.value(0)
	if err != nil {
		return err
	}
	if _, err := r.dec.Token(); !errors.Is(err, io.EOF) {
		return invalid(r.place(), "goes on after its end")
	}
	if !n.any(func(n node) bool { return n.isType("FAQPage") }) {
		return nil
	}
	language := p.language
	n.any(func(n node) bool {
		if l, ok := n.find("inLanguage"); ok && n.isType("FAQPage") && l.kind == scalar {
			language = l.text
		}
		return false
	})
	count := 0
	n.any(func(n node) bool {
		if n.isType("Question") {
			origin := Place{File: name, Line: n.line, Field: "Question " + itoa(&count)}
			b.addQuestion(origin, answerPlain(n.textOf("name", "text")), answerMarkdown(n.answerText(), p.losing(b, origin)), firstOf(n.textOf("inLanguage"), language))
		}
		return false
	})
	return nil
}

func itoa(count *int) string {
	*count++
	return strconv.Itoa(*count)
}

// any reports whether a node, or one within it, satisfies yes.
func (n node) any(yes func(node) bool) bool {
	if yes(n) {
		return true
	}
	for _, item := range n.items {
		if item.any(yes) {
			return true
		}
	}
	for _, p := range n.pairs {
		if p.value.any(yes) {
			return true
		}
	}
	return false
}

// isType reports whether a JSON-LD object is of a schema.org type, written short or as an address.
func (n node) isType(name string) bool {
	t, _ := n.find("@type")
	for _, t := range append(t.items, t) {
		if t.kind == scalar && (t.text == name || strings.HasSuffix(t.text, "schema.org/"+name) || t.text == "schema:"+name) {
			return true
		}
	}
	return false
}

// textOf is the first of several keys that holds a text, or a {"@value": text}.
func (n node) textOf(keys ...string) string {
	for _, key := range keys {
		v, _ := n.find(key)
		if v.kind == list && len(v.items) > 0 {
			v = v.items[0]
		}
		if inner, ok := v.find("@value"); ok {
			v = inner
		}
		if v.kind == scalar && strings.TrimSpace(v.text) != "" {
			return v.text
		}
	}
	return ""
}

func (n node) answerText() string {
	for _, key := range []string{"acceptedAnswer", "suggestedAnswer"} {
		a, _ := n.find(key)
		for _, a := range append([]node{a}, a.items...) {
			if t := firstOf(a.textOf("text"), n.plainAnswer(key)); t != "" {
				return t
			}
		}
	}
	return ""
}

// plainAnswer is an answer given as a text rather than an Answer.
func (n node) plainAnswer(key string) string {
	if a, _ := n.find(key); a.kind == scalar {
		return a.text
	}
	return ""
}
