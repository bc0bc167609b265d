package knowledge

import (
	"cmp"
	"unicode"

	"faqbot/faq"
)

const (
	// shortestMended is how long a word must be to be taken for a slip of the keyboard: short words are near too many others.
	shortestMended = 5
	// mostMended bounds the work for one utterance.
	mostMended = 3
)

// form names a word as it is written, by 64 bits: hundreds are looked up for each unknown word, and with the 30 of a feature one in twenty of these
// would meet another word of a large FAQ by accident.
type form uint64

// formOf is FNV-1a over the letters.
func formOf(letters []rune) form {
	h := uint64(14695981039346656037)
	for _, r := range letters {
		h = (h ^ uint64(r)) * 1099511628211
	}
	return form(h)
}

// mend puts the FAQ's own word in the place of one that is one letter off and that neither the FAQ nor the language's lists know ("pasword").
// A number or a model that is one digit off is another one.
func mend(ts []token, language faq.Language, f *frequencies) {
	stemmer := stemmerOf(language)
	defer stemmer.release()
	mended := 0
	for i, t := range ts {
		if mended == mostMended {
			return
		}
		if x := wordOf(t.stem); f.known(x) || f.common[x] > 0 || f.forms[formOf([]rune(t.word))] > 0 || hasDigit(t.word) || thesaurusOf(language).has(t.stem) {
			continue
		}
		letters := []rune(t.word)
		if len(letters) < shortestMended || len(letters) > maxWord {
			continue
		}
		mended++
		if word, ok := f.nearest(letters); ok {
			ts[i] = token{word: word, stem: stemmer.stem(word), written: t.word}
		}
	}
}

// nearest is the word that occurs in most entries among those one letter more, less, other or changed round.
func (f *frequencies) nearest(letters []rune) (string, bool) {
	best, most := "", 0
	try := func(candidate []rune) {
		n := f.forms[formOf(candidate)]
		if n == 0 || n < most {
			return
		}
		if word := string(candidate); n > most || cmp.Compare(word, best) < 0 {
			best, most = word, n
		}
	}
	alphabet := alphabetOf(letters[0])
	buffer := make([]rune, len(letters)+1)
	for i := range len(letters) + 1 {
		longer := buffer[:len(letters)+1]
		copy(longer, letters[:i])
		copy(longer[i+1:], letters[i:])
		for _, r := range alphabet {
			longer[i] = r
			try(longer)
		}
	}
	for i := range letters {
		shorter := buffer[:len(letters)-1]
		copy(shorter, letters[:i])
		copy(shorter[i:], letters[i+1:])
		try(shorter)
		same := buffer[:len(letters)]
		copy(same, letters)
		for _, r := range alphabet {
			same[i] = r
			try(same)
		}
		if same[i] = letters[i]; i+1 < len(letters) {
			same[i], same[i+1] = letters[i+1], letters[i]
			try(same)
		}
	}
	return best, most > 0
}

// alphabets are the letters that are tried, folded as words are; those of other scripts are found by their characters in common.
var alphabets = map[*unicode.RangeTable][]rune{
	unicode.Latin:      []rune("abcdefghijklmnopqrstuvwxyz"),
	unicode.Cyrillic:   []rune(faq.Fold("абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґ")),
	unicode.Greek:      []rune(faq.Fold("αβγδεζηθικλμνξοπρστυφχψω")),
	unicode.Arabic:     []rune(faq.Fold("ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءئؤ")),
	unicode.Devanagari: []rune(faq.Fold("अआइईउऊएऐओऔकखगघचछजझटठडढणतथदधनपफबभमयरलवशषसह") + "ािीुूेैोौंँ्"),
	unicode.Hebrew:     []rune("אבגדהוזחטיכלמנסעפצקרשתםןץףך"),
}

func alphabetOf(letter rune) []rune {
	for script, letters := range alphabets {
		if unicode.Is(script, letter) {
			return letters
		}
	}
	return nil
}
