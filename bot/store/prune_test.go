package store_test

import (
	"bytes"
	"database/sql"
	"slices"
	"strings"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/handoff"
	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
)

const day = 24 * time.Hour

// kept is a Retention that keeps everything for as long.
func kept(now time.Time, long time.Duration) store.Retention {
	cut := now.Add(-long)
	return store.Retention{Lines: cut, Misses: cut, Inbox: cut, Outbox: cut, Actions: cut}
}

// A new table says what ends the life of its rows, or it is kept for ever by oversight.
func TestPrune_everyTable(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		open(t, settings)
		ours := slices.DeleteFunc(allTables(t, raw(t, settings), settings), func(table string) bool {
			return table == "goose_db_version" || table == "sqlite_sequence"
		})
		bounded := store.Bounded()
		slices.Sort(ours)
		slices.Sort(bounded)
		wantSame(t, bounded, ours)
	})
}

// tablesWith are the tables in which something stands.
func tablesWith(found map[string]int, tables []string) []string {
	return slices.DeleteFunc(slices.Clone(tables), func(table string) bool {
		for place := range found {
			if strings.HasPrefix(place, table+".") {
				return false
			}
		}
		return true
	})
}

func TestStore_Prune_everything(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		now := noon
		s, db := storetest.Open(t, settings, store.Options{Now: func() time.Time { return now }}), raw(t, settings)
		tables := allTables(t, db, settings)
		slices.Sort(tables)
		left := func() []string { return tablesWith(traces(t, db, tables), tables) }
		leaveTraces(t, s, marker)
		must(t, s.SetCursor(t.Context(), "test:me:17", ""))
		everywhere := left()

		now = noon.Add(89 * day)
		must(t, s.Prune(t.Context(), kept(now, 90*day)))
		wantSame(t, left(), everywhere)

		now = noon.Add(91 * day)
		must(t, s.Prune(t.Context(), store.Retention{}))
		wantSame(t, left(), everywhere)
		must(t, s.Prune(t.Context(), kept(now, 90*day)))
		wantSame(t, left(), []string{"conversations", "lines", "links", "threads", "tickets", "timers"}) // those of the open ticket

		e := says(marker, 20)
		v := situation(t, s, e)
		e.At = noon // the customer is quiet, and somebody closes the ticket
		v.Ticket.Status, v.Ticket.ClosedAt = handoff.Closed, now
		must(t, s.Commit(t.Context(), e, bot.Turn{Conversation: v.Conversation, Ticket: v.Ticket}))
		now = now.Add(3 * day)
		must(t, s.Prune(t.Context(), kept(now, day)))
		wantSame(t, left(), []string{"conversations", "lines", "links", "threads", "tickets", "timers"}) // a reply reopens it
		closed := v.Ticket.ClosedAt
		now = closed.Add(89 * day)
		must(t, s.Prune(t.Context(), kept(now, 90*day)))
		wantSame(t, left(), []string{"links", "threads", "tickets"})
		now = closed.Add(91 * day)
		must(t, s.Prune(t.Context(), kept(now, 90*day)))
		wantSame(t, left(), []string{})
	})
}

// A bot that was off for weeks does what it accepted, however short the retention is.
func TestStore_Prune_undone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		now := noon
		s := storetest.Open(t, settings, store.Options{Now: func() time.Time { return now }})
		answer(t, s, says("ada", 1))
		must(t, s.Defer(t.Context(), says("bob", 1), nil, noon))
		for _, c := range []struct {
			after time.Duration
			left  int64
		}{{29 * day, 1}, {31 * day, 0}} {
			now = noon.Add(c.after)
			must(t, s.Prune(t.Context(), kept(now, day)))
			counts, err := s.Counts(t.Context())
			must(t, err)
			wantSame(t, []int64{counts.OutboxWaiting, counts.Deferred}, []int64{c.left, c.left})
		}
	})
}

