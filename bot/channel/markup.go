package channel

// Document is a text as a small tree: what every network can show in its own way. It is made by [Parse].
type Document []Block

// BlockKind is the sort of a block.
type BlockKind string

const (
	// Paragraph and Heading hold Spans.
	Paragraph BlockKind = "paragraph"
	Heading   BlockKind = "heading"
	// List holds Items, each a document of its own.
	List BlockKind = "list"
	// Quote holds Blocks.
	Quote BlockKind = "quote"
	// Code holds Text, shown as it is.
	Code BlockKind = "code"
	// Rule is a line across.
	Rule BlockKind = "rule"
)

// Block is one piece of a document, set apart from the next by a line.
type Block struct {
	Kind  BlockKind `json:"kind"`
	Spans []Span    `json:"spans,omitempty"`
	// Text is the content of Code, without a final newline.
	Text string `json:"text,omitempty"`
	// Level is a heading's, 1–6.
	Level int `json:"level,omitempty"`
	// Ordered lists count from Start.
	Ordered bool       `json:"ordered,omitempty"`
	Start   int        `json:"start,omitempty"`
	Items   []Document `json:"items,omitempty"`
	Blocks  Document   `json:"blocks,omitempty"`
}

// SpanKind is the sort of a span.
type SpanKind string

const (
	Plain  SpanKind = "plain"
	Strong SpanKind = "strong"
	Emph   SpanKind = "emphasis"
	Strike SpanKind = "strike"
	Mono   SpanKind = "mono"
	// LinkTo shows Spans and opens URL.
	LinkTo SpanKind = "link"
	// Image stands for the picture at URL; Text is its description.
	Image SpanKind = "image"
	// Break is a line break.
	Break SpanKind = "break"
	// Mention calls exactly one person: Person on Network, by the name in Text. It is shown as a call there and as "@name" elsewhere. Only [Call] makes
	// one: no text of anybody is ever read as one.
	Mention SpanKind = "mention"
)

// Span is a piece of running text. Plain, Mono and Image have Text; Strong, Emph, Strike and LinkTo hold Spans. URL is always http, https,
// mailto or tel: others were dropped by Parse.
type Span struct {
	Kind  SpanKind `json:"kind"`
	Text  string   `json:"text,omitempty"`
	URL   string   `json:"url,omitempty"`
	Spans []Span   `json:"spans,omitempty"`
	// Network and Person are a Mention's.
	Network Network  `json:"network,omitempty"`
	Person  PersonID `json:"person,omitempty"`
}

// Call is a mention of one person on a network, shown by a name.
func Call(network Network, person PersonID, name string) Span {
	return Span{Kind: Mention, Network: network, Person: person, Text: name}
}

// PlainText shows a document without any markup: what a screen reader would say, with lists as lines and link addresses in
// brackets where they differ from the text.
func (d Document) PlainText() string {
	w := &plainWriter{}
	w.document(d, "")
	return w.String()
}

// Images are the pictures of a document in reading order.
func (d Document) Images() []Span {
	var out []Span
	d.walk(func(s Span) {
		if s.Kind == Image {
			out = append(out, s)
		}
	})
	return out
}

func (d Document) walk(visit func(Span)) {
	for _, b := range d {
		walkSpans(b.Spans, visit)
		b.Blocks.walk(visit)
		for _, item := range b.Items {
			item.walk(visit)
		}
	}
}

func walkSpans(spans []Span, visit func(Span)) {
	for _, s := range spans {
		visit(s)
		walkSpans(s.Spans, visit)
	}
}
