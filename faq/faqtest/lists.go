package faqtest

import (
	"fmt"
	"slices"
	"testing"

	"faqbot/faq"
)

func testOrder(t *testing.T, s faq.Store) {
	// Collations of a language would put "a" beside "A" and "é" beside "e", and skip punctuation.
	ids := []faq.EntryID{"éclair", "Zebra", "a-b", "a.b", "ab", "a_b", "A", "zebra", "10", "9", "_x", "ж", "日本", "a", "Éclair", "𝒳"}
	for _, id := range ids {
		mustAppend(t, s, draft(id, 1))
	}
	slices.Sort(ids)
	wantSame(t, list(t, s, faq.Filter{}), ids)
	for i, id := range ids {
		wantSame(t, list(t, s, faq.Filter{After: id}), ids[i+1:])
	}
	wantSame(t, list(t, s, faq.Filter{After: "a-"}), ids[slices.Index(ids, "a-b"):])
}

func testStatus(t *testing.T, s faq.Store) {
	review := draft("review", 1)
	review.Status = faq.InReview
	mustAppend(t, s,
		draft("draft", 1), review, published("served", 1),
		published("redrafted", 1), over(draft("redrafted", 2), 1),
		published("gone", 1), archived("gone", 2), archived("never", 1))
	tests := map[faq.Status][]faq.EntryID{
		"":            {"draft", "gone", "never", "redrafted", "review", "served"},
		faq.Draft:     {"draft", "redrafted"},
		faq.InReview:  {"review"},
		faq.Published: {"redrafted", "served"},
		faq.Archived:  {"gone", "never"},
	}
	for status, want := range tests {
		t.Run("status "+string(status), func(t *testing.T) { wantSame(t, list(t, s, faq.Filter{Status: status}), want) })
	}
	records, err := s.List(t.Context(), faq.Filter{Status: faq.Published})
	if err != nil || len(records) != 2 {
		t.Fatalf("list has %d records (%v), want 2", len(records), err)
	}
	first := published("redrafted", 1)
	wantSame(t, records[0], faq.Record{Head: over(draft("redrafted", 2), 1), Live: &first})
}

func testTag(t *testing.T, s faq.Store) {
	mustAppend(t, s,
		tagged(draft("a", 1), "returns", "money"), tagged(draft("b", 1), "return"), tagged(draft("c", 1), "100%", "a_b"),
		tagged(draft("d", 1), "old"), tagged(draft("d", 2), "new"), tagged(draft("e", 1), `say "hi"`, "日本"))
	tests := map[string][]faq.EntryID{
		"returns": {"a"}, "money": {"a"}, "return": {"b"}, "retur": {}, "%": {}, "100%": {"c"}, "a_b": {"c"}, "aXb": {},
		"old": {}, "new": {"d"}, `say "hi"`: {"e"}, "日本": {"e"}, `"`: {},
	}
	for tag, want := range tests {
		t.Run(tag, func(t *testing.T) { wantSame(t, list(t, s, faq.Filter{Tag: tag}), want) })
	}
}

func testText(t *testing.T, s faq.Store) {
	entries := map[faq.EntryID]faq.Entry{
		"refund-time":  {Question: "When do I get my money back?", Phrasings: []faq.Phrasing{{Text: "where's my refund"}}},
		"istanbul":     {Question: "İstanbul’a teslimat var mı?"},
		"percent":      {Question: "Is there a 100% discount_code?"},
		"umlaut":       {Question: "Wann kommt der Zöllner?", Phrasings: []faq.Phrasing{{Text: "¿Cuándo llega?", Language: "es"}}},
		"arabic":       {Question: "كَمْ من الوقت؟"},
		"chinese":      {Question: "我可以退货吗？"},
		"answers-only": {Question: "Else?", Answers: []faq.Answer{{Language: "en", Text: "pineapple"}}},
	}
	for id, content := range entries {
		r := draft(id, 1)
		content.ID, content.Language = id, "en"
		r.Content = content
		mustAppend(t, s, r)
	}
	tests := map[string][]faq.EntryID{
		"money":       {"refund-time"},
		"MONEY back":  {"refund-time"},
		"efun":        {"refund-time"},
		"wheres my":   {"refund-time"},
		"refund-time": {"refund-time"},
		"istanbul":    {"istanbul"},
		"zollner":     {"umlaut"},
		"CUANDO":      {"umlaut"},
		"كم من":       {"arabic"},
		"退货":          {"chinese"},
		"pineapple":   {},
		"100":         {"percent"},
		"t_code":      {"percent"},
		"nothing":     {},
		"back? when":  {},
	}
	for text, want := range tests {
		t.Run(text, func(t *testing.T) { wantSame(t, list(t, s, faq.Filter{Text: text}), want) })
	}
	changed := draft("istanbul", 2)
	changed.Content.Question = "Delivery?"
	mustAppend(t, s, changed)
	wantSame(t, list(t, s, faq.Filter{Text: "teslimat"}), []faq.EntryID{})
	wantSame(t, list(t, s, faq.Filter{Text: "DELIVERY"}), []faq.EntryID{"istanbul"})
}

func testPages(t *testing.T, s faq.Store) {
	const total = 23
	var all []faq.EntryID
	for i := range total {
		id := faq.EntryID(fmt.Sprintf("entry-%02d", i*7%total))
		all = append(all, id)
		mustAppend(t, s, draft(id, 1))
	}
	slices.Sort(all)
	for _, size := range []int{1, 5, total - 1, total, total + 1, 0} {
		t.Run(fmt.Sprint("size ", size), func(t *testing.T) {
			wantSame(t, pages(t, s, faq.Filter{Limit: size}), all)
		})
	}
	wantSame(t, list(t, s, faq.Filter{Limit: 2, After: "entry-03"}), []faq.EntryID{"entry-04", "entry-05"})
	wantSame(t, list(t, s, faq.Filter{Limit: 2, After: "zzz"}), []faq.EntryID{})
}

// pages reads page after page until one is empty.
func pages(t *testing.T, s faq.Store, filter faq.Filter) []faq.EntryID {
	t.Helper()
	var all []faq.EntryID
	for {
		page := list(t, s, filter)
		if filter.Limit > 0 && len(page) > filter.Limit {
			t.Fatalf("a page of %d holds %d", filter.Limit, len(page))
		}
		if len(page) == 0 {
			return all
		}
		all = append(all, page...)
		filter.After = page[len(page)-1]
	}
}

func testFilterPages(t *testing.T, s faq.Store) {
	var want []faq.EntryID
	for i := range 30 {
		id := faq.EntryID(fmt.Sprintf("e%02d", i))
		r := draft(id, 1)
		if i%2 == 0 {
			r = published(id, 1)
		}
		if i%3 == 0 {
			r = tagged(r, "third")
		}
		if i%5 > 0 {
			r.Content.Phrasings = []faq.Phrasing{{Text: "Wanted!"}}
		}
		if i%6 == 0 && i%5 > 0 {
			want = append(want, id)
		}
		mustAppend(t, s, r)
	}
	for _, size := range []int{1, 3, 0} {
		wantSame(t, pages(t, s, faq.Filter{Status: faq.Published, Tag: "third", Text: "wanted", Limit: size}), want)
	}
}
