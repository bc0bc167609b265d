package channeltest

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"faqbot/bot/channel"
)

// Threaded is a [Network] with threads: it is a [channel.Threader] too.
type Threaded struct{ *memory }

// memory is another name for [Network], which as the name of a field would hide the method.
type memory = Network

var _ channel.Threader = Threaded{}

// Threads is the same network as a channel that has threads.
func (n *Network) Threads() Threaded { return Threaded{n} }

// Thread is a thread as people see it.
type Thread struct {
	Address channel.Address
	Title   string
	Closed  bool
}

// desk is what a network knows of threads.
type desk struct {
	threads []*Thread
	heads   map[string]channel.OpenedThread // by the card's ID: what was opened under it
	deleted map[channel.Address]bool
	lacks   string
	check   func(context.Context) []channel.Finding
}

func newDesk() desk {
	return desk{heads: map[string]channel.OpenedThread{}, deleted: map[channel.Address]bool{}}
}

// place is an address without what does not tell one place from another.
func place(a channel.Address) channel.Address {
	a.Private = false
	return a
}

func lost() error {
	return &channel.SendError{Fate: channel.Lost, Reason: "the thread was deleted"}
}

// OpenThread implements [channel.Threader]. The card stands at the head of its thread; a repeated card opens no second one.
func (t Threaded) OpenThread(_ context.Context, title string, card channel.Message) (channel.OpenedThread, error) {
	n := t.memory
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := n.failure(); err != nil {
		return channel.OpenedThread{}, err
	}
	if opened, ok := n.heads[card.ID]; ok && card.ID != "" && !n.deleted[place(opened.Address)] {
		return opened, nil
	}
	delete(n.ids, card.ID) // a card whose thread was deleted went with it
	opened := channel.OpenedThread{Address: card.To, Lacks: n.lacks}
	opened.Address.Thread = ""
	if n.lacks == "" {
		n.serial++
		opened.Address.Thread = channel.ThreadID("t" + strconv.Itoa(n.serial))
	}
	card.To = opened.Address
	id, err := n.send(card)
	if err != nil {
		return channel.OpenedThread{}, err
	}
	opened.Card = id
	n.heads[card.ID] = opened
	if n.lacks == "" {
		n.threads = append(n.threads, &Thread{Address: opened.Address, Title: title})
	}
	return opened, nil
}

// TitleThread implements [channel.Threader].
func (t Threaded) TitleThread(_ context.Context, thread channel.Address, title string) error {
	return t.change(thread, func(t *Thread) { t.Title = title })
}

// CloseThread implements [channel.Threader].
func (t Threaded) CloseThread(_ context.Context, thread channel.Address) error {
	return t.change(thread, func(t *Thread) { t.Closed = true })
}

// ReopenThread implements [channel.Threader].
func (t Threaded) ReopenThread(_ context.Context, thread channel.Address) error {
	return t.change(thread, func(t *Thread) { t.Closed = false })
}

func (t Threaded) change(thread channel.Address, do func(*Thread)) error {
	n := t.memory
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := n.failure(); err != nil {
		return err
	}
	for _, known := range n.threads {
		if place(known.Address) == place(thread) {
			do(known)
			return nil
		}
	}
	return lost()
}

// RefuseThreads makes a network that can open no threads, for lack of something that is said in words; "" lets it open them again.
func (n *Network) RefuseThreads(lacks string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lacks = lacks
}

// OpenThreads are the threads that were opened and not deleted, oldest first, closed ones too.
func (n *Network) OpenThreads() []Thread {
	n.mu.Lock()
	defer n.mu.Unlock()
	var out []Thread
	for _, t := range n.threads {
		out = append(out, *t)
	}
	return out
}

// DeleteThread deletes a thread with all that is shown in it; nobody is told.
func (n *Network) DeleteThread(thread channel.Address) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.deleted[place(thread)] = true
	n.threads = slices.DeleteFunc(n.threads, func(t *Thread) bool { return place(t.Address) == place(thread) })
	n.shown = slices.DeleteFunc(n.shown, func(m channel.Message) bool { return place(m.To) == place(thread) })
}

// Place is the address of a place where several people talk, such as one where staff work.
func (n *Network) Place(name string) channel.Address {
	return channel.Address{Network: n.name, Chat: channel.ChatID(name)}
}

// EventAt makes an event of a person at an address; the ID is new. What is typed where several talk is overheard: it is addressed to the bot only
// where the test says so.
func (n *Network) EventAt(at channel.Address, person string, kind channel.Kind, body string) channel.Event {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.serial++
	return channel.Event{
		ID: channel.EventID(fmt.Sprintf("%s:%d", n.name, n.serial)), Kind: kind, At: n.now(), Body: body,
		Addressed: at.Private || kind == channel.Press || kind == channel.Command,
		From:      channel.Person{ID: channel.PersonID(person), Name: person}, Address: at,
		Message: channel.MessageID("in" + strconv.Itoa(n.serial)),
	}
}

// SayAt makes a person write at an address, and returns the message's ID.
func (n *Network) SayAt(at channel.Address, person, text string) channel.MessageID {
	return n.ReplyAt(at, person, "", text)
}

// ReplyAt makes a person answer a message at an address.
func (n *Network) ReplyAt(at channel.Address, person string, to channel.MessageID, text string) channel.MessageID {
	e := n.EventAt(at, person, channel.Text, text)
	e.ReplyTo = to
	n.events <- e
	return e.Message
}

// CommandAt makes a person type "/name body" at an address.
func (n *Network) CommandAt(at channel.Address, person, name, body string) {
	e := n.EventAt(at, person, channel.Command, body)
	e.Command = name
	n.events <- e
}

// PressAt makes a person press the button with a label under the newest message at an address that has it; it reports whether there is one.
func (n *Network) PressAt(at channel.Address, person, label string) bool {
	m, action := n.button(at, label)
	if action == "" {
		return false
	}
	e := n.EventAt(at, person, channel.Press, action)
	e.Message = m
	n.events <- e
	return true
}

// button finds the newest message at an address with a button of a label.
func (n *Network) button(at channel.Address, label string) (channel.MessageID, string) {
	shown := n.ShownAt(at)
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, m := range slices.Backward(shown) {
		for _, b := range m.Buttons {
			if b.Label == label && b.Action != "" {
				return n.ids[m.ID], b.Action
			}
		}
	}
	return "", ""
}
