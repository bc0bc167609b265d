package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"faqbot/bot/channel"
	"faqbot/bot/discord/discordtest"
	"faqbot/bot/handoff"
	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
	"faqbot/bot/telegram/telegramtest"
	"faqbot/faq"
)

// TestBind_BySettings: what the settings name is made when serve starts and is as good as one of a code; what was bound by a code keeps its rule.
func TestBind_BySettings(t *testing.T) {
	t.Parallel()
	w := team{t, newPlatformsWith(t, 0, telegramtest.Options{Now: hurriedClock()}, discordtest.Options{Unlimited: true}), newData(t)}
	group := w.telegram.Group("Team", telegramtest.GroupOptions{Forum: true, Admin: true})
	room := w.discord.Channel(w.discord.Guild("Shop"), "support")
	owner := w.discord.Customer(9)
	keepDesks(t, w.data, handoff.Desk{
		ID: "coded", Address: channel.Address{Network: "discord", Chat: channel.ChatID(room)}, Rule: handoff.Rule{Languages: []faq.Language{"de"}},
	})
	flags := []string{"--desks", fmt.Sprintf("telegram:%d,discord:%s", group.ID(), room), "--owner-chat", "discord:" + owner.ID()}
	found := doctored(t, w.data, append(flags, w.flags...)...)
	wantCheck(t, found, "desk", true, fmt.Sprintf("telegram %d) is made as the settings say", group.ID()))
	wantCheck(t, found, "desk", true, fmt.Sprintf("telegram %d): Each ticket gets a topic of its own", group.ID()))
	s, _ := startChanged(t, w.platforms, hurry, append(flags, "--data-dir", w.data, "--discord-message-content")...)
	for range 2 {
		list := w.desk("list")
		for _, want := range []string{
			fmt.Sprintf(`(?m)^set[0-9a-f]+ +telegram %d +all customers that no other desk is for; by the settings$`, group.ID()),
			`(?m)^coded +discord ` + room + ` +customers who speak de$`,
			`(?m)^set[0-9a-f]+ +discord ` + owner.Direct() + ` +the owner; by the settings$`,
		} {
			if !regexp.MustCompile(want).MatchString(list) {
				t.Errorf("no line is %s:\n%s", want, list)
			}
		}
		if n := strings.Count(list, "\n"); n != 2 {
			t.Errorf("%d desks:\n%s", n+1, list)
		}
		if err := s.bindDesks(t.Context()); err != nil { // as the next start does
			t.Error(err)
		}
	}
	customer := w.telegram.Customer(1)
	customer.Say("I want to talk to a person")
	w.reads(onTelegram(customer), "The team sees your question now")
	inside := w.topic(group, "")
	w.telegram.Customer(7).In(group).At(inside).Say("What can I do for you?")
	w.reads(onTelegram(customer), "What can I do for you?")
}

// TestBind_TwoReplicas: both start at once, and one desk is made.
func TestBind_TwoReplicas(t *testing.T) {
	t.Parallel()
	s, err := store.Open(t.Context(), storetest.SQLite(t), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	settings := parseSettings(t, "--desks", "Telegram:-1001234567890", "--data-dir", newData(t))
	read, err := settings.check()
	if err != nil || len(read.desks) != 1 {
		t.Fatalf("desks %+v, %v", read.desks, err)
	}
	for range 2 {
		if err := bindDesk(t.Context(), s, read.desks[0]); err != nil {
			t.Error(err)
		}
	}
	desks, err := s.Desks(t.Context())
	if err != nil || len(desks) != 1 || desks[0].Setting != "telegram:-1001234567890" || desks[0].BoundAt.IsZero() {
		t.Errorf("desks %+v, %v", desks, err)
	}
	desks[0].Address.Chat = "-1009999999999" // the group was upgraded
	if again := missing(read.desks, desks); len(again) > 0 {
		t.Errorf("made again where it has moved: %+v", again)
	}
}
