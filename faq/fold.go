package faq

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold reduces a question to what makes it the same question: compatibility forms, case, accents and vowel points,
// punctuation and spacing are gone. Two questions that fold alike are one question. Devanagari and other scripts whose
// marks carry the vowels keep them; the Turkish dotted and dotless i are one letter.
func Fold(s string) string {
	var b strings.Builder
	space := false
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(s, "\uFFFD")) {
		switch {
		case droppedMark(r):
		case unicode.IsLetter(r), unicode.IsNumber(r), unicode.IsMark(r):
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			if r == 'ß' || r == 'ẞ' {
				b.WriteByte('s')
			}
			b.WriteRune(foldLetter(r))
		case unicode.IsSymbol(r) && !isASCII(r) && r != fractionSlash:
			// An emoji or a currency sign stands for a word of its own.
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			b.WriteRune(r)
			space = true
		case r == '\'', r == '’':
			// "don't" and "dont" are one word.
		default:
			space = true
		}
	}
	return b.String()
}

// fractionSlash is what stands in ½ once it is taken apart; people type 1/2.
const fractionSlash = '⁄'

func isASCII(r rune) bool { return r < 0x80 }

// droppedMark are marks that people leave out when they type: Latin, Greek and Cyrillic accents, Hebrew and Arabic
// vowel points, the Arabic tatweel, and invisible joiners and direction marks.
func droppedMark(r rune) bool {
	switch {
	case r >= 0x0300 && r <= 0x036F, r >= 0x0591 && r <= 0x05C7, r >= 0x0610 && r <= 0x061A,
		r >= 0x064B && r <= 0x065F, r == 0x0670, r >= 0x06D6 && r <= 0x06ED, r == 0x0640,
		r >= 0xFE00 && r <= 0xFE0F:
		return true
	}
	return unicode.Is(unicode.Cf, r)
}

func foldLetter(r rune) rune {
	switch r = unicode.ToLower(r); r {
	case 'ı':
		return 'i'
	case 'ß':
		return 's'
	case 'ς':
		return 'σ'
	case 'ى':
		return 'ي'
	case 'ة':
		return 'ه'
	}
	return r
}
