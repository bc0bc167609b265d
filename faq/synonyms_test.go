package faq_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"faqbot/faq"
	"faqbot/faq/fault"
)

func synonyms(language faq.Language, terms ...string) faq.Synonyms {
	return faq.Synonyms{Language: language, Terms: terms}
}

func TestSynonyms_Validate(t *testing.T) {
	t.Parallel()
	numbered := func(n int) (terms []string) {
		for i := range n {
			terms = append(terms, strings.Repeat("a", i+1))
		}
		return terms
	}
	for name, tt := range map[string]struct {
		group faq.Synonyms
		want  string // the fields complained of
	}{
		"two":                        {synonyms("en", "voucher", "gift card"), ""},
		"fifty":                      {synonyms("pt-BR", numbered(50)...), ""},
		"fifty-one":                  {synonyms("en", numbered(51)...), "terms"},
		"one":                        {synonyms("en", "voucher"), "terms"},
		"no language":                {synonyms("", "voucher", "coupon"), "language"},
		"a language not canonical":   {synonyms("EN", "voucher", "coupon"), "language"},
		"four words":                 {synonyms("en", "voucher", "card for a gift"), ""},
		"five words":                 {synonyms("en", "voucher", "card for a nice gift"), "terms[1]"},
		"words that a dash parts":    {synonyms("en", "voucher", "one-two-three-four-five"), "terms[1]"},
		"an apostrophe parts none":   {synonyms("en", "voucher", "don't can't won't isn't"), ""},
		"four signs":                 {synonyms("zh", "礼品卡券", "券"), ""},
		"five signs":                 {synonyms("ja", "ギフトカード", "券"), "terms[0]"},
		"signs and letters":          {synonyms("zh", "vip卡abc券", "abc卡"), ""},
		"signs between letters":      {synonyms("zh", "vip卡abc券x", "abc卡"), "terms[0]"},
		"a hundred characters":       {synonyms("en", strings.Repeat("ä", 100), "b"), ""},
		"a hundred and one":          {synonyms("en", "b", strings.Repeat("ä", 101)), "terms[1]"},
		"alike":                      {synonyms("de", "Gutschein", "Karte", "gutschein!", "KARTE"), "terms[2] terms[3]"},
		"empty":                      {synonyms("en", "voucher", "", " "), "terms[1] terms[2]"},
		"marks alone":                {synonyms("en", "voucher", "?!"), "terms[1]"},
		"a picture":                  {synonyms("en", "voucher", "🎁"), ""},
		"commas":                     {synonyms("ar", "a,b", "c،d", "e，f", "g、h"), "terms[0] terms[1] terms[2] terms[3]"},
		"a line of a file of others": {synonyms("en", "# a", "[b", "c#", "d[]"), "terms[0] terms[1]"},
		"lines":                      {synonyms("en", "a\nb", "c\td"), "terms[0] terms[1]"},
		"not UTF-8":                  {synonyms("en", "a\xff", "b"), "terms[0]"},
		"an escape character":        {synonyms("en", "a", "b\x1b[2J"), "terms[1]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := tt.group.Validate()
			var fields []string
			for _, f := range faq.FieldErrors(err) {
				fields = append(fields, f.Field)
			}
			if got := strings.Join(slices.Compact(fields), " "); got != tt.want {
				t.Errorf("complains of %q, want %q: %v", got, tt.want, err)
			}
			if (err != nil) != (tt.want != "") || err != nil && !fault.Is(err, fault.Invalid) {
				t.Errorf("of kind %q: %v", fault.KindOf(err), err)
			}
		})
	}
}

func TestSynonyms_Name(t *testing.T) {
	t.Parallel()
	for want, group := range map[faq.SynonymsID]faq.Synonyms{
		"en-gift-card": synonyms("en", "Gift Card!", "voucher"), "pt-BR-cartao": synonyms("pt-BR", "cartão"), "ar-قسيمه": synonyms("ar", "قسيمة", "x"),
	} {
		if got := group.Name(); got != want {
			t.Errorf("%q is named %q, want %q", group.Terms, got, want)
		}
	}
}

func TestNews(t *testing.T) {
	t.Parallel()
	as := func(id faq.SynonymsID, s faq.Synonyms) faq.Synonyms { s.ID = id; return s }
	kept := []faq.Synonyms{as("es-vale", synonyms("es", "vale", "tarjeta regalo", "bono")), as("es-a", synonyms("es", "a", "b"))}
	fresh := []faq.Synonyms{
		synonyms("es-MX", "vale", "tarjeta regalo", "bono"), synonyms("es", "vale", "tarjeta regalo"), synonyms("es", "vale", "tarjeta", "regalo", "bono"),
		synonyms("pt", "a", "b"),
	}
	groups := append([]faq.Synonyms{synonyms("es", "Bono!", "vale", "Tarjeta-Regalo")}, fresh...)
	groups = append(groups, synonyms("pt", "B", "a")) // once more
	news, known := faq.News(groups, kept)
	if diff := cmp.Diff(fresh, news); diff != "" {
		t.Errorf("what is new (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(kept[:1], known); diff != "" {
		t.Errorf("what is known (-want +got):\n%s", diff)
	}
}

func TestOverlaps(t *testing.T) {
	t.Parallel()
	as := func(id faq.SynonymsID, s faq.Synonyms) faq.Synonyms { s.ID = id; return s }
	added := []faq.Synonyms{as("new", synonyms("es", "vale", "tarjeta regalo")), as("newer", synonyms("es", "bono", "vale"))}
	kept := append([]faq.Synonyms{
		as("variant", synonyms("es-MX", "Tarjeta-Regalo", "cheque")), as("apart", synonyms("es", "tarjeta", "regalo")), as("foreign", synonyms("pt", "vale", "bono")),
	}, added...)
	want := []faq.Overlap{{"vale", "new", "newer"}, {"tarjeta regalo", "new", "variant"}, {"vale", "newer", "new"}}
	if diff := cmp.Diff(want, faq.Overlaps(added, kept)); diff != "" {
		t.Errorf("overlaps (-want +got):\n%s", diff)
	}
}
