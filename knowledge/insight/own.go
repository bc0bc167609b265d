package insight

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ownNames are the words that somebody is called by: those that are nothing else, and those that are a word of the language as well, or a letter.
type ownNames struct{ strong, weak map[string]bool }

func newOwnNames(names []string) ownNames {
	n := ownNames{map[string]bool{}, map[string]bool{}}
	for _, name := range names {
		for _, w := range wordsOf(name) {
			n.add(w.folded)
			n.add(strings.TrimRightFunc(w.folded, unicode.IsDigit)) // anna of anna90
		}
	}
	return n
}

func (n ownNames) add(folded string) {
	switch letters := countLetters(folded); {
	case letters == 0: // digits are the business of others
	case letters == 1, filler(folded), alsoNames[folded]:
		n.weak[folded] = true
	default:
		n.strong[folded] = true
	}
}

// has says whether a word is one of the name, as languages bend it: Annas, Светлане, لأحمد.
func (n ownNames) has(folded string) bool {
	if n.strong[folded] {
		return true
	}
	for _, b := range bends {
		part := b.expr.FindStringSubmatch(folded)
		if part != nil && utf8.RuneCountInString(part[1]) >= 3 && slices.ContainsFunc(b.ends, func(end string) bool { return n.strong[part[1]+end] }) {
			return true
		}
	}
	return false
}

// bends are what languages do to names, folded as й is to и: the first group, with one of the ends, is the name as the network has it.
var bends = []struct {
	expr *regexp.Regexp
	ends []string
}{
	{regexp.MustCompile(`^([a-z]+)s$`), []string{""}},
	{regexp.MustCompile(`^(\p{Cyrillic}+?)(?:а|у|е|ы|и|я|ю|ь|ом|ем|ои|еи|ою|ею|ым|ых|ого|ому)$`), []string{"", "а", "я", "и", "ь"}},
	{regexp.MustCompile(`^(?:و|ف)?(?:ل|ب|ك)?(\p{Arabic}+)$`), []string{""}},
}

// filler says whether a word is no name by itself.
func filler(folded string) bool { return ordinary[folded] || particles[folded] }

// find takes the words of a name that stand beside each other as one. A word of the language is one only beside another, or where it is written with
// a capital within a sentence.
func (n ownNames) find(s string) []span {
	if len(n.strong)+len(n.weak) == 0 {
		return nil
	}
	words := wordsOf(s)
	var out []span
	for i := 0; i < len(words); {
		end := n.run(s, words, i)
		if first, last := n.named(s, words, i, end); first < last {
			from := words[first].from
			if strings.HasSuffix(s[:from], "@") {
				from--
			}
			out = append(out, span{from, words[last-1].to, nameMask})
		}
		i = max(end, i+1)
	}
	return out
}

// run is the end of the words from i on that are the name's, one beside the other.
func (n ownNames) run(s string, words []word, i int) int {
	end := i
	for end < len(words) && (n.has(words[end].folded) || n.weak[words[end].folded]) && (end == i || beside(s[words[end-1].to:words[end].from])) {
		end++
	}
	return end
}

// named is the part of a run that is a name: without the “of” before it, and nothing where no word of it is sure to be one.
func (n ownNames) named(s string, words []word, first, end int) (from, to int) {
	sure := false
	for i := first; i < end; i++ {
		sure = sure || n.has(words[i].folded) || capitalWithin(s, words, i)
	}
	if !sure {
		return 0, 0
	}
	// What is joined without a blank belongs to the name: O'Brien.
	apart := func(i int) bool { return strings.TrimSpace(s[words[i].to:words[i+1].from]) == "" }
	for first+1 < end && filler(words[first].folded) && apart(first) {
		first++
	}
	for first+1 < end && filler(words[end-1].folded) && apart(end-2) {
		end--
	}
	return first, end
}

// capitalWithin says whether a word that people are called by, too, is written as a name within a sentence: Will, but not May 5.
func capitalWithin(s string, words []word, i int) bool {
	w := words[i]
	if !alsoNames[w.folded] || i == 0 || !capital(s[w.from:]) || capital(s[words[i-1].from:]) {
		return false
	}
	return strings.TrimSpace(s[words[i-1].to:w.from]) == "" && (i+1 == len(words) || countDigits(words[i+1].folded) == 0)
}

// beside says whether what is between two words leaves them parts of one name.
func beside(between string) bool {
	return len(between) <= 3 && strings.Trim(between, " \u00a0'’_.-") == ""
}
