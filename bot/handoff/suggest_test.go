package handoff

import (
	"slices"
	"testing"
	"time"

	"faqbot/bot/channel"

	"github.com/google/go-cmp/cmp"
)

// What networks list is what staff can say, but for "/help", which customers have too.
func TestCommands(t *testing.T) {
	t.Parallel()
	listed := map[string]bool{"help": true}
	for _, c := range Commands() {
		if !IsCommand(c.Name) || !c.Staff || listed[c.Name] {
			t.Errorf("listed: %+v", c)
		}
		listed[c.Name] = true
	}
	for name := range commands {
		if !listed[name] {
			t.Errorf("/%s is not listed", name)
		}
	}
}

func TestTyped_Choices(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	staff := func(id, name, username string, seen time.Duration) Staff {
		return Staff{ID: StaffID(id), Person: channel.Person{Name: name, Username: username}, SeenAt: noon.Add(seen)}
	}
	desk := func(id, chat string) Desk {
		return Desk{ID: DeskID(id), Address: channel.Address{Network: "office", Chat: channel.ChatID(chat)}}
	}
	gone, owner := desk("gone", "g"), desk("owner", "o")
	gone.Gone, owner.Owner = true, true
	typed := Typed{
		Desk: desk("hall", "h"), Ticket: &Ticket{}, Voice: keysAsText{},
		Team: Team{
			Staff: []Staff{staff("office:1", "Ada", "ada1", 0), staff("office:2", "Ben", "", time.Hour), staff("shop:3", "ada", "ada3", 2*time.Hour)},
			Desks: []Desk{desk("hall", "h"), desk("yard", "y"), gone, owner},
		},
		Saved: []Saved{{Name: "hello", Text: "Good morning!\nHow are you?"}, {Name: "bye", Text: "Good bye!"}},
	}
	for _, c := range []struct {
		name, command, text string
		want                []string
	}{
		{"who was here last is first", "assign", "", []string{"shop:3 = ada (ada3)", "office:2 = Ben", "office:1 = Ada (ada1)"}},
		{"by a part of the name", "assign", " BE", []string{"office:2 = Ben"}},
		{"nobody of that name", "assign", "zoe", nil},
		{"other desks that can be written to", "transfer", "", []string{"yard = " + typed.Team.Desks[1].called()}},
		{"outcomes", "close", "feature", []string{"feature = desk_outcome_feature"}},
		{"kept replies", "say", "morning", []string{"hello = hello: Good morning! How are you?"}},
		{"kept replies to remove", "unsave", "", []string{"hello = hello: Good morning! How are you?", "bye = bye: Good bye!"}},
		{"to take it whatever one has", "claim", "", []string{"anyway = anyway"}},
		{"what is nothing to choose from", "note", "x", nil},
	} {
		typed.Command, typed.Text = c.command, c.text
		var got []string
		for _, choice := range typed.Choices() {
			got = append(got, choice.Value+" = "+choice.Label)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	typed.Command, typed.Text = "close", ""
	if n := len(typed.Choices()); n != 8 {
		t.Errorf("%d outcomes", n)
	}
	typed.Ticket = nil
	for _, command := range []string{"assign", "transfer", "close", "say"} {
		if typed.Command = command; len(typed.Choices()) > 0 {
			t.Errorf("/%s takes something outside of a thread", command)
		}
	}
	if picked := called(typed.Team.Staff, "office:1"); !slices.ContainsFunc(picked, func(s Staff) bool { return s.ID == "office:1" }) || len(picked) != 1 {
		t.Errorf("who was picked is %+v", picked)
	}
}
