package channel

import (
	"strings"
	"unicode"
)

// Split cuts a document into pieces that each fit a limit, in order and without losing text: between blocks where it can, then between
// list items, lines, sentences, words, and last between characters. An empty document gives no pieces.
func Split(d Document, limit int, m Measure) []Document {
	s := &splitter{limit: max(limit, 32), measure: m}
	return s.split(d)
}

func (s *splitter) split(d Document) []Document {
	if len(d) == 0 {
		return nil
	}
	if s.fits(d) {
		return []Document{d}
	}
	for i := range d {
		for _, b := range s.fit(d[i]) {
			s.pack(b)
		}
	}
	s.flush()
	return s.out
}

type splitter struct {
	limit   int
	measure Measure
	depth   int // frames (quotes, list items) around what is being split
	current Document
	out     []Document
}

func (s *splitter) fits(d Document) bool { return d.Length(s.measure) <= s.limit }

// pack adds a block to the current piece or begins a new one. A heading is not left behind at the end of a piece.
func (s *splitter) pack(b Block) {
	joined := join(s.current, b)
	if s.fits(joined) {
		s.current = joined
		return
	}
	var heading Document
	if last := len(s.current) - 1; last > 0 && s.current[last].Kind == Heading {
		heading = Document{s.current[last]}
		s.current = s.current[:last]
	}
	s.flush()
	s.current = join(heading, b)
	if !s.fits(s.current) {
		s.current = heading
		s.flush()
		s.current = Document{b}
	}
}

func (s *splitter) flush() {
	if len(s.current) > 0 {
		s.out = append(s.out, s.current)
	}
	s.current = nil
}

// join appends a block; an item that was cut off its list is put back into it.
func join(d Document, b Block) Document {
	last := len(d) - 1
	if b.Kind == List && last >= 0 && d[last].Kind == List && d[last].Ordered == b.Ordered &&
		(!b.Ordered || d[last].Start+len(d[last].Items) == b.Start) {
		merged := d[last]
		merged.Items = append(merged.Items[:len(merged.Items):len(merged.Items)], b.Items...)
		return append(d[:last:last], merged)
	}
	return append(d[:len(d):len(d)], b)
}

// fit cuts one block into blocks that each fit.
func (s *splitter) fit(b Block) Document {
	if s.fits(Document{b}) {
		return Document{b}
	}
	switch b.Kind {
	case List:
		return s.fitList(b)
	case Quote:
		return s.within(b.Blocks, func(piece Document) Block { return Block{Kind: Quote, Blocks: piece} })
	case Code:
		return s.fitCode(b)
	case Rule:
		return Document{b}
	}
	return s.fitSpans(b)
}

func (s *splitter) fitList(b Block) Document {
	var out Document
	for i, item := range b.Items {
		one := Block{Kind: List, Ordered: b.Ordered, Start: b.Start + i, Items: []Document{item}}
		if s.fits(Document{one}) {
			out = append(out, one)
			continue
		}
		out = append(out, s.within(item, func(piece Document) Block {
			one.Items = []Document{piece}
			return one
		})...)
	}
	return out
}

// maxFrames bounds the frames that are kept when their content is cut: each costs several tries, so deep nesting would cost
// exponential time.
const maxFrames = 2

// within cuts the content of a quote or a list item so that each piece fits with its frame around it. Where nesting is deep or leaves
// too little room for that, the content is taken out of its frame.
func (s *splitter) within(content Document, frame func(Document) Block) Document {
	for limit := s.limit * 3 / 4; limit >= 32 && s.depth < maxFrames; limit = limit * 3 / 4 {
		var out Document
		inner := &splitter{limit: limit, measure: s.measure, depth: s.depth + 1}
		for _, piece := range inner.split(content) {
			b := frame(piece)
			if !s.fits(Document{b}) {
				out = nil
				break
			}
			out = append(out, b)
		}
		if out != nil {
			return out
		}
	}
	var out Document
	for _, b := range content {
		out = append(out, s.fit(b)...)
	}
	return out
}

func (s *splitter) fitCode(b Block) Document {
	var out Document
	rest := []rune(b.Text)
	for len(rest) > 0 {
		n := s.largest(len(rest), func(n int) Document { return Document{{Kind: Code, Text: string(rest[:n])}} })
		if n < len(rest) {
			if line := strings.LastIndex(string(rest[:n]), "\n"); line > 0 {
				n = len([]rune(string(rest[:n])[:line])) + 1
			}
		}
		out = append(out, Block{Kind: Code, Text: strings.TrimSuffix(string(rest[:n]), "\n")})
		rest = rest[n:]
	}
	return out
}

