package insight

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Format is a form in which a report is written.
type Format string

const (
	// Table is for a terminal, Markdown for a chat or a page. Both have what people read.
	Table    Format = "table"
	Markdown Format = "markdown"
	// JSON and CSV have all columns, for programs. CSV is one table: the first column names the section, the others are those of all sections.
	JSON Format = "json"
	CSV  Format = "csv"
)

// Write renders the report.
func (r Report) Write(w io.Writer, format Format) error {
	var b bytes.Buffer
	var err error
	switch format {
	case Table:
		r.table(&b)
	case Markdown:
		r.markdown(&b)
	case JSON:
		err = r.json(&b)
	case CSV:
		err = r.csv(&b)
	default:
		err = fmt.Errorf("render a report: unknown format %q", format)
	}
	if err != nil {
		return err
	}
	_, err = w.Write(b.Bytes())
	return err
}

// heading is what the report is on.
func (r Report) heading() string {
	return fmt.Sprintf("%v (%v); before: %v", r.Period, r.Period.From.Location(), r.Period.Before())
}

// shown are the columns that people see.
func (s Section) shown() []Column {
	return slices.DeleteFunc(slices.Clone(s.Columns), func(c Column) bool { return c.Hidden })
}

// cells are the texts of a section, the titles first.
func (s Section) cells() [][]string {
	columns := s.shown()
	rows := [][]string{make([]string, len(columns))}
	for i, c := range columns {
		rows[0][i] = c.Title
	}
	for _, row := range s.Rows {
		line := make([]string, len(columns))
		for i, c := range columns {
			line[i] = "–"
			if v := row[c.Key]; v != nil {
				line[i] = v.String()
			}
		}
		rows = append(rows, line)
	}
	return rows
}

// none is what stands in the place of a table without rows.
const none = "none"

func (r Report) table(b *bytes.Buffer) {
	fmt.Fprintf(b, "%s\n", r.heading())
	for _, s := range r.Sections {
		fmt.Fprintf(b, "\n%s\n\n", strings.ToUpper(s.Title))
		if len(s.Rows) == 0 {
			fmt.Fprintln(b, none)
		} else {
			aligned(b, s.cells())
		}
		for _, n := range s.Notes {
			fmt.Fprintf(b, "\n%s\n", n)
		}
	}
}

// aligned writes cells below each other. Characters are counted, which is near enough to how wide they are.
func aligned(b *bytes.Buffer, rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(cell + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+2))
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}

func (r Report) markdown(b *bytes.Buffer) {
	fmt.Fprintf(b, "# %s\n", marked(r.heading()))
	for _, s := range r.Sections {
		fmt.Fprintf(b, "\n## %s\n\n", marked(s.Title))
		if len(s.Rows) == 0 {
			fmt.Fprintln(b, none)
		}
		for i, row := range s.cells() {
			if len(s.Rows) == 0 {
				break
			}
			for j := range row {
				row[j] = marked(row[j])
			}
			fmt.Fprintf(b, "| %s |\n", strings.Join(row, " | "))
			if i == 0 {
				fmt.Fprintf(b, "|%s\n", strings.Repeat(" --- |", len(row)))
			}
		}
		for _, n := range s.Notes {
			fmt.Fprintf(b, "\n%s\n", marked(n))
		}
	}
}

// marked is a text that Markdown shows as it is: what customers wrote makes no markup.
func marked(text string) string {
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune("\\`*_[]<>#|~!&", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// days are a period as programs read it: the first and the last day.
type days struct {
	From string `json:"from"`
	To   string `json:"to"`
}

func (p Period) days() days {
	return days{p.From.Format(time.DateOnly), beginningOf(p.To, -1).Format(time.DateOnly)}
}

func (r Report) json(b *bytes.Buffer) error {
	type section struct {
		Key   string           `json:"key"`
		Title string           `json:"title"`
		Notes []string         `json:"notes,omitempty"`
		Rows  []map[string]any `json:"rows"`
	}
	out := struct {
		days
		Before   days      `json:"before"`
		TimeZone string    `json:"time_zone"`
		At       time.Time `json:"at"`
		Sections []section `json:"sections"`
	}{r.Period.days(), r.Period.Before().days(), r.Period.From.Location().String(), r.At, []section{}}
	for _, s := range r.Sections {
		rows := make([]map[string]any, len(s.Rows))
		for i, row := range s.Rows {
			rows[i] = map[string]any{}
			for _, c := range s.Columns {
				rows[i][c.Key] = bare(row[c.Key])
			}
		}
		out.Sections = append(out.Sections, section{s.Key, s.Title, s.Notes, rows})
	}
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(out)
}

// bare is nil for no value.
func bare(v Value) any {
	if v == nil {
		return nil
	}
	return v.Plain()
}

func (r Report) csv(b *bytes.Buffer) error {
	header := []string{"section"}
	for _, s := range r.Sections {
		for _, c := range s.Columns {
			if !slices.Contains(header, c.Key) {
				header = append(header, c.Key)
			}
		}
	}
	w := csv.NewWriter(b)
	rows := [][]string{header}
	for _, s := range r.Sections {
		for _, row := range s.Rows {
			line := []string{s.Key}
			for _, key := range header[1:] {
				line = append(line, csvCell(row[key]))
			}
			rows = append(rows, line)
		}
	}
	return w.WriteAll(rows)
}

// csvCell keeps what customers wrote from being a formula where a spreadsheet opens the file.
func csvCell(v Value) string {
	text, ok := v.(Words)
	switch {
	case v == nil:
		return ""
	case !ok:
		return fmt.Sprint(v.Plain())
	case text != "" && strings.ContainsRune("=+-@\t\r\n", rune(text[0])):
		return "'" + string(text)
	}
	return string(text)
}
