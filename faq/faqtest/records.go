package faqtest

import (
	"context"
	"strings"
	"testing"

	"faqbot/faq"
	"faqbot/faq/fault"
)

// full is a revision in which every field is set.
func full() faq.Revision {
	r := published("returns-period", 1)
	r.Note = "from the old site"
	r.Content = faq.Entry{
		ID: "returns-period", Language: "en", Question: "How long can I return something?",
		Phrasings: []faq.Phrasing{{Text: "can i send it back"}, {Text: "¿puedo devolverlo?", Language: "es"}},
		Answers: []faq.Answer{
			{Language: "en", Text: "**30 days.**", Buttons: []faq.Link{{Label: "Returns", URL: "https://example.com/r?a=1&b=2"}}},
			{Language: "pt-BR", Question: "Até quando posso devolver?", Text: "30 dias."},
		},
		FollowUps: []faq.EntryID{"refund-time", "Ünïcode_1.2"},
		Tags:      []string{"returns", "money back"},
		Area:      "orders",
		Audience:  faq.Audience{Channels: []string{"telegram"}, Languages: []faq.Language{"en", "es"}, Staff: true},
		Validity:  faq.Validity{From: "2026-01-01", Until: "2026-12-31"},
		Care:      faq.Care{Owner: "Ada", CheckedOn: "2026-02-01", ReviewOn: "2027-02-01"},
	}
	return r
}

func testFind(t *testing.T, s faq.Store) {
	first, second := full(), over(draft("returns-period", 2), 1)
	mustAppend(t, s, first)
	record, err := s.Find(t.Context(), "returns-period")
	if err != nil {
		t.Fatal(err)
	}
	wantSame(t, record, faq.Record{Head: first, Live: &first})
	second.Restores = 1
	mustAppend(t, s, second)
	record, err = s.Find(t.Context(), "returns-period")
	if err != nil {
		t.Fatal(err)
	}
	wantSame(t, record, faq.Record{Head: second, Live: &first})
	for _, absent := range []faq.EntryID{"Returns-period", "returns", "returns-period-2", ""} {
		_, err := s.Find(t.Context(), absent)
		wantKind(t, err, fault.NotFound)
	}
}

func testTexts(t *testing.T, s faq.Store) {
	texts := map[faq.EntryID]string{
		"emoji":     "👩‍👩‍👧‍👦 ok 🇧🇷 👍🏽 \U0001F9D1‍💻",
		"rtl":       "كم من الوقت لديّ لإرجاع منتج؟ \u200fאבג\u202e",
		"controls":  "tab\there\r\nnew line\nand\rreturn",
		"quotes":    `'; DROP TABLE entries; -- "x" \n \\ %s $1 ? :name ` + "`",
		"combining": "e\u0301 é \u1100\u1161 가 ﬁ K",
		"spaces":    "  two before, two after, \u00a0\u2003\u3000 wide  ",
		"markup":    "<b>&amp;</b> </script> {{.}} ${x}",
		"scripts":   "हिन्दी ไทย 日本語 한국어 中文 Ελληνικά Русский ქართული",
		"plane16":   "\U0010FFFD \uFFFD \u2028 \u2029 \uFEFF end",
		"long":      strings.Repeat("ä", faq.MaxAnswer-1) + "🙂",
		"空":         "the ID is one letter",
		"a.b_c-1":   "the ID has every kind of mark",
	}
	for id, text := range texts {
		r := published(id, 1)
		r.Content.Answers[0].Text = text
		r.Content.Phrasings = []faq.Phrasing{{Text: "x" + string([]rune(text)[:min(20, len([]rune(text)))])}}
		r.By, r.Note = text[:min(4, len(text))]+"…", "note: "+r.Content.Phrasings[0].Text
		r.By = strings.ToValidUTF8(r.By, "")
		mustAppend(t, s, r)
		record, err := s.Find(t.Context(), id)
		if err != nil {
			t.Errorf("find %s: %v", id, err)
			continue
		}
		wantSame(t, record.Head, r)
	}
	all, _ := changes(t, s, 0)
	for id, text := range texts {
		if live := all[id]; live == nil || live.Content.Answers[0].Text != text {
			t.Errorf("changes do not serve the text of %s", id)
		}
	}
}

