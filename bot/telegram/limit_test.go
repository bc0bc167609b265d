package telegram_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/telegram"
	"faqbot/bot/telegram/telegramtest"
)

// "Keep keyboards ≤ 8 rows of 1–2": short labels share a row, and order is kept.
func TestKeyboard_Rows(t *testing.T) {
	t.Parallel()
	short, long := "That helped", "Talk to a person about this order"
	repeat := func(label string, n int) []channel.Button {
		var out []channel.Button
		for range n {
			out = append(out, channel.Button{Label: label})
		}
		return out
	}
	for name, c := range map[string]struct {
		buttons []channel.Button
		rows    []int
	}{
		"short ones":       {repeat(short, 4), []int{2, 2}},
		"long ones":        {repeat(long, 3), []int{1, 1, 1}},
		"mixed":            {append(repeat(long, 1), append(repeat(short, 3), repeat(long, 1)...)...), []int{1, 2, 1, 1}},
		"eight long ones":  {repeat(long, 8), []int{1, 1, 1, 1, 1, 1, 1, 1}},
		"nine long ones":   {repeat(long, 9), []int{2, 2, 2, 2, 1}},
		"sixteen":          {repeat(long, 16), []int{2, 2, 2, 2, 2, 2, 2, 2}},
		"more than we say": {repeat(long, 19), []int{2, 2, 2, 2, 2, 2, 2, 2, 2, 1}},
	} {
		for i := range c.buttons {
			c.buttons[i].Action = fmt.Sprint(i)
		}
		f := open(t, nil)
		_, to := f.private(1)
		shown := f.mustSend(channel.Message{To: to, Content: channel.PlainDocument("x"), Buttons: c.buttons})
		var rows []int
		next := 0
		for _, row := range shown.Buttons {
			rows = append(rows, len(row))
			for _, b := range row {
				if b.Data != fmt.Sprint(next) {
					t.Errorf("%s: button %q stands where %d should", name, b.Data, next)
				}
				next++
			}
		}
		if !slices.Equal(rows, c.rows) {
			t.Errorf("%s: rows %v, want %v", name, rows, c.rows)
		}
	}
}

func TestKeyboard_Labels(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	_, to := f.private(1)
	shown := f.mustSend(channel.Message{To: to, Content: channel.PlainDocument("x"), Buttons: []channel.Button{
		{Label: strings.Repeat("👩‍💻", 40), Action: "a"}, {Label: " ", Action: "b"}, {Label: "Page", URL: "https://example.com/?a=1&b=2"},
	}})
	labels := shown.Labels()
	if n := channel.UTF16Length(labels[0]); n > 64 || !strings.HasSuffix(labels[0], "…") || labels[1] == "" {
		t.Errorf("labels %q", labels)
	}
	if last := shown.Buttons[len(shown.Buttons)-1]; last[len(last)-1].URL != "https://example.com/?a=1&b=2" {
		t.Errorf("%+v", last)
	}
}

func TestIdentity_MakesLinks(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	if err := f.channel.Identify(t.Context()); err != nil {
		t.Fatal(err)
	}
	token := strings.Repeat("a", 60) + "_-Z9"
	if got, want := f.channel.StartLink(token), "https://t.me/"+me+"?start="+token; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if !f.channel.CanEdit() || f.channel.Network() != telegram.Network {
		t.Error("the connector says it is something else")
	}
}

// A burst and then one message a second, or the group's rate, never meets a 429.
func TestLimits_AreWithinThePlatforms(t *testing.T) {
	t.Parallel()
	clock := telegramtest.NewTick(time.Unix(1_700_000_000, 0))
	f := open(t, func(s *setup) {
		s.platform.Now = clock.Now
		s.platform.Burst = declaredBurst()
	})
	limits := f.channel.Limits()
	_, to := f.private(1)
	g := f.server.Group("Desk", telegramtest.GroupOptions{})
	group := seat(f.server.Customer(1).In(g), "", false)
	for at, rate := range map[channel.Address]int{to: limits.PerChat, group: limits.PerGroup} {
		for i := range limits.Burst + 3*rate {
			if i >= limits.Burst {
				clock.Pass(time.Minute / time.Duration(rate))
			}
			if _, err := f.send(channel.Message{To: at, Content: channel.PlainDocument("x")}); err != nil {
				t.Fatalf("message %d to %+v: %v", i, at, err)
			}
		}
	}
	if f.server.Limited() != 0 || limits.Overall > 30*60 || limits.PerGroup+limits.Burst > 20 {
		t.Errorf("%d calls were limited; %+v", f.server.Limited(), limits)
	}
	// Beyond them the platform says how long to wait, and the connector passes it on.
	var err error
	for range 10 {
		_, err = f.send(channel.Message{To: to, Content: channel.PlainDocument("x")})
	}
	if e := refused(t, err, channel.Wait); e.After != time.Second {
		t.Errorf("after %v", e.After)
	}
}

// declaredBurst is the burst that the connector promises to be enough.
func declaredBurst() int {
	ch, err := telegram.New(telegram.Settings{Token: "1:0123456789"}, telegram.Options{})
	if err != nil {
		panic(err)
	}
	return ch.Limits().Burst
}

// The platform's own limits, each met exactly and each overstepped.
func TestLimits_OfThePlatform(t *testing.T) {
	t.Parallel()
	f := open(t, func(s *setup) { s.platform.NoRates = true })
	_, to := f.private(1)
	text := func(d channel.Document) channel.Message { return channel.Message{To: to, Content: d} }
	full := strings.Repeat("😀", 2048)
	if v := f.mustSend(text(channel.PlainDocument(full))); channel.UTF16Length(v.Text) != 4096 {
		t.Errorf("%d units shown", channel.UTF16Length(v.Text))
	}
	// What is measured is what is visible: markup and addresses do not count.
	linked := channel.Document{{Kind: channel.Paragraph, Spans: []channel.Span{
		{Kind: channel.LinkTo, URL: "https://e.com/" + strings.Repeat("a", 1500), Spans: []channel.Span{{Kind: channel.Strong, Spans: []channel.Span{{Kind: channel.Plain, Text: strings.Repeat("&", 2500)}}}}},
	}}}
	f.mustSend(text(linked))
	_, err := f.send(text(channel.PlainDocument(full + "x")))
	refused(t, err, channel.TooLong)
	_, err = f.send(text(channel.Document{{Kind: channel.Heading, Spans: []channel.Span{{Kind: channel.Plain, Text: full + "x"}}}}))
	refused(t, err, channel.TooLong)
	button := func(token string) channel.Message {
		m := text(channel.PlainDocument("x"))
		m.Buttons = []channel.Button{{Label: "A", Action: token}}
		return m
	}
	f.mustSend(button(strings.Repeat("ä", 32)))
	_, err = f.send(button(strings.Repeat("ä", 32) + "x"))
	refused(t, err, channel.Refused)
	if found := f.server.TakeViolations(); len(found) != 4 { // the plain text, the heading twice, the token
		t.Errorf("violations %q", found)
	}
}
