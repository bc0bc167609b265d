package bot_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/bot/store"
	"faqbot/faq/fault"
)

// witness notes every promise to Ann as it was committed.
type witness struct {
	*store.Store
	t    *testing.T
	last handoff.Promise
	// settle is the last promise that the matter is settled.
	settle handoff.Promise

	mu   sync.Mutex
	idle time.Time
	// outdone is what the next events say that somebody else was quicker than, so many times.
	outdone      string
	outdoneTimes int
}

// loses says whether somebody else was quicker than an event.
func (w *witness) loses(event channel.Event) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.outdoneTimes == 0 || event.Body != w.outdone {
		return false
	}
	w.outdoneTimes--
	return true
}

// Deferred asks the database only when something may be due: days pass in seconds.
func (w *witness) Deferred(ctx context.Context, network channel.Network, now time.Time, limit int) ([]channel.Event, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if now.Before(w.idle) {
		return nil, nil
	}
	events, err := w.Store.Deferred(ctx, network, now, limit)
	if err != nil || len(events) > 0 {
		return events, err
	}
	next, err := w.NextDue(ctx)
	if w.idle = now.Add(time.Hour); !next.IsZero() && next.Before(w.idle) {
		w.idle = next
	}
	return nil, err
}

// Settle may leave something to be acted on.
func (w *witness) Settle(ctx context.Context, results ...bot.SendResult) error {
	defer w.wake()
	return w.Store.Settle(ctx, results...)
}

func (w *witness) wake() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.idle = time.Time{}
}

func (w *witness) Commit(ctx context.Context, event channel.Event, turn bot.Turn) error {
	defer w.wake()
	if w.loses(event) {
		return fault.New(fault.Conflict, "somebody else was quicker")
	}
	err := w.Store.Commit(ctx, event, turn)
	if err != nil || turn.Ticket == nil || turn.Ticket.Customer.Person.ID != "ann" || turn.Ticket.Promise == w.last && turn.Ticket.Settle == w.settle {
		return err
	}
	now, p := time.Now(), turn.Ticket.Promise
	for _, before := range []handoff.Promise{w.last, w.settle} {
		if before.Pending() && now.After(before.Due) {
			w.t.Errorf("at %v the customer still believed in %v", now, before.Due)
		}
	}
	if turn.Ticket.Broken > 0 || p.State == handoff.PromiseBroken {
		w.t.Errorf("at %v the promise of %v was broken", now, p.Due)
	}
	w.last, w.settle = p, turn.Ticket.Settle
	return nil
}
