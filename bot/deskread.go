package bot

import (
	"context"
	"fmt"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/faq"
	"faqbot/knowledge/insight"
)

// Register is what staff's commands look up.
type Register interface {
	// Staff are all who have ever acted at a desk, by their IDs.
	Staff(ctx context.Context) ([]handoff.Staff, error)
	// Search finds tickets that match words ([handoff.Ticket.Matches]), newest first, at most limit.
	Search(ctx context.Context, words string, limit int) ([]handoff.Ticket, error)
	// Block is the one that was made for the ticket with a number and still holds; nil where there is none.
	Block(ctx context.Context, number int64) (*handoff.Block, error)
	// Saved are the replies that staff keep.
	Saved(ctx context.Context) ([]handoff.Saved, error)
	// Earlier are the tickets of a customer that were closed last, newest first, at most limit.
	Earlier(ctx context.Context, customer handoff.Customer, limit int) ([]handoff.Earlier, error)
	// Sample is the weekly sample of answers to questions in customers' own words ([insight.Draw]), at most [insight.SampleSize], in the order in which
	// they were drawn. What was forgotten or deleted is not in it.
	Sample(ctx context.Context, week insight.Period) ([]Sampled, error)
}

// queueRead bounds how many open tickets are read to be put in order.
const queueRead = 1000

// earlier reads what a customer came with before, who asks for a person anew.
func (e *Engine) earlier(ctx context.Context, s *Situation, t *handoff.Ticket) (err error) {
	if e.desks.team == nil || t == nil || t.Version > 0 {
		return nil
	}
	if s.Work.Earlier, err = e.desks.team.Earlier(ctx, t.Customer, handoff.EarlierShown); err != nil {
		return fmt.Errorf("read earlier tickets: %w", err)
	}
	return nil
}

// lookups are what commands of staff need beyond the ticket, by the command's name.
var lookups = map[string]func(e *Engine, ctx context.Context, s *Situation) error{
	"queue":   (*Engine).lookUpQueue,
	"mine":    (*Engine).lookUpQueue,
	"assign":  (*Engine).lookUpStaff,
	"find":    (*Engine).lookUpTickets,
	"unblock": (*Engine).lookUpBlock,
	"say":     (*Engine).lookUpSaved,
	"save":    (*Engine).lookUpSaved,
	"unsave":  (*Engine).lookUpSaved,
	"saved":   (*Engine).lookUpSaved,
	"insert":  (*Engine).lookUpEntries,
}

// lookUp reads what a command of staff needs.
func (e *Engine) lookUp(ctx context.Context, s *Situation) error {
	if s.Desk == nil {
		return nil
	}
	if aboutGaps(s) {
		return e.lookUpGaps(ctx, s)
	}
	if samples(s) {
		return e.lookUpSample(ctx, s)
	}
	if a := s.Action; a != nil && a.Press == handoff.PressSend && s.Event.Kind == channel.Press {
		e.lookUpEntry(s, faq.EntryID(a.Value))
		return nil
	}
	if err := e.lookUpHeld(ctx, s); err != nil {
		return err
	}
	if look := lookups[s.Event.Command]; look != nil && s.Event.Kind == channel.Command {
		return look(e, ctx, s)
	}
	return nil
}

// lookUpHeld reads how many tickets each has, where somebody is to have one more and there is a limit.
func (e *Engine) lookUpHeld(ctx context.Context, s *Situation) (err error) {
	takes := s.Event.Kind == channel.Command && (s.Event.Command == "claim" || s.Event.Command == "assign") ||
		s.Event.Kind == channel.Press && s.Action != nil && s.Action.Press == handoff.PressClaim
	if e.policy.Capacity == 0 || !takes {
		return nil
	}
	if s.Work.Found.Held, err = e.desks.team.Held(ctx); err != nil {
		return fmt.Errorf("count who has which tickets: %w", err)
	}
	return nil
}

func (e *Engine) lookUpQueue(ctx context.Context, s *Situation) (err error) {
	if s.Work.Found.Queue, err = e.desks.team.Queue(ctx, queueRead); err != nil {
		return fmt.Errorf("read the queue: %w", err)
	}
	return nil
}

func (e *Engine) lookUpStaff(ctx context.Context, s *Situation) (err error) {
	if s.Work.Found.Crew, err = e.desks.team.Staff(ctx); err != nil {
		return fmt.Errorf("read who the staff are: %w", err)
	}
	return nil
}

func (e *Engine) lookUpTickets(ctx context.Context, s *Situation) (err error) {
	if s.Work.Found.Tickets, err = e.desks.team.Search(ctx, s.Event.Body, handoff.FindShown); err != nil {
		return fmt.Errorf("search tickets: %w", err)
	}
	return nil
}

func (e *Engine) lookUpBlock(ctx context.Context, s *Situation) (err error) {
	number := handoff.NumberOf(s.Event.Body)
	if number == 0 && s.Ticket != nil && s.Event.Body == "" {
		number = s.Ticket.Number
	}
	if s.Work.Found.Block, err = e.desks.team.Block(ctx, number); err != nil {
		return fmt.Errorf("look up who is blocked: %w", err)
	}
	return nil
}

func (e *Engine) lookUpSaved(ctx context.Context, s *Situation) (err error) {
	if s.Work.Found.Saved, err = e.desks.team.Saved(ctx); err != nil {
		return fmt.Errorf("read saved replies: %w", err)
	}
	return nil
}
