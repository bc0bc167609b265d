package store_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"faqbot/bot"
	"faqbot/bot/store"
	"faqbot/bot/store/storetest"
	"faqbot/faq/fault"
)

func dump(t *testing.T, s *store.Store) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, s.Dump(t.Context(), &b))
	return b.Bytes()
}

// content is a dump as sorted lines, without time and sum.
func content(t *testing.T, dump []byte) []string {
	t.Helper()
	zip, err := gzip.NewReader(bytes.NewReader(dump))
	must(t, err)
	text, err := io.ReadAll(zip)
	must(t, err)
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	lines = lines[1 : len(lines)-1]
	slices.Sort(lines)
	return lines
}

func fill(t *testing.T, s *store.Store) {
	t.Helper()
	for i := range 40 {
		e := says(fmt.Sprint("customer", i), 1)
		e.Body = "odd \x00 text \u2028 <&> 日本 \" '"
		must(t, s.Commit(t.Context(), e, handOff(e, bot.Conversation{}, situation(t, s, e).Fresh.Number)))
	}
	for n := range 3 {
		publish(t, s, "a", n+1)
	}
	publish(t, s, "b", 1)
	addSynonyms(t, s, same("en", "voucher", "gift card"), same("ar", "قسيمة", "بطاقة هدية"))
	leaveTraces(t, s, marker)
	must(t, s.SetCursor(t.Context(), "telegram:1", "77"))
	_, err := s.Take(t.Context(), "test", noon, 5) // some rows are in flight
	must(t, err)
}

func TestStore_Dump(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s := open(t, settings)
		fill(t, s)
		first := dump(t, s)
		// From either kind of database into the other, and back.
		others := []store.Settings{storetest.SQLite(t), {URL: storetest.Postgres(t)}, storetest.SQLite(t)}
		for _, other := range others {
			restored := open(t, other)
			must(t, restored.Restore(t.Context(), bytes.NewReader(first)))
			wantSame(t, content(t, dump(t, restored)), content(t, first))
			first = dump(t, restored)
			wantKind(t, restored.Restore(t.Context(), bytes.NewReader(first)), fault.Conflict)

			// Life goes on: names and numbers are fresh, what was in flight is recovered, changes go on counting.
			must(t, restored.Recover(t.Context(), "test"))
			answer(t, restored, says("customer1", 2))
			v := situation(t, restored, says("newcomer", 1))
			must(t, restored.Commit(t.Context(), says("newcomer", 1), handOff(says("newcomer", 1), v.Conversation, v.Fresh.Number)))
			_, cursor, err := s.Changes(t.Context(), 0)
			must(t, err)
			publish(t, restored, "c", 1)
			changes, _, err := restored.Changes(t.Context(), cursor)
			must(t, err)
			wantSame(t, len(changes), 1)
		}
	})
}

