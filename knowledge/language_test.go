package knowledge_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"faqbot/faq"
	"faqbot/knowledge"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// spoken is a FAQ of two entries in one language, the first also as somebody types it without the letters of that language.
type spoken struct {
	language                faq.Language
	question, answer, typed string
	other, otherAnswer      string
}

var languages = []spoken{
	{"ar", "كيف يمكنني إرجاع طلب؟", "يمكنك إرجاع الطلب خلال ثلاثين يومًا.", "كيف يمكنني ارجاع طلب", "ما هي طرق الدفع المتاحة؟", "نقبل البطاقات والتحويل."},
	{"zh", "我可以在多少天内退货？", "收到商品后三十天内可以退货。", "我可以在多少天内退货", "你们接受哪些付款方式？", "我们接受信用卡和转账。"},
	{"ja", "返品は何日以内にできますか？", "商品到着後30日以内に返品できます。", "返品は何日以内にできますか", "送料はいくらですか？", "送料は全国一律500円です。"},
	{"ko", "반품은 며칠 안에 할 수 있나요?", "상품을 받은 날부터 30일 안에 반품할 수 있습니다.", "반품은 며칠 안에 할 수 있나요", "배송비는 얼마인가요?", "배송비는 3,000원입니다."},
	{"ckb", "چۆن دەتوانم داواکارییەکەم بگەڕێنمەوە؟", "لە ماوەی سی ڕۆژدا دەتوانیت بیگەڕێنیتەوە.", "چۆن دەتوانم داواکارییەکەم بگەڕێنمەوە", "نرخی گەیاندن چەندە؟", "گەیاندن بەخۆڕاییە."},
	{"da", "Hvor længe kan jeg bytte en vare?", "Du kan bytte varer i 30 dage.", "hvor laenge kan jeg bytte en vare", "Hvad koster det at få varen sendt på en ø?", "Det koster 49 kr."},
	{"de", "Wie lange kann ich Größen umtauschen?", "30 Tage ab Lieferung.", "wie lange kann ich grössen umtauschen", "Wie hoch sind die Versandkosten?", "4,90 € innerhalb Deutschlands."},
	{"en", "How long can I return an item?", "Within 30 days of delivery.", "how long can i return an item", "What's the fee for delivery?", "It is free from 50."},
	{"es", "¿Cuánto tiempo tengo para devolver un artículo?", "Treinta días desde la entrega.", "cuanto tiempo tengo para devolver un articulo", "¿Cuánto cuesta el envío a península?", "Cuesta 4,95 €."},
	{"fa", "چگونه می‌توانم سفارشم را پس بدهم؟", "تا سی روز پس از دریافت می‌توانید آن را پس بدهید.", "چگونه می‌توانم سفارشم را پس بدهم", "هزینهٔ ارسال چقدر است؟", "ارسال رایگان است."},
	{"fi", "Kuinka pitkään voin palauttaa tuotteen?", "Palautusaika on 30 päivää.", "kuinka pitkaan voin palauttaa tuotteen", "Mitä toimitus maksaa?", "Toimitus maksaa 4,90 €."},
	{"fr", "Sous quel délai puis-je être remboursé ?", "Sous quatorze jours après réception.", "sous quel delai puis-je etre rembourse", "Combien coûte la livraison à l'étranger ?", "Elle coûte 9,90 €."},
	{"hi", "मैं कितने दिनों में सामान वापस कर सकता हूँ?", "आप तीस दिनों के भीतर सामान वापस कर सकते हैं।", "मैं कितने दिनों में सामान वापस कर सकता हूँ", "डिलीवरी का शुल्क कितना है?", "डिलीवरी मुफ़्त है।"},
	{"hr", "Koliko dugo mogu vratiti narudžbu?", "Rok za povrat je 30 dana.", "koliko dugo mogu vratiti narudzbu", "Kako mogu platiti narudžbu?", "Karticom ili pouzećem."},
	{"hu", "Meddig küldhetem vissza a terméket?", "Harminc napon belül küldheti vissza.", "meddig kuldhetem vissza a termeket", "Mennyibe kerül a kiszállítás?", "A kiszállítás ingyenes."},
	{"it", "Entro quanto tempo posso restituire un articolo?", "Entro trenta giorni dalla consegna.", "entro quanto tempo posso restituire un articolo", "Qual è il costo della spedizione?", "La spedizione costa 5,90 €."},
	{"nl", "Hoelang kan ik een artikel retourneren?", "Binnen 30 dagen na ontvangst.", "hoelang kan ik een artikel retourneren", "Hoeveel kost verzending naar België?", "Verzending kost 5,95 €."},
	{"no", "Hvor lenge kan jeg levere tilbake en vare?", "Du har 30 dagers åpent kjøp.", "hvor lenge kan jeg levere tilbake en vare", "Hva koster frakten på små pakker?", "Frakten koster 49 kr."},
	{"pl", "Czy mogę złożyć zamówienie przez telefon?", "Tak, od poniedziałku do piątku.", "czy moge zlozyc zamowienie przez telefon", "Ile kosztuje wysyłka?", "Wysyłka kosztuje 12 zł."},
	{"pt", "Até quando posso fazer a devolução?", "Até trinta dias após a entrega.", "ate quando posso fazer a devolucao", "Qual é o preço do envio para os Açores?", "O envio custa 7,90 €."},
	{"ro", "Cât timp am să returnez un produs?", "Aveți 30 de zile de la livrare.", "cat timp am sa returnez un produs", "Cât costă livrarea în țară?", "Livrarea costă 15 lei."},
	{"ru", "Как вернуть товар, если он мне не подошёл?", "Возврат возможен в течение 30 дней.", "как вернуть товар если он мне не подошел", "Сколько стоит доставка?", "Доставка бесплатная."},
	{"sv", "Hur länge kan jag ångra mitt köp?", "Du har ångerrätt i 30 dagar.", "hur lange kan jag angra mitt kop", "Vad kostar frakten till Åland?", "Frakten kostar 59 kr."},
	{"tr", "Siparişimi nasıl iade edebilirim?", "Ürünü 30 gün içinde iade edebilirsiniz.", "siparisimi nasil iade edebilirim", "Kargo ücreti İstanbul'da ne kadar?", "Kargo ücretsizdir."},
}

