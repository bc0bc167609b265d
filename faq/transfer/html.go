package transfer

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file turns the HTML of an answer into Markdown: paragraphs, lists, links, emphasis, code and images are kept, all
// other elements as their text, scripts and styles not at all.

// answerMarkdown reads an answer as markup gives it: HTML, or a text in which line feeds count.
func answerMarkdown(s string, p page) string {
	if len(s) > maxMarkupText {
		return s // longer than any answer may be; the decoder says so
	}
	if !strings.ContainsAny(s, "<&") {
		return strings.TrimSpace(lines.Replace(s))
	}
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	parsed, err := html.ParseFragment(strings.NewReader(s), body)
	if err != nil {
		return strings.TrimSpace(s)
	}
	for _, n := range parsed {
		body.AppendChild(n)
	}
	return p.markdown(body)
}

// answerPlain is the text of what may be HTML.
func answerPlain(s string) string {
	if !strings.ContainsAny(s, "<&") || len(s) > maxMarkupText {
		return s
	}
	parsed, err := html.ParseFragment(strings.NewReader(s), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		return s
	}
	var b strings.Builder
	for _, n := range parsed {
		b.WriteString(plainText(n))
	}
	return b.String()
}

var dropped = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Template: true, atom.Noscript: true, atom.Iframe: true, atom.Svg: true,
	atom.Head: true, atom.Object: true, atom.Embed: true, atom.Video: true, atom.Audio: true, atom.Canvas: true,
	atom.Button: true, atom.Input: true, atom.Select: true, atom.Textarea: true,
}

var blocks = map[atom.Atom]bool{
	atom.P: true, atom.Div: true, atom.Section: true, atom.Article: true, atom.Aside: true, atom.Header: true, atom.Footer: true,
	atom.Main: true, atom.Nav: true, atom.Figure: true, atom.Figcaption: true, atom.Address: true, atom.Details: true, atom.Summary: true,
	atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true, atom.Ul: true, atom.Ol: true, atom.Li: true,
	atom.Dl: true, atom.Dt: true, atom.Dd: true, atom.Blockquote: true, atom.Pre: true, atom.Table: true, atom.Thead: true,
	atom.Tbody: true, atom.Tfoot: true, atom.Tr: true, atom.Caption: true, atom.Form: true, atom.Fieldset: true, atom.Hr: true, atom.Center: true,
}

func plainText(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	if dropped[n.DataAtom] {
		return " "
	}
	var b strings.Builder
	for c := range n.ChildNodes() {
		b.WriteString(plainText(c))
		if blocks[c.DataAtom] || c.DataAtom == atom.Br {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// markdown turns what is within an element into Markdown.
func (p page) markdown(n *html.Node) string {
	count := 0
	for range n.Descendants() {
		if count++; count > maxElements {
			return strings.TrimSpace((&renderer{page: p}).plain(n))
		}
	}
	return strings.Join((&renderer{page: p}).children(n), "\n\n")
}

// maxElements is more than any answer of 20,000 characters has.
const maxElements = 50_000

type renderer struct {
	page   page
	lists  int // open around what is rendered
	quotes int
}

// children are the blocks within an element; what stands between them is a paragraph.
func (r *renderer) children(n *html.Node) []string {
	var out []string
	var run strings.Builder
	flush := func() {
		if s := paragraph(run.String()); s != "" {
			out = append(out, s)
		}
		run.Reset()
	}
	for c := range n.ChildNodes() {
		if !hasBlock(c) {
			run.WriteString(r.inline(c, ""))
			continue
		}
		flush()
		out = append(out, r.block(c)...)
	}
	flush()
	return out
}

// hasBlock reports whether an element is a block, or holds one, as a link around a paragraph does.
func hasBlock(n *html.Node) bool {
	if n.Type != html.ElementNode || dropped[n.DataAtom] {
		return false
	}
	if blocks[n.DataAtom] {
		return true
	}
	for d := range n.Descendants() {
		if blocks[d.DataAtom] {
			return true
		}
	}
	return false
}

func (r *renderer) block(n *html.Node) []string {
	switch n.DataAtom {
	case atom.Ul, atom.Ol:
		if s := r.list(n); s != "" {
			return []string{s}
		}
		return nil
	case atom.Pre:
		r.plain(n) // for what is lost
		return fenced(n)
	case atom.Blockquote:
		r.quotes++
		inner := r.children(n)
		r.quotes--
		if len(inner) == 0 || r.quotes > maxNested {
			return inner
		}
		quoted := strings.Join(inner, "\n\n")
		return []string{"> " + strings.ReplaceAll(strings.ReplaceAll(quoted, "\n", "\n> "), "> \n", ">\n")}
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Dt:
		return r.heading(n)
	case atom.Tr:
		return r.tableRow(n)
	case atom.Table, atom.Thead, atom.Tbody, atom.Tfoot:
		if rows := r.children(n); len(rows) > 0 {
			return []string{strings.Join(rows, "  \n")}
		}
		return nil
	}
	return r.children(n)
}

func (r *renderer) heading(n *html.Node) []string {
	text := ""
	if slices.ContainsFunc(slices.Collect(n.ChildNodes()), hasBlock) {
		text = escapeMarkdown(r.plain(n))
	} else {
		text = r.within(n, "** ")
	}
	if text = strings.Join(strings.Fields(text), " "); text == "" {
		return nil
	}
	return []string{"**" + text + "**"}
}

// maxNested lists or quotes are shown as such within each other; in chat nobody could tell more apart.
const maxNested = 8

func (r *renderer) list(n *html.Node) string {
	var out []string
	number := 1
	r.lists++
	defer func() { r.lists-- }()
	for c := range n.ChildNodes() {
		inner := r.children(c)
		if c.Type != html.ElementNode || len(inner) == 0 {
			continue
		}
		mark := "- "
		if n.DataAtom == atom.Ol {
			mark = fmt.Sprintf("%d. ", number)
			number++
		}
		body := inner[0]
		for _, block := range inner[1:] {
			gap := "\n\n"
			if listLine.MatchString(block) {
				gap = "\n"
			}
			body += gap + block
		}
		indent := strings.Repeat(" ", len(mark))
		if r.lists > maxNested {
			indent = ""
		}
		out = append(out, mark+strings.ReplaceAll(strings.ReplaceAll(body, "\n", "\n"+indent), indent+"\n", "\n"))
	}
	return strings.Join(out, "\n")
}

var listLine = regexp.MustCompile(`^(?:- |\d+\. )`)

func (r *renderer) tableRow(n *html.Node) []string {
	var cells []string
	for c := range n.ChildNodes() {
		if s := strings.Join(strings.Fields(strings.Join(r.children(c), " ")), " "); s != "" {
			cells = append(cells, s)
		}
	}
	if len(cells) == 0 {
		return nil
	}
	return []string{strings.Join(cells, " | ")}
}

func fenced(n *html.Node) []string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		} else if d.DataAtom == atom.Br {
			b.WriteByte('\n')
		}
	}
	code := strings.Trim(b.String(), "\n")
	if strings.TrimSpace(code) == "" {
		return nil
	}
	fence := "```"
	for strings.Contains(code, fence) {
		fence += "`"
	}
	return []string{fence + "\n" + code + "\n" + fence}
}
