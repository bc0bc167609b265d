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
			Channel: n.Threads(),
			Desk:    desk(n),
			SayFunc: func(customer int, text string) { n.Say(strconv.Itoa(customer), text) },
			PressFunc: func(customer int, label string) error {
				if !n.Press(strconv.Itoa(customer), label) {
					return errors.New("there is no such button: " + label)
				}
				return nil
			},
			ShownFunc: func(customer int) []channeltest.Shown { return shown(n.Shown(strconv.Itoa(customer))) },
			FailFunc: func(fate channel.Fate) {
				n.Fail(&channel.SendError{Fate: fate, After: time.Second, Reason: "as the test wishes"})
			},
		}
	})
}

func shown(messages []channel.Message) []channeltest.Shown {
	var out []channeltest.Shown
	for _, m := range messages {
		s := channeltest.Shown{Text: m.Content.PlainText()}
		for _, b := range m.Buttons {
			s.Buttons = append(s.Buttons, b.Label)
		}
		out = append(out, s)
	}
	return out
}

func desk(n *channeltest.Network) *channeltest.Desk {
	return &channeltest.Desk{
		Address: n.Place("staff"),
		SayFunc: func(at channel.Address, to channel.MessageID, text string) channel.MessageID {
			return n.ReplyAt(at, "7", to, text)
		},
		CommandFunc: func(at channel.Address, name, body string) { n.CommandAt(at, "7", name, body) },
		PressFunc: func(at channel.Address, label string) error {
			if !n.PressAt(at, "7", label) {
				return errors.New("there is no such button: " + label)
			}
			return nil
		},
		ShownFunc: func(at channel.Address) []channeltest.Shown { return shown(n.ShownAt(at)) },
		ThreadsFunc: func() []string {
			var out []string
			for _, t := range n.OpenThreads() {
				if t.Closed {
					t.Title += " (closed)"
				}
				out = append(out, t.Title)
			}
			return out
		},
		DeleteFunc: n.DeleteThread,
		RefuseFunc: func() { n.RefuseThreads("switch threads on in the settings") },
	}
}

// A network has threads only where a test asks for them, so that the core's way without them can be tested too.
func TestNetwork_HasThreadsWhenAsked(t *testing.T) {
	n := channeltest.NewNetwork("memory", time.Now)
	if _, ok := channel.As[channel.Threader](n); ok {
		t.Error("nobody asked for threads")
	}
	threader, ok := channel.As[channel.Threader](n.Threads())
	if !ok {
		t.Fatal("threads were asked for")
	}
	card := channel.Message{ID: "card", To: n.Place("staff"), Content: channel.PlainDocument("Ticket")}
	first, err := threader.OpenThread(t.Context(), "Ticket", card)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := threader.OpenThread(t.Context(), "Ticket", card); err != nil || again != first || len(n.OpenThreads()) != 1 {
		t.Errorf("a repeated card opened %+v (%v), first %+v", again, err, first)
	}
	n.DeleteThread(first.Address)
	if anew, err := threader.OpenThread(t.Context(), "Ticket", card); err != nil || anew == first || len(n.ShownAt(anew.Address)) != 1 {
		t.Errorf("after its thread was deleted: %+v, %v", anew, err)
	}
	n.Fail(errors.New("as the test wishes"))
	if _, err := threader.OpenThread(t.Context(), "Ticket", channel.Message{ID: "other", To: n.Place("staff")}); err == nil {
		t.Error("the failure did not come")
	}
}
