package handoff

import (
	"cmp"
	"slices"
	"strings"

	"faqbot/bot/channel"
	"faqbot/faq"
)

// Commands are those of staff as networks list them, what is used most first; their descriptions are left to who lists them.
func Commands() []channel.CommandText {
	takes := func(name string, required, completed bool) *channel.Argument {
		return &channel.Argument{Name: name, Required: required, Completed: completed}
	}
	out := []channel.CommandText{
		{Name: "claim", Takes: takes(anyway, false, true)}, {Name: "release"}, {Name: "close", Takes: takes("outcome", false, true)}, {Name: "reopen"},
		{Name: "insert", Takes: takes("answer", false, true)}, {Name: "say", Takes: takes("name", true, true)}, {Name: "note", Takes: takes("text", true, false)},
		{Name: "assign", Takes: takes("to", true, true)}, {Name: "transfer", Takes: takes("desk", true, true)}, {Name: "snooze", Takes: takes("until", true, false)},
		{Name: "promise", Takes: takes("until", true, false)},
		{Name: "teach", Takes: takes("question", false, false)}, {Name: "transcript"}, {Name: "spam"}, {Name: "block"},
		{Name: "unblock", Takes: takes("number", false, false)}, {Name: "queue"}, {Name: "mine"}, {Name: "find", Takes: takes("words", true, false)},
		{Name: "save", Takes: takes("reply", true, false)}, {Name: "saved"}, {Name: "unsave", Takes: takes("name", true, true)},
		{Name: "name", Takes: takes("name", false, false)}, {Name: "away"}, {Name: "back"}, {Name: "me"},
	}
	for i := range out {
		out[i].Staff = true
	}
	return out
}

// Typed is a command that a member of staff is typing at a desk, and what was looked up for it.
type Typed struct {
	Command, Text string
	Desk          Desk
	// Ticket is the one whose thread it is; nil outside of threads.
	Ticket *Ticket
	Team   Team
	Saved  []Saved
	Voice  Voice
}

// Choices are what the command may take, as far as that is known: staff by name, desks, outcomes, kept replies. Commands about a ticket take nothing
// outside of its thread.
func (t Typed) Choices() []channel.Choice {
	if commands[t.Command].needs && t.Ticket == nil {
		return nil
	}
	var all []channel.Choice
	switch t.Command {
	case "claim":
		all = []channel.Choice{{Label: anyway, Value: anyway}}
	case "assign":
		all = t.staff()
	case "transfer":
		for _, d := range (&planner{Scene: Scene{Desk: t.Desk, Team: t.Team}}).others() {
			all = append(all, channel.Choice{Label: d.called(), Value: string(d.ID)})
		}
	case "close":
		for _, b := range (board{voice: t.Voice}).outcomes() {
			all = append(all, channel.Choice{Label: b.Label, Value: b.Value})
		}
	case "say", "unsave":
		for _, s := range t.Saved {
			all = append(all, channel.Choice{Label: s.Name + ": " + clip(oneLine(s.Text), savedPreview), Value: s.Name})
		}
	}
	return slices.DeleteFunc(all, func(c channel.Choice) bool {
		return !strings.Contains(faq.Fold(c.Label), faq.Fold(strings.TrimSpace(t.Text)))
	})
}

// staff are who a ticket can be given to, who was here last first.
func (t Typed) staff() []channel.Choice {
	list := slices.Clone(t.Team.Staff)
	slices.SortFunc(list, func(a, b Staff) int { return cmp.Or(b.SeenAt.Compare(a.SeenAt), cmp.Compare(a.ID, b.ID)) })
	var out []channel.Choice
	for _, s := range list {
		label := clip(oneLine(s.Called()), maxName)
		twice := func(o Staff) bool { return o.ID != s.ID && faq.Fold(o.Called()) == faq.Fold(s.Called()) }
		if s.Person.Username != "" && slices.ContainsFunc(list, twice) { // what tells two of one name apart
			label += " (" + clip(oneLine(s.Person.Username), maxName) + ")"
		}
		out = append(out, channel.Choice{Label: label, Value: string(s.ID)})
	}
	return out
}
