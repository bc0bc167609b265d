package webhook

import (
	"context"
	"time"
)

// Queue keeps deliveries until they are settled, whatever happens to the process. The suite in webhooktest holds it to what is said here.
type Queue interface {
	// Pending are at most limit deliveries to a receiver that are still to be made, by the time at which they are due, and of the same time
	// the older event first. Those that are due later are among them.
	Pending(ctx context.Context, target TargetID, limit int) ([]Delivery, error)
	// Settle records what became of an attempt. One that is not pending any more is left as it is.
	Settle(ctx context.Context, event EventID, target TargetID, result Result) error
}

// Delivery is an event on its way to one receiver.
type Delivery struct {
	Event Event
	// Attempts counts those that were made and failed, TriedAt is when the first of them was.
	Attempts int
	TriedAt  time.Time
	Due      time.Time
}

// Fate says what became of an attempt.
type Fate string

const (
	// Delivered: the receiver has it. Nothing of it is kept.
	Delivered Fate = "delivered"
	// Retry: it is tried again when Due says.
	Retry Fate = "retry"
	// GivenUp: it is tried no more, and kept for people to see.
	GivenUp Fate = "given_up"
)

// Result is what became of an attempt.
type Result struct {
	Fate Fate
	// At is when.
	At time.Time
	// Due is when it is tried again, for Retry alone.
	Due time.Time
	// Reason says why it failed, for people; nothing that the receiver wrote is in it.
	Reason string
}
