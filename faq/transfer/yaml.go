package transfer

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// maxYAMLMarks bounds what the parser, which keeps every token in memory at some 200 bytes  is given at once.
const maxYAMLMarks = 1 << 20

// readYAML reads `entries:` with a list below it, or a list alone. An ordinary file is parsed entry by entry, so its
// size costs no memory and its last entry no more time than its first.
func (b *builder) readYAML(name string, data []byte) error {
	source, err := decodeText(name, data)
	if err != nil {
		return err
	}
	chunks := yamlChunks(lines.Replace(source))
	for i, c := range chunks {
		n, err := parseYAML(name, c.text, c.line)
		if err != nil {
			b.asProblem(Place{File: name, Line: c.line}, err)
			continue
		}
		b.yamlChunk(name, n, c.item)
		b.options.Progress(i+1, len(chunks))
	}
	return nil
}

// lines makes every line end in a line feed, as YAML itself takes them.
var lines = strings.NewReplacer("\r\n", "\n", "\r", "\n")

type yamlChunk struct {
	text string
	line int
	item bool // a list with one entry
}

// yamlChunks cuts a file before each item of its outermost list; what is written in any other way is one chunk. In a
// block list nothing that belongs to an item stands as far left as its dash.
func yamlChunks(source string) []yamlChunk {
	whole := []yamlChunk{{text: source, line: 1}}
	var chunks []yamlChunk
	indent, start, startLine, line := "", 0, 0, 0
	end := func(at int) {
		if startLine > 0 {
			chunks = append(chunks, yamlChunk{text: source[start:at], line: startLine, item: true})
		}
	}
	begun := false
	for at := 0; at < len(source); {
		line++
		text, _, _ := strings.Cut(source[at:], "\n")
		dash, item := itemIndent(text)
		switch {
		case isBlank(text), text == "---" && startLine == 0 && !begun:
		case startLine == 0 && !begun && isEntriesKey(text):
			begun = true
		case item && (startLine == 0 || dash == indent):
			end(at)
			indent, start, startLine = dash, at, line
		case startLine == 0 || !strings.HasPrefix(text, indent+" "):
			return whole
		}
		at += len(text) + 1
	}
	end(len(source))
	if chunks == nil {
		return whole
	}
	return chunks
}

// itemIndent is what stands before the dash of a list item.
func itemIndent(line string) (indent string, ok bool) {
	rest := strings.TrimLeft(line, " ")
	ok = rest == "-" || strings.HasPrefix(rest, "- ") || strings.HasPrefix(rest, "-\t")
	return line[:len(line)-len(rest)], ok
}

func isBlank(line string) bool {
	rest := strings.TrimLeft(line, " \t")
	return rest == "" || rest[0] == '#'
}

func isEntriesKey(line string) bool {
	rest, ok := strings.CutPrefix(line, "entries")
	rest, colon := strings.CutPrefix(strings.TrimLeft(rest, " \t"), ":")
	return ok && colon && isBlank(rest)
}

// yamlChunk reads one list item, or a file that was not cut.
func (b *builder) yamlChunk(name string, n node, item bool) {
	origin := Place{File: name, Line: n.line}
	if !item && n.kind == table {
		for _, p := range n.pairs {
			if p.key != "entries" {
				b.problems.add(Place{File: name, Line: p.line}, "key “%s” is unknown; entries stand in a list under “entries”", short(p.key))
			}
		}
		n, _ = n.find("entries")
	}
	switch n.kind {
	case list:
		for _, entry := range n.items {
			b.add(entry, form{origin: Place{File: name, Line: entry.line}})
		}
	case absent:
	default:
		b.problems.add(origin, "is %s; entries are a list", n.kind)
	}
}

// parseYAML parses one document whose first line is the given one of its file. Anchors, tags and nesting beyond need are
// refused before the parser sees them, for it takes quadratic time over some of them.
func parseYAML(name, source string, line int) (n node, err error) {
	defer func() {
		if r := recover(); r != nil { // the parser's own faults are a bad file to us
			err = invalid(Place{File: name, Line: line}, "cannot be read as YAML")
		}
	}()
	at := func(p *token.Position) Place {
		place := Place{File: name, Line: line}
		if p != nil {
			place.Line += p.Line - 1
		}
		return place
	}
	if marks(source) > maxYAMLMarks {
		return node{}, invalid(at(nil), "holds too much for one entry")
	}
	tokens := lexer.Tokenize(source)
	if t, problem := badToken(tokens); t != nil {
		return node{}, invalid(at(t.Position), "%s", problem)
	}
	file, err := parser.Parse(tokens, 0)
	if err != nil {
		return node{}, yamlError(err, at)
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return node{}, nil
	}
	c := yamlConverter{at: at}
	n = c.node(file.Docs[0].Body)
	return n, c.problems.fault()
}

// marks counts the bytes that can begin a token.
func marks(s string) int {
	n := 0
	for i := range len(s) {
		switch s[i] {
		case '\n', ',', '[', ']', '{', '}', ':', '-', '?', '&', '*', '!', '#', '\'', '"', '|', '>', '%', '@', '`':
			n++
		}
	}
	return n
}

