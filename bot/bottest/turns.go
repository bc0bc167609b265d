package bottest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/faq"
	"faqbot/faq/fault"
	"faqbot/knowledge/eval"
	"faqbot/knowledge/insight"
)

var turnTests = []test{
	{"a stranger has no past", testStranger},
	{"a turn comes back as it was", testTurn},
	{"an event is acted on once", testOnce},
	{"of concurrent turns of one event one wins", testOneWinner},
	{"a stale conversation is a conflict and writes nothing", testStale},
	{"two first conversations in a place are a conflict", testTwoFirst},
	{"the newest conversation of a place is loaded", testNewest},
	{"people in a group are apart, and so are threads", testGroup},
	{"a customer's ticket is found until it is closed", testTicket},
	{"a stale ticket is a conflict and writes nothing", testStaleTicket},
	{"an action is found in the chat where it was offered", testAction},
	{"of two timers of a kind the last one holds", testTwoTimers},
	{"ticket numbers are fresh", testNumbers},
	{"a turn without a conversation is committed", testBare},
	{"forgetting leaves what the turn says", testErase},
	{"unusual texts come back exactly", testTexts},
	{"a thousand turns at once are all committed", testCrowd},
	{"one conversation under many hands loses no turn", testContention},
	{"an ended context commits nothing", testEnded},
}

func testStranger(t *testing.T, s Store) {
	got := load(t, s, says("ada", 1))
	if got.Seen || got.Conversation.ID != "" || got.Conversation.Version != 0 || got.Ticket != nil || got.Action != nil {
		t.Errorf("a stranger has a past: %+v", got)
	}
	if got.Fresh.Number < 1 {
		t.Errorf("the fresh number is %d", got.Fresh.Number)
	}
	wantSame(t, got.Event, says("ada", 1))
}

// full is a turn in which everything is set.
func full(customer string) bot.Turn {
	c := talk(customer)
	c.Profile = bot.Profile{Language: "pt-BR", Greeted: true}
	asked := bot.Asked{
		Utterance: "how long?", At: noon, Message: "in1", Entry: "returns", Refused: []faq.EntryID{"refunds"}, Miss: "miss-" + customer,
		Candidates: []insight.Candidate{{Entry: "returns", Confidence: 0.75}}, Listed: []faq.EntryID{"returns"},
		Heard: bot.Heard{Utterance: "how long?", Context: eval.Context{Language: "en", Network: string(network)}, Person: "p-" + customer},
	}
	c.State = bot.State{
		Language: "en", Collecting: []string{"hi", "how"}, CollectingSince: noon, Asked: asked, Misses: 2,
		Recent: []time.Time{noon}, Slowed: noon, LastQuestion: "how long", Repeats: 1,
	}
	return bot.Turn{
		Conversation: c,
		Lines: []bot.Line{
			{Text: "how long?", Message: "in1", At: noon, Attachments: []channel.Attachment{{Network: "memory", Media: channel.Photo, Ref: "p1"}}},
			{Text: "How long can I return something?", Entry: "returns", FromBot: true, At: noon},
		},
		Outcomes: []bot.Outcome{{Kind: bot.Answered, Entry: "returns", Confidence: 1, Language: "en", At: noon}},
		Misses: []insight.Miss{{ID: "miss-" + customer, Conversation: string(c.ID), Person: "p-" + customer, Utterance: "how long?",
			Reason: insight.Unsure, Candidates: asked.Candidates, Network: string(network), At: noon}},
		Judged: []eval.Judged{{ID: "judged-" + customer, Utterance: "how long?", Person: "p-" + customer, Entry: "returns", Verdict: eval.Wrong,
			Source: eval.Customer, At: noon}},
		Ticket:   ticketOf(c, "t-"+customer, 1),
		Timers:   []bot.Timer{{Kind: bot.TimerBurst, Due: after(time.Minute), Body: "3"}},
		Messages: []bot.Outgoing{message(customer, "30 days.")},
		Actions: []bot.Action{
			{Token: "k1-" + customer, Conversation: c.ID, Kind: bot.ActHelped, Entry: "returns", Asked: asked, Value: "v", At: noon},
			{Token: "k2-" + customer, Kind: bot.ActPerson, At: noon},
		},
	}
}

