package knowledge

import "math"

// signals are what confidence is made of. The first question, whether it is in the FAQ at all, is told by how much of the utterance is known
// and how near the best entry is; the second, whether the first is the right one, by its lead over the next.
type signals struct {
	Nearest float64 `json:"nearest"` // cosine with the nearest question or phrasing
	Body    float64 `json:"body"`    // cosine with the entry as one document
	Asked   float64 `json:"asked"`   // share of the utterance's words in question and phrasings
	Covered float64 `json:"covered"` // the same with the answer's words
	Answer  float64 `json:"answer"`  // words of the utterance in the answer
	Known   float64 `json:"known"`   // share of the utterance's words that occur anywhere in the FAQ
	Lead    float64 `json:"lead"`    // (first − second) ÷ first score
	Length  float64 `json:"length"`  // log of the number of words
	Content bool    `json:"content"` // a word that is not just how people ask was found; or neither the utterance nor the entry has one
	Empty   bool    `json:"empty"`   // the utterance has no such word
	Share   float64 `json:"share"`   // softmax of the scores: how much of the evidence is for the first
}

// list is the signals in the order of the coefficients.
func (s signals) list() []float64 {
	return []float64{s.Nearest, s.Body, s.Asked, s.Covered, s.Answer, s.Known, s.Lead, s.Length,
		s.Nearest * s.Nearest, s.Lead * s.Nearest, s.Asked * s.Lead, s.Share, s.Share * s.Nearest}
}

// calibration is a logistic model: confidence = 1 ÷ (1 + e^−(bias + Σ wᵢ·signalᵢ)).
type calibration struct {
	bias    float64
	weights []float64
}

func (c calibration) confidence(s signals) Confidence {
	z := c.bias
	for i, x := range s.list() {
		z += c.weights[i] * x
	}
	p := 1 / (1 + math.Exp(-z))
	if s.Share < evenShare {
		// Two entries that fit alike: however well the first fits, the other one may be meant as well.
		p = math.Min(p, s.Share)
	}
	if !s.Content && (s.Empty || s.Nearest < unlikeAny) {
		// "What are your prices?" is asked as "what are your opening hours?" is, and asks something else.
		p = math.Min(p, halfSure)
	}
	if s.Asked < leastAsked {
		// An answer's words are weak evidence: they may bring an entry to be offered, never to be given.
		p = math.Min(p, halfSure)
	}
	return Confidence(p)
}

const (
	// leastAsked is the share of the utterance's words that question or phrasings must hold for more than half a confidence.
	leastAsked = 0.15
	halfSure   = 0.5
	// unlikeAny is the cosine with the nearest way to ask below which words that are found nowhere are no mere slips of the keyboard.
	unlikeAny = 0.6
)

// evenShare is the share of the evidence below which the first candidate is one of several.
const evenShare = 0.6

// signalsOf reads the signals of a ranking's first candidate.
func signalsOf(q *query, list []ranked, f *frequencies) signals {
	if len(list) == 0 {
		return signals{}
	}
	first := list[0]
	s := signals{
		Nearest: first.evidence.nearest, Body: first.evidence.body, Asked: first.evidence.asked,
		Covered: first.evidence.covered, Content: first.evidence.content, Answer: first.evidence.answer, Lead: 1,
		Known: q.knownShare(), Length: math.Log(float64(1 + len(q.tokens))),
	}
	if s.Empty = q.content == 0; s.Empty {
		s.Content = first.document.saysNothing(first.way, f)
	}
	if len(list) > 1 && first.score > 0 {
		s.Lead = (first.score - list[1].score) / first.score
	}
	total := 0.0
	for _, r := range list[:min(listed, len(list))] {
		total += math.Exp(sharpness * (r.score - first.score))
	}
	s.Share = 1 / total
	return s
}

// sharpness turns a difference of scores into odds: at 0.05 less, an entry is half as likely. Fitted on the training halves.
const sharpness = 14

// spread gives the first candidate its confidence and divides what is left among the others that are listed, by their scores.
func spread(confidence Confidence, list []ranked) []Confidence {
	list = list[:min(listed, len(list))]
	out := make([]Confidence, len(list))
	if len(list) == 0 {
		return out
	}
	out[0] = confidence
	if len(list) == 1 {
		return out
	}
	total, first := 0.0, list[1].score
	for _, r := range list[1:] {
		total += math.Exp(sharpness * (r.score - first))
	}
	// Part of what is left means that nothing fits: the weaker the first candidate, the larger that part.
	left := math.Min(float64(confidence), 1-float64(confidence))
	for i, r := range list[1:] {
		out[i+1] = Confidence(left * math.Exp(sharpness*(r.score-first)) / total)
	}
	return out
}
