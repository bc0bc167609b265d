package eval

import (
	_ "embed"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"faqbot/faq"
)

// pieces are what a text is made of, as far as numbers go: a time of day, a number, a word, a sign.
var pieces = regexp.MustCompile(`\d{1,2}:\d{2}|\d+(?:[.,]\d+)*|[\pL\pM]+(?:\.[\pL\pM]+)*|[^\s\pL\pM\d]`)

// clock is the unit of a time of day.
const clock = "clock"

var currencies = map[string]bool{"euro": true, "dollar": true, "pound": true, "rupee": true, "ruble": true, "real": true, "franc": true, "dirham": true}

// unitTable has a line for each unit: its name, then how it is written in the languages that are served.
//
//go:embed units.txt
var unitTable string

var units = readUnits(unitTable)

func readUnits(table string) map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(table) {
		name, words, _ := strings.Cut(line, ":")
		for _, w := range strings.Fields(words) {
			out[foldUnit(w)] = name
		}
	}
	return out
}

// unitOf is the unit that a word or a sign stands for, or "".
func unitOf(piece string) string { return units[foldUnit(piece)] }

// foldUnit keeps signs, which [faq.Fold] drops.
func foldUnit(piece string) string {
	if folded := faq.Fold(piece); folded != "" {
		return strings.ReplaceAll(folded, " ", "")
	}
	return piece
}

func startsWithDigit(piece string) bool { return piece != "" && piece[0] >= '0' && piece[0] <= '9' }

func isWord(piece string) bool {
	return strings.ContainsFunc(piece, unicode.IsLetter)
}

func isYear(number string) bool {
	n, err := strconv.Atoi(number)
	return err == nil && len(number) == 4 && n >= 1900 && n < 2100
}

// plainNumber writes a number as 1234.5, whichever marks its language has: a last mark with three digits after it parts thousands.
func plainNumber(number string) string {
	last := strings.LastIndexAny(number, ".,")
	if last < 0 || strings.Contains(number, ":") {
		return number
	}
	whole := strings.NewReplacer(".", "", ",", "")
	if len(number)-last-1 == 3 {
		return whole.Replace(number)
	}
	return strings.TrimSuffix(strings.TrimRight(whole.Replace(number[:last])+"."+number[last+1:], "0"), ".")
}

// timeOfDay writes 9, 9:00 and 9 am alike.
func timeOfDay(value, after string) string {
	hours, minutes, _ := strings.Cut(strings.ReplaceAll(value, ".", ":"), ":")
	h, err := strconv.Atoi(hours)
	if err != nil {
		return value
	}
	switch foldUnit(after) {
	case "pm", "p.m":
		h = h%12 + 12
	case "am", "a.m":
		h %= 12
	}
	if minutes == "" {
		minutes = "00"
	}
	return strconv.Itoa(h) + ":" + minutes
}
