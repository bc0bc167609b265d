package transfer

import (
	"bytes"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"

	"faqbot/faq"
)

// page is where a web page came from, and what it says of itself.
type page struct {
	base     *url.URL // to which its links are relative; nil is unknown
	typeLine string   // the Content-Type it was sent with
	language string
	// loseFunc is told what an answer holds that an entry cannot.
	loseFunc func(what string)
}

// readPage reads the FAQPage markup of a page (https://schema.org/FAQPage): JSON-LD, and microdata in its elements.
func (b *builder) readPage(name string, data []byte, p page) error {
	decoded, err := charset.NewReader(bytes.NewReader(data), p.typeLine)
	if err != nil {
		return invalid(Place{File: name}, "cannot be read: %s", short(err.Error()))
	}
	source, err := readAll(decoded, 4*b.options.Limits.File)
	if err != nil {
		return invalid(Place{File: name}, "cannot be read: %s", short(err.Error()))
	}
	root, err := html.Parse(bytes.NewReader(source))
	if err != nil {
		return invalid(Place{File: name}, "cannot be read as a page: %s", short(err.Error()))
	}
	p = p.describe(root)
	for n := range root.Descendants() {
		if n.DataAtom == atom.Script && strings.HasPrefix(strings.ToLower(attribute(n, "type")), "application/ld+json") && n.FirstChild != nil {
			if err := b.readMarkup(name, n.FirstChild.Data, scriptLine(source, n.FirstChild.Data), p); err != nil {
				b.asProblem(Place{File: name}, err)
			}
		}
	}
	b.readMicrodata(name, root, p)
	if len(b.document.Items) == 0 && len(b.problems.List) == 0 {
		return invalid(Place{File: name}, "holds no questions in FAQPage markup (https://schema.org/FAQPage)")
	}
	return nil
}

// scriptLine is the line of a script in its page; 1 where its text was changed on the way.
func scriptLine(source []byte, script string) int {
	if at := bytes.Index(source, []byte(script)); at >= 0 {
		return 1 + bytes.Count(source[:at], []byte("\n"))
	}
	return 1
}

// describe adds what the page's head says. Its links are relative to its first <base>, which may itself be relative to the
// page's address: the one it was fetched from, else the one that it calls canonical.
func (p page) describe(root *html.Node) page {
	base := ""
	for n := range root.Descendants() {
		switch {
		case n.DataAtom == atom.Html && p.language == "":
			p.language = attribute(n, "lang")
		case n.DataAtom == atom.Base && base == "":
			base = strings.TrimSpace(attribute(n, "href"))
		case p.base == nil && n.DataAtom == atom.Link && strings.EqualFold(attribute(n, "rel"), "canonical"):
			p = p.at(attribute(n, "href"))
		}
	}
	return p.at(base)
}

// at is the page with its links relative to an address; to the one it has where that is none.
func (p page) at(address string) page {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || address == "" {
		return p
	}
	if u = p.resolve(u); u.IsAbs() {
		p.base = u
	}
	return p
}

// losing is the page with what is lost of its answers noted at a place.
func (p page) losing(b *builder, origin Place) page {
	p.loseFunc = func(what string) { b.note(origin, "%s", what) }
	return p
}

func (p page) resolve(u *url.URL) *url.URL {
	if p.base != nil {
		return p.base.ResolveReference(u)
	}
	return u
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// addQuestion takes a question and its answer, the latter as HTML already turned to Markdown.
func (b *builder) addQuestion(origin Place, question, answer, language string) {
	question = strings.Join(strings.Fields(question), " ")
	switch {
	case question == "":
		b.skip(origin, "has no question")
		return
	case answer == "":
		b.skip(origin, "“%s” has no answer", short(question))
		return
	}
	n := node{kind: table}
	if l, err := faq.ParseLanguage(language); err == nil && l.Base() != b.options.DefaultLanguage.Base() {
		n.set("language", text(string(l)))
	}
	n.set("question", text(question))
	n.set("answer", text(answer))
	b.add(n, form{partial: true, origin: origin})
	b.options.Progress(len(b.document.Items), len(b.document.Items))
}

// readMicrodata finds elements that are marked as a Question, wherever they stand.
func (b *builder) readMicrodata(name string, root *html.Node, p page) {
	count := 0
	for n := range root.Descendants() {
		if !hasType(n, "Question") {
			continue
		}
		origin := Place{File: name, Field: "Question " + itoa(&count)}
		var question, answer string
		for part := range properties(n) {
			switch {
			case attribute(part, "itemprop") == "name" && question == "":
				question = contentOf(part)
			case (attribute(part, "itemprop") == "acceptedAnswer" || attribute(part, "itemprop") == "suggestedAnswer") && answer == "":
				answer = microAnswer(part, p.losing(b, origin))
			}
		}
		b.addQuestion(origin, question, answer, p.language)
	}
}

func hasType(n *html.Node, name string) bool {
	if !hasAttribute(n, "itemscope") {
		return false
	}
	for t := range strings.FieldsSeq(attribute(n, "itemtype")) {
		if strings.HasSuffix(t, "schema.org/"+name) {
			return true
		}
	}
	return false
}

// properties are the elements with an itemprop that belong to n, and to nothing within it.
func properties(n *html.Node) func(yield func(*html.Node) bool) {
	return func(yield func(*html.Node) bool) {
		var walk func(n *html.Node) bool
		walk = func(n *html.Node) bool {
			for c := range n.ChildNodes() {
				if attribute(c, "itemprop") != "" && !yield(c) {
					return false
				}
				if !hasAttribute(c, "itemscope") && !walk(c) {
					return false
				}
			}
			return true
		}
		walk(n)
	}
}

func hasAttribute(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

func contentOf(n *html.Node) string {
	if c := attribute(n, "content"); c != "" {
		return c
	}
	return plainText(n)
}

func microAnswer(n *html.Node, p page) string {
	for part := range properties(n) {
		if attribute(part, "itemprop") == "text" {
			if c := attribute(part, "content"); c != "" {
				return answerMarkdown(c, p)
			}
			return p.markdown(part)
		}
	}
	if hasAttribute(n, "itemscope") {
		return ""
	}
	return p.markdown(n)
}