func testTurn(t *testing.T, s Store) {
	turn := full("ada")
	commit(t, s, says("ada", 1), turn)
	press := says("ada", 2)
	press.Kind, press.Body = channel.Press, "k1-ada"
	got := load(t, s, press)
	want := turn.Conversation
	want.Version = 1
	wantSame(t, got.Conversation, want)
	ticket := *turn.Ticket
	ticket.Version = 1
	wantSame(t, got.Ticket, &ticket)
	wantSame(t, got.Action, &turn.Actions[0])
	due, err := s.Deferred(t.Context(), "", after(time.Minute), 10)
	if err != nil || len(due) != 1 {
		t.Fatalf("%d timers are due (%v), want 1", len(due), err)
	}
	wantSame(t, due[0], channel.Event{
		ID: due[0].ID, Kind: channel.Due, At: after(time.Minute), From: turn.Conversation.Customer, Address: turn.Conversation.Address,
		Addressed: true, Command: string(bot.TimerBurst), Body: "3",
	})
	wantSame(t, texts(take(t, s, noon, 10)), []string{"30 days."})
	next := got.Conversation
	next.State = bot.State{}
	commit(t, s, press, bot.Turn{Conversation: next})
	next.Version = 2
	wantSame(t, load(t, s, says("ada", 3)).Conversation, next)
}

func testOnce(t *testing.T, s Store) {
	commit(t, s, says("ada", 1), bot.Turn{Conversation: talk("ada"), Messages: []bot.Outgoing{message("ada", "one")}})
	got := load(t, s, says("ada", 1))
	if !got.Seen {
		t.Error("a committed event was not seen")
	}
	wantSeen(t, s.Commit(t.Context(), says("ada", 1), bot.Turn{Conversation: got.Conversation, Messages: []bot.Outgoing{message("ada", "two")}}))
	wantSame(t, load(t, s, says("ada", 2)).Conversation.Version, int64(1))
	wantSame(t, texts(take(t, s, noon, 10)), []string{"one"})
}

func testOneWinner(t *testing.T, s Store) {
	const hands = 16
	errs := make([]error, hands)
	var wg sync.WaitGroup
	for i := range hands {
		wg.Go(func() {
			turn := bot.Turn{Conversation: talk("ada"), Messages: []bot.Outgoing{message("ada", "hello")}}
			errs[i] = s.Commit(t.Context(), says("ada", 1), turn)
		})
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		switch {
		case err == nil:
			won++
		case !errors.Is(err, bot.ErrSeen) && !fault.Is(err, fault.Conflict):
			t.Errorf("a loser was told %v", err)
		}
	}
	wantSame(t, won, 1)
	wantSame(t, texts(take(t, s, noon, 10)), []string{"hello"})
}

func testStale(t *testing.T, s Store) {
	commit(t, s, says("ada", 1), bot.Turn{Conversation: talk("ada")})
	stale := load(t, s, says("ada", 2)).Conversation
	commit(t, s, says("ada", 2), bot.Turn{Conversation: stale})
	turn := full("ada")
	turn.Conversation = stale
	wantConflict(t, s.Commit(t.Context(), says("ada", 3), turn))
	got := load(t, s, says("ada", 3))
	if got.Seen || got.Ticket != nil {
		t.Errorf("a turn that was refused left something: %+v", got)
	}
	wantSame(t, len(take(t, s, noon, 10)), 0)
	turn.Conversation.Version = got.Conversation.Version
	commit(t, s, says("ada", 3), turn)
	ghost := talk("bob")
	ghost.Version = 4
	wantConflict(t, s.Commit(t.Context(), says("bob", 1), bot.Turn{Conversation: ghost}))
}

func testTwoFirst(t *testing.T, s Store) {
	commit(t, s, says("ada", 1), bot.Turn{Conversation: talk("ada")})
	other := talk("ada")
	other.ID = "another"
	wantConflict(t, s.Commit(t.Context(), says("ada", 2), bot.Turn{Conversation: other}))
	wantSame(t, load(t, s, says("ada", 2)).Seen, false)
}

