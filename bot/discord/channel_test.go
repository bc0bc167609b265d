package discord_test

import (
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/channel/channeltest"
	"faqbot/bot/discord"
	"faqbot/bot/discord/discordtest"
)

func TestChannel(t *testing.T) {
	t.Parallel()
	channeltest.TestChannel(t, func(t *testing.T) channeltest.Fixture {
		b := newBench(t)
		return channeltest.Fixture{
			Channel: b.channel,
			SayFunc: func(customer int, text string) {
				b.await("a gateway session", func() bool { return b.discord.Gateway().Connected() > 0 })
				b.discord.Customer(customer).Say(text)
			},
			PressFunc: func(customer int, label string) error {
				i, err := b.discord.Customer(customer).Press("", label)
				if err != nil {
					return err
				}
				return i.Wait(t.Context())
			},
			ShownFunc: func(customer int) []channeltest.Shown { return seen(b.discord.Customer(customer).Shown()) },
			Desk:      staffDesk(b),
			FailFunc: func(fate channel.Fate) {
				b.discord.Fail("POST /channels/{}/messages", map[channel.Fate]discordtest.Fault{
					channel.Wait:    {After: 300 * time.Millisecond},
					channel.Unknown: {Status: 500},
					channel.Refused: {Status: 400, Code: 50016},
					channel.Gone:    {Status: 403, Code: 50007},
				}[fate])
			},
		}
	})
}

func seen(shown []discordtest.Shown) []channeltest.Shown {
	var out []channeltest.Shown
	for _, s := range shown {
		out = append(out, channeltest.Shown{ID: channel.MessageID(s.ID), Text: s.Text, Buttons: s.Buttons})
	}
	return out
}

// staffDesk is a channel of a server; the connector must run before somebody does something there.
func staffDesk(b *bench) *channeltest.Desk {
	place := b.discord.Channel(b.discord.Guild("shop"), "desk")
	staff := b.discord.Customer(7)
	connected := func() {
		b.await("a gateway session", func() bool { return b.discord.Gateway().Connected() > 0 })
	}
	return &channeltest.Desk{
		Address: channel.Address{Network: discord.Network, Chat: channel.ChatID(place)},
		SayFunc: func(at channel.Address, to channel.MessageID, text string) channel.MessageID {
			connected()
			return channel.MessageID(staff.Post(discordtest.Post{Channel: where(at), ReplyTo: string(to), Text: text}))
		},
		CommandFunc: func(at channel.Address, name, body string) {
			staff.Post(discordtest.Post{Channel: where(at), Text: "/" + name + " " + body})
		},
		PressFunc: func(at channel.Address, label string) error {
			i, err := staff.Press(where(at), label)
			if err != nil {
				return err
			}
			return i.Wait(b.t.Context())
		},
		ShownFunc: func(at channel.Address) []channeltest.Shown { return seen(b.discord.Shown(where(at))) },
		ThreadsFunc: func() []string {
			var out []string
			for _, t := range b.discord.Threads(place) {
				if t.Archived {
					t.Name += " (closed)"
				}
				out = append(out, t.Name)
			}
			return out
		},
		DeleteFunc: func(at channel.Address) { b.discord.Remove(string(at.Thread)) },
		RefuseFunc: func() { b.discord.Withhold(place, "Create Public Threads") },
	}
}

// where is the channel or thread of an address.
func where(at channel.Address) string {
	if at.Thread != "" {
		return string(at.Thread)
	}
	return string(at.Chat)
}
