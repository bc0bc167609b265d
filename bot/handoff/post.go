package handoff

import (
	"time"

	"faqbot/bot/channel"
	"faqbot/faq"
)

// Voice says texts of the bot's own in one language, by their key.
type Voice interface {
	Say(key string, args ...map[string]any) string
}

// Change is what follows from what staff did; it becomes part of a turn.
type Change struct {
	// Ticket, Desk and Staff are changed, at the version that was loaded; nil where they stay.
	Ticket *Ticket
	Desk   *Desk
	Staff  *Staff
	// Threads are new, or begin anew.
	Threads []Thread
	Posts   []Post
	// Said goes into the transcript.
	Said []Said
	// Block keeps the customer from the desks, or lifts that.
	Block *Block
	// Saved is a reply that staff keep, or remove.
	Saved *Saved
	// Draft is an entry that begins with this revision.
	Draft *faq.Revision
	// Again is a message that was not delivered and is sent once more; 0 is none.
	Again int64
	// Rating is true where the customer is asked what the help was worth.
	Rating bool
}

// Said is a thing that was said, as the transcript keeps it.
type Said struct {
	// By is a member of staff, or empty: then it was the customer, or the bot.
	By      string
	FromBot bool
	// Note is true for what only staff see.
	Note bool
	// Text is what was said; for an entry that was answered it is the entry's question, and Entry names it.
	Text        string
	Entry       faq.EntryID
	Message     channel.MessageID
	Attachments []channel.Attachment
	At          time.Time
}

// Post is something to be shown: to the ticket's customer, in its thread at a desk, or at an address.
type Post struct {
	Ticket TicketID
	// Desk is where the ticket's thread is; empty is not in a thread.
	Desk DeskID
	// To is an address that has nothing to do with a ticket; without it and without a desk the post is for the customer.
	To  *channel.Address
	Act Act
	// Title is a thread's.
	Title       string
	Content     channel.Document
	Buttons     []Button
	Attachments []channel.Attachment
	// Origin is the message that is carried on; zero for our own words.
	Origin Spot
	// ReplyTo is a message in the place where this goes.
	ReplyTo channel.MessageID
	// Replaces is a message of ours that this one takes the place of.
	Replaces channel.MessageID
	Urgent   bool
	Quiet    bool
}

// Act is what is done besides showing something.
type Act string

const (
	// Shows is a message.
	Shows Act = ""
	// OpensThread shows the card and opens the thread that begins with it.
	OpensThread Act = "open"
	// ChangesCard shows the card as it is now, in the place of what it showed.
	ChangesCard Act = "card"
	// ClosesThread and ReopensThread close and open the thread; TitlesThread names it.
	ClosesThread  Act = "close"
	ReopensThread Act = "reopen"
	TitlesThread  Act = "title"
	// Reacts shows the emoji that is the title on the message in ReplyTo, Unreacts takes it back. They are aids: where they fail nobody is told.
	Reacts   Act = "react"
	Unreacts Act = "unreact"
	// LetsIn makes the person whose ID is the title see the thread, which is private. Where they cannot be let in the desk is told.
	LetsIn Act = "let-in"
)

// Button acts on a ticket.
type Button struct {
	Label string
	Press Press
	// Value is the rest, such as an outcome.
	Value string
	// URL is opened by a button that does nothing else.
	URL string
}

// Press is what a button of staff does.
type Press string

const (
	PressClaim   Press = "claim"
	PressRelease Press = "release"
	PressClose   Press = "close"
	// PressEnd closes with the outcome that is its value.
	PressEnd    Press = "end"
	PressReopen Press = "reopen"
	// PressRate is the customer's: what the help was worth.
	PressRate Press = "rate"
	// PressSend sends the customer the entry that is its value.
	PressSend Press = "send"
	// PressAgain sends what was not delivered once more.
	PressAgain Press = "again"
)
