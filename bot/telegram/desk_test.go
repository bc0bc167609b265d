package telegram_test

import (
	"testing"

	"faqbot/bot/channel/channeltest"
	"faqbot/bot/telegram/telegramtest"
)

// What a desk lacks is told with how to mend it, and nothing else is.
func TestCheckDesk_TellsWhatIsLacking(t *testing.T) {
	t.Parallel()
	const (
		noTopics = "has no topics, so a ticket is a card here | Switch topics on"
		noRight  = "may not make topics | Make the bot an administrator with the right to manage topics"
		blind    = "does not see what staff write | Make the bot an administrator, or switch privacy mode off"
		noInline = "Suggestions while staff type are off | /setinline"
		out      = "not in the group | Add the bot"
	)
	seesAll := func(s *setup) { s.platform.ReadAll, s.platform.Inline = true, true }
	inline := func(s *setup) { s.platform.Inline = true }
	for name, c := range map[string]struct {
		group  telegramtest.GroupOptions
		change func(*setup)
		before func(desk)
		want   []string
	}{
		"a desk as it should be": {forum, inline, nil, nil},
		"no inline mode":         {forum, nil, nil, []string{noInline}},
		"no topics":              {telegramtest.GroupOptions{Admin: true}, inline, nil, []string{noTopics}},
		"a basic group":          {telegramtest.GroupOptions{Basic: true}, seesAll, nil, []string{noTopics + " in the group's settings, and make the bot an administrator with"}},
		"no right to topics":     {forum, inline, func(d desk) { d.group.AllowTopics(false) }, []string{noRight}},
		"no administrator":       {telegramtest.GroupOptions{Forum: true}, inline, nil, []string{noRight, blind}},
		"privacy mode off":       {telegramtest.GroupOptions{Forum: true}, seesAll, nil, []string{noRight}},
		"nothing at all":         {telegramtest.GroupOptions{}, nil, nil, []string{noTopics, blind, noInline}},
		"put out":                {forum, inline, func(d desk) { d.group.Kick(d.staff) }, []string{out}},
		"left":                   {forum, inline, func(d desk) { d.group.Add(d.staff, "left") }, []string{out}},
		"left a basic group":     {telegramtest.GroupOptions{Basic: true}, inline, func(d desk) { d.group.Add(d.staff, "left") }, []string{out}},
		"muted":                  {forum, inline, func(d desk) { d.group.Add(d.staff, "restricted") }, []string{"may not write in the group | Lift its restrictions"}},
		"a token that is wrong":  {forum, func(s *setup) { s.token = "700000:AAH-another-token-0123456789" }, nil, []string{"refuses the bot's token | @BotFather"}},
		"out of reach": {forum, inline, func(d desk) { d.server.Fail(telegramtest.Reset().On("getChat")) },
			[]string{"does not say what the bot may do here | faqbot doctor"}},
		"half out of reach": {forum, inline, func(d desk) { d.server.Fail(telegramtest.Page(502).On("getChatMember")) },
			[]string{"does not say what the bot may do here | faqbot doctor"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := openDesk(t, c.group, c.change)
			if c.before != nil {
				c.before(d)
			}
			channeltest.WantLacking(t, d.channel.CheckDesk(t.Context(), d.at, false), c.want...)
		})
	}
}

func TestCheckDesk_OfTheOwner(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	_, owner := f.private(1)
	channeltest.WantLacking(t, f.channel.CheckDesk(t.Context(), owner, false))
	owner.Chat = "12"
	channeltest.WantLacking(t, f.channel.CheckDesk(t.Context(), owner, false), "chat not found | faqbot desk code --owner")
	owner.Chat = "lobby"
	channeltest.WantLacking(t, f.channel.CheckDesk(t.Context(), owner, false), "no chat of Telegram's | Make a group")
}