func testNewest(t *testing.T, s Store) {
	commit(t, s, says("ada", 1), bot.Turn{Conversation: talk("ada")})
	for n := int64(2); n <= 11; n++ {
		c := talk("ada")
		c.ID, c.Ordinal = bot.ConversationID(fmt.Sprint("later-", n)), n
		commit(t, s, says("ada", int(n)), bot.Turn{Conversation: c})
	}
	wantSame(t, load(t, s, says("ada", 99)).Conversation.ID, bot.ConversationID("later-11"))
	wantSame(t, load(t, s, says("bob", 99)).Conversation.ID, bot.ConversationID(""))
}

func testGroup(t *testing.T, s Store) {
	in := func(person, thread string, n int) channel.Event {
		e := says(person, n)
		e.Address = channel.Address{Network: network, Chat: "group", Thread: channel.ThreadID(thread)}
		return e
	}
	for _, e := range []channel.Event{in("ada", "", 1), in("bob", "", 1), in("ada", "t1", 2)} {
		c := bot.Conversation{ID: bot.ConversationID(e.From.ID) + bot.ConversationID(e.Address.Thread), Key: bot.KeyOf(e), Ordinal: 1,
			Address: e.Address, Customer: e.From}
		commit(t, s, e, bot.Turn{Conversation: c})
	}
	wantSame(t, load(t, s, in("ada", "", 9)).Conversation.ID, bot.ConversationID("ada"))
	wantSame(t, load(t, s, in("bob", "", 9)).Conversation.ID, bot.ConversationID("bob"))
	wantSame(t, load(t, s, in("ada", "t1", 9)).Conversation.ID, bot.ConversationID("adat1"))
	wantSame(t, load(t, s, in("bob", "t1", 9)).Conversation.ID, bot.ConversationID(""))
}

func testTicket(t *testing.T, s Store) {
	c := talk("ada")
	commit(t, s, says("ada", 1), bot.Turn{Conversation: c, Ticket: ticketOf(c, "t1", load(t, s, says("ada", 1)).Fresh.Number)})
	// It is the customer's, whichever of their conversations is the newest, and wherever on the network they write.
	c.ID, c.Ordinal = "second", 2
	commit(t, s, says("ada", 2), bot.Turn{Conversation: c})
	got := load(t, s, says("ada", 3))
	if got.Ticket == nil || got.Ticket.ID != "t1" || got.Ticket.Version != 1 {
		t.Fatalf("the open ticket is %+v", got.Ticket)
	}
	group := says("ada", 9)
	group.Address = channel.Address{Network: network, Chat: "group"}
	if elsewhere := load(t, s, group).Ticket; elsewhere == nil || elsewhere.ID != "t1" {
		t.Errorf("in a group the open ticket is %+v", elsewhere)
	}
	namesake := says("ada", 9)
	namesake.Address.Network = "othernet"
	for _, e := range []channel.Event{says("bob", 1), namesake} {
		if load(t, s, e).Ticket != nil {
			t.Error("somebody else has the ticket")
		}
	}
	for n, status := range []handoff.Status{handoff.Claimed, handoff.Waiting, handoff.Closed} {
		got := load(t, s, says("ada", 3+n))
		got.Ticket.Status = status
		commit(t, s, says("ada", 3+n), bot.Turn{Conversation: got.Conversation, Ticket: got.Ticket})
		after := load(t, s, says("ada", 4+n)).Ticket
		if status == handoff.Closed {
			wantSame(t, after == nil, true)
		} else {
			got.Ticket.Version++
			wantSame(t, after, got.Ticket)
		}
	}
}

func testStaleTicket(t *testing.T, s Store) {
	c := talk("ada")
	commit(t, s, says("ada", 1), bot.Turn{Conversation: c, Ticket: ticketOf(c, "t1", 7)})
	got := load(t, s, says("ada", 2))
	stale := *got.Ticket
	commit(t, s, says("ada", 2), bot.Turn{Conversation: got.Conversation, Ticket: got.Ticket})
	c = load(t, s, says("ada", 3)).Conversation
	wantConflict(t, s.Commit(t.Context(), says("ada", 3), bot.Turn{Conversation: c, Ticket: &stale, Messages: []bot.Outgoing{message("ada", "no")}}))
	wantConflict(t, s.Commit(t.Context(), says("ada", 3), bot.Turn{Conversation: c, Ticket: ticketOf(c, "t1", 8)}))
	wantSame(t, len(take(t, s, noon, 10)), 0)
	wantSame(t, load(t, s, says("ada", 3)).Conversation.Version, int64(2))
}

