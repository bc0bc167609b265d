package bot

import (
	"slices"
	"strings"
)

// Correction finds what is asked once more: "no, I mean the other order" asks "the other order". It reports false where a message corrects
// nothing; a "no" by itself is a move.
func (l *Lexicon) Correction(utterance string) (rest string, ok bool) {
	rest, ok = l.afterNo(utterance)
	fields := strings.Fields(rest)
	words := folded(fields)
	start := 0
	if len(words) > 0 && no[words[0]] {
		start = 1
	}
	n := 0
	if start < len(words) {
		for _, language := range l.languages {
			n = max(n, l.words[language].correction.at(words, start))
		}
	}
	if n > 0 && start+n < len(fields) {
		return strings.Join(fields[start+n:], " "), true
	}
	return rest, ok
}

// mostRefusals bounds how many clauses are cut off the beginning of a message.
const mostRefusals = 4

// afterNo cuts off the clauses that a message begins with and that only refuse, or go with that.
func (l *Lexicon) afterNo(utterance string) (rest string, refused bool) {
	rest = utterance
	for range mostRefusals {
		i := strings.IndexAny(rest, clauseMarks)
		if i < 0 {
			return rest, refused
		}
		move := l.Move(rest[:i])
		after := strings.TrimLeft(rest[i:], clauseMarks+" ")
		if after == "" || !slices.Contains([]Move{Rejects, Thanks, Greets, Courteous}, move) {
			return rest, refused
		}
		rest, refused = after, refused || move == Rejects
	}
	return rest, refused
}

// Beside is what a wish for a person says besides: "where is my order? I need a person" asks where it is.
func (l *Lexicon) Beside(utterance string) string {
	var out []string
	for _, c := range clauses(utterance) {
		if l.findIn(c.words) == says && !l.fills(c.words) && l.Move(c.text) == NoMove {
			out = append(out, strings.TrimSpace(c.text))
		}
	}
	return strings.Join(out, ", ")
}
