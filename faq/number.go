package faq

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// numbers compares the numbers in an entry's languages: "30 days" here and "14 Tage" there is a contradiction.
func numbers(w *warner, e Entry) {
	if len(e.Answers) < 2 {
		return
	}
	own := numbersIn(e.Answers[0].Text)
	for i, a := range e.Answers[1:] {
		if other := numbersIn(a.Text); !slices.Equal(own, other) {
			w.add(NumbersDiffer, fmt.Sprintf("answers[%d].text", i+1), "", "has other numbers (%s) than the answer in %s (%s)",
				shownNumbers(other), e.Answers[0].Language, shownNumbers(own))
		}
	}
}

func shownNumbers(list []string) string { return cmp.Or(strings.Join(list, ", "), "none") }

var (
	number = regexp.MustCompile(`\d+(?:[.,]\d+)*`)
	// notRead are digits that stand in the source of a text and say nothing to its reader: addresses, character references,
	// the marks of a list.
	notRead = regexp.MustCompile(`https?://\S+|&#\w+;|(?m:^[ \t>]*(?:[-*+][ \t]+)*\d{1,9}[.)](?:[ \t]|$))`)
	// bareCell is a table's cell with nothing but a number, which counts rows or is a measure that no text goes with.
	bareCell = regexp.MustCompile(`^[\d.,\s]*$`)
)

// numbersIn are the numbers that a reader finds in a text, each once. Separators differ between languages (1,000.50 and
// 1.000,50), so digits alone are compared.
func numbersIn(text string) []string {
	found := number.FindAllString(Legible(text), -1)
	for i, f := range found {
		found[i] = strings.NewReplacer(".", "", ",", "").Replace(f)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// Legible is a text without the digits that its reader does not see or that say nothing: addresses, the marks of lists, cells that count. Those
// that stay are 0–9, whatever the script.
func Legible(text string) string {
	text = strings.Map(asciiDigit, stripLinks(text))
	return withoutBareCells(notRead.ReplaceAllString(text, " "))
}

func withoutBareCells(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if cells := strings.Split(line, "|"); len(cells) > 1 {
			lines[i] = strings.Join(slices.DeleteFunc(cells, bareCell.MatchString), "|")
		}
	}
	return strings.Join(lines, "\n")
}

// zeros begin the digits that people write in the languages we serve: Arabic, Persian and Urdu, Hindi, and wide ones.
var zeros = []rune{'٠', '۰', '०', '０'}

func asciiDigit(r rune) rune {
	for _, zero := range zeros {
		if zero <= r && r <= zero+9 {
			return '0' + r - zero
		}
	}
	return r
}

func stripLinks(text string) string { return markdownLink.ReplaceAllString(text, "](") }
