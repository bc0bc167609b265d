package eval

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"faqbot/faq"
	"faqbot/knowledge"
)

// Two entries answer the same where each speaks of most that the other's question asks. Where each asks for something that the other does not speak
// of, one thing stands in the place of another ("the fee for parking without a ticket", "… driving without a ticket"), unless that is little of what
// they ask. Of the pairs in testdata/contradictions that contradict each other most come to it, and hardly any of those that are merely related.
const (
	sameTopic   = 0.6
	substituted = 0.8
	// inPassing is the share of the question below which a sentence that is not the first of an answer is beside what was asked.
	inPassing = 0.3
)

// mostPairs bounds how many pairs of entries are compared by topic, so that an import of thousands of rows takes seconds.
const mostPairs = 1_000_000

// subject is what an entry says in one language with numbers of one unit.
type subject struct {
	entry    *faq.Entry
	language faq.Language
	unit     string
	// question is what is asked, said the sentence with the number.
	question, said knowledge.Topic
}

// contradictions adds where two entries that need not ask alike answer the same with different numbers.
func (r *review) contradictions(ctx context.Context) error {
	own := r.subjects(r.entries, nil)
	if len(own) == 0 {
		return nil
	}
	all := r.subjects(r.after.Entries(), own)
	compared := min(len(own), mostPairs/max(1, len(all)))
	r.uncompared += len(own) - compared
	told := make([][]contradiction, compared)
	err := each(ctx, compared, func(i int) error {
		told[i] = r.contradicted(own[i], all)
		return nil
	})
	for _, list := range told {
		for _, c := range list {
			r.tellDifferences(c.entry, c.other, c.differing)
		}
	}
	return err
}

// contradiction is what two entries say differently.
type contradiction struct {
	entry, other *faq.Entry
	differing    []difference
}

// contradicted are the entries that one is at odds with.
func (r *review) contradicted(s *subject, all []*subject) []contradiction {
	var out []contradiction
	for _, o := range all {
		if o.entry.ID == s.entry.ID || !s.counts(o) || !s.same(o) || !meet(s.entry, o.entry) {
			continue
		}
		differing := slices.DeleteFunc(r.news(s.entry, o.entry), func(d difference) bool { return d.unit != s.unit })
		if len(differing) > 0 {
			out = append(out, contradiction{s.entry, o.entry, differing})
		}
	}
	return out
}

// subjects are those of entries that customers are served, each in so far as it may be compared with one of like; with all where that is nil.
func (r *review) subjects(entries []*faq.Entry, like []*subject) []*subject {
	var out []*subject
	for _, e := range entries {
		if e.Audience.Staff || r.outOfDate(e) || !onSomeNetwork(e) {
			continue
		}
		for _, a := range e.Answers {
			for _, unit := range byUnit(quantities(a.Text)).units {
				bare := &subject{entry: e, language: a.Language, unit: unit}
				if like != nil && !slices.ContainsFunc(like, bare.counts) {
					continue
				}
				if s := r.subject(e, a, unit); s != nil {
					out = append(out, s)
				}
			}
		}
	}
	return out
}

// counts reports whether two count the same in one language.
func (s *subject) counts(o *subject) bool { return s.language == o.language && s.unit == o.unit }

// subject is nil where a number only comes in passing: in a sentence that is not the first, and has little of the question.
func (r *review) subject(e *faq.Entry, a faq.Answer, unit string) *subject {
	said, first := sentences(a.Text, unit)
	s := &subject{entry: e, language: a.Language, unit: unit, question: r.topic(e.QuestionIn(a.Language), a.Language), said: r.topic(said, a.Language)}
	if there, _ := s.question.In(s.said); there < inPassing && !first {
		return nil
	}
	return s
}

func (r *review) topic(text string, language faq.Language) knowledge.Topic {
	return r.after.Topic(text, language, func(word string) bool { return unitOf(word) != "" })
}

// sentenceEnds are not the points of a number.
var sentenceEnds = regexp.MustCompile(`[.!?;。।؟]+(?:\s+|$)|\n+`)

// sentences are those of a text that have a number of a unit; first is true where the first of all is one.
func sentences(text, unit string) (said string, first bool) {
	var out []string
	for i, s := range sentenceEnds.Split(strings.TrimSpace(text), -1) {
		if slices.ContainsFunc(quantities(s), func(q quantity) bool { return q.unit == unit }) {
			out, first = append(out, s), first || i == 0
		}
	}
	return strings.Join(out, "\n"), first
}

// same reports whether two speak of the same, and neither names a case that the other does not.
func (s *subject) same(o *subject) bool {
	own, ownWhole := s.question.In(o.question, o.said)
	others, othersWhole := o.question.In(s.question, s.said)
	least := sameTopic
	if !ownWhole && !othersWhole {
		least = substituted
	}
	return min(own, others) >= least && s.question.Cases(o.question, o.said) && o.question.Cases(s.question, s.said)
}
