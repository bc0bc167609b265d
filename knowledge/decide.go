package knowledge

import (
	"context"
	"fmt"
	"math"
	"slices"

	"faqbot/faq"
)

// sureWhenExact is the confidence of a question that is published word for word.
const sureWhenExact = 0.99

// Decide finds what a message asks. It returns one decision, or one for each question where a message holds several, of which one at least
// is sure.
func (m *Matcher) Decide(ctx context.Context, question Question) ([]Decision, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.decisions(ctx, question)
}

// decisions is Decide on the state that the caller holds: what stands below it reads one state of the FAQ, from the first judgement to the last.
func (m *Matcher) decisions(ctx context.Context, question Question) ([]Decision, error) {
	whole, err := m.decide(ctx, question)
	if err != nil {
		return nil, err
	}
	if !whole.Exact {
		several, err := m.several(ctx, question, whole)
		if err != nil || len(several) > 0 {
			return several, err
		}
	}
	if continued, ok, err := m.continued(ctx, question, whole); err != nil || ok {
		return []Decision{continued}, err
	}
	return []Decision{whole}, nil
}

// A continuation is short, and its own words must be found in the entry: otherwise the question before would answer for it.
const (
	continuationWords = 6
	ownWordsFound     = 0.3
)

// continued reads a short unsure utterance together with the question before it ("and abroad?").
func (m *Matcher) continued(ctx context.Context, question Question, alone Decision) (Decision, bool, error) {
	if question.Previous == "" || alone.Kind == Answer || alone.Exact || len(question.Previous)+len(question.Utterance) >= maxUtterance ||
		countWords(question.Utterance) > continuationWords {
		return Decision{}, false, nil
	}
	d, err := m.decide(ctx, question.joined())
	if err != nil || d.Kind == Fallback || d.Kind == alone.Kind || !m.holdsOwnWords(question, d.Best()) {
		return Decision{}, false, err
	}
	d.Utterance, d.Continued = question.Utterance, true
	return d, true, nil
}

// joined is a question together with the one before it, whose entry is not meant again.
func (q Question) joined() Question {
	q.Utterance, q.Previous, q.Joined = q.Previous+" "+q.Utterance, "", true
	if q.Last != "" {
		q.Without = append(slices.Clone(q.Without), q.Last)
	}
	return q
}

func (m *Matcher) holdsOwnWords(question Question, entry *faq.Entry) bool {
	d := m.documents[entry.ID]
	if d == nil {
		return false
	}
	q, _ := m.read(Question{Utterance: question.Utterance, Language: question.Language})
	f := q.look(d, nil)
	return q.share(f.words, f.kin) >= ownWordsFound
}

// decide reads one question.
func (m *Matcher) decide(ctx context.Context, question Question) (Decision, error) {
	j, err := m.judge(ctx, question)
	if err != nil {
		return Decision{}, err
	}
	return j.decision, nil
}

// judgement is a decision with all that led to it, for Explain.
type judgement struct {
	decision Decision
	query    *query
	detected faq.Language // empty where detection names none
	ranking  []ranked
	signals  signals
	exact    bool
}

func (m *Matcher) judge(ctx context.Context, question Question) (judgement, error) {
	said := question.Utterance
	question.Utterance = readable(said)
	var j judgement
	j.query, j.detected = m.read(question)
	j.query.few = j.query.few && !question.Joined
	proposed, whole, err := m.propose(ctx, j.query)
	if err != nil {
		return judgement{}, err
	}
	candidates := m.candidates(question, proposed, whole, j.query.folded)
	if !whole {
		candidates = j.query.promising(candidates)
	}
	j.ranking, j.exact = m.rank(j.query, candidates)
	j.signals = signalsIn(j.query.asked(), j.ranking)
	j.decision = m.band(question, j)
	j.decision.Utterance = said
	return j, nil
}

// propose asks the index which entries are worth ranking, or says that all of them are.
func (m *Matcher) propose(ctx context.Context, q *query) (proposed []faq.EntryID, whole bool, err error) {
	if len(m.documents) <= small {
		return nil, true, nil
	}
	proposed, err = m.searcher.Search(ctx, searchTerms(q, m.frequencies), proposals)
	if ctx.Err() != nil {
		return nil, false, fmt.Errorf("search candidates: %w", ctx.Err())
	}
	if err != nil {
		// An index is a cache: without it every entry is ranked, slower and no worse.
		m.options.Logger.Error("index cannot be searched; ranking every entry", "error", err)
	}
	return proposed, err != nil, nil
}

// candidates are the documents to rank: all of a small FAQ, else the proposed and those asked word for word; never what this customer
// is not served or has refused.
func (m *Matcher) candidates(question Question, proposed []faq.EntryID, whole bool, folded string) []*document {
	var out []*document
	take := func(d *document) {
		if d != nil && question.mayBeServed(d.entry) {
			out = append(out, d)
		}
	}
	if whole {
		for _, d := range m.documents {
			take(d)
		}
		return out
	}
	for _, id := range m.exact.find(folded) {
		if !slices.Contains(proposed, id) {
			take(m.documents[id])
		}
	}
	for _, id := range proposed {
		take(m.documents[id])
	}
	return out
}

