package knowledge

import (
	"cmp"
	"context"
	"hash/fnv"
	"maps"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
)

// model is what was learnt to tell an entry's ways to ask from those of all others: a linear support vector machine, one against the rest. Of its
// weights it keeps those of the entry's own features and, where many ways make them dependable, of others that speak most against it.
type model struct {
	bias, scale float32
	weights     []int8 // follow document.features
	foreign     []feature
	opposed     []int8 // follow foreign
}

func (m *model) own(i int) float64 { return float64(m.weights[i]) * float64(m.scale) }

func (m *model) against(i int) float64 { return float64(m.opposed[i]) * float64(m.scale) }

// margin is how far on the entry's side of the border an utterance lies. Without a model, because the entry has just been changed, it is what
// models say on average of an utterance as near as this one.
func (m *model) margin(sum float64, e evidence) float64 {
	if m == nil {
		return usualMargin.bias + usualMargin.body*e.body + usualMargin.nearest*e.nearest
	}
	return sum + float64(m.bias)
}

const (
	// mostExamples bounds training; a FAQ with more ways to ask does without, for a business with so many has few of each.
	mostExamples = 60_000
	// fewestRivals and rivalsEach are how many ways to ask of other entries a model learns from: the most alike, at least so many, and for each
	// of its own so many. More cost time and tell nothing: measured on the training halves.
	fewestRivals, rivalsEach = 300, 30
	// searchedEach bounds, for each way, what is read to find rivals.
	searchedEach = 100_000
	// sweeps is how often the examples are gone through at most, settled the largest correction with which that ends earlier.
	sweeps, settled = 12, 0.05
	// lossWeight is the C of the literature. Fitted on the training halves; anything between 1 and 4 does about as well.
	lossWeight = 3
	// waysForForeign is the number of ways from which features of others are kept, half as many as own ones.
	waysForForeign = 8
)

// examples are all ways to ask of a FAQ as points in the space of their features, each of length 1.
type examples struct {
	documents []*document
	owner     []int32   // the document of each
	ids       [][]int32 // features by their number
	inverse   []float32 // 1 ÷ length before
	weight    []float32 // of each feature
	number    map[feature]int32
	feature   []feature // by number
	postings  [][]int32 // by feature: the examples that have it
	first     []int     // the first example of each document, and one more
}

func newExamples(documents []*document, f *frequencies) *examples {
	x := &examples{documents: documents, number: map[feature]int32{}}
	for n, d := range documents {
		x.first = append(x.first, len(x.ids))
		base := len(x.ids)
		for range d.ways {
			x.owner, x.ids = append(x.owner, int32(n)), append(x.ids, nil)
		}
		for feature, ways := range d.each {
			id, ok := x.number[feature]
			if !ok {
				id = int32(len(x.weight))
				x.number[feature] = id
				x.feature = append(x.feature, feature)
				x.weight = append(x.weight, float32(f.weight(feature)))
				x.postings = append(x.postings, nil)
			}
			for i := 0; i < len(ways); i += d.width {
				e := base + readNumber(ways, i, d.width)
				x.ids[e] = append(x.ids[e], id)
				x.postings[id] = append(x.postings[id], int32(e))
			}
		}
	}
	x.first = append(x.first, len(x.ids))
	x.inverse = make([]float32, len(x.ids))
	for e, ids := range x.ids {
		sum := 0.0
		for _, id := range ids {
			sum += float64(x.weight[id]) * float64(x.weight[id])
		}
		if sum > 0 {
			x.inverse[e] = float32(1 / math.Sqrt(sum))
		}
	}
	return x
}

// train makes the models of the documents; of those that wanted says, or of all. They are the same whenever documents and frequencies are.
func (x *examples) train(ctx context.Context, workers int, wanted func(*document) bool) []*model {
	out := make([]*model, len(x.documents))
	if len(x.documents) < 2 {
		return out
	}
	next := make(chan int)
	var group sync.WaitGroup
	for range max(1, workers) {
		group.Go(func() {
			t := newTrainer(x)
			for n := range next {
				out[n] = t.train(n)
			}
		})
	}
	for n, d := range x.documents {
		if ctx.Err() == nil && (wanted == nil || wanted(d)) {
			next <- n
		}
	}
	close(next)
	group.Wait()
	return out
}

