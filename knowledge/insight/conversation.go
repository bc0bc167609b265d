package insight

import (
	"slices"
	"time"
)

// Conversation is what figures know of one: times and counts, and neither what was said nor who said it. It may stand for several that are alike.
type Conversation struct {
	// Alike is how many there are of which all that is not counted is the same; Counts are those of all of them together.
	Alike int
	Counts
	// Ended is when the customer did something last.
	Ended     time.Time
	Standing  Standing
	Confirmed bool
	// Returned is true where the same customer asked again, or asked for a person, in another conversation within [ReturnWithin] of the end.
	Returned bool
	// Handoff is the last ticket that the conversation came to, as far as it matters here: its End, and whether anybody replied. Nil is none.
	Handoff *Handoff
}

// Handoff is what figures know of one ticket. A kept question is a ticket like any other.
type Handoff struct {
	// OpenedAt is when it was opened first, RepliedAt when a person first replied, ClosedAt when it was closed last; zero where that has not happened.
	OpenedAt, RepliedAt, ClosedAt time.Time
	End                           End
	// Rating is what the customer gave, 1–5; 0 is nothing.
	Rating int
}

// End says how a ticket was closed; empty while it is open.
type End string

const (
	// ByStaff: with whatever outcome but spam.
	ByStaff End = "staff"
	// AsSpam: by staff, as no question at all.
	AsSpam End = "spam"
	// ByCustomer: the wish for a person was taken back.
	ByCustomer End = "customer"
	// ByAnswer: a question was kept, and an entry answers it since, which the customer was told.
	ByAnswer End = "answer"
)

// Counts reports whether somebody was asked for who had to come: spam is no question, and a wish that was taken back before anybody replied was none
// in the end. For a kept question that an entry answered nobody had to come either.
func (h Handoff) Counts() bool {
	return h.End != AsSpam && (h.End != ByCustomer && h.End != ByAnswer || !h.RepliedAt.IsZero())
}

// Bucket is what a conversation came to. Each is in exactly one.
type Bucket string

const (
	// NoQuestion: nothing was asked, neither of the bot nor of a person; or it was spam.
	NoQuestion Bucket = "no_question"
	// Confirmed: the customer said that it helped, and nothing that they asked after that was left without an answer, or refused.
	Confirmed Bucket = "confirmed"
	// Silent: the last that was asked was answered, at once or later, and the customer neither said a word to it, nor came back, nor asked for a person within
	// [ReturnWithin]. Whether it helped nobody knows.
	Silent Bucket = "silent"
	// GivenUp: there was a question, and the customer left without an answer, or came back within [ReturnWithin] without having confirmed one.
	GivenUp Bucket = "given_up"
	// HandedOffSolved: a person was asked for, and staff have closed the ticket. A kept question is handed off as well, and so is a conversation in which the
	// customer wrote to the team about a ticket of before. A wish that was taken back before anybody replied does not count,
	// nor does a kept question that an entry answers since: what the customer says of that answer does.
	HandedOffSolved Bucket = "handed_off_solved"
	// HandedOffOpen: a person was asked for, and the ticket is not closed.
	HandedOffOpen Bucket = "handed_off_open"
	// Unsettled: not over, or not for long enough that its silence says anything. A week later each of these is in one of the others.
	Unsettled Bucket = "not_settled"
)

// Buckets are all, in the order in which they are shown.
func Buckets() []Bucket {
	return []Bucket{NoQuestion, Confirmed, Silent, GivenUp, HandedOffSolved, HandedOffOpen, Unsettled}
}

// Bucket is the one that the conversation is in, as far as that is known at a moment.
func (c Conversation) Bucket(now time.Time) Bucket {
	switch h := c.Handoff; {
	case h != nil && h.End == AsSpam:
		return NoQuestion
	case h != nil && h.Counts() && h.End == "":
		return HandedOffOpen
	case h != nil && h.Counts():
		return HandedOffSolved
	}
	switch quiet := now.Sub(c.Ended); {
	case c.Questions == 0:
		return NoQuestion
	case c.Standing == Met && c.Confirmed:
		return Confirmed
	case c.Returned:
		return GivenUp
	case c.Standing == Met && quiet >= ReturnWithin:
		return Silent
	case c.Standing == Unmet && quiet >= EndsAfter:
		return GivenUp
	}
	return Unsettled
}

// Promises are times that customers were told, as many as have come to the same.
type Promises struct {
	Count int
	// Moved is true where a later time was told before the first one had gone by.
	Moved bool
	Fate  Fate
}

// Fate says what became of a promise.
type Fate string

const (
	PromisePending Fate = "pending"
	PromiseKept    Fate = "kept"
	PromiseBroken  Fate = "broken"
	// PromiseVoid: the customer needed nobody any more before the time had come.
	PromiseVoid Fate = "void"
)

// Rated is what staff said of answers of the weekly sample.
type Rated struct{ Right, Wrong int }

// percentile is the nearest rank: the smallest value that at least so many of a hundred are not above; zero of none.
func percentile(values []time.Duration, percent int) time.Duration {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[(len(sorted)*percent+99)/100-1]
}
