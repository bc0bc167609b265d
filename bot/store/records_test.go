package store_test

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
	"faqbot/bot/webchat"
	"faqbot/faq"
	"faqbot/knowledge"
	"faqbot/knowledge/eval"
	"faqbot/knowledge/insight"
	"faqbot/knowledge/insight/webhook"
)

func situation(t testing.TB, s *store.Store, e channel.Event) bot.Situation {
	t.Helper()
	v, err := s.Load(t.Context(), e)
	must(t, err)
	return v
}

func deliver(t *testing.T, s *store.Store, result bot.SendResult) {
	t.Helper()
	for {
		rows, err := s.Take(t.Context(), "test", noon, 100)
		must(t, err)
		if len(rows) == 0 {
			return
		}
		for _, row := range rows {
			result.ID, result.At = row.ID, noon
			must(t, s.Settle(t.Context(), result))
		}
	}
}

func TestStore_Lines(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s := open(t, settings)
		want := slices.Clone(answer(t, s, says("ada", 1)).Lines)
		want = append(want, answer(t, s, says("ada", 2)).Lines...)
		lines, err := s.Lines(t.Context(), "c-ada")
		must(t, err)
		wantSame(t, lines, want)
		deliver(t, s, bot.SendResult{Message: "out1"})
		want[1].Message, want[3].Message = "out1", "out1"
		lines, err = s.Lines(t.Context(), "c-ada")
		must(t, err)
		wantSame(t, lines, want)
		lines, err = s.Lines(t.Context(), "nothing")
		must(t, err)
		wantSame(t, lines, []bot.Line{})
	})
}

func TestStore_lists(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s := open(t, settings)
		for i, name := range []string{"ada", "bob", "cy"} {
			e := says(name, 1)
			e.At = noon.Add(time.Duration(i) * time.Hour)
			must(t, s.Commit(t.Context(), e, handOff(e, bot.Conversation{}, int64(10+i))))
		}
		v := situation(t, s, says("bob", 2))
		v.Ticket.Status = handoff.Closed
		v.Ticket.ClosedAt = noon
		e := says("bob", 2)
		done := turn(e, v.Conversation)
		done.Ticket = v.Ticket
		done.Misses = []insight.Miss{{ID: "miss-test:bob:1", Aftermath: insight.Aftermath{Answered: true}, Network: "test", At: noon, Conversation: "c-bob"}}
		done.Outcomes = []bot.Outcome{{Kind: bot.Helped, Entry: "shipping", At: noon}, {Kind: bot.NotMeant, Entry: "spam", At: noon}}
		must(t, s.Commit(t.Context(), e, done))

		numbers := func(status handoff.Status, limit int) (out []int64) {
			tickets, err := s.Tickets(t.Context(), status, limit)
			must(t, err)
			for _, ticket := range tickets {
				out = append(out, ticket.Number)
			}
			return out
		}
		wantSame(t, numbers("", 10), []int64{12, 10})
		wantSame(t, numbers("", 1), []int64{12})
		wantSame(t, numbers(handoff.Open, 10), []int64{12, 10})
		wantSame(t, numbers(handoff.Closed, 10), []int64{11})

		misses, err := s.Misses(t.Context(), noon, 10)
		must(t, err)
		if len(misses) != 3 || misses[0].ID != "miss-test:cy:1" || !misses[2].Answered && !misses[1].Answered {
			t.Errorf("the misses are %+v", misses)
		}
		misses, err = s.Misses(t.Context(), noon.Add(time.Hour), 10)
		must(t, err)
		wantSame(t, len(misses), 1)

		popular, err := s.Popular(t.Context(), noon, 10)
		must(t, err)
		wantSame(t, popular, []faq.EntryID{"returns", "shipping"})
		popular, err = s.Popular(t.Context(), noon.Add(3*time.Hour), 10)
		must(t, err)
		wantSame(t, popular, []faq.EntryID{})

		e = says("bob", 3)
		view, err := s.Load(t.Context(), e)
		must(t, err)
		asked := turn(e, view.Conversation)
		asked.Outcomes = []bot.Outcome{
			{Kind: bot.Answered, Entry: "spam", Confidence: 0.9, At: noon.Add(4 * time.Hour)}, {Kind: bot.Answered, Entry: "spam", Confidence: 1, At: noon.Add(4 * time.Hour)},
			{Kind: bot.Clarified, Confidence: 0.4, At: noon.Add(4 * time.Hour)}, {Kind: bot.FellBack, At: noon.Add(4 * time.Hour)},
			{Kind: bot.FellBack, At: noon.Add(5 * time.Hour)}, {Kind: bot.SmallTalk, At: noon.Add(5 * time.Hour)}, {Kind: bot.Answered, Confidence: 0.9, At: noon.Add(3 * time.Hour)},
		}
		must(t, s.Commit(t.Context(), e, asked))
		traffic, err := s.Traffic(t.Context(), noon.Add(4*time.Hour))
		must(t, err)
		wantSame(t, traffic, knowledge.Traffic{Answered: 1, Clarified: 1, FellBack: 2})
		traffic, err = s.Traffic(t.Context(), noon.Add(6*time.Hour))
		must(t, err)
		wantSame(t, traffic, knowledge.Traffic{})
	})
}

