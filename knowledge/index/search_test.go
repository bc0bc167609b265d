package index_test

import (
	"strings"
	"testing"

	"faqbot/faq"
	"faqbot/knowledge"
	"faqbot/knowledge/index"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestIndex_Search(t *testing.T) {
	t.Parallel()
	x := opened(t, "", index.Options{})
	apply(t, x, 1,
		live(entry("a", "refund", "")), live(entry("b", "delivery refund", "")), live(entry("c", "opening hours", "refund")),
		live(entry("d", "größe çocuk Ёлка 한국어 退货", "")), live(entry("e", "cat", "")))
	for _, c := range []struct {
		what  string
		terms []knowledge.Term
		limit int
		want  []faq.EntryID
	}{
		{"the rarer word comes first", []knowledge.Term{{Text: "refund", Weight: 1}, {Text: "deliveri", Weight: 3}}, 10, []faq.EntryID{"b", "a", "c"}},
		{"a question says more than an answer", terms("refund"), 10, []faq.EntryID{"a", "b", "c"}},
		{"no more than asked for", terms("refund"), 1, []faq.EntryID{"a"}},
		{"nothing asked for", nil, 10, nil},
		{"an unknown word", terms("zebra"), 10, []faq.EntryID{}},
		{"words of other scripts", terms(strings.Fields(faq.Fold("çocuk"))...), 10, []faq.EntryID{"d"}},
		{"a word with the syntax of queries is a word", terms("refund*", "+refund", "q:refund", "/.*/"), 10, []faq.EntryID{}},
		{"one letter is wrong", []knowledge.Term{{Text: "refumd", Weight: 1, Misspelt: true}}, 10, []faq.EntryID{"a", "b", "c"}},
		{"one letter is missing", []knowledge.Term{{Text: "refnd", Weight: 1, Misspelt: true}}, 10, []faq.EntryID{"a", "b", "c"}},
		{"two letters are swapped, which is one slip", []knowledge.Term{{Text: "opneing", Weight: 1, Misspelt: true}}, 10, []faq.EntryID{"c"}},
		{"two letters are wrong", []knowledge.Term{{Text: "rafumd", Weight: 1, Misspelt: true}}, 10, []faq.EntryID{}},
		{"a short word is not taken for another", []knowledge.Term{{Text: "car", Weight: 1, Misspelt: true}}, 10, []faq.EntryID{}},
		{"a word of a megabyte", []knowledge.Term{{Text: strings.Repeat("a", 1<<20), Weight: 1, Misspelt: true}}, 10, []faq.EntryID{}},
		{"a known word is not taken for another", []knowledge.Term{{Text: "refunds", Weight: 1}}, 10, []faq.EntryID{}},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			got, err := x.Search(t.Context(), c.terms, c.limit)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
