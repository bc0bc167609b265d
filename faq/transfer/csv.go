package transfer

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
)

// readCSV reads a table parted by commas, semicolons, tabs or bars, whichever its header has most of.
func (b *builder) readCSV(name string, data []byte) error {
	source, guessed, err := decodeTable(name, data)
	if err != nil {
		return err
	}
	if guessed != "" {
		b.note(Place{File: name}, "is no UTF-8; read as %s", guessed)
	}
	source, comma, offset := separator(source)
	r := csv.NewReader(strings.NewReader(source))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = comma, -1, true
	t := &tableReader{builder: b, file: name}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return csvError(name, offset, err)
		}
		lineOf := func(i int) int {
			line, _ := r.FieldPos(min(i, len(cells)-1))
			return line + offset
		}
		if t.columns != nil {
			t.row(lineOf(0), cells, lineOf)
		} else if err := t.header(lineOf(0), cells); err != nil {
			return err
		}
		b.options.Progress(int(r.InputOffset()), len(source))
	}
	if t.columns == nil {
		return invalid(Place{File: name}, "is empty; the first row must name the columns, such as id, question, answer")
	}
	return nil
}

func csvError(name string, offset int, err error) error {
	var parse *csv.ParseError
	if !errors.As(err, &parse) {
		return invalid(Place{File: name}, "is not CSV: %s", err)
	}
	place := Place{File: name, Line: parse.Line + offset}
	switch {
	case parse.StartLine != parse.Line:
		return invalid(place, "has a quote that does not fit; the row begins at line %d. Quotes within a cell are written twice", parse.StartLine+offset)
	case errors.Is(parse.Err, csv.ErrBareQuote), errors.Is(parse.Err, csv.ErrQuote):
		return invalid(place, "has a quote that does not fit; quotes within a cell are written twice, and the cell stands in quotes")
	}
	return invalid(place, "is not CSV: %s", parse.Err)
}

// separator finds what parts the cells; Excel's own `sep=;` line is taken at its word. It returns what is left to read, and
// how many lines were taken off.
func separator(source string) (rest string, comma rune, offset int) {
	first, rest, _ := strings.Cut(source, "\n")
	if mark, ok := strings.CutPrefix(strings.TrimSuffix(first, "\r"), "sep="); ok && len(mark) == 1 && strings.Contains(",;\t|", mark) {
		return rest, rune(mark[0]), 1
	}
	comma, most := ',', 0
	for _, c := range ",;\t|" {
		if n := countUnquoted(source, c); n > most {
			comma, most = c, n
		}
	}
	return source, comma, 0
}

// countUnquoted counts a character in the first row that is not empty, outside of quotes.
func countUnquoted(source string, c rune) int {
	n, quoted, seen := 0, false, false
	for _, r := range source {
		switch {
		case r == '"':
			quoted = !quoted
		case r == '\n' && !quoted && seen:
			return n
		case r == c && !quoted:
			n++
		}
		seen = seen || r != '\n' && r != '\r'
	}
	return n
}

// writeCSV is the reverse of readCSV: commas, UTF-8 with the mark that Excel needs to see that it is.
func writeCSV(w *bytes.Buffer, items []Item) error {
	w.WriteString("\uFEFF")
	header, rows := tableRows(items, 0)
	c := csv.NewWriter(w)
	if err := c.Write(header); err != nil {
		return err
	}
	if err := c.WriteAll(rows); err != nil {
		return err
	}
	return c.Error()
}
