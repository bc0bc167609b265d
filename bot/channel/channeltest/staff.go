package channeltest

import "faqbot/bot/channel"

// ID is what the network calls a message that it has shown.
func (n *Network) ID(m channel.Message) channel.MessageID {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.ids[m.ID]
}
