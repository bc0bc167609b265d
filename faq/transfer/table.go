package transfer

import (
	"cmp"
	"slices"
	"strings"

	"faqbot/faq"
)

// tableReader turns the rows of a CSV file or a sheet into entries.
type tableReader struct {
	builder *builder
	file    string
	columns []column
	// date reads a cell of a date column where the format has dates of its own; nil where it has none.
	date func(cell string) string
}

// header takes the first row that is not empty.
func (t *tableReader) header(line int, cells []string) error {
	columns, err := t.builder.header(t.file, line, cells)
	t.columns = columns
	return err
}

// row reads an entry; lineOf gives the line of a cell.
func (t *tableReader) row(line int, cells []string, lineOf func(i int) int) {
	if !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" }) {
		return
	}
	values := map[column]node{}
	for i, c := range t.columns {
		if c.field == "" {
			continue
		}
		cell := node{kind: scalar, line: lineOf(i)}
		if i < len(cells) {
			cell.text = lines.Replace(activate(cells[i]))
		}
		whole := column{field: c.field, language: c.language}
		if before, ok := values[whole]; ok {
			cell.text, cell.line = before.text+cell.text, before.line
		}
		values[whole] = cell
	}
	for i, cell := range cells {
		if i >= len(t.columns) && strings.TrimSpace(cell) != "" {
			t.builder.problems.add(Place{File: t.file, Line: lineOf(i)}, "has more cells (%d) than there are columns (%d)", len(cells), len(t.columns))
			return
		}
	}
	n := t.node(values)
	n.line = line
	t.builder.add(n, form{partial: true, origin: Place{File: t.file, Line: line}})
}

// node gives the cells of a row the form that all formats share.
func (t *tableReader) node(values map[column]node) node {
	n, audience, translations := node{kind: table}, node{kind: table}, node{kind: table}
	for _, field := range append(baseColumns, orderColumn) {
		cell, ok := values[column{field: field}]
		if !ok {
			continue
		}
		value := t.value(field, cell)
		switch field {
		case "channels", "staff":
			audience.set(field, value)
		case "audience_languages":
			audience.set("languages", value)
		default:
			n.set(field, value)
		}
	}
	for _, c := range t.columns {
		cell, ok := values[column{field: c.field, language: c.language}]
		if !ok || c.language == "" || c.part > 1 {
			continue
		}
		translations.at(string(c.language)).set(c.field, t.value(c.field, cell))
	}
	if len(audience.pairs) > 0 {
		n.set("audience", audience)
	}
	if len(translations.pairs) > 0 {
		n.set("translations", translations)
	}
	return n
}

func (t *tableReader) value(field string, cell node) node {
	if len(cell.text) > t.builder.options.Limits.Cell {
		return cell // the decoder refuses it
	}
	written := unquoteCell(cell.text)
	out := node{kind: list, line: cell.line}
	switch field {
	case "phrasings":
		out.items = mapLines(written, phrasingNode)
	case "buttons":
		out.items = mapLines(written, buttonNode)
	case "follow_ups", "tags", "channels", "audience_languages", orderColumn:
		for _, v := range splitLines(written, true) {
			out.items = append(out.items, text(v))
		}
	case "valid_from", "valid_until", "checked_on", "review_on":
		if t.date != nil {
			written = t.date(written)
		}
		return node{kind: scalar, text: written, line: cell.line}
	default:
		return node{kind: scalar, text: written, line: cell.line}
	}
	return out
}

func mapLines(cell string, read func(string) node) []node {
	var out []node
	for line := range strings.SplitSeq(cell, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, read(line))
		}
	}
	return out
}

// tableRows is the reverse: the columns that items need, and a row for each. No cell is longer than limit UTF-16 units,
// unless limit is 0; what is longer goes on in further columns.
func tableRows(items []Item, limit int) (header []string, rows [][]string) {
	languages := translationLanguages(items)
	cells := make([]map[column]string, len(items))
	var extra []column
	parts := map[column]int{}
	for i, item := range items {
		cells[i] = map[column]string{}
		flatten(encode(item, languages), func(c column, s string) {
			c.part = 1
			if !slices.Contains(baseColumns, c.field) || c.language != "" {
				if !slices.Contains(extra, c) {
					extra = append(extra, c)
				}
			}
			for n, chunk := range chunks(quoteCell(s), limit) {
				at := c
				at.part = n + 1
				parts[c] = max(parts[c], n+1)
				cells[i][at] = neutralise(chunk)
			}
		})
	}
	order := append(slices.Clone(languages), "")
	slices.SortStableFunc(extra, func(a, b column) int {
		return cmp.Or(slices.Index(order, a.language)-slices.Index(order, b.language),
			slices.Index(translatedColumns, a.field)-slices.Index(translatedColumns, b.field))
	})
	var columns []column
	for _, field := range baseColumns {
		columns = append(columns, spread(column{field: field, part: 1}, parts)...)
	}
	for _, c := range extra {
		columns = append(columns, spread(c, parts)...)
	}
	for _, c := range columns {
		header = append(header, c.String())
	}
	for i := range items {
		row := make([]string, len(columns))
		for j, c := range columns {
			row[j] = cells[i][c]
		}
		rows = append(rows, row)
	}
	return header, rows
}

// translationLanguages are those of the translations, in the order in which they first come.
func translationLanguages(items []Item) []faq.Language {
	out, seen := []faq.Language{}, map[faq.Language]bool{}
	for _, item := range items {
		for _, l := range translated(item.Entry, false) {
			if !seen[l] {
				seen[l] = true
				out = append(out, l)
			}
		}
	}
	return out
}

func spread(c column, parts map[column]int) []column {
	out := []column{c}
	for n := 2; n <= parts[c]; n++ {
		out = append(out, column{field: c.field, language: c.language, part: n})
	}
	return out
}

// chunks cuts a text so that no part is longer than limit in UTF-16.
func chunks(s string, limit int) []string {
	if limit == 0 || len(s) <= limit {
		return []string{s}
	}
	var out []string
	start, units := 0, 0
	for at, r := range s {
		size := 1
		if r > 0xFFFF {
			size = 2
		}
		if units+size > limit {
			out = append(out, s[start:at])
			start, units = at, 0
		}
		units += size
	}
	return append(out, s[start:])
}

// flatten calls set for every cell of an entry.
func flatten(n node, set func(c column, s string)) {
	for _, p := range n.pairs {
		switch p.key {
		case "audience":
			for _, a := range p.value.pairs {
				if a.key == "languages" {
					a.key = "audience_languages"
				}
				set(column{field: a.key}, cellOf(a.key, a.value))
			}
		case "translations":
			for _, l := range p.value.pairs {
				for _, field := range l.value.pairs {
					set(column{field: field.key, language: faq.Language(l.key)}, cellOf(field.key, field.value))
				}
			}
		default:
			set(column{field: p.key}, cellOf(p.key, p.value))
		}
	}
}

func cellOf(field string, n node) string {
	if n.kind != list {
		return n.text
	}
	var out []string
	for _, item := range n.items {
		switch field {
		case "phrasings":
			out = append(out, phrasingLine(item))
		case "buttons":
			out = append(out, buttonLine(item))
		default:
			out = append(out, joinLines([]string{item.text}, true))
		}
	}
	return strings.Join(out, "\n")
}
