package bot_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
)

// ledger is an outbox and its lease in memory, which fail when they are told to. Rows are one chat's each.
type ledger struct {
	mu      sync.Mutex
	state   map[int64]string // "waiting", "sending", "sent"
	unknown map[int64]bool
	leases  []error // of the next renewals
	settles []error
}

func pop(errs *[]error) error {
	if len(*errs) == 0 {
		return nil
	}
	err := (*errs)[0]
	*errs = (*errs)[1:]
	return err
}

func (l *ledger) Acquire(context.Context, string, string, time.Duration) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	err := pop(&l.leases)
	return err == nil, err
}

func (l *ledger) Release(context.Context, string, string) error { return nil }

func (l *ledger) Take(_ context.Context, n channel.Network, _ time.Time, limit int) ([]bot.Sending, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []bot.Sending
	for id, state := range l.state {
		if state == "waiting" && len(out) < limit {
			l.state[id] = "sending"
			to := channel.Address{Network: n, Chat: channel.ChatID(fmt.Sprint(id)), Private: true}
			out = append(out, bot.Sending{ID: id, Unknown: l.unknown[id], Outgoing: bot.Outgoing{Message: channel.Message{To: to}}})
		}
	}
	return out, nil
}

func (l *ledger) Settle(_ context.Context, results ...bot.SendResult) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := pop(&l.settles); err != nil {
		return err
	}
	for _, r := range results {
		l.state[r.ID] = "sent"
	}
	return nil
}

func (l *ledger) Recover(context.Context, channel.Network) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, state := range l.state {
		if state == "sending" {
			l.state[id], l.unknown[id] = "waiting", true
		}
	}
	return nil
}

func (l *ledger) Next(context.Context, channel.Network, time.Time) (time.Time, error) {
	return time.Time{}, nil
}

// slow is a network where a message takes its time.
type slow struct {
	took time.Duration
	mu   sync.Mutex
	sent int
}

func (*slow) Network() channel.Network                   { return "slow" }
func (*slow) Limits() channel.Limits                     { return channel.Limits{} }
func (*slow) Run(context.Context, channel.Handler) error { return nil }
func (s *slow) Send(context.Context, channel.Message) (channel.MessageID, error) {
	time.Sleep(s.took)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent++
	return channel.MessageID(fmt.Sprint(s.sent)), nil
}

func (s *slow) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sent
}

// TestDispatcher_DatabaseFails has the database fail beside a message that is on its way.
func TestDispatcher_DatabaseFails(t *testing.T) {
	t.Parallel()
	gone := errors.New("the database is gone")
	for name, c := range map[string]struct {
		leases, settles []error
		sends           int
	}{
		"a lease that cannot be renewed once sends nothing twice":            {leases: []error{nil, gone}, sends: 1},
		"a result that cannot be recorded is tried again":                    {settles: []error{gone, gone}, sends: 1},
		"a result that was never recorded is made good by sending once more": {settles: []error{gone, gone, gone, gone, gone}, sends: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l := &ledger{state: map[int64]string{1: "waiting"}, unknown: map[int64]bool{}, leases: c.leases, settles: c.settles}
				network := &slow{took: 10 * time.Second}
				d := bot.NewDispatcher(l, l, network, "test", bot.Options{Logger: slog.New(slog.DiscardHandler), Now: time.Now})
				ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
				defer cancel()
				if err := d.Run(ctx); err != nil {
					t.Fatal(err)
				}
				if l.state[1] != "sent" || network.sent != c.sends {
					t.Errorf("the message is %s after %d sends, want it sent after %d", l.state[1], network.sent, c.sends)
				}
			})
		})
	}
}

// writes is a network with rates that shows that somebody writes.
type writes struct {
	slow
	shown int
}

func (*writes) Limits() channel.Limits { return channel.Limits{PerChat: 60, Overall: 1200, Burst: 2} }

func (w *writes) Typing(context.Context, channel.Address) error {
	w.shown++
	return nil
}

// TestDispatcher_Typing: that somebody writes is shown by who sends, and only while no message could want the place.
func TestDispatcher_Typing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &ledger{state: map[int64]string{}, unknown: map[int64]bool{}}
		network := &writes{}
		d := bot.NewDispatcher(l, l, network, "test", bot.Options{Logger: slog.New(slog.DiscardHandler), Now: time.Now})
		to := channel.Address{Network: "slow", Chat: "1", Private: true}
		d.Typing(t.Context(), to)
		if network.shown != 0 {
			t.Error("it is shown by who does not send")
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- d.Run(ctx) }()
		time.Sleep(5 * time.Second)
		synctest.Wait()
		d.Typing(t.Context(), to)
		d.Typing(t.Context(), to) // one place of two is taken
		if network.shown != 1 {
			t.Errorf("it is shown %d times", network.shown)
		}
		l.mu.Lock()
		l.state[1] = "waiting"
		l.mu.Unlock()
		d.Wake()
		time.Sleep(100 * time.Millisecond)
		synctest.Wait()
		if network.count() != 1 {
			t.Error("a message waits for it")
		}
		d.Typing(t.Context(), to)
		if network.shown != 1 {
			t.Error("it takes the place of a message")
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// crowded is a network that takes 30 messages a second. It notes when each chat was written to.
type crowded struct {
	slow
	at map[channel.ChatID]time.Time
}

func (*crowded) Limits() channel.Limits { return channel.Limits{Overall: 30 * 60} }

func (c *crowded) Send(_ context.Context, m channel.Message) (channel.MessageID, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at[m.To.Chat] = time.Now()
	return "m", nil
}

// receipts is a ledger whose row 0 is urgent.
type receipts struct{ *ledger }

func (r receipts) Take(ctx context.Context, n channel.Network, now time.Time, limit int) ([]bot.Sending, error) {
	rows, err := r.ledger.Take(ctx, n, now, limit)
	for i := range rows {
		rows[i].Outgoing.Urgent = rows[i].ID == 0
	}
	return rows, err
}

// TestDispatcher_UrgentFirst has a receipt come when as much is on its way as the network takes in two seconds.
func TestDispatcher_UrgentFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &ledger{state: map[int64]string{}, unknown: map[int64]bool{}}
		const others = 60
		for id := range int64(others) {
			l.state[id+1] = "waiting"
		}
		network := &crowded{at: map[channel.ChatID]time.Time{}}
		d := bot.NewDispatcher(receipts{l}, l, network, "test", bot.Options{Logger: slog.New(slog.DiscardHandler), Now: time.Now})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		ended := make(chan error)
		go func() { ended <- d.Run(ctx) }()
		time.Sleep(100 * time.Millisecond)
		l.mu.Lock()
		l.state[0] = "waiting"
		l.mu.Unlock()
		asked := time.Now()
		d.Wake()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		if took := network.at["0"].Sub(asked); took > 300*time.Millisecond {
			t.Errorf("the receipt left after %v", took)
		}
		if len(network.at) != others+1 {
			t.Errorf("%d of %d messages were sent", len(network.at), others+1)
		}
	})
}