// A customer who comes back at the moment when their conversation is deleted finds it.
func TestStore_Prune_whileUsed(t *testing.T) {
	t.Parallel()
	settings := store.Settings{URL: storetest.Postgres(t)}
	s, db := open(t, settings), raw(t, settings)
	answer(t, s, says("ada", 1))
	using, err := db.Begin()
	must(t, err)
	defer using.Rollback()
	_, err = using.Exec(`UPDATE conversations SET version = 2, last_at = $1`, noon.Add(100*day).UnixMicro())
	must(t, err)
	pruned := make(chan error, 1)
	go func() { pruned <- s.Prune(t.Context(), store.Retention{Lines: noon.Add(day)}) }()
	for waits := false; !waits; {
		must(t, db.QueryRow(`SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database())`).Scan(&waits))
	}
	must(t, using.Commit())
	must(t, <-pruned)
	wantSame(t, situation(t, s, says("ada", 2)).Conversation.Version, int64(2))
}

// Tables of the version before have no times of closing and of putting aside; these begin with the update, or with the restore.
func TestOpen_olderTables(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s, db := open(t, settings), raw(t, settings)
		e := says("ada", 1)
		done := handOff(e, bot.Conversation{}, 1)
		done.Ticket.Status, done.Ticket.Pressing = handoff.Closed, true
		must(t, s.Commit(t.Context(), e, done))
		must(t, s.SetCursor(t.Context(), "aside/test/1", "{}"))
		change := func(statement string) {
			_, err := db.Exec(statement)
			must(t, err)
		}
		for _, statement := range []string{
			`DROP INDEX webchat_sessions_created`, `DROP INDEX tickets_closed`, `DROP INDEX tickets_conversation`, `ALTER TABLE tickets DROP COLUMN closed_at`,
			`DROP INDEX tickets_queue`, `ALTER TABLE tickets DROP COLUMN rank`,
			`ALTER TABLE cursors DROP COLUMN at`, `DELETE FROM goose_db_version WHERE version_id >= 5`,
		} {
			change(statement)
		}
		older, other := dump(t, s), storetest.SQLite(t)
		change(`DROP TABLE judged`)
		change(`DROP TABLE synonyms`)
		for _, table := range []string{"desks", "staff", "codes", "threads", "links", "blocked", "saved", "gaps", "gap_edits", "webhooks", "tallies", "handoffs", "promises", "sampled"} {
			change(`DROP TABLE ` + table)
		}
		change(`DELETE FROM counters WHERE name = 'sorted'`)
		for _, index := range []string{"outbox_thread", "outbox_lead", "tickets_waiting", "outbox_waiting", "misses_at", "misses_gap", "misses_unplaced", "misses_placed",
			"misses_ticket", "misses_wants", "misses_leaving"} {
			change(`DROP INDEX ` + index)
		}
		change(`CREATE INDEX misses_at ON misses (at)`)
		change(`CREATE INDEX outbox_waiting ON outbox (network, chat, id) WHERE state = 'waiting'`)
		for _, column := range []string{"ticket", "desk", "act", "post", "lead", "rank"} {
			change(`ALTER TABLE outbox DROP COLUMN ` + column)
		}
		for _, column := range []string{"gap", "part", "placed", "reason", "answered", "wants", "ticket", "outcome", "minutes"} {
			change(`ALTER TABLE misses DROP COLUMN ` + column)
		}
		began := time.Now().Add(-time.Second).UnixMicro()
		open(t, settings)
		must(t, open(t, other).Restore(t.Context(), bytes.NewReader(older)))
		for _, db := range []*sql.DB{db, raw(t, other)} {
			var rank int64
			must(t, db.QueryRow(`SELECT rank FROM tickets`).Scan(&rank))
			wantSame(t, rank, done.Ticket.Rank().UnixMicro())
			for _, query := range []string{`SELECT closed_at FROM tickets`, `SELECT at FROM cursors`} {
				var at int64
				must(t, db.QueryRow(query).Scan(&at))
				if at < began || at > time.Now().Add(time.Minute).UnixMicro() {
					t.Errorf("%s gives %v", query, time.UnixMicro(at))
				}
			}
		}
	})
}
