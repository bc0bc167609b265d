package bot_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

func TestDesk_WhatItLacksIsSaidWhenItIsBound(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	b.office.FindAtDesks(func(context.Context) []channel.Finding {
		return []channel.Finding{
			{OK: true, What: "all is heard"}, {What: "no topics", Mend: "switch them on"}, {OK: true, What: "no suggestions", Mend: "could be switched on too"},
		}
	})
	b.bind(hall, false)
	bound := b.atDesk("This is a desk now", "To make it work well here:", "no topics", "→ switch them on", "no suggestions", "→ could be").Content.PlainText()
	if strings.Contains(bound, "all is heard") {
		t.Errorf("what is well is told: %s", bound)
	}
	b.bind(b.office.Private("boss"), true)
	if told := b.shownAt(b.office.Private("boss"), "You are the owner now").Content.PlainText(); strings.Contains(told, "no topics") {
		t.Errorf("the owner's chat is looked at as a desk: %s", told)
	}
}

// A check that hangs holds up nothing but its own time.
func TestDesk_IsBoundThoughItCannotBeLookedAt(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	asked := make(chan time.Duration, 10)
	b.office.FindAtDesks(func(ctx context.Context) []channel.Finding {
		due, _ := ctx.Deadline()
		asked <- time.Until(due)
		<-ctx.Done()
		return []channel.Finding{{What: "the network is down", Mend: "look again later"}}
	})
	b.bind(hall, false)
	b.atDesk("This is a desk now", "the network is down")
	if left := <-asked; left > 5*time.Second {
		t.Errorf("a check may take %v", left)
	}
	desks, err := b.store.Desks(t.Context())
	if err != nil || len(desks) != 1 {
		t.Errorf("desks %+v, %v", desks, err)
	}
}

// A wrong code makes nobody ask the network anything.
func TestDesk_WrongCodeLooksAtNothing(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	b.office.FindAtDesks(func(context.Context) []channel.Finding {
		t.Error("the place is looked at")
		return nil
	})
	e := b.office.EventAt(hall, "stranger", channel.Command, "aaaabbbbcccc")
	e.Command = "staff"
	b.office.Push(e)
	b.atDesk("This code is not known")
}

// What kept threads from being opened is told once, and forgotten when one was opened.
func TestPlanDesk_LacksUntilItIsMended(t *testing.T) {
	t.Parallel()
	texts, err := bot.NewTexts("en")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ before, now, told string }{
		{"", "topics are off", "topics are off"}, {"topics are off", "topics are off", ""}, {"topics are off", "", ""}, {"", "", ""},
	} {
		desk := handoff.Desk{ID: "d", Address: hall, Lacks: c.before}
		report, err := json.Marshal(handoff.Report{Ticket: "t", Desk: "d", Act: handoff.OpensThread, Fate: handoff.Delivered, Reason: c.now})
		if err != nil {
			t.Fatal(err)
		}
		turn := bot.PlanDesk(bot.Situation{
			Event: channel.Event{Kind: channel.Settled, Body: string(report)}, Conversation: bot.Conversation{ID: "c"},
			Ticket: &handoff.Ticket{ID: "t", Work: handoff.Work{Calling: handoff.Calling{Reached: true}}}, Work: bot.Work{Desks: []handoff.Desk{desk}},
		}, bot.Policy{Language: "en"}, texts)
		if changed := len(turn.Desks) > 0; changed != (c.before != c.now) || changed && turn.Desks[0].Lacks != c.now {
			t.Errorf("%q, then %q: the desks are %+v", c.before, c.now, turn.Desks)
		}
		told := ""
		for _, m := range turn.Messages {
			told += m.Message.Content.PlainText()
		}
		if told != c.told {
			t.Errorf("%q, then %q: told %q", c.before, c.now, told)
		}
	}
}

// Staff are spoken to in the language of the business, whatever customers speak.
func TestDesk_SpeaksTheBusinessesLanguage(t *testing.T) {
	t.Parallel()
	b := open(t, func(p *bot.Policy) { p.Language = "de" })
	b.bind(hall, false)
	b.atDesk("Hier arbeitet ab jetzt euer Team")
	e := b.network.Event("ann", channel.Command, "")
	e.Command, e.From.Locale = "human", "es"
	b.network.Push(e)
	if got := labels(b.atDesk("wartet seit")); len(got) != 2 || got[0] != "Übernehmen" {
		t.Errorf("the card offers %q", got)
	}
}
