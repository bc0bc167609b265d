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
	evidence evidence
	score    float64
	exact    bool
	way      int          // the nearest phrasing
	spoken   faq.Language // its language
}

// evidence is what speaks for one candidate; every part lies between 0 and 1.
type evidence struct {
	body    float64 // cosine with question and phrasings as one document
	nearest float64 // cosine with the nearest of them
	answer  float64 // words of the utterance found in the answer, by weight
	asked   float64 // share of the utterance's words found in question or phrasings, by weight
	covered float64 // the same, with the answer's words
	content bool    // a word of the utterance that is not just how people ask was found
}

// mix are the weights of the evidence in a score. Fitted on the training halves of the data sets; the entry as one document
// carries few and uneven phrasings, the nearest phrasing many alike, the answer bridges words that no phrasing has.
var mix = struct{ body, nearest, answer, asked float64 }{0.5, 0.3, 0.7, 0.2}

func weigh(q *query, d *document, l *lengths, averageAnswer float64) ranked {
	f := q.look(d)
	e := evidence{body: q.similar(f.whole, l.body)}
	if b, length := d.bodyIn(q.language, l); len(d.bodies) > 0 {
		e.body = q.similar(q.dot(b), length)
	}
	nearest := 0
	for i, dot := range f.ways {
		if cosine := q.similar(dot, l.ways[i]); cosine > e.nearest {
			e.nearest, nearest = cosine, i
		}
	}
	var words, kin uint64
	e.answer, words, kin = q.inAnswer(d, averageAnswer)
	e.asked = q.share(f.words, f.kin)
	e.covered = q.share(f.words|words, f.kin|kin)
	e.content = q.content&(f.words|f.kin|words|kin) != 0
	return ranked{document: d, evidence: e, way: nearest, spoken: d.languages[nearest],
		score: mix.body*e.body + mix.nearest*e.nearest + mix.answer*e.answer + mix.asked*e.asked}
}

// inAnswer is BM25's saturation (k1 1.2, b 0.75) of the utterance's words in the answer, as a share of the utterance's weight, with
// the words that were found.
func (q *query) inAnswer(d *document, average float64) (share float64, words, kin uint64) {
	if q.mass == 0 || len(d.answer) == 0 {
		return 0, 0, 0
	}
	const k1, b = 1.2, 0.75
	length := k1 * (1 - b + b*d.answerWords/math.Max(average, 1))
	var own, others [64]float64
	for _, c := range d.answer {
		h := q.table.at(c.feature)
		if h == nil {
			continue
		}
		n := float64(c.count)
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
	for i, w := range q.words[:min(64, len(q.words))] {
		if own[i] > 0 {
			sum += w.weight * own[i]
		} else {
			sum += kinship * w.weight * others[i]
		}
	}
	return sum / q.mass, words, kin
}

func sortRanked(list []ranked) {
	slices.SortFunc(list, func(a, b ranked) int {
		if c := cmp.Compare(b.score, a.score); c != 0 {
			return c
		}
		return cmp.Compare(a.document.entry.ID, b.document.entry.ID)
	})
}
