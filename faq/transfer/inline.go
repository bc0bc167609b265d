package transfer

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// inline renders text and what stands within it; around is the emphasis that is open already. A line feed in the result
// is a line break; spaces are not yet joined.
func (r *renderer) inline(n *html.Node, around string) string {
	switch {
	case n.Type == html.TextNode:
		return escapeMarkdown(spaces.ReplaceAllString(n.Data, " "))
	case n.Type != html.ElementNode:
		return ""
	case dropped[n.DataAtom]:
		r.loseMedia(n)
		return " "
	}
	switch n.DataAtom {
	case atom.Br:
		return "\n"
	case atom.Strong, atom.B:
		return r.emphasis(n, "**", around)
	case atom.Em, atom.I:
		return r.emphasis(n, "*", around)
	case atom.Code, atom.Kbd, atom.Samp, atom.Tt:
		return codeSpan(r.plain(n))
	case atom.A:
		return r.link(n, around)
	case atom.Img:
		return r.image(n)
	}
	return r.within(n, around)
}

func (r *renderer) within(n *html.Node, around string) string {
	var b strings.Builder
	for c := range n.ChildNodes() {
		b.WriteString(r.inline(c, around))
	}
	return b.String()
}

// emphasis keeps spaces outside of its marks, where Markdown wants them.
func (r *renderer) emphasis(n *html.Node, mark, around string) string {
	inner := r.within(n, around+mark+" ")
	trimmed := strings.TrimSpace(inner)
	if trimmed == "" || strings.Contains(" "+around, " "+mark+" ") {
		return inner
	}
	before, after, _ := strings.Cut(inner, trimmed)
	return before + mark + trimmed + mark + after
}

var spaces = regexp.MustCompile(`[ \t\r\n\f]+`)

func codeSpan(s string) string {
	s = strings.TrimSpace(spaces.ReplaceAllString(s, " "))
	if s == "" {
		return ""
	}
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if len(fence) > 1 {
		return fence + " " + s + " " + fence
	}
	return fence + s + fence
}

func (r *renderer) link(n *html.Node, around string) string {
	inner := r.within(n, around)
	label := strings.TrimSpace(spaces.ReplaceAllString(inner, " "))
	if label == "" { // nobody sees it
		return inner
	}
	address, why := r.address(attribute(n, "href"), "http", "https", "mailto", "tel")
	if address == "" {
		r.lose("link", attribute(n, "href"), why)
		return inner
	}
	before, after, _ := strings.Cut(inner, strings.TrimSpace(inner))
	return before + "[" + label + "](" + address + ")" + after
}

func (r *renderer) image(n *html.Node) string {
	alt := escapeMarkdown(strings.Join(strings.Fields(attribute(n, "alt")), " "))
	address, why := r.address(attribute(n, "src"), "http", "https")
	if address == "" {
		r.lose("picture", firstOf(attribute(n, "src"), attribute(n, "data-src"), attribute(n, "srcset")), why)
		return alt
	}
	return "![" + alt + "](" + address + ")"
}

// address is a full address of one of the schemes, as Markdown takes it in parentheses, or else why there is none.
func (r *renderer) address(written string, schemes ...string) (address, why string) {
	u, err := url.Parse(strings.TrimSpace(written))
	if err != nil || written == "" {
		return "", "it is no address"
	}
	u = r.page.resolve(u)
	switch {
	case !u.IsAbs():
		return "", "it is relative, and the address of the page is not known; import the page from its address, or write <base href> into it"
	case !slices.Contains(schemes, strings.ToLower(u.Scheme)):
		return "", "only addresses with " + strings.Join(schemes, ", ") + " are kept"
	}
	return strings.NewReplacer("(", "%28", ")", "%29", " ", "%20", "<", "%3C", ">", "%3E", "\\", "%5C").Replace(u.String()), ""
}

var (
	special   = regexp.MustCompile("[\\\\`*_\\[\\]<]|&#?\\w+;")
	lineStart = regexp.MustCompile(`(?m)^(?:#{1,6}(?: |$)|[-+](?: |$)|>|=+$|-+$|~~~|(\d{1,9})([.)])(?: |$))`)
	runs      = regexp.MustCompile(`[ \t]+`)
	breaks    = regexp.MustCompile(` *\n *`)
)

func escapeMarkdown(s string) string { return special.ReplaceAllString(s, `\$0`) }

// paragraph joins spaces, and keeps a line from beginning like a heading, a list or a quote.
func paragraph(s string) string {
	s = strings.TrimSpace(breaks.ReplaceAllString(runs.ReplaceAllString(s, " "), "\n"))
	for strings.Contains(s, "\n\n") {
		s = strings.ReplaceAll(s, "\n\n", "\n")
	}
	s = lineStart.ReplaceAllStringFunc(s, func(m string) string {
		if at := strings.IndexAny(m, ".)"); at > 0 {
			return m[:at] + `\` + m[at:]
		}
		return `\` + m
	})
	return strings.ReplaceAll(s, "\n", "  \n")
}
