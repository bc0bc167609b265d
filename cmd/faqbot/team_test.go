package main

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"faqbot/bot/discord/discordtest"
	"faqbot/bot/handoff"
	"faqbot/bot/telegram/telegramtest"
)

// team is a bot that runs, on both networks, and how it is set up.
type team struct {
	*testing.T
	*platforms
	data string
}

// newTeam starts a bot on a hurried clock: see [hurry].
func newTeam(t *testing.T) team {
	w := team{t, newPlatformsWith(t, 0, telegramtest.Options{Now: hurriedClock()}, discordtest.Options{Unlimited: true}), newData(t)}
	startChanged(t, w.platforms, hurry, "--data-dir", w.data, "--discord-message-content")
	return w
}

// desk runs `faqbot desk` beside the bot.
func (w team) desk(args ...string) string {
	w.Helper()
	stdout, stderr, code := faqbot(w.T, w.data, "", append([]string{"desk"}, args...)...)
	if code != exitDone {
		w.Fatalf("desk %q: exit %d, %s", args, code, stderr)
	}
	return strings.TrimSpace(stdout)
}

// reads waits until somebody can read all of these in one message.
func (w team) reads(shown func() []string, texts ...string) string {
	w.Helper()
	found := ""
	eventually(w.T, 30*time.Second, strings.Join(texts, " … ")+" is read", func() bool {
		i := slices.IndexFunc(shown(), func(text string) bool {
			return !slices.ContainsFunc(texts, func(want string) bool { return !strings.Contains(text, want) })
		})
		if i >= 0 {
			found = shown()[i]
		}
		return i >= 0
	})
	return found
}

func onTelegram(s telegramtest.Seat) func() []string { return shownTexts(s.Shown) }

func (w team) inRoom(channel string) func() []string {
	return func() []string {
		var out []string
		for _, v := range w.discord.Shown(channel) {
			out = append(out, v.Text)
		}
		return out
	}
}

func shownTexts(shown func() []telegramtest.Shown) func() []string {
	return func() []string {
		var out []string
		for _, v := range shown() {
			out = append(out, v.Text)
		}
		return out
	}
}

// topic waits for the newest topic of a group whose name holds a text.
func (w team) topic(g telegramtest.Group, holding string) int {
	w.Helper()
	found := 0
	eventually(w.T, 30*time.Second, "a topic “"+holding+"” begins", func() bool {
		for id, name := range g.Topics() {
			if strings.Contains(name, holding) {
				found = max(found, id)
			}
		}
		return found > 0
	})
	return found
}

// press presses a button once it is there.
func (w team) press(press func() error) {
	w.Helper()
	eventually(w.T, 30*time.Second, "a button is there", func() bool { return press() == nil })
}

// TestTeam_OnTelegram does what the README says under “Your team”, word for word as far as a person could.
func TestTeam_OnTelegram(t *testing.T) {
	t.Parallel()
	w := newTeam(t)
	group := w.telegram.Group("Team", telegramtest.GroupOptions{Forum: true, Admin: true})
	ada, ben := w.telegram.Customer(7).In(group), w.telegram.Customer(8).In(group)
	ada.Say(w.desk("code"))
	w.reads(onTelegram(ada), "This is a desk now")
	owner := w.telegram.Customer(9)
	owner.Say(w.desk("code", "--owner"))
	w.reads(onTelegram(owner), "You are the owner now")

	customer := w.telegram.Customer(1)
	customer.Say("I want to talk to a person")
	w.reads(onTelegram(customer), "with our team under number")
	w.reads(onTelegram(customer), "The team sees your question now")
	inside := w.topic(group, "")
	ada, ben = ada.At(inside), ben.At(inside)
	w.reads(onTelegram(ada), "Customer 1", "waiting since")
	ada.Say("/name Ada")
	w.reads(onTelegram(ada), "Customers see you as Ada.")
	w.press(func() error { return ada.Press("Claim") })
	w.reads(onTelegram(customer), "Ada from our team is here now")
	ada.Say("What can I do for you?")
	w.reads(onTelegram(customer), "Ada:", "What can I do for you?")
	ada.Say("// a nice one")
	customer.Say("My parcel is late")
	w.reads(onTelegram(ada), "My parcel is late")
	ben.Say("/transcript")
	w.reads(onTelegram(ben), "a nice one", "What can I do for you?")
	ada.Say("/close")
	w.press(func() error { return ada.Press("Delivery") })
	w.reads(onTelegram(customer), "Thank you for your patience")
	ada.Say("/reopen")
	eventually(t, 30*time.Second, "the ticket is open again", func() bool {
		return strings.Count(strings.Join(onTelegram(customer)(), "\n"), "Ada from our team is here now") > 1
	})
	for _, text := range onTelegram(customer)() {
		if strings.Contains(text, "a nice one") {
			t.Error("the customer reads a note")
		}
	}
}

