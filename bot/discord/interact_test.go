package discord_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/discord"
	"faqbot/bot/discord/discordtest"

	"github.com/google/go-cmp/cmp"
)

func TestInteractions_Command(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	c := s.discord.Customer(1)
	c.Speak("pt-BR")
	for _, place := range []string{"", s.place} {
		body := "where in " + place
		begun := time.Now()
		i := c.Ask(place, body)
		if err := i.Wait(t.Context()); err != nil || i.Answer() != 5 || !i.Thinking() {
			t.Fatalf("%v, answer %d, thinking %v", err, i.Answer(), i.Thinking())
		}
		e := s.body(body)
		if e.Kind != channel.Command || e.Command != "ask" || e.From.Locale != "pt-BR" || !e.Addressed || e.Address.Private != (place == "") || e.From.ID != channel.PersonID(c.ID()) {
			t.Errorf("event %+v", e)
		}
		if e.Ticket == nil || e.Ticket.Expires.Before(begun.Add(14*time.Minute)) || e.Ticket.Expires.After(begun.Add(16*time.Minute)) || len(e.Ticket.Secret) == 0 {
			t.Fatalf("ticket %+v", e.Ticket)
		}
		for n, text := range []string{"first", "second", "third"} {
			s.mustSend(channel.Message{ID: fmt.Sprint("m", place, n), To: e.Address, Content: channel.PlainDocument(text), Ticket: e.Ticket})
		}
		if i.Thinking() {
			t.Error("still thinking")
		}
	}
	for _, shown := range [][]discordtest.Shown{c.Shown(), s.discord.Shown(s.place)} {
		if len(shown) != 3 || shown[0].Text != "first" || shown[1].Text != "second" || shown[2].Text != "third" {
			t.Errorf("shown %+v", shown)
		}
	}
	if n := s.discord.Calls("POST /webhooks/{}/{}"); n != 2 {
		t.Errorf("%d follow-ups; in private the channel is as good, and knows an idempotency key", n)
	}
	if n := s.discord.Calls("GET /webhooks/{}/{}/messages/@original"); n != 0 {
		t.Errorf("asked %d times for what it knew", n)
	}
}

func TestInteractions_Button(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	to := channel.Address{Network: discord.Network, Chat: channel.ChatID(s.place)}
	c := s.discord.Customer(1)
	for _, a := range []channel.Address{to, s.private(1)} {
		id := s.mustSend(channel.Message{ID: "m" + string(a.Chat), To: a, Content: channel.PlainDocument("choose"), Buttons: []channel.Button{{Label: "Yes", Action: "y:" + string(a.Chat)}}})
		i, err := c.Press(string(a.Chat), "Yes")
		if err != nil {
			t.Fatal(err)
		}
		if err := i.Wait(t.Context()); err != nil || i.Answer() != 6 {
			t.Errorf("%v, answer %d", err, i.Answer())
		}
		e := s.body("y:" + string(a.Chat))
		if e.Kind != channel.Press || e.Message != id || e.Address != a || e.Ticket == nil {
			t.Errorf("event %+v", e)
		}
		s.mustSend(channel.Message{ID: "n" + string(a.Chat), To: a, Content: channel.PlainDocument("answer"), Ticket: e.Ticket})
		s.mustSend(channel.Message{ID: "o" + string(a.Chat), To: a, Content: channel.PlainDocument("chosen"), Ticket: e.Ticket, Replaces: id})
		if shown := s.discord.Shown(string(a.Chat)); len(shown) != 2 || shown[0].Text != "chosen" || shown[1].Text != "answer" {
			t.Errorf("a press must not change the message with the button: %+v", shown)
		}
	}
}