func TestStore_Counts(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s := open(t, settings)
		c, err := s.Counts(t.Context())
		must(t, err)
		wantSame(t, c, store.Counts{})
		publish(t, s, "a", 1)
		for i, name := range []string{"ada", "bob", "cy"} {
			must(t, s.Commit(t.Context(), says(name, 1), handOff(says(name, 1), bot.Conversation{}, int64(i+1))))
		}
		must(t, s.Defer(t.Context(), says("ada", 2), errors.New("first"), noon))
		for range 3 {
			must(t, s.Defer(t.Context(), says("bob", 2), errors.New("no matcher"), noon))
		}
		rows, err := s.Take(t.Context(), "test", noon, 2)
		must(t, err)
		must(t, s.Settle(t.Context(), bot.SendResult{ID: rows[0].ID, Reason: "refused", At: noon}))
		c, err = s.Counts(t.Context())
		must(t, err)
		wantSame(t, c, store.Counts{Entries: 1, Conversations: 3, OpenTickets: 3, OutboxWaiting: 2, OutboxFailed: 1, Deferred: 1, SetAside: 1})
		aside, err := s.SetAside(t.Context(), 10)
		must(t, err)
		wantSame(t, aside, []store.SetAside{{Event: says("bob", 2), Cause: "no matcher", Attempts: 3}})
		due, err := s.NextDue(t.Context())
		must(t, err)
		wantSame(t, due, noon)
	})
}

func TestStore_Cursors(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s := open(t, settings)
		for key, value := range map[string]string{"telegram:1": "17", "telegram:2": "x\x00y", "tele%gram": "a", "telegram_": "b"} {
			must(t, s.SetCursor(t.Context(), key, "old"))
			must(t, s.SetCursor(t.Context(), key, value))
		}
		value, err := s.Cursor(t.Context(), "telegram:1")
		must(t, err)
		wantSame(t, value, "17")
		value, err = s.Cursor(t.Context(), "nothing")
		must(t, err)
		wantSame(t, value, "")
		all, err := s.Cursors(t.Context(), "telegram:")
		must(t, err)
		wantSame(t, all, map[string]string{"telegram:1": "17", "telegram:2": "x\uFFFDy"})
		must(t, s.SetCursor(t.Context(), "telegram:1", ""))
		all, err = s.Cursors(t.Context(), "")
		must(t, err)
		wantSame(t, len(all), 3)
	})
}

// marker is in everything that a customer says, is called and is reached by.
const marker = "zanzibar-4711"

