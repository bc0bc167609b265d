package channel

import (
	"strconv"
	"strings"
	"unicode/utf16"
)

type plainWriter struct{ strings.Builder }

func (w *plainWriter) document(d Document, indent string) {
	for i, b := range d {
		if i > 0 {
			w.WriteString("\n")
			if b.Kind != List || d[i-1].Kind != Paragraph || indent == "" {
				w.WriteString(strings.TrimRight(indent, " ") + "\n")
			}
			w.WriteString(indent)
		}
		w.block(b, indent)
	}
}

func (w *plainWriter) block(b Block, indent string) {
	switch b.Kind {
	case Paragraph, Heading:
		w.spans(b.Spans, indent)
	case Code:
		w.WriteString(strings.ReplaceAll(b.Text, "\n", "\n"+indent))
	case Rule:
		w.WriteString("———")
	case Quote:
		w.WriteString("> ")
		w.document(b.Blocks, indent+"> ")
	case List:
		for i, item := range b.Items {
			if i > 0 {
				w.WriteString("\n" + indent)
			}
			mark := Marker(b, i)
			w.WriteString(mark)
			w.document(item, indent+strings.Repeat(" ", len([]rune(mark))))
		}
	}
}

// Marker is what stands before an item of a list: "• " or "3. ".
func Marker(list Block, item int) string {
	if list.Ordered {
		return strconv.Itoa(list.Start+item) + ". "
	}
	return "• "
}

func (w *plainWriter) spans(spans []Span, indent string) {
	for _, s := range spans {
		switch s.Kind {
		case Plain, Mono:
			w.WriteString(s.Text)
		case Mention:
			w.WriteString("@" + s.Text)
		case Break:
			w.WriteString("\n" + indent)
		case Image:
			w.WriteString(strings.TrimSpace(s.Text + " (" + s.URL + ")"))
		case LinkTo:
			label := plainSpans(s.Spans)
			w.WriteString(label)
			if address := strings.TrimPrefix(strings.TrimPrefix(s.URL, "mailto:"), "tel:"); address != label && s.URL != label {
				w.WriteString(" (" + address + ")")
			}
		default:
			w.spans(s.Spans, indent)
		}
	}
}

func plainSpans(spans []Span) string {
	w := &plainWriter{}
	w.spans(spans, "")
	return w.String()
}

// Length is how much of a limit a document uses, in the units of a measure. It never understates.
func (d Document) Length(m Measure) int {
	switch m {
	case CountMarkdown:
		return markdownLength(d)
	case CountUTF16:
		return UTF16Length(d.PlainText())
	default:
		return len([]rune(d.PlainText()))
	}
}

// UTF16Length counts UTF-16 code units.
func UTF16Length(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// markdownLength bounds the Markdown that a connector writes: every character that may need a backslash counts twice, every span its
// markers, every line its prefix.
func markdownLength(d Document) int {
	n := 0
	for _, b := range d {
		n += 2 + 8*strings.Count(b.Text, "\n") + 2*len([]rune(b.Text))
		n += 12 + spansLength(b.Spans)
		n += 3*markdownLength(b.Blocks)/2 + 2
		for i, item := range b.Items {
			n += len(Marker(b, i)) + 4 + markdownLength(item)*5/4
		}
	}
	return n
}

func spansLength(spans []Span) int {
	n := 0
	for _, s := range spans {
		n += 6 + spansLength(s.Spans) + len([]rune(s.URL)) + 2 + len(s.Person)
		for _, r := range s.Text {
			n++
			if r < 0x80 && !isWordASCII(r) {
				n++
			}
		}
	}
	return n
}

func isWordASCII(r rune) bool {
	return r == ' ' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}
