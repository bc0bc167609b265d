package transfer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// readJSON reads {"entries": […]} or the list alone; a file of FAQPage markup is read as such.
func (b *builder) readJSON(name string, data []byte, p page) error {
	source, err := decodeText(name, data)
	if err != nil {
		return err
	}
	r := newJSONReader(name, source, 1)
	first, err := r.token()
	if err != nil {
		return err
	}
	switch first {
	case json.Delim('['):
		err = b.jsonEntries(r)
	case json.Delim('{'):
		err = b.jsonTop(r, source, p)
	default:
		return invalid(r.place(), "is neither a table nor a list of entries")
	}
	if err != nil || b.document.Format == Page {
		return err
	}
	if _, err := r.dec.Token(); !errors.Is(err, io.EOF) {
		return invalid(r.place(), "goes on after its end")
	}
	return nil
}

func (b *builder) jsonTop(r *jsonReader, source string, p page) error {
	seen := false
	for r.dec.More() {
		key, err := r.token()
		if err != nil {
			return err
		}
		switch {
		case key == "entries" && !seen:
			seen = true
			if t, err := r.token(); err != nil {
				return err
			} else if t != json.Delim('[') {
				return invalid(r.place(), "“entries” must be a list")
			}
			if err := b.jsonEntries(r); err != nil {
				return err
			}
		case strings.HasPrefix(fmt.Sprint(key), "@") && !seen:
			b.document.Format = Page
			return b.readMarkup(r.file, source, 1, p)
		case key == "entries":
			return invalid(r.place(), "“entries” is given twice")
		default:
			return invalid(r.place(), "key “%s” is unknown; entries stand in a list under “entries”", short(fmt.Sprint(key)))
		}
	}
	_, err := r.token()
	return err
}

// jsonEntries reads up to the list's end, an entry at a time.
func (b *builder) jsonEntries(r *jsonReader) error {
	for number := 1; r.dec.More(); number++ {
		r.nodes = 0
		n, err := r.value(0)
		if err != nil {
			return err
		}
		// Programs write JSON in one line, which says nothing of where to look.
		b.add(n, form{origin: Place{File: r.file, Line: n.line, Field: fmt.Sprintf("entry %d", number)}})
		b.options.Progress(int(r.dec.InputOffset()), len(r.source))
	}
	_, err := r.token()
	return err
}

// jsonReader reads values with their lines, and within bounds that encoding/json itself does not set.
type jsonReader struct {
	dec    *json.Decoder
	file   string
	source string
	first  int // line of the source in its file
	line   int
	offset int
	nodes  int
}

func newJSONReader(file, source string, line int) *jsonReader {
	r := &jsonReader{dec: json.NewDecoder(strings.NewReader(source)), file: file, source: source, first: line, line: line}
	r.dec.UseNumber()
	return r
}

// place is where the last token ended, which is on the line where it began: JSON texts hold no line feeds.
func (r *jsonReader) place() Place {
	if at := min(int(r.dec.InputOffset()), len(r.source)); at > r.offset {
		r.line += strings.Count(r.source[r.offset:at], "\n")
		r.offset = at
	}
	return Place{File: r.file, Line: r.line}
}

func (r *jsonReader) token() (json.Token, error) {
	t, err := r.dec.Token()
	if err == nil {
		return t, nil
	}
	place := r.place()
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return nil, invalid(place, "ends too early")
	case errors.As(err, &syntax):
		at := min(max(int(syntax.Offset), 0), len(r.source))
		place.Line = r.first + strings.Count(r.source[:at], "\n")
	}
	return nil, invalid(place, "is not JSON: %s", short(err.Error()))
}

func (r *jsonReader) value(depth int) (node, error) {
	t, err := r.token()
	if err != nil {
		return node{}, err
	}
	r.nodes++
	n := node{kind: scalar, line: r.place().Line}
	switch {
	case depth > maxDepth:
		return n, invalid(r.place(), "is nested too deep")
	case r.nodes > maxNodes:
		return n, invalid(r.place(), "holds too many values")
	}
	switch t := t.(type) {
	case nil:
		n.kind = absent
	case string:
		n.text = t
	case json.Number:
		n.text = t.String()
	case bool:
		n.text = fmt.Sprint(t)
	case json.Delim:
		if t == '[' {
			n.kind = list
			return n, r.list(&n, depth)
		}
		n.kind = table
		return n, r.table(&n, depth)
	}
	return n, nil
}

func (r *jsonReader) list(n *node, depth int) error {
	for r.dec.More() {
		item, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		n.items = append(n.items, item)
	}
	_, err := r.token()
	return err
}

func (r *jsonReader) table(n *node, depth int) error {
	for r.dec.More() {
		t, err := r.token()
		if err != nil {
			return err
		}
		key, line := fmt.Sprint(t), r.place().Line
		if _, twice := n.find(key); twice {
			return invalid(r.place(), "key “%s” is given twice", short(key))
		}
		if len(n.pairs) == maxKeys {
			return invalid(r.place(), "is a table of more than %d keys", maxKeys)
		}
		value, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		n.pairs = append(n.pairs, pair{key: key, value: value, line: line})
	}
	_, err := r.token()
	return err
}

// writeJSON is the reverse of readJSON, indented as people read it.
func writeJSON(w *bytes.Buffer, items []node) error {
	w.WriteString("{\"entries\": [")
	for i, item := range items {
		if i > 0 {
			w.WriteByte(',')
		}
		w.WriteString("\n  ")
		if err := jsonNode(w, item, "  "); err != nil {
			return err
		}
	}
	w.WriteString("\n]}\n")
	return nil
}

func jsonNode(w *bytes.Buffer, n node, indent string) error {
	switch n.kind {
	case list:
		return jsonList(w, n, indent)
	case table:
		return jsonTable(w, n, indent)
	}
	if n.bare {
		w.WriteString(n.text)
		return nil
	}
	return jsonText(w, n.text)
}

func jsonText(w *bytes.Buffer, s string) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return err
	}
	w.Truncate(w.Len() - 1) // the line feed that Encode adds
	return nil
}

func jsonList(w *bytes.Buffer, n node, indent string) error {
	w.WriteByte('[')
	for i, item := range n.items {
		if i > 0 {
			w.WriteByte(',')
		}
		w.WriteString("\n" + indent + "  ")
		if err := jsonNode(w, item, indent+"  "); err != nil {
			return err
		}
	}
	w.WriteString("\n" + indent + "]")
	return nil
}

func jsonTable(w *bytes.Buffer, n node, indent string) error {
	w.WriteByte('{')
	for i, p := range n.pairs {
		if i > 0 {
			w.WriteByte(',')
		}
		w.WriteString("\n" + indent + "  ")
		if err := jsonText(w, p.key); err != nil {
			return err
		}
		w.WriteString(": ")
		if err := jsonNode(w, p.value, indent+"  "); err != nil {
			return err
		}
	}
	w.WriteString("\n" + indent + "}")
	return nil
}
