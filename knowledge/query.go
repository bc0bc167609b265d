package knowledge

import (
	"math"
	"slices"
	"strings"

	"faqbot/faq"
)

// maxUtterance is how many bytes of an utterance are read: twice the longest phrasing that can be published, in its widest letters.
const maxUtterance = 8 << 10

// readable is what is read of an utterance, so that a message of a megabyte costs no more than a long one.
func readable(utterance string) string {
	if len(utterance) <= maxUtterance {
		return utterance
	}
	return strings.ToValidUTF8(utterance[:maxUtterance], "")
}

// query is an utterance as evidence, ready to be compared with many documents.
type query struct {
	folded   string
	language faq.Language
	tokens   []token
	table    table
	norm     float64
	scratch  []float64
	// words are the utterance's words with their weights, mass the sum of these and known the part of it that occurs in the FAQ.
	words []queryWord
	mass  float64
	known float64
	// content has a bit for each word that is not just how people ask.
	content uint64
	// spoken is the share of the utterance's words that occur in its language, each counting the same.
	spoken float64
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
	q.table = newTable(2*len(b) + 128)
	sum := 0.0
	for _, c := range b {
		idf := f.weight(c.feature)
		w := damp(c.count) * idf
		sum += w * w
		// A document's weight is its damped count times idf: one idf of the product can be multiplied in here.
		q.table.put(c.feature, w*idf, 0, 0)
	}
	q.norm = math.Sqrt(sum)
	q.addWords(f)
	q.addKin(thesaurusOf(language), f)
	for i, w := range q.words {
		q.mass += w.weight
		if w.weight > 0 && f.common[w.feature] == 0 {
			q.content |= wordBit(i)
		}
		switch {
		case f.known(w.feature):
			q.known += w.weight
		default:
			q.known += kinship * min(w.weight, heaviest(w.others, f))
		}
	}
	q.spoken = q.spokenShare(f)
	return q
}

// spokenShare does not weigh words: those of a language that few entries have would weigh more than the same words of the others.
func (q *query) spokenShare(f *frequencies) float64 {
	all, spoken := 0.0, 0.0
	for _, w := range q.words {
		if w.weight == 0 {
			continue
		}
		all++
		switch in := func(x feature) bool { return f.spoken[x.in(q.language)] > 0 }; {
		case in(w.feature):
			spoken++
		case slices.ContainsFunc(w.others, in):
			spoken += kinship
		}
	}
	return spoken / max(1, all)
}

// knownShare is the part of the utterance's weight that occurs in the FAQ.
func (q *query) knownShare() float64 {
	if q.mass == 0 {
		return 0
	}
	return q.known / q.mass
}

// heaviest is the weight of the rarest of features that are known: what stands for an unknown word is no rarer than itself.
func heaviest(known []feature, f *frequencies) float64 {
	most := 0.0
	for _, x := range known {
		most = max(most, f.wordWeight(x))
	}
	return most
}

// addWords keeps one queryWord for each token; a repeated word counts once.
func (q *query) addWords(f *frequencies) {
	q.words = make([]queryWord, len(q.tokens))
	seen := map[feature]bool{}
	for i, t := range q.tokens {
		x := hashString(kindWord, t.stem)
		q.words[i].feature = x
		if !seen[x] {
			q.words[i].weight = f.wordWeight(x)
		}
		seen[x] = true
		q.table.put(x, tiny, wordBit(i), 0)
	}
}

// tiny marks a word in the table without changing what it weighs there.
const tiny = 1e-12

// wordBit stands for a word of the utterance; those after the 64th have none.
func wordBit(i int) uint64 {
	if i >= 64 {
		return 0
	}
	return 1 << i
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
				bits := uint64(0)
				if j == 0 {
					for k := range size {
						q.words[i+k].others = append(q.words[i+k].others, x)
						q.words[i+k].kin = append(q.words[i+k].kin, stem)
						bits |= wordBit(i + k)
					}
				}
				// A kin of several words shares the weight among them.
				q.table.put(x, kinship/float64(len(other))*idf*idf, 0, bits)
				if j > 0 {
					pair := hashString(kindPair, other[j-1]+" "+stem)
					idf := f.weight(pair)
					q.table.put(pair, kinship*idf*idf, 0, 0)
				}
			}
		})
	}
}

