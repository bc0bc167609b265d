package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"faqbot/faq"
	"faqbot/faq/fault"
	"faqbot/knowledge"
	"faqbot/knowledge/insight"
)

// GapStore is what closing gaps needs to know.
type GapStore interface {
	Gap(ctx context.Context, id insight.GroupID) (insight.Gap, error)
	// MissesOf are those of a group, the newest first.
	MissesOf(ctx context.Context, id insight.GroupID, limit int) ([]insight.Miss, error)
	QuestionStore
	// Find and List are those of [faq.Store].
	Find(ctx context.Context, id faq.EntryID) (faq.Record, error)
	List(ctx context.Context, filter faq.Filter) ([]faq.Record, error)
}

// Mender proposes how a gap may be closed, and says what that would change before anybody is served it. It changes nothing itself.
type Mender struct {
	store   Gaps
	matcher func() *knowledge.Matcher
	lexicon *Lexicon
	policy  Policy
	now     func() time.Time
}

// NewMender makes one; the matcher is of what is served at that moment.
func NewMender(store Gaps, matcher func() *knowledge.Matcher, lexicon *Lexicon, policy Policy, now func() time.Time) *Mender {
	if policy.Location == nil {
		policy.Location = time.UTC
	}
	return &Mender{store: store, matcher: matcher, lexicon: lexicon, policy: policy, now: now}
}

const (
	// mostLearnt is how many ways to ask a gap gives an entry in one language, mostWeighed how many of its questions are tried.
	mostLearnt, mostWeighed = 12, 300
	// foldsOf is in how many parts the questions are tried: each with the ways to ask of the others.
	foldsOf = 3
)

// Add proposes to give an entry that exists the ways to ask of a gap. An entry that has all of them already is an Invalid fault.
func (m *Mender) Add(ctx context.Context, id insight.GroupID, entry faq.EntryID, by string) (Proposal, error) {
	record, err := m.store.Find(ctx, entry)
	switch {
	case err != nil:
		return Proposal{}, err
	case record.Live == nil:
		return Proposal{}, fault.New(fault.Invalid, "entry “%s” is not published", entry)
	case record.Live.Number != record.Head.Number && !record.Live.Content.Same(record.Head.Content):
		return Proposal{}, fault.New(fault.Invalid, "%s is at work on entry “%s”: publish that first, or undo it", record.Head.By, entry)
	}
	return m.propose(ctx, id, record.Head.Content, record.Head.Number, by)
}

// Drafted proposes to publish the draft that was written for a gap.
func (m *Mender) Drafted(ctx context.Context, id insight.GroupID, by string) (Proposal, error) {
	gap, err := m.store.Gap(ctx, id)
	if err != nil {
		return Proposal{}, err
	}
	record, err := m.store.Find(ctx, draftName(gap))
	if err != nil {
		return Proposal{}, err
	}
	p, err := m.propose(ctx, gap.ID, record.Head.Content, 0, by)
	p.Revision.Number, p.Revision.Live = record.Head.Number+1, record.Head.Number+1
	return p, err
}

func draftName(g insight.Gap) faq.EntryID { return faq.EntryID(fmt.Sprintf("gap-%d", g.ID)) }

// ErrNoQuestion says that an editor has to write an entry's question.
var ErrNoQuestion = fault.New(fault.Invalid, "every question of the gap holds personal data, which must not be published: write one yourself")

// Write proposes a new entry for a gap, with an answer in a language. An empty question is the clearest of the gap's that holds nothing personal; where there
// is none, it is ErrNoQuestion.
func (m *Mender) Write(ctx context.Context, id insight.GroupID, question string, answer faq.Answer, by string) (Proposal, error) {
	gap, err := m.store.Gap(ctx, id)
	if err != nil {
		return Proposal{}, err
	}
	if answer.Language == "" {
		answer.Language = m.policy.Language
	}
	base, number, live := faq.Entry{ID: draftName(gap), Language: answer.Language, Question: strings.TrimSpace(question), Answers: []faq.Answer{answer}}, 0, 0
	if record, err := m.store.Find(ctx, base.ID); err == nil { // a draft that was not published, or an answer that did not hold: what else is in it stays
		number, live = record.Head.Number, record.Head.Live
		base = reworded(record.Head.Content, base.Question, answer)
	} else if !fault.Is(err, fault.NotFound) {
		return Proposal{}, err
	}
	if base.Question == "" || strings.TrimSpace(question) == "" && live == 0 && masked(base.Question) {
		if base.Question, err = m.clearest(ctx, gap, answer.Language); err != nil {
			return Proposal{}, err
		}
	}
	p, err := m.propose(ctx, gap.ID, base, 0, by)
	p.Revision.Number, p.Revision.Live, p.Live = number+1, number+1, live
	return p, err
}

// clearest is the real question of a gap that customers may be shown, as somebody asked it: of those in the answer's language, or else of all,
// the one that is the gap's title, or else the most asked.
func (m *Mender) clearest(ctx context.Context, gap insight.Gap, language faq.Language) (string, error) {
	misses, err := m.store.MissesOf(ctx, gap.ID, 10*mostWeighed)
	if err != nil {
		return "", err
	}
	for _, asked := range [][]string{insight.Questions(misses, language, len(misses)), insight.Questions(misses, "", len(misses))} {
		asked = slices.DeleteFunc(asked, func(text string) bool { return !teaches(text) })
		switch {
		case slices.ContainsFunc(asked, func(text string) bool { return faq.Fold(text) == faq.Fold(gap.Title) }):
			return gap.Title, nil
		case len(asked) > 0:
			return asked[0], nil
		}
	}
	return "", ErrNoQuestion
}

