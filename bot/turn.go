package bot

import (
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/faq"
	"faqbot/knowledge/eval"
	"faqbot/knowledge/insight"
)

// Situation is everything that planning a turn sees.
type Situation struct {
	Event channel.Event
	// Seen is true where the event has been acted on already, Deferred where it was stored to be tried again.
	Seen, Deferred bool
	// Conversation is the newest of this customer in this place; its Version is 0 where there is none.
	Conversation Conversation
	// Ticket is the customer's open ticket, if any; Lately the one that was closed last, within three days, where none is open.
	Ticket *handoff.Ticket
	Lately *handoff.Ticket
	// Blocked is true where the customer's wishes for a person do not reach the desks.
	Blocked bool
	// Action is what a pressed token stands for; nil where it is unknown or has lapsed.
	Action *Action
	Surroundings
	// Desk is the desk that the event came from; nil for what customers say.
	Desk  *handoff.Desk
	Work  Work
	Fresh Fresh
	Now   time.Time
}

// Surroundings are what the networks can do.
type Surroundings struct {
	// Limits are those of where the event came from, Reach those of every network, by its name.
	Limits channel.Limits
	Reach  map[channel.Network]channel.Limits
	// Private is where the customer can be written to privately, where the event came from a group and the network allows it; StartLink makes
	// a link into the private chat, where the network has those. Both may be nil.
	Private   *channel.Address
	StartLink func(token string) string
}

// Work is what is known of a ticket's work, where the event has to do with it.
type Work struct {
	// Staff is who acts at a desk.
	Staff handoff.Staff
	// Threads are those of the ticket, Replied is what a message that was replied to stands for elsewhere.
	Threads []handoff.Thread
	Replied []handoff.Link
	// Shown is where a message that was changed or deleted is shown.
	Shown []handoff.Shown
	// Desks are all; they and Lines are read where they are needed.
	Desks []handoff.Desk
	Lines []Line
	Found Found
	// Earlier are the customer's tickets before the one that is opened.
	Earlier []handoff.Earlier
	// Outlook and Seniors are read where something is promised.
	Outlook handoff.Outlook
	Seniors []handoff.Staff
	// Code is the one that somebody showed, if there is such a one.
	Code *handoff.Code
	// Findings are what the network says of the place where a code makes a desk.
	Findings []channel.Finding
}

// Found is what was looked up for a command of staff: only what that command needs.
type Found struct {
	Queue []handoff.Ticket
	// Crew are all staff, and Held how many tickets each of them has.
	Crew []handoff.Staff
	Held map[handoff.StaffID]int
	// Entries are what may be sent to the customer, Tickets those that were searched for, Saved the replies that staff keep.
	Entries []*faq.Entry
	Tickets []handoff.Ticket
	Saved   []handoff.Saved
	// Block is the one that is to be lifted.
	Block *handoff.Block
	// Beside is the number of another ticket of the same customer that is open; 0 where there is none.
	Beside int64
	// Gap is what was looked up about gaps.
	Gap *GapFound
	// Sample is that of the week whose answers are looked at.
	Sample []Sampled
}

// Fresh are names that nothing has yet; gaps are allowed.
type Fresh struct {
	// Seed is 16 characters of a–z and 0–9, random: IDs of a turn are made of it and a counter.
	Seed   string
	Number int64 // for a ticket
}

// Turn is what follows from an event: it is committed whole or not at all.
type Turn struct {
	Conversation Conversation
	// Lines is what was said, for the transcript.
	Lines    []Line
	Outcomes []Outcome
	// Tallies are what the turn adds to what figures know: of its conversation, and of an earlier one that was spoken of.
	Tallies []insight.Tally
	Misses  []insight.Miss
	// Judged is what the customer said of answers.
	Judged []eval.Judged
	// Ticket is opened or changed by the turn; its Version is the one that was loaded, 0 for a new one.
	Ticket *handoff.Ticket
	TeamChange
	// Timers replace those of the same kind on this conversation, and the last of one kind those before it; one with a zero Due only removes.
	Timers   []Timer
	Messages []Outgoing
	Actions  []Action
	// again is true where a customer asks again for a person who waits for one: what they are told needs an outlook.
	again bool
	// Erase deletes everything stored about the customer before the rest is committed; what the turn says remains.
	Erase bool
}

