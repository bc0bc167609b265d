package channel

import (
	"slices"
	"strings"
)

// Styled is a stretch of a text that is shown in some way: in characters, from one to before another.
type Styled struct {
	From, To int
	// Kind is Strong, Emph, Strike, Mono or LinkTo.
	Kind SpanKind
	URL  string
}

// StyledDocument is a plain text with its formatting, as a network tells of it; nil where nothing in it is shown otherwise than as it is.
func StyledDocument(text string, styles []Styled) Document {
	styles = slices.DeleteFunc(slices.Clone(styles), func(s Styled) bool {
		return s.From >= s.To || s.From < 0 || s.Kind == LinkTo && safeURL(s.URL) == "" || s.Kind == Mention
	})
	if len(styles) == 0 {
		return nil
	}
	runes := []rune(text)
	edges := []int{0, len(runes)}
	for i := range styles {
		styles[i].To = min(styles[i].To, len(runes))
		edges = append(edges, min(styles[i].From, len(runes)), styles[i].To)
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	var spans []Span
	for i := range len(edges) - 1 {
		spans = append(spans, styledSpans(string(runes[edges[i]:edges[i+1]]), stylesAt(styles, edges[i]))...)
	}
	return Document{{Kind: Paragraph, Spans: spans}}
}

// stylesAt are those that hold at a place, the outer ones first.
func stylesAt(styles []Styled, at int) []Styled {
	var out []Styled
	for _, s := range styles {
		if s.From <= at && at < s.To && !slices.ContainsFunc(out, func(o Styled) bool { return o.Kind == s.Kind }) {
			out = append(out, s)
		}
	}
	slices.SortStableFunc(out, func(a, b Styled) int { return (b.To - b.From) - (a.To - a.From) })
	return out
}

// styledSpans is a stretch of text within its styles, with its line breaks.
func styledSpans(text string, styles []Styled) []Span {
	var out []Span
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			out = append(out, Span{Kind: Break})
		}
		if line == "" {
			continue
		}
		span := Span{Kind: Plain, Text: line}
		if slices.ContainsFunc(styles, func(s Styled) bool { return s.Kind == Mono }) {
			span.Kind = Mono
		}
		for _, s := range slices.Backward(styles) {
			if s.Kind != Mono {
				span = Span{Kind: s.Kind, URL: safeURL(s.URL), Spans: []Span{span}}
			}
		}
		out = append(out, span)
	}
	return out
}

// Formatted is Markdown as people type it in a chat, where a line break is one; nil where nothing in it is formatted.
func Formatted(markdown string) Document {
	if !strings.ContainsAny(markdown, "*_~`[") || strings.Contains(markdown, "```") {
		return nil
	}
	doc := Parse(strings.ReplaceAll(markdown, "\n", "\\\n"))
	styled := false
	doc.walk(func(s Span) { styled = styled || s.Kind != Plain && s.Kind != Break && s.Kind != Image })
	if !styled {
		return nil
	}
	return doc
}
