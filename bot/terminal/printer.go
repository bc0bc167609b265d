package terminal

import (
	"strings"
	"unicode"

	"faqbot/bot/channel"

	"golang.org/x/text/width"
)

// style is how a character stands out, where colours are allowed.
type style uint8

const (
	bold style = 1 << iota
	italic
	struck
	dim
	accent // links, code, names
)

var codes = []struct {
	style style
	code  string
}{{bold, "1"}, {dim, "2"}, {italic, "3"}, {struck, "9"}, {accent, "36"}}

// glyph is a character as it is shown.
type glyph struct {
	char  rune
	style style
}

// frame is what stands before the first line of a block and before the others.
type frame struct {
	first, rest string
	nested      bool // within a list or a quote
}

// inside adds marks within a frame.
func (f frame) inside(first, rest string) frame { return frame{f.first + first, f.rest + rest, true} }

// then is the frame of what follows the first block.
func (f frame) then() frame { return frame{f.rest, f.rest, f.nested} }

// printer writes documents as lines of text.
type printer struct {
	strings.Builder
	width int // columns; 0 or less wraps nothing
	color bool
}

func (p *printer) document(d channel.Document, f frame) {
	for i, b := range d {
		if i > 0 {
			if b.Kind != channel.List || d[i-1].Kind != channel.Paragraph || !f.nested {
				p.WriteString(strings.TrimRight(f.rest, " ") + "\n")
			}
			f = f.then()
		}
		p.block(b, f)
	}
}

func (p *printer) block(b channel.Block, f frame) {
	switch b.Kind {
	case channel.Heading:
		p.write(f, p.spans(b.Spans, bold))
	case channel.List:
		for i, item := range b.Items {
			if i > 0 {
				f = f.then()
			}
			mark := channel.Marker(b, i)
			p.item(item, f.inside(mark, strings.Repeat(" ", columns(mark))))
		}
	case channel.Quote:
		p.document(b.Blocks, f.inside("│ ", "│ "))
	case channel.Code:
		for line := range strings.SplitSeq(b.Text, "\n") {
			p.write(f, p.text(line, accent))
			f = f.then()
		}
	case channel.Rule:
		p.write(f, p.text("———", dim))
	default:
		p.write(f, p.spans(b.Spans, 0))
	}
}

func (p *printer) item(d channel.Document, f frame) {
	if len(d) == 0 {
		p.write(f, nil)
		return
	}
	p.document(d, f)
}

var spanStyles = map[channel.SpanKind]style{channel.Strong: bold, channel.Emph: italic, channel.Strike: struck}

func (p *printer) spans(spans []channel.Span, s style) []glyph {
	var out []glyph
	for _, span := range spans {
		switch span.Kind {
		case channel.Break:
			out = append(out, glyph{'\n', 0})
		case channel.Mention:
			out = append(out, p.text("@"+span.Text, s|bold)...)
		case channel.Mono:
			out = append(out, p.text(span.Text, s|accent)...)
		case channel.Image:
			out = append(out, p.text(strings.TrimSpace(span.Text+" ("+span.URL+")"), s|dim)...)
		case channel.LinkTo:
			out = append(out, p.link(span, s)...)
		case channel.Strong, channel.Emph, channel.Strike:
			out = append(out, p.spans(span.Spans, s|spanStyles[span.Kind])...)
		default:
			out = append(out, p.text(span.Text, s)...)
		}
	}
	return out
}

// link shows the address in brackets where it says more than the label.
func (p *printer) link(span channel.Span, s style) []glyph {
	label := p.spans(span.Spans, s|accent)
	var shown strings.Builder
	for _, g := range label {
		shown.WriteRune(g.char)
	}
	address := strings.TrimPrefix(strings.TrimPrefix(span.URL, "mailto:"), "tel:")
	if text := shown.String(); text == address || text == span.URL {
		return label
	}
	return append(label, p.text(" ("+address+")", s|dim)...)
}

// text makes glyphs of a text. Characters that would move the cursor, change colours or ring are shown as pictures, and marks that turn
// the direction of writing are dropped: what strangers write cannot act on the terminal.
func (p *printer) text(s string, st style) []glyph {
	var out []glyph
	for _, r := range s {
		switch {
		case r == '\t':
			out = append(out, glyph{' ', st}, glyph{' ', st})
			continue
		case r == '\u2028' || r == '\u2029' || r == '\n':
			r = ' '
		case r < 0x20:
			r += 0x2400 // ␀ and so on
		case r == 0x7F:
			r = '\u2421'
		case unicode.IsControl(r):
			r = '\uFFFD'
		case r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069':
			continue
		}
		out = append(out, glyph{r, st})
	}
	return out
}

// write writes glyphs as lines within the width, broken at spaces where there are some.
func (p *printer) write(f frame, text []glyph) {
	for first := true; first || len(text) > 0; first = false {
		prefix := f.rest
		if first {
			prefix = f.first
		}
		line := text
		if n := p.fitting(text, columns(prefix)); n < len(text) {
			line, text = text[:n], text[n:]
		} else {
			text = nil
		}
		p.WriteString(prefix)
		p.line(line)
		p.WriteString("\n")
		if len(text) == 0 {
			return
		}
		if text[0].char == '\n' || text[0].char == ' ' {
			text = text[1:] // the break stands for it
		}
	}
}

// fitting is how many glyphs go onto one line; the glyph after them is where the line is broken.
func (p *printer) fitting(text []glyph, used int) int {
	room := p.width - used
	if room < 8 {
		room = 8
	}
	column, space := 0, -1
	for i, g := range text {
		if g.char == '\n' {
			return i
		}
		column += advance(g.char)
		if p.width > 0 && column > room {
			switch {
			case g.char == ' ':
				return i
			case space > 0:
				return space
			default:
				return max(i, 1)
			}
		}
		if g.char == ' ' {
			space = i
		}
	}
	return len(text)
}

func (p *printer) line(text []glyph) {
	now := style(0)
	for _, g := range text {
		if g.style != now && p.color {
			p.WriteString("\x1b[0" + sgr(g.style) + "m")
		}
		now = g.style
		p.WriteRune(g.char)
	}
	if now != 0 && p.color {
		p.WriteString("\x1b[0m")
	}
}

func sgr(s style) string {
	var b strings.Builder
	for _, c := range codes {
		if s&c.style != 0 {
			b.WriteString(";" + c.code)
		}
	}
	return b.String()
}

func columns(s string) int {
	n := 0
	for _, r := range s {
		n += advance(r)
	}
	return n
}

// advance is how many columns a character takes. It rather overstates: emoji made of several count each.
func advance(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case width.LookupRune(r).Kind() == width.EastAsianWide, width.LookupRune(r).Kind() == width.EastAsianFullwidth:
		return 2
	}
	return 1
}
