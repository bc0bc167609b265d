package faq_test

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"faqbot/faq"
)

func TestFold(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"empty", "", ""},
		{"only punctuation", "?!… --", ""},
		{"case, punctuation and spaces", "  Where IS\tmy—order?! ", "where is my order"},
		{"apostrophes", "don't don’t dont", "dont dont dont"},
		{"numbers", "30 days, 1,000.50", "30 days 1 000 50"},
		{"wide and compatibility forms", "ＡＢＣ ① ﬁt ½", "abc 1 fit 1 2"},
		{"French", "Où est-ce que j’ai payé ?", "ou est ce que jai paye"},
		{"German", "Größe, Straße, ÜBER", "grosse strasse uber"},
		{"German capital sharp s", "STRAẞE", "strasse"},
		{"Turkish dotted", "İADE ne zaman", "iade ne zaman"},
		{"Turkish dotless", "ISPARTA ısparta", "isparta isparta"},
		{"Cyrillic", "ЁЛКА й Ї", "елка и і"},
		{"Greek", "Πού είναι ο ΛΌΓΟΣ; λόγος", "που ειναι ο λογοσ λογοσ"},
		{"Arabic vowel points and tatweel", "كَمْ مِنَ الوقـــت؟", "كم من الوقت"},
		{"Arabic letters", "أإآا ى ة", "اااا ي ه"},
		{"Hebrew points", "שָׁלוֹם", "שלום"},
		{"Hindi keeps vowels", "मेरा ऑर्डर कहाँ है?", "मेरा ऑर्डर कहाँ है"},
		{"Chinese", "我可以退货吗？", "我可以退货吗"},
		{"Japanese", "返品できますか。ガ ｶﾞ", norm.NFD.String("返品できますか ガ ガ")},
		{"Korean", "반품할 수 있나요?", norm.NFD.String("반품할 수 있나요")},
		{"joiners and marks", "a\u200db\u200e \ufeffc", "ab c"},
		{"emoji stand alone", "ok👍fine", "ok 👍 fine"},
		{"currency", "5€", "5 €"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := faq.Fold(test.in)
			if got != test.want {
				t.Errorf("Fold(%q) = %q (%+q), want %q", test.in, got, got, test.want)
			}
			if again := faq.Fold(got); again != got {
				t.Errorf("folded again, %q becomes %q", got, again)
			}
		})
	}
}

// What people type for the same question folds alike, and different questions do not.
func TestFold_Same(t *testing.T) {
	t.Parallel()
	same := [][2]string{
		{"Größe", "große"}, {"Straße", "STRASSE"}, {"İade", "iade"}, {"İADE", "ıade"}, {"Ёлка", "елка"}, {"ガイド", "ｶﾞｲﾄﾞ"},
		{"한국", "\u1112\u1161\u11ab\u1100\u116e\u11a8"}, {"café", "cafe\u0301"}, {"مدرسة", "مدرسه"}, {"Ⅻ", "xii"}, {"Ǆ", "dž"},
	}
	for _, pair := range same {
		if a, b := faq.Fold(pair[0]), faq.Fold(pair[1]); a != b {
			t.Errorf("%q folds to %q, %q to %q", pair[0], a, pair[1], b)
		}
	}
	different := [][2]string{{"कि", "की"}, {"か", "が"}, {"バス", "パス"}, {"는", "은"}, {"a b", "ab"}, {"5€", "5$"}, {"👍", "👎"}}
	for _, pair := range different {
		if a, b := faq.Fold(pair[0]), faq.Fold(pair[1]); a == b {
			t.Errorf("%q and %q both fold to %q", pair[0], pair[1], a)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"Größe", "İ", "\u0345", "ﬁ½", "ｶﾞ", "👍🏽", "\xff", "А\xe4ѐ", "\u1112\u1161"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		folded := faq.Fold(s)
		if again := faq.Fold(folded); again != folded {
			t.Errorf("%q folds to %q, and that to %q", s, folded, again)
		}
		if strings.TrimSpace(folded) != folded || strings.Contains(folded, "  ") {
			t.Errorf("%q folds to %q, with spaces to spare", s, folded)
		}
		if id := faq.Slug(s); !id.Valid() {
			t.Errorf("the slug of %q is %q, which is no ID", s, id)
		}
	})
}

func TestSlug(t *testing.T) {
	t.Parallel()
	tests := []struct{ question, want string }{
		{"How long can I return something?", "how-long-can-i-return-something"},
		{"¿Cuánto cuesta el envío?", "cuanto-cuesta-el-envio"},
		{"Größe & Preis (100 %)", "grosse-preis-100"},
		{"我可以退货吗？", "我可以退货吗"},
		{"मेरा ऑर्डर कहाँ है?", "मेरा-ऑर्डर-कहाँ-है"},
		{"", "entry"}, {"?!", "entry"}, {"👍", "entry"},
		{"What 👍 is it", "what-is-it"},
		{strings.Repeat("word ", 40), "word-word-word-word-word-word-word-word-word-word-word-word-word-word-word"},
		{strings.Repeat("x", 300), strings.Repeat("x", 80)},
	}
	for _, test := range tests {
		if got := faq.Slug(test.question); string(got) != test.want || !got.Valid() {
			t.Errorf("Slug(%.30q) = %q, want %q", test.question, got, test.want)
		}
	}
}
