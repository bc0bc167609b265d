package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"faqbot/bot/channel"
	"faqbot/bot/telegram"
	"faqbot/bot/telegram/telegramtest"

	"github.com/google/go-cmp/cmp"
)

func TestCheck_TellsWhatToMend(t *testing.T) {
	t.Parallel()
	webhook := func(s *setup) { s.webhook = true }
	cases := map[string]struct {
		change func(*setup)
		before func(f *fixture)
		ok     bool
		says   string
	}{
		"a good bot":              {nil, nil, true, "@" + me},
		"privacy mode":            {nil, nil, true, "commands, mentions and replies only"},
		"privacy mode off":        {func(s *setup) { s.platform.ReadAll = true }, nil, true, "sees all messages"},
		"inline mode off":         {nil, nil, true, "Suggestions while staff type are off"},
		"long polling":            {nil, func(f *fixture) { f.server.Customer(1).Say("hi") }, true, "1 updates wait"},
		"a token that is wrong":   {func(s *setup) { s.token = "700000:AAH-another-token-0123456789" }, nil, false, "refuses the bot's token"},
		"a platform that is out":  {nil, func(f *fixture) { f.server.Fail(telegramtest.Page(502).On("getMe")) }, false, "does not answer as it should"},
		"a platform out of reach": {nil, func(f *fixture) { f.server.Fail(telegramtest.Reset().On("getMe")) }, false, "cannot be reached"},
		"a half answer":           {nil, func(f *fixture) { f.server.Fail(telegramtest.Page(502).On("getWebhookInfo")) }, false, "does not say how updates are delivered"},
		"a webhook not set yet":   {webhook, nil, false, "does not deliver to the webhook"},
		"a webhook":               {webhook, func(f *fixture) { f.run(); f.awaitCall("setWebhook") }, true, "delivers to the webhook"},
		"a webhook that fails": {webhook, func(f *fixture) {
			f.runWith(&recorder{handleFunc: func(context.Context, channel.Event) error { return errors.New("no") }})
			f.server.Customer(1).Say("hi")
			f.awaitCall("setWebhook")
			eventually(f.t, "a delivery fails", func() bool {
				return len(f.server.Calls("setWebhook")) > 0 && strings.Contains(findings(f), "503")
			})
		}, false, "503 Service Unavailable"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := open(t, c.change)
			if c.before != nil {
				c.before(f)
			}
			found := false
			for _, finding := range f.channel.Check(t.Context()) {
				if strings.Contains(finding.What, f.server.Token()) {
					t.Error("a finding holds the token")
				}
				if strings.Contains(finding.What, c.says) {
					found = true
					if finding.OK != c.ok || !finding.OK && finding.Mend == "" {
						t.Errorf("%+v", finding)
					}
				}
			}
			if !found {
				t.Errorf("%q is not said: %s", c.says, findings(f))
			}
		})
	}
}

func findings(f *fixture) string { return fmt.Sprintf("%+v", f.channel.Check(f.t.Context())) }

func (f *fixture) awaitCall(method string) {
	f.t.Helper()
	eventually(f.t, method+" is called", func() bool { return len(f.server.Calls(method)) > 0 })
}

// A webhook that stands in the way of long polling is told of.
func TestCheck_OfAWebhookThatIsInTheWay(t *testing.T) {
	t.Parallel()
	f := open(t, func(s *setup) { s.webhook = true })
	r := f.run()
	f.awaitCall("setWebhook")
	if err := r.end(); err != nil {
		t.Error(err)
	}
	polling, err := telegram.New(telegram.Settings{Token: f.server.Token(), API: f.server.URL()}, telegram.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, finding := range polling.Check(t.Context()) {
		if strings.Contains(finding.What, "A webhook is set") {
			return
		}
	}
	t.Error("the webhook is not told of")
}

func TestRegister_PublishesInEachLanguage(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	long := strings.Repeat("ä", 300)
	err := f.channel.Register(t.Context(), []channel.CommandText{
		{Name: "claim", Descriptions: map[string]string{"": "Take this ticket", "de": "Übernehmen"}, Staff: true}, // customers see the menu
		{Name: "Help", Descriptions: map[string]string{"": "help", "de": "Hilfe", "pt-BR": "ajuda", "xyz": "ignored"}},
		{Name: "forget", Descriptions: map[string]string{"": long}},
		{Name: "bare"},
	})
	if err != nil {
		t.Fatal(err)
	}
	cut := strings.Repeat("ä", 255) + "…"
	for language, help := range map[string]string{"": "help", "de": "Hilfe", "pt": "ajuda"} {
		want := []telegramtest.Command{{Command: "help", Description: help}, {Command: "forget", Description: cut}, {Command: "bare", Description: "bare"}}
		if diff := cmp.Diff(want, f.server.Commands(language)); diff != "" {
			t.Errorf("%q: %s", language, diff)
		}
	}
	f.server.Fail(telegramtest.Page(502).On("setMyCommands"))
	if err := f.channel.Register(t.Context(), nil); err == nil {
		t.Error("a failure is no error")
	}
}

// "Answer bound staff alone, is_personal, cache 0, others get an empty list."
func TestInline_SuggestsToThoseTheHandlerKnows(t *testing.T) {
	t.Parallel()
	for _, webhook := range []bool{false, true} {
		f := open(t, func(s *setup) { s.platform.Inline, s.webhook = true, webhook })
		staff := f.server.Customer(1)
		r := f.runWith(&recorder{completeFunc: func(ctx context.Context, c channel.Completion) ([]channel.Choice, error) {
			switch {
			case c.From.ID != channel.PersonID(itoa(staff.ID())):
				return nil, errors.New("not staff")
			case c.Typed == "slow":
				<-ctx.Done()
				return nil, ctx.Err()
			case c.Typed == "many":
				var out []channel.Choice
				for i := range 80 {
					out = append(out, channel.Choice{Label: fmt.Sprint("label ", i), Value: fmt.Sprint("value ", i)})
				}
				return out, nil
			}
			return []channel.Choice{{Label: "Delivery", Value: "How long does delivery take?"}, {Label: "", Value: "x"}, {Label: strings.Repeat("l", 300), Value: strings.Repeat("v", 5000)}}, nil
		}})
		for typed, want := range map[string]int{"deliv": 2, "many": 50, "slow": 0} {
			found, personal, cache, err := staff.Type(t.Context(), typed, "supergroup")
			if err != nil || !personal || cache != 0 || len(found) != want {
				t.Errorf("%s: %d suggestions, personal %v, kept %d s, %v", typed, len(found), personal, cache, err)
			}
		}
		found, personal, cache, err := f.server.Customer(2).Type(t.Context(), "deliv", "private")
		if err != nil || !personal || cache != 0 || len(found) != 0 {
			t.Errorf("a stranger: %d suggestions, personal %v, kept %d s, %v", len(found), personal, cache, err)
		}
		if err := r.end(); err != nil {
			t.Error(err)
		}
		if webhook {
			continue
		}
		if limits := f.channel.Limits(); limits.Choices != 50 || limits.ChoiceLength != 256 {
			t.Errorf("%+v", limits)
		}
	}
}
