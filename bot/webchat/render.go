package webchat

import (
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"faqbot/bot/channel"

	"github.com/microcosm-cc/bluemonday"
)

// renderHTML shows a document as HTML that is safe to place into a page, ours or another site's: it is written with every text escaped,
// and then passed through a list of what is allowed, so that a mistake in one of the two is caught by the other.
func renderHTML(d channel.Document) string {
	w := &htmlWriter{}
	w.document(d)
	return policy.Sanitize(w.String())
}

var policy = newPolicy()

func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "hr", "br", "strong", "em", "del", "a", "img")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("target").Matching(exactly("_blank")).OnElements("a")
	p.AllowAttrs("rel").Matching(exactly("noopener noreferrer")).OnElements("a")
	p.AllowAttrs("src").Matching(httpsOnly).OnElements("img")
	p.AllowAttrs("alt").OnElements("img")
	p.AllowAttrs("loading").Matching(exactly("lazy")).OnElements("img")
	p.AllowAttrs("referrerpolicy").Matching(exactly("no-referrer")).OnElements("img")
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.RequireParseableURLs(true)
	return p
}

type htmlWriter struct{ strings.Builder }

func (w *htmlWriter) add(parts ...string) {
	for _, p := range parts {
		w.WriteString(p)
	}
}

func (w *htmlWriter) document(d channel.Document) {
	for _, b := range d {
		w.block(b)
	}
}

func (w *htmlWriter) block(b channel.Block) {
	switch b.Kind {
	case channel.Heading:
		// The page's own headings are h1 and h2.
		tag := "h" + strconv.Itoa(min(max(b.Level+2, 3), 6))
		w.add("<", tag, ">")
		w.spans(b.Spans)
		w.add("</", tag, ">")
	case channel.List:
		w.list(b)
	case channel.Quote:
		w.add("<blockquote>")
		w.document(b.Blocks)
		w.add("</blockquote>")
	case channel.Code:
		w.add("<pre><code>", escape(b.Text), "</code></pre>")
	case channel.Rule:
		w.add("<hr>")
	default:
		w.add("<p>")
		w.spans(b.Spans)
		w.add("</p>")
	}
}

func (w *htmlWriter) list(b channel.Block) {
	opening, closing := "<ul>", "</ul>"
	if b.Ordered {
		opening, closing = `<ol start="`+strconv.Itoa(b.Start)+`">`, "</ol>"
	}
	w.add(opening)
	for _, item := range b.Items {
		w.add("<li>")
		w.document(item)
		w.add("</li>")
	}
	w.add(closing)
}

var spanTags = map[channel.SpanKind]string{channel.Strong: "strong", channel.Emph: "em", channel.Strike: "del"}

func (w *htmlWriter) spans(spans []channel.Span) {
	for _, s := range spans {
		switch s.Kind {
		case channel.Strong, channel.Emph, channel.Strike:
			w.add("<", spanTags[s.Kind], ">")
			w.spans(s.Spans)
			w.add("</", spanTags[s.Kind], ">")
		case channel.Mono:
			w.add("<code>", escape(s.Text), "</code>")
		case channel.LinkTo:
			w.link(s)
		case channel.Image:
			w.image(s)
		case channel.Break:
			w.add("<br>")
		case channel.Mention:
			w.add(escape("@" + s.Text))
		default:
			w.add(escape(s.Text))
		}
	}
}

func (w *htmlWriter) link(s channel.Span) {
	address := safeURL(s.URL)
	if address == "" {
		w.spans(s.Spans)
		return
	}
	w.add(`<a href="`, escape(address), `"`)
	if strings.HasPrefix(address, "http") { // a mail or a call opens no page
		w.add(` target="_blank" rel="noopener noreferrer"`)
	}
	w.add(">")
	w.spans(s.Spans)
	w.add("</a>")
}

// image shows a picture that comes over https; another one is a link, because a browser would not load it into a safe page.
func (w *htmlWriter) image(s channel.Span) {
	address := safeURL(s.URL)
	if !httpsOnly.MatchString(address) {
		label := s.Text
		if label == "" {
			label = address
		}
		w.link(channel.Span{URL: address, Spans: []channel.Span{{Kind: channel.Plain, Text: label}}})
		return
	}
	w.add(`<img src="`, escape(address), `" alt="`, escape(s.Text), `" loading="lazy" referrerpolicy="no-referrer">`)
}

func escape(s string) string { return html.EscapeString(s) }

// safeURL keeps an address that opens a page, a mail or a call. The parser of documents does so too; this holds for what comes from
// the store.
func safeURL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	switch u.Scheme {
	case "http", "https":
		if u.Host == "" {
			return ""
		}
	case "mailto", "tel":
		if u.Opaque == "" {
			return ""
		}
	default:
		return ""
	}
	return u.String()
}

var httpsOnly = regexp.MustCompile(`(?i)^https://[^\s"'<>]+$`)

func exactly(s string) *regexp.Regexp { return regexp.MustCompile("^" + regexp.QuoteMeta(s) + "$") }
