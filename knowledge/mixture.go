package knowledge

import "math"

// mixture weighs the evidence for a candidate: a conditional logit model (McFadden 1974), by which the odds of one candidate against another
// are e to the difference of their scores. How much each piece of evidence tells depends on how many ways to ask an entry has: the
// entry as one document carries few and uneven ones, the trained model many.
type mixture [mixtures]float64

const (
	mixBody = iota
	mixNearest
	mixAsked
	mixAnswer
	mixMargin
	mixTrusted // the margin, as far as the number of ways lets it be trusted, and a little more with each doubling of it
	mixWays
	mixBodyWays
	mixNearestWays
	mixAskedWays
	mixAnswerWays
	mixSaid // as long as the ways are few: of many, one is always like
	mixTurned
	mixOtherNumber
	mixtures
)

// trustedFrom is the number of ways to ask at which half of a model's margin is trusted.
const trustedFrom = 3

// fewWays is the number of ways to ask from which it tells little that one of them asks nothing else.
const fewWays = 20

// parts are what a mixture weighs.
func parts(e evidence, ways int) mixture {
	n := float64(ways)
	l := math.Log(n)
	return mixture{
		mixBody: e.body, mixNearest: e.nearest, mixAsked: e.asked, mixAnswer: e.answer,
		mixMargin: e.margin, mixTrusted: e.margin * n / (n + trustedFrom) * (1 + l/10),
		mixWays: l, mixBodyWays: e.body * l, mixNearestWays: e.nearest * l, mixAskedWays: e.asked * l,
		mixAnswerWays: e.answer * l, mixSaid: e.said * fewWays / (n + fewWays),
		mixTurned: one(e.turned), mixOtherNumber: one(e.otherNumber),
	}
}

func one(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

func (m mixture) score(e evidence, ways int) float64 {
	sum := 0.0
	for i, x := range parts(e, ways) {
		sum += m[i] * x
	}
	return sum
}
