package knowledge

import (
	"context"
	"fmt"
	"math"
)

// Traffic counts what real people asked in their own words, by what was decided on it.
type Traffic struct {
	Answered, Clarified, FellBack int
}

func (t Traffic) total() int { return t.Answered + t.Clarified + t.FellBack }

// rounded are the shares of the kinds, in tenths: what is learnt from them changes with use, not with each question.
func (t Traffic) rounded() mix {
	var out mix
	if t.total() < fewestAsked {
		return out
	}
	for i, n := range []int{t.Answered, t.Clarified, t.FellBack} {
		out[i] = math.Round(10 * float64(n) / float64(t.total()))
	}
	return out
}

// mix is how much of what is asked is answered, clarified and neither.
type mix [3]float64

const (
	// fewestAsked is how many questions tell how often each kind is decided.
	fewestAsked = 50
	// usualVerdicts is how many verdicts it takes to believe half of what they say of the share of unanswerable questions; usualOfKind the same of one
	// kind of decision.
	usualVerdicts, usualOfKind = 40, 10
	// leastUnanswerable and mostUnanswerable bound what is learnt of that share: beyond, a few wrong verdicts would decide.
	leastUnanswerable, mostUnanswerable = 0.05, 0.7
)

func (m *Matcher) traffic(ctx context.Context) (mix, error) {
	if m.options.Traffic == nil {
		return mix{}, nil
	}
	t, err := m.options.Traffic(ctx)
	if err != nil {
		return mix{}, fmt.Errorf("count what was asked: %w", err)
	}
	return t.rounded(), nil
}

// unanswerable estimates how many questions have no answer: a stratified sample (Cochran, Sampling Techniques, 1977, chapter 5). The strata are the
// kinds of decision, for what staff judge, tickets mostly, is no fair part of what is asked; in each, those who can know say what share has none.
// Where they say little it is what the FAQ's own trials tell, and on the whole what was expected.
func (l learned) unanswerable(judged, own []trial, asked mix) float64 {
	expected := l.aim.Unanswerable
	if asked == (mix{}) {
		return expected
	}
	var none, all mix
	for _, s := range samplesOf(own, expected) {
		kind := l.kindOf(s.signals)
		all[kind] += s.weight
		none[kind] += s.weight * one(!s.answerable)
	}
	for kind := range all {
		none[kind] = usualOfKind * (none[kind] + expected) / (all[kind] + 1)
		all[kind] = usualOfKind
	}
	n := 0.0
	for _, t := range judged {
		if !t.informed {
			continue
		}
		kind := fellBack
		if len(t.list) > 0 {
			kind = l.kindOf(signalsIn(t.asked, t.list))
		}
		n++
		all[kind]++
		none[kind] += one(!t.answerable)
	}
	sum, total := 0.0, 0.0
	for kind, share := range asked {
		sum += share * none[kind] / all[kind]
		total += share
	}
	found := (n*sum/total + usualVerdicts*expected) / (n + usualVerdicts)
	found = math.Max(leastUnanswerable, math.Min(found, mostUnanswerable))
	if n == 0 {
		return expected
	}
	return math.Round(found*50) / 50
}

// The kinds of decision in a [mix].
const (
	answered = iota
	clarified
	fellBack
)

func (l learned) kindOf(s signals) int {
	switch c := l.calibration.confidence(s); {
	case c >= l.bands.Answer:
		return answered
	case c >= l.bands.Clarify:
		return clarified
	}
	return fellBack
}
