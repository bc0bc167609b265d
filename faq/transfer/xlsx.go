package transfer

import (
	"archive/zip"
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"faqbot/faq"
)

// sheetCell is what fits into a cell of Excel, in UTF-16 units, with some to spare for an apostrophe.
const sheetCell = excelize.TotalCellChars - 7

// readXLSX reads the first sheet whose first row names a question.
func (b *builder) readXLSX(name string, data []byte) (err error) {
	defer func() {
		if r := recover(); r != nil { // excelize's own faults are a bad file to us
			err = invalid(Place{File: name}, "cannot be read as a spreadsheet")
		}
	}()
	if err := checkZip(name, data); err != nil {
		return err
	}
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: maxExpansion, UnzipXMLSizeLimit: maxExpansion})
	if err != nil {
		return invalid(Place{File: name}, "cannot be read as a spreadsheet: %s", short(err.Error()))
	}
	defer f.Close()
	var first error
	for _, sheet := range f.GetSheetList() {
		notes := len(b.document.Notes)
		found, err := b.sheet(f, name, sheet)
		if found || err != nil && first == nil {
			first = err
		}
		if found {
			return err
		}
		b.document.Notes = b.document.Notes[:notes]
	}
	if first == nil {
		first = invalid(Place{File: name}, "is empty; the first row must name the columns, such as id, question, answer")
	}
	return first
}

// checkZip refuses what would unpack to more than a spreadsheet of this size of ours ever does. The sizes in the
// directory can be trusted no further than to this check; archive/zip holds each part to the size that is named there.
func checkZip(name string, data []byte) error {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return invalid(Place{File: name}, "is not an XLSX file: %s", short(err.Error()))
	}
	total := uint64(0)
	for _, f := range r.File {
		total += f.UncompressedSize64
		if f.UncompressedSize64 > maxExpansion || total > maxExpansion || len(r.File) > 10_000 {
			return invalid(Place{File: name}, "unpacks to more than %d MiB", maxExpansion>>20)
		}
	}
	return nil
}

// sheet reads one sheet. found says that it is a table of entries.
func (b *builder) sheet(f *excelize.File, name, sheet string) (found bool, err error) {
	shown, err := f.Rows(sheet)
	if err != nil {
		return false, invalid(Place{File: name, Field: sheet}, "cannot be read: %s", short(err.Error()))
	}
	defer shown.Close()
	raw, err := f.Rows(sheet)
	if err != nil {
		return false, invalid(Place{File: name, Field: sheet}, "cannot be read: %s", short(err.Error()))
	}
	defer raw.Close()
	t := &tableReader{builder: b, file: name, date: b.sheetDate(f)}
	held := 0
	for line := 1; shown.Next() && raw.Next(); line++ {
		cells, err := t.sheetRow(shown, raw)
		if err != nil {
			return found, invalid(Place{File: name, Line: line, Field: sheet}, "cannot be read: %s", short(err.Error()))
		}
		for _, c := range cells {
			held += len(c)
		}
		switch {
		case len(cells) > maxColumns:
			return found, invalid(Place{File: name, Line: line, Field: sheet}, "has %d cells; at most %d are read", len(cells), maxColumns)
		case held > maxExpansion:
			return found, invalid(Place{File: name, Line: line, Field: sheet}, "holds more than %d MiB of text", maxExpansion>>20)
		case t.columns != nil:
			t.row(line, cells, func(int) int { return line })
			b.options.Progress(line, line)
		case strings.TrimSpace(strings.Join(cells, "")) != "":
			if err := t.header(line, cells); err != nil {
				return false, err
			}
			found = true
		}
	}
	return found, shown.Error()
}

// sheetRow is a row as it is shown, but for columns of dates: of those the number that stands for the day, which is not at
// the mercy of the cell's style.
func (t *tableReader) sheetRow(shown, raw *excelize.Rows) ([]string, error) {
	cells, err := shown.Columns()
	if err != nil {
		return nil, err
	}
	values, err := raw.Columns(excelize.Options{RawCellValue: true})
	if err != nil {
		return nil, err
	}
	for i, c := range t.columns {
		if i < len(cells) && i < len(values) && (strings.HasPrefix(c.field, "valid_") || strings.HasSuffix(c.field, "_on")) {
			cells[i] = values[i]
		}
	}
	return cells, nil
}

// sheetDate turns the number of a day into the day.
func (b *builder) sheetDate(f *excelize.File) func(string) string {
	old := false
	if props, err := f.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		old = *props.Date1904
	}
	return func(cell string) string {
		serial, err := strconv.ParseFloat(strings.TrimSpace(cell), 64)
		if err != nil || math.IsNaN(serial) || serial < 1 || serial > 2958465 { // the last day of the year 9999
			return cell
		}
		t, err := excelize.ExcelDateToTime(serial, old)
		if err != nil {
			return cell
		}
		return string(faq.DateOf(t))
	}
}

// writeXLSX is the reverse of readXLSX: one sheet, every cell a text, the first row fixed.
func writeXLSX(w *bytes.Buffer, items []Item) error {
	f := excelize.NewFile()
	defer f.Close()
	const sheet = "Entries"
	if err := f.SetSheetName(f.GetSheetName(0), sheet); err != nil {
		return err
	}
	header, rows := tableRows(items, sheetCell)
	s, err := f.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	if err := s.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	for i, row := range append([][]string{header}, rows...) {
		values := make([]any, len(row))
		for j, cell := range row {
			if cell != "" {
				values[j] = cell
			}
		}
		if err := s.SetRow(fmt.Sprintf("A%d", i+1), values); err != nil {
			return err
		}
	}
	if err := s.Flush(); err != nil {
		return err
	}
	_, err = f.WriteTo(w)
	return err
}
