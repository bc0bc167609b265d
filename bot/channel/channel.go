// Package channel is the contract between the conversation and a chat network.
//
// A connector turns what a network says into an [Event] and a [Message] into what a network shows; it says where, the
// core decides who. Four methods are required, everything else is an optional interface that is found with [As], with
// a fallback stated beside it. Answers are Markdown: [Parse] reads it once into a small tree that each connector renders.
package channel

import (
	"context"
	"time"
)

// Network is the name of a chat network, such as "telegram". The core stores and shows it and never compares it.
type Network string

// Channel is one connection to a chat network under one account. All methods are safe for concurrent use.
type Channel interface {
	// Network is stored with conversations: it never changes.
	Network() Network
	// Limits may depend on the account and is constant while Run runs.
	Limits() Limits
	// Run receives until ctx ends, then returns nil, having waited for the handlers it called. It returns an error only
	// where going on is pointless: a refused token, a missing permission. All else it retries by itself, with growing waits.
	//
	// Every event goes to Handle; an event is acknowledged to the network only after Handle returned nil. Events of one
	// address are handed over in the order of the network, one at a time; those of different addresses may run at once.
	// The bot's own messages are dropped. A button press is answered on screen at once (the spinner stops), which is not
	// the acknowledgement.
	Run(ctx context.Context, handler Handler) error
	// Send delivers one message and returns the network's ID for it. Errors are described at [SendError]; any other error
	// is retried. It must not retry by itself beyond what is certainly undelivered.
	Send(ctx context.Context, message Message) (MessageID, error)
}

// Handler is what a connector calls.
type Handler interface {
	// Handle stores an event and acts on it. nil means stored: it will not be lost. After an error the network must be
	// left to repeat it.
	Handle(ctx context.Context, event Event) error
	// Complete suggests questions while somebody types. It answers within a second and stores nothing.
	Complete(ctx context.Context, completion Completion) ([]Choice, error)
}

// Watcher is a [Handler] that wants to know as well of what is seen for a moment and kept nowhere. Connectors look for it.
type Watcher interface {
	// Typing says that somebody types somewhere, just now. It reports whether anybody is to see it, and takes a second at most.
	Typing(ctx context.Context, from Person, at Address) bool
}

// Limits are the bounds of a network. The core keeps to them, so a Send that is too long is our bug.
type Limits struct {
	// Text is the most that one message holds, in units of Measure.
	Text    int
	Measure Measure
	// Buttons a message can hold in all; 0 means none are possible and the core writes numbered choices instead.
	Buttons int
	// Label and Token are the longest button label (characters) and action token (bytes).
	Label, Token int
	// Upload and Download are the largest file in bytes each way.
	Upload, Download int64
	// PerChat and Overall are messages per minute; 0 is no limit. PerGroup is for chats that are not private; 0 means PerChat.
	PerChat, PerGroup, Overall int
	// Burst is how many messages may be sent at once before PerChat counts.
	Burst int
	// Choices a completion can hold and the longest one, in characters; 0 means that there is no completion.
	Choices, ChoiceLength int
}

// Measure says how a network counts the length of a text.
type Measure string

const (
	// CountUTF16 counts UTF-16 code units of what is visible, markup aside (Telegram: "after entities parsing").
	CountUTF16 Measure = "utf16"
	// CountMarkdown counts characters of Markdown with escapes, an upper bound of what is sent (Discord).
	CountMarkdown Measure = "markdown"
	// CountVisible counts visible characters.
	CountVisible Measure = "visible"
)

// EventID makes an event unique for ever across networks and accounts, such as "telegram:123456:987".
type EventID string

// ChatID, ThreadID, MessageID and PersonID are the network's own, opaque here.
type (
	ChatID    string
	ThreadID  string
	MessageID string
	PersonID  string
)

// Address is a place on a network where something is said.
type Address struct {
	Network Network `json:"network"`
	Chat    ChatID  `json:"chat"`
	// Thread is a topic or thread inside the chat; empty for the chat itself.
	Thread ThreadID `json:"thread,omitempty"`
	// Private is true where only one customer and the bot talk.
	Private bool `json:"private,omitempty"`
}

// SameChat says whether two addresses are in one chat, whatever their threads.
func (a Address) SameChat(b Address) bool { return a.Network == b.Network && a.Chat == b.Chat }

// Person is who acts. Name and Username are whatever strangers call themselves: hostile text.
type Person struct {
	ID       PersonID `json:"id"`
	Name     string   `json:"name,omitempty"`
	Username string   `json:"username,omitempty"`
	// Locale is what the network says of the person's language ("en-US"); empty where it says nothing.
	Locale string `json:"locale,omitempty"`
}

// Kind says what happened.
type Kind string

