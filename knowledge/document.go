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

// document is an entry as evidence. It holds what occurs only, so it stays true when other entries change; what depends on
// them (lengths, the trained model) is kept beside it.
type document struct {
	entry *faq.Entry
	// features are those of question and phrasings, the ways to ask it, sorted; places tells, for each in turn, in which ways it stands: how many
	// and which. So a feature is looked up once for an entry, not once for each of its phrasings. Numbers take width bytes; with one way there
	// are no places.
	features []feature
	places   []byte
	width    int
	// ways are the languages of the ways, negated the ways that say "not".
	ways    []faq.Language
	negated []bool
	// mixed is true where the ways are in several languages.
	mixed bool
	reply
	// numbered is true where a way has a word with a digit.
	numbered bool

	cached atomic.Pointer[lengths]
	model  atomic.Pointer[model]
}

// reply is an entry's answers as evidence.
type reply struct {
	// answer holds their words, and repeated how often each occurs.
	answer      []feature
	repeated    []uint8
	answerWords float64
}

// lengths are the norms of a document under the frequencies of one epoch.
type lengths struct {
	epoch int
	body  float64
	ways  []float32
	// bodies are the norms of the ways in one language, where there are several.
	bodies map[faq.Language]float64
}

// census is what the frequencies count of a document.
type census struct {
	features []feature // of questions and answers alike, each once
	words    []feature // the whole words among them
	spoken   []feature // the same in the languages that they occur in
	forms    []form    // the words as they are written
	speaks   []faq.Language
}

func newDocument(e *faq.Entry) (*document, census) {
	d := &document{entry: e}
	said := map[faq.Language][]token{}
	var placed []uint64
	for text, language := range ways(e) {
		ts := tokens(text, language, 0)
		for _, x := range featuresOf(ts) {
			placed = append(placed, uint64(x)<<32|uint64(len(d.ways)))
		}
		for _, t := range ts {
			d.numbered = d.numbered || hasDigit(t.word)
		}
		said[language.Base()] = append(said[language.Base()], ts...)
		d.ways = append(d.ways, language)
		d.mixed = d.mixed || language.Base() != d.ways[0].Base()
		d.negated = append(d.negated, negates(ts, language))
	}
	d.place(placed)
	var answer []token
	for _, a := range e.Answers {
		ts := tokens(a.Text, a.Language, maxAnswerWords)
		answer = append(answer, ts...)
		said[a.Language.Base()] = append(said[a.Language.Base()], ts...)
	}
	d.countAnswer(answer)
	return d, d.census(said)
}

// place fills features and places from pairs of a feature and a way.
func (d *document) place(placed []uint64) {
	slices.Sort(placed)
	d.width = 1
	if len(d.ways) > math.MaxUint8 {
		d.width = 2
	}
	put := func(n int) {
		if d.places = append(d.places, byte(n)); d.width == 2 {
			d.places = append(d.places, byte(n>>8))
		}
	}
	for i := 0; i < len(placed); {
		j := i
		for j < len(placed) && placed[j]>>32 == placed[i]>>32 {
			j++
		}
		d.features = append(d.features, feature(placed[i]>>32))
		if len(d.ways) > 1 {
			put(j - i)
			for _, p := range placed[i:j] {
				put(int(uint32(p)))
			}
		}
		i = j
	}
	// What was reserved for growing would stay reserved for as long as the entry is served.
	d.features, d.places = slices.Clone(d.features), slices.Clone(d.places)
}

func (d *document) countAnswer(ts []token) {
	d.answerWords = float64(len(ts))
	words := make([]feature, len(ts))
	for i, t := range ts {
		words[i] = wordOf(t.stem)
	}
	slices.Sort(words)
	d.answer = slices.Clone(slices.Compact(slices.Clone(words)))
	d.repeated = make([]uint8, len(d.answer))
	i := -1
	for j, w := range words {
		if j == 0 || w != words[j-1] {
			i++
		}
		d.repeated[i] = uint8(min(int(d.repeated[i])+1, math.MaxUint8))
	}
}

func (d *document) census(said map[faq.Language][]token) census {
	var c census
	for _, language := range slices.Sorted(maps.Keys(said)) {
		words := wordsOf(said[language])
		c.words = union(c.words, words)
		for _, w := range words {
			c.spoken = append(c.spoken, w.in(language))
		}
		for _, t := range said[language] {
			c.forms = append(c.forms, formOf([]rune(t.word)))
		}
		c.speaks = append(c.speaks, language)
	}
	slices.Sort(c.forms)
	c.features, c.forms = union(d.features, c.words), slices.Compact(c.forms)
	return c
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
	ts := tokens(d.text(way), d.ways[way], 0)
	return !slices.ContainsFunc(ts, func(t token) bool { return f.common[wordOf(t.stem)] == 0 })
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

// each yields every feature with the ways in which it stands; they are good until the next.
func (d *document) each(yield func(x feature, ways []byte) bool) {
	at, step := 0, d.width
	for _, x := range d.features {
		ways := onlyWay
		if d.places != nil {
			n := d.number(at)
			ways = d.places[at+step : at+step+n*step]
			at += step + n*step
		}
		if !yield(x, ways) {
			return
		}
	}
}

// onlyWay is where every feature stands of a document with one way.
var onlyWay = []byte{0}

// number reads a number of places.
func (d *document) number(at int) int { return readNumber(d.places, at, d.width) }

func readNumber(b []byte, at, width int) int {
	if width == 1 {
		return int(b[at])
	}
	return int(b[at]) | int(b[at+1])<<8
}

// holds reports whether a way is among places.
func holds(places []byte, way, width int) bool {
	for p := 0; p < len(places); p += width {
		if readNumber(places, p, width) == way {
			return true
		}
	}
	return false
}

// lengths returns the norms of an epoch, computing them when the frequencies have changed. Two readers may both do so.
func (d *document) lengths(f *frequencies, epoch int) *lengths {
	if l := d.cached.Load(); l != nil && l.epoch == epoch {
		return l
	}
	l := &lengths{epoch: epoch, ways: make([]float32, len(d.ways))}
	sums, body := make([]float64, len(d.ways)), 0.0
	bodies := map[faq.Language]float64{}
	counts := map[faq.Language]int{}
	for x, ways := range d.each {
		idf := f.weight(x)
		n := len(ways) / d.width
		w := damp(n) * idf
		body += w * w
		clear(counts)
		for i := range n {
			way := readNumber(ways, i*d.width, d.width)
			sums[way] += idf * idf
			if d.mixed {
				counts[d.ways[way].Base()]++
			}
		}
		for language, n := range counts {
			w := damp(n) * idf
			bodies[language] += w * w
		}
	}
	l.body = math.Sqrt(body)
	for i, sum := range sums {
		l.ways[i] = float32(math.Sqrt(sum))
	}
	if d.mixed {
		l.bodies = bodies
		for language, sum := range bodies {
			bodies[language] = math.Sqrt(sum)
		}
	}
	d.cached.Store(l)
	return l
}

// inherit takes over the model of the same entry before a change that left its ways to ask alone.
func (d *document) inherit(before *document) {
	if before != nil && slices.Equal(d.features, before.features) {
		d.model.Store(before.model.Load())
	}
}
