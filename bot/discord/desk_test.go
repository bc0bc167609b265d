package discord_test

import (
	"testing"

	"faqbot/bot/channel"
	"faqbot/bot/channel/channeltest"
	"faqbot/bot/discord"
	"faqbot/bot/discord/discordtest"
)

// What a desk lacks is told with how to mend it, and nothing else is.
func TestCheckDesk_TellsWhatIsLacking(t *testing.T) {
	t.Parallel()
	unset := func(c *change) { c.settings.MessageContent = false }
	ungranted := func(c *change) { c.server.NoMessageContent = true }
	cases := map[string]struct {
		changes []func(*change)
		before  func(d *discordtest.Server, desk string)
		want    []string
	}{
		"a desk as it should be": {nil, nil, nil},
		"no right to threads": {nil, func(d *discordtest.Server, desk string) { d.Withhold(desk, "Create Public Threads", "Manage Threads") },
			[]string{"in this channel the bot lacks: Create Public Threads, Manage Threads | Permissions, allow these to the bot's role"}},
		"no right to write in threads": {nil, func(d *discordtest.Server, desk string) { d.Withhold(desk, "Send Messages in Threads") },
			[]string{"lacks: Send Messages in Threads | Permissions"}},
		"no right to write": {nil, func(d *discordtest.Server, desk string) { d.Deny(desk, 50013) }, []string{"lacks: Send Messages | Permissions"}},
		"not to be seen":    {nil, func(d *discordtest.Server, desk string) { d.Deny(desk, 50001) }, []string{"this channel cannot be seen | View Channel"}},
		"deleted":           {nil, func(d *discordtest.Server, desk string) { d.Remove(desk) }, []string{"this channel cannot be seen | View Channel"}},
		"content not set":   {[]func(*change){unset}, nil, []string{"does not read what your team writes | set discord_message_content: true"}},
		"content not granted": {[]func(*change){ungranted}, nil,
			[]string{"Message Content intent is not switched on | Privileged Gateway Intents"}},
		"content neither granted nor set": {[]func(*change){unset, ungranted}, nil,
			[]string{"does not read what your team writes | Privileged Gateway Intents; then set discord_message_content: true"}},
		"a token that is wrong": {[]func(*change){func(c *change) { c.settings.Token = "wrong" }}, nil, []string{"refuses the token | Reset Token"}},
		"out of reach": {[]func(*change){func(c *change) { c.settings.API = "http://127.0.0.1:1" }}, nil,
			[]string{"does not say what the bot may do here | faqbot doctor"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, c.changes...)
			desk := b.discord.Channel(b.discord.Guild("shop"), "desk")
			if c.before != nil {
				c.before(b.discord, desk)
			}
			channeltest.WantLacking(t, b.channel.CheckDesk(t.Context(), channel.Address{Network: discord.Network, Chat: channel.ChatID(desk)}, false), c.want...)
		})
	}
}

func TestCheckDesk_OfOtherPlaces(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	voice := b.discord.Voice(b.discord.Guild("shop"), "lounge")
	channeltest.WantLacking(t, b.channel.CheckDesk(t.Context(), channel.Address{Chat: channel.ChatID(voice)}, false), "no threads can hang in this channel | choose a text channel")
	owner := b.private(1)
	channeltest.WantLacking(t, b.channel.CheckDesk(t.Context(), owner, false))
	for _, chat := range []channel.ChatID{"12", "me"} {
		owner.Chat = chat
		channeltest.WantLacking(t, b.channel.CheckDesk(t.Context(), owner, false), "chat | faqbot desk code --owner")
	}
}
