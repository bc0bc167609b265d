package channel

import (
	"html"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"
)

// spans reads the inline content of a node. Raw HTML tags open and close spans on a stack, because goldmark gives each tag by itself.
func (p *parser) spans(parent ast.Node, depth int) []Span {
	b := &spanBuilder{}
	p.inline(b, parent, depth)
	return b.finish()
}

func (p *parser) inline(b *spanBuilder, parent ast.Node, depth int) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		p.span(b, n, depth)
	}
}

func (p *parser) span(b *spanBuilder, n ast.Node, depth int) {
	if depth > maxDepth {
		for _, block := range p.flat(n) {
			b.add(block.Spans...)
		}
		return
	}
	switch n := n.(type) {
	case *ast.Text:
		b.text(unescape(n.Segment.Value(p.source), n.IsRaw()))
		switch {
		case n.HardLineBreak():
			b.add(Span{Kind: Break})
		case n.SoftLineBreak():
			b.text(" ")
		}
	case *ast.String:
		b.text(string(n.Value))
	case *ast.CodeSpan:
		b.add(Span{Kind: Mono, Text: p.codeText(n)})
	case *ast.Emphasis:
		kind := Emph
		if n.Level == 2 {
			kind = Strong
		}
		b.wrap(kind, "", p.spans(n, depth+1))
	case *extast.Strikethrough:
		b.wrap(Strike, "", p.spans(n, depth+1))
	case *ast.Link:
		b.link(safeURL(unescape(n.Destination, false)), p.spans(n, depth+1))
	case *ast.AutoLink:
		p.autoLink(b, n)
	case *ast.Image:
		b.image(safeURL(unescape(n.Destination, false)), plainSpans(p.spans(n, depth+1)))
	case *ast.RawHTML:
		for i := range n.Segments.Len() {
			segment := n.Segments.At(i)
			b.tag(string(segment.Value(p.source)))
		}
	default:
		p.inline(b, n, depth+1)
	}
}

func (p *parser) codeText(n ast.Node) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			b.Write(t.Segment.Value(p.source))
			if t.SoftLineBreak() {
				b.WriteByte(' ')
			}
		}
	}
	return b.String()
}

func (p *parser) autoLink(b *spanBuilder, n *ast.AutoLink) {
	label := string(n.Label(p.source))
	address := string(n.URL(p.source))
	if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(address), "mailto:") {
		address = "mailto:" + address
	}
	b.link(safeURL(address), []Span{{Kind: Plain, Text: label}})
}

func unescape(b []byte, raw bool) string {
	if raw {
		return string(b)
	}
	return string(util.UnescapePunctuations(util.ResolveNumericReferences(util.ResolveEntityNames(b))))
}

// spanBuilder collects spans and keeps the raw HTML elements that are open.
type spanBuilder struct {
	done []Span
	open []openSpan
}

type openSpan struct {
	tag  string
	span Span
}

func (b *spanBuilder) add(spans ...Span) {
	into := &b.done
	if n := len(b.open); n > 0 {
		into = &b.open[n-1].span.Spans
	}
	for _, s := range spans {
		if last := len(*into) - 1; s.Kind == Plain && last >= 0 && (*into)[last].Kind == Plain {
			(*into)[last].Text += s.Text
			continue
		}
		*into = append(*into, s)
	}
}

func (b *spanBuilder) text(s string) {
	if s != "" {
		b.add(Span{Kind: Plain, Text: s})
	}
}

func (b *spanBuilder) wrap(kind SpanKind, address string, inner []Span) {
	if len(inner) > 0 {
		b.add(Span{Kind: kind, URL: address, Spans: inner})
	}
}

// link shows the bare text where the address was dropped.
func (b *spanBuilder) link(address string, inner []Span) {
	if address == "" {
		b.add(inner...)
		return
	}
	if len(inner) == 0 {
		inner = []Span{{Kind: Plain, Text: address}}
	}
	b.wrap(LinkTo, address, inner)
}

func (b *spanBuilder) image(address, description string) {
	if address == "" {
		b.text(description)
		return
	}
	b.add(Span{Kind: Image, URL: address, Text: description})
}

var (
	tagPattern  = regexp.MustCompile(`^<(/?)([a-zA-Z][a-zA-Z0-9]*)`)
	hrefPattern = regexp.MustCompile(`(?i)\s(?:href|src)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)`)
	altPattern  = regexp.MustCompile(`(?i)\salt\s*=\s*("[^"]*"|'[^']*')`)
)

var tagKinds = map[string]SpanKind{
	"b": Strong, "strong": Strong, "i": Emph, "em": Emph, "s": Strike, "del": Strike, "strike": Strike, "a": LinkTo,
}

// tag acts on one raw HTML tag.
func (b *spanBuilder) tag(raw string) {
	m := tagPattern.FindStringSubmatch(raw)
	if m == nil {
		return
	}
	name := strings.ToLower(m[2])
	kind, known := tagKinds[name]
	switch {
	case name == "br":
		b.add(Span{Kind: Break})
	case name == "img":
		b.image(safeURL(attribute(hrefPattern, raw)), attribute(altPattern, raw))
	case known && m[1] == "":
		if len(b.open) < maxDepth {
			b.open = append(b.open, openSpan{name, Span{Kind: kind, URL: safeURL(attribute(hrefPattern, raw))}})
		}
	case known:
		b.close(name)
	}
}

func attribute(pattern *regexp.Regexp, raw string) string {
	m := pattern.FindStringSubmatch(raw)
	if m == nil {
		return ""
	}
	return html.UnescapeString(strings.Trim(m[1], `"'`))
}

// close ends the nearest open element of a name, and those inside it.
func (b *spanBuilder) close(name string) {
	at := -1
	for i, o := range b.open {
		if o.tag == name {
			at = i
		}
	}
	for at >= 0 && len(b.open) > at {
		b.pop()
	}
}

func (b *spanBuilder) pop() {
	last := b.open[len(b.open)-1]
	b.open = b.open[:len(b.open)-1]
	if last.span.Kind == LinkTo {
		b.link(last.span.URL, last.span.Spans)
		return
	}
	b.wrap(last.span.Kind, "", last.span.Spans)
}

func (b *spanBuilder) finish() []Span {
	for len(b.open) > 0 {
		b.pop()
	}
	return b.done
}

// once takes a style out of itself: bold text within bold text is bold, and eight times nested one letter would be longer than a message.
func once(spans []Span, around []SpanKind) []Span {
	var b spanBuilder
	for _, s := range spans {
		switch {
		case len(s.Spans) == 0:
			b.add(s)
		case slices.Contains(around, s.Kind):
			b.add(once(s.Spans, around)...)
		default:
			s.Spans = once(s.Spans, append(slices.Clip(around), s.Kind))
			b.add(s)
		}
	}
	return b.done
}

// trimSpans drops line breaks and blanks at both ends.
func trimSpans(spans []Span) []Span {
	blank := func(s Span) bool { return s.Kind == Break || s.Kind == Plain && strings.TrimSpace(s.Text) == "" }
	for len(spans) > 0 && blank(spans[0]) {
		spans = spans[1:]
	}
	for len(spans) > 0 && blank(spans[len(spans)-1]) {
		spans = spans[:len(spans)-1]
	}
	return spans
}
