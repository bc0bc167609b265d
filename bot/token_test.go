package bot_test

import (
	"fmt"
	"strings"
	"testing"

	"faqbot/bot/channel"
)

// FuzzToken has a stranger send tokens: as a press, after /start, and as text. Whatever is sent, even the token of somebody else's button, does nothing to
// what is theirs.
func FuzzToken(f *testing.F) {
	b := open(f, nil)
	b.say("ann", "does my zebra need insurance?", "no answer")
	b.say("ann", "human", "with our team under number")
	b.say("ann", "opening hours", "Monday")
	for _, m := range b.network.Shown("ann") {
		for _, button := range m.Buttons {
			f.Add(button.Action)
		}
	}
	for _, seed := range []string{"", "0", "\x00", "../../etc/passwd", "' OR 1=1 --", strings.Repeat("a", 64), strings.Repeat("🙂", 300), "\xff\xfe", "zebra:1:2"} {
		f.Add(seed)
	}
	before, err := b.store.Tickets(f.Context(), "", 10)
	if err != nil || len(before) != 1 {
		f.Fatalf("tickets %+v, %v", before, err)
	}
	serial := 0
	f.Fuzz(func(t *testing.T, token string) {
		serial++
		eve := fmt.Sprint("eve ", serial)
		handle := func(kind channel.Kind, command string) {
			e := b.network.Event(eve, kind, token)
			e.Command = command
			if err := b.engine.Handle(t.Context(), e); err != nil {
				t.Fatal(err)
			}
		}
		handle(channel.Press, "")
		handle(channel.Text, "")
		handle(channel.Command, "human")
		tickets, err := b.store.Tickets(t.Context(), "open", 100_000)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, ticket := range tickets {
			found = found || ticket.ID == before[0].ID && ticket.Question == before[0].Question
			if string(ticket.Customer.Person.ID) == eve && ticket.Question == before[0].Question {
				t.Errorf("the token %q brought somebody else's question", token)
			}
		}
		if !found {
			t.Errorf("the token %q changed somebody else's ticket: %+v", token, tickets)
		}
		handle(channel.Command, "start") // a link that carries a question is for whoever follows it; it must do no harm
	})
}