// TeamChange is what a turn changes of the team's own.
type TeamChange struct {
	// Desks and Staff are new or changed, at the version that was loaded; Threads take the place of those of the same ticket and desk.
	Desks   []handoff.Desk
	Staff   *handoff.Staff
	Threads []handoff.Thread
	// Block keeps a customer from the desks for a time, or lifts that.
	Block *handoff.Block
	// Saved is a reply that staff keep; without a text it is removed.
	Saved *handoff.Saved
	// Sampled is what staff say of an answer of the weekly sample.
	Sampled *Verdict
	// Draft is the next revision of an entry: a draft for editors alone, or what is served from then on.
	Draft *faq.Revision
	// Gap is changed, at the version that was loaded.
	Gap *insight.Gap
	// Again are rows of the outbox that were given up and are sent once more.
	Again []int64
	// Code is used up.
	Code *handoff.Code
	// Revived is true where a desk can be written to that could not before: tickets that nobody has seen are shown at once.
	Revived bool
	// MovedTo is the new ID of the chat that the event came from: what waits for it, its desk and its tickets follow.
	MovedTo channel.ChatID
}

// nothing is a turn from which nothing follows.
func (t Turn) nothing() bool {
	return t.Conversation.ID == "" && len(t.Desks) == 0 && t.Staff == nil && len(t.Messages) == 0 && t.MovedTo == ""
}

// Outgoing is a message for the outbox.
type Outgoing struct {
	Message channel.Message
	// NotBefore holds it back; zero sends at once.
	NotBefore time.Time
	// Urgent goes before what is not, within a network account: receipts before relays.
	Urgent bool
	Post   Post
}

// Rank is the order in which a chat is sent what waits for it, before that of writing: where a desk is a group that takes few messages a minute, customers come
// before board-keeping. Within a ticket's thread the order of writing holds all the same; but a card that is shown anew stands where it stood, so that waits.
type Rank int

const (
	// RankFirst is all that is for no desk: what customers are told, and what staff are answered who wait for it.
	RankFirst Rank = iota
	// RankTalk is what customers write whom somebody is talking to, and that who talks to them can see it.
	RankTalk
	// RankNews is a ticket that staff have not seen yet, and what customers write whom nobody has yet.
	RankNews
	// RankNote is what staff are told, and what is done to a thread.
	RankNote
	// RankCard is a card that is shown anew.
	RankCard
)

// Rank is where a message stands among those for the same chat.
func (o Outgoing) Rank() Rank {
	p := o.Post
	switch {
	case p.Desk == "":
		return RankFirst
	case p.Act == handoff.ChangesCard:
		return RankCard
	case p.Act == handoff.LetsIn, p.Act == handoff.Shows && p.Origin.Message != "" && !o.Message.Quiet: // it rings where somebody has the ticket
		return RankTalk
	case p.Act == handoff.Shows && p.Origin.Message != "", p.Act == handoff.OpensThread:
		return RankNews
	}
	return RankNote
}

// Post says what a message has to do with a ticket; zero is nothing.
type Post struct {
	Ticket handoff.TicketID `json:"ticket,omitempty"`
	// Desk is where the ticket's thread is: the message goes there, wherever that is when it is sent.
	Desk handoff.DeskID `json:"desk,omitempty"`
	Act  handoff.Act    `json:"act,omitempty"`
	// Title is a thread's.
	Title string `json:"title,omitempty"`
	// Private says that a thread that is opened is to be private; the outbox knows it when the message is taken.
	Private bool `json:"-"`
	// Origin is what is carried on: once it is shown, each leads to the other.
	Origin handoff.Spot `json:"origin,omitzero"`
}

