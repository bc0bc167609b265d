package bot

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/faq"
	"faqbot/knowledge"
)

// Places are what suggestions, and what is shown for a moment, need of the database.
type Places interface {
	// TicketIn is the ticket whose thread this is; nil where it is none.
	TicketIn(ctx context.Context, thread channel.Address) (*handoff.Ticket, error)
	// TicketOf is a customer's that is not closed, with its threads; nil where there is none.
	TicketOf(ctx context.Context, network channel.Network, person channel.PersonID) (*handoff.Ticket, []handoff.Thread, error)
	// Member is who has acted at a desk; nil for anybody else.
	Member(ctx context.Context, id handoff.StaffID) (*handoff.Staff, error)
}

// completeWithin bounds how long people wait for suggestions.
const completeWithin = time.Second

// Complete implements [channel.Handler]: questions for what has been typed so far, and for staff what their command may take. Where the network does
// not say where somebody types, only staff are suggested anything. Nothing is stored.
func (e *Engine) Complete(ctx context.Context, c channel.Completion) ([]channel.Choice, error) {
	limits := channel.Limits{Choices: 25, ChoiceLength: 100}
	if ch := e.channels[c.Address.Network]; ch != nil {
		limits = ch.Limits()
	}
	ctx, cancel := context.WithTimeout(ctx, completeWithin)
	defer cancel()
	var choices []channel.Choice
	var err error
	switch {
	case c.Address.Chat == "":
		choices, err = e.completeAnywhere(ctx, c, limits.Choices)
	case handoff.IsCommand(c.Command):
		choices, err = e.completeAtDesk(ctx, c, limits.Choices)
	default:
		choices, err = e.completeQuestion(ctx, c, limits)
	}
	if err != nil {
		return nil, fmt.Errorf("suggest: %w", err)
	}
	return fitting(choices, limits), nil
}

// fitting are the choices that a network can show. A value that is too long is left out: what came back would be something else.
func fitting(choices []channel.Choice, limits channel.Limits) []channel.Choice {
	out := []channel.Choice{}
	for _, c := range choices {
		if len(out) < limits.Choices && (limits.ChoiceLength == 0 || len([]rune(c.Value)) <= limits.ChoiceLength) {
			out = append(out, channel.Choice{Label: shorten(c.Label, limits.ChoiceLength), Value: c.Value})
		}
	}
	return out
}

// completeQuestion suggests questions to ask.
func (e *Engine) completeQuestion(ctx context.Context, c channel.Completion, limits channel.Limits) ([]channel.Choice, error) {
	language := preferred(Profile{}, c.From)
	entries, err := e.matcher.Suggest(ctx, knowledge.Question{
		Utterance: c.Typed, Language: language, Channel: string(c.Address.Network), Today: faq.DateOf(e.now().In(e.policy.Location)),
	}, limits.Choices)
	choices := make([]channel.Choice, len(entries))
	for i, entry := range entries {
		question := entry.QuestionIn(language)
		choices[i] = channel.Choice{Label: question, Value: shortenValue(question, limits.ChoiceLength)}
	}
	return choices, err
}

// completeAnywhere suggests entries to staff where it is not known in which ticket they write: what they pick is the command that sends it there.
func (e *Engine) completeAnywhere(ctx context.Context, c channel.Completion, most int) ([]channel.Choice, error) {
	if e.desks.team == nil {
		return nil, nil
	}
	member, err := e.desks.team.Member(ctx, handoff.StaffOf(c.Address.Network, c.From.ID))
	if err != nil || member == nil {
		return nil, err
	}
	found, err := e.matcher.Suggest(ctx, knowledge.Question{Utterance: c.Typed, Language: e.policy.Language, Today: e.today(&Situation{Now: e.now()})}, most)
	return sendable(found, e.policy.Language, "/insert "), err
}

// sendable are entries as what "/insert" takes, after a prefix.
func sendable(entries []*faq.Entry, language faq.Language, prefix string) []channel.Choice {
	var out []channel.Choice
	for _, entry := range entries {
		out = append(out, channel.Choice{Label: entry.QuestionIn(language), Value: prefix + handoff.EntryPrefix + string(entry.ID)})
	}
	return out
}

// completeAtDesk suggests what a command of staff may take in a ticket's thread.
func (e *Engine) completeAtDesk(ctx context.Context, c channel.Completion, most int) ([]channel.Choice, error) {
	desks, err := e.desks.all(ctx)
	at := slices.IndexFunc(desks, func(d handoff.Desk) bool { return !d.Owner && d.Address.SameChat(c.Address) })
	if err != nil || at < 0 {
		return nil, err
	}
	typed := handoff.Typed{
		Command: c.Command, Text: c.Typed, Desk: desks[at], Voice: e.texts.In(e.policy.Language), Team: handoff.Team{Desks: desks, Language: e.policy.Language},
	}
	if typed.Ticket, err = e.desks.team.TicketIn(ctx, c.Address); err != nil {
		return nil, err
	}
	switch c.Command {
	case "insert":
		return e.completeInsert(ctx, typed, most)
	case "assign":
		typed.Team.Staff, err = e.desks.team.Staff(ctx)
	case "say", "unsave":
		typed.Saved, err = e.desks.team.Saved(ctx)
	}
	return typed.Choices(), err
}

// completeInsert suggests the entries that "/insert" would offer, and those whose question begins so: what the ticket's customer may be sent.
func (e *Engine) completeInsert(ctx context.Context, typed handoff.Typed, most int) ([]channel.Choice, error) {
	if typed.Ticket == nil {
		return nil, nil
	}
	s := Situation{Ticket: typed.Ticket, Now: e.now()}
	words := cmp.Or(typed.Text, typed.Ticket.Question)
	found, err := e.fittingEntries(ctx, &s, words, most)
	if err != nil {
		return nil, err
	}
	begun, err := e.matcher.Suggest(ctx, knowledge.Question{
		Utterance: words, Language: typed.Ticket.Language, Channel: string(typed.Ticket.Customer.Address.Network), Today: e.today(&s),
	}, most)
	for _, entry := range begun {
		if e.mayBeSent(&s, entry) && !slices.ContainsFunc(found, func(o *faq.Entry) bool { return o.ID == entry.ID }) {
			found = append(found, entry)
		}
	}
	return sendable(found, typed.Ticket.Language, ""), err
}

// shortenValue cuts without a mark: the value comes back as what was asked.
func shortenValue(s string, limit int) string {
	if runes := []rune(s); limit > 0 && len(runes) > limit {
		return string(runes[:limit])
	}
	return s
}
