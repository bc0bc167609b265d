package knowledge

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"faqbot/faq"
)

// feature names a piece of evidence by a hash: a word, two words with or without one between them, or 2–5 characters inside a word. The top two
// bits are its kind. The other 30 keep accidental meetings rare: about one in 10,000 for a query's features against a vocabulary of 100,000.
type feature uint32

// kind is the sort of a feature.
type kind byte

const (
	kindWord kind = iota
	kindPair
	kindGram
	kindSkip
	// kindLanguage is mixed into words, so that the same word of two languages is two.
	kindLanguage
)

// kindWeights are what a feature counts for by its kind: characters say less than words, for a word brings many. Fitted on the training halves.
var kindWeights = [4]float64{kindWord: 1.5, kindPair: 1, kindGram: 0.7, kindSkip: 0.5}

const (
	kindShift = 30
	hashBits  = 1<<kindShift - 1
)

func (f feature) kind() kind { return kind(f >> kindShift) }

// in is a word as one of a language: which language an utterance is in is told by where its words occur.
func (f feature) in(language faq.Language) feature {
	return (f ^ hashString(kindLanguage, string(language))) & hashBits
}

const (
	shortestGram, longestGram = 2, 5
	// maxQueryWords bounds the work for one utterance: nobody asks a question in more words, and floods must not cost.
	maxQueryWords = 120
	// maxWord bounds n-grams of one word.
	maxWord = 40
)

// FNV-1a, by hand because hash/fnv allocates for every piece.
const (
	hashSeed  = 2166136261
	hashPrime = 16777619
)

func hashRunes(k kind, runes []rune) feature {
	h := hashed(hashSeed, rune(k))
	for _, r := range runes {
		h = hashed(h, r)
	}
	return named(k, h)
}

func hashString(k kind, s string) feature {
	h := hashed(hashSeed, rune(k))
	for _, r := range s {
		h = hashed(h, r)
	}
	return named(k, h)
}

// named is the feature of a kind with a hash.
func named(k kind, h uint32) feature { return feature(k&3)<<kindShift | mixed(h)&hashBits }

func hashed(h uint32, r rune) uint32 {
	h = (h ^ uint32(r)) * hashPrime
	return (h ^ uint32(r)>>8) * hashPrime
}

// mixed is a last mix: the low bits pick a row of the frequency table.
func mixed(h uint32) feature {
	h ^= h >> 15
	h *= 0x2c1b3c6d
	h ^= h >> 12
	return feature(h)
}

// token is a word of a text: as it was folded, and its stem; and as it was written, where it was mended.
type token struct{ word, stem, written string }

// tokens are the words of a text in a language, at most limit (0: all). Han, Hiragana, Katakana and Thai are written without blanks; each
// run of them is cut into single characters here, and pairs and grams put them together again.
func tokens(text string, language faq.Language, limit int) []token {
	stemmer := stemmerOf(language)
	defer stemmer.release()
	runs := strings.Fields(faq.Fold(text))
	out := make([]token, 0, len(runs))
	for _, run := range runs {
		for _, w := range cutUnspaced(run) {
			if limit > 0 && len(out) >= limit {
				return out
			}
			out = append(out, token{word: w, stem: stemmer.stem(w)})
		}
	}
	return out
}

func cutUnspaced(word string) []string {
	if !strings.ContainsFunc(word, unspaced) {
		return []string{word}
	}
	var out []string
	rest := ""
	for _, r := range word {
		if unspaced(r) {
			if rest != "" {
				out = append(out, rest)
				rest = ""
			}
			out = append(out, string(r))
			continue
		}
		rest += string(r)
	}
	if rest != "" {
		out = append(out, rest)
	}
	return out
}

func unspaced(r rune) bool {
	return r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai)
}

// collector gathers features; the same one may come again.
type collector struct {
	features []feature
	buffer   []rune
}

func (c *collector) words(tokens []token) {
	before, skipped := "", ""
	for _, t := range tokens {
		c.add(wordOf(t.stem))
		if before != "" {
			c.add(hashString(kindPair, before+" "+t.stem))
		}
		if skipped != "" {
			c.add(hashString(kindSkip, skipped+" "+t.stem))
		}
		skipped, before = before, t.stem
		c.grams(t.word)
	}
}

func (c *collector) add(f feature) { c.features = append(c.features, f) }

// grams adds the characters of a word with its borders, so that "re" at the beginning is not "re" inside.
func (c *collector) grams(word string) {
	c.buffer = append(c.buffer[:0], ' ')
	for _, r := range word {
		if len(c.buffer) > maxWord {
			break
		}
		c.buffer = append(c.buffer, r)
	}
	c.buffer = append(c.buffer, ' ')
	for n := shortestGram; n <= longestGram; n++ {
		for i := 0; i+n <= len(c.buffer); i++ {
			c.add(hashRunes(kindGram, c.buffer[i:i+n]))
		}
	}
}

// distinct are the features gathered, sorted, each once. How often one occurs in a single way to ask says nothing: in how many ways, a lot.
func (c *collector) distinct() []feature { return slices.Clone(c.sorted()) }

// sorted are the same, until more are gathered.
func (c *collector) sorted() []feature {
	slices.Sort(c.features)
	return slices.Compact(c.features)
}

func wordOf(stem string) feature { return hashString(kindWord, stem) }

func featuresOf(tokens []token) []feature {
	var c collector
	c.words(tokens)
	return c.distinct()
}

// wordsOf are the whole words alone.
func wordsOf(tokens []token) []feature {
	c := collector{features: make([]feature, 0, len(tokens))}
	for _, t := range tokens {
		c.add(wordOf(t.stem))
	}
	return c.distinct()
}

// union joins sorted features.
func union(a, b []feature) []feature {
	out := make([]feature, 0, len(a)+len(b))
	for _, x := range a {
		for len(b) > 0 && b[0] < x {
			out, b = append(out, b[0]), b[1:]
		}
		if len(b) > 0 && b[0] == x {
			b = b[1:]
		}
		out = append(out, x)
	}
	return append(out, b...)
}

// damped are the dampened small counts; nearly all are small.
var damped = func() (table [64]float64) {
	for i := 1; i < len(table); i++ {
		table[i] = 1 + math.Log(float64(i))
	}
	return table
}()

// damp is sublinear frequency: the tenth phrasing with a word says less than the second.
func damp(count int) float64 {
	if count < len(damped) {
		return damped[count]
	}
	return 1 + math.Log(float64(count))
}

func hasDigit(word string) bool { return strings.ContainsFunc(word, unicode.IsNumber) }
