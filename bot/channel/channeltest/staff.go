package channeltest

import "faqbot/bot/channel"

// ID is what the network calls a message that it has shown.
func (n *Network) ID(m channel.Message) channel.MessageID {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.ids[m.ID]
}

// EventAt makes an event of a person in a group or a thread, not addressed to the bot.
func (n *Network) EventAt(at channel.Address, person string, kind channel.Kind, body string) channel.Event {
	e := n.Event(person, kind, body)
	e.Address, e.Addressed = at, false
	return e
}
