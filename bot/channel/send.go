package channel

import (
	"errors"
	"fmt"
	"time"
)

// Fate says what became of a send that failed.
type Fate string

const (
	// Gone: this address will never take a message (blocked, deleted, closed). Stop writing to it.
	Gone Fate = "gone"
	// Lost: the thread in the address is not there any more, or takes no message; its chat does. What belongs there needs a new thread.
	Lost Fate = "lost"
	// TooLong: the network refused the size. Our bug: the core splits by Limits.
	TooLong Fate = "too_long"
	// Wait: not delivered; try again after SendError.After.
	Wait Fate = "wait"
	// Unknown: it may have been delivered (a timeout, a cut answer). It is sent again under the same Message.ID.
	Unknown Fate = "unknown"
	// Refused: certainly not delivered, and the same message will be refused again. Shown to staff as not delivered.
	Refused Fate = "refused"
)

// SendError is an error of Send that the core can act on. Reason never holds a token or a text of a customer.
type SendError struct {
	Fate   Fate
	After  time.Duration
	Reason string
	// MovedTo is the chat's new ID where the network says that it moved; the message is sent there.
	MovedTo ChatID
}

func (e *SendError) Error() string {
	if e.After > 0 {
		return fmt.Sprintf("send %s for %v: %s", e.Fate, e.After, e.Reason)
	}
	return fmt.Sprintf("send %s: %s", e.Fate, e.Reason)
}

// FateOf is the fate that an error of Send tells, or "" where it tells none: such an error is retried.
func FateOf(err error) (Fate, *SendError) {
	var s *SendError
	if errors.As(err, &s) {
		return s.Fate, s
	}
	return "", nil
}
