package transfer

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file says what an answer of a page loses on its way to an entry: nothing goes without a word.

// lose notes a link or a picture that is not kept, and why.
func (r *renderer) lose(what, written, why string) {
	if written = strings.TrimSpace(written); written != "" {
		r.page.loseFunc("the " + what + " “" + visible(written, 80) + "” is not kept: " + why)
	}
}

// media are elements that show something which a message has no room for.
var media = map[atom.Atom]string{
	atom.Iframe: "embedded page", atom.Video: "video", atom.Audio: "recording", atom.Object: "embedded file", atom.Embed: "embedded file",
}

func (r *renderer) loseMedia(n *html.Node) {
	what, ok := media[n.DataAtom]
	if !ok {
		return
	}
	written := firstOf(attribute(n, "src"), attribute(n, "data"))
	for c := range n.Descendants() {
		if c.DataAtom == atom.Source {
			written = firstOf(written, attribute(c, "src"))
		}
	}
	r.lose(what, written, "answers hold text, links and pictures")
}

// plain is the text of an element, where Markdown has no room for more.
func (r *renderer) plain(n *html.Node) string {
	const why = "it stands where there can be text alone"
	for c := range n.Descendants() {
		switch c.DataAtom {
		case atom.A:
			r.lose("link", attribute(c, "href"), why)
		case atom.Img:
			r.lose("picture", attribute(c, "src"), why)
		default:
			r.loseMedia(c)
		}
	}
	return plainText(n)
}