// rank orders candidates; those that are asked word for word come first.
func (m *Matcher) rank(q *query, candidates []*document) ([]ranked, bool) {
	average := m.answerWords / math.Max(1, float64(len(m.documents)))
	list := make([]ranked, len(candidates))
	asked := m.exact.find(q.folded)
	for i, d := range candidates {
		list[i] = weigh(q, d, d.lengths(m.frequencies, m.epoch), average, m.learned.mixture, m.frequencies)
		if slices.Contains(asked, d.entry.ID) {
			list[i].exact = exactness(d.entry, q.folded)
		}
	}
	sortRanked(list)
	if q.content == 0 {
		for i := range list[:min(tried, len(list))] {
			list[i].saysNothing = list[i].document.saysNothing(list[i].way, m.frequencies)
		}
	}
	return list, len(list) > 0 && list[0].exact > notExact
}

// exactness tells a question from a phrasing.
func exactness(e *faq.Entry, folded string) exact {
	translated := func(a faq.Answer) bool { return faq.Fold(a.Question) == folded }
	if faq.Fold(e.Question) == folded || slices.ContainsFunc(e.Answers, translated) {
		return exactQuestion
	}
	for text := range ways(e) {
		if faq.Fold(text) == folded {
			return exactPhrasing
		}
	}
	return notExact
}

// band turns a ranking into a decision.
func (m *Matcher) band(question Question, j judgement) Decision {
	d := Decision{Utterance: question.Utterance, Kind: Fallback}
	d.Language, d.LanguageTold = m.speaking(question, j)
	if len(j.ranking) == 0 || j.query.mass == 0 {
		return d
	}
	d.Confidence = m.learned.calibration.confidence(j.signals)
	twice := j.exact && len(j.ranking) > 1 && j.ranking[1].exact == j.ranking[0].exact
	switch {
	case twice:
		d.Confidence, d.Exact = 0.5, true
	case j.exact:
		d.Confidence, d.Exact = max(d.Confidence, sureWhenExact), true
	}
	for i, c := range spread(d.Confidence, j.ranking) {
		if twice && j.ranking[i].exact == j.ranking[0].exact {
			c = d.Confidence // which of them is no matter of evidence
		}
		d.Candidates = append(d.Candidates, Candidate{Entry: j.ranking[i].document.entry, Confidence: c})
	}
	bands := m.bands().of(j.ranking[0].document.entry)
	switch {
	case d.Confidence >= bands.Answer && !twice:
		d.Kind = Answer
	case d.Confidence >= bands.Clarify || twice: // published twice: only the customer knows which is meant
		d.Kind = Clarify
		d.Offers = offers(d.Candidates)
	}
	return d
}

// worthOffering is the least share of the first candidate's confidence that makes another one worth a button.
const worthOffering = 0.08

func offers(candidates []Candidate) int {
	n := 0
	for _, c := range candidates[:min(offered, len(candidates))] {
		if n == 0 || c.Confidence >= worthOffering*candidates[0].Confidence {
			n++
		}
	}
	return n
}

// read takes an utterance apart in the language whose word forms it has: the one that detection names, else, of all that are served, the
// one in which most of it is known to the FAQ. The customer's own language goes first where that leaves a choice. Detected is empty where
// detection names none, or there is only one.
func (m *Matcher) read(question Question) (q *query, detected faq.Language) {
	among := m.served()
	if len(among) > 1 {
		if l, ok := Detect(question.Utterance, among); ok {
			among, detected = []faq.Language{l}, l
		}
	}
	if l, ok := nearest(question.Language, among); ok {
		among = append([]faq.Language{l}, slices.DeleteFunc(slices.Clone(among), func(o faq.Language) bool { return o == l })...)
	}
	if len(among) == 0 {
		among = []faq.Language{m.options.Default}
	}
	for _, l := range among[:min(len(among), mostReadings)] {
		other := newQuery(question.Utterance, l, m.frequencies)
		if q == nil || other.spoken > q.spoken+clearlyBetter {
			q = other
		}
	}
	return q, detected
}

const (
	// mostReadings bounds how many languages an utterance is tried in.
	mostReadings = 6
	// clearlyBetter keeps the order of preference where two languages know about as much.
	clearlyBetter = 0.05
)

// speaking is the language to answer in: the customer's own where there is one, else what is detected, else that of the published phrasing
// which the utterance is most like, else the default. A short text alone names no language.
func (m *Matcher) speaking(question Question, j judgement) (l faq.Language, told bool) {
	if question.Language != "" {
		return question.Language, true
	}
	if j.detected != "" {
		return j.detected, true
	}
	if served := m.served(); len(served) == 1 {
		return served[0], false
	}
	if len(j.ranking) > 0 && j.ranking[0].evidence.nearest >= surelyAlike {
		return j.ranking[0].spoken, true
	}
	return m.options.Default, false
}

// surelyAlike is the cosine with a phrasing from which its language is taken for the customer's.
const surelyAlike = 0.4

func nearest(want faq.Language, among []faq.Language) (faq.Language, bool) {
	if want == "" {
		return "", false
	}
	for _, same := range []func(l faq.Language) bool{
		func(l faq.Language) bool { return l == want },
		func(l faq.Language) bool { return l.Base() == want.Base() },
	} {
		if i := slices.IndexFunc(among, same); i >= 0 {
			return among[i], true
		}
	}
	return "", false
}
