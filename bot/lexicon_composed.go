package bot

import (
	"slices"
)

// composed is a move as customers put it together from words of a few kinds, in their own order, where they say no set phrase: a negation and what was
// meant refuse an answer. All other words must be small ones, so that a question, which names a thing, is never one.
type composed struct {
	move Move
	// kinds are the words of which one each must be said; with may stand beside them.
	kinds []phrases
	with  []phrases
}

// compositions are the lists that make up composed moves.
var compositions = []struct {
	move  Move
	kinds []string
}{
	{TakesBack, []string{"withdrawal_not", "withdrawal_need"}},
	{TakesBack, []string{"withdrawal_act", "withdrawal_object"}},
	{RefusesHelp, []string{"no_person_prefer", "bot"}},
	{Leaves, []string{"bye_core"}},
	{Rejects, []string{"rejection_not", "rejection_meant"}},
	{Confirms, []string{"helped_core"}},
	{Thanks, []string{"thanks_core"}},
	{Greets, []string{"greeting_core"}},
}

func newComposed(lists map[string][]string) []composed {
	small := newPhrases(lists["small"])
	var out []composed
	for _, c := range compositions {
		made := composed{move: c.move, with: []phrases{small, newPhrases(lists[string(c.move)+"_with"])}}
		for _, kind := range c.kinds {
			made.kinds = append(made.kinds, newPhrases(lists[kind]))
		}
		out = append(out, made)
	}
	return out
}

// covers reports whether words are of the kinds and small ones alone, with at least one of each kind.
func (c composed) covers(words []string, beside []phrases) bool {
	said := make([]bool, len(c.kinds))
	for i := 0; i < len(words); {
		longest := 0
		for _, p := range beside {
			longest = max(longest, p.at(words, i))
		}
		other := longest // "nice to meet you" is no thanks for what is nice
		for _, p := range c.with {
			longest = max(longest, p.at(words, i))
		}
		for k, kind := range c.kinds {
			n := kind.at(words, i)
			said[k], longest = said[k] || n > 0 && n >= other, max(longest, n)
		}
		if longest == 0 {
			return false
		}
		i += longest
	}
	return !slices.Contains(said, false)
}

// eachClause tells the move of a message whose clauses are all moves, though not the same: "it works now! Thanks, have a nice day". A mere yes or no
// beside another move says nothing of its own.
func (l *Lexicon) eachClause(utterance string) Move {
	best := len(listed)
	mere := best
	for _, c := range clauses(utterance) {
		words := l.spelling.mended(c.words, true)
		if len(words) == 0 { // emoji
			continue
		}
		move := slices.Index(listed, l.listed(words))
		switch {
		case move < 0:
			return NoMove
		case len(words) == 1 && (yes[words[0]] || no[words[0]]):
			mere = min(mere, move)
		default:
			best = min(best, move)
		}
	}
	if best == len(listed) {
		best = mere
	}
	if best == len(listed) {
		return NoMove
	}
	return listed[best]
}
