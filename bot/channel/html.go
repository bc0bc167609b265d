package channel

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// htmlBlocks reads a block of raw HTML: paragraphs, lists and inline elements are kept, scripts and styles dropped, all else is its text.
func htmlBlocks(raw string) Document {
	nodes, err := html.ParseFragment(strings.NewReader(raw), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		return PlainDocument(raw)
	}
	w := &htmlWalker{}
	for _, n := range nodes {
		w.node(n, 0)
	}
	w.flush()
	return w.out
}

type htmlWalker struct {
	out   Document
	spans spanBuilder
}

func (w *htmlWalker) flush() {
	w.out = append(w.out, oneBlock(Block{Kind: Paragraph, Spans: w.spans.finish()})...)
	w.spans = spanBuilder{}
}

func (w *htmlWalker) node(n *html.Node, depth int) {
	if depth > 4*maxDepth {
		return
	}
	switch {
	case n.Type == html.TextNode:
		w.spans.text(collapse(n.Data))
	case n.Type != html.ElementNode:
	case n.DataAtom == atom.Script, n.DataAtom == atom.Style, n.DataAtom == atom.Iframe, n.DataAtom == atom.Object:
	case n.DataAtom == atom.Br:
		w.spans.add(Span{Kind: Break})
	case n.DataAtom == atom.Img:
		w.spans.image(safeURL(attr(n, "src")), attr(n, "alt"))
	case n.DataAtom == atom.Ul, n.DataAtom == atom.Ol:
		w.list(n, depth)
	case tagKinds[n.Data] != "":
		w.spans.add(htmlInline(n, depth)...)
	case blockTags[n.DataAtom]:
		w.flush()
		w.children(n, depth)
		w.flush()
	default:
		w.children(n, depth)
	}
}

var blockTags = map[atom.Atom]bool{
	atom.P: true, atom.Div: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true,
	atom.Blockquote: true, atom.Pre: true, atom.Table: true, atom.Tr: true, atom.Section: true, atom.Article: true,
	atom.Details: true, atom.Summary: true, atom.Figure: true, atom.Dl: true, atom.Dt: true, atom.Dd: true,
}

func (w *htmlWalker) children(n *html.Node, depth int) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.node(c, depth+1)
	}
}

func (w *htmlWalker) list(n *html.Node, depth int) {
	w.flush()
	b := Block{Kind: List, Ordered: n.DataAtom == atom.Ol, Start: 1}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom != atom.Li {
			continue
		}
		item := &htmlWalker{}
		item.children(c, depth+1)
		item.flush()
		b.Items = append(b.Items, item.out)
	}
	if len(b.Items) > 0 {
		w.out = append(w.out, b)
	}
}

func htmlInline(n *html.Node, depth int) []Span {
	inner := &htmlWalker{}
	inner.children(n, depth+1)
	spans := inner.spans.finish()
	b := &spanBuilder{}
	if kind := tagKinds[n.Data]; kind == LinkTo {
		b.link(safeURL(attr(n, "href")), spans)
	} else {
		b.wrap(kind, "", spans)
	}
	return b.done
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// collapse folds white space as HTML does, keeping one blank at each end.
func collapse(s string) string {
	folded := strings.Join(strings.Fields(s), " ")
	if folded == "" {
		if s == "" {
			return ""
		}
		return " "
	}
	if strings.TrimLeft(s, " \t\r\n") != s {
		folded = " " + folded
	}
	if strings.TrimRight(s, " \t\r\n") != s {
		folded += " "
	}
	return folded
}
