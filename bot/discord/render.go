package discord

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"faqbot/bot/channel"
)

// Render writes a document in Discord's Markdown. Whatever is plain in it is shown as it is: nothing becomes markup, a mention, a link or a
// preview. Where Discord's parser could misread a style (its rules know no nesting to speak of), the style is dropped, never a word.
func Render(d channel.Document) string {
	w := &writer{}
	w.document(d, frame{})
	return w.out.String()
}

// clean drops characters that Discord refuses or changes by itself.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n"))
}

// frame is where a block stands.
type frame struct {
	prefix  string // of every further line
	quoted  bool   // in a quote: no other quote begins here
	literal bool   // in a list item or an inner quote: only text and styles
	lead    bool   // right after a list's marker
	depth   int
}

type writer struct{ out strings.Builder }

func (w *writer) document(d channel.Document, f frame) {
	for i, b := range d {
		if i > 0 {
			tight := b.Kind == channel.List && d[i-1].Kind == channel.Paragraph && f.depth > 0
			if !tight {
				w.out.WriteString("\n" + f.prefix)
			}
			w.out.WriteString("\n" + f.prefix)
		}
		inner := f
		inner.lead = f.lead && i == 0
		if b.Kind == channel.List && i > 0 && d[i-1].Kind == channel.List {
			inner.literal = true // Discord would read two lists in a row as one
		}
		w.block(b, inner)
	}
}

func (w *writer) block(b channel.Block, f frame) {
	switch b.Kind {
	case channel.Paragraph:
		w.lines(lines(b.Spans), f)
	case channel.Heading:
		w.heading(b, f)
	case channel.List:
		w.list(b, f)
	case channel.Quote:
		w.quote(b, f)
	case channel.Code:
		w.code(b.Text, f)
	case channel.Rule:
		w.out.WriteString("———")
	}
}

func (w *writer) lines(all []line, f frame) {
	for i, l := range all {
		if i > 0 {
			w.out.WriteString("\n" + f.prefix)
		}
		w.out.WriteString(l.render())
	}
}

// heading is Discord's own for levels 1–3 on a line of its own, else bold. A final # would be taken for decoration.
func (w *writer) heading(b channel.Block, f frame) {
	all := lines(b.Spans)
	if len(all) == 1 && b.Level <= 3 && !f.literal {
		if text := strings.TrimSpace(all[0].render()); text != "" && !strings.HasSuffix(text, "#") {
			w.out.WriteString(strings.Repeat("#", max(1, b.Level)) + " " + text)
			return
		}
	}
	for i := range all {
		for j := range all[i] {
			all[i][j].style |= bold
		}
	}
	w.lines(all, f)
}

func (w *writer) list(b channel.Block, f frame) {
	signs := f.literal && (f.depth == 0 || f.quoted || f.lead)
	for i, item := range b.Items {
		if i > 0 {
			w.out.WriteString("\n" + f.prefix)
		}
		mark := channel.Marker(b, i)
		inner := frame{prefix: f.prefix + strings.Repeat(" ", utf8.RuneCountInString(mark)), quoted: f.quoted, literal: true, lead: true, depth: f.depth + 1}
		content := &writer{}
		content.document(item, inner)
		switch text := content.out.String(); {
		case signs || strings.TrimSpace(text) == "" || text[0] == '\n':
			w.out.WriteString(escape(mark, true) + text)
		case b.Ordered:
			w.out.WriteString(mark + text)
		default:
			w.out.WriteString("- " + text)
		}
	}
}

// quote is Discord's own once; a quote within is shown by its sign.
func (w *writer) quote(b channel.Block, f frame) {
	if f.literal || f.quoted {
		w.out.WriteString(`\> `)
		w.document(b.Blocks, frame{prefix: f.prefix + `\> `, quoted: true, literal: true, depth: f.depth})
		return
	}
	w.out.WriteString("> ")
	w.document(b.Blocks, frame{prefix: f.prefix + "> ", quoted: true, depth: f.depth})
}

// code is shown as it is, in a block of its own where Discord can close it again.
func (w *writer) code(text string, f frame) {
	text = clean(text)
	if !f.literal && !strings.Contains(text, "```") && strings.TrimSpace(text) != "" && !strings.HasSuffix(text, "`") {
		w.out.WriteString("```\n" + f.prefix + strings.ReplaceAll(text, "\n", "\n"+f.prefix) + "\n" + f.prefix + "```")
		return
	}
	for i, l := range strings.Split(text, "\n") {
		if i > 0 {
			w.out.WriteString("\n" + f.prefix)
		}
		w.out.WriteString(escape(l, true))
	}
}

var listMark = regexp.MustCompile(`^(\s*\d+)([.)])`)

// escape puts a backslash before everything that Discord could read as markup. A dot is one where it could end a list's number or be
// part of an address; start says that the text begins a line.
func escape(text string, start bool) string {
	var b strings.Builder
	runes := []rune(text)
	for i, r := range runes {
		if strings.ContainsRune("\\*_~`|>#-[]<:@", r) || r == '.' && i > 0 && i+1 < len(runes) && isLetter(runes[i-1]) && isLetter(runes[i+1]) ||
			r == '+' && start && strings.TrimSpace(string(runes[:i])) == "" {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	if start {
		return listMark.ReplaceAllString(b.String(), `$1\$2`)
	}
	return b.String()
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

func hasLinks(d channel.Document) bool {
	for _, b := range d {
		if spansLink(b.Spans) || hasLinks(b.Blocks) {
			return true
		}
		for _, item := range b.Items {
			if hasLinks(item) {
				return true
			}
		}
	}
	return false
}

func spansLink(spans []channel.Span) bool {
	for _, s := range spans {
		if s.URL != "" || spansLink(s.Spans) {
			return true
		}
	}
	return false
}
