package knowledge

import (
	"cmp"
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
	// content has a bit for each word that is not just how people ask, numbers for each with a digit.
	content, numbers uint64
	negated          bool
	// few is true where the FAQ has few entries.
	few bool
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

// fewEntries is how many a FAQ has in which the other entries tell little of what one is not about.
const fewEntries = 20

// kinship is what a word of the same meaning counts for, next to the word itself. Fitted on the training halves.
const kinship = 0.7

// sameness is what a word counts for that an editor has said to mean the same.
const sameness = 0.9

func newQuery(utterance string, language faq.Language, f *frequencies) *query {
	q := &query{folded: faq.Fold(utterance), language: language.Base(), tokens: tokens(utterance, language, maxQueryWords)}
	q.negated, q.few = negates(q.tokens, language), f.entries <= fewEntries
	q.tokens = f.synonyms[q.language].substitute(q.tokens, f)
	mend(q.tokens, language, f)
	features := featuresOf(q.tokens)
	q.table = newTable(2*len(features) + 128)
	sum := 0.0
	for _, x := range features {
		w := f.weight(x)
		sum += w * w
	}
	q.norm = math.Sqrt(sum)
	for _, x := range features {
		// A document's weight is its damped count times the feature's weight: the feature's part of the product can be multiplied in here.
		w := f.weight(x)
		q.table.put(x, w*w, w/q.norm, 0, 0)
	}
	q.addWords(f)
	q.addKin(thesaurusOf(language), kinship, f)
	if own := f.synonyms[q.language]; own != nil {
		q.addKin(own, sameness, f)
	}
	for i, w := range q.words {
		q.mass += w.weight
		if w.weight > 0 && f.common[w.feature] == 0 {
			q.content |= wordBit(i)
		}
		if hasDigit(q.tokens[i].word) {
			q.numbers |= wordBit(i)
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
		x := wordOf(t.stem)
		q.words[i].feature = x
		if !seen[x] && i < mostWeighed {
			q.words[i].weight = f.wordWeight(x)
		}
		seen[x] = true
		q.table.put(x, tiny, 0, wordBit(i), 0)
	}
}

// mostWeighed is how many words of an utterance can be told apart by a bit each; those after them say too little to be asked for.
const mostWeighed = 64

// tiny marks a word in the table without changing what it weighs there.
const tiny = 1e-12

// wordBit stands for a word of the utterance; those after the 64th have none.
func wordBit(i int) uint64 {
	if i >= mostWeighed {
		return 0
	}
	return 1 << i
}

// addKin adds words of the same meaning to the table, as far as the FAQ has them, and to the words they may stand for.
func (q *query) addKin(t *thesaurus, kinship float64, f *frequencies) {
	for i := range q.tokens {
		t.others(q.tokens, i, func(size int, other term) {
			for j, stem := range other {
				x := wordOf(stem)
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
				q.table.put(x, kinship/float64(len(other))*idf*idf, 0, 0, bits)
				if j > 0 {
					pair := hashString(kindPair, other[j-1]+" "+stem)
					idf := f.weight(pair)
					q.table.put(pair, kinship*idf*idf, 0, 0, 0)
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

// found is what a look through a document's ways to ask found.
type found struct {
	whole float64   // dot product with all of them as one document; with those in the utterance's language, where they are in several
	ways  []float64 // and with each; good until the next look
	// margin is the trained model's, before its bias.
	margin float64
	// words and kin are those of the utterance that occur, as themselves or as another word of the same meaning.
	words, kin uint64
}

// look is where ranking spends its time: one pass over the document's features, most of which the utterance does not have.
func (q *query) look(d *document, m *model) found {
	q.scratch = slices.Grow(q.scratch[:0], len(d.ways))[:len(d.ways)]
	clear(q.scratch)
	f := found{ways: q.scratch}
	own := d.mixed && slices.ContainsFunc(d.ways, func(l faq.Language) bool { return l.Base() == q.language })
	at, step := 0, d.width
	for i, x := range d.features {
		start, end := 0, 1
		switch {
		case d.places == nil:
		case step == 1:
			start, end = at+1, at+1+int(d.places[at])
			at = end
		default:
			start, end = at+step, at+step+d.number(at)*step
			at = end
		}
		h := q.table.at(x)
		if h == nil {
			continue
		}
		places := onlyWay
		if d.places != nil {
			places = d.places[start:end]
		}
		f.words |= h.words
		f.kin |= h.kin
		if m != nil {
			f.margin += h.value * m.own(i)
		}
		n := 0
		for p := 0; p < len(places); p += step {
			way := readNumber(places, p, step)
			q.scratch[way] += h.weight
			if !own || d.ways[way].Base() == q.language {
				n++
			}
		}
		f.whole += h.weight * damp(n)
	}
	if m != nil {
		for i, x := range m.foreign {
			if h := q.table.at(x); h != nil {
				f.margin += h.value * m.against(i)
			}
		}
	}
	return f
}

// first is how many of the proposed are compared whatever their words say, promising how many others by these.
const first, promising = 10, 15

// promising leaves out proposed entries that share little with the utterance: words alone, which come first among the features, tell that at a
// tenth of the cost of all.
func (q *query) promising(proposed []*document) []*document {
	if len(proposed) <= first+promising {
		return proposed
	}
	type worth struct {
		document *document
		place    int
		shared   float64
	}
	rest := make([]worth, 0, len(proposed)-first)
	for i, d := range proposed[first:] {
		w := worth{document: d, place: i}
		for _, x := range d.features {
			if x.kind() != kindWord {
				break
			}
			if h := q.table.at(x); h != nil {
				w.shared += h.weight
			}
		}
		w.shared /= math.Sqrt(float64(len(d.features)))
		rest = append(rest, w)
	}
	slices.SortFunc(rest, func(a, b worth) int { return cmp.Or(cmp.Compare(b.shared, a.shared), cmp.Compare(a.place, b.place)) })
	out := slices.Clone(proposed[:first])
	for _, w := range rest[:promising] {
		out = append(out, w.document)
	}
	return out
}

// share is the part of the utterance's word weight that words and, for less, their kin make up.
func (q *query) share(words, kin uint64) float64 {
	if q.mass == 0 {
		return 0
	}
	found, _ := q.weigh(words, kin, math.MaxUint64)
	return found / q.mass
}

// contentShare is share among the words that are not just how people ask.
func (q *query) contentShare(words, kin uint64) float64 { return ratio(q.weigh(words, kin, q.content)) }

// weigh adds up what some of the utterance's words weigh, and what of that is found.
func (q *query) weigh(words, kin, among uint64) (found, all float64) {
	for i, w := range q.words[:min(mostWeighed, len(q.words))] {
		bit := wordBit(i)
		if among&bit == 0 {
			continue
		}
		all += w.weight
		switch {
		case words&bit != 0:
			found += w.weight
		case kin&bit != 0:
			found += kinship * w.weight
		}
	}
	return found, all
}

// hit is what a feature of a document means for the utterance.
type hit struct {
	feature feature
	weight  float64 // in a cosine, before it is divided by both lengths
	value   float64 // in the trained model
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
func (t *table) put(f feature, weight, value float64, words, kin uint64) {
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
	h.value = max(h.value, value)
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