func TestInteractions_AnsweredBeforeTheyAreHandled(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	hold := make(chan struct{})
	s.core.mu.Lock()
	s.core.handle = func(e channel.Event) error {
		select {
		case <-hold:
			return nil
		default:
			return errors.New("the database is down")
		}
	}
	s.core.mu.Unlock()
	i := s.discord.Customer(1).Ask("", "slow")
	j := s.discord.Customer(2).Ask("", "slow too")
	for _, i := range []*discordtest.Interaction{i, j} {
		if err := i.Wait(t.Context()); err != nil {
			t.Error(err)
		}
	}
	close(hold)
	s.body("slow")
	s.body("slow too")
}

func TestInteractions_LostDeferral(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	c := s.discord.Customer(1)
	const callback = "POST /interactions/{}/{}/callback"
	for name, f := range map[string]struct {
		fault  []discordtest.Fault
		ticket bool
	}{
		"delivered, and the answer lost": {[]discordtest.Fault{{Reset: true, Deliver: true}}, true}, // the next try says 40060
		"503 first":                      {[]discordtest.Fault{{Status: 503, HTML: true}}, true},
		"429 first":                      {[]discordtest.Fault{{After: 100 * time.Millisecond}}, true},
		"too late":                       {[]discordtest.Fault{{Status: 404, Code: 10062}}, false},
	} {
		s.discord.Fail(callback, f.fault...)
		c.Ask("", name)
		e := s.body(name)
		if (e.Ticket != nil) != f.ticket {
			t.Errorf("%s: ticket %v", name, e.Ticket != nil)
		}
		s.mustSend(channel.Message{ID: name, To: e.Address, Content: channel.PlainDocument("answer to " + name), Ticket: e.Ticket})
	}
	if shown := c.Shown(); len(shown) != 4 {
		t.Errorf("shown %+v", shown)
	}
}

func TestInteractions_LapsedTicket(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	c := s.discord.Customer(1)
	for n, place := range []string{"", s.place} {
		i := c.Ask(place, fmt.Sprint("late ", n))
		e := s.body(fmt.Sprint("late ", n))
		i.Lapse()
		s.mustSend(channel.Message{ID: fmt.Sprint("m", n), To: e.Address, Content: channel.PlainDocument("to the channel"), Ticket: e.Ticket})
		past := *e.Ticket
		past.Expires = time.Now().Add(-time.Minute)
		calls := s.discord.Calls("PATCH /webhooks/{}/{}/messages/@original")
		s.mustSend(channel.Message{ID: fmt.Sprint("n", n), To: e.Address, Content: channel.PlainDocument("again"), Ticket: &past})
		s.mustSend(channel.Message{ID: fmt.Sprint("o", n), To: e.Address, Content: channel.PlainDocument("odd"), Ticket: &channel.ReplyTicket{Secret: "nonsense", Expires: time.Now().Add(time.Hour)}})
		if s.discord.Calls("PATCH /webhooks/{}/{}/messages/@original") != calls {
			t.Error("a lapsed ticket was tried")
		}
		if shown := s.discord.Shown(string(e.Address.Chat)); len(shown) != 3 || shown[0].Text != "to the channel" {
			t.Errorf("shown %+v", shown)
		}
	}
	if _, err := s.send("m9", s.private(2), "a refused interaction token says nothing of the bot's"); err != nil {
		t.Error(err)
	}
}

