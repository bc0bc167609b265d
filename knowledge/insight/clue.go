package insight

import (
	"regexp"
	"slices"
	"strings"
)

// clue is an expression that is looked for only in texts with one of its words, in small letters: most have none, and words are quick to look for.
type clue struct {
	words []string
	expr  *regexp.Regexp
}

// clueOf makes a clue of words with bars between them.
func clueOf(words, expr string) clue {
	return clue{strings.Split(words, "|"), regexp.MustCompile(expr)}
}

// in says whether a text in small letters has one of the words.
func (c clue) in(lower string) bool {
	return slices.ContainsFunc(c.words, func(w string) bool { return strings.Contains(lower, w) })
}

// find finds where the clue and its first group are.
func (c clue) find(s, lower string) [][]int {
	if !c.in(lower) {
		return nil
	}
	return c.expr.FindAllStringSubmatchIndex(s, -1)
}

// findClues finds what each clue matches, or its first group where it has one.
func findClues(s string, clues []clue, mask string) []span {
	lower := strings.ToLower(s)
	var out []span
	for _, c := range clues {
		group := min(c.expr.NumSubexp(), 1) * 2
		for _, at := range c.find(s, lower) {
			out = append(out, span{at[group], at[group+1], mask})
		}
	}
	return apart(out)
}
