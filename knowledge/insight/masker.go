package insight

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Masker takes personal data out of texts. The zero value knows what is personal everywhere: e-mail addresses, IBANs, phone, card and account
// numbers, passport numbers and the check numbers of cards that are called so, passwords in addresses, long tokens, postal addresses, and the names
// that people introduce themselves with. [NewMasker] adds what a business knows by its own patterns, [Masker.Of] the names of who wrote. It is safe for concurrent use.
type Masker struct {
	patterns []Pattern
	// placeholders finds what stands for something already; nil is that of the zero value.
	placeholders *regexp.Regexp
	names        ownNames
}

// placeholders of the rules that are always there.
const (
	loginMask   = "[login]"
	mailMask    = "[e-mail]"
	accountMask = "[account]"
	tokenMask   = "[token]"
	numberMask  = "[number]"
	addressMask = "[address]"
	nameMask    = "[name]"
)

var builtIn = []string{loginMask, mailMask, accountMask, tokenMask, numberMask, addressMask, nameMask}

var builtInPlaceholders = placeholdersOf(builtIn)

func placeholdersOf(masks []string) *regexp.Regexp {
	var quoted []string
	for _, m := range masks {
		quoted = append(quoted, regexp.QuoteMeta(m))
	}
	return regexp.MustCompile(strings.Join(quoted, "|"))
}

// NewMasker makes a masker that also takes out what the patterns match.
func NewMasker(patterns ...Pattern) Masker {
	masks := slices.Clone(builtIn)
	for _, p := range patterns {
		masks = append(masks, p.mask)
	}
	return Masker{patterns: patterns, placeholders: placeholdersOf(masks)}
}

// Of returns a masker that also takes out these names, each word of them wherever it stands: those of the person who wrote, as the network
// tells them. Words such as “de” or “will”, which the person needs for other things too, go where they stand beside another one of the name.
func (m Masker) Of(names ...string) Masker {
	m.names = newOwnNames(names)
	return m
}

// passes bounds how often a text is looked at. Where something was taken out, what is left may begin or end anew, and is looked at again; it is two
// or three times with patterns that do not eat a text bit by bit.
const passes = 32

// Mask replaces personal data in a text by what it was, such as “[e-mail]”. It errs on the side of masking; dates, years and prices stay, for
// questions are about them. What it returns it would not change again.
func (m Masker) Mask(s string) string {
	for range passes {
		next := m.pass(s)
		if next == s {
			break
		}
		s = next
	}
	return s
}

// pass has each rule look at the text once. What is surest comes first, for a rule sees nothing of what those before it took out: a number in an
// e-mail address is none, and neither is that of a house.
func (m Masker) pass(s string) string {
	s = m.apply(s, findLogins)
	for _, find := range findMails {
		s = m.apply(s, find)
	}
	for _, p := range m.patterns {
		s = m.apply(s, p.find)
	}
	for _, find := range []finder{findAccounts, findDocuments, findTokens, findAddresses, findNumbers, findIntroductions, m.names.find} {
		s = m.apply(s, find)
	}
	return s
}

// span is a part of a text that is personal, and what is written in its place.
type span struct {
	from, to int
	mask     string
}

// finder finds spans, in order and none over another.
type finder func(s string) []span

// apply masks what a rule finds between the placeholders, which stay as they are.
func (m Masker) apply(s string, find finder) string {
	placeholders := m.placeholders
	if placeholders == nil {
		placeholders = builtInPlaceholders
	}
	var b strings.Builder
	end := 0
	for _, at := range append(placeholders.FindAllStringIndex(s, -1), []int{len(s), len(s)}) {
		piece := s[end:at[0]]
		rest := 0
		if strings.ContainsFunc(piece, inWord) {
			for _, f := range find(piece) {
				b.WriteString(piece[rest:f.from] + f.mask)
				rest = f.to
			}
		}
		b.WriteString(piece[rest:] + s[at[0]:at[1]])
		end = at[1]
	}
	return b.String()
}

// every makes a finder that takes what an expression matches, or its first group where it has one.
func every(expr *regexp.Regexp, mask string) finder {
	group := min(expr.NumSubexp(), 1) * 2
	return func(s string) []span {
		var out []span
		for _, at := range expr.FindAllStringSubmatchIndex(s, -1) {
			out = append(out, span{at[group], at[group+1], mask})
		}
		return out
	}
}

// inWord says whether a rune belongs to a word or a number.
func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) }

// wordGoesOn says whether what stands at i continues a word or a number.
func wordGoesOn(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return i < len(s) && inWord(r)
}