// similar is the cosine of a dot product with a document of a length, 0–1.
func (q *query) similar(dot, length float64) float64 {
	if q.norm == 0 || length == 0 {
		return 0
	}
	return min(1, dot/(q.norm*length))
}

func (q *query) dot(b bag) float64 {
	sum := 0.0
	for _, c := range b {
		if h := q.table.at(c.feature); h != nil {
			sum += h.weight * damp(c.count)
		}
	}
	return sum
}

// found is what a look through a document's questions and phrasings found.
type found struct {
	whole float64   // dot product with all of them as one document
	ways  []float64 // and with each; good until the next look
	// words and kin are those of the utterance that occur, as themselves or as another word of the same meaning.
	words, kin uint64
}

func (q *query) look(d *document) found {
	q.scratch = slices.Grow(q.scratch[:0], len(d.languages))[:len(d.languages)]
	clear(q.scratch)
	f := found{ways: q.scratch}
	for i, c := range d.body {
		h := q.table.at(c.feature)
		if h == nil {
			continue
		}
		f.whole += h.weight * damp(c.count)
		f.words |= h.words
		f.kin |= h.kin
		for _, s := range d.spots[d.starts[i]:d.starts[i+1]] {
			q.scratch[s.way] += h.weight * damp(float32(s.count))
		}
	}
	return f
}

// share is the part of the utterance's word weight that words and, for less, their kin make up.
func (q *query) share(words, kin uint64) float64 {
	if q.mass == 0 {
		return 0
	}
	sum := 0.0
	for i, w := range q.words[:min(64, len(q.words))] {
		switch bit := uint64(1) << i; {
		case words&bit != 0:
			sum += w.weight
		case kin&bit != 0:
			sum += kinship * w.weight
		}
	}
	return sum / q.mass
}

// hit is what a feature of a document means for the utterance.
type hit struct {
	feature feature
	weight  float64
	// words are the words of the utterance that the feature is, kin those it may stand for; a bit for each of the first 64.
	words, kin uint64
}

// table is a small hash table from features to hits: the inner loop of ranking looks up tens of thousands of features per
// utterance, which a map does four times slower.
type table struct {
	slots []hit
	mask  feature
	used  int
	// seen has a bit for each feature: most look-ups are for features that the utterance does not have, and end here.
	seen [seenBits / 64]uint64
}

const seenBits = 8192

func newTable(n int) table {
	size := 64
	for size < 2*n {
		size *= 2
	}
	return table{slots: make([]hit, size), mask: feature(size - 1)}
}

// put raises a feature's weight and adds its words; once the table is three quarters full new features are dropped rather than slow
// every look-up.
func (t *table) put(f feature, weight float64, words, kin uint64) {
	i := f & t.mask
	for t.slots[i].weight != 0 && t.slots[i].feature != f {
		i = (i + 1) & t.mask
	}
	h := &t.slots[i]
	if h.weight == 0 {
		if 4*t.used > 3*len(t.slots) || weight <= 0 {
			return
		}
		t.used++
		h.feature = f
		t.seen[f%seenBits/64] |= 1 << (f % 64)
	}
	h.weight = max(h.weight, weight)
	h.words |= words
	h.kin |= kin
}

// at returns what a feature means, or nil.
func (t *table) at(f feature) *hit {
	if t.seen[f%seenBits/64]&(1<<(f%64)) == 0 {
		return nil
	}
	for i := f & t.mask; t.slots[i].weight != 0; i = (i + 1) & t.mask {
		if t.slots[i].feature == f {
			return &t.slots[i]
		}
	}
	return nil
}
