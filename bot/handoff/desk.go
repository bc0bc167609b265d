package handoff

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"faqbot/bot/channel"
	"faqbot/faq"
)

// DeskID names a desk for ever.
type DeskID string

// Desk is a place where staff work: a group or a channel. Whoever writes there is staff.
type Desk struct {
	ID      DeskID          `json:"id"`
	Address channel.Address `json:"address"`
	// Owner is true for the private chat of the owner, who is told what concerns nobody else. No ticket is routed there.
	Owner bool `json:"owner,omitempty"`
	Rule  Rule `json:"rule,omitzero"`
	// Private is true where the thread of a ticket is seen by those alone who take part in it, from the next ticket on.
	Private bool `json:"private,omitempty"`
	// Lacks is what keeps threads from being opened there, in words; empty where they can be.
	Lacks string `json:"lacks,omitempty"`
	// ToldAt is when the owner was told of trouble last.
	ToldAt time.Time `json:"told_at,omitzero"`
	// Gone is true where the bot cannot write any more.
	Gone bool `json:"gone,omitempty"`
	// Setting is what the settings call it, where they made it rather than a code.
	Setting string    `json:"setting,omitempty"`
	BoundAt time.Time `json:"bound_at"`
	Version int64     `json:"version"`
}

// Rule says which tickets come to a desk. One without conditions takes what no other wants.
type Rule struct {
	Languages []faq.Language `json:"languages,omitempty"`
	// Networks are those that customers write on.
	Networks []channel.Network `json:"networks,omitempty"`
	// Tags are those of entries that the bot tried, or their area; upper and lower case are one.
	Tags []string `json:"tags,omitempty"`
}

// Empty says whether the rule has no conditions.
func (r Rule) Empty() bool { return len(r.Languages)+len(r.Networks)+len(r.Tags) == 0 }

func (r Rule) takes(t Ticket) bool {
	return meets(r.Languages, func(l faq.Language) bool { return l.Base() == t.Language.Base() }) &&
		meets(r.Networks, func(n channel.Network) bool { return n == t.Customer.Address.Network }) &&
		meets(r.Tags, func(tag string) bool {
			return slices.ContainsFunc(t.Tags, func(has string) bool { return faq.Fold(has) == faq.Fold(tag) })
		})
}

// meets says whether one of several is so; none of them is no condition.
func meets[T any](wanted []T, is func(T) bool) bool {
	return len(wanted) == 0 || slices.ContainsFunc(wanted, is)
}

// wanted is the thread of a ticket that is to be shown at the desk.
func (d Desk) wanted(ticket TicketID) Thread {
	return Thread{Ticket: ticket, Desk: d.ID, Address: d.Address, State: Wanted, Private: d.Private}
}

// Route is where a ticket goes, in waves: the next one is called when nobody could be reached at those before. First come the desks whose rule takes
// it, then those without one, then all others: better the wrong desk than none.
func Route(t Ticket, desks []Desk) [][]Desk {
	var special, usual, others []Desk
	for _, d := range desks {
		switch {
		case d.Owner || d.Gone:
		case d.Rule.Empty():
			usual = append(usual, d)
		case d.Rule.takes(t):
			special = append(special, d)
		default:
			others = append(others, d)
		}
	}
	return slices.DeleteFunc([][]Desk{special, usual, others}, func(wave []Desk) bool { return len(wave) == 0 })
}

// StaffID names a person who answers: a network's name and the person's ID there.
type StaffID string

// Staff is a person who answers. Who has written at a desk is one.
type Staff struct {
	ID     StaffID        `json:"id"`
	Person channel.Person `json:"person"`
	// Name is what customers see; empty is what the network calls them.
	Name string `json:"name,omitempty"`
	// Away is true until they say that they are back, or act.
	Away bool `json:"away,omitempty"`
	// Senior is true for those who are called where a ticket is in trouble.
	Senior bool      `json:"senior,omitempty"`
	SeenAt time.Time `json:"seen_at,omitzero"`
	// Desk is where they acted last; empty where that is not known.
	Desk    DeskID `json:"desk,omitempty"`
	Version int64  `json:"version"`
}