func (s *splitter) fitSpans(b Block) Document {
	var out Document
	rest := s.tame(b.Spans)
	for {
		rest = trimSpans(rest)
		size := spanRunes(rest)
		if size == 0 {
			return out
		}
		n := s.largest(size, func(n int) Document {
			head, _ := cutSpans(rest, n)
			return Document{{Kind: b.Kind, Level: b.Level, Spans: head}}
		})
		if n < size {
			n = goodCut(spanText(rest), n)
		}
		head, tail := cutSpans(rest, n)
		out = append(out, Block{Kind: b.Kind, Level: b.Level, Spans: trimSpans(head)})
		rest = tail
	}
}

// tame shows a link as text where its address alone would fill most of a message.
func (s *splitter) tame(spans []Span) []Span {
	var out []Span
	for _, span := range spans {
		if len(span.Spans) > 0 {
			span.Spans = s.tame(span.Spans)
		}
		switch {
		case span.Kind == LinkTo && s.fills(Span{Kind: LinkTo, URL: span.URL, Spans: []Span{{Kind: Plain, Text: "x"}}}):
			out = append(out, span.Spans...)
		case span.Kind == Image && s.fills(Span{Kind: Image, URL: span.URL}):
			out = append(out, Span{Kind: Plain, Text: span.Text})
		case span.Kind == Mention && s.fills(span):
			out = append(out, Span{Kind: Plain, Text: "@" + span.Text})
		default:
			out = append(out, span)
		}
	}
	return out
}

// fills reports whether a span leaves hardly any room for what stands in it: styles and a letter.
func (s *splitter) fills(span Span) bool {
	return Document{{Kind: Paragraph, Spans: []Span{span}}}.Length(s.measure) > s.limit*2/3
}

// largest is the greatest n in 1..total whose document fits; 1 where none does, so that there is always progress.
func (s *splitter) largest(total int, piece func(n int) Document) int {
	low, high := 1, total
	for low < high {
		mid := (low + high + 1) / 2
		if s.fits(piece(mid)) {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return low
}

// goodCut moves a cut at most half way back: to a line, a sentence, a word, and never into a character made of several code points.
func goodCut(text []rune, n int) int {
	for _, ends := range []func(i int) bool{
		func(i int) bool { return text[i-1] == '\n' },
		func(i int) bool {
			return i > 1 && text[i-1] == ' ' && strings.ContainsRune(".!?…。؟।", text[i-2])
		},
		func(i int) bool { return unicode.IsSpace(text[i-1]) },
		func(i int) bool { return !joinsBefore(text, i) },
	} {
		for i := n; i > n/2 && i > 0; i-- {
			if ends(i) {
				return i
			}
		}
	}
	return n
}

func joinsBefore(text []rune, i int) bool {
	const zeroWidthJoiner = 0x200D
	if i >= len(text) {
		return false
	}
	r := text[i]
	return unicode.IsMark(r) || r == zeroWidthJoiner || text[i-1] == zeroWidthJoiner ||
		r >= 0x1F3FB && r <= 0x1F3FF || r >= 0x1F1E6 && r <= 0x1F1FF
}

// spanText lists the runes by which spans can be cut; an image and a mention count as one, a break as a newline.
func spanText(spans []Span) []rune {
	var out []rune
	for _, s := range spans {
		switch {
		case s.Kind == Break:
			out = append(out, '\n')
		case s.Kind == Image, s.Kind == Mention:
			out = append(out, '\uFFFC')
		case len(s.Spans) > 0:
			out = append(out, spanText(s.Spans)...)
		default:
			out = append(out, []rune(s.Text)...)
		}
	}
	return out
}

func spanRunes(spans []Span) int { return len(spanText(spans)) }

// cutSpans cuts after n of the runes of spanText, keeping styles and links on both sides.
func cutSpans(spans []Span, n int) (head, tail []Span) {
	for i, s := range spans {
		size := spanRunes([]Span{s})
		if size <= n {
			n -= size
			continue
		}
		if n == 0 {
			return spans[:i:i], spans[i:]
		}
		left, right := s, s
		if len(s.Spans) > 0 {
			left.Spans, right.Spans = cutSpans(s.Spans, n)
		} else {
			text := []rune(s.Text)
			left.Text, right.Text = string(text[:n]), string(text[n:])
		}
		return append(spans[:i:i], left), append([]Span{right}, spans[i+1:]...)
	}
	return spans, nil
}
