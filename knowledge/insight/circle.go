package insight

import (
	"cmp"
	"slices"
)

const (
	// mostTies is how many texts one is tied to: those nearest to it. It and the next four are fitted on the train sets.
	mostTies = 20
	// leastTied is how alike two tied texts must be, as a share of what is usual among texts that mean the same: among few texts the nearest are far.
	leastTied = 0.5
	// tieWorth is what a tie within a circle is worth, and pairCost what each pair of texts in it costs: a larger circle needs more ties.
	tieWorth, pairCost = 1000, 115
	// gatherings and climbs bound the search.
	gatherings, climbs = 30, 4
)

// tie binds a text to another: weight is 2 where each is among the nearest of the other, 1 where that is so of one alone.
type tie struct{ to, weight int }

// ties are those of each text, or of each circle of texts, to others, in their order. All is whole numbers: the same everywhere.
type ties [][]tie

// tied ties each text to those nearest to it.
func tied(near [][]int32) ties {
	weights := make([]map[int]int, len(near))
	for i := range weights {
		weights[i] = map[int]int{}
	}
	for i, list := range near {
		for _, j := range list {
			weights[i][int(j)]++
			weights[j][i]++
		}
	}
	return inOrder(weights)
}

func inOrder(weights []map[int]int) ties {
	out := make(ties, len(weights))
	for i, m := range weights {
		for to, weight := range m {
			out[i] = append(out[i], tie{to, weight})
		}
		slices.SortFunc(out[i], func(a, b tie) int { return cmp.Compare(a.to, b.to) })
	}
	return out
}

// circles finds texts that are tied among each other more than to others, and returns the circle of each. It is the method of Louvain (Blondel and others
// 2008) with a cost for each pair (Traag, Van Dooren and Nesterov 2011): unlike modularity it asks nothing of texts elsewhere.
func (t ties) circles() []int {
	best := make([]int, len(t))
	for i := range best {
		best[i] = i
	}
	best = t.climb(best)
	for range climbs - 1 {
		of := t.climb(best)
		if t.worth(of) <= t.worth(best) {
			break
		}
		best = of
	}
	return best
}

// climb moves texts to where they are worth most, then circles as a whole, until none moves.
func (t ties) climb(from []int) []int {
	in, size := slices.Clone(from), make([]int, len(t))
	of := make([]int, len(t))
	for i := range of {
		of[i], size[i] = i, 1
	}
	for level := t; ; {
		count := level.gather(size, in)
		for i := range of {
			of[i] = in[of[i]]
		}
		if count == len(level) {
			return of
		}
		level, size = level.folded(size, in, count)
		in = in[:count]
		for i := range in {
			in[i] = i
		}
	}
}

// gather moves each to the circle it is worth most in, until none moves or it was done often enough. Circles are numbered anew, by their first.
func (t ties) gather(size, in []int) (count int) {
	total, bound := make([]int, len(t)), make([]int, len(t))
	for i, c := range in {
		total[c] += size[i]
	}
	for moved, n := true, 0; moved && n < gatherings; n++ {
		moved = false
		for i := range t {
			own := in[i]
			total[own] -= size[i]
			in[i] = t.best(i, in, bound, func(c int) int { return cost(size[i], total[c]) })
			total[in[i]] += size[i]
			moved = moved || in[i] != own
		}
	}
	return renumber(in)
}

// best is the circle that one is worth most in, its own where others are not better. Bound is scratch, all zero.
func (t ties) best(i int, in, bound []int, cost func(circle int) int) int {
	best := in[i]
	for _, e := range t[i] {
		if e.to != i {
			bound[in[e.to]] += tieWorth * e.weight
		}
	}
	most := bound[best] - cost(best)
	for _, e := range t[i] {
		if c := in[e.to]; bound[c]-cost(c) > most {
			best, most = c, bound[c]-cost(c)
		}
	}
	for _, e := range t[i] {
		bound[in[e.to]] = 0
	}
	return best
}

// cost is by how much two circles cost more as one.
func cost(one, other int) int { return pairCost * one * other }

// renumber gives circles the numbers from 0, in the order they come.
func renumber(in []int) (count int) {
	numbers := map[int]int{}
	for i, c := range in {
		if _, there := numbers[c]; !there {
			numbers[c] = len(numbers)
		}
		in[i] = numbers[c]
	}
	return len(numbers)
}

// folded are the ties of circles.
func (t ties) folded(size, in []int, count int) (ties, []int) {
	weights, sizes := make([]map[int]int, count), make([]int, count)
	for c := range weights {
		weights[c] = map[int]int{}
	}
	for i, list := range t {
		sizes[in[i]] += size[i]
		for _, e := range list {
			weights[in[i]][in[e.to]] += e.weight
		}
	}
	return inOrder(weights), sizes
}

// worth is what circles of texts are worth together.
func (t ties) worth(of []int) int {
	sum, size := 0, make([]int, len(t))
	for i, list := range t {
		sum -= cost(1, size[of[i]])
		size[of[i]]++
		for _, e := range list {
			if e.to < i && of[e.to] == of[i] {
				sum += tieWorth * e.weight
			}
		}
	}
	return sum
}
