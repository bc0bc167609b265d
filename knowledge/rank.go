package knowledge

import (
	"cmp"
	"math"
	"slices"

	"faqbot/faq"
)

// ranked is a candidate with the evidence for it.
type ranked struct {
	document *document
	evidence evidence
	score    float64
	exact    bool
	spoken   faq.Language // of the nearest phrasing
}

// evidence is what speaks for one candidate; every part lies between 0 and 1.
type evidence struct {
	body    float64 // cosine with question and phrasings as one document
	nearest float64 // cosine with the nearest of them
	answer  float64 // words of the utterance found in the answer, by weight
	asked   float64 // share of the utterance's words found in question or phrasings, by weight
	covered float64 // the same, with the answer's words
}

// mix are the weights of the evidence in a score. Fitted on the training halves of the data sets; the entry as one document
// carries few and uneven phrasings, the nearest phrasing many alike, the answer bridges words that no phrasing has.
var mix = struct{ body, nearest, answer, asked float64 }{0.5, 0.3, 0.7, 0.2}

func weigh(q *query, d *document, l *lengths, averageAnswer float64) ranked {
	var e evidence
	e.body = q.cosine(d.bodyIn(q.language, l))
	nearest := 0
	for i, w := range d.ways {
		if cosine := q.cosine(w, l.ways[i]); cosine > e.nearest {
			e.nearest, nearest = cosine, i
		}
	}
	e.answer = q.inAnswer(d, averageAnswer)
	e.asked = q.covered(d.body)
	e.covered = q.covered(d.body, d.answer)
	return ranked{document: d, evidence: e, spoken: d.languages[nearest],
		score: mix.body*e.body + mix.nearest*e.nearest + mix.answer*e.answer + mix.asked*e.asked}
}

// inAnswer is BM25's saturation (k1 1.2, b 0.75) of the utterance's words in the answer, as a share of the utterance's weight.
func (q *query) inAnswer(d *document, average float64) float64 {
	if q.mass == 0 || len(d.answer) == 0 {
		return 0
	}
	const k1, b = 1.2, 0.75
	length := k1 * (1 - b + b*d.answerWords/math.Max(average, 1))
	sum := 0.0
	for _, w := range q.words {
		if w.weight == 0 {
			continue
		}
		if n := float64(d.answer.count(w.feature)); n > 0 {
			sum += w.weight * n / (n + length)
			continue
		}
		most := float32(0)
		for _, x := range w.others {
			most = max(most, d.answer.count(x))
		}
		if n := float64(most); n > 0 {
			sum += kinship * w.weight * n / (n + length)
		}
	}
	return sum / q.mass
}

func sortRanked(list []ranked) {
	slices.SortFunc(list, func(a, b ranked) int {
		if c := cmp.Compare(b.score, a.score); c != 0 {
			return c
		}
		return cmp.Compare(a.document.entry.ID, b.document.entry.ID)
	})
}