// Action is what a button's token stands for.
type Action struct {
	Token        string         `json:"token"`
	Conversation ConversationID `json:"conversation"`
	Kind         ActionKind     `json:"kind"`
	Entry        faq.EntryID    `json:"entry,omitempty"`
	// Asked is the question the button was offered for.
	Asked Asked `json:"asked,omitzero"`
	// Ticket is what a button of staff acts on.
	Ticket handoff.TicketID `json:"ticket,omitempty"`
	Press  handoff.Press    `json:"press,omitempty"`
	// Sampled is the answer that a button of staff says something of.
	Sampled insight.Given `json:"sampled,omitzero"`
	// Value is the rest: a language, say.
	Value string    `json:"value,omitempty"`
	At    time.Time `json:"at"`
}

// ActionKind says what pressing a button does.
type ActionKind string

const (
	ActHelped   ActionKind = "helped"        // that helped
	ActNotMeant ActionKind = "not_meant"     // not what I meant
	ActNone     ActionKind = "none_of_these" // none of these
	ActShow     ActionKind = "show"          // show an entry
	ActPerson   ActionKind = "person"        // talk to a person
	ActKeep     ActionKind = "keep"          // keep my question
	ActTakeBack ActionKind = "take_back"     // no person needed after all
	ActLanguage ActionKind = "language"      // speak this language
	ActForget   ActionKind = "forget"        // yes, delete what is stored about me
	ActCancel   ActionKind = "cancel"        // no, leave it
	ActRate     ActionKind = "rate"          // what the help was worth: Value is 1–5
	ActStaff    ActionKind = "staff"         // what a button of staff does: Press and Value
	ActSample   ActionKind = "sample"        // what staff say of an answer: Sampled and Value, an [insight.Verdict]
)

// Timer wakes a conversation: a Due event with its kind as Command.
type Timer struct {
	Kind TimerKind `json:"kind"`
	Due  time.Time `json:"due"`
	// Body comes back as the event's Body.
	Body string `json:"body,omitempty"`
}

// TimerKind says what a timer is for. A conversation has at most one of each kind.
type TimerKind string

const (
	// TimerBurst decides on a thought that was typed in several messages.
	TimerBurst TimerKind = "burst"
	// TimerReach looks whether a desk has been reached.
	TimerReach TimerKind = "reach"
	// TimerSnooze ends a snooze; its body is the ticket's ID.
	TimerSnooze TimerKind = "snooze"
	// TimerPromise looks whether a promise can still be kept.
	TimerPromise TimerKind = "promise"
)

// Line is one thing that was said, as the transcript keeps it.
type Line struct {
	// FromBot is true for what the bot said.
	FromBot bool `json:"from_bot,omitempty"`
	// By is the member of staff who said it; Note is true for what only staff see.
	By      string            `json:"by,omitempty"`
	Note    bool              `json:"note,omitempty"`
	Message channel.MessageID `json:"message,omitempty"`
	// Text is plain; for an entry that was answered it is the entry's question, and Entry names it.
	Text    string      `json:"text"`
	Entry   faq.EntryID `json:"entry,omitempty"`
	Deleted bool        `json:"deleted,omitempty"`
	// Attachments came with it, as references: who takes the conversation over can open them.
	Attachments []channel.Attachment `json:"attachments,omitempty"`
	At          time.Time            `json:"at"`
}

// Outcome is what a turn meant, for the figures.
type Outcome struct {
	Kind       OutcomeKind  `json:"kind"`
	Entry      faq.EntryID  `json:"entry,omitempty"`
	Confidence float64      `json:"confidence,omitempty"`
	Language   faq.Language `json:"language,omitempty"`
	At         time.Time    `json:"at"`
}

// OutcomeKind is the sort of an outcome.
type OutcomeKind string

const (
	Answered OutcomeKind = "answered"
	// Told: an answer was given later to what was asked and not answered then.
	Told      OutcomeKind = "told"
	Clarified OutcomeKind = "clarified"
	FellBack  OutcomeKind = "fell_back"
	Helped    OutcomeKind = "helped"
	NotMeant  OutcomeKind = "not_meant"
	Refused   OutcomeKind = "none_of_these"
	HandedOff OutcomeKind = "handed_off"
	TookBack  OutcomeKind = "took_back"
	SmallTalk OutcomeKind = "small_talk"
	// Noted: who waits for a person said something for the team.
	Noted OutcomeKind = "noted"
)