// proposed are the documents with the examples that share most with features, best first.
func (x *examples) proposed(features []feature, limit int) []*document {
	var ids []int32
	for _, f := range features {
		if id, ok := x.number[f]; ok {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b int32) int {
		return cmp.Or(cmp.Compare(len(x.postings[a]), len(x.postings[b])), cmp.Compare(a, b))
	})
	near := map[int32]float32{}
	budget := searchedEach / 5
	for _, id := range ids {
		if budget -= len(x.postings[id]); budget < 0 && len(near) > 0 {
			break
		}
		for _, e := range x.postings[id] {
			near[e] += x.weight[id] * x.weight[id] * x.inverse[e]
		}
	}
	order := slices.SortedFunc(maps.Keys(near), func(a, b int32) int { return cmp.Or(cmp.Compare(near[b], near[a]), cmp.Compare(a, b)) })
	var out []*document
	seen := map[int32]bool{}
	for _, e := range order {
		if owner := x.owner[e]; !seen[owner] && len(out) < limit {
			seen[owner] = true
			out = append(out, x.documents[owner])
		}
	}
	return out
}

// allCores is for when nobody waits for answers meanwhile, someCores for when customers may.
func allCores() int { return runtime.GOMAXPROCS(0) }

func someCores() int { return max(1, runtime.GOMAXPROCS(0)/2) }

// trainer trains one model after the other, in the same memory.
type trainer struct {
	*examples
	w       []float32
	touched []int32
	center  []float32 // sum of the document's examples
	own     []int32   // features of the document
	near    []float32 // by example
	seen    []int32   // examples with near > 0
}

func newTrainer(x *examples) *trainer {
	return &trainer{examples: x, w: make([]float32, len(x.weight)), center: make([]float32, len(x.weight)), near: make([]float32, len(x.ids))}
}

// train solves the dual of the L2-loss support vector machine by coordinate descent (Hsieh and others 2008), classes weighing the same.
func (t *trainer) train(n int) *model {
	from, to := t.first[n], t.first[n+1]
	t.measure(from, to)
	list := make([]int32, 0, to-from+fewestRivals)
	for e := from; e < to; e++ {
		list = append(list, int32(e))
	}
	list = append(list, t.rivals(from, to)...)
	bias := t.descend(list, to-from, seedOf(t.documents[n]))
	m := t.quantized(n, bias)
	t.clear()
	return m
}

func seedOf(d *document) uint64 {
	h := fnv.New64a()
	h.Write([]byte(d.entry.ID))
	return h.Sum64()
}

// measure adds the document's own examples up.
func (t *trainer) measure(from, to int) {
	for e := from; e < to; e++ {
		for _, id := range t.ids[e] {
			if t.center[id] == 0 {
				t.own = append(t.own, id)
			}
			t.center[id] += t.weight[id] * t.inverse[e]
		}
	}
}

// rivals are the examples of other documents that are most like this one's.
func (t *trainer) rivals(from, to int) []int32 {
	slices.SortFunc(t.own, func(a, b int32) int {
		return cmp.Or(cmp.Compare(len(t.postings[a]), len(t.postings[b])), cmp.Compare(a, b))
	})
	budget := searchedEach * (to - from)
	for _, id := range t.own {
		if budget -= len(t.postings[id]); budget < 0 {
			break
		}
		share := t.center[id] * t.weight[id]
		for _, e := range t.postings[id] {
			if t.near[e] == 0 {
				t.seen = append(t.seen, e)
			}
			t.near[e] += share * t.inverse[e]
		}
	}
	want := min(max(fewestRivals, rivalsEach*(to-from)), len(t.ids)-(to-from))
	others := slices.DeleteFunc(slices.Clone(t.seen), func(e int32) bool { return int(e) >= from && int(e) < to })
	slices.SortFunc(others, func(a, b int32) int { return cmp.Or(cmp.Compare(t.near[b], t.near[a]), cmp.Compare(a, b)) })
	others = others[:min(want, len(others))]
	// Those that share nothing fill up, so that a border is always drawn between two sides.
	for e := 0; len(others) < want && e < len(t.ids); e++ {
		if t.near[e] == 0 && (e < from || e >= to) {
			others = append(others, int32(e))
		}
	}
	return others
}