// StaffOf is the ID of a person on a network.
func StaffOf(network channel.Network, person channel.PersonID) StaffID {
	return StaffID(string(network) + ":" + string(person))
}

// network is where a member of staff is known by their ID.
func (s Staff) network() channel.Network {
	name, _, _ := strings.Cut(string(s.ID), ":")
	return channel.Network(name)
}

// Called is how others know a member of staff.
func (s Staff) Called() string {
	return cmp.Or(s.Name, s.Person.Name, s.Person.Username, string(s.ID))
}

// Thread is where a ticket is worked on at a desk.
type Thread struct {
	Ticket  TicketID        `json:"ticket"`
	Desk    DeskID          `json:"desk"`
	Address channel.Address `json:"address"`
	// Card is the message that shows the ticket; empty until it is there.
	Card  channel.MessageID `json:"card,omitempty"`
	State ThreadState       `json:"state"`
	// Private is true where it is to be seen by those alone who were let in.
	Private bool `json:"private,omitempty"`
	// InLine is true where the card waits its turn at a desk that was shown something within the last minute. It is known where a ticket is looked at
	// that nobody sees yet.
	InLine bool `json:"-"`
}

// shows says whether what becomes of the ticket is shown there.
func (t Thread) shows() bool { return t.State != Missed && t.State != Left }

// ThreadState says whether a thread can be written to.
type ThreadState string

const (
	// Wanted: its card is on its way.
	Wanted ThreadState = "wanted"
	// Standing: the card is there, with a thread or without.
	Standing ThreadState = "standing"
	// Parted: its thread is gone, or its chat has moved, so that it begins anew. What belongs to it waits.
	Parted ThreadState = "parted"
	// Missed: the card could not be shown.
	Missed ThreadState = "missed"
	// Left: the ticket was brought to another desk.
	Left ThreadState = "left"
)

// Link says which message of one place is which of another: what was relayed.
type Link struct {
	Ticket TicketID `json:"ticket"`
	// Shown is the message as it was relayed, Origin the one that was written.
	Shown  Spot `json:"shown"`
	Origin Spot `json:"origin"`
}

// Shown is where a message that was changed or deleted is shown.
type Shown struct {
	Link
	// Alone is true where nothing else is shown in the same message.
	Alone bool
}

// Spot is a message in its place.
type Spot struct {
	Address channel.Address   `json:"address"`
	Message channel.MessageID `json:"message"`
}

// Code makes the place where it is shown a desk, once.
type Code struct {
	// Hash stands for the code: whoever reads the database cannot use it.
	Hash    string    `json:"hash"`
	Owner   bool      `json:"owner,omitempty"`
	Expires time.Time `json:"expires"`
}

// Report is what became of a message that has to do with a ticket.
type Report struct {
	Ticket TicketID `json:"ticket"`
	Desk   DeskID   `json:"desk,omitempty"`
	Act    Act      `json:"act,omitempty"`
	Fate   Fate     `json:"fate"`
	// Origin is what was carried on.
	Origin Spot `json:"origin,omitzero"`
	// Reason says why it failed, or what keeps a thread from being opened.
	Reason string `json:"reason,omitempty"`
	// Gone is true where nothing reaches the whole place any more.
	Gone bool `json:"gone,omitempty"`
	// Row is where a message is kept that failed, so that it can be tried again.
	Row int64 `json:"row,omitempty"`
}

// Fate is what became of it.
type Fate string

const (
	Delivered Fate = "delivered"
	// Failed: it will not be tried again.
	Failed Fate = "failed"
	// Unthreaded: its thread is gone, and it waits for another one.
	Unthreaded Fate = "unthreaded"
)