// leaveTraces makes a customer leave something in every table.
func leaveTraces(t *testing.T, s *store.Store, customer string) {
	t.Helper()
	e := says(customer, 1)
	handed := handOff(e, bot.Conversation{}, situation(t, s, e).Fresh.Number)
	ticket := handed.Ticket.ID
	handed.Threads = []handoff.Thread{{Ticket: ticket, Desk: "desk-" + handoff.DeskID(customer), Address: channel.Address{Network: "test", Chat: "staff"}, State: handoff.Wanted}}
	handed.Block = &handoff.Block{Network: "test", Person: e.From.ID, Number: 1, Until: noon.Add(86 * day), By: "Ben"}
	handed.Messages[0].Post = bot.Post{Ticket: ticket, Origin: handoff.Spot{Address: e.Address, Message: "written"}}
	handed.Messages = append(handed.Messages, bot.Outgoing{
		Message: channel.Message{To: channel.Address{Network: "test", Chat: "staff"}, Content: channel.PlainDocument("of " + customer)},
		Post:    bot.Post{Ticket: ticket, Desk: handed.Threads[0].Desk, Act: handoff.OpensThread},
	})
	must(t, s.Commit(t.Context(), e, handed))
	deliver(t, s, bot.SendResult{Message: channel.MessageID("m-" + customer)})
	group := says(customer, 2)
	group.Address = channel.Address{Network: "test", Chat: "group", Thread: "7"}
	must(t, s.Commit(t.Context(), group, func() bot.Turn {
		done := turn(group, bot.Conversation{ID: bot.ConversationID("g-" + customer), Key: bot.KeyOf(group), Ordinal: 1})
		done.Lines = append(done.Lines, bot.Line{Text: "in a group: " + customer, At: noon})
		done.Misses = []insight.Miss{{ID: "old-" + customer, Conversation: "pruned", Person: insight.PersonOf("test", customer),
			Utterance: customer, Network: "test", At: noon}}
		done.Judged = []eval.Judged{said(customer, "returns", eval.Right)}
		for i := range done.Actions {
			done.Actions[i].Token = "g" + done.Actions[i].Token
		}
		return done
	}()))
	deliver(t, s, bot.SendResult{Reason: "refused, said " + customer})
	answer(t, s, says(customer, 3)) // waits
	must(t, s.Commit(t.Context(), says(customer, 4), bot.Turn{Messages: turn(says(customer, 4), bot.Conversation{}).Messages}))
	for n := range 4 {
		must(t, s.Defer(t.Context(), says(customer, 5+n/3), errors.New("cause "+customer), noon))
	}
	must(t, s.SetCursor(t.Context(), "aside/test/17", `{"from": {"name": "`+customer+`"}}`))
	must(t, s.SetCursor(t.Context(), "test:me:17", "17;"+customer))
	visitor := says(customer, 7)
	visitor.Address.Network = "webchat"
	session := webchat.Session{TokenHash: strings.Repeat("f", 64), Visitor: visitor.Address.Chat, Created: noon}
	must(t, s.Webchat().CreateSession(t.Context(), session))
	_, err := s.Webchat().Append(t.Context(), session.Visitor, webchat.Line{Key: "in:1", At: noon, Body: []byte(`"` + customer + `"`)})
	must(t, err)
	done := turn(visitor, bot.Conversation{ID: bot.ConversationID("w-" + customer)})
	done.Conversation.Key, done.Conversation.Ordinal = bot.KeyOf(visitor), 1
	done.Actions = nil
	must(t, s.Commit(t.Context(), visitor, done))
	must(t, store.Announce(t.Context(), s, webhook.GapOpened, webhook.Gap{ID: "g1", Title: customer, Status: customer}, noon))
}

// traces are the places of all tables where a text contains the marker.
func traces(t *testing.T, db *sql.DB, tables []string) map[string]int {
	t.Helper()
	found := map[string]int{}
	for _, table := range tables {
		rows, err := db.Query(`SELECT * FROM ` + table)
		must(t, err)
		columns, err := rows.Columns()
		must(t, err)
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		for rows.Next() {
			must(t, rows.Scan(into...))
			for i, v := range values {
				if strings.Contains(fmt.Sprint(v), marker) {
					found[table+"."+columns[i]]++
				}
			}
		}
		must(t, rows.Err())
		rows.Close()
	}
	return found
}

func allTables(t *testing.T, db *sql.DB, settings store.Settings) []string {
	t.Helper()
	query := `SELECT name FROM sqlite_master WHERE type = 'table'`
	if settings.URL != "" {
		query = `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`
	}
	rows, err := db.Query(query)
	must(t, err)
	defer rows.Close()
	var out []string
	for rows.Next() {
		var name string
		must(t, rows.Scan(&name))
		out = append(out, name)
	}
	return out
}

// impersonal are the tables in which nothing of a customer stands.
var impersonal = []string{"counters", "entries", "revisions", "synonyms", "desks", "staff", "codes", "saved", "gaps", "gap_edits", "tallies", "handoffs", "promises", "sampled",
	"leases", "goose_db_version", "sqlite_sequence"}

// wantTraced holds the tests of what is deleted to every table there is.
func wantTraced(t *testing.T, found map[string]int, tables []string) {
	t.Helper()
	var traced []string
	for place := range found {
		table, _, _ := strings.Cut(place, ".")
		traced = append(traced, table)
	}
	for _, table := range tables {
		if !slices.Contains(impersonal, table) && !slices.Contains(traced, table) {
			t.Errorf("the test leaves no trace in %s", table)
		}
	}
}

