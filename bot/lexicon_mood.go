package bot

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"faqbot/faq"
)

// mood are the words by which a message sounds upset, or says that it cannot wait.
type mood struct {
	words phrases
	// stems begin such words, whatever their ending.
	stems map[string]bool
	// not are the phrases that hold such words and say something else: "not urgent", "a rubbish bin".
	not phrases
}

func newMood(lists map[string][]string, name, not string) mood {
	m := mood{words: newPhrases(lists[name]), stems: map[string]bool{}, not: newPhrases(lists[not])}
	for _, stem := range lists[name+"_stem"] {
		m.stems[faq.Fold(stem)] = true
	}
	return m
}

// mark marks the words that say something else than they sound.
func (m mood) mark(words []string, innocent []bool) {
	for i := range words {
		for k := range m.not.at(words, i) {
			innocent[i+k] = true
		}
	}
}

// in reports whether words that are not innocent are of the mood.
func (m mood) in(words []string, innocent []bool) bool {
	for i := range words {
		n := m.words.at(words, i)
		if n == 0 && m.begins(words[i]) {
			n = 1
		}
		if n > 0 && !slices.Contains(innocent[i:i+n], true) {
			return true
		}
	}
	return false
}

const (
	// leastStem and longestStem are the bytes of a stem: only so much of a word is looked up.
	leastStem, longestStem = 4, 24
)

func (m mood) begins(word string) bool {
	for n := leastStem; n <= min(longestStem, len(word)); n++ {
		if m.stems[word[:n]] {
			return true
		}
	}
	return false
}

// Upset reports whether a message sounds upset: its words, many exclamation marks, or a long text in capitals.
func (l *Lexicon) Upset(utterance string) bool {
	return l.sounds(utterance, func(w wordLists) mood { return w.upset }) ||
		strings.Contains(utterance, "!!!") || shouted(utterance) || starred(utterance)
}

// starred reports whether a swear word is hidden behind stars: "f**k".
func starred(s string) bool {
	for i := range len(s) {
		if s[i] != '*' || i == 0 {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		after, _ := utf8.DecodeRuneInString(strings.TrimLeft(s[i:], "*"))
		if unicode.IsLetter(before) && unicode.IsLetter(after) {
			return true
		}
	}
	return false
}

// Urgent reports whether a message says that it cannot wait.
func (l *Lexicon) Urgent(utterance string) bool {
	return l.sounds(utterance, func(w wordLists) mood { return w.urgent })
}

// sounds asks every language for a mood. What is innocent in one is so in all: languages borrow "emergency" from one another.
func (l *Lexicon) sounds(utterance string, of func(wordLists) mood) bool {
	words := l.spelling.mended(strings.Fields(faq.Fold(utterance)), false)
	innocent := make([]bool, len(words))
	for _, language := range l.languages {
		of(l.words[language]).mark(words, innocent)
	}
	return slices.ContainsFunc(l.languages, func(language faq.Language) bool { return of(l.words[language]).in(words, innocent) })
}

// loudLetters is how many capitals in a row of words make a shout rather than an abbreviation.
const loudLetters = 15

func shouted(s string) bool {
	upper := 0
	for _, r := range s {
		switch {
		case strings.ToLower(string(r)) != string(r):
			upper++
		case strings.ToUpper(string(r)) != string(r):
			return false
		}
	}
	return upper >= loudLetters
}
