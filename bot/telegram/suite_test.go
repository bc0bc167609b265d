package telegram_test

import (
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
		Channel:   f.channel,
		SayFunc:   func(customer int, text string) { f.server.Customer(customer).Say(text) },
		PressFunc: func(customer int, label string) error { return f.server.Customer(customer).Press(label) },
		ShownFunc: func(customer int) []channeltest.Shown {
			var out []channeltest.Shown
			for _, v := range f.server.Customer(customer).Shown() {
				out = append(out, channeltest.Shown{ID: channel.MessageID(strconv.Itoa(v.ID)), Text: v.Text, Buttons: v.Labels()})
			}
			return out
		},
		FailFunc: func(fate channel.Fate) { f.server.Fail(failures[fate]) },
	}
}
