package knowledge

import (
	"cmp"
	"math"
	"slices"

	"faqbot/faq"
)

// Bands are the confidences from which an utterance is answered, and from which entries are offered.
type Bands struct {
	Answer  Confidence `json:"answer"`
	Clarify Confidence `json:"clarify"`
}

// of are the bands of an entry, which may have its own.
func (b Bands) of(e *faq.Entry) Bands {
	if e.AnswerAt > 0 {
		b.Answer, b.Clarify = Confidence(e.AnswerAt), min(b.Clarify, Confidence(e.AnswerAt))
	}
	return b
}

// Aim is what the owner wants, from which the bands follow.
type Aim struct {
	// Budget is the share of given answers that may be wrong; 0 means [DefaultBudget].
	Budget float64
	// Unanswerable is the share of questions that the FAQ is expected to have no answer to; 0 means [DefaultUnanswerable]. Without it a budget
	// means nothing: what is wrong among given answers depends on how much is asked that has none.
	Unanswerable float64
}

// What holds until an owner, or use, says otherwise.
const (
	DefaultBudget       = 0.1
	DefaultUnanswerable = 0.3
)

func (a Aim) orDefault() Aim {
	return Aim{Budget: cmp.Or(a.Budget, DefaultBudget), Unanswerable: cmp.Or(a.Unanswerable, DefaultUnanswerable)}
}

// bands are where a FAQ starts that has nothing to try out: confidence falls about four times as fast as wrong answers rise, as measured on the
// training halves.
func (a Aim) bands() Bands {
	answer := math.Max(0.3, math.Min(0.97, 1-4*a.Budget))
	return Bands{Answer: Confidence(answer), Clarify: usualClarify}
}

// usualClarify is the confidence from which offering entries is worth the customer's reading.
const usualClarify = 0.2

// shifted makes a calibration that was fitted at [DefaultUnanswerable] hold at another share of unanswerable questions: the prior odds change, the
// evidence does not. What is wrong is taken for unanswerable here, as most of it is.
func (c calibration) shifted(unanswerable float64) calibration {
	c.bias += logit(1-unanswerable) - logit(1-DefaultUnanswerable)
	return c
}

func logit(p float64) float64 { return math.Log(p / (1 - p)) }

// fewestGiven is the share of the samples that a band must answer for its errors to be counted.
const fewestGiven = 0.05

// bands finds the lowest confidence from which the budget holds, moved towards the usual one as far as samples are few.
func (c calibration) bands(list []sample, aim Aim) Bands {
	usual := aim.bands()
	type judged struct {
		confidence, weight, wrong float64
	}
	all := make([]judged, len(list))
	total := 0.0
	for i, s := range list {
		all[i] = judged{float64(c.confidence(s.signals)), s.weight, s.weight * one(!s.right)}
		total += s.weight
	}
	slices.SortStableFunc(all, func(a, b judged) int { return cmp.Compare(b.confidence, a.confidence) })
	own, given, wrong := 1.0, 0.0, 0.0
	for i, j := range all {
		given += j.weight
		wrong += j.wrong
		last := i+1 == len(all) || all[i+1].confidence < j.confidence
		if last && given >= fewestGiven*total && wrong <= aim.Budget*given {
			own = j.confidence
		}
	}
	answer := (total*own + strength*float64(usual.Answer)) / (total + strength)
	return Bands{Answer: Confidence(answer), Clarify: min(usual.Clarify, Confidence(answer))}
}

// Cost is what a band for answers costs, by trying out what the FAQ itself says with parts of it left out.
type Cost struct {
	// Trials is how many questions were tried.
	Trials int `json:"trials"`
	// Answered is the share of all questions that are answered, InScope the share of answerable ones that get theirs, Withheld the share of them
	// whose entry is first and below the band.
	Answered float64 `json:"answered"`
	InScope  float64 `json:"in_scope"`
	Withheld float64 `json:"withheld"`
	// Refused is the share of unanswerable questions that are not answered, Wrong the share of wrong ones among given answers.
	Refused float64 `json:"refused"`
	Wrong   float64 `json:"wrong"`
}

func (c calibration) cost(list []sample, answer Confidence) *Cost {
	out := &Cost{Trials: len(list)}
	var all, given, wrong, yes, right, withheld, no, refused float64
	for _, s := range list {
		answered := c.confidence(s.signals) >= answer
		all += s.weight
		given += s.weight * one(answered)
		wrong += s.weight * one(answered && !s.right)
		yes += s.weight * one(s.answerable)
		right += s.weight * one(answered && s.right)
		withheld += s.weight * one(!answered && s.right)
		no += s.weight * one(!s.answerable)
		refused += s.weight * one(!answered && !s.answerable)
	}
	share := func(part, whole float64) float64 {
		if whole == 0 {
			return 0
		}
		return part / whole
	}
	out.Answered, out.Wrong = share(given, all), share(wrong, given)
	out.InScope, out.Withheld, out.Refused = share(right, yes), share(withheld, yes), share(refused, no)
	return out
}
