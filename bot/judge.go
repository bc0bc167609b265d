package bot

import (
	"slices"

	"faqbot/faq"
	"faqbot/knowledge"
	"faqbot/knowledge/eval"
	"faqbot/knowledge/insight"
)

// Heard is a question as it was put to the matcher, and who asked it: what has to be known of it for a verdict on its answer to be of use. It is
// empty for a question that is published word for word: those are pressed, picked from a list or typed after one, and no words of a customer's own.
type Heard struct {
	Utterance string `json:"utterance,omitempty"`
	eval.Context
	// Person is the one who asked, as in a miss: in a group, others can press the buttons too.
	Person string `json:"person,omitempty"`
	// Masked is true where personal data was taken out of the words before.
	Masked bool `json:"masked,omitempty"`
}

// hear keeps what a decision was made on.
func (p *planner) hear(d knowledge.Decision) Heard {
	if d.Exact && slices.ContainsFunc(d.Candidates, func(c knowledge.Candidate) bool { return isTitle(c.Entry, d.Utterance) }) {
		return Heard{}
	}
	c := p.s.Conversation // as it was read: an answer to another question of the message does not come before this one
	h := Heard{Utterance: d.Utterance, Person: p.person()}
	h.Language, h.Network = preferred(c.Profile, p.s.Event.From, c.Customer), string(p.s.Event.Address.Network)
	if before := c.State.Asked; d.Continued {
		h.Previous, h.Last = before.Utterance, before.Entry
	}
	return h
}

// isTitle says whether an utterance is the entry's question, in any language.
func isTitle(entry *faq.Entry, utterance string) bool {
	folded := faq.Fold(utterance)
	return folded == faq.Fold(entry.Question) || slices.ContainsFunc(entry.Answers, func(a faq.Answer) bool { return folded == faq.Fold(a.Question) })
}

// judge keeps what the one who asked a question says of an entry, a later word in the place of an earlier one. Picking an entry from a list is kept at
// once, as the weaker word that it is: most people leave it at that, and who was wrong says so of the answer.
func (p *planner) judge(asked Asked, entry faq.EntryID, verdict eval.Verdict) {
	h := asked.Heard
	if h.Utterance == "" || h.Person != p.person() {
		return
	}
	p.turn.Judged = append(p.turn.Judged, p.verdictOn(h, eval.Judged{Entry: entry, Verdict: verdict, Source: eval.Customer, At: p.s.Now}))
}

// verdictOn completes a verdict with the question that was heard, without personal data.
func (p *planner) verdictOn(h Heard, j eval.Judged) eval.Judged {
	j.Utterance, j.Context, j.Person = p.masked(h.Utterance), h.Context, h.Person
	j.Previous = p.masked(h.Previous)
	j.Masked = h.Masked || j.Utterance != h.Utterance || j.Previous != h.Previous
	j.ID = j.Identity()
	return j
}

// person is the customer, as misses and verdicts name them.
func (p *planner) person() string {
	c := p.turn.Conversation
	return insight.PersonOf(string(c.Address.Network), string(c.Customer.ID))
}
