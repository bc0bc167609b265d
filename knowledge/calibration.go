package knowledge

import (
	"cmp"
	"math"
	"slices"
)

// signals are what confidence is made of. The first question, whether it is in the FAQ at all, is told by how much of the utterance is known
// and how near the best entry is; the second, whether the first is the right one, by its share of the odds.
type signals struct {
	Nearest float64 `json:"nearest"` // cosine with the nearest question or phrasing
	Body    float64 `json:"body"`    // cosine with the entry as one document
	Margin  float64 `json:"margin"`  // of the trained model
	Asked   float64 `json:"asked"`   // share of the utterance's words in question and phrasings
	Covered float64 `json:"covered"` // the same with the answer's words
	Answer  float64 `json:"answer"`  // words of the utterance in the answer
	Known   float64 `json:"known"`   // share of the utterance's words that occur anywhere in the FAQ
	Said    float64 `json:"said"`    // share of the nearest phrasing's words that the utterance has
	Found   float64 `json:"found"`   // share of what the utterance is about that the entry has, its answer included
	Meant   float64 `json:"meant"`   // share of what the nearest phrasing is about that the utterance has
	Length  float64 `json:"length"`  // log of the number of words
	Share   float64 `json:"share"`   // how much of the odds is for the first
	Content bool    `json:"content"` // a word that is not just how people ask was found; or neither the utterance nor the entry has one
	Few     bool    `json:"few"`     // the FAQ has few entries
	Empty   bool    `json:"empty"`   // the utterance has no such word
	Turned  bool    `json:"turned"`  // one says "not", the other does not
	// OtherNumber is true where the utterance has a number that the entry has not, and the entry others instead.
	OtherNumber bool `json:"other_number"`
}

// coefficients is how many a calibration has.
const coefficients = 15

// list is the signals in the order of the coefficients.
func (s signals) list() [coefficients]float64 {
	odds := math.Log(math.Max(s.Share, leastShare) / math.Max(1-s.Share, leastShare))
	return [coefficients]float64{s.Nearest, s.Body, s.Asked, s.Covered, s.Answer, s.Known, s.Length, s.Margin,
		s.Said, s.Asked * s.Said, s.Share, s.Share * s.Nearest, odds / 4, s.Share * s.Margin, one(s.Turned)}
}

// leastShare keeps the log-odds of a candidate without rivals finite.
const leastShare = 0.002

// calibration is a logistic model: confidence = 1 ÷ (1 + e^−(bias + Σ wᵢ·signalᵢ)).
type calibration struct {
	bias    float64
	weights [coefficients]float64
}

func (c calibration) confidence(s signals) Confidence {
	ceiling, _ := s.ceiling()
	return Confidence(math.Min(c.free(s), ceiling))
}

// free is the confidence before anything caps it.
func (c calibration) free(s signals) float64 {
	z := c.bias
	for i, x := range s.list() {
		z += c.weights[i] * x
	}
	return 1 / (1 + math.Exp(-z))
}

// coefficientNames tell the coefficients apart, for scripts; groups are what they come to, in words that an editor understands. Signals that say nearly
// the same share a group: by themselves one may count against what another counts for, and only together they tell what likeness does.
var coefficientNames = [coefficients]string{
	"nearest", "body", "asked", "covered", "answer", "known", "length", "margin", "said", "asked_said", "share", "share_nearest", "odds", "share_margin", "turned",
}

const (
	groupLike   = "how like its ways to ask it is"
	groupWords  = "how many of its words the entry has, and of the entry's it has"
	groupKnown  = "how much of it the FAQ knows, and how long it is"
	groupLead   = "its lead over the other entries"
	groupTurned = "one says “not”, the other does not"
)

var groups = [coefficients]string{
	groupLike, groupLike, groupWords, groupWords, groupWords, groupKnown, groupKnown, groupLike, groupWords, groupWords,
	groupLead, groupLead, groupLead, groupLead, groupTurned,
}

// contributions are what each signal adds to the log-odds, in the order of the coefficients.
func (c calibration) contributions(s signals) []Contribution {
	out := make([]Contribution, 0, coefficients)
	for i, x := range s.list() {
		out = append(out, Contribution{Signal: coefficientNames[i], Group: groups[i], LogOdds: c.weights[i] * x})
	}
	return out
}

