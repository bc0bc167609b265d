package knowledge

import (
	"context"
	"slices"
	"strings"

	"faqbot/faq"
)

const (
	// maxPieces bounds how many pieces of one message are looked at; it is as long as what is collected of a flood.
	maxPieces = 12
	// mostJoins bounds at how many places a sentence is cut.
	mostJoins = 3
	// mostBrief is how many words a half may have that is not put as a question.
	mostBrief = 4
	// worthAsking is the confidence from which a question that stands beside an answered one is asked back; below it, "can you help me?" would be.
	worthAsking = 0.25
)

// piece is a part of a message that may be a question by itself.
type piece struct {
	Decision
	asks bool // it is written as a question, or sent as a message of its own
}

// several reads a message as the questions that it may hold; none where it is one question, or none. What tells the story around a question is
// passed over: customers say what happened, and ask once.
func (m *Matcher) several(ctx context.Context, question Question, whole Decision) ([]Decision, error) {
	pieces, err := m.pieces(ctx, question, whole)
	if err != nil || len(pieces) == 0 {
		return nil, err
	}
	if whole.Kind == Answer {
		return beside(whole, pieces), nil
	}
	return among(pieces), nil
}

// pieces cuts a message into its sentences, and a sentence that joins two questions by a word into these.
func (m *Matcher) pieces(ctx context.Context, question Question, whole Decision) ([]piece, error) {
	said := readable(question.Utterance)
	sentences := Parts(said)
	var out []piece
	for _, sentence := range sentences[:min(len(sentences), maxPieces)] {
		alone := whole
		if len(sentences) > 1 {
			question.Utterance = sentence
			var err error
			if alone, err = m.decide(ctx, question); err != nil {
				return nil, err
			}
		}
		both, err := m.halves(ctx, question, sentence, alone)
		if err != nil {
			return nil, err
		}
		if both == nil && len(sentences) > 1 {
			both = []piece{{alone, alone.Exact || m.asks(sentence) || isLine(sentence, said)}}
		}
		out = append(out, both...)
	}
	return out, nil
}

// halves reads "where is my order and how do I cancel it" as the two questions that it is: where the halves are of different entries. A sentence that
// is sure as a whole is only cut into halves that are questions too, for "safe for cats and dogs" is one.
func (m *Matcher) halves(ctx context.Context, question Question, sentence string, alone Decision) ([]piece, error) {
	if alone.Exact {
		return nil, nil
	}
	cuts := halves(sentence)
	for _, cut := range cuts[:min(len(cuts), mostJoins)] {
		short := alone.Kind != Answer && brief(cut)
		if !short && !(m.mayAsk(cut[0]) && m.mayAsk(cut[1])) {
			continue // spared: it takes two more decisions to say no
		}
		var both []piece
		for _, half := range cut {
			question.Utterance = half
			d, err := m.decide(ctx, question)
			if err != nil {
				return nil, err
			}
			if d.Kind == Fallback || d.Kind == Clarify && d.Confidence < worthAsking || len(both) > 0 && both[0].Best() == d.Best() {
				break
			}
			both = append(both, piece{d, d.Exact || m.asks(half)})
		}
		if len(both) == 2 && standApart(both, short) {
			return both, nil
		}
	}
	return nil, nil
}

// standApart reports whether halves are two questions: both are put as such and one of them is sure, or both are sure and as brief as a title.
func standApart(both []piece, brief bool) bool {
	sure := int(one(both[0].Kind == Answer)) + int(one(both[1].Kind == Answer))
	return sure > 0 && both[0].asks && both[1].asks || sure == 2 && brief
}

// brief says that halves are no sentences that tell what happened: "opening hours and prices".
func brief(cut [2]string) bool {
	return countWords(cut[0]) <= mostBrief && countWords(cut[1]) <= mostBrief
}

