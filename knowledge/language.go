package knowledge

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"faqbot/faq"

	"github.com/abadojack/whatlanggo"
	"golang.org/x/text/language"
)

// enoughLetters is how long a text must be for its letters' statistics to mean something; shorter ones are told by script, and by how people ask.
const enoughLetters = 25

// Detect tells the language of a text among those that are possible. It reports false where it cannot tell: a guess on a
// short text is worse than asking nobody ("Hello" is not Italian).
func Detect(text string, among []faq.Language) (faq.Language, bool) {
	possible := byScript(text, among)
	if len(possible) == 1 {
		return possible[0], true
	}
	letters := 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	if len(possible) == 0 {
		return "", false
	}
	if l, ok := byFrames(text, possible); ok {
		return l, true
	}
	if letters < enoughLetters {
		return "", false
	}
	white := map[whatlanggo.Lang]bool{}
	codes := map[whatlanggo.Lang]faq.Language{}
	for _, l := range possible {
		code := isoOf(l)
		if code < 0 {
			return "", false // of one of them there are no statistics: it would be taken for another
		}
		if !white[code] {
			codes[code] = l
		}
		white[code] = true
	}
	if len(white) < 2 {
		return "", false
	}
	info := whatlanggo.DetectWithOptions(text, whatlanggo.Options{Whitelist: white})
	l, ok := codes[info.Lang]
	return l, ok && info.IsReliable()
}

// clearlyFramed is by how many words how people ask must be of one language rather than of any other: letters alone take "can you write me a poem
// about roses" for Spanish.
const clearlyFramed = 2

// byFrames tells a language by the words that questions in it are made of.
func byFrames(text string, possible []faq.Language) (faq.Language, bool) {
	words := strings.Fields(faq.Fold(text))
	best, most, next := faq.Language(""), 0, 0
	for _, l := range possible {
		said, n := framingOf(l).words, 0
		if len(said) == 0 {
			return "", false // it cannot be compared with the others
		}
		for _, w := range words {
			if said[w] {
				n++
			}
		}
		if n > most {
			best, most, next = l, n, most
		} else if best.Base() != l.Base() {
			next = max(next, n)
		}
	}
	return best, most-next >= clearlyFramed
}

func isoOf(l faq.Language) whatlanggo.Lang {
	tag, err := language.Parse(string(l))
	if err != nil {
		return -1
	}
	base, _ := tag.Base()
	return whatlanggo.CodeToLang(cmp.Or(individual[base.ISO3()], base.ISO3()))
}

// individual names the one language of a group that statistics are kept of: the codes of people are the groups'.
var individual = map[string]string{"ara": "arb", "aze": "azj", "fas": "pes", "nor": "nob", "yid": "ydd", "zho": "cmn"}

var scripts = []*unicode.RangeTable{unicode.Latin, unicode.Cyrillic, unicode.Arabic, unicode.Devanagari, unicode.Greek,
	unicode.Hebrew, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai}

// scriptOf is the script most letters of a text belong to.
func scriptOf(text string) *unicode.RangeTable {
	counts := make([]int, len(scripts))
	for _, r := range text {
		for i, s := range scripts {
			if unicode.Is(s, r) {
				counts[i]++
				break
			}
		}
	}
	best := slices.Max(counts)
	if best == 0 {
		return nil
	}
	return scripts[slices.Index(counts, best)]
}

// languageScripts are the languages that are not written in Latin letters.
var languageScripts = map[faq.Language][]*unicode.RangeTable{
	"ru": {unicode.Cyrillic}, "uk": {unicode.Cyrillic}, "bg": {unicode.Cyrillic}, "sr": {unicode.Cyrillic, unicode.Latin},
	"ar": {unicode.Arabic}, "fa": {unicode.Arabic}, "ckb": {unicode.Arabic}, "ur": {unicode.Arabic}, "hi": {unicode.Devanagari},
	"el": {unicode.Greek}, "he": {unicode.Hebrew}, "zh": {unicode.Han}, "ja": {unicode.Hiragana, unicode.Katakana, unicode.Han},
	"ko": {unicode.Hangul}, "th": {unicode.Thai},
}

func byScript(text string, among []faq.Language) []faq.Language {
	script := scriptOf(text)
	if script == nil {
		return nil
	}
	if script == unicode.Han && strings.ContainsFunc(text, kana) {
		script = unicode.Hiragana // Japanese, however many of its characters are Chinese ones
	}
	var out []faq.Language
	for _, l := range among {
		own := languageScripts[l.Base()]
		if own == nil && script == unicode.Latin || slices.Contains(own, script) {
			out = append(out, l)
		}
	}
	return out
}

func kana(r rune) bool { return unicode.In(r, unicode.Hiragana, unicode.Katakana) }
