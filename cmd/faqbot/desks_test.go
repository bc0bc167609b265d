package main

import (
	"fmt"
	"testing"

	"faqbot/bot/channel"
	"faqbot/bot/discord/discordtest"
	"faqbot/bot/handoff"
	"faqbot/bot/store"
	"faqbot/bot/telegram/telegramtest"
)

// keepDesks stores desks in a data folder.
func keepDesks(t *testing.T, data string, desks ...handoff.Desk) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Settings{Dir: data}, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, d := range desks {
		if err := s.SaveDesk(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDoctor_Desks(t *testing.T) {
	t.Parallel()
	data := newData(t)
	wantCheck(t, doctored(t, data), "desk", true, "there is none")
	phone, guilds := telegramtest.New(t, telegramtest.Options{Inline: true}), discordtest.New(t, discordtest.Options{})
	group := phone.Group("Team", telegramtest.GroupOptions{Forum: true, Admin: true})
	bare := phone.Group("Other team", telegramtest.GroupOptions{})
	room := guilds.Channel(guilds.Guild("Shop"), "support")
	owner := phone.Customer(1)
	owner.Unblock()
	at := func(network string, chat any) channel.Address {
		return channel.Address{Network: channel.Network(network), Chat: channel.ChatID(fmt.Sprint(chat))}
	}
	keepDesks(t, data,
		handoff.Desk{ID: "good", Address: at("telegram", group.ID())}, handoff.Desk{ID: "bare", Address: at("telegram", bare.ID())},
		handoff.Desk{ID: "room", Address: at("discord", room)}, handoff.Desk{ID: "shut", Address: at("telegram", group.ID()-1000), Gone: true})
	telegram := []string{"--telegram-token", phone.Token(), "--telegram-api-url", phone.URL()}
	both := append(telegram, "--discord-token", guilds.Token(), "--discord-api-url", guilds.URL())

	found := doctored(t, data, both...)
	wantCheck(t, found, "desk", true, "good (telegram "+fmt.Sprint(group.ID())+"): Each ticket gets a topic of its own")
	wantCheck(t, found, "desk", true, "good (telegram "+fmt.Sprint(group.ID())+"): The bot sees what staff write")
	wantCheck(t, found, "desk", false, "bare (telegram "+fmt.Sprint(bare.ID())+"): The group has no topics")
	wantCheck(t, found, "desk", false, "bare (telegram "+fmt.Sprint(bare.ID())+"): The bot does not see what staff write")
	wantCheck(t, found, "desk", true, "room (discord "+room+"): the bot has what it needs in this channel")
	wantCheck(t, found, "desk", false, "room (discord "+room+"): the bot does not read what your team writes")
	wantCheck(t, found, "desk", false, "shut (telegram "+fmt.Sprint(group.ID()-1000)+"): The bot is not in the group")
	wantCheck(t, found, "desk", false, "could not write there the last time")
	wantCheck(t, found, "desk", true, "nobody is the owner")
	wantCheck(t, doctored(t, data, append(both, "--discord-message-content")...), "desk", true, "room (discord "+room+"): the Message Content intent is switched on")

	found = doctored(t, data, telegram...)
	wantCheck(t, found, "desk", false, "discord is off, so nobody is called there")

	keepDesks(t, data, handoff.Desk{ID: "boss", Address: at("telegram", owner.ID()), Owner: true})
	wantCheck(t, doctored(t, data, telegram...), "desk", true, "the owner (boss, telegram "+fmt.Sprint(owner.ID())+"): Telegram knows the chat")
}
