package channel

import (
	"context"
	"io"
)

// Typer shows that an answer is on its way. Without it nothing is shown.
type Typer interface {
	Typing(ctx context.Context, to Address) error
}

// Reactor shows an emoji on a message, or takes it back. Without it reactions are shown nowhere; an emoji that the network does not know is nothing, and
// no error.
type Reactor interface {
	React(ctx context.Context, to Address, message MessageID, emoji string, on bool) error
}

// Editor changes a message that was sent: Send obeys Message.Replaces. Without it a new message is sent.
type Editor interface {
	CanEdit() bool
}

// Threader keeps a thread for each ticket in a place where staff work. Without it a ticket is its card there, and what belongs to it are replies to
// the card.
type Threader interface {
	// OpenThread shows a card in the place that it is addressed to and opens a thread that begins with it. Where there can be no thread (a group
	// without topics, a missing right, too many threads) the card stands in the place itself and Lacks says how to mend that. Errors are those of
	// Send; the next attempt under the card's ID goes on from what was done.
	OpenThread(ctx context.Context, title string, card Message) (OpenedThread, error)
	// TitleThread names a thread, CloseThread and ReopenThread close and open it; that it is so already is success. A thread that is not there any
	// more has the fate [Lost].
	TitleThread(ctx context.Context, thread Address, title string) error
	CloseThread(ctx context.Context, thread Address) error
	ReopenThread(ctx context.Context, thread Address) error
}

// PrivateThreader keeps threads as well that only those see who were let in, and whom the network lets see all. Without it threads are seen by
// everybody in the place.
type PrivateThreader interface {
	// OpenPrivateThread does what [Threader] does to open a thread. The card stands in the place itself, with a link to the thread.
	OpenPrivateThread(ctx context.Context, title string, card Message) (OpenedThread, error)
	// LetIn makes a person see a thread; that they do already is success. Where they cannot be let in it is [Refused], with the reason in words that
	// somebody can act on.
	LetIn(ctx context.Context, thread Address, person PersonID) error
}

// OpenedThread is where a ticket's thread is.
type OpenedThread struct {
	// Address has no Thread where there is none.
	Address Address
	// Card is the message at its head. Wherever the network keeps it, a Message to Address replaces it, and what is pressed under it comes from there;
	// under the card of a private thread from the place itself.
	Card MessageID
	// Lacks says in words what to change so that there can be threads; empty where there is one.
	Lacks string
}

// Forgetter deletes what the network itself keeps of a person, where the network is ours. It is called after everything of theirs was deleted
// from the store. Other networks keep their own copies.
type Forgetter interface {
	Forget(ctx context.Context, person PersonID) error
}

// Opener reads an attachment that came from this network; the caller closes it. Without it staff are told to look there.
type Opener interface {
	Open(ctx context.Context, attachment Attachment) (io.ReadCloser, error)
}

// Linker makes an address that opens a private chat with the bot and hands the token to it as "/start token" (1–64 of
// A–Z a–z 0–9 _ -). Without it the bot writes to the person directly where the channel is a [Visitor].
type Linker interface {
	StartLink(token string) string
}

// Visitor finds the private address of a person, where a bot may write first. Without it (and without a [Linker]) a
// conversation stays where it is.
type Visitor interface {
	PrivateAddress(ctx context.Context, person PersonID) (Address, error)
}

// Registrar publishes the list of commands in each language, where a network shows one.
type Registrar interface {
	Register(ctx context.Context, commands []CommandText) error
}

// CommandText describes a command in the languages that there are texts for; "" is the default.
type CommandText struct {
	Name         string
	Descriptions map[string]string
	// Staff is true for the team's own, which customers are not shown where the network can tell them apart.
	Staff bool
	// Takes is the text after it; nil where there is none.
	Takes *Argument
}

// Argument is the text after a command, for networks that ask for it.
type Argument struct {
	// Name is one word of a–z.
	Name string
	// Required says that the command is nothing without it, Completed that it is suggested while it is typed.
	Required, Completed bool
}

// Checker looks at token, permissions and intents for `doctor`, and says in words how to mend each.
type Checker interface {
	Check(ctx context.Context) []Finding
}

// DeskChecker looks at a place where staff work, or are about to: when a code is shown there, and for `doctor`. A Mend beside OK is what would be
// better still. private says that threads are to be private there.
type DeskChecker interface {
	CheckDesk(ctx context.Context, at Address, private bool) []Finding
}

// Finding is one thing that a check saw.
type Finding struct {
	OK   bool   `json:"ok"`
	What string `json:"what"`
	Mend string `json:"mend,omitempty"`
}

// As finds an optional interface on a channel or on what it wraps, so that wrappers for rates and metrics do not hide it.
func As[T any](c Channel) (T, bool) {
	for c != nil {
		if t, ok := c.(T); ok {
			return t, true
		}
		w, ok := c.(interface{ Unwrap() Channel })
		if !ok {
			break
		}
		c = w.Unwrap()
	}
	var none T
	return none, false
}
