// Package channeltest has a chat network in memory, and the suite that every connector passes.
package channeltest

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

	"faqbot/bot/channel"
)

// Network is a chat network in memory. It is a [channel.Channel] that tests talk to as customers do.
type Network struct {
	name   channel.Network
	limits channel.Limits
	now    func() time.Time

	mu     sync.Mutex
	events chan channel.Event
	serial int
	shown  []channel.Message
	ids    map[string]channel.MessageID
	fail   []error
	wake   chan struct{}
	desk
}

// NewNetwork makes a network with generous limits; now stamps events.
func NewNetwork(name channel.Network, now func() time.Time) *Network {
	return &Network{
		name: name, now: now, events: make(chan channel.Event, 4096), wake: make(chan struct{}),
		ids: map[string]channel.MessageID{}, desk: newDesk(),
		limits: channel.Limits{
			Text: 4096, Measure: channel.CountVisible, Buttons: 10, Label: 60, Token: 64,
			Upload: 10 << 20, Download: 10 << 20, Choices: 25, ChoiceLength: 100,
		},
	}
}

// Limit changes the limits; call it before Run.
func (n *Network) Limit(change func(*channel.Limits)) { change(&n.limits) }

// Network implements [channel.Channel].
func (n *Network) Network() channel.Network { return n.name }

// Limits implements [channel.Channel].
func (n *Network) Limits() channel.Limits { return n.limits }

// Run implements [channel.Channel]: an event whose handling failed comes again after those that wait.
func (n *Network) Run(ctx context.Context, handler channel.Handler) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case e := <-n.events:
			if err := handler.Handle(ctx, e); err != nil && ctx.Err() == nil {
				n.events <- e
			}
		}
	}
}

// Send implements [channel.Channel]. A repeated Message.ID is shown once.
func (n *Network) Send(_ context.Context, m channel.Message) (channel.MessageID, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := n.failure(); err != nil {
		return "", err
	}
	return n.send(m)
}

// send shows a message; the lock is held.
func (n *Network) send(m channel.Message) (channel.MessageID, error) {
	if n.deleted[place(m.To)] {
		return "", lost()
	}
	if id, ok := n.ids[m.ID]; ok && m.ID != "" {
		return id, nil
	}
	if length := m.Content.Length(n.limits.Measure); length > n.limits.Text {
		return "", &channel.SendError{Fate: channel.TooLong, Reason: strconv.Itoa(length) + " characters"}
	}
	n.serial++
	id := channel.MessageID("m" + strconv.Itoa(n.serial))
	n.ids[m.ID] = id
	n.shown = append(n.shown, m)
	close(n.wake)
	n.wake = make(chan struct{})
	return id, nil
}

// failure is what the test wants the next call to return; the lock is held.
func (n *Network) failure() error {
	if len(n.fail) == 0 {
		return nil
	}
	err := n.fail[0]
	n.fail = n.fail[1:]
	return err
}

// Fail makes the next sends return these errors, nil among them meaning success.
func (n *Network) Fail(errs ...error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.fail = append(n.fail, errs...)
}

// Shown is what a customer has been shown in private, oldest first.
func (n *Network) Shown(customer string) []channel.Message { return n.ShownAt(n.Private(customer)) }

// ShownAt is what has been shown at an address, oldest first.
func (n *Network) ShownAt(to channel.Address) []channel.Message {
	n.mu.Lock()
	defer n.mu.Unlock()
	var out []channel.Message
	for _, m := range n.shown {
		if m.To == to {
			out = append(out, m)
		}
	}
	return out
}

// Await waits until a customer has been shown so many messages, and returns them.
func (n *Network) Await(ctx context.Context, customer string, count int) ([]channel.Message, error) {
	for {
		n.mu.Lock()
		wake := n.wake
		n.mu.Unlock()
		if got := n.Shown(customer); len(got) >= count {
			return got, nil
		}
		select {
		case <-wake:
		case <-ctx.Done():
			return n.Shown(customer), fmt.Errorf("await %d messages to %s: %w", count, customer, ctx.Err())
		}
	}
}

// Private is the address of a customer's private chat.
func (n *Network) Private(customer string) channel.Address {
	return channel.Address{Network: n.name, Chat: channel.ChatID(customer), Private: true}
}

// Event makes an event of a customer in private; the ID is new.
func (n *Network) Event(customer string, kind channel.Kind, body string) channel.Event {
	return n.EventAt(n.Private(customer), customer, kind, body)
}

// Say makes a customer write.
func (n *Network) Say(customer, text string) { n.events <- n.Event(customer, channel.Text, text) }

// Push puts an event of the test's own making into the network.
func (n *Network) Push(e channel.Event) { n.events <- e }

// Press makes a customer press the button with a label under the newest message that has it; it reports whether there is one.
func (n *Network) Press(customer, label string) bool {
	return n.PressAt(n.Private(customer), customer, label)
}