func testAction(t *testing.T, s Store) {
	commit(t, s, says("ada", 1), full("ada"))
	press := func(customer, token string) channel.Event {
		e := says(customer, 2)
		e.Kind, e.Body = channel.Press, token
		return e
	}
	got := load(t, s, press("ada", "k2-ada"))
	if got.Action == nil || got.Action.Kind != bot.ActPerson || got.Action.Conversation != "c-ada" {
		t.Errorf("the action is %+v", got.Action)
	}
	elsewhere := press("ada", "k1-ada")
	elsewhere.Address.Network = "othernet"
	typed := press("ada", "k1-ada")
	typed.Kind = channel.Text
	for name, event := range map[string]channel.Event{
		"in another chat": press("bob", "k1-ada"), "on another network": elsewhere, "unknown": press("ada", "k9"), "typed": typed,
		"empty": press("ada", ""),
	} {
		if action := load(t, s, event).Action; action != nil {
			t.Errorf("a token that is %s stands for %+v", name, action)
		}
	}
	// A link into the private chat is followed from another chat of the same network.
	start := press("ada", "k1-ada")
	start.Kind, start.Command, start.Address.Chat = channel.Command, "start", "another"
	if load(t, s, start).Action == nil {
		t.Error("a start link does not work from another chat")
	}
	start.Address.Network = "othernet"
	if load(t, s, start).Action != nil {
		t.Error("a start link works on another network")
	}
	// A button that a turn shows elsewhere, in the private chat say, works there.
	group := says("cy", 1)
	group.Address = channel.Address{Network: network, Chat: "group"}
	moved := message("cy", "Let us go on here.")
	moved.Message.Buttons = []channel.Button{{Label: "Take back", Action: "k-cy"}}
	c := bot.Conversation{ID: "c-group", Key: bot.KeyOf(group), Ordinal: 1, Address: group.Address, Customer: group.From}
	commit(t, s, group, bot.Turn{Conversation: c, Messages: []bot.Outgoing{moved},
		Actions: []bot.Action{{Token: "k-cy", Conversation: c.ID, Kind: bot.ActTakeBack, At: noon}}})
	if load(t, s, press("cy", "k-cy")).Action == nil {
		t.Error("a button does not work in the chat where it is shown")
	}
}

func testNumbers(t *testing.T, s Store) {
	const count = 120
	numbers := make(chan int64, count)
	var wg sync.WaitGroup
	for i := range count {
		wg.Go(func() {
			got, err := s.Load(t.Context(), says(fmt.Sprint("customer", i), 1))
			if err != nil {
				t.Error(err)
			}
			numbers <- got.Fresh.Number
		})
	}
	wg.Wait()
	close(numbers)
	seen := map[int64]bool{}
	var highest int64
	for n := range numbers {
		if n < 1 || seen[n] {
			t.Errorf("number %d is not fresh", n)
		}
		seen[n] = true
		highest = max(highest, n)
	}
	if highest > 10*count {
		t.Errorf("%d loads took numbers up to %d", count, highest)
	}
}

func testBare(t *testing.T, s Store) {
	turn := bot.Turn{
		Messages: []bot.Outgoing{message("ada", "hello")},
		Outcomes: []bot.Outcome{{Kind: bot.SmallTalk, At: noon}, {Kind: bot.SmallTalk, At: noon}},
	}
	commit(t, s, says("ada", 1), turn)
	turn.Messages = nil
	commit(t, s, says("ada", 2), turn)
	wantSame(t, load(t, s, says("ada", 1)).Seen, true)
	wantSame(t, texts(take(t, s, noon, 10)), []string{"hello"})
}

