package knowledge

import (
	"math"

	"faqbot/faq"
)

// rows of the frequency table; features that share a row share a count, which only makes a rare one look less rare.
const rows = 1 << 18

// frequencies counts in how many entries a feature occurs.
type frequencies struct {
	entries int
	counts  []uint32
	// words counts whole words alone, each for itself: whether one is known decides whether it is taken for a misspelt one, and in a large FAQ
	// half of the rows are taken.
	words map[feature]int
	// spoken counts the same as words of each language.
	spoken map[feature]int
	// forms counts words as they are written.
	forms map[form]int
	// languages counts the entries that speak each; its frames are counted as long as one does, in counts and as words in common.
	languages map[faq.Language]int
	frames    int
	common    map[feature]int
	// synonyms are the editors' own, by base language.
	synonyms map[faq.Language]*thesaurus
	// weights are the inverse document frequencies by count, for this number of entries.
	weights []float64
}

func newFrequencies() *frequencies {
	f := &frequencies{counts: make([]uint32, rows), words: map[feature]int{}, spoken: map[feature]int{},
		forms: map[form]int{}, languages: map[faq.Language]int{}, common: map[feature]int{}}
	f.settle()
	return f
}

// add counts what occurs in an entry, or takes it back with -1. Call settle after the last.
func (f *frequencies) add(c census, sign int) {
	for _, x := range c.features {
		f.counts[x%rows] += uint32(sign) // two's complement: adding 2³²−1 subtracts one
	}
	addEach(f.words, c.words, sign)
	addEach(f.spoken, c.spoken, sign)
	addEach(f.forms, c.forms, sign)
	f.entries += sign
	for _, language := range c.speaks {
		f.speak(language, sign)
	}
}

// speak counts an entry in a language, or takes it back; the first brings the language's frames.
func (f *frequencies) speak(language faq.Language, sign int) {
	before := f.languages[language]
	f.languages[language] = before + sign
	if before > 0 && before+sign > 0 {
		return
	}
	for _, frame := range framingOf(language).frames {
		for _, x := range frame.features {
			f.counts[x%rows] += uint32(perFrame * sign)
		}
		addEach(f.common, frame.words, perFrame*sign)
		f.frames += sign
	}
}

// perFrame is what a word of a frame counts: a question has room for two of them. Fitted on the training halves.
const perFrame = 2

func addEach[K feature | form](counts map[K]int, features []K, sign int) {
	for _, x := range features {
		if counts[x] += sign; counts[x] <= 0 {
			delete(counts, x)
		}
	}
}

// tabulated bounds the table of weights; rarer than that many entries is all that needs precision.
const tabulated = 1 << 15

// settle makes the weights fit the number of entries: smoothed inverse document frequencies, ln((1+N)/(1+n))+1.
func (f *frequencies) settle() {
	f.weights = make([]float64, min(f.entries+2, tabulated))
	for n := range f.weights {
		f.weights[n] = f.formula(n)
	}
}

func (f *frequencies) formula(n int) float64 {
	return math.Log(float64(1+f.entries+f.frames)/float64(1+n)) + 1
}

// weight is what a feature counts for: its rarity, by its kind.
func (f *frequencies) weight(x feature) float64 {
	return kindWeights[x.kind()] * f.rarity(int(f.counts[x%rows]))
}

// wordWeight is the weight of a word by its own count.
func (f *frequencies) wordWeight(word feature) float64 {
	return f.rarity(f.words[word] + f.common[word])
}

func (f *frequencies) rarity(n int) float64 {
	if n < len(f.weights) {
		return f.weights[n]
	}
	return math.Max(f.formula(n), 0.1) // rows are shared, so a count may exceed the number of entries
}

// count is in how many entries a word occurs.
func (f *frequencies) count(word feature) int { return f.words[word] }

func (f *frequencies) known(word feature) bool { return f.words[word] > 0 }
