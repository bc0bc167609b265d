package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/store"
	"faqbot/faq"
	"faqbot/knowledge/insight"
)

// asked are questions that a FAQ of returns cannot answer, of three kinds.
var asked = map[string][]string{
	"gifts": {"do you wrap gifts", "can you gift wrap my order", "is gift wrapping possible", "do you offer gift wrapping", "gift wrap please"},
	"shops": {"where is your nearest shop", "do you have a shop in my town", "which towns have a shop of yours", "is there a shop near me"},
	"jobs":  {"are you hiring", "do you have open jobs", "can I apply for a job"},
}

// missed is a data folder whose customers asked in vain within the last hour.
func missed(t *testing.T) (data string) {
	t.Helper()
	return missedAt(t, time.Now().Add(-time.Hour))
}

// missedAt is one whose customers did so from a moment on.
func missedAt(t *testing.T, at time.Time) (data string) {
	t.Helper()
	data = newData(t)
	s, err := store.Open(t.Context(), store.Settings{Dir: data}, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	editor := faq.NewEditor(s, time.Now)
	content := faq.Entry{ID: "returns", Language: "en", Question: "How long can I return something?",
		Answers: []faq.Answer{{Language: "en", Text: "You have 30 days."}}, Phrasings: []faq.Phrasing{{Text: "can i send it back"}}}
	if _, err := editor.Save(t.Context(), faq.Edit{Content: content, Publish: true, By: "test"}); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, kind := range []string{"gifts", "shops", "jobs"} {
		for _, text := range asked[kind] {
			n++
			id := fmt.Sprintf("m%02d", n)
			m := insight.Miss{ID: id, Conversation: "c" + id, Person: "p" + id, Utterance: text, Reason: insight.NothingFitted, Network: "test", Language: "en",
				At: at.Add(time.Duration(n) * time.Second)}
			e := channel.Event{ID: channel.EventID(id), Kind: channel.Text, Address: channel.Address{Network: "test", Chat: channel.ChatID(id), Private: true}, Body: text}
			if err := s.Commit(t.Context(), e, bot.Turn{Misses: []insight.Miss{m}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	return data
}

// gapsOf runs a command about gaps.
func gapsOf(t *testing.T, data string, args ...string) string {
	t.Helper()
	out, stderr, code := faqbot(t, data, "", append([]string{"gaps"}, args...)...)
	if code != exitDone {
		t.Fatalf("gaps %q: exit %d, %s", args, code, stderr)
	}
	return out
}

// gapWith is the number of the gap that has a question.
func gapWith(t *testing.T, data, question string) string {
	t.Helper()
	for _, row := range strings.Split(gapsOf(t, data, "list"), "\n")[1:] {
		if number, _, ok := strings.Cut(row, " "); ok && strings.Contains(gapsOf(t, data, "show", number), question) {
			return number
		}
	}
	t.Fatalf("no gap has %q", question)
	return ""
}

// TestGaps goes the way of an editor at the shell: questions are sorted, the sorting is mended by hand, and a gap is closed.
func TestGaps(t *testing.T) {
	t.Parallel()
	data := missed(t)
	list := gapsOf(t, data, "list")
	if !strings.Contains(list, "TITLE") || strings.Count(list, "new") < 3 {
		t.Fatalf("the list is\n%s", list)
	}
	gifts, shops := gapWith(t, data, "is gift wrapping possible"), gapWith(t, data, "is there a shop near me")
	if gifts == shops {
		t.Fatalf("gifts and shops are one gap:\n%s", list)
	}
	if out := gapsOf(t, data, "rename", gifts, "Wrapping gifts"); !strings.Contains(out, "Wrapping gifts") {
		t.Errorf("renamed: %s", out)
	}
	gapsOf(t, data, "split", shops, "m06")
	if apart := gapWith(t, data, "where is your nearest shop"); apart == shops {
		t.Error("what was split is where it was")
	} else {
		gapsOf(t, data, "merge", apart, shops)
	}
	if back := gapWith(t, data, "where is your nearest shop"); back != shops {
		t.Errorf("what was merged is in gap %s, not %s", back, shops)
	}
	gapsOf(t, data, "move", shops, gifts, "m06")
	if moved := gapWith(t, data, "where is your nearest shop"); moved != gifts {
		t.Errorf("what was moved is in gap %s, not %s", moved, gifts)
	}
	gapsOf(t, data, "move", gifts, shops, "m06")
	gapsOf(t, data, "set", shops, "--status", "planned", "--owner", "Ada", "--due", "2030-01-31", "--area", "stores", "--note", "a page with all shops, says bob@shop.example")
	shown := gapsOf(t, data, "show", shops)
	for _, want := range []string{"planned", "Ada", "2030-01-31", "stores", "a page with all shops", "is there a shop near me"} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is not in\n%s", want, shown)
		}
	}
	if strings.Contains(shown, "bob@") {
		t.Errorf("what is personal in a note is kept:\n%s", shown)
	}
	gapsOf(t, data, "write", gifts, "We wrap gifts for free.", "--yes")
	if out, _, _ := faqbot(t, data, "", "ask", "do you have gift wrapping?"); !strings.Contains(out, "We wrap gifts for free") {
		t.Errorf("the answer is %s", out)
	}
	if list := gapsOf(t, data, "list"); strings.Contains(list, "Wrapping gifts") {
		t.Errorf("what is answered is still to mend:\n%s", list)
	}
	if list := gapsOf(t, data, "list", "--status", "answered"); !strings.Contains(list, "Wrapping gifts") {
		t.Errorf("answered is\n%s", list)
	}
	for _, bad := range [][]string{{"list", "--status", "odd"}, {"show", "99"}, {"set", gifts, "--due", "soon"}, {"set", shops, "--status", "dismissed"}, {"split", shops, "zzz"}, {"merge", shops, shops}} {
		if _, stderr, code := faqbot(t, data, "", append([]string{"gaps"}, bad...)...); code == exitDone || stderr == "" {
			t.Errorf("gaps %q: exit %d, %q", bad, code, stderr)
		}
	}
}

// TestGaps_Titles: a title stays on its line and within the width of a table, and nothing in it steers a terminal.
func TestGaps_Titles(t *testing.T) {
	t.Parallel()
	data := missed(t)
	gifts := gapWith(t, data, "is gift wrapping possible")
	gapsOf(t, data, "rename", gifts, "\x1b[31mWrapping\u202e\n\tgifts\x1b[0m "+strings.Repeat("and more ", 20))
	if kept := gapsOf(t, data, "show", gifts, "--json"); !strings.Contains(kept, `"title":"[31mWrapping gifts[0m and more`) {
		t.Errorf("the title is kept as %.300s", kept)
	}
	gapsOf(t, data, "set", gifts, "--owner", "Ada\x1b[31m\nreason  none", "--done", "a\u202e page")
	if shown := gapsOf(t, data, "show", gifts); !strings.Contains(shown, "\nowner      Ada[31m reason none\n") || strings.ContainsAny(shown, "\x1b\u202e") {
		t.Errorf("it is shown as %q", shown)
	}
	s, err := store.Open(t.Context(), store.Settings{Dir: data}, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	title := insight.Sorted{Gaps: []insight.Gap{{ID: 77, Title: "boats\u202e and ships\u200b?", State: insight.GapPlanned, OpenedAt: time.Now()}}}
	if err := errors.Join(s.Sort(t.Context(), title), s.Close()); err != nil {
		t.Fatal(err)
	}
	for status, want := range map[string]string{"new": "Wrapping gifts[0m and more and more", "planned": "boats and ships?\n"} {
		list := gapsOf(t, data, "list", "--status", status)
		if !strings.Contains(list, want) {
			t.Errorf("%q is not in\n%q", want, list)
		}
		for line := range strings.SplitSeq(list, "\n") {
			if len([]rune(line)) > 140 || strings.ContainsAny(line, "\x1b\u202e\u200b") {
				t.Errorf("a line is %q", line)
			}
		}
	}
}

// TestSorter_SameAfterARestart: groups are what they were, learnt from the database or from what was kept, and the next miss goes where it would have gone.
func TestSorter_SameAfterARestart(t *testing.T) {
	t.Parallel()
	data := missed(t)
	s, err := store.Open(t.Context(), store.Settings{Dir: data}, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	records, err := s.List(t.Context(), faq.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	entries := func() []*faq.Entry { return []*faq.Entry{&records[0].Live.Content} }
	cache := groupCache{data}
	make := func(cache insight.SortCache) *insight.Sorter {
		return insight.NewSorter(s, insight.SortOptions{Entries: entries, Language: "en", Cache: cache, Now: time.Now})
	}
	first := make(cache)
	sortAll(t, first)
	before := membersOf(t, s)
	if err := first.Save(); err != nil {
		t.Fatal(err)
	}
	count, err := s.Sorted(t.Context())
	if err != nil || cache.Load(count) == nil || cache.Load(count+1) != nil {
		t.Fatalf("what was kept is not found under %d, or under another count (%v)", count, err)
	}
	if _, stderr, code := faqbot(t, data, "", "forget", "webchat", "nobody"); code != exitDone || cache.Load(count) != nil {
		t.Errorf("what is remembered of groups outlives who is forgotten: exit %d, %s", code, stderr)
	}
	if err := first.Save(); err != nil {
		t.Fatal(err)
	}
	for i, sorter := range []*insight.Sorter{make(cache), make(nil)} {
		id := fmt.Sprint("later", i)
		m := insight.Miss{ID: id, Person: id, Utterance: "do you wrap gifts for my mother", Network: "test", Language: "en", At: time.Now().Add(-time.Minute)}
		if err := s.Commit(t.Context(), channel.Event{ID: channel.EventID(id), Kind: channel.Text, Address: channel.Address{Network: "test", Chat: "x"}}, bot.Turn{Misses: []insight.Miss{m}}); err != nil {
			t.Fatal(err)
		}
		sortAll(t, sorter)
		after := membersOf(t, s)
		if after[id] != before["m01"] {
			t.Errorf("%s went to gap %d, not to %d", id, after[id], before["m01"])
		}
		for miss, gap := range before {
			if after[miss] != gap {
				t.Errorf("%s was in gap %d, and is in %d", miss, gap, after[miss])
			}
		}
	}
}

func sortAll(t *testing.T, s *insight.Sorter) {
	t.Helper()
	for more := true; more; {
		var err error
		if more, err = s.Round(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
}

func membersOf(t *testing.T, s *store.Store) map[string]insight.GroupID {
	t.Helper()
	page, _, err := s.Placed(t.Context(), 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]insight.GroupID{}
	for _, m := range page {
		out[m.ID] = m.Gap
	}
	return out
}

// TestReport_Gaps: what the FAQ lacks and what the product lacks stand apart in a report.
func TestReport_Gaps(t *testing.T) {
	t.Parallel()
	data := missed(t)
	shops := gapWith(t, data, "is there a shop near me")
	gapsOf(t, data, "set", shops, "--status", "product", "--matter", "delivery", "--area", "stores", "--done", "one more shop")
	gapsOf(t, data, "write", gapWith(t, data, "are you hiring"), "We are always hiring.", "--yes")
	out, stderr, code := faqbot(t, data, "", "report", "--predict", "--format", "csv")
	if code != exitDone {
		t.Fatalf("exit %d, %s", code, stderr)
	}
	var lacks, ledger, outlook string
	for _, row := range strings.Split(out, "\n") {
		switch {
		case strings.HasPrefix(row, "gaps,"):
			lacks += row + "\n"
		case strings.HasPrefix(row, "ledger,"):
			ledger += row + "\n"
		case strings.HasPrefix(row, "outlook,"):
			outlook += row + "\n"
		}
	}
	if !strings.Contains(lacks, "wrap") || strings.Contains(lacks, "shop") || strings.Contains(lacks, "answered") {
		t.Errorf("what the FAQ lacks:\n%s", lacks)
	}
	if !strings.Contains(ledger, "shop") || !strings.Contains(ledger, "delivery") || !strings.Contains(ledger, "one more shop") || strings.Contains(ledger, "wrap") {
		t.Errorf("what the product lacks:\n%s", ledger)
	}
	if !strings.Contains(outlook, "wrap") || strings.Contains(outlook, "shop") || !strings.Contains(outlook, "together") {
		t.Errorf("what closing gaps would bring:\n%s", outlook)
	}
}
