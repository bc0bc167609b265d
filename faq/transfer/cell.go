package transfer

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"faqbot/faq"
)

// A cell is a text as an editor sees it in a spreadsheet, with two escapes. A leading apostrophe keeps what begins like a
// formula from becoming one (OWASP, "CSV Injection"; the wide forms are those of East Asian keyboards). And a text that a
// spreadsheet would alter (a carriage return, characters that XML has no room for, _x000D_ and its like, by which Excel
// writes them) stands as json:"…".

const formulaStarts = "=+-@\t\r\n＝＋－＠"

const quotedCell = `json:"`

var excelEscape = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

func escapeCell(s string) string { return neutralise(quoteCell(s)) }

func unescapeCell(s string) string { return unquoteCell(activate(s)) }

// neutralise puts an apostrophe before what begins like a formula, however many apostrophes it has already.
func neutralise(s string) string {
	if startsFormula(s) {
		return "'" + s
	}
	return s
}

// activate takes one apostrophe off again.
func activate(s string) string {
	if strings.HasPrefix(s, "'") && startsFormula(s) {
		return s[1:]
	}
	return s
}

func startsFormula(s string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, "'"))
	return s != "" && r != utf8.RuneError && strings.ContainsRune(formulaStarts, r)
}

func quoteCell(s string) string {
	if strings.ContainsAny(s, "\r\uFFFE\uFFFF") || strings.HasPrefix(s, quotedCell) || excelEscape.MatchString(s) {
		return "json:" + asJSON(s)
	}
	return s
}

func unquoteCell(s string) string {
	var out string
	if strings.HasPrefix(s, quotedCell) && json.Unmarshal([]byte(strings.TrimPrefix(s, "json:")), &out) == nil {
		return out
	}
	return s
}

// asJSON is a JSON string or list on one line, of characters that every file format carries.
func asJSON(v any) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Sprintf("%q", v)
	}
	s := strings.NewReplacer("\uFFFE", `\ufffe`, "\uFFFF", `\uffff`).Replace(strings.TrimSuffix(b.String(), "\n"))
	return excelEscape.ReplaceAllStringFunc(s, func(m string) string { return `\u005f` + m[1:] })
}

// A cell of several values holds one a line. A value that its plain line would not give back is a JSON string.

// splitLines cuts a cell into values. Where commas are set, they part values too, as people write tags.
func splitLines(cell string, commas bool) []string {
	var out []string
	for line := range strings.SplitSeq(lines.Replace(cell), "\n") {
		line = strings.TrimSpace(line)
		var quoted string
		switch {
		case line == "":
		case line[0] == '"' && json.Unmarshal([]byte(line), &quoted) == nil:
			out = append(out, quoted)
		case commas:
			for part := range strings.FieldsFuncSeq(line, func(r rune) bool { return strings.ContainsRune(",;，、", r) }) {
				if part = strings.TrimSpace(part); part != "" {
					out = append(out, part)
				}
			}
		default:
			out = append(out, line)
		}
	}
	return out
}

func joinLines(values []string, commas bool) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = v
		if !slices.Equal(splitLines(v, commas), []string{v}) {
			out[i] = asJSON(v)
		}
	}
	return strings.Join(out, "\n")
}

var taggedLine = regexp.MustCompile(`^\[([A-Za-z0-9-]{2,100})\] +(.+)$`)

// phrasingNode reads a line of a cell of phrasings; "[es] text" is in Spanish, wherever it stands.
func phrasingNode(line string) node {
	line = strings.TrimSpace(line)
	if m := taggedLine.FindStringSubmatch(line); m != nil {
		if l, err := faq.ParseLanguage(m[1]); err == nil && string(l) == m[1] {
			var n node
			n.set("text", text(splitLines(m[2], false)[0]))
			n.set("language", text(m[1]))
			return n
		}
	}
	if values := splitLines(line, false); len(values) == 1 {
		return text(values[0])
	}
	return text(line)
}

func phrasingLine(n node) string {
	if l, ok := n.find("language"); ok {
		t, _ := n.find("text")
		return "[" + l.text + "] " + joinLines([]string{t.text}, false)
	}
	line := joinLines([]string{n.text}, false)
	if phrasingNode(line).kind != scalar {
		return asJSON(n.text)
	}
	return line
}

// buttonNode reads "label|url", or ["label","url"].
func buttonNode(line string) node {
	var both []string
	label, url := "", strings.TrimSpace(line)
	if at := strings.LastIndexByte(line, '|'); at >= 0 {
		label, url = strings.TrimSpace(line[:at]), strings.TrimSpace(line[at+1:])
	}
	if strings.HasPrefix(line, `["`) && json.Unmarshal([]byte(line), &both) == nil && len(both) == 2 {
		label, url = both[0], both[1]
	}
	var n node
	n.set("label", text(label))
	n.set("url", text(url))
	return n
}

func buttonLine(n node) string {
	label, _ := n.find("label")
	url, _ := n.find("url")
	line := label.text + "|" + url.text
	back := buttonNode(line)
	if lines := splitLines(line, false); len(lines) != 1 || lines[0] != line ||
		back.pairs[0].value.text != label.text || back.pairs[1].value.text != url.text {
		return asJSON([]string{label.text, url.text})
	}
	return line
}
