package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"faqbot/bot/discord/discordtest"
	"faqbot/bot/telegram/telegramtest"

	"github.com/google/go-cmp/cmp"
)

// bilingual has its answers in two languages.
const bilingual = `id,language,question,answer,question[de],answer[de]
delivery,en,How long does delivery take?,Two to three days.,Wie lange dauert die Lieferung?,Zwei bis drei Tage.
return,en,How long can I return something?,You have thirty days.,Wie lange kann ich etwas zurückgeben?,Sie haben dreißig Tage.
`

// insertOffice has a customer who speaks German, on Telegram, and desks on both networks.
func insertOffice(t *testing.T) (o *office, c *customer) {
	t.Helper()
	flags := []string{"--data-dir", newData(t)}
	path := filepath.Join(t.TempDir(), "faq.csv")
	if err := os.WriteFile(path, []byte(bilingual), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, stderr, code := faqbot(t, newData(t), "", append(flags, "import", path)...); code != exitDone {
		t.Fatalf("import: exit %d, %s", code, stderr)
	}
	world := newPlatformsWith(t, 0, telegramtest.Options{Now: hurriedClock(), Inline: true}, discordtest.Options{Unlimited: true})
	world.flags = append(world.flags, "--discord-message-content")
	o = newOffice(t, world, flags...)
	startChanged(t, world, hurry, flags...)
	o.telegram.Customer(1).Rename(called(1), "", "de")
	return o, o.customerOnTelegram(1)
}

// TestDesk_InsertWhileTyping: staff on Discord pick an answer while they type, in the words of the ticket's customer, who gets it word for word.
func TestDesk_InsertWhileTyping(t *testing.T) {
	t.Parallel()
	o, c := insertOffice(t)
	d := o.onDiscord()
	c.say("ich möchte mit einem Menschen sprechen")
	thread := o.threadOf(d, c.name)
	ben, stranger := o.discord.Customer(firstStaff+1), o.discord.Customer(firstOnDiscord+1)
	d.say(1, "", "/name Ben")
	o.seen(d, "", "Customers see you as Ben.")
	typed := func(by *discordtest.Customer, at, command, option, text string) [][2]string {
		t.Helper()
		got, err := by.TypeCommand(t.Context(), at, [2]string{command, option}, text)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	got := typed(ben, thread, "insert", "answer", "deliv")
	if len(got) == 0 || got[0] != [2]string{"Wie lange dauert die Lieferung?", "entry:delivery"} {
		t.Fatalf("suggested: %q", got)
	}
	for name, got := range map[string][][2]string{
		"of a desk outside of threads": typed(ben, o.channel, "insert", "answer", "deliv"),
		"in a direct chat":             typed(stranger, "", "insert", "answer", "deliv"),
		"in another channel":           typed(stranger, o.discord.Channel(o.guild, "general"), "insert", "answer", "deliv"),
		"of a name nobody has":         typed(ben, thread, "assign", "to", "zebra"),
		"of other desks":               typed(ben, thread, "transfer", "desk", ""),
	} {
		if len(got) > 0 {
			t.Errorf("%s: %q", name, got)
		}
	}
	if diff := cmp.Diff([][2]string{{"Ben", "discord:" + ben.ID()}}, typed(ben, thread, "assign", "to", "be")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][2]string{{"Price", "price"}}, typed(ben, thread, "close", "outcome", "pri")); diff != "" {
		t.Error(diff)
	}
	w := team{t, o.platforms, ""}
	w.answered(ben.Command(thread, "insert", "answer", got[0][1]))
	o.told(c, "Ben:\n\nZwei bis drei Tage.")
	w.answered(ben.Command(thread, "note", "text", "she is glad"))
	w.answered(stranger.Command("", "ask", "question", "How long does delivery take?"))
	general := o.discord.Channel(o.guild, "general 2")
	w.answered(stranger.Command(general, "queue", "", ""))
	w.reads(w.inRoom(general), "That is a command of our team's.")
}

// TestDesk_InsertInline: staff on Telegram pick an answer as an inline result, which they send in the topic; nobody else is suggested anything.
func TestDesk_InsertInline(t *testing.T) {
	t.Parallel()
	o, c := insertOffice(t)
	d := o.onTelegram()
	c.say("ich möchte mit einem Menschen sprechen")
	thread := o.threadOf(d, c.name)
	inside := o.telegram.Customer(firstStaff + 1).In(o.group).At(number(thread))
	stranger := o.telegram.Customer(1)
	look := func(by telegramtest.Seat, kind string) []telegramtest.Suggestion {
		t.Helper()
		found, personal, cache, err := by.Type(t.Context(), "deliv", kind)
		if err != nil || !personal || cache != 0 {
			t.Fatalf("personal %v, kept %d s, %v", personal, cache, err)
		}
		return found
	}
	for name, found := range map[string][]telegramtest.Suggestion{"a customer": look(stranger, "sender"), "who has not written there yet": look(inside, "supergroup")} {
		if len(found) > 0 {
			t.Errorf("%s is suggested %+v", name, found)
		}
	}
	inside.Say("Guten Tag!")
	o.told(c, "Guten Tag!")
	found := look(inside, "supergroup")
	if len(found) == 0 || found[0].Title != "How long does delivery take?" || found[0].Text != "/insert entry:delivery" {
		t.Fatalf("suggested: %+v", found)
	}
	inside.Choose(found[0])
	o.told(c, "Zwei bis drei Tage.")
	for _, s := range c.shown() {
		if strings.Contains(s.text, "entry:") {
			t.Errorf("the customer reads %q", s.text)
		}
	}
	stranger.Choose(found[0]) // whoever knows how it is written gets nothing by it
	o.told(c, "Das ist ein Befehl für unser Team.")
}