func testCopies(t *testing.T, s faq.Store) {
	r, want := full(), full()
	mustAppend(t, s, r)
	spoil := func(r *faq.Revision) {
		r.Content.Tags[0] = "spoiled"
		r.Content.Answers[0].Buttons[0].Label = "spoiled"
		r.Content.Phrasings[0].Text = "spoiled"
	}
	spoil(&r)
	for range 2 {
		record, err := s.Find(t.Context(), want.Content.ID)
		if err != nil {
			t.Fatal(err)
		}
		wantSame(t, record, faq.Record{Head: want, Live: &want})
		spoil(&record.Head)
		spoil(record.Live)
	}
	all, _ := changes(t, s, 0)
	spoil(all[want.Content.ID])
	history, err := s.History(t.Context(), want.Content.ID)
	if err != nil {
		t.Fatal(err)
	}
	wantSame(t, history, []faq.Revision{want})
}

func testHistory(t *testing.T, s faq.Store) {
	revisions := []faq.Revision{
		draft("a", 1), published("a", 2), over(draft("a", 3), 2), archived("a", 4), published("a", 5),
	}
	revisions[4].Restores = 2
	mustAppend(t, s, revisions[0], published("b", 1))
	mustAppend(t, s, revisions[1:]...)
	history, err := s.History(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	wantSame(t, history, revisions)
}

func testGapless(t *testing.T, s faq.Store) {
	mustAppend(t, s, draft("a", 1), draft("a", 2))
	for _, number := range []int{-1, 0, 1, 2, 4, 100} {
		wantKind(t, s.Append(t.Context(), draft("a", number)), fault.Conflict)
	}
	for _, number := range []int{0, 2} {
		wantKind(t, s.Append(t.Context(), draft("new", number)), fault.Conflict)
	}
	wantKind(t, s.Append(t.Context(), draft("a", 3), draft("a", 3)), fault.Conflict)
	wantKind(t, s.Append(t.Context(), draft("a", 4), draft("a", 3)), fault.Conflict)
	mustAppend(t, s, draft("a", 3), draft("new", 1), draft("a", 4))
	history, err := s.History(t.Context(), "a")
	if err != nil || len(history) != 4 {
		t.Fatalf("history has %d revisions (%v), want 4", len(history), err)
	}
	wantSame(t, history, []faq.Revision{draft("a", 1), draft("a", 2), draft("a", 3), draft("a", 4)})
}

func testAtomic(t *testing.T, s faq.Store) {
	mustAppend(t, s, published("a", 1), published("b", 1))
	_, cursor := changes(t, s, 0)
	err := s.Append(t.Context(), published("a", 2), published("new", 1), published("b", 7), published("c", 1))
	wantKind(t, err, fault.Conflict)
	wantSame(t, list(t, s, faq.Filter{}), []faq.EntryID{"a", "b"})
	record, err := s.Find(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	wantSame(t, record.Head, published("a", 1))
	_, err = s.History(t.Context(), "new")
	wantKind(t, err, fault.NotFound)
	after, _ := changes(t, s, cursor)
	wantSame(t, len(after), 0)
	mustAppend(t, s, published("a", 2), published("new", 1))
}

func testCancelled(t *testing.T, s faq.Store) {
	mustAppend(t, s, published("a", 1))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Append(ctx, published("a", 2)); err == nil {
		t.Error("append did not mind that its context had ended")
	}
	if _, err := s.Find(ctx, "a"); err == nil || fault.Is(err, fault.NotFound) {
		t.Errorf("find under an ended context says %v", err)
	}
	if _, err := s.List(ctx, faq.Filter{}); err == nil {
		t.Error("list did not mind that its context had ended")
	}
	record, err := s.Find(t.Context(), "a")
	if err != nil || record.Head.Number != 1 {
		t.Errorf("revision %d stands (%v), want 1", record.Head.Number, err)
	}
}
