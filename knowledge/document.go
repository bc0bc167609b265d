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
	bodies []spoken
	// spots tell, for each feature of body, in which ways it stands and how often: spots[starts[i]:starts[i+1]] belong to body[i]. So a
	// feature is looked up once for an entry, not once for each of its phrasings.
	spots  []spot
	starts []uint32
	// languages are those of the ways.
	languages []faq.Language
	// answer holds the words of the answers, answerWords how many there are.
	answer      bag
	answerWords float64
	// words are all that occur, in questions and answers, each once; spoken are the same in the languages that they occur in.
	words, spoken []feature
	speaks        []faq.Language // those that anything of it is in
	cached        atomic.Pointer[lengths]
}

type spot struct{ way, count uint16 }

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
	var single []bag
	each := map[faq.Language][]bag{}
	said := map[faq.Language][]token{}
	for text, language := range ways(e) {
		ts := tokens(text, language, 0)
		b := bagOf(ts)
		single = append(single, b)
		each[language.Base()] = append(each[language.Base()], b)
		said[language.Base()] = append(said[language.Base()], ts...)
		d.languages = append(d.languages, language)
	}
	d.body = slices.Clone(sum(single))
	d.place(single)
	if len(each) > 1 {
		for _, language := range slices.Sorted(maps.Keys(each)) {
			d.bodies = append(d.bodies, spoken{language, slices.Clone(sum(each[language]))})
		}
	}
	var answer []token
	for _, a := range e.Answers {
		ts := tokens(a.Text, a.Language, maxAnswerWords)
		answer = append(answer, ts...)
		said[a.Language.Base()] = append(said[a.Language.Base()], ts...)
	}
	d.answerWords = float64(len(answer))
	d.answer = wordBag(answer)
	d.say(said)
	return d
}

func (d *document) say(said map[faq.Language][]token) {
	d.speaks = slices.Sorted(maps.Keys(said))
	for _, language := range d.speaks {
		words := wordBag(said[language])
		d.words = merged(words, d.words)
		for _, w := range words {
			d.spoken = append(d.spoken, w.feature.in(language))
		}
	}
}

// place fills spots: the bags are sorted, so one pass over all of them finds what belongs to each feature of body.
func (d *document) place(single []bag) {
	total := 0
	for _, b := range single {
		total += len(b)
	}
	d.spots = make([]spot, 0, total)
	d.starts = make([]uint32, 1, len(d.body)+1)
	next := make([]int, len(single))
	for _, c := range d.body {
		for w, b := range single {
			if i := next[w]; i < len(b) && b[i].feature == c.feature {
				d.spots = append(d.spots, spot{uint16(w), uint16(min(b[i].count, math.MaxUint16))})
				next[w]++
			}
		}
		d.starts = append(d.starts, uint32(len(d.spots)))
	}
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

// saysNothing reports whether a way to ask is made of nothing but how people ask.
func (d *document) saysNothing(way int, f *frequencies) bool {
	ts := tokens(d.text(way), d.languages[way], 0)
	return !slices.ContainsFunc(ts, func(t token) bool { return f.common[hashString(kindWord, t.stem)] == 0 })
}

// text is a way to ask, as it was published.
func (d *document) text(way int) string {
	i := 0
	for text := range ways(d.entry) {
		if i == way {
			return text
		}
		i++
	}
	return ""
}

// merged joins a sorted bag, whose counts are of no account, and sorted features.
func merged(a bag, b []feature) []feature {
	out := make([]feature, 0, len(a)+len(b))
	for _, c := range a {
		for len(b) > 0 && b[0] < c.feature {
			out, b = append(out, b[0]), b[1:]
		}
		if len(b) > 0 && b[0] == c.feature {
			b = b[1:]
		}
		out = append(out, c.feature)
	}
	return append(out, b...)
}

// vocabulary is what the frequencies count of a document: each feature once, of questions and answers alike.
func (d *document) vocabulary() []feature { return merged(d.body, d.words) }

// lengths returns the norms of an epoch, computing them when the frequencies have changed. Two readers may both do so.
func (d *document) lengths(f *frequencies, epoch int) *lengths {
	if l := d.cached.Load(); l != nil && l.epoch == epoch {
		return l
	}
	l := &lengths{epoch: epoch, body: norm(d.body, f), ways: make([]float64, len(d.languages))}
	for i, c := range d.body {
		idf := f.weight(c.feature)
		for _, s := range d.spots[d.starts[i]:d.starts[i+1]] {
			w := damp(float32(s.count)) * idf
			l.ways[s.way] += w * w
		}
	}
	for i, sum := range l.ways {
		l.ways[i] = math.Sqrt(sum)
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
