package insight

import (
	"cmp"
	"math"
	"slices"
)

const (
	// dividedFrom is how many voices a part must have before it is looked at for two in one, and dividedAfter by how much it must have grown since,
	// in tenths.
	dividedFrom, dividedAfter = 12, 12
	// beginnings and rounds bound the search for the best division.
	beginnings, rounds = 6, 8
	// smallestHalf is the share of the voices that a half must have, as a divisor.
	smallestHalf = 8
)

// divide makes two of a part whose halves are too little alike to mean the same.
func (g *Grouper) divide(p *part, log *record) {
	if len(p.voices) < dividedFrom || 10*len(p.voices) < dividedAfter*p.dividedAt {
		return
	}
	p.dividedAt = len(p.voices)
	texts := make([]*vector, len(p.voices))
	for i, v := range p.voices {
		texts[i] = g.reading(v)
	}
	d := halve(compared(texts))
	if d == nil || !d.differ(g.lesson) {
		return
	}
	to := g.apart(p, texts, d, log)
	p.dividedAt, p.settledAt, to.settledAt = 0, len(p.voices), len(to.voices)
	g.divide(p, log)
	g.divide(to, log)
}

// apart brings the smaller half to a part of its own, in a group of its own unless a hand placed voices of both halves.
func (g *Grouper) apart(p *part, texts []*vector, d *division, log *record) *part {
	pinned := [2]bool{}
	for i, v := range p.voices {
		pinned[d.of[i]] = pinned[d.of[i]] || v.pinned
	}
	half := 0
	if d.count[1] <= d.count[0] {
		half = 1
	}
	if pinned[half] && !pinned[1-half] {
		half = 1 - half
	}
	var in *group
	if pinned[half] {
		in = p.group
	}
	to := g.newPart(in)
	for i, v := range slices.Clone(p.voices) {
		if d.of[i] == half {
			log.moving(v)
			g.move(v, texts[i], to)
		}
	}
	return to
}

// division is texts in two halves, with how alike each two are, in units squared.
type division struct {
	of    []int // the half of each
	alike [][]int64
	count [2]int64
	to    [2][]int64 // by text: its likeness to all others of a half together
	worth float64
}

// halve finds the two halves of texts that are most alike in themselves, by 2-means from several beginnings; nil where none is large enough.
func halve(alike [][]int64) *division {
	var best *division
	for n := range beginnings {
		d := begin(alike, n)
		for range rounds {
			if !d.improve() {
				break
			}
		}
		if int(min(d.count[0], d.count[1]))*smallestHalf < len(alike) {
			continue
		}
		if d.weigh(); best == nil || d.worth > best.worth {
			best = d
		}
	}
	return best
}

// begin takes a text and another that is unlike it as the first of each half.
func begin(alike [][]int64, n int) *division {
	first := alike[n*len(alike)/beginnings]
	order := make([]int, len(alike))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(first[a], first[b]), cmp.Compare(a, b)) })
	second := alike[order[len(alike)/4*(n%3)/2]]
	d := &division{of: make([]int, len(alike)), alike: alike, to: [2][]int64{make([]int64, len(alike)), make([]int64, len(alike))}}
	for i := range alike {
		if second[i] > first[i] {
			d.of[i] = 1
		}
	}
	d.add()
	return d
}

// add sums up both halves.
func (d *division) add() {
	d.count = [2]int64{}
	clear(d.to[0])
	clear(d.to[1])
	for i, row := range d.alike {
		half := d.of[i]
		d.count[half]++
		to := d.to[half]
		for j, x := range row {
			to[j] += x
		}
		to[i] -= row[i]
	}
}

// improve brings each text to the half that it is more alike, and reports whether one changed.
func (d *division) improve() bool {
	within := [2]float64{d.between(0, 0) / 2, d.between(1, 1) / 2}
	changed := false
	for i, was := range d.of {
		fit := [2]float64{}
		for half := range fit {
			count := d.count[half]
			if half == was {
				count--
			}
			fit[half] = float64(d.to[half][i])/(float64(max(1, count))*unit*unit) - within[half]
		}
		half := 0
		if fit[1] > fit[0] {
			half = 1
		}
		d.of[i], changed = half, changed || half != was
	}
	if changed {
		d.add()
	}
	return changed
}

// sum is the likeness of all pairs of one half with the other, or of one in itself, which has each pair twice.
func (d *division) sum(one, other int) (sum int64) {
	for i, half := range d.of {
		if half == one {
			sum += d.to[other][i]
		}
	}
	return sum
}

// between is how alike two texts of one half and the other are on average.
func (d *division) between(one, other int) float64 {
	pairs := d.count[one] * d.count[other]
	if one == other {
		pairs -= d.count[one]
	}
	return float64(d.sum(one, other)) / (float64(max(1, pairs)) * unit * unit)
}

// weigh measures how alike both halves are in themselves.
func (d *division) weigh() {
	d.worth = 0
	for half, n := range d.count {
		d.worth += float64(d.sum(half, half)) / float64(max(1, n))
	}
}

// differ reports whether two halves are too little alike to mean the same.
func (d *division) differ(l *Lesson) bool {
	usual := [2]float64{}
	for half, n := range d.count {
		usual[half] = l.usual(d.sum(half, half), 0, n)
	}
	fit := l.likeness(d.between(0, 1), usual[0], usual[1])
	return fit < l.leastAlike(min(d.count[0], d.count[1]))+suspected(d.count[0]+d.count[1])
}

// suspected is by how much more alike the halves of a part must be that is larger than what people ask alike mostly is.
func suspected(voices int64) float64 {
	return float64(divideBig * math.Log(max(1, float64(voices)/big)))
}

// leastAlike is how alike two halves must be to mean the same, by how many voices the smaller one has.
func (l *Lesson) leastAlike(smaller int64) float64 {
	return divideAt + float64(divideNear*(l.Nearness-usualNearness)) + float64(divideRise*math.Log(float64(smaller)))
}

// compared is how alike each two of texts are.
func compared(texts []*vector) [][]int64 {
	ids, count := enumerated(texts)
	spread := make([]int32, count) // one text, to be looked up by number
	out := make([][]int64, len(texts))
	for i, x := range texts {
		out[i] = make([]int64, len(texts))
		for k, id := range ids[i] {
			spread[id] = x.weights[k]
		}
		for j := range i {
			sum := alikeTo(spread, x, ids[j], texts[j])
			out[i][j], out[j][i] = sum, sum
		}
		for _, id := range ids[i] {
			spread[id] = 0
		}
		out[i][i] = x.own
	}
	return out
}
