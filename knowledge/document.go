package knowledge

import (
	"cmp"
	"iter"
	"maps"
	"math"
	"slices"
	"sync/atomic"

	"faqbot/faq"
)

// document is an entry as evidence. It holds counts only, so it stays true when other entries change; what depends on
// them (weights, lengths) is kept beside it for one epoch of the frequencies.
type document struct {
	entry *faq.Entry
	// body is question and phrasings as one document; ways are the same one by one. Where they are in several languages, bodies has a
	// document for each, so that a question is not compared with a text three quarters of which nobody who asks it would write.
	body   bag
	ways   []bag
	bodies []spoken
	// languages are those of the ways.
	languages []faq.Language
	// answer holds the words of the answers, answerWords how many there are.
	answer      bag
	answerWords float64
	cached      atomic.Pointer[lengths]
}

type spoken struct {
	language faq.Language
	bag      bag
}

// lengths are the norms of a document's bags under the frequencies of one epoch.
type lengths struct {
	epoch int
	body  float64
	ways  []float64
	// bodies follows document.bodies.
	bodies []float64
}

func newDocument(e *faq.Entry) *document {
	d := &document{entry: e}
	var all collector
	each := map[faq.Language]*collector{}
	for text, language := range ways(e) {
		ts := tokens(text, language, 0)
		all.words(ts)
		if each[language.Base()] == nil {
			each[language.Base()] = &collector{}
		}
		each[language.Base()].words(ts)
		d.ways = append(d.ways, bagOf(ts))
		d.languages = append(d.languages, language)
	}
	d.body = all.bag()
	if len(each) > 1 {
		for _, language := range slices.Sorted(maps.Keys(each)) {
			d.bodies = append(d.bodies, spoken{language, each[language].bag()})
		}
	}
	var answer []token
	for _, a := range e.Answers {
		answer = append(answer, tokens(a.Text, a.Language, maxAnswerWords)...)
	}
	d.answerWords = float64(len(answer))
	d.answer = wordBag(answer)
	return d
}

// maxAnswerWords bounds what is read of one answer.
const maxAnswerWords = 1500

// ways yields every text in which an entry may be asked, with its language.
func ways(e *faq.Entry) iter.Seq2[string, faq.Language] {
	return func(yield func(string, faq.Language) bool) {
		if !yield(e.Question, e.Language) {
			return
		}
		for _, p := range e.Phrasings {
			if !yield(p.Text, cmp.Or(p.Language, e.Language)) {
				return
			}
		}
		for _, a := range e.Answers {
			if a.Question != "" && a.Question != e.Question && !yield(a.Question, a.Language) {
				return
			}
		}
	}
}

// vocabulary is what the frequencies count of a document: each feature once, of questions and answers alike.
func (d *document) vocabulary() bag {
	all := slices.Concat(d.body, d.answer)
	slices.SortFunc(all, func(a, b counted) int { return cmp.Compare(a.feature, b.feature) })
	return slices.CompactFunc(all, func(a, b counted) bool { return a.feature == b.feature })
}

// lengths returns the norms of an epoch, computing them when the frequencies have changed. Two readers may both do so.
func (d *document) lengths(f *frequencies, epoch int) *lengths {
	if l := d.cached.Load(); l != nil && l.epoch == epoch {
		return l
	}
	l := &lengths{epoch: epoch, body: norm(d.body, f), ways: make([]float64, len(d.ways))}
	for i, w := range d.ways {
		l.ways[i] = norm(w, f)
	}
	for _, b := range d.bodies {
		l.bodies = append(l.bodies, norm(b.bag, f))
	}
	d.cached.Store(l)
	return l
}

// bodyIn is the entry as one document in a language, with its length; in all languages where it has none.
func (d *document) bodyIn(language faq.Language, l *lengths) (bag, float64) {
	for i, b := range d.bodies {
		if b.language == language {
			return b.bag, l.bodies[i]
		}
	}
	return d.body, l.body
}

func norm(b bag, f *frequencies) float64 {
	sum := 0.0
	for _, c := range b {
		w := damp(c.count) * f.weight(c.feature)
		sum += w * w
	}
	return math.Sqrt(sum)
}
