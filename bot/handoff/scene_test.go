package handoff_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

// monday is in the morning of a working day.
var monday = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// keyed says the key of a text and what it is filled with: which words are used is another test's.
type keyed string

func (k keyed) Say(key string, args ...map[string]any) string {
	if len(args) == 0 || len(args[0]) == 0 {
		return string(k) + key
	}
	return fmt.Sprint(string(k), key, " ", args[0])
}

var (
	ben = handoff.Staff{ID: "office:ben", Person: channel.Person{ID: "ben", Name: "Ben"}, SeenAt: monday, Version: 1}
	eve = handoff.Staff{ID: "office:eve", Person: channel.Person{ID: "eve", Name: "Eve"}, SeenAt: monday, Version: 1}
)

// commanded is a command of Ben's in the thread of an open ticket that two desks see.
func commanded(line string) handoff.Scene {
	name, rest, _ := strings.Cut(line, " ")
	hall := handoff.Desk{ID: "hall", Address: channel.Address{Network: "office", Chat: "hall"}}
	yard := handoff.Desk{ID: "yard", Address: channel.Address{Network: "office", Chat: "yard"}}
	at := hall.Address
	at.Thread = "7"
	return handoff.Scene{
		Event: channel.Event{Kind: channel.Command, Command: name, Body: rest, From: ben.Person, Address: at, Message: "m1"},
		Desk:  hall, Staff: ben, Voices: handoff.Voices{Voice: keyed(""), Customer: keyed("customer:"), Zone: time.UTC}, Now: monday,
		Ticket: &handoff.Ticket{
			ID: "t", Number: 7, Status: handoff.Open, Language: "en", Matter: handoff.Matter{Question: "Is it waterproof?"}, OpenedAt: monday.Add(-time.Hour),
			Customer: handoff.Customer{Person: channel.Person{ID: "ann", Name: "Ann"}, Address: channel.Address{Network: "memory", Chat: "ann", Private: true}},
		},
		Threads: []handoff.Thread{
			{Ticket: "t", Desk: "hall", Address: at, Card: "c1", State: handoff.Standing},
			{Ticket: "t", Desk: "yard", Address: yard.Address, Card: "c2", State: handoff.Standing},
		},
		Team: handoff.Team{Staff: []handoff.Staff{ben, eve}, Desks: []handoff.Desk{hall, yard}},
	}
}

// held is the scene with its ticket in somebody's hands.
func held(s handoff.Scene, by handoff.Staff) handoff.Scene {
	s.Ticket.Status, s.Ticket.Holder, s.Ticket.HolderName = handoff.Claimed, by.ID, by.Called()
	return s
}

// side is whom a post is for.
func side(p handoff.Post) string {
	switch {
	case p.To != nil:
		return "here"
	case p.Desk != "":
		return string(p.Desk)
	}
	return "customer"
}

// shown are the texts of a change, each after whom it is for; what only changes a card or a thread is its act.
func shown(c handoff.Change) []string {
	var out []string
	for _, p := range c.Posts {
		text := strings.Join(strings.Fields(p.Content.PlainText()), " ")
		if p.Act != handoff.Shows {
			text = "<" + string(p.Act) + ">"
		}
		out = append(out, side(p)+": "+text)
	}
	return out
}

// wantShown fails where a text is not shown that begins so.
func wantShown(t *testing.T, c handoff.Change, want ...string) {
	t.Helper()
	got := shown(c)
	for _, w := range want {
		if !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, w) }) {
			t.Errorf("%q is not shown, only\n%s", w, strings.Join(got, "\n"))
		}
	}
}

// wantQuiet fails where something is shown to a side.
func wantQuiet(t *testing.T, c handoff.Change, sides ...string) {
	t.Helper()
	for _, s := range shown(c) {
		if who, _, _ := strings.Cut(s, ":"); slices.Contains(sides, who) {
			t.Errorf("%q is shown", s)
		}
	}
}
