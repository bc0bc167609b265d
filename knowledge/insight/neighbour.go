package insight

import (
	"cmp"
	"runtime"
	"slices"
	"sync"
)

// neighbour is a text that is among the nearest of another.
type neighbour struct {
	voice *voice
	alike int64
}

// neighbours are the places in an order of those most alike to each, if they are alike enough to be tied: the nearest first, and of those that are equally so
// the one that comes first. What was found the last time is kept, and only what came since is compared with all: there is nothing else that could be nearer.
func (g *Grouper) neighbours(order []drawn) [][]int32 {
	at := make(map[*voice]int32, len(order))
	for i, s := range order {
		at[s.voice] = int32(i)
	}
	known := g.near
	g.near = make(map[*voice][]neighbour, len(order))
	var fresh []int32 // those that are compared with all: they came since, or a neighbour of theirs has left
	for i, s := range order {
		list, there := known[s.voice]
		if !there || slices.ContainsFunc(list, func(n neighbour) bool { _, stays := at[n.voice]; return !stays }) {
			fresh = append(fresh, int32(i))
		}
		g.near[s.voice] = list
	}
	rows := g.compareWithAll(order, fresh)
	least := int64(float64(leastTied*g.lesson.Within) * unit * unit)
	renewed := make([]bool, len(order))
	for n, i := range fresh {
		renewed[i] = true
		g.near[order[i].voice] = nearestOf(rows[n], order, i, least)
	}
	out := make([][]int32, len(order))
	for i, s := range order {
		list := g.near[s.voice]
		if !renewed[i] {
			for n, j := range fresh {
				if _, there := known[order[j].voice]; there {
					continue
				}
				list = nearer(list, neighbour{order[j].voice, rows[n][i]}, least, func(v *voice) int32 { return at[v] })
			}
			g.near[s.voice] = list
		}
		for _, n := range list {
			out[i] = append(out[i], at[n.voice])
		}
	}
	return out
}

// compareWithAll is how alike some texts are to all.
func (g *Grouper) compareWithAll(order []drawn, some []int32) [][]int64 {
	texts := make([]*vector, len(order))
	for i, s := range order {
		texts[i] = g.reading(s.voice)
	}
	ids, count := enumerated(texts)
	shared := make([][]holding, count)
	companies := make([][widest]int32, len(texts))
	for i, x := range texts {
		for k, id := range ids[i] {
			shared[id] = append(shared[id], holding{int32(i), x.weights[k]})
		}
		copy(companies[i][:], x.company)
	}
	out := make([][]int64, len(some))
	var workers sync.WaitGroup
	each := runtime.GOMAXPROCS(0)
	for w := range each {
		workers.Go(func() {
			for n := w; n < len(some); n += each {
				i := some[n]
				row := make([]int64, len(texts))
				for k, id := range ids[i] {
					weight := int64(texts[i].weights[k])
					for _, h := range shared[id] {
						row[h.text] += weight * int64(h.weight)
					}
				}
				for j := range row {
					row[j] += together(&companies[i], &companies[j])
				}
				out[n] = row
			}
		})
	}
	workers.Wait()
	return out
}

// holding is a text that has a sign, and the weight of that in it.
type holding struct{ text, weight int32 }

// together is the product of the companies of two texts. Each is shorter than a unit, so no part of the sum is too large.
func together(a, b *[widest]int32) int64 {
	var one, two, three, four int32
	for k := 0; k < widest; k += 4 {
		one += a[k] * b[k]
		two += a[k+1] * b[k+1]
		three += a[k+2] * b[k+2]
		four += a[k+3] * b[k+3]
	}
	return int64(one) + int64(two) + int64(three) + int64(four)
}

// enumerated gives the signs of texts numbers, and says how many there are.
func enumerated(texts []*vector) (ids [][]int32, count int) {
	number := map[sign]int32{}
	ids = make([][]int32, len(texts))
	for i, x := range texts {
		ids[i] = make([]int32, len(x.signs))
		for k, s := range x.signs {
			id, ok := number[s]
			if !ok {
				id = int32(len(number))
				number[s] = id
			}
			ids[i][k] = id
		}
	}
	return ids, len(number)
}

// alikeTo is how alike a text is to one that is spread out by the numbers of its signs.
func alikeTo(spread []int32, one *vector, ids []int32, other *vector) (sum int64) {
	for k, id := range ids {
		sum += int64(spread[id]) * int64(other.weights[k])
	}
	for k, c := range one.company {
		sum += int64(c) * int64(other.company[k])
	}
	return sum
}

// nearestOf are the texts most alike to one.
func nearestOf(row []int64, order []drawn, own int32, least int64) []neighbour {
	best := make([]int32, 0, mostTies+1)
	for j, x := range row {
		if int32(j) == own || x < least || len(best) == mostTies && x <= row[best[mostTies-1]] {
			continue
		}
		at, _ := slices.BinarySearchFunc(best, x, func(k int32, x int64) int { return cmp.Or(cmp.Compare(x, row[k]), -1) })
		best = slices.Insert(best, at, int32(j))
		best = best[:min(mostTies, len(best))]
	}
	out := make([]neighbour, len(best))
	for n, j := range best {
		out[n] = neighbour{order[j].voice, row[j]}
	}
	return out
}

// nearer is a list with one more neighbour, if that is near enough.
func nearer(list []neighbour, n neighbour, least int64, at func(*voice) int32) []neighbour {
	if n.alike < least || len(list) == mostTies && n.alike < list[mostTies-1].alike {
		return list
	}
	i, _ := slices.BinarySearchFunc(list, n, func(a, b neighbour) int {
		return cmp.Or(cmp.Compare(b.alike, a.alike), cmp.Compare(at(a.voice), at(b.voice)))
	})
	list = slices.Insert(list, i, n)
	return list[:min(mostTies, len(list))]
}