func yamlError(err error, at func(*token.Position) Place) error {
	var syntax interface {
		GetToken() *token.Token
		GetMessage() string
	}
	if errors.As(err, &syntax) && syntax.GetToken() != nil {
		return invalid(at(syntax.GetToken().Position), "is not YAML: %s", short(syntax.GetMessage()))
	}
	message, _, _ := strings.Cut(err.Error(), "\n")
	return invalid(at(nil), "is not YAML: %s", short(message))
}

// badToken finds the first token that is refused, by the kind of token and by how deep and wide values are nested. A
// block's depth is how many columns to the left of it are still open.
func badToken(tokens token.Tokens) (*token.Token, string) {
	flow, keys := 0, map[int]int{}
	var columns []int
	for i, t := range tokens {
		switch t.Type {
		case token.AnchorType, token.AliasType, token.MergeKeyType:
			return t, "uses an anchor or alias (&, *, <<), which is not read; write the value out, or put quotes around a text"
		case token.TagType:
			return t, "uses a tag (!), which is not read; put quotes around a text"
		case token.DirectiveType, token.MappingKeyType:
			return t, fmt.Sprintf("begins with “%s”, which is not read; put quotes around a text", short(t.Value))
		case token.DocumentHeaderType, token.DocumentEndType:
			if i > 0 {
				return t, "begins a second document"
			}
		case token.InvalidType:
			return t, "is not YAML: " + short(firstOf(t.Error, "a character that cannot stand here"))
		case token.SequenceStartType, token.MappingStartType:
			flow++
			keys[-flow] = 0
		case token.SequenceEndType, token.MappingEndType:
			flow--
		case token.SequenceEntryType, token.MappingValueType:
			depth := -flow
			if flow <= 0 {
				column := keyColumn(tokens, i)
				for len(columns) > 0 && columns[len(columns)-1] > column {
					keys[columns[len(columns)-1]] = 0
					columns = columns[:len(columns)-1]
				}
				if len(columns) == 0 || columns[len(columns)-1] < column {
					columns = append(columns, column)
				}
				depth = column
			}
			if t.Type == token.MappingValueType {
				keys[depth]++
			}
			if keys[depth] > maxKeys {
				return t, fmt.Sprintf("is a table of more than %d keys", maxKeys)
			}
		}
		if flow+len(columns) > maxDepth {
			return t, "is nested too deep"
		}
	}
	return nil, ""
}

// keyColumn is the column at which a list item or a table begins.
func keyColumn(tokens token.Tokens, i int) int {
	if tokens[i].Type == token.MappingValueType && i > 0 {
		return tokens[i-1].Position.Column
	}
	return tokens[i].Position.Column
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// yamlConverter turns a syntax tree into a node.
type yamlConverter struct {
	at       func(*token.Position) Place
	problems Problems
}

func (c *yamlConverter) node(n ast.Node) node {
	if n == nil || n.GetToken() == nil {
		return node{}
	}
	line := c.at(n.GetToken().Position).Line
	switch n := n.(type) {
	case *ast.NullNode:
		return node{line: line}
	case *ast.StringNode:
		return node{kind: scalar, text: n.Value, line: line}
	case *ast.LiteralNode:
		return node{kind: scalar, text: n.Value.Value, line: line}
	case *ast.SequenceNode:
		out := node{kind: list, line: line}
		for _, v := range n.Values {
			out.items = append(out.items, c.node(v))
		}
		if len(out.items) > 0 && out.items[0].line > 0 {
			out.line = out.items[0].line
		}
		return out
	case *ast.MappingNode:
		return c.table(line, n.Values)
	case *ast.MappingValueNode:
		return c.table(line, []*ast.MappingValueNode{n})
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return node{kind: scalar, text: n.GetToken().Value, line: line}
	}
	c.problems.add(c.at(n.GetToken().Position), "holds a %s, which is not read", n.Type())
	return node{line: line}
}

func (c *yamlConverter) table(line int, values []*ast.MappingValueNode) node {
	out := node{kind: table, line: line}
	for i, v := range values {
		at := c.at(v.Key.GetToken().Position)
		if i == 0 {
			out.line = at.Line
		}
		key := v.Key.GetToken().Value
		if _, twice := out.find(key); twice {
			c.problems.add(at, "key “%s” is given twice", short(key))
			continue
		}
		out.pairs = append(out.pairs, pair{key: key, value: c.node(v.Value), line: at.Line})
	}
	return out
}

// writeYAML is the reverse of readYAML.
func writeYAML(w *bytes.Buffer, items []node) {
	if len(items) == 0 {
		w.WriteString("entries: []\n")
		return
	}
	w.WriteString("entries:\n")
	for i, item := range items {
		if i > 0 {
			w.WriteByte('\n')
		}
		e := emitter{w: w}
		e.item(item, 2)
	}
}
