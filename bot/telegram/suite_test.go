package telegram_test

import (
	"maps"
	"slices"
	"strconv"
	"testing"

	"faqbot/bot/channel"
	"faqbot/bot/channel/channeltest"
	"faqbot/bot/telegram/telegramtest"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func TestChannel_Polling(t *testing.T) {
	t.Parallel()
	channeltest.TestChannel(t, func(t *testing.T) channeltest.Fixture { return suite(open(t, nil)) })
}

func TestChannel_Webhook(t *testing.T) {
	t.Parallel()
	channeltest.TestChannel(t, func(t *testing.T) channeltest.Fixture {
		return suite(open(t, func(s *setup) { s.webhook = true }))
	})
}

// failures are how the platform fails at a send of each fate.
var failures = map[channel.Fate]telegramtest.Fault{
	channel.Wait:    telegramtest.TooMany(3),
	channel.Unknown: telegramtest.CutJSON(),
	channel.Refused: telegramtest.Refusal(400, "Bad Request: BUTTON_URL_INVALID"),
	channel.Gone:    telegramtest.Refusal(403, "Forbidden: bot was blocked by the user"),
}

func suite(f *fixture) channeltest.Fixture {
	return channeltest.Fixture{
		Desk:      staffDesk(f),
		Channel:   f.channel,
		SayFunc:   func(customer int, text string) { f.server.Customer(customer).Say(text) },
		PressFunc: func(customer int, label string) error { return f.server.Customer(customer).Press(label) },
		ShownFunc: func(customer int) []channeltest.Shown { return seen(f.server.Customer(customer).Shown()) },
		FailFunc:  func(fate channel.Fate) { f.server.Fail(failures[fate]) },
	}
}

func seen(shown []telegramtest.Shown) []channeltest.Shown {
	var out []channeltest.Shown
	for _, v := range shown {
		out = append(out, channeltest.Shown{ID: channel.MessageID(strconv.Itoa(v.ID)), Text: v.Text, Buttons: v.Labels()})
	}
	return out
}

// staffDesk is a group with topics whose administrator the bot is.
func staffDesk(f *fixture) *channeltest.Desk {
	g := f.server.Group("Desk", telegramtest.GroupOptions{Forum: true, Admin: true})
	staff := f.server.Customer(7).In(g)
	at := func(a channel.Address) telegramtest.Seat { return staff.At(number(a.Thread)) }
	return &channeltest.Desk{
		Address: seat(staff, "", false),
		SayFunc: func(a channel.Address, to channel.MessageID, text string) channel.MessageID {
			return channel.MessageID(strconv.Itoa(at(a).Reply(number(to), text)))
		},
		CommandFunc: func(a channel.Address, name, body string) { at(a).Say("/" + name + " " + body) },
		PressFunc:   func(a channel.Address, label string) error { return at(a).Press(label) },
		ShownFunc: func(a channel.Address) []channeltest.Shown {
			if a.Thread == "" {
				return seen(g.ShownOutside())
			}
			return seen(at(a).Shown())
		},
		ThreadsFunc: func() []string {
			var out []string
			for _, id := range slices.Sorted(maps.Keys(g.Topics())) {
				out = append(out, g.Topics()[id])
			}
			return out
		},
		DeleteFunc: func(a channel.Address) { g.DeleteTopic(number(a.Thread)) },
		RefuseFunc: func() { g.SwitchTopics(false) },
	}
}

// number reads an ID of the platform's; what is none is 0.
func number[T ~string](id T) int {
	n, _ := strconv.Atoi(string(id))
	return n
}
