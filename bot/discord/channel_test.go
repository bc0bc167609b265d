package discord_test

import (
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/channel/channeltest"
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
			ShownFunc: func(customer int) []channeltest.Shown {
				var out []channeltest.Shown
				for _, s := range b.discord.Customer(customer).Shown() {
					out = append(out, channeltest.Shown{ID: channel.MessageID(s.ID), Text: s.Text, Buttons: s.Buttons})
				}
				return out
			},
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
