package knowledge

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"faqbot/faq"
)

// feature names a piece of evidence by a hash: a word, a pair of neighbouring words, or 2–5 characters inside a word.
// 32 bits keep accidental meetings rare: about one in 40,000 for a query's features against a vocabulary of 100,000.
type feature uint32

// in is a word as one of a language: which language an utterance is in is told by where its words occur.
func (f feature) in(language faq.Language) feature { return f ^ hashString('l', string(language)) }

// bag counts features, sorted by feature. Counts are raw, so that a bag does not change when other entries do.
type bag []counted

type counted struct {
	feature feature
	count   float32
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

func hashRunes(kind byte, runes []rune) feature {
	h := hashed(hashSeed, rune(kind))
	for _, r := range runes {
		h = hashed(h, r)
	}
	return mixed(h)
}

func hashString(kind byte, s string) feature {
	h := hashed(hashSeed, rune(kind))
	for _, r := range s {
		h = hashed(h, r)
	}
	return mixed(h)
}

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

const (
	kindWord = 'w'
	kindPair = 'p'
	kindGram = 'g'
)

// token is a word of a text: as it was folded, and its stem.
type token struct{ word, stem string }

// tokens are the words of a text in a language, at most limit (0: all). Han, Hiragana, Katakana and Thai are written without blanks; each
// run of them is cut into single characters here, and pairs and grams put them together again.
func tokens(text string, language faq.Language, limit int) []token {
	var out []token
	stemmer := stemmerOf(language)
	defer stemmer.release()
	for _, run := range strings.Fields(faq.Fold(text)) {
		for _, w := range cutUnspaced(run) {
			if limit > 0 && len(out) >= limit {
				return out
			}
			out = append(out, token{w, stemmer.stem(w)})
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

// collector gathers features before they are counted.
type collector struct {
	features []feature
	buffer   []rune
}

func (c *collector) words(tokens []token) {
	before := ""
	for _, t := range tokens {
		c.add(hashString(kindWord, t.stem))
		if before != "" {
			c.add(hashString(kindPair, before+" "+t.stem))
		}
		before = t.stem
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

func (c *collector) bag() bag {
	slices.Sort(c.features)
	distinct := 0
	for i, f := range c.features {
		if i == 0 || f != c.features[i-1] {
			distinct++
		}
	}
	out := make(bag, 0, distinct)
	for i, f := range c.features {
		if i > 0 && f == c.features[i-1] {
			out[len(out)-1].count++
			continue
		}
		out = append(out, counted{f, 1})
	}
	return out
}

func bagOf(tokens []token) bag {
	var c collector
	c.words(tokens)
	return c.bag()
}

// sum adds bags up.
func sum(bags []bag) bag {
	switch n := len(bags); n {
	case 0:
		return nil
	case 1:
		return bags[0]
	default:
		return added(sum(bags[:n/2]), sum(bags[n/2:]))
	}
}

func added(a, b bag) bag {
	out := make(bag, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch x, y := a[0], b[0]; {
		case x.feature < y.feature:
			out, a = append(out, x), a[1:]
		case y.feature < x.feature:
			out, b = append(out, y), b[1:]
		default:
			out, a, b = append(out, counted{x.feature, x.count + y.count}), a[1:], b[1:]
		}
	}
	return append(append(out, a...), b...)
}

func (b bag) features() []feature {
	out := make([]feature, len(b))
	for i, c := range b {
		out[i] = c.feature
	}
	return out
}

// wordBag counts whole words alone: what is kept of answers, whose characters say too little for what they cost.
func wordBag(tokens []token) bag {
	c := collector{features: make([]feature, 0, len(tokens))}
	for _, t := range tokens {
		c.add(hashString(kindWord, t.stem))
	}
	return c.bag()
}

// damped are the dampened small counts; nearly all are small.
var damped = func() (table [64]float64) {
	for i := 1; i < len(table); i++ {
		table[i] = 1 + math.Log(float64(i))
	}
	return table
}()

// damp is sublinear term frequency: the tenth repetition says less than the second.
func damp(count float32) float64 {
	if int(count) < len(damped) {
		return damped[int(count)]
	}
	return 1 + math.Log(float64(count))
}
