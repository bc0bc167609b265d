package insight

// Expected is what an entry for one gap is expected to answer of what is asked in as long a time as a period.
type Expected struct {
	// Asked is how often the gap was asked for in the period.
	Asked int
	// Fresh is the share of its questions, 0–1, that the entry answers although it was not taught them.
	Fresh float64
}

// Expect looks at a gap's misses in a period. Those that were answered after all are answered already.
func Expect(misses []Miss, in Period, fresh float64) Expected {
	e := Expected{Fresh: fresh}
	for _, m := range misses {
		if in.Contains(m.At) && !m.Answered {
			e.Asked++
		}
	}
	return e
}

// Rise is by how much the share of questions that are answered, 0–1, is expected to rise once gaps are closed: the sum of asked × fresh of each ÷ all
// questions of the same period. It promises for what is in the groups alone, and for as long as people ask for what they asked for then: who asked for the
// same and was put elsewhere, or was answered with something else, is not in it.
func Rise(questions int, gaps ...Expected) float64 {
	if questions == 0 {
		return 0
	}
	sum := 0.0
	for _, g := range gaps {
		sum += float64(g.Asked) * g.Fresh
	}
	return sum / float64(questions)
}
