package transfer

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"faqbot/faq"
)

// answerMark parts the answers in a Markdown file: what follows is in the language it names.
var answerMark = regexp.MustCompile(`(?m)^<!-- answer: ([A-Za-z0-9-]+) -->$`)

// foreignKeys are what sites made of Markdown (Jekyll, Hugo) call what we read of theirs.
var foreignKeys = map[string]string{"title": "question", "date": "checked_on", "lang": "language", "locale": "language", "excerpt": "tags"}

// front is the YAML between the first two lines of dashes of a Markdown file, and what follows it.
type front struct {
	lines []string // without the dashes; the first is line 2
	body  string
	line  int // of the body's first line
}

// cutFront parts a file. found is false where it does not begin with dashes.
func cutFront(name, source string) (f front, found bool, err error) {
	all := strings.Split(source, "\n")
	if strings.TrimRight(all[0], " \t") != "---" {
		return front{}, false, nil
	}
	for i, line := range all[1:] {
		if line = strings.TrimRight(line, " \t"); line == "---" || line == "..." {
			return front{lines: all[1 : i+1], body: strings.Join(all[i+2:], "\n"), line: i + 3}, true, nil
		}
	}
	return front{}, true, invalid(Place{File: name, Line: 1}, "has front matter that does not end; a line of three dashes closes it")
}

// readMarkdown reads one file: front matter with our keys, or those of another program of which we know some, and the
// answer below it. One without front matter is no entry and is skipped.
func (b *builder) readMarkdown(name string, data []byte) error {
	source, err := decodeText(name, data)
	if err != nil {
		return err
	}
	f, found, err := cutFront(name, lines.Replace(source))
	if err != nil {
		return err
	}
	if !found {
		b.skip(Place{File: name}, "has no front matter, so it is no entry")
		return nil
	}
	n, err := parseYAML(name, strings.Join(f.lines, "\n")+"\n", 2)
	if err != nil {
		return err
	}
	if n.kind == absent {
		n.kind = table
	}
	if n.kind != table {
		return invalid(Place{File: name, Line: 2}, "has front matter that is %s; it must be a table of keys", n.kind)
	}
	_, own := n.find("question")
	if !own {
		n = b.foreign(name, n)
	}
	if err := bodies(name, &n, f); err != nil {
		return err
	}
	n.line = 1
	b.add(n, form{partial: !own, extra: true, id: fileID(name), origin: Place{File: name, Line: 1}})
	return nil
}

// fileID is a file's name without its ending, as an ID.
func fileID(name string) string {
	base := strings.TrimSuffix(path.Base(name), path.Ext(name))
	if id := faq.EntryID(base); id.Valid() {
		return base
	}
	return string(faq.Slug(base))
}

// foreign renames the keys of another program's front matter. What cannot be taken over is remarked on: the author did
// not write it for us.
func (b *builder) foreign(name string, n node) node {
	out := node{kind: table, line: n.line}
	for _, p := range n.pairs {
		ours, known := foreignKeys[p.key]
		if _, taken := n.find(ours); known && !taken {
			if reason := unfit(p.key, p.value); reason != "" {
				b.note(Place{File: name, Line: p.line}, "key “%s” %s and is ignored", p.key, reason)
				continue
			}
			if p.key == "excerpt" && utf8.RuneCountInString(p.value.text) > maxTag {
				b.note(Place{File: name, Line: p.line}, "key “excerpt” is longer than a tag may be and is cut")
				p.value.text = cutTag(p.value.text)
			}
			p.key = ours
		}
		out.pairs = append(out.pairs, p)
	}
	return out
}

func unfit(key string, value node) string {
	_, isDate := parseDate(value.text)
	switch {
	case key == "title" || value.kind == absent:
		return ""
	case value.kind != scalar:
		return "is not a text"
	case key == "date" && !isDate:
		return "is not a date such as 2026-01-31"
	case key == "excerpt" && (strings.TrimSpace(value.text) != value.text || value.text == ""):
		return "is no tag"
	}
	return ""
}

// cutTag ends a text at the last word that fits.
func cutTag(s string) string {
	s = string([]rune(s)[:maxTag])
	if at := strings.LastIndexByte(s, ' '); at > 0 {
		s = s[:at]
	}
	return strings.TrimSpace(s)
}

// maxTag is what faq allows.
const maxTag = 100

// bodies puts the answers below the front matter beside its keys. In the front matter they stand only where a body would
// not give them back exactly.
func bodies(name string, n *node, f front) error {
	marks := answerMark.FindAllStringSubmatchIndex(f.body, -1)
	own := len(f.body)
	for i, m := range marks {
		own = min(own, m[0])
		end := len(f.body)
		if i+1 < len(marks) {
			end = marks[i+1][0]
		}
		line := f.line + strings.Count(f.body[:m[0]], "\n")
		if err := marked(name, n, f.body[m[2]:m[3]], node{kind: scalar, text: trimBody(f.body[m[1]:end]), line: line}); err != nil {
			return err
		}
	}
	answer := trimBody(f.body[:own])
	_, twice := n.find("answer")
	if twice && answer != "" {
		return invalid(Place{File: name, Line: f.line}, "the answer is given twice, in the front matter and below it")
	}
	if !twice {
		n.set("answer", node{kind: scalar, text: answer, line: f.line})
	}
	return nil
}