// TestTeam_OnDiscord does the same there. What is answered to a command takes the place of “is thinking…”, and a press changes nothing that it should not.
func TestTeam_OnDiscord(t *testing.T) {
	t.Parallel()
	w := newTeam(t)
	room := w.discord.Channel(w.discord.Guild("Shop"), "support")
	typed := w.discord.Channel(w.discord.Guild("Other shop"), "support")
	eve := w.discord.Customer(7)
	_, code, _ := strings.Cut(w.desk("code"), " ")
	w.answered(eve.Command(room, "staff", "code", code))
	if got := w.inRoom(room)(); len(got) != 1 || !strings.HasPrefix(got[0], "This is a desk now") || strings.Contains(got[0], "To make it work") {
		t.Errorf("the channel shows %q", got)
	}
	w.answered(eve.Command(room, "staff", "code", code)) // a second time
	w.reads(w.inRoom(room), "This is a desk already")
	w.answered(eve.Command(room, "queue", "", ""))
	w.reads(w.inRoom(room), "Nobody is waiting")
	eve.Post(discordtest.Post{Channel: typed, Text: w.desk("code")})
	w.reads(w.inRoom(typed), "This is a desk now")
	w.desk("remove", w.deskAt(typed))

	customer := w.discord.Customer(1)
	customer.Say("I want to talk to a person")
	mine := func() []string { return w.inRoom(customer.Direct())() }
	w.reads(mine, "with our team under number")
	w.reads(mine, "The team sees your question now")
	inside := w.discord.Threads(room)[0].ID
	claimed := w.pressed(eve, inside, "Claim")
	w.reads(mine, "Customer 7 from our team is here now")
	w.reads(w.inRoom(inside), "has taken this ticket")
	if claimed.Answer() != 6 {
		t.Errorf("a press is answered with %d: a placeholder would stay", claimed.Answer())
	}
	eve.Post(discordtest.Post{Channel: inside, Text: "What can I do for you?"})
	w.reads(mine, "Customer 7:", "What can I do for you?")
	w.answered(eve.Command(inside, "transcript", "", ""))
	w.reads(w.inRoom(inside), "What can I do for you?")
	for _, c := range [][2]string{{"/queue", "Customer 7"}, {"/away", "You are away"}, {"/back", "You are back"}, {"/me", "is called when a ticket is in trouble"}, {"/help", "In a ticket's thread"}} {
		eve.Post(discordtest.Post{Channel: room, Text: c[0]})
		w.reads(w.inRoom(room), c[1])
	}
	w.answered(eve.Command(inside, "close", "", ""))
	w.pressed(eve, inside, "Spam")
	w.reads(w.inRoom(inside), "has closed this ticket")
	w.answered(eve.Command(inside, "reopen", "", ""))
	w.answered(eve.Command(inside, "release", "", ""))
	w.reads(mine, "back with the whole team")
	for _, v := range w.discord.Records() {
		if v.Thinking {
			t.Errorf("somebody still waits in %s", v.Channel)
		}
	}
}

// answered waits until a command is answered in the place of its placeholder.
func (w team) answered(i *discordtest.Interaction) {
	w.Helper()
	if err := i.Wait(w.Context()); err != nil || i.Answer() != 5 {
		w.Fatalf("%v, answer %d", err, i.Answer())
	}
	eventually(w.T, 30*time.Second, "the placeholder gives way", func() bool { return !i.Thinking() })
}

func (w team) pressed(by *discordtest.Customer, in, label string) (out *discordtest.Interaction) {
	w.Helper()
	w.press(func() (err error) {
		out, err = by.Press(in, label)
		return err
	})
	if err := out.Wait(w.Context()); err != nil {
		w.Fatal(err)
	}
	return out
}

// deskAt is the ID of the desk in a place.
func (w team) deskAt(chat string) string {
	w.Helper()
	var desks []handoff.Desk
	if err := json.Unmarshal([]byte(w.desk("list", "--json")), &desks); err != nil {
		w.Fatal(err)
	}
	i := slices.IndexFunc(desks, func(d handoff.Desk) bool { return string(d.Address.Chat) == chat })
	if i < 0 {
		w.Fatalf("there is no desk at %s: %+v", chat, desks)
	}
	return string(desks[i].ID)
}

// TestTeam_Routes brings customers to the desk that is for them, across networks.
func TestTeam_Routes(t *testing.T) {
	t.Parallel()
	w := newTeam(t)
	group := w.telegram.Group("Team", telegramtest.GroupOptions{Forum: true, Admin: true})
	staff := w.telegram.Customer(7).In(group)
	staff.Say(w.desk("code"))
	w.reads(onTelegram(staff), "This is a desk now")
	room := w.discord.Channel(w.discord.Guild("Shop"), "support")
	w.discord.Customer(8).Post(discordtest.Post{Channel: room, Text: w.desk("code")})
	w.reads(w.inRoom(room), "This is a desk now")
	w.desk("route", w.deskAt(strconv.FormatInt(group.ID(), 10)), "--networks", "discord")
	w.desk("route", w.deskAt(room), "--languages", "de,fr")

	here := w.discord.Customer(1)
	here.Say("I want to talk to a person")
	w.reads(func() []string { return w.inRoom(here.Direct())() }, "The team sees your question now")
	inside := staff.At(w.topic(group, ""))
	inside.Say("Hello from the other side")
	w.reads(func() []string { return w.inRoom(here.Direct())() }, "Hello from the other side")
	if threads := w.discord.Threads(room); len(threads) > 0 {
		t.Errorf("it came to the other desk too: %+v", threads)
	}
	german := w.telegram.Customer(2)
	german.Rename("Customer 2", "", "de")
	german.Say("/human")
	w.reads(onTelegram(german), "sieht Ihre Frage")
	if threads := w.discord.Threads(room); len(threads) != 1 || len(group.Topics()) != 1 {
		t.Errorf("threads %+v, topics %v", threads, group.Topics())
	}
}
