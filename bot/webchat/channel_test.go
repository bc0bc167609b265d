package webchat_test

import (
	"sync"
	"testing"

	"faqbot/bot/channel/channeltest"
	"faqbot/bot/webchat"
	"faqbot/bot/webchat/webchattest"

	"net/http/httptest"
)

func TestChannel(t *testing.T) {
	channeltest.TestChannel(t, func(t *testing.T) channeltest.Fixture {
		c, err := webchat.New(webchat.Settings{}, webchat.Options{Store: &webchattest.MemoryStore{}, Rates: plenty})
		if err != nil {
			t.Fatal(err)
		}
		s := &site{Channel: c, server: httptest.NewServer(c.Handler())}
		t.Cleanup(s.server.Close)
		var mu sync.Mutex
		pages := map[int]*page{}
		customer := func(n int) *page {
			mu.Lock()
			defer mu.Unlock()
			if pages[n] == nil {
				pages[n] = s.page(t)
			}
			return pages[n]
		}
		return channeltest.Fixture{
			Channel:   c,
			SayFunc:   func(n int, text string) { customer(n).say(text) },
			PressFunc: func(n int, label string) error { return customer(n).press(label) },
			ShownFunc: func(n int) []channeltest.Shown {
				var out []channeltest.Shown
				for _, l := range customer(n).history() {
					if l.ID != "" {
						continue
					}
					shown := channeltest.Shown{Text: textOf(l.HTML)}
					for _, b := range l.Buttons {
						shown.Buttons = append(shown.Buttons, b.Label)
					}
					out = append(out, shown)
				}
				return out
			},
		}
	})
}