func TestStore_Erase(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s, db := open(t, settings), raw(t, settings)
		tables := allTables(t, db, settings)
		leaveTraces(t, s, marker)
		answer(t, s, says("bob", 1))
		wantTraced(t, traces(t, db, tables), tables)
		must(t, s.SetCursor(t.Context(), "aside/other/17", "nobody"))
		for _, network := range []channel.Network{"test", "webchat"} {
			n, err := s.Erase(t.Context(), network, marker)
			must(t, err)
			if n == 0 {
				t.Errorf("nothing was erased on %s", network)
			}
		}
		after := traces(t, db, tables)
		delete(after, "inbox.event") // the network's own name of an event, which this test's network makes of the customer
		wantSame(t, after, map[string]int{})
		wantSame(t, situation(t, s, says("bob", 2)).Conversation.Version, int64(1))
		kept, err := s.Cursors(t.Context(), "")
		must(t, err)
		wantSame(t, kept, map[string]string{"aside/other/17": "nobody"})
		rows, err := s.Take(t.Context(), "test", noon, 10)
		must(t, err)
		wantSame(t, len(rows), 1)
		popular, err := s.Popular(t.Context(), noon, 10)
		must(t, err)
		wantSame(t, popular, []faq.EntryID{"returns"})
		n, err := s.Erase(t.Context(), "test", "nobody")
		must(t, err)
		wantSame(t, n, 0)
		if settings.URL == "" {
			wantNotInFiles(t, settings.Dir, "Name of "+marker)
		}
	})
}

// wantNotInFiles looks at what a thief of the disk would see.
func wantNotInFiles(t *testing.T, dir, text string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	must(t, err)
	for _, name := range files {
		content, err := os.ReadFile(name)
		must(t, err)
		if n := bytes.Count(content, []byte(text)); n > 0 {
			t.Errorf("%s holds what was erased %d times", filepath.Base(name), n)
		}
	}
}

func TestStore_Commit_erase(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s, db := open(t, settings), raw(t, settings)
		leaveTraces(t, s, marker)
		e := says(marker, 9)
		must(t, s.Commit(t.Context(), e, bot.Turn{Erase: true, Messages: []bot.Outgoing{{Message: channel.Message{
			To: e.Address, Content: channel.PlainDocument("Deleted.")}}}}))
		_, err := s.Erase(t.Context(), "webchat", marker)
		must(t, err)
		after := traces(t, db, allTables(t, db, settings))
		delete(after, "inbox.event")
		// The turn's own message has to know where to go.
		wantSame(t, after, map[string]int{"outbox.chat": 1, "outbox.conversation": 1, "outbox.body": 1, "queues.chat": 1})
		rows, err := s.Take(t.Context(), "test", noon, 10)
		must(t, err)
		if len(rows) != 1 || rows[0].Outgoing.Message.Content.PlainText() != "Deleted." {
			t.Errorf("what is sent is %+v", rows)
		}
	})
}

func TestStore_Prune(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		now := noon
		s := storetest.Open(t, settings, store.Options{Now: func() time.Time { return now }})
		db := raw(t, settings)
		count := func(table string) (n int) {
			must(t, db.QueryRow(`SELECT count(*) FROM `+table).Scan(&n))
			return n
		}
		for i := range 700 { // more than a batch
			e := says(fmt.Sprint("old", i), 1)
			e.At = noon.Add(-time.Hour)
			must(t, s.Commit(t.Context(), e, turn(e, bot.Conversation{})))
		}
		deliver(t, s, bot.SendResult{Message: "m"})
		now = noon.Add(time.Hour)
		for i := range 5 {
			e := says(fmt.Sprint("new", i), 1)
			e.At = now
			must(t, s.Commit(t.Context(), e, turn(e, bot.Conversation{})))
		}
		cut := noon.Add(time.Minute)
		must(t, s.Prune(t.Context(), store.Retention{}))
		wantSame(t, count("lines"), 2*705)
		must(t, s.Prune(t.Context(), store.Retention{Lines: cut, Misses: cut, Inbox: cut, Outbox: cut, Actions: cut}))
		wantSame(t, count("lines"), 2*5)
		wantSame(t, count("outcomes"), 5)
		wantSame(t, count("actions"), 3*5)
		wantSame(t, count("outbox"), 5)  // those that wait
		wantSame(t, count("inbox"), 705) // none is two days old
		now = noon.Add(49 * time.Hour)
		must(t, s.Prune(t.Context(), store.Retention{Inbox: now}))
		wantSame(t, count("inbox"), 5)
		rows, err := s.Take(t.Context(), "test", now, 100)
		must(t, err)
		wantSame(t, len(rows), 5)
	})
}

func TestStore_Erase_whileRead(t *testing.T) {
	t.Parallel()
	settings := storetest.SQLite(t)
	s, db := open(t, settings), raw(t, settings)
	answer(t, s, says("ada", 1))
	reading, err := db.Begin()
	must(t, err)
	defer reading.Rollback()
	var n int
	must(t, reading.QueryRow(`SELECT count(*) FROM lines`).Scan(&n))
	began := time.Now()
	_, err = s.Erase(t.Context(), "test", "ada")
	must(t, err)
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("a reading held everything up for %v", took)
	}
}
