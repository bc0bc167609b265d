package telegram

import (
	"html"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"faqbot/bot/channel"
)

// rendered is a document as it is sent: HTML where it holds markup, else text without a parse mode, so that nothing in it can be markup.
type rendered struct {
	text  string
	html  bool
	plain string // what is sent instead if the platform does not take the HTML
	// preview is the picture that is shown under the text; "" is none.
	preview string
}

// render writes a document. What is visible is never longer than its PlainText.
//
// Links get no preview: an answer is the text that was published, not what another site says today. A document with exactly one picture
// shows that picture, under its own address, so that no other link can take its place.
func render(d channel.Document) rendered {
	plain := strings.ToValidUTF8(d.PlainText(), "\uFFFD")
	if isPlain(d) {
		return rendered{text: plain, plain: plain}
	}
	w := &writer{}
	w.document(d, "", false)
	r := rendered{text: w.String(), html: true, plain: plain}
	if images := d.Images(); len(images) == 1 && opens(images[0].URL) {
		r.preview = images[0].URL
	}
	return r
}

// isPlain says whether a document is plain text in paragraphs, as that of strangers always is.
func isPlain(d channel.Document) bool {
	for _, b := range d {
		if b.Kind != channel.Paragraph {
			return false
		}
		for _, s := range b.Spans {
			if s.Kind != channel.Plain && s.Kind != channel.Break {
				return false
			}
		}
	}
	return true
}

// writer writes the platform's HTML. It follows the layout of PlainText.
type writer struct {
	strings.Builder
	solid int // entities so far that cannot be split
	style styles
}

// maxSolid is how many links, codes and quotes the platform keeps; it drops the formatting of the rest without a word, and with it the
// addresses.
const maxSolid = 100

// styles are those that are open.
type styles struct{ bold, italic, strike, link bool }

func (w *writer) document(d channel.Document, indent string, quoted bool) {
	for i, b := range d {
		if i > 0 {
			w.WriteString("\n")
			if b.Kind != channel.List || d[i-1].Kind != channel.Paragraph || indent == "" {
				w.WriteString(escape(strings.TrimRight(indent, " ")) + "\n")
			}
			w.WriteString(escape(indent))
		}
		w.block(b, indent, quoted)
	}
}

func (w *writer) block(b channel.Block, indent string, quoted bool) {
	switch b.Kind {
	case channel.Paragraph:
		w.spans(b.Spans, indent)
	case channel.Heading:
		w.tagged("b", &w.style.bold, func() { w.spans(b.Spans, indent) })
	case channel.Code:
		w.code("pre", b.Text)
	case channel.Rule:
		w.WriteString("———")
	case channel.Quote:
		w.quote(b.Blocks, indent, quoted)
	case channel.List:
		for i, item := range b.Items {
			if i > 0 {
				w.WriteString("\n" + escape(indent))
			}
			mark := channel.Marker(b, i)
			w.WriteString(mark)
			w.document(item, indent+strings.Repeat(" ", len([]rune(mark))), quoted)
		}
	}
}

// quote is the platform's own quote at the outermost level, which alone may be one; inside it and inside lists it is marked as in mail.
func (w *writer) quote(d channel.Document, indent string, quoted bool) {
	if quoted || indent != "" || w.solid >= maxSolid || blank(d.PlainText()) {
		w.WriteString("&gt; ")
		w.document(d, indent+"> ", true)
		return
	}
	w.solid++
	w.WriteString("<blockquote>")
	w.document(d, "", true)
	w.WriteString("</blockquote>")
}

func (w *writer) spans(spans []channel.Span, indent string) {
	for _, s := range spans {
		switch s.Kind {
		case channel.Plain:
			w.WriteString(escape(s.Text))
		case channel.Mono:
			w.code("code", s.Text)
		case channel.Mention:
			w.mention(s)
		case channel.Break:
			w.WriteString("\n" + escape(indent))
		case channel.Image:
			label := strings.TrimSpace(s.Text)
			w.link(s.URL, label, func() { w.WriteString(escape(label)) })
		case channel.LinkTo:
			label := channel.Document{{Kind: channel.Paragraph, Spans: s.Spans}}.PlainText()
			w.link(s.URL, label, func() { w.spans(s.Spans, "") }) // lines of a label are not indented in PlainText either
		case channel.Strong:
			w.tagged("b", &w.style.bold, func() { w.spans(s.Spans, indent) })
		case channel.Emph:
			w.tagged("i", &w.style.italic, func() { w.spans(s.Spans, indent) })
		case channel.Strike:
			w.tagged("s", &w.style.strike, func() { w.spans(s.Spans, indent) })
		default:
			w.spans(s.Spans, indent)
		}
	}
}

// tagged writes inside a tag, unless it is open already.
func (w *writer) tagged(tag string, open *bool, inside func()) {
	if *open {
		inside()
		return
	}
	*open = true
	w.WriteString("<" + tag + ">")
	inside()
	w.WriteString("</" + tag + ">")
	*open = false
}

// code cannot stand in a link, where it would be dropped.
func (w *writer) code(tag, text string) {
	if w.style.link || w.solid >= maxSolid || blank(text) {
		w.WriteString(escape(text))
		return
	}
	w.solid++
	w.WriteString("<" + tag + ">" + escape(text) + "</" + tag + ">")
}

// link writes a label that opens an address. Where the platform would not open it, the address follows in brackets, so that it is not lost.
func (w *writer) link(address, label string, inside func()) {
	bare := strings.TrimPrefix(strings.TrimPrefix(address, "mailto:"), "tel:")
	switch {
	case blank(label):
		w.WriteString(escape(bare)) // the platform finds a bare address by itself
	case address == "", bare == label, address == label && !opens(address):
		inside()
	case w.style.link || w.solid >= maxSolid || !opens(address):
		inside()
		w.WriteString(escape(" (" + bare + ")"))
	default:
		w.solid++
		w.style.link = true
		w.WriteString(`<a href="` + escape(address) + `">`)
		inside()
		w.WriteString("</a>")
		w.style.link = false
	}
}

// mention calls a person of the platform's, whom it knows by their ID; anybody else is a name.
func (w *writer) mention(s channel.Span) {
	name := escape("@" + s.Text)
	id, err := strconv.ParseInt(string(s.Person), 10, 64)
	if err != nil || id <= 0 || s.Network != Network || w.style.link || w.solid >= maxSolid { // who writes as a group has the group's ID
		w.WriteString(name)
		return
	}
	w.solid++
	w.WriteString(`<a href="tg://user?id=` + strconv.FormatInt(id, 10) + `">` + name + "</a>")
}

// opens says whether the platform makes a link of an address: http or https, at a host with a dot in it.
func opens(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && strings.Contains(strings.Trim(u.Hostname(), "."), ".") &&
		!strings.ContainsAny(address, " \n\t\"<>")
}

// blank says whether nothing of a text is seen: the platform takes out control characters, directions and a few combining lines.
func blank(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsSpace(r) && !unicode.IsControl(r) && !unicode.Is(unicode.Cf, r) && r != 0x0333 && r != 0x033F && r != 0x030A
	})
}

// escape makes text of what would be markup. The platform knows these references and numbers, nothing else.
func escape(s string) string { return html.EscapeString(strings.ToValidUTF8(s, "\uFFFD")) }
