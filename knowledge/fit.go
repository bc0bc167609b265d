package knowledge

import "math"

const (
	// strength is how many real questions what holds of FAQs in general weighs.
	strength = 300
	// dependable is the number of ways to ask an entry at which one of them weighs half as much as a real question. A FAQ is not asked as its
	// customers ask: who writes a few phrasings avoids what is there already; a hundred are what customers wrote. Chosen on the training halves.
	dependable = 100
	// labelNoise is the share of questions under a wrong entry: without it the few that are there would decide what texts nearly alike are worth.
	labelNoise = 0.02
	// curvature is what a trial tells of one coefficient, about: p·(1−p) on average.
	curvature = 0.2
	// steps of descent suffice for problems as small and convex as these; momentum and rate are usual values.
	steps, momentum, rate = 400, 0.9, 0.3
	// atRest is a step so small that more of them change no decision.
	atRest = 1e-5
)

// fitMixture maximizes the likelihood of the entries that were meant, from a mixture that weighs as much as a number of them. Trials whose entry
// is not among the candidates tell nothing.
func fitMixture(list []trial, from mixture, weight float64) mixture {
	var choices []choice
	var scale mixture
	count, total := 0.0, 0.0
	for _, t := range list {
		if t.right < 0 {
			continue
		}
		c := choice{right: t.right, weight: t.weight}
		for _, r := range t.list {
			x := parts(r.evidence, r.ways)
			for j := range x {
				scale[j] += x[j] * x[j]
			}
			count++
			c.parts = append(c.parts, x)
		}
		total += t.weight
		choices = append(choices, c)
	}
	if len(choices) == 0 {
		return from
	}
	for j := range scale {
		scale[j] = math.Sqrt(scale[j]/count) + 1e-9
	}
	for _, c := range choices {
		for k := range c.parts {
			for j := range scale {
				c.parts[k][j] /= scale[j]
			}
		}
	}
	start := from
	for j := range start {
		start[j] *= scale[j]
	}
	w := descend(start[:], curvature*weight/total, func(w, gradient []float64) {
		for _, c := range choices {
			c.slope(w, gradient, c.weight/total)
		}
	})
	for j := range w {
		from[j] = w[j] / scale[j]
	}
	return from
}

// choice is a trial as a mixture sees it.
type choice struct {
	parts  []mixture
	right  int
	weight float64
}

// slope adds the gradient of −log of the right candidate's share.
func (c choice) slope(w, gradient []float64, weight float64) {
	var room [tried + 1]float64
	odds := room[:len(c.parts)]
	most := math.Inf(-1)
	for k := range c.parts {
		odds[k] = 0
		for j, x := range c.parts[k] {
			odds[k] += w[j] * x
		}
		most = math.Max(most, odds[k])
	}
	sum := 0.0
	for k := range odds {
		odds[k] = math.Exp(odds[k] - most)
		sum += odds[k]
	}
	p := odds[c.right] / sum
	weight *= (1 - labelNoise) * p / ((1-labelNoise)*p + labelNoise/float64(len(odds)))
	for k := range odds {
		d := odds[k] / sum
		if k == c.right {
			d--
		}
		for j, x := range c.parts[k] {
			gradient[j] += weight * d * x
		}
	}
}

// fitCalibration maximizes the likelihood of what was right, from a calibration that weighs as much as a number of samples.
func fitCalibration(list []sample, from calibration, weight float64) calibration {
	if len(list) == 0 {
		return from
	}
	var rows [][coefficients]float64
	var scale [coefficients]float64
	total := 0.0
	for _, s := range list {
		x := s.signals.list()
		for j := range x {
			scale[j] += x[j] * x[j]
		}
		rows = append(rows, x)
		total += s.weight
	}
	start := make([]float64, coefficients+1)
	for j := range scale {
		scale[j] = math.Sqrt(scale[j]/float64(len(list))) + 1e-9
		start[j] = from.weights[j] * scale[j]
	}
	start[coefficients] = from.bias
	w := descend(start, curvature*weight/total, func(w, gradient []float64) {
		for i, s := range list {
			z := w[coefficients]
			for j, x := range rows[i] {
				z += w[j] * x / scale[j]
			}
			d := s.weight / total * (1/(1+math.Exp(-z)) - one(s.right))
			for j, x := range rows[i] {
				gradient[j] += d * x / scale[j]
			}
			gradient[coefficients] += d
		}
	})
	out := calibration{bias: w[coefficients]}
	for j := range scale {
		out.weights[j] = w[j] / scale[j]
	}
	return out
}

// descend minimizes a mean loss plus half of ridge times the squared distance from the start.
func descend(start []float64, ridge float64, slope func(w, gradient []float64)) []float64 {
	ridge = math.Min(ridge, 1) // more would not hold it faster, only overshoot
	w, v, gradient := make([]float64, len(start)), make([]float64, len(start)), make([]float64, len(start))
	copy(w, start)
	for range steps {
		clear(gradient)
		slope(w, gradient)
		fastest := 0.0
		for j := range w {
			v[j] = momentum*v[j] - rate*(gradient[j]+ridge*(w[j]-start[j]))
			w[j] += v[j]
			fastest = math.Max(fastest, math.Abs(v[j]))
		}
		if fastest < atRest {
			break
		}
	}
	return w
}
