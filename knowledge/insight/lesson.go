package insight

import (
	"cmp"
	"iter"
	"math"
	"slices"

	"faqbot/faq"
	"faqbot/knowledge"
)

// Lesson is what the published FAQ teaches of how alike two questions are: its entries are ways to ask that belong together. It says of each sign how well it
// tells entries apart, and of each word with which entries it goes: "send" and "transfer" go with the same, so they are near in what is not published, too.
// It is a value that never changes, the same for the same entries on every machine; without entries it is what holds of language in general.
type Lesson struct {
	// Default is the language of what is in no known one.
	Default faq.Language
	// Weights are those of the signs that the FAQ has, Unseen is the rarity of the others.
	Weights map[knowledge.Sign]float32
	Unseen  float32
	// Company is, for a word or pair, with which entries it goes.
	Company map[knowledge.Sign][]int8
	// Usual is the company of the FAQ's own ways to ask, on average: what is common to all says nothing.
	Usual []float32
	// Trust is how much company can be believed, 0–1: the few entries of a small FAQ tell little apart.
	Trust float64
	// Within is how alike two ways to ask the same are, on average, 0–1.
	Within float64
	// Nearness is how alike an entry and the one nearest to it are, as a share of what is usual: where a FAQ tells near things apart, groups are to.
	Nearness float64
}

const (
	// widest is how many entries company is told apart by; of a larger FAQ several share a place.
	widest = 128
	// usualWithin is what two ways to ask the same have in common where a FAQ has too few to tell.
	usualWithin = 0.22
	// unseenSpread is how well a sign tells groups apart that the FAQ does not have: as a topic of its own does.
	unseenSpread = 3
	// faintest keeps a sign that is in all entries from saying nothing at all.
	faintest = 0.05
	// caution is how many ways a sign must be in before what it was seen to do is believed more than what signs do in general, which is to be eager
	// times as often in two ways of one entry as in two of any.
	caution, eager = 3, 8
	// frameWays is what a frame counts as: the FAQ of a few entries cannot tell how people ask from what they ask.
	frameWays = 1
)

// Learn makes the lesson of the published entries. Def is the language of misses of which none is known.
func Learn(entries []*faq.Entry, def faq.Language) *Lesson {
	l := &Lesson{Default: def, Weights: map[knowledge.Sign]float32{}, Company: map[knowledge.Sign][]int8{}}
	c := newCensus(entries, def)
	l.Unseen = float32(math.Log(float64(1+c.ways)) * math.Sqrt(unseenSpread))
	for sign, in := range c.signs() {
		total := 0
		for _, n := range in {
			total += int(n.count)
		}
		l.Weights[sign] = float32(c.rarity(total+c.framed[sign]) * math.Sqrt(max(c.spread(in, total), faintest)))
		if sign.Whole() && total > 1 {
			if company := c.company(in, total); company != nil {
				l.Company[sign] = company
			}
		}
	}
	for sign, n := range c.framed {
		if _, ok := l.Weights[sign]; !ok {
			l.Weights[sign] = float32(c.rarity(n) * math.Sqrt(faintest))
		}
	}
	l.settle(entries)
	return l
}

// settle measures the usual company and what two ways to ask the same have in common.
func (l *Lesson) settle(entries []*faq.Entry) {
	l.Usual = make([]float32, widest)
	l.Trust = float64(len(entries)) / float64(len(entries)+manyEntries)
	sum, ways := make([]float64, widest), 0
	for _, e := range sortedEntries(entries) {
		for text, language := range knowledge.Ways(e) {
			ways++
			signs := l.signs(text, language)
			weights, _ := l.weigh(signs, nil)
			company, _ := l.companyOf(signs, weights)
			for i, x := range company {
				sum[i] += float64(x)
			}
		}
	}
	for i := range sum {
		l.Usual[i] = float32(sum[i] / float64(max(1, ways)))
	}
	var sums []*vector
	for _, e := range sortedEntries(entries) {
		sum := &vector{}
		for text, language := range knowledge.Ways(e) {
			sum = sum.plus(l.read(text, language), 1)
		}
		if sum.count >= fewestWays && len(sums) < mostEntries {
			sums = append(sums, sum)
		}
	}
	l.compare(sums)
}

// compare measures how alike the ways of one entry are, and those of neighbours. A few entries say little of how the next will be.
func (l *Lesson) compare(sums []*vector) {
	within, near := usualWithin*trustedEntries, usualNearness*trustedEntries
	for i, sum := range sums {
		within += sum.within()
		nearest := 0.0
		for j, other := range sums {
			if j != i {
				nearest = max(nearest, sum.alike(other)/math.Sqrt(float64(max(sum.within()*other.within(), faintest*faintest))))
			}
		}
		near += nearest
	}
	n := float64(len(sums) + trustedEntries)
	l.Within, l.Nearness = within/n, near/n
}

// fewestWays is from how many ways an entry tells how alike they are, trustedEntries how many such entries what is usual counts as.
const fewestWays, trustedEntries = 5, 3

