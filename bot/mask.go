package bot

import (
	"slices"

	"faqbot/bot/channel"
	"faqbot/faq"
)

// masked is a text without personal data, the customer's own names among it: as it is kept to learn from, and read by people who have nothing to do
// with them.
func (p *planner) masked(text string) string {
	var names []string
	people := []channel.Person{p.turn.Conversation.Customer, p.s.Conversation.Customer} // who renamed themselves may still write the name before
	if t := p.s.Ticket; t != nil {
		people = append(people, t.Customer.Person)
	}
	for _, person := range people {
		names = append(names, person.Name, person.Username)
	}
	return p.policy.Masker.Of(names...).Mask(text)
}

// maskedDraft is what staff made of a ticket, without what the owner's patterns match as well.
func (p *planner) maskedDraft(draft *faq.Revision) *faq.Revision {
	if draft == nil {
		return nil
	}
	d := *draft
	d.Content.Question = p.masked(d.Content.Question)
	d.Content.Answers = slices.Clone(d.Content.Answers)
	for i := range d.Content.Answers {
		d.Content.Answers[i].Text = p.masked(d.Content.Answers[i].Text)
	}
	return &d
}
