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

const (
	// fewestGiven is the share of the samples that a band must cover for what is right and wrong in it to be counted.
	fewestGiven = 0.05
	// worthReading is the share of offers that must hold what was meant: a customer who reads three questions in vain twice out of three has been
	// helped as much as troubled.
	worthReading = 1.0 / 3
)

// bands finds the lowest confidence from which the budget holds, and below it the lowest from which offers are worth reading, each moved towards the
// usual one as far as samples are few.
func (c calibration) bands(list []sample, aim Aim) Bands {
	type judged struct {
		sample
		confidence Confidence
	}
	all := make([]judged, len(list))
	total := 0.0
	for i, s := range list {
		all[i] = judged{s, c.confidence(s.signals)}
		total += s.weight
	}
	slices.SortStableFunc(all, func(a, b judged) int { return cmp.Compare(b.confidence, a.confidence) })
	// lowest is the confidence down to which enough of the samples from a place on are good, and otherwise when that is none.
	lowest := func(list []judged, enough float64, otherwise Confidence, good func(judged) bool) Confidence {
		out, covered, sum := otherwise, 0.0, 0.0
		for i, j := range list {
			covered += j.weight
			sum += j.weight * one(good(j))
			last := i+1 == len(list) || list[i+1].confidence < j.confidence
			if last && covered >= fewestGiven*total && sum >= enough*covered {
				out = j.confidence
			}
		}
		return out
	}
	moved := func(own, usual Confidence) Confidence {
		return (Confidence(total)*own + strength*usual) / Confidence(total+strength)
	}
	usual := aim.bands()
	answer := moved(lowest(all, 1-aim.Budget, 1, func(j judged) bool { return j.right }), usual.Answer)
	below := slices.IndexFunc(all, func(j judged) bool { return j.confidence < answer })
	if below < 0 {
		return Bands{Answer: answer, Clarify: min(usual.Clarify, answer)}
	}
	clarify := moved(lowest(all[below:], worthReading, answer, func(j judged) bool { return j.offered }), usual.Clarify)
	return Bands{Answer: answer, Clarify: min(clarify, answer)}
}

// Cost is what the bands cost, by trying out what the FAQ itself says with parts of it left out.
type Cost struct {
	// Trials is how many questions were tried.
	Trials int `json:"trials"`
	// Answered is the share of all questions that are answered, InScope the share of answerable ones that get theirs, Withheld the share of them
	// whose entry is first and below the band.
	Answered float64 `json:"answered"`
	InScope  float64 `json:"in_scope"`
	Withheld float64 `json:"withheld"`
	// Offered is the share of all questions to which others are offered, Meant the share of offers that hold what was meant.
	Offered float64 `json:"offered"`
	Meant   float64 `json:"meant"`
	// Refused is the share of unanswerable questions that are not answered, Wrong the share of wrong ones among given answers.
	Refused float64 `json:"refused"`
	Wrong   float64 `json:"wrong"`
}

func (c calibration) cost(list []sample, bands Bands) *Cost {
	var all, given, wrong, offers, meant, yes, right, withheld, no, refused float64
	for _, s := range list {
		confidence := c.confidence(s.signals)
		answered := confidence >= bands.Answer
		offered := !answered && confidence >= bands.Clarify
		all += s.weight
		given += s.weight * one(answered)
		wrong += s.weight * one(answered && !s.right)
		offers += s.weight * one(offered)
		meant += s.weight * one(offered && s.offered)
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
	return &Cost{
		Trials: len(list), Answered: share(given, all), InScope: share(right, yes), Withheld: share(withheld, yes), Offered: share(offers, all),
		Meant: share(meant, offers), Refused: share(refused, no), Wrong: share(wrong, given),
	}
}
