package handoff

import (
	"fmt"

	"faqbot/faq"
	"faqbot/knowledge/insight"
)

// teach makes the ticket's question and what staff replied to it a draft entry, which an editor looks at and publishes. The question may be given anew,
// in better words; the reply is the last one, or that which the command is a reply to.
func (p *planner) teach(question string) {
	reply, chosen := p.lesson()
	again := p.ticket.Taught != "" && !chosen && question == ""
	if question == "" {
		question = p.ticket.Question
	}
	switch {
	case again:
		p.here("desk_taught_before", map[string]any{"Entry": string(p.ticket.Taught)})
		return
	case oneLine(question) == "":
		p.here("desk_teach_what", nil)
		return
	case reply == "":
		p.here("desk_teach_reply", nil)
		return
	}
	draft := p.draft(question, reply)
	if err := draft.Content.Validate(); err != nil {
		p.here("desk_teach_refused", map[string]any{"Reason": err.Error()})
		return
	}
	p.change.Draft, p.ticket.Taught = &draft, draft.Content.ID
	p.here("desk_taught", map[string]any{"Entry": string(draft.Content.ID), "Question": defused(draft.Content.Question)})
	p.keep()
}

// lesson is the reply that a draft is made of, and whether it was pointed at. Notes are not for customers, and what came from an entry is known.
func (p *planner) lesson() (text string, chosen bool) {
	for _, s := range p.Lines {
		switch {
		case s.By == "" || s.Note || s.Entry != "" || oneLine(s.Text) == "":
		case p.Event.ReplyTo != "" && s.Message == p.Event.ReplyTo:
			text, chosen = s.Text, true
		case !chosen:
			text = s.Text
		}
	}
	return text, chosen
}

// maxQuestion is how many characters the question of an entry may have.
const maxQuestion = 500

// draft is an entry that no customer is served yet. What customers and staff wrote of persons is left out of it.
func (p *planner) draft(question, reply string) faq.Revision {
	language := p.ticket.Language
	if language == "" {
		language = p.Team.Language
	}
	masker := insight.Masker{}.Of(p.ticket.Customer.Person.Name, p.ticket.Customer.Person.Username)
	return faq.Revision{
		Number: 1, Status: faq.Draft, By: oneLine(p.Staff.Called()), At: p.Now.UTC(), Note: fmt.Sprintf("from ticket %d", p.ticket.Number),
		Content: faq.Entry{
			ID: faq.EntryID(fmt.Sprintf("ticket-%d-%s", p.ticket.Number, p.Fresh)), Language: language,
			Question: clip(masker.Mask(oneLine(question)), maxQuestion), Answers: []faq.Answer{{Language: language, Text: masker.Mask(reply)}},
		},
	}
}
