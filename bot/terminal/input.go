package terminal

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/language"
)

// keySequence is what cursor and function keys leave in a line of a terminal that does not edit lines.
var keySequence = regexp.MustCompile(`\x1b(?:\[[0-?]*[ -/]*[@-~]|O[A-Za-z]|.)?`)

// cleanInput is the text of a line, without what is no text.
func cleanInput(line string) string {
	line = keySequence.ReplaceAllString(strings.ToValidUTF8(line, "\uFFFD"), "")
	line = strings.Map(func(r rune) rune {
		if r == '\t' {
			return ' '
		}
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, line)
	if strings.TrimSpace(line) == "" {
		return ""
	}
	if runes := []rune(line); len(runes) > maxText {
		line = string(runes[:maxText])
	}
	return line
}

// latinDigits reads the digits of Arabic and Hindi keyboards too.
func latinDigits(s string) string {
	return strings.Map(func(r rune) rune {
		for _, zero := range []rune{'\u0660', '\u06F0', '\u0966'} {
			if r >= zero && r <= zero+9 {
				return '0' + r - zero
			}
		}
		return r
	}, strings.TrimSpace(s))
}

var commandPattern = regexp.MustCompile(`^/([A-Za-z][A-Za-z0-9_]{0,31})(?:\s+(.*))?$`)

// parseCommand reads "/name rest".
func parseCommand(text string) (name, rest string, ok bool) {
	m := commandPattern.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return "", "", false
	}
	return strings.ToLower(m[1]), strings.TrimSpace(m[2]), true
}

// parseLocale reads a locale as POSIX writes it ("pt_BR.UTF-8", "C").
func parseLocale(s string) string {
	s, _, _ = strings.Cut(s, ".")
	s, _, _ = strings.Cut(s, "@")
	tag, err := language.Parse(strings.ReplaceAll(s, "_", "-"))
	if err != nil || tag == language.Und {
		return ""
	}
	return tag.String()
}
