package store_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
	"faqbot/knowledge/insight"
)

// counts is a customer who asks at a time and is answered.
func counts(t *testing.T, s *store.Store, e channel.Event, at time.Time, change func(*bot.Turn)) bot.Turn {
	t.Helper()
	e.At = at
	done := turn(e, situation(t, s, e).Conversation)
	done.Tallies = []insight.Tally{{
		Conversation: string(done.Conversation.ID), Person: insight.PersonOf("test", string(e.From.ID)), Network: "test", Language: "en",
		Started: done.Conversation.OpenedAt, At: at, Counts: insight.Counts{Questions: 1, Answers: 1}, Standing: insight.Met,
	}}
	if change != nil {
		change(&done)
	}
	must(t, s.Commit(t.Context(), e, done))
	return done
}

// figureRows is everything that figures are made of, a text for each row.
func figureRows(t *testing.T, db *sql.DB) []string {
	t.Helper()
	var out []string
	for _, table := range []string{"tallies", "handoffs", "promises", "sampled"} {
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
			out = append(out, table+": "+fmt.Sprint(values...))
		}
		must(t, rows.Err())
		must(t, rows.Close())
	}
	return out
}

func TestStore_Erase_figures(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		now := noon.Add(47*time.Minute + 11*time.Second)
		s, db := storetest.Open(t, settings, store.Options{Now: func() time.Time { return now }}), raw(t, settings)
		asked := now
		counts(t, s, says("ada", 1), asked, nil)
		ticket := handoff.TicketID("the-ticket")
		handed := counts(t, s, says("ada", 2), asked.Add(time.Minute), func(done *bot.Turn) {
			done.Tallies[0].Ticket = string(ticket)
			done.Ticket = &handoff.Ticket{ID: ticket, Number: 1, Conversation: string(done.Conversation.ID), Status: handoff.Open, OpenedAt: asked.Add(time.Minute),
				Customer: handoff.Customer{Person: done.Conversation.Customer, Address: done.Conversation.Address}}
			done.Ticket.RepliedAt = asked.Add(4 * time.Minute)
			for i := range 2 { // of which the first had gone by
				done.Ticket.Promise = handoff.NewPromise(handoff.FirstReply, handoff.Range{From: asked, To: asked.Add(time.Duration(i+1) * time.Hour)}, asked.Add(time.Duration(i)*time.Minute))
			}
			given := insight.Given{Conversation: string(done.Conversation.ID), Version: 1, At: asked}
			done.Sampled = &bot.Verdict{Given: given, Verdict: insight.RatedWrong}
		})
		counts(t, s, says("bob", 1), asked, nil)
		period := insight.WeekOf(noon.UTC())
		whole := func(r insight.Report) string {
			return strings.Join(strings.Fields(fmt.Sprint(r.Sections)), " ")
		}
		before, err := insight.NewReport(t.Context(), s, period, now)
		must(t, err)
		if n := len(figureRows(t, db)); n != 5 {
			t.Fatalf("there are %d rows: %q", n, figureRows(t, db))
		}
		_, err = s.Erase(t.Context(), "test", "ada")
		must(t, err)
		after, err := insight.NewReport(t.Context(), s, period, now)
		must(t, err)
		wantSame(t, whole(after), whole(before))
		left := strings.Join(figureRows(t, db), "\n")
		for name, trace := range map[string]string{
			"the conversation": insight.Alias(string(handed.Conversation.ID)), "the ticket": insight.Alias(string(ticket)),
			"the person": insight.PersonOf("test", "ada"), "the answer": insight.Given{Conversation: string(handed.Conversation.ID), Version: 1}.Alias(),
			"a time": fmt.Sprint(asked.Add(time.Minute).UnixMicro()),
		} {
			if strings.Contains(left, trace) {
				t.Errorf("%s is still there:\n%s", name, left)
			}
		}
		tickets, err := s.Handoffs(t.Context(), period)
		must(t, err)
		if len(tickets) != 1 || tickets[0].RepliedAt.Sub(tickets[0].OpenedAt) != 3*time.Minute || !tickets[0].OpenedAt.Equal(noon.Add(45*time.Minute)) {
			t.Errorf("of the ticket there is %+v", tickets)
		}
		promises, err := s.Promises(t.Context(), period, now)
		must(t, err)
		wantSame(t, len(promises), 1)
		wantSame(t, promises[0].Fate, insight.PromiseVoid)
	})
}

// Who was answered and has everything deleted before the week is over was not silent: nobody will know.
func TestStore_Erase_unsettled(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		for _, c := range []struct {
			after time.Duration
			want  insight.Bucket
		}{{3 * day, insight.GivenUp}, {8 * day, insight.Silent}} {
			now := noon
			s := storetest.Open(t, settings, store.Options{Now: func() time.Time { return now }})
			name := fmt.Sprint("ada", c.after)
			at := noon.Add(time.Duration(-c.after)) // each in a week of its own
			counts(t, s, says(name, 1), at, nil)
			now = at.Add(c.after)
			_, err := s.Erase(t.Context(), "test", channel.PersonID(name))
			must(t, err)
			found, err := s.Conversations(t.Context(), insight.Period{From: at.Add(-day), To: at.Add(day)}, now)
			must(t, err)
			wantSame(t, len(found), 1)
			wantSame(t, found[0].Bucket(at.Add(30*day)), c.want)
		}
	})
}

