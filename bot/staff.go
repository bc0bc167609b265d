package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

// deskList knows the desks, as they were a moment ago.
type deskList struct {
	team Team
	now  func() time.Time

	mu   sync.Mutex
	list []handoff.Desk
	read time.Time
}

// deskAge is how old the list may be: who binds a desk is heard there a second later by all replicas.
const deskAge = time.Second

func (d *deskList) all(ctx context.Context) ([]handoff.Desk, error) {
	if d.team == nil {
		return nil, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if age := d.now().Sub(d.read); !d.read.IsZero() && age >= 0 && age < deskAge {
		return d.list, nil
	}
	list, err := d.team.Desks(ctx)
	if err != nil {
		return nil, fmt.Errorf("read desks: %w", err)
	}
	d.list, d.read = list, d.now()
	return list, nil
}

func (d *deskList) has(ctx context.Context, at channel.Address) (bool, error) {
	list, err := d.all(ctx)
	return slices.ContainsFunc(list, func(d handoff.Desk) bool {
		return !d.Owner && d.Address.SameChat(at)
	}), err
}

// forget has the list read anew.
func (d *deskList) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.read = time.Time{}
}

// staff reads what the planning of a handoff needs beyond the situation.
func (e *Engine) staff(ctx context.Context, s *Situation) (err error) {
	if e.desks.team == nil {
		return nil
	}
	if s.Work.Desks, err = e.desks.all(ctx); err != nil {
		return err
	}
	if s.Event.Kind == channel.Command && s.Event.Command == staffCommand {
		if err := e.showCode(ctx, s); err != nil {
			return err
		}
	}
	if s.Event.Kind == channel.Due && s.Ticket != nil { // the card that is shown anew has what was said in it
		return errors.Join(e.outlook(ctx, s, s.Ticket), e.transcript(ctx, s))
	}
	interrupts := s.Ticket != nil && s.Ticket.Status == handoff.Waiting
	if s.Desk == nil && s.Event.Kind != channel.Settled && !interrupts {
		return nil
	}
	if err := e.lookUp(ctx, s); err != nil {
		return err
	}
	return e.transcript(ctx, s)
}

// outlook reads what times are estimated from, for a ticket as it waits now.
func (e *Engine) outlook(ctx context.Context, s *Situation, t *handoff.Ticket) (err error) {
	if e.desks.team == nil || t == nil {
		return nil
	}
	if s.Work.Outlook, s.Work.Seniors, err = e.desks.team.Outlook(ctx, *t, s.Now); err != nil {
		return fmt.Errorf("read how long customers wait: %w", err)
	}
	s.Work.Outlook.Hours = e.policy.Hours
	return nil
}

// transcript reads what was said in the conversation, for staff to see.
func (e *Engine) transcript(ctx context.Context, s *Situation) (err error) {
	if s.Conversation.ID == "" || e.desks.team == nil {
		return nil
	}
	if s.Work.Lines, err = e.desks.team.Lines(ctx, s.Conversation.ID); err != nil {
		return fmt.Errorf("read the transcript: %w", err)
	}
	return nil
}
