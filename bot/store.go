package bot

import (
	"context"
	"errors"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

// ErrSeen says that an event has been committed before: there is nothing left to do.
var ErrSeen = errors.New("event was acted on already")

// ErrLater says that an event is about a message of ours whose own name is not recorded yet: it is tried again a moment later.
var ErrLater = errors.New("event is about a message that is still on its way")

// Store is what the engine needs of the database.
type Store interface {
	// Load gathers the situation of an event in one consistent reading. Fresh, Limits and Now are filled in by the engine's own means,
	// but for Fresh.Number, which is this store's.
	Load(ctx context.Context, event channel.Event) (Situation, error)
	// Commit writes a turn in one transaction: the inbox row that makes the event unique, conversation, lines, outcomes, tallies,
	// misses, what was said of answers, ticket, timers, actions, outbox rows. It returns ErrSeen for an event that was committed before,
	// and a Conflict fault where conversation or ticket are not at the versions that were loaded; either way nothing is written. A Due event's timer is
	// removed with it, and so is an event that was set aside by Defer.
	Commit(ctx context.Context, event channel.Event, turn Turn) error
	// Defer stores an event that could not be acted on, raw, with the error's text, to be tried again at a time; the third
	// time it is set aside for `doctor` to show. An event stored already counts one attempt more.
	Defer(ctx context.Context, event channel.Event, cause error, retry time.Time) error
	// Deferred returns a network's events whose retry is due, and timers that are due as events, oldest first, at most limit. An empty network
	// is all of them.
	Deferred(ctx context.Context, network channel.Network, now time.Time, limit int) ([]channel.Event, error)
}

// Team is what the engine needs of the database to hand over to people.
type Team interface {
	// Desks are all, by their IDs.
	Desks(ctx context.Context) ([]handoff.Desk, error)
	// Lines are what was said in a conversation, oldest first.
	Lines(ctx context.Context, conversation ConversationID) ([]Line, error)
	// Code finds what a code stands for; nil where there is none, or it has lapsed.
	Code(ctx context.Context, secret string, now time.Time) (*handoff.Code, error)
	Waiting
	Register
	Places
}

// Waiting is what the engine needs to know of how many tickets there are, and who has them.
type Waiting interface {
	// Queue lists tickets that are not closed, the one that was opened first first.
	Queue(ctx context.Context, limit int) ([]handoff.Ticket, error)
	// Outlook is what times are estimated from, hours aside, for a ticket that waits, stored or not, and who is called where one is in trouble. Ahead are
	// those that go before it in the order of [handoff.Queue.Sorted] and that nobody has.
	Outlook(ctx context.Context, ticket handoff.Ticket, now time.Time) (handoff.Outlook, []handoff.Staff, error)
	// Held is how many claimed tickets each has who has any.
	Held(ctx context.Context) (map[handoff.StaffID]int, error)
}

// Sending is an outbox row that the dispatcher has taken.
type Sending struct {
	ID       int64
	Outgoing Outgoing
	Attempts int
	// Unknown is true where an earlier attempt may have been delivered.
	Unknown bool
}

// Outbox is what the dispatcher needs of the database. Only the holder of a network's sending lease calls it for that network.
type Outbox interface {
	// Take marks rows of a network as sending and returns them: for each chat the one of the first [Rank], of those the oldest, that is neither held
	// back nor waiting, urgent ones first, at most limit. Of a ticket's thread the oldest goes first whatever its rank, but for cards that are shown
	// anew. A chat with a row in flight is left out, so order per chat holds.
	Take(ctx context.Context, network channel.Network, now time.Time, limit int) ([]Sending, error)
	// Settle records what became of rows, in one transaction.
	Settle(ctx context.Context, results ...SendResult) error
	// Recover makes rows that were in flight when their sender died sendable again, marked Unknown. Called once when a lease is taken over.
	Recover(ctx context.Context, network channel.Network) error
	// Next is when the next held-back row of a network becomes due; zero where there is none.
	Next(ctx context.Context, network channel.Network, now time.Time) (time.Time, error)
}

// SendResult is what became of an outbox row.
type SendResult struct {
	ID int64
	// Message is the network's ID of a row that was delivered.
	Message channel.MessageID
	// Retry is when to send again; zero with an empty Message gives up, for the reason.
	Retry   time.Time
	Unknown bool
	Reason  string
	// Gone gives up everything else that waits for this chat as well.
	Gone bool
	// MovedTo rewrites the chat of everything that waits for it.
	MovedTo channel.ChatID
	// Lost says that the thread is not there any more: what belongs to it waits for a new one.
	Lost bool
	// Thread is the one that an opening card now heads, and Lacks why there is none, or why somebody was not let into it.
	Thread channel.ThreadID
	Lacks  string
	At     time.Time
}

// Leases give work that only one replica may do to one holder at a time.
type Leases interface {
	// Acquire takes or renews a lease for a term; it reports whether the holder has it now. A lease that was not renewed in time is
	// free for anyone. The database's clock decides.
	Acquire(ctx context.Context, name, holder string, term time.Duration) (bool, error)
	// Release gives a lease back at once.
	Release(ctx context.Context, name, holder string) error
}