func (s spoken) entries() []faq.Entry {
	one := func(id, question, answer string) faq.Entry {
		return faq.Entry{ID: faq.EntryID(string(s.language) + "-" + id), Language: s.language, Question: question,
			Answers: []faq.Answer{{Language: s.language, Text: answer}}}
	}
	return []faq.Entry{one("return", s.question, s.answer), one("other", s.other, s.otherAnswer)}
}

// written are ways in which the same question reaches us.
func written(question string, l faq.Language) map[string]string {
	tag := language.MustParse(string(l))
	words := strings.FieldsFunc(question, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) && r != '\'' && r != '-' })
	return map[string]string{
		"as it stands":                 question,
		"in capitals":                  cases.Upper(tag).String(question),
		"in small letters":             cases.Lower(tag).String(question),
		"without punctuation":          strings.Join(words, " "),
		"with too much of it":          "  «" + strings.ReplaceAll(question, " ", "  ") + "»!!! \n",
		"taken apart":                  norm.NFD.String(question),
		"put together":                 norm.NFKC.String(question),
		"without accents":              withoutAccents(question),
		"with marks that are not seen": "\u200f" + strings.ReplaceAll(question, " ", "\u00a0") + "\u200e",
	}
}

// withoutAccents leaves out what stands over and under letters, where that is an accent and no vowel.
func withoutAccents(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Inherited, r) || r >= 0x064B && r <= 0x0652 {
			return -1
		}
		return r
	}, norm.NFD.String(s))
}

// TestMatcher_Languages asks every published question in every language that has an analyzer, as customers may write it.
func TestMatcher_Languages(t *testing.T) {
	t.Parallel()
	var all []faq.Entry
	for _, s := range languages {
		all = append(all, s.entries()...)
	}
	matchers := map[string]*knowledge.Matcher{
		"all languages together": knowing(t, knowledge.Options{}, all...),
		"a large FAQ":            knowing(t, knowledge.Options{}, append(padding(310), all...)...),
	}
	for _, s := range languages {
		t.Run(string(s.language), func(t *testing.T) {
			t.Parallel()
			alone := knowing(t, knowledge.Options{Default: s.language}, s.entries()...)
			published(t, "alone", alone, s)
			for where, m := range matchers {
				published(t, where, m, s)
			}
		})
	}
}

func published(t *testing.T, where string, m *knowledge.Matcher, s spoken) {
	t.Helper()
	for _, e := range s.entries() {
		for how, utterance := range written(e.Question, s.language) {
			for _, own := range []faq.Language{"", s.language} {
				d := ask(t, m, knowledge.Question{Utterance: utterance, Language: own})
				if d.Kind != knowledge.Answer || bestOf(d) != e.ID || d.Confidence < 0.9 {
					t.Errorf("%s, %s: %q is decided %s %q (%.2f), want an answer of %s", where, how, utterance, d.Kind, bestOf(d), d.Confidence, e.ID)
				}
				if own != "" && d.Language != own {
					t.Errorf("%s, %s: answered in %q, want %q", where, how, d.Language, own)
				}
			}
		}
	}
	if d := ask(t, m, said(s.typed)); bestOf(d) != s.entries()[0].ID {
		t.Errorf("%s: %q is decided %s %q (%.2f), want %s", where, s.typed, d.Kind, bestOf(d), d.Confidence, s.entries()[0].ID)
	}
}