func (t *trainer) descend(list []int32, positives int, seed uint64) (bias float64) {
	n := len(list)
	// The loss of each side is divided by its size, and with it what is added to the diagonal of the dual.
	mine, theirs := float64(positives)/float64(n)/lossWeight, float64(n-positives)/float64(n)/lossWeight
	alpha, diagonal := make([]float64, n), make([]float64, n)
	for i, e := range list {
		if diagonal[i] = 1 + mine; i >= positives {
			diagonal[i] = 1 + theirs
		}
		if t.inverse[e] > 0 {
			diagonal[i]++
		}
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	r := rand.New(rand.NewPCG(seed, 0))
	for range sweeps {
		r.Shuffle(n, func(a, b int) { order[a], order[b] = order[b], order[a] })
		worst := 0.0
		for _, i := range order {
			side, regular := 1.0, mine
			if i >= positives {
				side, regular = -1, theirs
			}
			e := list[i]
			gradient := side*(bias+t.dot(e)) - 1 + regular*alpha[i]
			if alpha[i] == 0 && gradient > 0 {
				continue
			}
			worst = max(worst, math.Abs(gradient))
			before := alpha[i]
			alpha[i] = max(0, before-gradient/diagonal[i])
			step := (alpha[i] - before) * side
			bias += step
			t.add(e, float32(step))
		}
		if worst < settled {
			break
		}
	}
	return bias
}

func (t *trainer) dot(e int32) float64 {
	sum := float32(0)
	for _, id := range t.ids[e] {
		sum += t.w[id] * t.weight[id]
	}
	return float64(sum * t.inverse[e])
}

func (t *trainer) add(e int32, step float32) {
	step *= t.inverse[e]
	for _, id := range t.ids[e] {
		if t.w[id] == 0 {
			t.touched = append(t.touched, id)
		}
		t.w[id] += step * t.weight[id]
	}
}

// quantized keeps a model's weights in a byte each.
func (t *trainer) quantized(n int, bias float64) *model {
	d := t.documents[n]
	m := &model{bias: float32(bias), weights: make([]int8, len(d.features))}
	most := float32(0)
	for _, id := range t.touched {
		most = max(most, max(t.w[id], -t.w[id]))
	}
	if most == 0 {
		return m
	}
	m.scale = most / math.MaxInt8
	small := func(w float32) int8 { return int8(math.Round(float64(w / m.scale))) }
	for i, x := range d.features {
		m.weights[i] = small(t.w[t.number[x]])
	}
	if len(d.ways) < waysForForeign {
		return m
	}
	against := slices.DeleteFunc(slices.Clone(t.touched), func(id int32) bool { return t.center[id] != 0 || small(t.w[id]) >= 0 })
	slices.SortFunc(against, func(a, b int32) int {
		return cmp.Or(cmp.Compare(t.w[a], t.w[b]), cmp.Compare(t.feature[a], t.feature[b]))
	})
	against = slices.Compact(against)
	for _, id := range against[:min(len(against), len(d.features)/2)] {
		m.foreign = append(m.foreign, t.feature[id])
		m.opposed = append(m.opposed, small(t.w[id]))
	}
	return m
}

func (t *trainer) clear() {
	for _, id := range t.touched {
		t.w[id] = 0
	}
	for _, id := range t.own {
		t.center[id] = 0
	}
	for _, e := range t.seen {
		t.near[e] = 0
	}
	t.touched, t.own, t.seen = t.touched[:0], t.own[:0], t.seen[:0]
}
