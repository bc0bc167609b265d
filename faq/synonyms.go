package faq

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"faqbot/faq/fault"
)

// SynonymsID names a group of synonyms: its language and its first term, such as "en-gift-card", and a number where that is taken.
type SynonymsID string

// Bounds of a group of synonyms.
const (
	MinTerms     = 2
	MaxTerms     = 50
	MaxTerm      = 100 // characters
	MaxTermWords = 4
)

// TermSeparators stand between the terms of a group where it is written on one line, so that none is part of a term.
const TermSeparators = ",،，、"

// Synonyms are words, or phrases of up to four words, that mean the same to a business's customers ("voucher", "gift card"). Whoever asks with one
// finds what says another. A group holds for all variants of its language.
type Synonyms struct {
	// ID is given by the store.
	ID       SynonymsID `json:"id,omitempty"`
	Language Language   `json:"language"`
	Terms    []string   `json:"terms"`
	// By and At tell who wrote it, and when.
	By string    `json:"by,omitempty"`
	At time.Time `json:"at,omitzero"`
}

// Name is the ID of a group where no other one has it.
func (s Synonyms) Name() SynonymsID {
	first := ""
	if len(s.Terms) > 0 {
		first = s.Terms[0]
	}
	return SynonymsID(string(s.Language) + "-" + string(Slug(first)))
}

// Validate checks what must hold for any group. The error is an Invalid fault that lists every field.
func (s Synonyms) Validate() error {
	v := &validator{}
	v.language("language", s.Language)
	v.check(MinTerms <= len(s.Terms) && len(s.Terms) <= MaxTerms, "terms", "are %d; a group has %d to %d", len(s.Terms), MinTerms, MaxTerms)
	first := map[string]int{}
	for i, term := range s.Terms {
		field := fmt.Sprintf("terms[%d]", i)
		v.term(field, term)
		folded := Fold(term)
		other, repeated := first[folded]
		v.check(!repeated || folded == "", field, "“%s” is the same as terms[%d], “%s”", term, other, s.Terms[other])
		if !repeated {
			first[folded] = i
		}
	}
	if len(v.list) == 0 {
		return nil
	}
	return fault.New(fault.Invalid, "synonyms: %w", v.list)
}

func (v *validator) term(field, term string) {
	before := len(v.list)
	v.text(field, term, MaxTerm)
	v.check(!strings.ContainsAny(term, "\t\r\n"), field, "must be one line, with spaces between words")
	if len(v.list) > before {
		return // it is too long, or too odd, to be shown
	}
	v.check(!strings.ContainsAny(term, TermSeparators), field, "“%s” holds a comma; write each term by itself", term)
	v.check(!strings.HasPrefix(term, "#") && !strings.HasPrefix(term, "["), field, "“%s” begins with # or [, which are not read; leave that out", term)
	switch n := termWords(term); {
	case strings.TrimSpace(term) == "":
		v.check(false, field, "is empty")
	case n == 0:
		v.check(false, field, "“%s” has no letters or digits", term)
	default:
		v.check(n <= MaxTermWords, field, "“%s” has %d words; at most %d are read", term, n, MaxTermWords)
	}
}

// termWords counts as the matcher does, to which each character of a script without spaces is a word.
func termWords(term string) int {
	n := 0
	for _, word := range strings.Fields(Fold(term)) {
		begins := true // the next letter begins a word
		for _, r := range word {
			alone := unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai)
			if alone || begins {
				n++
			}
			begins = alone
		}
	}
	return n
}

// key is the same for two groups that say the same, in whatever order.
func (s Synonyms) key() string {
	var folded []string
	for _, term := range s.Terms {
		folded = append(folded, Fold(term))
	}
	slices.Sort(folded)
	return string(s.Language) + "\n" + strings.Join(folded, "\n")
}

// News are those of some groups that no kept one says already, each once; known are the kept ones that say the same as the others.
func News(groups, kept []Synonyms) (news, known []Synonyms) {
	said := map[string]Synonyms{}
	for _, s := range kept {
		said[s.key()] = s
	}
	for _, s := range groups {
		key := s.key()
		other, ok := said[key]
		switch {
		case !ok:
			news = append(news, s)
			said[key] = s
		case other.ID != "":
			known = append(known, other)
		}
	}
	return news, known
}

// Overlap is a term that stands in two groups of one language. That is no mistake, and may be one: the groups are not joined.
type Overlap struct {
	Term         string
	Group, Other SynonymsID
}

// Overlaps tells which terms of some groups stand in others too, among all that are kept.
func Overlaps(groups, kept []Synonyms) []Overlap {
	holders := map[string][]SynonymsID{}
	for _, s := range kept {
		for _, term := range s.Terms {
			holders[s.place(term)] = append(holders[s.place(term)], s.ID)
		}
	}
	var out []Overlap
	for _, s := range groups {
		for _, term := range s.Terms {
			for _, other := range holders[s.place(term)] {
				if other != s.ID {
					out = append(out, Overlap{Term: term, Group: s.ID, Other: other})
				}
			}
		}
	}
	return out
}

// place is where a term stands for the matcher, to which variants of a language are one.
func (s Synonyms) place(term string) string { return string(s.Language.Base()) + "\n" + Fold(term) }
