package bot

import "slices"

// mended is the words of a wish with slips of the keyboard in its nouns put right, or nil where there are none: "talk to a perosn". Letters that
// changed places make no other word, so they are put right anywhere; the rest only after a verb of the wish, for "argent" is no slip of "agent".
func (w wordLists) mended(words []string) []string {
	var out []string
	verb := w.verb.in(words)
	for i, word := range words {
		if w.knows(words, i) {
			continue
		}
		meant := slices.IndexFunc(w.nouns, func(noun string) bool { return slipped([]rune(word), []rune(noun), verb) })
		if meant >= 0 {
			if out == nil {
				out = slices.Clone(words)
			}
			out[i] = w.nouns[meant]
		}
	}
	return out
}

func (w wordLists) knows(words []string, i int) bool {
	return w.noun.at(words, i) > 0 || w.verb.at(words, i) > 0 || w.filler.at(words, i) > 0
}

const (
	// leastSlip is the length of word from which a slip is told from another word, surelySlip that from which a wrong letter is.
	leastSlip  = 5
	surelySlip = 7
)

// slipped reports whether got is meant to be want: two neighbours changed places; with any also a letter lost, doubled or, in a long word, wrong.
func slipped(got, want []rune, any bool) bool {
	if len(want) < leastSlip || len(got) < leastSlip-1 || got[0] != want[0] && got[len(got)-1] != want[len(want)-1] {
		return false
	}
	start := 0
	for start < min(len(got), len(want)) && got[start] == want[start] {
		start++
	}
	rest, other := got[start:], want[start:]
	switch len(rest) - len(other) {
	case 0:
		if len(rest) > 1 && rest[0] == other[1] && rest[1] == other[0] && slices.Equal(rest[2:], other[2:]) {
			return true
		}
		return any && len(want) >= surelySlip && len(rest) > 0 && slices.Equal(rest[1:], other[1:])
	case 1:
		return any && slices.Equal(rest[1:], other)
	case -1:
		return any && slices.Equal(rest, other[1:])
	}
	return false
}