// teaches says whether a question is worth learning and can be shown: nothing personal was left out of it, and it is no whole story.
func teaches(text string) bool { return !masked(text) && len([]rune(text)) <= maxLearnt }

// masked says whether something stands in a text for what was left out of it.
func masked(text string) bool { return strings.ContainsAny(text, "[]") }

// reworded is an entry with another answer in a language, and another question where one is given.
func reworded(e faq.Entry, question string, answer faq.Answer) faq.Entry {
	e = e.Clone()
	if question != "" {
		e.Question = question
	}
	i := slices.IndexFunc(e.Answers, func(a faq.Answer) bool { return a.Language == answer.Language })
	if i < 0 {
		e.Answers = append(e.Answers, answer)
	} else {
		e.Answers[i].Text = answer.Text
	}
	return e
}

// Reply is the best answer that staff gave to a question of a gap: the longest of the newest tickets' replies; empty where there is none.
// It is without personal data.
func Reply(lines []Line, masker insight.Masker) string {
	best := ""
	for _, l := range lines {
		if l.By != "" && !l.Note && l.Entry == "" && len(l.Text) > len(best) {
			best = l.Text
		}
	}
	return masker.Mask(best)
}

func (m *Mender) propose(ctx context.Context, id insight.GroupID, entry faq.Entry, number int, by string) (Proposal, error) {
	gap, err := m.store.Gap(ctx, id)
	if err != nil {
		return Proposal{}, err
	}
	misses, err := m.store.MissesOf(ctx, gap.ID, 10*mostWeighed)
	if err != nil {
		return Proposal{}, err
	}
	questions := m.questionsOf(misses)
	out := Proposal{Gap: gap, Questions: len(questions)}
	entry, out.Added = m.taught(entry, questions)
	if len(out.Added) == 0 && number > 0 {
		return Proposal{}, fault.New(fault.Invalid, "entry “%s” has these ways to ask already", entry.ID)
	}
	if err := entry.ValidatePublished(); err != nil {
		return Proposal{}, err
	}
	out.Revision = faq.Revision{
		Number: number + 1, Live: number + 1, Status: faq.Published, By: by, At: m.now().UTC(), Note: fmt.Sprintf("from gap %d", gap.ID), Content: entry,
	}
	before := m.matcher()
	if out.Answered, err = m.answered(ctx, before.With([]faq.Change{served(entry)}), entry.ID, questions); err != nil {
		return Proposal{}, err
	}
	if out.Fresh, err = m.fresh(ctx, before, number == 0, entry, questions); err != nil {
		return Proposal{}, err
	}
	if out.Told, err = m.store.Waiting(ctx, gap.ID); err != nil {
		return Proposal{}, err
	}
	return out, m.review(ctx, before, &out)
}

// questionsOf are the different questions of misses, the most asked first, as they would be asked today.
func (m *Mender) questionsOf(misses []insight.Miss) []knowledge.Question {
	var out []knowledge.Question
	byWords := map[string]insight.Miss{}
	for _, miss := range misses {
		byWords[miss.Utterance] = miss
	}
	for _, text := range insight.Questions(misses, "", mostWeighed) {
		out = append(out, m.asked(byWords[text]))
	}
	return out
}

// asked is what a customer asked in vain as it would be asked today, without the greeting before it.
func (m *Mender) asked(miss insight.Miss) knowledge.Question {
	return knowledge.Question{Utterance: m.lexicon.Core(miss.Utterance), Language: miss.Language, Channel: miss.Network, Today: m.today()}
}

func (m *Mender) today() faq.Date { return faq.DateOf(m.now().In(m.policy.Location)) }

// taught is an entry with ways to ask of questions in the languages that it answers in. Those with personal data left out are not worth learning.
func (m *Mender) taught(entry faq.Entry, questions []knowledge.Question) (faq.Entry, []string) {
	entry = entry.Clone()
	known, added := map[string]bool{faq.Fold(entry.Question): true}, map[faq.Language]int{}
	for _, p := range entry.Phrasings {
		known[faq.Fold(p.Text)] = true
	}
	var out []string
	for _, q := range questions {
		language := q.Language.Base()
		if language == "" {
			language = entry.Language.Base()
		}
		folded := faq.Fold(q.Utterance)
		answers := language == entry.Language.Base() || slices.ContainsFunc(entry.Answers, func(a faq.Answer) bool { return a.Language.Base() == language })
		if known[folded] || folded == "" || !answers || added[language] == mostLearnt || !teaches(q.Utterance) {
			continue
		}
		known[folded] = true
		added[language]++
		p := faq.Phrasing{Text: q.Utterance}
		if language != entry.Language.Base() {
			p.Language = language
		}
		entry.Phrasings = append(entry.Phrasings, p)
		out = append(out, q.Utterance)
	}
	return entry, out
}

// maxLearnt is how many characters a way to ask has at most: a whole story teaches little.
const maxLearnt = 200

func served(e faq.Entry) faq.Change {
	return faq.Change{Entry: e.ID, Live: &faq.Revision{Number: 1, Live: 1, Status: faq.Published, Content: e}}
}

// answered counts the questions that a matcher answers with an entry.
func (m *Mender) answered(ctx context.Context, matcher *knowledge.Matcher, entry faq.EntryID, questions []knowledge.Question) (int, error) {
	n := 0
	for _, q := range questions {
		decisions, err := matcher.Decide(ctx, q)
		if err != nil {
			return 0, fmt.Errorf("try a question: %w", err)
		}
		if slices.ContainsFunc(decisions, func(d knowledge.Decision) bool { return d.Kind == knowledge.Answer && d.Best().ID == entry }) {
			n++
		}
	}
	return n, nil
}
