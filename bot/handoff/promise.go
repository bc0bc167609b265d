package handoff

import "time"

// PromiseKind says what was promised.
type PromiseKind string

const (
	// FirstReply: somebody answers.
	FirstReply PromiseKind = "first_reply"
	// Return: somebody comes back, after a snooze.
	Return PromiseKind = "return"
	// Resolve: the matter is settled.
	Resolve PromiseKind = "resolve"
)

// PromiseState says what became of a promise.
type PromiseState string

const (
	PromiseOpen PromiseState = "open"
	// PromiseMoved is open too, with a later time that the customer was told in time.
	PromiseMoved  PromiseState = "moved"
	PromiseKept   PromiseState = "kept"
	PromiseBroken PromiseState = "broken"
)

// Promise is a time told to a customer. Its methods give the promise as it is afterwards; what makes no sense leaves it as it is, so that an event
// that comes twice or late does no harm.
type Promise struct {
	Kind PromiseKind `json:"kind"`
	// From and Due are the time that was told: not before the one, and by the other. A move leaves From as it was first told.
	From  time.Time    `json:"from"`
	Due   time.Time    `json:"due"`
	State PromiseState `json:"state"`
	// MadeAt is when it was first told, MovedAt when the present Due was, if another one.
	MadeAt  time.Time `json:"made_at"`
	MovedAt time.Time `json:"moved_at,omitzero"`
	Moves   int       `json:"moves,omitempty"`
	// RemindedAt is when those who can keep it were reminded in good time, if they were.
	RemindedAt time.Time `json:"reminded_at,omitzero"`
	// EndedAt is when it was kept or broken.
	EndedAt time.Time `json:"ended_at,omitzero"`
}

// NewPromise is a promise as it is made.
func NewPromise(kind PromiseKind, told Range, at time.Time) Promise {
	return Promise{Kind: kind, From: told.From, Due: told.To, State: PromiseOpen, MadeAt: at}
}

// Pending reports whether it is still to be kept.
func (p Promise) Pending() bool { return p.State == PromiseOpen || p.State == PromiseMoved }

// Keep is the promise after what was promised was done. What is done after Due keeps nothing: the promise is broken then, even if nobody had noticed.
func (p Promise) Keep(at time.Time) Promise {
	if at.After(p.Due) {
		return p.Break(at)
	}
	return p.end(PromiseKept, at)
}

// Move is the promise after the customer was told a later time. A time that is not later, or told after Due, moves nothing: a promise that has
// lapsed is broken, and the new time is a new promise.
func (p Promise) Move(to, at time.Time) Promise {
	if !p.Pending() || !to.After(p.Due) || at.After(p.Due) {
		return p
	}
	p.Due, p.State, p.MovedAt, p.Moves = to, PromiseMoved, at, p.Moves+1
	return p
}

// Break is the promise after Due has gone by with nothing done; before that, nothing is broken.
func (p Promise) Break(at time.Time) Promise {
	if at.Before(p.Due) {
		return p
	}
	return p.end(PromiseBroken, at)
}

func (p Promise) end(state PromiseState, at time.Time) Promise {
	if p.Pending() {
		p.State, p.EndedAt = state, at
	}
	return p
}

// The margin before Due: a tenth of the time that was promised, within bounds. A minute is what a message needs to be sent; more than ten, and what
// is corrected might still have been kept.
const (
	leastMargin = time.Minute
	mostMargin  = 10 * time.Minute
)

// Remind is when something must be said at the latest, so that a promise which cannot be kept is corrected before it lapses; now where that has gone
// by. It is the zero time where the promise is no longer pending.
func (p Promise) Remind(now time.Time) time.Time {
	if !p.Pending() {
		return time.Time{}
	}
	told := later(p.MadeAt, p.MovedAt)
	margin := min(max(p.Due.Sub(told)/10, leastMargin), mostMargin)
	return later(now, p.Due.Add(-margin))
}