// beside is a message that is sure as a whole. It is several questions only where those that it asks are sure by themselves, and either the whole
// is one of them or every one of them is surer than the whole. Where two are asked, what is told beside them and has an answer is meant to be answered.
func beside(whole Decision, pieces []piece) []Decision {
	var out []Decision
	found, asked, least := false, 0, Confidence(1)
	for _, p := range pieces {
		if p.Kind == Answer && p.asks {
			found = found || p.Best() == whole.Best()
			least = min(least, p.Confidence)
		}
	}
	for _, p := range pieces {
		back := found && p.Kind == Clarify && p.asks && p.Confidence >= worthAsking
		if p.Kind != Answer && !back || slices.ContainsFunc(out, sameEntry(p.Decision)) {
			continue
		}
		out = append(out, p.Decision)
		asked += int(one(p.asks))
	}
	if asked < 2 || !found && least < whole.Confidence {
		return nil
	}
	return out
}

// isLine reports whether a piece is a line of several.
func isLine(piece, said string) bool {
	lines := strings.Split(strings.TrimSpace(said), "\n")
	return len(lines) > 1 && slices.ContainsFunc(lines, func(line string) bool { return strings.TrimSpace(line) == piece })
}

// among are the questions of a message that is not sure as a whole: those that are sure, if one of them is written as a question or there are two,
// and beside them those that can be asked back.
func among(pieces []piece) []Decision {
	var out []Decision
	sure, asked := 0, false
	for _, p := range pieces {
		if slices.ContainsFunc(out, sameEntry(p.Decision)) {
			continue
		}
		if p.Kind == Answer {
			sure++
			asked = asked || p.asks
		}
		if p.Kind == Answer || p.Kind == Clarify && p.Confidence >= worthAsking && p.asks {
			out = append(out, p.Decision)
		}
	}
	if sure < 2 && !asked {
		return nil
	}
	return out
}

func sameEntry(d Decision) func(Decision) bool {
	return func(other Decision) bool { return other.Best() == d.Best() }
}

// asks reports whether a piece is written as a question: by its mark, or by how it begins.
func (m *Matcher) asks(text string) bool {
	if strings.HasSuffix(text, "?") || strings.HasSuffix(text, "？") || strings.HasSuffix(text, "؟") {
		return true
	}
	folded := faq.Fold(text)
	if first, _, _ := strings.Cut(folded, " "); questionWords[first] {
		return true
	}
	return slices.ContainsFunc(m.served(), func(l faq.Language) bool { return framingOf(l).opens(folded) })
}

// mayAsk is false for what is neither written as a question nor published word for word.
func (m *Matcher) mayAsk(text string) bool {
	published := m.exact.find(faq.Fold(text)) != nil
	return published || m.asks(text)
}

// questionWords are those that a question begins with, folded.
var questionWords = wordSet(
	"how", "what", "whats", "when", "where", "wheres", "who", "why", "which", "can", "could", "may", "do", "does", "did", "is", "are", "will", "would", "should",
	"qué", "cómo", "cuánto", "cuánta", "cuántos", "cuántas", "dónde", "cuándo", "cuál", "cuáles", "quién", "puedo", "pueden", "puedes", "tienen", "tenéis", "hay",
	"wie", "was", "wann", "wo", "warum", "wer", "wieso", "welche", "welcher", "welches", "wohin", "kann", "können", "gibt", "muss", "darf", "habt", "haben",
	"comment", "où", "combien", "quand", "pourquoi", "est", "quel", "quelle", "quels", "quelles", "que", "qui", "puis", "pouvez", "avez", "peut",
	"quanto", "quanta", "quantos", "quantas", "como", "onde", "quando", "qual", "quais", "quem", "posso", "tem", "há",
	"что", "как", "сколько", "где", "почему", "когда", "кто", "какие", "какой", "какая", "можно", "могу", "есть",
	"هل", "ما", "كيف", "كم", "متى", "ماذا", "لماذا", "أين", "وين",
	"क्या", "कैसे", "कब", "क्यों", "कौन", "कितना", "कितने", "कितनी", "कहाँ", "kya", "kaise", "kahan", "kab", "kyun", "kitna", "kitne", "kitni",
)