func TestInteractions_TicketAfterARestart(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	c := s.discord.Customer(1)
	var events []channel.Event
	for _, text := range []string{"unanswered", "answered"} {
		c.Ask(s.place, text)
		events = append(events, s.body(text))
	}
	s.mustSend(channel.Message{ID: "m1", To: events[1].Address, Content: channel.PlainDocument("first"), Ticket: events[1].Ticket})
	again := s.again()
	for _, m := range []channel.Message{
		{ID: "m1", To: events[1].Address, Content: channel.PlainDocument("first"), Ticket: events[1].Ticket},  // its fate was unknown: sent again
		{ID: "m2", To: events[1].Address, Content: channel.PlainDocument("second"), Ticket: events[1].Ticket}, // must not replace the first
		{ID: "m3", To: events[0].Address, Content: channel.PlainDocument("late"), Ticket: events[0].Ticket},
	} {
		if _, err := again.Send(t.Context(), m); err != nil {
			t.Error(err)
		}
	}
	var got []string
	for _, shown := range s.discord.Shown(s.place) {
		got = append(got, shown.Text)
	}
	if diff := cmp.Diff([]string{"late", "first", "second"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestInteractions_FollowUpOfUnknownFate(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.discord.Customer(1).Ask(s.place, "question")
	e := s.body("question")
	s.mustSend(channel.Message{ID: "m1", To: e.Address, Content: channel.PlainDocument("first"), Ticket: e.Ticket})
	for n, f := range []discordtest.Fault{{Status: 500, Deliver: true}, {Status: 500}} {
		m := channel.Message{ID: fmt.Sprint("n", n), To: e.Address, Content: channel.PlainDocument(fmt.Sprint("more ", n)), Ticket: e.Ticket}
		s.discord.Fail("POST /webhooks/{}/{}", f)
		if fate, _ := channel.FateOf(second(s.channel.Send(t.Context(), m))); fate != channel.Unknown {
			t.Errorf("told %q", fate)
		}
		s.mustSend(m)
	}
	if shown := s.discord.Shown(s.place); len(shown) != 3 {
		t.Errorf("shown %+v", shown)
	}
	s.discord.Fail("PATCH /webhooks/{}/{}/messages/@original", discordtest.Fault{Status: 500, Deliver: true})
	s.discord.Customer(1).Ask(s.place, "another")
	e = s.body("another")
	m := channel.Message{ID: "o1", To: e.Address, Content: channel.PlainDocument("edited twice"), Ticket: e.Ticket}
	if fate, _ := channel.FateOf(second(s.channel.Send(t.Context(), m))); fate != channel.Unknown {
		t.Errorf("told %q", fate)
	}
	s.mustSend(m)
	if shown := s.discord.Shown(s.place); len(shown) != 4 {
		t.Errorf("shown %+v", shown)
	}
}

func TestComplete(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	c := s.discord.Customer(1)
	ask := func(complete func(context.Context, channel.Completion) ([]channel.Choice, error)) [][2]string {
		t.Helper()
		s.core.mu.Lock()
		s.core.complete = complete
		s.core.mu.Unlock()
		got, err := c.Type(t.Context(), s.place, "how mu") // an error after 3 s
		if err != nil {
			t.Error(err)
		}
		return got
	}
	if got := ask(nil); len(got) != 1 || got[0] != [2]string{"A choice", "a choice"} {
		t.Errorf("choices %q", got)
	}
	if q := s.core.typed[0]; q.Typed != "how mu" || q.Command != "ask" || string(q.Address.Chat) != s.place || q.From.ID != channel.PersonID(c.ID()) {
		t.Errorf("asked %+v", q)
	}
	got := ask(func(context.Context, channel.Completion) ([]channel.Choice, error) {
		out := []channel.Choice{{Label: "", Value: "x"}}
		for i := range 40 {
			out = append(out, channel.Choice{Label: fmt.Sprint(i, strings.Repeat("ä", 150)), Value: strings.Repeat("ö", 150)})
		}
		return out, nil
	})
	if len(got) != 25 || len([]rune(got[0][0])) != 100 || len([]rune(got[0][1])) != 100 {
		t.Errorf("%d choices", len(got))
	}
	for name, complete := range map[string]func(context.Context, channel.Completion) ([]channel.Choice, error){
		"error": func(context.Context, channel.Completion) ([]channel.Choice, error) { return nil, errors.New("no") },
		"slow": func(ctx context.Context, _ channel.Completion) ([]channel.Choice, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		},
		"panic": func(context.Context, channel.Completion) ([]channel.Choice, error) { panic("no") },
	} {
		if got := ask(complete); len(got) != 0 {
			t.Errorf("%s: choices %q", name, got)
		}
	}
	if n := len(s.core.all()); n != 0 {
		t.Errorf("%d events of typing", n)
	}
}