const (
	// Text is a message, with attachments or without; Body is its text or caption, in plain text.
	Text Kind = "text"
	// Command is "/name body"; Command holds the name in lower case without the slash and without "@bot".
	Command Kind = "command"
	// Press is a button; Body is the action token, Message the message it hangs under.
	Press Kind = "press"
	// Edited gives Message a new Body.
	Edited Kind = "edited"
	// Deleted says that Message is gone.
	Deleted Kind = "deleted"
	// Reacted says that a person's reaction to the message in ReplyTo changed: Body is the emoji that they added, Command the one that they took back;
	// either may be empty.
	Reacted Kind = "reacted"
	// Arrived is a customer who opened the chat without writing (a web page opened, a bot added to a chat).
	Arrived Kind = "arrived"
	// Departed is a customer who can no longer be written to (blocked the bot, left), or a bot put out of a chat.
	Departed Kind = "departed"
	// Moved says that the chat in Address has another ID from now on: Body. A network may tell of it more than once.
	Moved Kind = "moved"
	// Due is a timer of ours; connectors never send it. Command is the timer's kind, Body its reference.
	Due Kind = "due"
	// Settled says what became of a message of ours that has to do with a ticket; connectors never send it. Body is a ticket's, Command the fate.
	Settled Kind = "settled"
)

// Event is one thing that happened on a network. It is stored as JSON.
type Event struct {
	ID      EventID   `json:"id"`
	Kind    Kind      `json:"kind"`
	At      time.Time `json:"at"`
	From    Person    `json:"from"`
	Address Address   `json:"address"`
	// Addressed is true in a private chat, and in a group where the bot was mentioned, replied to or called. What is
	// merely overheard has false.
	Addressed bool      `json:"addressed,omitempty"`
	Message   MessageID `json:"message,omitempty"`
	ReplyTo   MessageID `json:"reply_to,omitempty"`
	Command   string    `json:"command,omitempty"`
	Body      string    `json:"body,omitempty"`
	// Content is Body with its formatting; nil where there is none.
	Content     Document     `json:"content,omitempty"`
	Attachments []Attachment `json:"attachments,omitempty"`
	Ticket      *ReplyTicket `json:"ticket,omitempty"`
}

// ReplyTicket lets an answer be given to the event it came with, until it lapses. Secret is never logged.
type ReplyTicket struct {
	Secret  string    `json:"secret"`
	Expires time.Time `json:"expires"`
}

// Media is the sort of an attachment.
type Media string

const (
	Photo    Media = "photo"
	File     Media = "file"
	Voice    Media = "voice"
	Audio    Media = "audio"
	Video    Media = "video"
	Sticker  Media = "sticker"
	Place    Media = "place"
	Contact  Media = "contact"
	OtherMsg Media = "other"
)

// Attachment is a reference to a file on a network. Its Ref is opened through the same network's [Opener].
type Attachment struct {
	Network Network `json:"network"`
	Media   Media   `json:"media"`
	Ref     string  `json:"ref,omitempty"`
	Name    string  `json:"name,omitempty"`
	Type    string  `json:"type,omitempty"` // a MIME type
	Size    int64   `json:"size,omitempty"` // bytes; 0 is unknown
	// Text stands in where there is no file: an emoji of a sticker, coordinates of a place, a contact's number.
	Text string `json:"text,omitempty"`
}

// Completion asks for suggestions for what a person has typed so far.
type Completion struct {
	From Person
	// Address has no Chat where the network says who types, and not where.
	Address Address
	// Command is the one whose text is typed; empty is none.
	Command string
	Typed   string
}

// Choice is one suggestion; Value comes back as if the person had typed it.
type Choice struct {
	Label string
	Value string
}

// Message is one thing to be shown.
type Message struct {
	// ID is the same on every attempt: the key for networks that can refuse duplicates.
	ID string  `json:"id"`
	To Address `json:"to"`
	// Content is parsed Markdown, or a [PlainDocument]: what strangers wrote is always plain, so no markup of theirs is live.
	// It fits into Limits.
	Content Document `json:"content"`
	// Buttons are laid out by the connector, in this order.
	Buttons []Button  `json:"buttons,omitempty"`
	ReplyTo MessageID `json:"reply_to,omitempty"`
	// Replaces edits an earlier message of ours in place; the core sets it only where the channel is an [Editor].
	Replaces    MessageID    `json:"replaces,omitempty"`
	Attachments []Attachment `json:"attachments,omitempty"`
	Ticket      *ReplyTicket `json:"ticket,omitempty"`
	// Quiet asks not to ring.
	Quiet bool `json:"quiet,omitempty"`
}

// Button has either an Action, a token that comes back in a Press, or a URL that it opens.
type Button struct {
	Label  string `json:"label"`
	Action string `json:"action,omitempty"`
	URL    string `json:"url,omitempty"`
}