// mostEntries bounds how many are compared, usualNearness is how near neighbours are where a FAQ has too few to tell.
const mostEntries, usualNearness = 100, 0.5

// manyEntries is from how many entries company is believed rather than not.
const manyEntries = 10

func sortedEntries(entries []*faq.Entry) []*faq.Entry {
	return slices.SortedFunc(slices.Values(entries), func(a, b *faq.Entry) int { return cmp.Compare(a.ID, b.ID) })
}

func (l *Lesson) signs(text string, language faq.Language) []knowledge.Sign {
	return knowledge.Signs(gist(text), cmp.Or(language, l.Default))
}

func (l *Lesson) weight(s knowledge.Sign) float64 {
	if w, ok := l.Weights[s]; ok {
		return float64(w) * s.Weight()
	}
	return float64(l.Unseen) * s.Weight()
}

// census counts in how many ways of which entries signs are.
type census struct {
	ways   int
	sizes  []float64 // by entry
	pairs  []uint64  // sign and entry of each occurrence, sorted
	framed map[knowledge.Sign]int
}

func newCensus(entries []*faq.Entry, def faq.Language) *census {
	c := &census{framed: map[knowledge.Sign]int{}}
	spoken := map[faq.Language]bool{def.Base(): true}
	for n, e := range sortedEntries(entries) {
		c.sizes = append(c.sizes, 0)
		for text, language := range knowledge.Ways(e) {
			language = cmp.Or(language, def)
			c.sizes[n]++
			c.ways++
			for _, s := range knowledge.Signs(text, language) {
				c.pairs = append(c.pairs, uint64(s)<<32|uint64(n))
			}
			spoken[language.Base()] = true
		}
	}
	slices.Sort(c.pairs)
	for language := range spoken { // counts alone are added up: any order does
		for _, frame := range knowledge.Frames(language) {
			c.ways += frameWays
			for _, s := range frame {
				c.framed[s] += frameWays
			}
		}
	}
	return c
}

// portion is in how many ways of an entry a sign is.
type portion struct{ entry, count int32 }

// signs are all with their entries, in order.
func (c *census) signs() iter.Seq2[knowledge.Sign, []portion] {
	return func(yield func(knowledge.Sign, []portion) bool) {
		var in []portion
		for i, p := range c.pairs {
			if i > 0 && p == c.pairs[i-1] {
				in[len(in)-1].count++
				continue
			}
			if i > 0 && p>>32 != c.pairs[i-1]>>32 {
				if !yield(knowledge.Sign(c.pairs[i-1]>>32), in) {
					return
				}
				in = in[:0]
			}
			in = append(in, portion{int32(uint32(p)), 1})
		}
		if len(in) > 0 {
			yield(knowledge.Sign(c.pairs[len(c.pairs)-1]>>32), in)
		}
	}
}

// rarity is the inverse document frequency of a sign in n ways to ask.
func (c *census) rarity(n int) float64 {
	return math.Log(float64(1+c.ways) / float64(1+n))
}

// spread is how much more often a sign is in two ways of one entry than in two of different ones, as a logarithm: the weight of evidence that sharing it
// is for asking the same.
func (c *census) spread(in []portion, total int) float64 {
	entries := float64(len(c.sizes))
	same, all, squares, asked := 0.0, 0.0, 0.0, 0.0
	for _, s := range in {
		n, size := float64(s.count), c.sizes[s.entry]
		if size > 1 {
			same += n * (n - 1) / (size * (size - 1))
		}
		q := n / size
		all, squares, asked = all+q, squares+float64(q*q), asked+size
	}
	base := float64(total) / float64(max(1, c.ways))
	base *= base
	n := float64(total)
	apart := base
	if entries > 1 {
		apart = (float64(all*all) - squares) / (entries * (entries - 1))
	}
	if asked <= float64(len(in)) { // entries of one way cannot tell
		same, n = 0, 0
	}
	return math.Log((float64(same/entries*n) + caution*eager*base) / (float64(apart*n) + caution*base))
}

// company is with which entries a sign goes: by how much more often than with others, as a logarithm; nil where with all alike.
func (c *census) company(in []portion, total int) []int8 {
	all := 0.0
	for _, s := range in {
		all += float64(s.count) / c.sizes[s.entry]
	}
	usual := all / float64(len(c.sizes))
	v := make([]float64, widest)
	length := 0.0
	for _, s := range in {
		if q := float64(s.count) / c.sizes[s.entry] / usual; q > 1 {
			v[s.entry%widest] += math.Log(q)
		}
	}
	for _, x := range v {
		length += float64(x * x)
	}
	if length == 0 {
		return nil
	}
	// What a rare sign goes with may be chance.
	scale := math.MaxInt8 * float64(total) / float64(total+caution) / math.Sqrt(length)
	out := make([]int8, widest)
	for i, x := range v {
		out[i] = int8(math.Round(float64(x * scale)))
	}
	return out
}
