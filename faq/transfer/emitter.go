package transfer

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// emitter writes nodes as block YAML. It quotes whatever could be read as anything but the same text, by this package's
// reader or by another's.
type emitter struct{ w *bytes.Buffer }

func (e emitter) pad(indent int) { e.w.WriteString(strings.Repeat(" ", indent)) }

// item writes a list item whose dash stands at indent.
func (e emitter) item(n node, indent int) {
	e.pad(indent)
	e.w.WriteString("- ")
	if n.kind != table {
		e.scalar(n, indent+2)
		return
	}
	for i, p := range n.pairs {
		if i > 0 {
			e.pad(indent + 2)
		}
		e.pair(p, indent+2)
	}
}

func (e emitter) table(n node, indent int) {
	for _, p := range n.pairs {
		e.pad(indent)
		e.pair(p, indent)
	}
}

func (e emitter) pair(p pair, indent int) {
	key := p.key
	if yamlWords.MatchString(key) { // "no" is Norwegian
		key = quoteYAML(key)
	}
	e.w.WriteString(key + ":")
	switch p.value.kind {
	case table:
		e.w.WriteByte('\n')
		e.table(p.value, indent+2)
	case list:
		e.w.WriteByte('\n')
		for _, item := range p.value.items {
			e.item(item, indent+2)
		}
	default:
		e.w.WriteByte(' ')
		e.scalar(p.value, indent+2)
	}
}

func (e emitter) scalar(n node, indent int) {
	switch {
	case n.bare:
		e.w.WriteString(n.text)
	case plainYAML(n.text):
		e.w.WriteString(n.text)
	case blockYAML(n.text):
		e.block(n.text, indent)
		return
	default:
		e.w.WriteString(quoteYAML(n.text))
	}
	e.w.WriteByte('\n')
}

func (e emitter) block(s string, indent int) {
	e.w.WriteByte('|')
	body, ended := strings.CutSuffix(s, "\n")
	if !ended {
		e.w.WriteByte('-')
	}
	e.w.WriteByte('\n')
	for line := range strings.SplitSeq(body, "\n") {
		if line != "" {
			e.pad(indent)
			e.w.WriteString(line)
		}
		e.w.WriteByte('\n')
	}
}

var (
	plainPattern = regexp.MustCompile(`^[\pL][\pL\pM\pN_.,'!?()/;+-]*(?: [\pL\pN(¿¡][\pL\pM\pN_.,'!?()/;+-]*)*$`)
	datePattern  = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	yamlWords    = regexp.MustCompile(`(?i)^(?:true|false|yes|no|on|off|y|n|null|nan|inf|infinity)$`)
)

// plainYAML texts need no quotes: words that begin with a letter, and dates.
func plainYAML(s string) bool {
	return len(s) < 200 && plainPattern.MatchString(s) && !yamlWords.MatchString(s) || datePattern.MatchString(s)
}

// blockYAML texts can stand as a block: several lines of what every parser takes as it is.
func blockYAML(s string) bool {
	body, _ := strings.CutSuffix(s, "\n")
	if !strings.Contains(body, "\n") || strings.TrimSpace(body) != body {
		return false
	}
	for line := range strings.SplitSeq(body, "\n") {
		if line != "" && strings.TrimRightFunc(line, unicode.IsSpace) == "" {
			return false
		}
	}
	return strings.IndexFunc(s, notInBlock) < 0
}

// notInBlock is what a reader would not see, or see as something else; the joiners of emoji and Indic scripts are no such.
func notInBlock(r rune) bool {
	return !unicode.IsPrint(r) && !unicode.Is(unicode.Zs, r) && r != '\n' && r != '\u200C' && r != '\u200D'
}

// quoteYAML writes a text in double quotes, on one line, with everything invisible escaped.
func quoteYAML(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case unicode.IsPrint(r) || r == '\u200C' || r == '\u200D':
			b.WriteRune(r)
		case r > 0xFFFF:
			fmt.Fprintf(&b, `\U%08X`, r)
		default:
			fmt.Fprintf(&b, `\u%04X`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