func testErase(t *testing.T, s Store) {
	commit(t, s, says("ada", 1), full("ada"))
	commit(t, s, says("bob", 1), func() bot.Turn { turn := full("bob"); turn.Ticket.Number = 2; return turn }())
	if err := s.Defer(t.Context(), says("ada", 8), errors.New("broken"), noon); err != nil {
		t.Fatal(err)
	}
	forget := says("ada", 2)
	forget.Kind = channel.Press
	stale := load(t, s, forget).Conversation
	fresh := talk("ada")
	fresh.Version = stale.Version
	bye := bot.Turn{Conversation: fresh, Erase: true, Messages: []bot.Outgoing{message("ada", "It is deleted.")}}
	wrong := bye
	wrong.Conversation.Version++
	wantConflict(t, s.Commit(t.Context(), forget, wrong))
	if load(t, s, forget).Ticket == nil {
		t.Error("a refused turn deleted something")
	}
	commit(t, s, forget, bye)
	press := says("ada", 3)
	press.Kind, press.Body = channel.Press, "k1-ada"
	got := load(t, s, press)
	fresh.Version++
	wantSame(t, got.Conversation, fresh)
	if got.Ticket != nil || got.Action != nil {
		t.Errorf("forgotten, but there are %+v and %+v", got.Ticket, got.Action)
	}
	due, err := s.Deferred(t.Context(), "", after(time.Hour), 10)
	if err != nil || len(due) != 1 || due[0].From.ID != "bob" {
		t.Errorf("after forgetting %+v is due (%v), want bob's timer alone", due, err)
	}
	wantSame(t, texts(take(t, s, noon, 10)), []string{"30 days.", "It is deleted."})
	// With no conversation left the customer is a stranger.
	commit(t, s, says("bob", 2), bot.Turn{Erase: true, Messages: []bot.Outgoing{message("bob", "Gone.")}})
	got = load(t, s, says("bob", 3))
	wantSame(t, got.Conversation, bot.Conversation{})
	wantSame(t, texts(take(t, s, noon, 10)), []string{"Gone."})
}

func testTexts(t *testing.T, s Store) {
	for i, text := range []string{
		"nul \x00 byte", "👩‍👩‍👧‍👦 🇧🇷 \U0001F9D1", "كم من الوقت\u202e", "tab\t\r\nline", `'; DROP TABLE lines; -- " \ %s $1 ?`,
		"\u2028\uFEFF\U0010FFFD", "  wide\u3000 ", "<b>&amp;</b>", strings.Repeat("ä", 20_000),
	} {
		e := says("ada", i)
		e.From.Name = text
		c := load(t, s, e).Conversation
		if c.ID == "" {
			c = talk("ada")
		}
		c.Customer.Name, c.State.Collecting = text, []string{text}
		commit(t, s, e, bot.Turn{Conversation: c, Lines: []bot.Line{{Text: text, At: noon}}, Messages: []bot.Outgoing{message("ada", text)}})
		c.Version++
		wantSame(t, load(t, s, says("ada", 999)).Conversation, c)
		rows := take(t, s, noon, 1)
		if len(rows) != 1 {
			t.Fatalf("%d rows for text %d", len(rows), i)
		}
		wantSame(t, rows[0].Outgoing.Message.Content, channel.PlainDocument(text))
		settle(t, s, bot.SendResult{ID: rows[0].ID, Message: "m", At: noon})
	}
	strange := says("bad\x00\xff", 1)
	commit(t, s, strange, bot.Turn{Messages: []bot.Outgoing{message("bad\x00\xff", "hi")}})
	wantSame(t, load(t, s, strange).Seen, true)
}

func testEnded(t *testing.T, s Store) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Commit(ctx, says("ada", 1), full("ada")); err == nil {
		t.Error("commit did not mind that its context had ended")
	}
	if _, err := s.Load(ctx, says("ada", 1)); err == nil {
		t.Error("load did not mind that its context had ended")
	}
	got := load(t, s, says("ada", 1))
	if got.Seen || got.Conversation.ID != "" {
		t.Errorf("something was committed: %+v", got)
	}
}

func testTwoTimers(t *testing.T, s Store) {
	e := says("ada", 1)
	commit(t, s, e, bot.Turn{Conversation: talk("ada"), Timers: []bot.Timer{
		{Kind: bot.TimerReach, Due: after(time.Hour)}, {Kind: bot.TimerPromise, Due: after(time.Minute), Body: "first"}, {Kind: bot.TimerPromise, Due: after(2 * time.Minute), Body: "last"},
		{Kind: bot.TimerReach},
	}})
	due, err := s.Deferred(t.Context(), network, after(2*time.Hour), 10)
	if err != nil || len(due) != 1 || due[0].Body != "last" {
		t.Errorf("due are %+v (%v)", due, err)
	}
}
