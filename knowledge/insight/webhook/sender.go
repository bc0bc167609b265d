package webhook

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

const (
	// firstWait doubles with each attempt up to longestWait.
	firstWait   = time.Second
	longestWait = time.Hour
	// keepTrying is how long after its first attempt a delivery is given up.
	keepTrying = 3 * 24 * time.Hour
	// poll is how often is looked without being woken.
	poll = time.Minute
	// batch is how many deliveries are read at once.
	batch = 16
	// settleTime bounds a record that is written while the process stops.
	settleTime = 5 * time.Second
)

// Options are what the program around it provides.
type Options struct {
	Logger *slog.Logger     // nil logs nothing
	Now    func() time.Time // nil is time.Now
	// Transport makes the requests; nil is one of its own.
	Transport http.RoundTripper
	// SettledFunc, where there is one, is told what became of each attempt.
	SettledFunc func(Fate)
}

// Sender brings events to their receivers. It runs in one process at a time, under a lease: two would send everything twice, which does no
// harm but the noise.
type Sender struct {
	queue   Queue
	secret  string
	client  *http.Client
	lines   []*line
	options Options
}

// line is what goes to one receiver, one after the other.
type line struct {
	target Target
	wake   chan struct{}
	// failing is true from an attempt that failed to the next that did not.
	failing bool
}

// NewSender makes a sender for some receivers, who share a secret. Nothing is sent before Run.
func NewSender(queue Queue, targets []Target, secret string, options Options) *Sender {
	if options.Logger == nil {
		options.Logger = slog.New(slog.DiscardHandler)
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	s := &Sender{queue: queue, secret: secret, client: newClient(options.Transport), options: options}
	for _, t := range targets {
		s.lines = append(s.lines, &line{target: t, wake: make(chan struct{}, 1)})
	}
	return s
}

// Wake makes it look for deliveries now. It never blocks.
func (s *Sender) Wake() {
	for _, l := range s.lines {
		select {
		case l.wake <- struct{}{}:
		default:
		}
	}
}

// Run sends what is due until ctx ends, then returns nil. A request that is under way then is broken off, and made again by the next Run.
func (s *Sender) Run(ctx context.Context) error {
	defer s.client.CloseIdleConnections()
	var running sync.WaitGroup
	for _, l := range s.lines {
		running.Go(func() { s.serve(ctx, l) })
	}
	running.Wait()
	return nil
}

// serve goes on whatever happens: a queue that cannot be read is looked at again, seldom enough to keep the log readable.
func (s *Sender) serve(ctx context.Context, l *line) {
	patience := firstWait
	for ctx.Err() == nil {
		wait, err := s.round(ctx, l)
		switch {
		case err == nil:
			patience = firstWait
		case ctx.Err() == nil:
			s.options.Logger.Error("what is to be sent to a webhook cannot be read or recorded", "to", l.target, "again_in", patience, "error", err)
			wait, patience = patience, min(2*patience, poll)
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-l.wake:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// round sends what is due, and returns how long nothing will be.
func (s *Sender) round(ctx context.Context, l *line) (time.Duration, error) {
	for {
		pending, err := s.queue.Pending(ctx, l.target.ID, batch)
		if err != nil || len(pending) == 0 {
			return poll, err
		}
		for i, d := range pending {
			wait := d.Due.Sub(s.options.Now())
			if wait > 0 && i == 0 {
				return min(wait, poll), nil
			}
			if wait > 0 {
				break
			}
			if err := s.deliver(ctx, l, d); err != nil {
				return 0, err
			}
		}
	}
}

// deliver makes one attempt and records it. What was cut off by the end of ctx is recorded as nothing: nobody knows whether it arrived.
func (s *Sender) deliver(ctx context.Context, l *line, d Delivery) error {
	body, err := json.Marshal(d.Event)
	var a answer
	if err != nil {
		a.reason = "the event cannot be written as JSON"
	} else if a = s.post(ctx, l.target, body); a.status == 0 && ctx.Err() != nil {
		return ctx.Err()
	}
	result := judge(d, a, s.options.Now())
	recording, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	if err := s.queue.Settle(recording, d.Event.ID, l.target.ID, result); err != nil {
		return err
	}
	s.tell(l, d, result)
	return nil
}

// tell logs where a receiver begins to fail and where that is over, and each event that is given up.
func (s *Sender) tell(l *line, d Delivery, result Result) {
	if s.options.SettledFunc != nil {
		s.options.SettledFunc(result.Fate)
	}
	log := s.options.Logger.With("to", l.target, "event", d.Event.ID, "kind", d.Event.Kind)
	switch {
	case result.Fate == GivenUp:
		log.Error("a webhook was not delivered and is given up", "reason", result.Reason, "attempts", d.Attempts+1)
	case result.Fate == Retry && !l.failing:
		log.Warn("a webhook cannot be delivered; it is tried again for three days", "reason", result.Reason)
	case result.Fate == Delivered && l.failing:
		log.Info("webhooks are delivered again")
	}
	l.failing = result.Fate != Delivered
}

// judge says what follows from an answer.
func judge(d Delivery, a answer, now time.Time) Result {
	tried := d.TriedAt
	if tried.IsZero() {
		tried = now
	}
	end := tried.Add(keepTrying)
	switch {
	case a.status >= 200 && a.status < 300:
		return Result{Fate: Delivered, At: now}
	case a.status == http.StatusGone || !now.Before(end):
		return Result{Fate: GivenUp, At: now, Reason: a.reason}
	}
	// The last attempt is made at the very end, so that a receiver who is back by then has it.
	due := now.Add(max(waitAfter(d.Attempts), min(a.after, longestWait)))
	if due.After(end) {
		due = end
	}
	return Result{Fate: Retry, At: now, Due: due, Reason: a.reason}
}

// waitAfter is how long to wait after so many attempts that failed before this one.
func waitAfter(attempts int) time.Duration {
	wait := firstWait
	for range min(attempts, 32) {
		wait = min(2*wait, longestWait)
	}
	return wait
}
