package channel

import (
	"net/url"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

var markdown = goldmark.New(goldmark.WithExtensions(extension.Strikethrough, extension.Linkify, extension.Table))

// maxDepth bounds nesting: deeper blocks and spans are shown flat, so that no text exhausts a renderer's stack.
const maxDepth = 16

// Parse reads Markdown (CommonMark, with strikethrough, tables and bare links). Raw HTML is shown as far as the tree has a form for it
// and dropped otherwise; it is never passed on. It accepts every text.
func Parse(source string) Document {
	src := []byte(strings.ToValidUTF8(source, "\uFFFD"))
	p := &parser{source: src}
	return p.blocks(markdown.Parser().Parse(text.NewReader(src)), 0)
}

// PlainDocument makes a document of plain text: nothing in it is markup.
func PlainDocument(s string) Document {
	var out Document
	for paragraph := range strings.SplitSeq(strings.ReplaceAll(s, "\r\n", "\n"), "\n\n") {
		var spans []Span
		for i, line := range strings.Split(paragraph, "\n") {
			if i > 0 {
				spans = append(spans, Span{Kind: Break})
			}
			if line != "" {
				spans = append(spans, Span{Kind: Plain, Text: line})
			}
		}
		if len(spans) > 0 {
			out = append(out, Block{Kind: Paragraph, Spans: spans})
		}
	}
	return out
}

type parser struct{ source []byte }

func (p *parser) blocks(parent ast.Node, depth int) Document {
	var out Document
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		out = append(out, p.block(n, depth)...)
	}
	return out
}

func (p *parser) block(n ast.Node, depth int) Document {
	if depth > maxDepth {
		return p.flat(n)
	}
	switch n := n.(type) {
	case *ast.Heading:
		return oneBlock(Block{Kind: Heading, Level: n.Level, Spans: p.spans(n, depth)})
	case *ast.Paragraph, *ast.TextBlock:
		return oneBlock(Block{Kind: Paragraph, Spans: p.spans(n, depth)})
	case *ast.Blockquote:
		return Document{{Kind: Quote, Blocks: p.blocks(n, depth+1)}}
	case *ast.List:
		return p.list(n, depth)
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		return Document{{Kind: Code, Text: strings.TrimRight(p.lines(n), "\n")}}
	case *ast.ThematicBreak:
		return Document{{Kind: Rule}}
	case *ast.HTMLBlock:
		raw := p.lines(n)
		if n.HasClosure() {
			raw += string(n.ClosureLine.Value(p.source))
		}
		return htmlBlocks(raw)
	case *extast.Table:
		return p.table(n, depth)
	}
	return p.flat(n)
}

func oneBlock(b Block) Document {
	if b.Spans = trimSpans(once(b.Spans, nil)); len(b.Spans) == 0 {
		return nil
	}
	return Document{b}
}

func (p *parser) list(n *ast.List, depth int) Document {
	b := Block{Kind: List, Ordered: n.IsOrdered(), Start: n.Start}
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		b.Items = append(b.Items, p.blocks(item, depth+1))
	}
	return Document{b}
}

// table shows each row as a line: no chat network has tables, and columns do not survive a phone's width.
func (p *parser) table(n *extast.Table, depth int) Document {
	var spans []Span
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		if len(spans) > 0 {
			spans = append(spans, Span{Kind: Break})
		}
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			if cell != row.FirstChild() {
				spans = append(spans, Span{Kind: Plain, Text: " — "})
			}
			inner := p.spans(cell, depth)
			if _, head := row.(*extast.TableHeader); head && len(inner) > 0 {
				inner = []Span{{Kind: Strong, Spans: inner}}
			}
			spans = append(spans, inner...)
		}
	}
	return oneBlock(Block{Kind: Paragraph, Spans: spans})
}

// flat is the fallback for what the tree has no form for: its text, so that nothing that was published is lost.
func (p *parser) flat(n ast.Node) Document {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch t := n.(type) {
		case *ast.Text:
			if entering {
				b.Write(t.Segment.Value(p.source))
				b.WriteByte(' ')
			}
		case *ast.String:
			if entering {
				b.Write(t.Value)
			}
		case *ast.FencedCodeBlock, *ast.CodeBlock:
			if entering {
				b.WriteString(p.lines(n))
			}
		}
		return ast.WalkContinue, nil
	})
	return oneBlock(Block{Kind: Paragraph, Spans: []Span{{Kind: Plain, Text: strings.TrimSpace(b.String())}}})
}

func (p *parser) lines(n ast.Node) string {
	var b strings.Builder
	lines := n.Lines()
	for i := range lines.Len() {
		segment := lines.At(i)
		b.Write(segment.Value(p.source))
	}
	return b.String()
}

// safeURL keeps addresses that open a page, a mail or a call, and drops script, data and relative ones.
func safeURL(raw string) string {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil {
		return ""
	}
	switch strings.ToLower(u.Scheme) {
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
