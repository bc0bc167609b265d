package knowledge

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"faqbot/faq"
)

// ranked is a candidate with the evidence for it.
type ranked struct {
	document *document
	id       faq.EntryID
	ways     int // how many ways to ask it has
	evidence evidence
	score    float64 // log-odds
	share    float64 // of the odds of all that were ranked
	exact    exact
	way      int          // the nearest phrasing
	spoken   faq.Language // its language
	// saysNothing is true where that phrasing is nothing but how people ask; only looked at for an utterance that is too.
	saysNothing bool
}

// exact says whether a candidate is asked word for word: its question goes before another one's phrasing, which may not take it away.
type exact byte

const (
	notExact exact = iota
	exactPhrasing
	exactQuestion
)

// evidence is what speaks for one candidate; cosines and shares lie between 0 and 1.
type evidence struct {
	body    float64 // cosine with question and phrasings as one document
	nearest float64 // cosine with the nearest of them
	margin  float64 // of the trained model; above 0 is for it
	answer  float64 // words of the utterance found in the answer, by weight
	asked   float64 // share of the utterance's words found in question or phrasings, by weight
	covered float64 // the same, with the answer's words
	said    float64 // share of the nearest one's words that the utterance has, by weight: what it asks besides is not asked
	found   float64 // share of the utterance's words that are not just how people ask, found anywhere in the entry
	meant   float64 // the same of the nearest one's words, found in the utterance
	content bool    // a word of the utterance that is not just how people ask was found
	turned  bool    // the utterance says "not" and no way to ask it does, or the reverse
	// otherNumber is true where the utterance has a number that the entry has not, and the entry others instead.
	otherNumber bool
}

func weigh(q *query, d *document, l *lengths, averageAnswer float64, mix mixture, freq *frequencies) ranked {
	m := d.model.Load()
	f := q.look(d, m)
	e := evidence{body: q.similar(f.whole, l.bodyIn(q.language))}
	nearest := 0
	for i, dot := range f.ways {
		if cosine := q.similar(dot, float64(l.ways[i])); cosine > e.nearest {
			e.nearest, nearest = cosine, i
		}
	}
	e.said, e.meant = q.saidOf(d, nearest, freq)
	var words, kin uint64
	e.answer, words, kin = q.inAnswer(d, averageAnswer)
	e.asked = q.share(f.words, f.kin)
	e.covered = q.share(f.words|words, f.kin|kin)
	e.found = q.contentShare(f.words|words, f.kin|kin)
	e.content = q.content&(f.words|f.kin|words|kin) != 0
	e.margin = m.margin(f.margin, e)
	e.turned = !slices.Contains(d.negated, q.negated)
	e.otherNumber = q.numbers&^(f.words|words) != 0 && d.numbered
	return ranked{document: d, id: d.entry.ID, ways: len(d.ways), evidence: e, way: nearest, spoken: d.ways[nearest], score: mix.score(e, len(d.ways))}
}

// saidOf is the share of a way's words that the utterance has, and of those that are not just how people ask. Words come first among the features.
func (q *query) saidOf(d *document, way int, f *frequencies) (share, content float64) {
	var all, said, about, meant float64
	for x, ways := range d.each {
		if x.kind() != kindWord {
			break
		}
		if !holds(ways, way, d.width) {
			continue
		}
		weight, there := f.wordWeight(x), 0.0
		if h := q.table.at(x); h != nil && h.words != 0 {
			there = weight
		} else if h != nil && h.kin != 0 {
			there = kinship * weight
		}
		all, said = all+weight, said+there
		if f.common[x] == 0 {
			about, meant = about+weight, meant+there
		}
	}
	return ratio(said, all), ratio(meant, about)
}

// ratio is 1 of nothing.
func ratio(part, whole float64) float64 {
	if whole == 0 {
		return 1
	}
	return part / whole
}

// bodyIn is the length of an entry as one document in a language; in all languages where it has none.
func (l *lengths) bodyIn(language faq.Language) float64 {
	if length, ok := l.bodies[language]; ok {
		return length
	}
	return l.body
}

// inAnswer is BM25's saturation (k1 1.2, b 0.75) of the utterance's words in the answer, as a share of the utterance's weight, with
// the words that were found.
func (q *query) inAnswer(d *document, average float64) (share float64, words, kin uint64) {
	if q.mass == 0 || len(d.answer) == 0 {
		return 0, 0, 0
	}
	const k1, b = 1.2, 0.75
	length := k1 * (1 - b + b*d.answerWords/math.Max(average, 1))
	var own, others [mostWeighed]float64
	for i, x := range d.answer {
		h := q.table.at(x)
		if h == nil {
			continue
		}
		n := float64(d.repeated[i])
		saturated := n / (n + length)
		for set := h.words; set != 0; set &= set - 1 {
			i := bits.TrailingZeros64(set)
			own[i] = max(own[i], saturated)
		}
		for set := h.kin; set != 0; set &= set - 1 {
			i := bits.TrailingZeros64(set)
			others[i] = max(others[i], saturated)
		}
		words |= h.words
		kin |= h.kin
	}
	sum := 0.0
	for i, w := range q.words[:min(mostWeighed, len(q.words))] {
		if own[i] > 0 {
			sum += w.weight * own[i]
		} else {
			sum += kinship * w.weight * others[i]
		}
	}
	return sum / q.mass, words, kin
}

// sortRanked puts the best first, those asked word for word before all, and shares the odds out. The shares are of what is listed: how many more were
// ranked, because the FAQ is small or the index proposed them, must not change them.
func sortRanked(list []ranked) {
	slices.SortFunc(list, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(b.exact, a.exact), cmp.Compare(b.score, a.score), cmp.Compare(a.id, b.id))
	})
	most, total := math.Inf(-1), 0.0
	for _, r := range list {
		most = math.Max(most, r.score)
	}
	for i := range list {
		list[i].share = math.Exp(list[i].score - most)
		if i < listed {
			total += list[i].share
		}
	}
	for i := range list {
		list[i].share /= total
	}
}
