package knowledge

import (
	"context"
	"strings"

	"faqbot/faq"
)

// Explanation shows how a question was decided, in terms an editor understands.
type Explanation struct {
	Utterance  string       `json:"utterance"`
	Language   faq.Language `json:"language"`
	Decision   Kind         `json:"decision"`
	Confidence Confidence   `json:"confidence"`
	Bands      Bands        `json:"bands"`
	// Words are the utterance's as they were compared, Unknown those that no entry has.
	Words   []string `json:"words"`
	Unknown []string `json:"unknown"`
	// Mended are words that were taken for the FAQ's own, one letter off or a synonym that an editor keeps: as they were written, then as they were
	// read.
	Mended  map[string]string `json:"mended,omitempty"`
	Signals signals           `json:"signals"`
	Sums
	// Cost is what the confidence that an answer needs costs; nil where the FAQ could not be tried out.
	Cost       *Cost       `json:"cost,omitempty"`
	Candidates []Explained `json:"candidates"`
	// Also are the other questions of the same message.
	Also []Explanation `json:"also,omitempty"`
}

// Sums tell how a confidence comes about, in log-odds: what each signal did, from Base, and in Groups what those did that belong together. With Base
// either add up to Sum; the confidence is 1 ÷ (1 + e^−Sum), which is Free, unless Capped says why it may not be so high.
type Sums struct {
	Base        float64        `json:"base"`
	Calibration []Contribution `json:"calibration"`
	Groups      []Contribution `json:"groups"`
	Sum         float64        `json:"sum"`
	Free        Confidence     `json:"free"`
	Capped      string         `json:"capped,omitempty"`
}

// Contribution is what a signal, or a group of them, did to a confidence.
type Contribution struct {
	Signal  string  `json:"signal"`
	Group   string  `json:"group"`
	LogOdds float64 `json:"log_odds"`
}

// Explained is what spoke for and against a candidate.
type Explained struct {
	ID         faq.EntryID `json:"id"`
	Question   string      `json:"question"`
	Confidence Confidence  `json:"confidence"`
	Exact      bool        `json:"exact"`
	// Nearest is the question or phrasing most like the utterance.
	Nearest string `json:"nearest"`
	// For are words it shares with questions and phrasings, Kin words of the same meaning, InAnswer those found in the answer alone, Missing
	// those it has nowhere.
	For      []string `json:"for"`
	Kin      []string `json:"kin"`
	InAnswer []string `json:"in_answer"`
	Missing  []string `json:"missing"`
	// Margin is the trained model's: above 0 is for it. Share is its part of the odds of all candidates.
	Margin        float64 `json:"margin"`
	Share         float64 `json:"share"`
	Body          float64 `json:"body"`
	NearestCosine float64 `json:"nearest_cosine"`
	Answer        float64 `json:"answer"`
	Covered       float64 `json:"covered"`
}

// explainedCandidates is how many candidates are worth reading about.
const explainedCandidates = 5

// Explain decides as [Matcher.Decide] does and shows what led to it; the second question of a message, and the third, are in Also.
func (m *Matcher) Explain(ctx context.Context, question Question) (Explanation, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	decisions, err := m.decisions(ctx, question)
	if err != nil {
		return Explanation{}, err
	}
	var first Explanation
	for i, d := range decisions {
		e, err := m.explain(ctx, question, d)
		if err != nil {
			return Explanation{}, err
		}
		if i == 0 {
			first = e
		} else {
			first.Also = append(first.Also, e)
		}
	}
	return first, nil
}

// explain shows what led to one of the decisions on a message.
func (m *Matcher) explain(ctx context.Context, question Question, d Decision) (Explanation, error) {
	if d.Continued {
		question = question.joined()
	} else {
		question.Utterance = d.Utterance
	}
	j, err := m.judge(ctx, question)
	if err != nil {
		return Explanation{}, err
	}
	e := Explanation{
		Utterance: d.Utterance, Language: j.query.language, Decision: j.decision.Kind, Confidence: j.decision.Confidence,
		Bands: m.bandsOf(j.decision), Signals: j.signals, Words: []string{}, Unknown: []string{}, Candidates: []Explained{}, Sums: Sums{Calibration: []Contribution{}, Groups: []Contribution{}},
	}
	if !j.exact && len(j.ranking) > 0 {
		e.Base = m.learned.calibration.bias
		e.Calibration = m.learned.calibration.contributions(j.signals)
		e.Groups = grouped(e.Calibration)
		e.Sum, e.Free = e.Base, Confidence(m.learned.calibration.free(j.signals))
		for _, c := range e.Calibration {
			e.Sum += c.LogOdds
		}
		if ceiling, reason := j.signals.ceiling(); float64(e.Free) > ceiling {
			e.Capped = reason
		}
	}
	if c := m.learned.samples; c != nil {
		e.Cost = m.learned.calibration.cost(c, e.Bands)
	}
	for i, t := range j.query.tokens {
		e.Words = append(e.Words, t.word)
		if t.written != "" {
			if e.Mended == nil {
				e.Mended = map[string]string{}
			}
			e.Mended[t.written] = strings.TrimSpace(e.Mended[t.written] + " " + t.word)
		}
		if !m.frequencies.known(j.query.words[i].feature) {
			e.Unknown = append(e.Unknown, t.word)
		}
	}
	for i, c := range j.decision.Candidates[:min(explainedCandidates, len(j.decision.Candidates))] {
		e.Candidates = append(e.Candidates, m.explained(j, j.ranking[i], c))
	}
	return e, nil
}

// bandsOf are those by which a decision was made.
func (m *Matcher) bandsOf(d Decision) Bands {
	if d.Best() == nil {
		return m.bands()
	}
	return m.bands().of(d.Best())
}

func (m *Matcher) explained(j judgement, r ranked, c Candidate) Explained {
	e := Explained{
		ID: c.Entry.ID, Question: c.Entry.Question, Confidence: c.Confidence, Exact: r.exact > notExact, Nearest: r.document.text(r.way),
		Margin: r.evidence.margin, Share: r.share, Body: r.evidence.body, NearestCosine: r.evidence.nearest, Answer: r.evidence.answer, Covered: r.evidence.covered,
		For: []string{}, Kin: []string{}, InAnswer: []string{}, Missing: []string{},
	}
	f := j.query.look(r.document, nil)
	_, inAnswer, _ := j.query.inAnswer(r.document, 1)
	for i, t := range j.query.tokens {
		switch bit := wordBit(i); {
		case f.words&bit != 0:
			e.For = append(e.For, t.word)
		case f.kin&bit != 0:
			e.Kin = append(e.Kin, t.word)
		case inAnswer&bit != 0:
			e.InAnswer = append(e.InAnswer, t.word)
		default:
			e.Missing = append(e.Missing, t.word)
		}
	}
	return e
}