// A conversation and the one after it are one person's for as long as it takes to know whether they come back, however short the retention is.
func TestStore_Prune_figures(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		now := noon
		s, db := storetest.Open(t, settings, store.Options{Now: func() time.Time { return now }}), raw(t, settings)
		person := func() bool {
			return strings.Contains(strings.Join(figureRows(t, db), "\n"), insight.PersonOf("test", "ada"))
		}
		returned := func() (out []bool) {
			found, err := s.Conversations(t.Context(), insight.Period{From: noon.Add(-day), To: noon.Add(100 * day)}, now)
			must(t, err)
			for _, c := range found {
				out = append(out, c.Returned)
			}
			return out
		}
		counts(t, s, says("ada", 1), now, nil)
		now = noon.Add(6 * day)
		must(t, s.Prune(t.Context(), store.Retention{Lines: now, Misses: now, Inbox: now, Outbox: now, Actions: now}))
		wantSame(t, person(), true)
		again := says("ada", 2)
		counts(t, s, again, now, func(done *bot.Turn) {
			done.Conversation.ID = "later"
			done.Conversation.OpenedAt = now
			done.Tallies[0].Conversation, done.Tallies[0].Started = "later", now
			done.Actions = nil
		})
		wantSame(t, returned(), []bool{true, false})
		now = noon.Add(15 * day)
		must(t, s.Prune(t.Context(), store.Retention{}))
		wantSame(t, person(), false)
		wantSame(t, returned(), []bool{true, false})
	})
}

// What another says of somebody's answer counts for nothing, and neither does what comes too late.
func TestStore_Commit_late(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		now := noon
		s := storetest.Open(t, settings, store.Options{Now: func() time.Time { return now }})
		counts(t, s, says("ada", 1), noon, nil)
		for i, c := range []struct {
			name   string
			person string
			after  time.Duration
			want   bool
		}{{"another person", "bob", day, false}, {"too late", "ada", 8 * day, false}, {"in time", "ada", 2 * day, true}} {
			now = noon.Add(c.after)
			word := insight.Tally{Conversation: "c-ada", Person: insight.PersonOf("test", c.person), Network: "test", At: now, Confirmed: true, Standing: insight.Met, Late: true}
			must(t, s.Commit(t.Context(), says(c.person, 10+i), bot.Turn{Tallies: []insight.Tally{word}}))
			found, err := s.Conversations(t.Context(), insight.Period{From: noon.Add(-day), To: noon.Add(day)}, now)
			must(t, err)
			if len(found) != 1 || found[0].Confirmed != c.want {
				t.Errorf("%s: %+v", c.name, found)
			}
		}
	})
}

// TestStore_Promises_settle: that a matter is settled is a promise as an answer is: each is counted, and neither takes the place of the other.
func TestStore_Promises_settle(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		now := noon
		s := storetest.Open(t, settings, store.Options{Now: func() time.Time { return now }})
		e := says("ada", 1)
		done := handOff(e, bot.Conversation{}, 1)
		ticket := *done.Ticket
		ticket.OpenedAt = noon
		ticket.Promise = handoff.NewPromise(handoff.FirstReply, handoff.Range{From: noon, To: noon.Add(time.Hour)}, noon)
		fates := func() (out []string) {
			promises, err := s.Promises(t.Context(), insight.WeekOf(noon.UTC()), now)
			must(t, err)
			for _, p := range promises {
				out = append(out, string(p.Fate))
			}
			return out
		}
		for i, step := range []struct {
			change func(t *handoff.Ticket)
			want   []string
		}{
			{func(*handoff.Ticket) {}, []string{"pending"}},
			{func(t *handoff.Ticket) {
				t.Promise = t.Promise.Keep(now)
				t.Settle = handoff.NewPromise(handoff.Resolve, handoff.Range{From: now, To: noon.Add(3 * time.Hour)}, now)
			}, []string{"kept", "pending"}},
			{func(t *handoff.Ticket) { t.Settle = t.Settle.Move(noon.Add(5*time.Hour), now) }, []string{"kept", "pending"}},
			{func(t *handoff.Ticket) { t.Settle, t.Status, t.ClosedAt = t.Settle.Keep(now), handoff.Closed, now }, []string{"kept", "kept"}},
			{func(t *handoff.Ticket) { t.Settle, t.Status = t.Settle.Again(now), handoff.Open }, []string{"kept", "pending"}},
		} {
			now = noon.Add(time.Duration(i) * 10 * time.Minute)
			step.change(&ticket)
			e := says("ada", i+1)
			turn := bot.Turn{Conversation: situation(t, s, e).Conversation, Ticket: &ticket}
			if i == 0 {
				turn = done
				turn.Ticket = &ticket
			}
			must(t, s.Commit(t.Context(), e, turn))
			ticket.Version++
			wantSame(t, fates(), step.want)
		}
	})
}
