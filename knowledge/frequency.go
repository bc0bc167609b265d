package knowledge

import "math"

// rows of the frequency table; features that share a row share a count, which only makes a rare one look less rare.
const rows = 1 << 18

// frequencies counts in how many entries a feature occurs.
type frequencies struct {
	entries int
	counts  []uint32
}

func newFrequencies() *frequencies { return &frequencies{counts: make([]uint32, rows)} }

// add counts an entry's features, or takes them back with -1.
func (f *frequencies) add(b bag, sign int) {
	for _, c := range b {
		f.counts[c.feature%rows] += uint32(sign) // two's complement: adding 2³²−1 subtracts one
	}
}

// weight is the smoothed inverse document frequency, ln((1+N)/(1+n))+1.
func (f *frequencies) weight(x feature) float64 {
	return math.Log(float64(1+f.entries)/float64(1+f.counts[x%rows])) + 1
}

func (f *frequencies) known(x feature) bool { return f.counts[x%rows] > 0 }
