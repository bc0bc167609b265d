package discordtest

import (
	"regexp"
	"strings"
)

// styled reads bold, underline, strike, spoiler and emphasis.
func (r *reader) styled(s string, quoted bool) int {
	for _, marker := range []string{"**", "__", "~~", "||"} {
		if !strings.HasPrefix(s, marker) {
			continue
		}
		if end := closing(s, marker); end > 0 {
			r.d.Styles = append(r.d.Styles, marker)
			if marker == "||" {
				r.d.Live = append(r.d.Live, "spoiler")
			}
			r.read(s[2:end], quoted, false)
			return end + 2
		}
	}
	end := 0
	switch s[0] {
	case '_':
		end = underscore(s)
	case '*':
		end = asterisk(s)
	}
	if end == 0 {
		return 0
	}
	r.d.Styles = append(r.d.Styles, s[:1])
	r.read(s[1:end], quoted, false)
	return end + 1
}

// closing finds the end of a span of two characters. Bold and underline skip escaped characters, strike and spoiler do not; after the end
// there must not be one more of the same (after a strike: no underscore).
func closing(s, marker string) int {
	escapes := marker == "**" || marker == "__"
	forbidden := map[string]byte{"**": '*', "__": '_', "~~": '_'}[marker]
	for i := 2; i < len(s); i++ {
		if escapes && s[i] == '\\' {
			i++
			continue
		}
		if i > 2 && strings.HasPrefix(s[i:], marker) && (forbidden == 0 || i+2 >= len(s) || s[i+2] != forbidden) {
			return i
		}
	}
	return 0
}

// underscore is /^\b_((?:__|\\[\s\S]|[^\\_])+?)_\b/: the end must not be followed by a letter, digit or underscore.
func underscore(s string) int {
	for i := 1; i < len(s); i++ {
		switch {
		case i > 1 && s[i] == '_' && (i+1 == len(s) || !isWord(s[i+1])):
			return i
		case strings.HasPrefix(s[i:], "__"), s[i] == '\\':
			i++
		case s[i] == '_':
			return 0
		}
	}
	return 0
}

func isWord(b byte) bool {
	return b == '_' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

// asterisk is /^\*(?=\S)((?:\*\*|\s+(?:[^*\s]|\*\*)|[^\s*])+?)\*(?!\*)/.
func asterisk(s string) int {
	if len(s) < 2 || isBlank(s[1]) {
		return 0
	}
	for i := 1; i < len(s); i++ {
		switch {
		case i > 1 && s[i] == '*' && (i+1 == len(s) || s[i+1] != '*'):
			if isBlank(s[i-1]) {
				return 0
			}
			return i
		case strings.HasPrefix(s[i:], "**"):
			i++
		case s[i] == '*':
			return 0
		}
	}
	return 0
}

func isBlank(b byte) bool { return b == ' ' || b == '\n' || b == '\t' || b == '\r' }

var maskedPattern = regexp.MustCompile(`^\(\s*<?((?:\([^)]*\)|[^\s\\()]|\\.)*?)>?(?:\s+['"][\s\S]*?['"])?\s*\)`)

// labelEnd finds the bracket that ends a label, which may hold one pair of its own; escapes do not count.
func labelEnd(s string) int {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '[':
			depth++
		case ']':
			if depth--; depth == 0 {
				return i
			}
		}
		if depth > 2 {
			break
		}
	}
	return 0
}

// masked reads [label](address). A label with an address in it is not taken for a link.
func (r *reader) masked(s string, quoted bool) int {
	end := labelEnd(s)
	if end < 2 || strings.Contains(s[1:end], "\n") {
		return 0
	}
	m := maskedPattern.FindStringSubmatch(s[end+1:])
	if m == nil || !strings.HasPrefix(m[1], "http://") && !strings.HasPrefix(m[1], "https://") || strings.Contains(s[1:end], "://") {
		return 0
	}
	r.d.Links = append(r.d.Links, m[1])
	if !strings.HasPrefix(strings.TrimLeft(s[end+2:], " "), "<") {
		r.d.Unfolds = append(r.d.Unfolds, m[1])
	}
	before := r.out.Len()
	r.read(s[1:end], quoted, false)
	if label := r.out.String()[before:]; label != m[1] {
		r.out.WriteString(" (" + m[1] + ")")
	}
	return end + 1 + len(m[0])
}