func TestDetect(t *testing.T) {
	t.Parallel()
	european := []faq.Language{"en", "es", "de", "fr", "it", "pt", "nl", "pl", "sv", "no", "da", "fi", "hu", "ro", "tr", "hr"}
	world := append([]faq.Language{"ar", "hi", "ru", "zh", "ja", "ko", "th", "he", "el"}, european...)
	for _, c := range []struct {
		text  string
		among []faq.Language
		want  faq.Language
	}{
		{"Hello", world, ""},
		{"Hello", []faq.Language{"en", "es"}, ""},
		{"ok", world, ""},
		{"qual é o prazo de entrega?", []faq.Language{"en", "es", "de", "fr", "pt"}, "pt"},
		{"Combien coûte la livraison ?", []faq.Language{"en", "es", "de", "fr", "pt"}, "fr"},
		{"Je veux parler à quelqu'un", []faq.Language{"en", "es", "de", "fr", "pt"}, "fr"},
		{"where is it", []faq.Language{"en", "es", "de", "fr", "pt"}, "en"},
		{"gift card", []faq.Language{"en", "es", "de", "fr", "pt"}, ""},
		{"la", []faq.Language{"en", "es", "de", "fr", "pt"}, ""},
		{"iPhone 15 Pro Max 256 GB", world, ""},
		{"", world, ""},
		{"12345 !!! 😀", world, ""},
		{"Hello", nil, ""},
		{"Как вернуть товар?", world, "ru"},
		{"да", world, "ru"},
		{"كيف يمكنني إرجاع طلب؟", world, "ar"},
		{"शुल्क कितना है?", world, "hi"},
		{"배송비는 얼마인가요?", world, "ko"},
		{"返品は何日以内にできますか？", world, "ja"},
		{"送料無料の条件は？", world, "ja"},
		{"我可以在多少天内退货？", []faq.Language{"en", "zh", "ru"}, "zh"},
		{"我可以在多少天内退货？", []faq.Language{"en", "zh", "ja"}, ""},
		{"我可以在多少天内退货？你们接受哪些付款方式？订单什么时候发货？", []faq.Language{"en", "zh", "ja"}, "zh"},
		{"送料無料の条件は？", []faq.Language{"en", "zh"}, ""},
		{"ราคาเท่าไหร่", world, "th"},
		{"מה שעות הפתיחה?", world, "he"},
		{"Πόσο κοστίζει;", world, "el"},
		{"Как вернуть товар?", european, ""},
		{"Я купил iPhone 15 Pro и хочу его вернуть", world, "ru"},
		{"I would like to know how long I have got to return my order", []faq.Language{"en", "es", "de", "ru"}, "en"},
		{"Ich möchte wissen, wie lange ich meine Bestellung zurückgeben kann", world, "de"},
		{"Me gustaría saber cuánto tiempo tengo para devolver mi pedido", []faq.Language{"en", "es", "de", "fr"}, "es"},
		{"Je voudrais savoir combien de temps j'ai pour retourner ma commande", world, "fr"},
		{"Jeg vil gjerne vite hvor lenge jeg kan levere tilbake varene jeg har kjøpt hos dere, og hva frakten koster", []faq.Language{"en", "no", "es"}, "no"},
		{"Jeg vil gjerne vite hvor lenge jeg kan levere tilbake varene jeg har kjøpt hos dere", []faq.Language{"en", "nb", "es"}, "nb"},
		{"من می‌خواهم بدانم تا چه زمانی می‌توانم سفارش خود را پس بدهم و هزینهٔ آن چقدر است", []faq.Language{"en", "fa", "ar"}, "fa"},
		{"أريد أن أعرف متى يمكنني إرجاع الطلب الذي اشتريته من متجركم قبل أسبوع", []faq.Language{"en", "fa", "ar"}, "ar"},
		{"دەمەوێت بزانم تا کەی دەتوانم ئەو کاڵایەی کڕیومە بگەڕێنمەوە و چەند تێدەچێت", []faq.Language{"en", "ckb", "ar"}, ""},
		{"دەمەوێت بزانم تا کەی دەتوانم ئەو کاڵایەی کڕیومە بگەڕێنمەوە و چەند تێدەچێت", []faq.Language{"ckb", "fa", "ar"}, ""},
		{"Quiero devolver el pedido que hice la semana pasada en su tienda", []faq.Language{"en-GB", "es-MX"}, "es-MX"},
		{"Quero devolver a encomenda que fiz na semana passada na vossa loja", []faq.Language{"pt", "pt-BR", "en"}, "pt"},
	} {
		t.Run(fmt.Sprintf("%s among %d", c.text, len(c.among)), func(t *testing.T) {
			t.Parallel()
			got, ok := knowledge.Detect(c.text, c.among)
			if !ok {
				got = ""
			}
			if got != c.want {
				t.Errorf("detected %q, want %q", got, c.want)
			}
		})
	}
}
