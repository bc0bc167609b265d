package store_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/bot/store"
	"faqbot/faq"
	"faqbot/faq/fault"
	"faqbot/knowledge/insight"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// raw is the database without a store.
func raw(t testing.TB, settings store.Settings) *sql.DB {
	t.Helper()
	driver, name := "pgx", settings.URL
	if name == "" {
		driver, name = "sqlite", "file:"+filepath.Join(settings.Dir, store.File)+"?_pragma=busy_timeout(10000)"
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func says(customer string, n int) channel.Event {
	return channel.Event{
		ID: channel.EventID(fmt.Sprintf("test:%s:%d", customer, n)), Kind: channel.Text, At: noon, Body: "How long may " + customer + " return it?",
		From:    channel.Person{ID: channel.PersonID(customer), Name: "Name of " + customer, Username: "@" + customer},
		Address: channel.Address{Network: "test", Chat: channel.ChatID(customer), Private: true}, Message: channel.MessageID(fmt.Sprint("in", n)),
		Addressed: true,
	}
}

// turn is what usually follows from a question: two lines, an outcome, a miss sometimes, an answer with three buttons.
func turn(e channel.Event, c bot.Conversation) bot.Turn {
	customer := string(e.From.ID)
	if c.ID == "" {
		c = bot.Conversation{ID: bot.ConversationID("c-" + customer), Key: bot.KeyOf(e), Ordinal: 1, OpenedAt: e.At}
	}
	c.Address, c.Customer, c.LastAt = e.Address, e.From, e.At
	name := fmt.Sprintf("%s-%d", customer, c.Version+1)
	asked := bot.Asked{Utterance: e.Body, At: e.At, Message: e.Message, Entry: "returns",
		Candidates: []insight.Candidate{{Entry: "returns", Confidence: 0.9}, {Entry: "refunds", Confidence: 0.05}}}
	c.State.Asked, c.State.LastQuestion = asked, e.Body
	t := bot.Turn{
		Conversation: c,
		Lines: []bot.Line{
			{Text: e.Body, Message: e.Message, At: e.At}, {Text: "How long can I return something?", Entry: "returns", FromBot: true, At: e.At},
		},
		Outcomes: []bot.Outcome{{Kind: bot.Answered, Entry: "returns", Confidence: 0.9, Language: "en", At: e.At}},
		Tallies: []insight.Tally{{
			Conversation: string(c.ID), Person: insight.PersonOf("test", customer), Network: "test", Language: "en", Started: c.OpenedAt, At: e.At,
			Counts: insight.Counts{Questions: 1, Answers: 1}, Standing: insight.Met, Confirmed: true,
		}},
		Messages: []bot.Outgoing{{Message: channel.Message{
			To: e.Address, Content: channel.Parse("You can return anything within **30 days**. See [the rules](https://shop.example/returns)."),
			Buttons: []channel.Button{{Label: "That helped", Action: "h-" + name}, {Label: "Not what I meant", Action: "n-" + name},
				{Label: "Talk to a person", Action: "p-" + name}},
		}}},
	}
	for _, kind := range []bot.ActionKind{bot.ActHelped, bot.ActNotMeant, bot.ActPerson} {
		t.Actions = append(t.Actions, bot.Action{Token: string(kind[0:1]) + "-" + name, Conversation: c.ID, Kind: kind, Entry: "returns", Asked: asked, At: e.At})
	}
	return t
}

// handOff is a turn that keeps something in every table there is for a customer.
func handOff(e channel.Event, c bot.Conversation, number int64) bot.Turn {
	t := turn(e, c)
	c = t.Conversation
	t.Misses = []insight.Miss{{ID: "miss-" + string(e.ID), Conversation: string(c.ID), Person: "test:" + string(e.From.ID), Utterance: e.Body,
		Reason: insight.AskedPerson, Network: "test", At: e.At}}
	t.Ticket = &handoff.Ticket{ID: handoff.TicketID("t-" + string(e.ID)), Number: number, Conversation: string(c.ID), Status: handoff.Open,
		Customer: handoff.Customer{Person: c.Customer, Address: c.Address}, Matter: handoff.Matter{Question: e.Body}, OpenedAt: e.At}
	t.Ticket.Promise = handoff.NewPromise(handoff.FirstReply, handoff.Range{From: e.At, To: e.At.Add(time.Hour)}, e.At).Move(e.At.Add(2*time.Hour), e.At.Add(time.Minute))
	t.Tallies[0].Ticket = string(t.Ticket.ID)
	t.Sampled = &bot.Verdict{Given: insight.Given{Conversation: string(c.ID), Version: 1, At: e.At}, Verdict: insight.RatedRight}
	t.Timers = []bot.Timer{{Kind: bot.TimerBurst, Due: noon, Body: "about " + string(e.From.ID)}}
	return t
}

// answer commits a turn of a customer and returns it.
func answer(t testing.TB, s *store.Store, e channel.Event) bot.Turn {
	t.Helper()
	situation, err := s.Load(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	done := turn(e, situation.Conversation)
	if err := s.Commit(t.Context(), e, done); err != nil {
		t.Fatal(err)
	}
	return done
}

func publish(t testing.TB, s *store.Store, id faq.EntryID, number int) {
	t.Helper()
	r := faq.Revision{Number: number, Status: faq.Published, Live: number, By: "ada", At: noon, Content: faq.Entry{
		ID: id, Language: "en", Question: "What is " + string(id) + "?", Answers: []faq.Answer{{Language: "en", Text: "This."}}}}
	if err := s.Append(t.Context(), r); err != nil {
		t.Fatal(err)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantSame(t testing.TB, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("not what was expected (-want +got):\n%s", diff)
	}
}

func wantKind(t testing.TB, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Errorf("got error %v of kind %q, want kind %q", err, fault.KindOf(err), kind)
	}
}