func TestStore_Restore_damaged(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		full := open(t, storetest.SQLite(t))
		fill(t, full)
		good := dump(t, full)
		plain := unzip(t, good)
		s := open(t, settings)
		lines := strings.SplitAfter(plain, "\n")
		cases := map[string][]byte{
			"empty": nil, "no gzip": []byte("faqbot"), "another program's": zip(t, `{"a":1}`+"\n"),
			"a line missing":   zip(t, strings.Join(slices.Delete(slices.Clone(lines), len(lines)/2, len(lines)/2+1), "")),
			"a text altered":   zip(t, strings.Replace(plain, "30 days", "90 days", 1)),
			"unknown table":    zip(t, strings.Replace(plain, `"table":"lines"`, `"table":"pg_authid"`, 1)),
			"unknown column":   zip(t, strings.Replace(plain, `"token_hash"`, `"token_hash) VALUES (1); --"`, 1)),
			"no end":           zip(t, strings.Join(lines[:len(lines)-2], "")),
			"more after it":    zip(t, plain+"[1]\n"),
			"trailing garbage": append(slices.Clone(good), "garbage"...),
			"not JSON":         zip(t, strings.Replace(plain, "[\"", "[", 5)),
			"future format":    zip(t, strings.Replace(plain, `"format":1`, `"format":2`, 1)),
		}
		for _, at := range []int{1, 10, 100, len(good) / 2, len(good) - 9, len(good) - 1} {
			cases[fmt.Sprint("cut at ", at)] = good[:at]
		}
		for _, at := range []int{12, len(good) / 3, len(good) / 2, len(good) - 20, len(good) - 6} {
			flipped := slices.Clone(good)
			flipped[at] ^= 0x10
			cases[fmt.Sprint("bit flipped at ", at)] = flipped
		}
		for name, bad := range cases {
			err := s.Restore(t.Context(), bytes.NewReader(bad))
			if !fault.Is(err, fault.Invalid) || !strings.Contains(fault.Message(err), "nothing was changed") {
				t.Errorf("%s: got %v", name, err)
			}
		}
		wantKind(t, s.Restore(t.Context(), bytes.NewReader(zip(t, strings.Replace(plain, `"schema":`, `"schema":99`, 1)))), fault.Conflict)
		counts, err := s.Counts(t.Context())
		must(t, err)
		wantSame(t, counts, store.Counts{})
		must(t, s.Restore(t.Context(), bytes.NewReader(good)))
	})
}

func unzip(t *testing.T, b []byte) string {
	t.Helper()
	zip, err := gzip.NewReader(bytes.NewReader(b))
	must(t, err)
	text, err := io.ReadAll(zip)
	must(t, err)
	return string(text)
}

func zip(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(text))
	must(t, err)
	must(t, w.Close())
	return b.Bytes()
}

// A dump that is made while turns are committed holds whole turns.
func TestStore_Dump_whileServing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, settings store.Settings) {
		s := open(t, settings)
		for n := range 20 {
			answer(t, s, says("ada", n))
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			for n := 20; n < 120; n++ {
				answer(t, s, says("ada", n))
			}
		}()
		var dumps [][]byte
		for running := true; running; {
			select {
			case <-done:
				running = false
			default:
			}
			dumps = append(dumps, dump(t, s))
		}
		for _, d := range []int{0, len(dumps) / 2, len(dumps) - 1} {
			restored := open(t, storetest.SQLite(t))
			must(t, restored.Restore(t.Context(), bytes.NewReader(dumps[d])))
			version := situation(t, restored, says("ada", 999)).Conversation.Version
			lines, err := restored.Lines(t.Context(), "c-ada")
			must(t, err)
			wantSame(t, int64(len(lines)), 2*version)
			counts, err := restored.Counts(t.Context())
			must(t, err)
			wantSame(t, counts.OutboxWaiting, version)
		}
	})
}

// TestStore_Restore_intoOne restores over what is there, which is told of in words and not by the names of tables.
func TestStore_Restore_intoOne(t *testing.T) {
	t.Parallel()
	backup := dump(t, open(t, storetest.SQLite(t)))
	for name, test := range map[string]struct {
		fill func(s *store.Store)
		want string
	}{
		"served and never asked": {func(s *store.Store) { must(t, s.SetCursor(t.Context(), "a", "x")) }, "this one holds notes of a bot that was started: "},
		"asked": {func(s *store.Store) { answer(t, s, says("ada", 1)) },
			"this one holds messages of customers, conversations, figures, messages to customers: "},
		"with entries": {func(s *store.Store) { publish(t, s, "a", 1) }, "this one holds entries: "},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, storetest.SQLite(t))
			test.fill(s)
			before := content(t, dump(t, s))
			err := s.Restore(t.Context(), bytes.NewReader(backup))
			wantKind(t, err, fault.Conflict)
			if said := fault.Message(err); !strings.Contains(said, test.want) || !strings.Contains(said, "--data-dir") {
				t.Errorf("it says %q, want “%s”", said, test.want)
			}
			wantSame(t, content(t, dump(t, s)), before)
		})
	}
}
