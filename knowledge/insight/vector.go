package insight

import (
	"math"

	"faqbot/faq"
	"faqbot/knowledge"
)

// vector is what one text says, or the sum of what several say. Its numbers are whole, so that sums are the same in whatever order they were made, and what
// is taken out again leaves nothing behind.
type vector struct {
	signs   []knowledge.Sign // sorted
	weights []int32
	company []int32
	count   int64
	// own are the squares of the texts alone, square that of the sum.
	own, square int64
}

const (
	// unit is the length of one text.
	unit = 1 << 12
	// companyShare is how much of the likeness of two texts is the company that their words keep; the rest is signs that they share. Fitted on the train sets.
	companyShare = 0.35
)

// read is what a text says.
func (l *Lesson) read(text string, language faq.Language) *vector {
	signs := l.signs(text, language)
	numbers := make([]int32, len(signs)+widest)
	v := &vector{signs: signs, weights: numbers[:len(signs):len(signs)], company: numbers[len(signs):], count: 1}
	var room [usualSigns]float64
	weights, length := l.weigh(signs, room[:0])
	if length > 0 {
		scale := unit * math.Sqrt(1-companyShare) / length
		for i, w := range weights {
			v.weights[i] = int32(math.Round(float64(w * scale)))
		}
	}
	l.accompany(v, weights)
	v.own = v.dot(v)
	v.square = v.own
	return v
}

// usualSigns is room for the signs of most texts.
const usualSigns = 256

// weigh are the weights of signs, in room where there is enough, and their length.
func (l *Lesson) weigh(signs []knowledge.Sign, room []float64) (weights []float64, length float64) {
	weights = room
	for _, s := range signs {
		w := l.weight(s)
		weights = append(weights, w)
		length += float64(w * w)
	}
	return weights, math.Sqrt(length)
}

// accompany fills in the company, less what is usual: as much of it as the FAQ knows of the words, and as it has entries to tell.
func (l *Lesson) accompany(v *vector, weights []float64) {
	company, known := l.companyOf(v.signs, weights)
	length := 0.0
	for i := range company {
		company[i] -= l.Usual[i]
		length += float64(float64(company[i]) * float64(company[i]))
	}
	if length == 0 {
		return
	}
	scale := unit * math.Sqrt(float64(companyShare*known)*l.Trust) / math.Sqrt(length)
	for i, x := range company {
		v.company[i] = int32(math.Round(float64(x) * scale))
	}
}

// companyOf is the company of a text's words, of length 1, and the share of them that it is known of, by weight; nothing where that is none.
func (l *Lesson) companyOf(signs []knowledge.Sign, weights []float64) (company [widest]float32, known float64) {
	var sum [widest]float64
	all := 0.0
	for i, s := range signs {
		if !s.Whole() {
			continue
		}
		w := weights[i]
		all += float64(w * w)
		company, ok := l.Company[s]
		if !ok {
			continue
		}
		known += float64(w * w)
		for i, x := range company {
			sum[i] += float64(w * float64(x))
		}
	}
	length := 0.0
	for _, x := range sum {
		length += float64(x * x)
	}
	if length == 0 {
		return company, 0
	}
	length = math.Sqrt(length)
	for i, x := range sum {
		company[i] = float32(x / length)
	}
	return company, known / all
}

// dot is the product of two vectors, in units squared.
func (v *vector) dot(o *vector) int64 {
	sum := int64(0)
	for i, x := range v.company {
		sum += int64(x) * int64(o.company[i])
	}
	a, b := v, o
	if len(a.signs) > len(b.signs) {
		a, b = b, a
	}
	if len(a.signs)*16 < len(b.signs) {
		return sum + a.sparse(b)
	}
	j := 0
	for i, s := range a.signs {
		for j < len(b.signs) && b.signs[j] < s {
			j++
		}
		if j == len(b.signs) {
			break
		}
		if b.signs[j] == s {
			sum += int64(a.weights[i]) * int64(b.weights[j])
		}
	}
	return sum
}

// sparse is the product of the signs where b has many more: it is quicker to look each up.
func (v *vector) sparse(b *vector) int64 {
	sum, from := int64(0), 0
	for i, s := range v.signs {
		low, high := from, len(b.signs)
		for low < high {
			if mid := (low + high) / 2; b.signs[mid] < s {
				low = mid + 1
			} else {
				high = mid
			}
		}
		if from = low; from < len(b.signs) && b.signs[from] == s {
			sum += int64(v.weights[i]) * int64(b.weights[from])
		}
	}
	return sum
}

// plus is the sum with another, or with sign -1 what is left without it. Neither is changed.
func (v *vector) plus(o *vector, sign int32) *vector {
	out := &vector{
		signs: make([]knowledge.Sign, 0, len(v.signs)+len(o.signs)), weights: make([]int32, 0, len(v.signs)+len(o.signs)),
		company: make([]int32, widest), count: v.count + int64(sign)*o.count, own: v.own + int64(sign)*o.own,
	}
	copy(out.company, v.company)
	for i, x := range o.company {
		out.company[i] += sign * x
	}
	keep := func(s knowledge.Sign, w int32) {
		if w != 0 {
			out.signs, out.weights = append(out.signs, s), append(out.weights, w)
		}
	}
	j := 0
	for i, s := range v.signs {
		for ; j < len(o.signs) && o.signs[j] < s; j++ {
			keep(o.signs[j], sign*o.weights[j])
		}
		w := v.weights[i]
		if j < len(o.signs) && o.signs[j] == s {
			w += sign * o.weights[j]
			j++
		}
		keep(s, w)
	}
	for ; j < len(o.signs); j++ {
		keep(o.signs[j], sign*o.weights[j])
	}
	out.square = out.dot(out)
	return out
}

// alike is how alike the texts of two sums are on average, 0–1.
func (v *vector) alike(o *vector) float64 {
	return float64(v.dot(o)) / (float64(v.count*o.count) * unit * unit)
}

// within is how alike the texts of a sum are among themselves on average; 0 of one.
func (v *vector) within() float64 {
	if v.count < 2 {
		return 0
	}
	return float64(v.square-v.own) / (float64(v.count*(v.count-1)) * unit * unit)
}