// grouped adds contributions up by their groups, the largest first.
func grouped(list []Contribution) []Contribution {
	var out []Contribution
	for _, c := range list {
		i := slices.IndexFunc(out, func(o Contribution) bool { return o.Group == c.Group })
		if i < 0 {
			out, i = append(out, Contribution{Signal: c.Group, Group: c.Group}), len(out)
		}
		out[i].LogOdds += c.LogOdds
	}
	slices.SortStableFunc(out, func(a, b Contribution) int { return cmp.Compare(math.Abs(b.LogOdds), math.Abs(a.LogOdds)) })
	return out
}

// ceiling is the most that signals allow, whatever the weights say, and why: what data sets hold too few of to learn.
func (s signals) ceiling() (most float64, reason string) {
	switch {
	case !s.Content && (s.Empty || s.Nearest < unlikeAny):
		// "What are your prices?" is asked as "what are your opening hours?" is, and asks something else.
		return halfSure, "only words in which anything is asked were found"
	case s.OtherNumber:
		// The price of 2024 is not that of 2023, however alike the questions are.
		return halfSure, "it has a number that the entry has not, and the entry another one"
	case s.Turned:
		// "Do not cancel it" is not asked of an entry that tells how to cancel.
		return halfSure, "it says “not” and the entry never does, or the reverse"
	case s.Few && s.Found < substituted && s.Meant < substituted:
		// "Do you ship to Mexico" is nearly what is asked of Canada: one word each is the other's.
		return halfSure, "it asks for something else than the nearest phrasing, and that for something it does not ask"
	case s.Asked < leastAsked:
		// An answer's words are weak evidence: they may bring an entry to be offered, never to be given.
		return halfSure, "its words are found in the answer alone"
	case s.Share < evenShare:
		// Two entries that fit alike: however well the first fits, the other one may be meant as well.
		return s.Share, "another entry fits about as well"
	default:
		return 1, ""
	}
}

const (
	// leastAsked is the share of the utterance's words that question or phrasings must hold for more than half a confidence.
	leastAsked = 0.15
	halfSure   = 0.5
	// substituted is the share of words on each side below which one thing was put in the place of another. Where there are many entries the
	// others tell that; among few, one that is asked for nearly so is the best there is, whatever it is about.
	substituted = 0.7
	// unlikeAny is the cosine with the nearest way to ask below which words that are found nowhere are no mere slips of the keyboard.
	unlikeAny = 0.6
	// evenShare is the share of the odds below which the first candidate is one of several.
	evenShare = 0.6
)

// asked is what the signals need of a query.
func (q *query) asked() asked {
	return asked{known: q.knownShare(), length: math.Log(float64(1 + len(q.tokens))), empty: q.content == 0, few: q.few}
}

// signalsIn reads the signals of a ranking's first candidate.
func signalsIn(a asked, list []ranked) signals {
	if len(list) == 0 {
		return signals{}
	}
	first := list[0]
	e := first.evidence
	s := signals{
		Nearest: e.nearest, Body: e.body, Margin: e.margin, Asked: e.asked, Said: e.said, Found: e.found, Meant: e.meant, Covered: e.covered, Content: e.content, Answer: e.answer,
		Known: a.known, Length: a.length, Share: first.share, Turned: e.turned, OtherNumber: e.otherNumber, Empty: a.empty, Few: a.few,
	}
	if s.Empty {
		s.Content = first.saysNothing
	}
	return s
}

// spread gives the first candidate its confidence and the others theirs: what is sure of the first by its share of the odds is as sure of
// the FAQ having the question at all, and that is shared out.
func spread(confidence Confidence, list []ranked) []Confidence {
	out := make([]Confidence, min(listed, len(list)))
	for i, r := range list[:len(out)] {
		if i == 0 {
			out[0] = confidence
			continue
		}
		there := 1.0
		if list[0].share > 0 {
			there = math.Min(1, float64(confidence)/list[0].share)
		}
		out[i] = Confidence(math.Min(there*r.share, float64(confidence)))
	}
	return out
}
