package channeltest_test

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/channel/channeltest"
)

func TestNetwork(t *testing.T) {
	channeltest.TestChannel(t, func(t *testing.T) channeltest.Fixture {
		n := channeltest.NewNetwork("memory", time.Now)
		return channeltest.Fixture{
			Channel: n,
			SayFunc: func(customer int, text string) { n.Say(strconv.Itoa(customer), text) },
			PressFunc: func(customer int, label string) error {
				if !n.Press(strconv.Itoa(customer), label) {
					return errors.New("there is no such button: " + label)
				}
				return nil
			},
			ShownFunc: func(customer int) []channeltest.Shown {
				var out []channeltest.Shown
				for _, m := range n.Shown(strconv.Itoa(customer)) {
					s := channeltest.Shown{Text: m.Content.PlainText()}
					for _, b := range m.Buttons {
						s.Buttons = append(s.Buttons, b.Label)
					}
					out = append(out, s)
				}
				return out
			},
			FailFunc: func(fate channel.Fate) {
				n.Fail(&channel.SendError{Fate: fate, After: time.Second, Reason: "as the test wishes"})
			},
		}
	})
}
