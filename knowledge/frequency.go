package knowledge

import "math"

// rows of the frequency table; features that share a row share a count, which only makes a rare one look less rare.
const rows = 1 << 18

// frequencies counts in how many entries a feature occurs.
type frequencies struct {
	entries int
	counts  []uint32
	// weights are the inverse document frequencies by count, for this number of entries.
	weights []float64
}

func newFrequencies() *frequencies {
	f := &frequencies{counts: make([]uint32, rows)}
	f.settle()
	return f
}

// add counts an entry's features, or takes them back with -1. Call settle after the last.
func (f *frequencies) add(features []feature, sign int) {
	for _, x := range features {
		f.counts[x%rows] += uint32(sign) // two's complement: adding 2³²−1 subtracts one
	}
	f.entries += sign
}

// tabulated bounds the table of weights; rarer than that many entries is all that needs precision.
const tabulated = 1 << 15

// settle makes the weights fit the number of entries: smoothed inverse document frequencies, ln((1+N)/(1+n))+1.
func (f *frequencies) settle() {
	f.weights = make([]float64, min(f.entries+2, tabulated))
	for n := range f.weights {
		f.weights[n] = f.formula(n)
	}
}

func (f *frequencies) formula(n int) float64 {
	return math.Log(float64(1+f.entries)/float64(1+n)) + 1
}

func (f *frequencies) weight(x feature) float64 {
	n := int(f.counts[x%rows])
	if n < len(f.weights) {
		return f.weights[n]
	}
	return math.Max(f.formula(n), 0.1) // rows are shared, so a count may exceed the number of entries
}

func (f *frequencies) count(x feature) int { return int(f.counts[x%rows]) }

func (f *frequencies) known(x feature) bool { return f.counts[x%rows] > 0 }
