package bot

import "slices"

// mended is the words of a wish with slips of the keyboard in its verbs and nouns put right: "tlak to a perosn".
// Letters that changed places make no other word, so they are put right anywhere; the rest only in nouns and after a verb of the wish, for
// "argent" is no slip of "agent".
func (w wishWords) mended(words []string) []string {
	mended := w.mend(words, verb, func(got, want []rune) bool {
		return len(want) >= leastSwap && len(got) == len(want) && got[0] == want[0] && swapped(got, want)
	})
	after := w.phrases[verb].in(mended)
	return w.mend(mended, noun, func(got, want []rune) bool { return slipped(got, want, after) })
}

// mend puts right the words that are meant to be one of a role's.
func (w wishWords) mend(words []string, r role, meant func(got, want []rune) bool) []string {
	out := slices.Clone(words)
	for i, word := range words {
		if w.knows(words, i) {
			continue
		}
		got := []rune(word)
		if at := slices.IndexFunc(w.single[r], func(want []rune) bool { return meant(got, want) }); at >= 0 {
			out[i] = string(w.single[r][at])
		}
	}
	return out
}

func (w wishWords) knows(words []string, i int) bool {
	return slices.ContainsFunc(roles, func(r role) bool { return w.phrases[r].at(words, i) > 0 })
}

const (
	// leastSwap is the length of verb from which swapped letters are told from another word, leastSlip that of a noun, surelySlip that from
	// which a wrong letter is.
	leastSwap  = 4
	leastSlip  = 5
	surelySlip = 7
)

// slipped reports whether got is meant to be want: two neighbours changed places; with any also a letter lost, doubled or, in a long word, wrong.
func slipped(got, want []rune, any bool) bool {
	if len(want) < leastSlip || len(got) < leastSlip-1 || len(got)-len(want) > 1 || len(want)-len(got) > 1 || got[0] != want[0] && got[len(got)-1] != want[len(want)-1] {
		return false
	}
	if swapped(got, want) {
		return true
	}
	rest, other := differing(got, want)
	switch len(rest) - len(other) {
	case 0:
		return any && len(want) >= surelySlip && len(rest) > 0 && slices.Equal(rest[1:], other[1:])
	case 1:
		return any && slices.Equal(rest[1:], other)
	case -1:
		return any && slices.Equal(rest, other[1:])
	}
	return false
}

// swapped reports whether two neighbours changed places.
func swapped(got, want []rune) bool {
	rest, other := differing(got, want)
	return len(rest) == len(other) && len(rest) > 1 && rest[0] == other[1] && rest[1] == other[0] && slices.Equal(rest[2:], other[2:])
}

// differing is what is left of both after what they begin with alike.
func differing(a, b []rune) (restA, restB []rune) {
	start := 0
	for start < min(len(a), len(b)) && a[start] == b[start] {
		start++
	}
	return a[start:], b[start:]
}