// marked puts an answer in another language beside its translation.
func marked(name string, n *node, language string, answer node) error {
	place := Place{File: name, Line: answer.line}
	l, err := faq.ParseLanguage(language)
	if err != nil {
		return invalid(place, "“%s” is not a language tag such as en or pt-BR", short(language))
	}
	all := n.at("translations")
	if all.kind != table || all.at(string(l)).kind != table {
		return invalid(place, "the answer in %s has no place; “translations” must be a table of languages", l)
	}
	under := all.at(string(l))
	if _, twice := under.find("answer"); twice {
		return invalid(place, "the answer in %s is given twice", l)
	}
	under.set("answer", answer)
	return nil
}

// trimBody takes off empty lines around an answer; indentation of its first line is Markdown.
func trimBody(s string) string {
	s = strings.TrimRight(s, " \t\n")
	for {
		line, rest, more := strings.Cut(s, "\n")
		if strings.TrimSpace(line) != "" || !more {
			return s
		}
		s = rest
	}
}

// fitsBody reports whether an answer comes back exactly when it stands below the front matter.
func fitsBody(s string) bool {
	return s != "" && trimBody(s) == s && !strings.ContainsRune(s, '\r') && !answerMark.MatchString(s)
}

// writeMarkdown is the reverse of readMarkdown. Keep holds lines of front matter that are not ours. Where answers stand
// decides the order in which they are read, so it reads what it wrote before it settles on a form.
func writeMarkdown(item Item, keep []string) []byte {
	var data []byte
	for _, inline := range []bool{false, true} {
		data = markdownFile(readable(item, nil, inline), keep)
		back, _ := readsAs(data, item.Entry)
		if !slices.Equal(back.Entry.Phrasings, item.Entry.Phrasings) {
			continue
		}
		if order := answerOrder(item.Entry); !slices.Equal(order, answerOrder(back.Entry)) {
			n := readable(item, nil, inline)
			setList(&n, orderColumn, order)
			data = markdownFile(n, keep)
		}
		break
	}
	return data
}

func markdownFile(n node, keep []string) []byte {
	own, marked := takeAnswers(&n)
	w := &bytes.Buffer{}
	w.WriteString("---\n")
	emitter{w: w}.table(n, 0)
	for _, line := range keep {
		w.WriteString(line + "\n")
	}
	w.WriteString("---\n")
	if own != "" {
		w.WriteString("\n" + own + "\n")
	}
	for _, m := range marked {
		w.WriteString("\n<!-- answer: " + m.key + " -->\n\n" + m.value.text + "\n")
	}
	return w.Bytes()
}

// takeAnswers moves the answers that may stand below the front matter out of their tables.
func takeAnswers(n *node) (own string, marked []pair) {
	takeAnswer(n, func(s string) { own = s })
	if _, ok := n.find("translations"); !ok {
		return own, nil
	}
	all := n.at("translations")
	for i := range all.pairs {
		l := &all.pairs[i]
		takeAnswer(&l.value, func(s string) { marked = append(marked, pair{key: l.key, value: text(s)}) })
	}
	all.pairs = slices.DeleteFunc(all.pairs, func(p pair) bool { return len(p.value.pairs) == 0 })
	n.pairs = slices.DeleteFunc(n.pairs, func(p pair) bool { return p.key == "translations" && len(p.value.pairs) == 0 })
	return own, marked
}

// takeAnswer moves an answer out of its table, if it may stand below the front matter.
func takeAnswer(n *node, take func(string)) {
	i := slices.IndexFunc(n.pairs, func(p pair) bool { return p.key == "answer" && fitsBody(p.value.text) })
	if i >= 0 {
		take(n.pairs[i].value.text)
		n.pairs = slices.Delete(n.pairs, i, i+1)
	}
}

// foreignLines are the lines of a file's front matter under keys that are not ours, for a writer to keep: another
// program may still read the file. A title follows the question.
func foreignLines(source string, e faq.Entry) []string {
	f, found, err := cutFront("", lines.Replace(source))
	if !found || err != nil {
		return nil
	}
	n, err := parseYAML("", strings.Join(f.lines, "\n")+"\n", 1)
	if err != nil {
		return nil
	}
	var out []string
	for i, p := range n.pairs {
		if _, ours := entryKeys[p.key]; ours || p.line < 1 {
			continue
		}
		if p.key == "title" {
			out = append(out, "title: "+quoteYAML(e.Question))
			continue
		}
		end := len(f.lines)
		if i+1 < len(n.pairs) {
			end = n.pairs[i+1].line - 1
		}
		out = append(out, f.lines[p.line-1:end]...)
	}
	return out
}
