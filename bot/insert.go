package bot

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"faqbot/bot/handoff"
	"faqbot/faq"
	"faqbot/knowledge"
)

// inserts is how many entries staff are offered to send.
const inserts = 3

// lookUpEntries finds what the FAQ has for what staff write, or for the ticket's question: only what its customer may be served.
func (e *Engine) lookUpEntries(ctx context.Context, s *Situation) (err error) {
	if s.Ticket == nil {
		return nil
	}
	if id, named := handoff.EntryNamed(s.Event.Body); named {
		e.lookUpEntry(s, id)
		return nil
	}
	s.Work.Found.Entries, err = e.fittingEntries(ctx, s, cmp.Or(s.Event.Body, s.Ticket.Question), inserts)
	return err
}

// fittingEntries are what the FAQ has for some words, best first, and what the ticket's customer may be served.
func (e *Engine) fittingEntries(ctx context.Context, s *Situation, words string, most int) ([]*faq.Entry, error) {
	// Staff may write in another language than the customer speaks, so it is detected.
	decisions, err := e.matcher.Decide(ctx, knowledge.Question{Utterance: words, Channel: string(s.Ticket.Customer.Address.Network), Today: e.today(s)})
	if err != nil {
		return nil, fmt.Errorf("look up entries: %w", err)
	}
	var out []*faq.Entry
	for _, d := range decisions {
		for _, c := range d.Candidates {
			known := slices.ContainsFunc(out, func(o *faq.Entry) bool { return o.ID == c.Entry.ID })
			if !known && e.mayBeSent(s, c.Entry) && len(out) < most {
				out = append(out, c.Entry)
			}
		}
	}
	return out, nil
}

// lookUpEntry finds the entry that is to be sent, as it is published now.
func (e *Engine) lookUpEntry(s *Situation, id faq.EntryID) {
	if entry, ok := e.matcher.Entry(id); ok && s.Ticket != nil && e.mayBeSent(s, entry) {
		s.Work.Found.Entries = []*faq.Entry{entry}
	}
}

func (e *Engine) mayBeSent(s *Situation, entry *faq.Entry) bool {
	return entry.Audience.Includes(string(s.Ticket.Customer.Address.Network), s.Ticket.Language) && entry.Validity.Contains(e.today(s))
}

func (e *Engine) today(s *Situation) faq.Date { return faq.DateOf(s.Now.In(e.policy.Location)) }

// found is what was looked up for staff; entries are in the customer's language.
func (p *planner) found() handoff.Found {
	found := p.s.Work.Found
	out := handoff.Found{Queue: found.Queue, Tickets: found.Tickets, Block: found.Block, Beside: found.Beside, Saved: found.Saved}
	for _, entry := range found.Entries {
		language := p.s.Ticket.Language
		answer, exact := entry.Answer(language)
		served := handoff.Served{Entry: entry.ID, Question: entry.QuestionIn(language), Answer: answer}
		if !exact {
			served.Notice = p.texts.In(language).Say("other_language", Args{"Language": p.languageName(answer.Language)})
		}
		out.Entries = append(out.Entries, served)
	}
	return out
}
