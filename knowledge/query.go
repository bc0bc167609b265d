package knowledge

import (
	"math"

	"faqbot/faq"
)

// query is an utterance as evidence, ready to be compared with many documents.
type query struct {
	folded   string
	language faq.Language
	tokens   []token
	table    table
	norm     float64
	// words are the utterance's words with their weights, mass the sum of these and known the part of it that occurs in the FAQ.
	words []queryWord
	mass  float64
	known float64
}

// queryWord is a word of the utterance with what may stand for it.
type queryWord struct {
	feature feature
	weight  float64
	others  []feature
	kin     []string // the stems of others
}

// kinship is what a word of the same meaning counts for, next to the word itself. Fitted on the training halves.
const kinship = 0.7

func newQuery(utterance string, language faq.Language, f *frequencies) *query {
	q := &query{folded: faq.Fold(utterance), language: language.Base(), tokens: tokens(utterance, language, maxQueryWords)}
	b := bagOf(q.tokens)
	q.table = newTable(3*len(b) + 64)
	sum := 0.0
	for _, c := range b {
		idf := f.weight(c.feature)
		w := damp(c.count) * idf
		sum += w * w
		// A document's weight is its damped count times idf: one idf of the product can be multiplied in here.
		q.table.put(c.feature, w*idf)
	}
	q.norm = math.Sqrt(sum)
	q.addWords(f)
	q.addKin(thesaurusOf(language), f)
	for _, w := range q.words {
		q.mass += w.weight
		switch {
		case f.known(w.feature):
			q.known += w.weight
		case anyKnown(w.others, f):
			q.known += kinship * w.weight
		}
	}
	return q
}

// knownShare is the part of the utterance's weight that occurs in the FAQ.
func (q *query) knownShare() float64 {
	if q.mass == 0 {
		return 0
	}
	return q.known / q.mass
}

func anyKnown(features []feature, f *frequencies) bool {
	for _, x := range features {
		if f.known(x) {
			return true
		}
	}
	return false
}

// addWords keeps one queryWord for each token; a repeated word counts once.
func (q *query) addWords(f *frequencies) {
	q.words = make([]queryWord, len(q.tokens))
	seen := map[feature]bool{}
	for i, t := range q.tokens {
		x := hashString(kindWord, t.stem)
		q.words[i].feature = x
		if !seen[x] {
			q.words[i].weight = f.weight(x)
		}
		seen[x] = true
	}
}

// addKin adds words of the same meaning to the table, as far as the FAQ has them, and to the words they may stand for.
func (q *query) addKin(t *thesaurus, f *frequencies) {
	for i := range q.tokens {
		t.others(q.tokens, i, func(size int, other term) {
			for j, stem := range other {
				x := hashString(kindWord, stem)
				if !f.known(x) {
					continue
				}
				idf := f.weight(x)
				// A kin of several words shares the weight among them.
				part := kinship / float64(len(other))
				if q.table.at(x) < part*idf*idf {
					q.table.put(x, part*idf*idf)
				}
				if j == 0 || len(other) == 1 {
					for k := range size {
						q.words[i+k].others = append(q.words[i+k].others, x)
						q.words[i+k].kin = append(q.words[i+k].kin, stem)
					}
				}
				if j > 0 {
					pair := hashString(kindPair, other[j-1]+" "+stem)
					idf := f.weight(pair)
					q.table.put(pair, kinship*idf*idf)
				}
			}
		})
	}
}

// cosine is the similarity of the utterance with a bag of a given length, 0–1.
func (q *query) cosine(b bag, length float64) float64 {
	if q.norm == 0 || length == 0 {
		return 0
	}
	dot := 0.0
	for _, c := range b {
		if w := q.table.at(c.feature); w != 0 {
			dot += w * damp(c.count)
		}
	}
	return min(1, dot/(q.norm*length))
}

// share is how much of a word bags hold: 1 for the word itself, less for one of the same meaning.
func (w queryWord) share(bags ...bag) float64 {
	for _, b := range bags {
		if b.has(w.feature) {
			return 1
		}
	}
	for _, b := range bags {
		for _, x := range w.others {
			if b.has(x) {
				return kinship
			}
		}
	}
	return 0
}

// covered is the share of the utterance's word weight that bags of words hold.
func (q *query) covered(bags ...bag) float64 {
	if q.mass == 0 {
		return 0
	}
	sum := 0.0
	for _, w := range q.words {
		if w.weight > 0 {
			sum += w.weight * w.share(bags...)
		}
	}
	return sum / q.mass
}

func (b bag) count(f feature) float32 {
	low, high := 0, len(b)
	for low < high {
		mid := (low + high) / 2
		if b[mid].feature < f {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low < len(b) && b[low].feature == f {
		return b[low].count
	}
	return 0
}

func (b bag) has(f feature) bool { return b.count(f) > 0 }

// table is a small hash table from features to weights: the inner loop of ranking looks up tens of thousands of features per
// utterance, which a map does four times slower.
type table struct {
	keys    []feature
	weights []float64
	mask    feature
	used    int
}

func newTable(n int) table {
	size := 64
	for size < 2*n {
		size *= 2
	}
	return table{keys: make([]feature, size), weights: make([]float64, size), mask: feature(size - 1)}
}

// put sets a weight; once the table is three quarters full new features are dropped rather than slow every look-up.
func (t *table) put(f feature, w float64) {
	i := f & t.mask
	for t.weights[i] != 0 && t.keys[i] != f {
		i = (i + 1) & t.mask
	}
	if t.weights[i] == 0 {
		if 4*t.used > 3*len(t.keys) {
			return
		}
		t.used++
	}
	t.keys[i], t.weights[i] = f, w
}

func (t *table) at(f feature) float64 {
	i := f & t.mask
	for t.weights[i] != 0 {
		if t.keys[i] == f {
			return t.weights[i]
		}
		i = (i + 1) & t.mask
	}
	return 0
}
