package bot_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/faq"
	"faqbot/knowledge/insight"
)

// dialogue is how a shop's customers talk in one language.
type dialogue struct {
	// faq are questions with other phrasings; entries are named in the order of dialogueEntries.
	faq [][]string
	// two asks for returns and hours, sureAndUnsure for hours and what two entries have in common.
	two, sureAndUnsure string
	// delivery is asked, and then abroad; burst greets and asks the same as delivery, in three messages.
	delivery, abroad string
	burst            [3]string
	// no refuses an answer, noAbroad says what was meant: abroad.
	no, noAbroad string
	// unknown has no answer, upset and urgent ask it so; hoursAndPerson asks for hours and a person.
	upset, urgent, hoursAndPerson string
}

// dialogueEntries names the entries; each has its name as its answer.
var dialogueEntries = []faq.EntryID{"returns", "refund", "delivery", "abroad", "hours", "voucher"}

func (d dialogue) entries(l faq.Language) []faq.Entry {
	var out []faq.Entry
	for i, id := range dialogueEntries {
		e := faq.Entry{ID: id, Language: l, Question: d.faq[i][0], Answers: []faq.Answer{{Language: l, Text: "answer " + string(id)}}}
		for _, p := range d.faq[i][1:] {
			e.Phrasings = append(e.Phrasings, faq.Phrasing{Text: p})
		}
		out = append(out, e)
	}
	return out
}

// talk opens a shop that speaks a language; the customers in it have been greeted.
func (d dialogue) talk(t *testing.T, l faq.Language, customers ...string) (*shop, bot.Voice) {
	t.Helper()
	texts, err := bot.NewTexts("en")
	if err != nil {
		t.Fatal(err)
	}
	b := openWith(t, d.entries(l), func(p *bot.Policy) { p.Language, p.Burst = l, 300*time.Millisecond })
	voice := texts.In(l)
	for _, c := range customers {
		b.say(c, "👋", "Test & Sons")
	}
	return b, voice
}

// TestEngine_Dialogues talks to a small shop in every language.
func TestEngine_Dialogues(t *testing.T) {
	t.Parallel()
	for language, d := range dialogues {
		t.Run(string(language), func(t *testing.T) {
			t.Parallel()
			b, voice := d.talk(t, language, "two", "unsure", "abroad", "burst", "no", "meant", "upset", "urgent", "person")
			b.say("two", d.two, "answer returns", "answer hours")
			unsure := b.say("unsure", d.sureAndUnsure, "answer hours", voice.Say("clarify"))
			if got := labels(unsure[1]); !slices.Contains(got, d.faq[1][0]) || !slices.Contains(got, d.faq[5][0]) {
				t.Errorf("the unsure question is asked back with %q", got)
			}
			b.say("abroad", d.delivery, "answer delivery")
			b.say("abroad", d.abroad, "answer abroad")
			for _, part := range d.burst {
				b.network.Say("burst", part)
			}
			b.expect("burst", voice.Say("greeting_again"), "answer delivery")
			b.say("no", d.delivery, "answer delivery")
			if got := labels(b.say("no", d.no, voice.Say("not_meant"))[0]); !slices.Contains(got, d.faq[3][0]) {
				t.Errorf("after a no it offers %q", got)
			}
			b.say("meant", d.delivery, "answer delivery")
			b.say("meant", d.noAbroad, "answer abroad")
			b.say("upset", d.upset, plain(voice.Say("fallback_upset")))
			urgent := b.say("urgent", d.urgent, plain(voice.Say("urgent")))
			if got := labels(urgent[0]); got[0] != voice.Say("button_person") {
				t.Errorf("who is in a hurry is offered %q", got)
			}
			b.say("burst", d.no, voice.Say("not_meant"))
			d.askForPerson(b, voice)
		})
	}
}

// askForPerson asks for hours and a person at once: the question goes along and is answered beneath the receipt.
func (d dialogue) askForPerson(b *shop, voice bot.Voice) {
	b.t.Helper()
	receipt := b.say("person", d.hoursAndPerson, "", "answer hours")[0].Content.PlainText()
	tickets, err := b.store.Tickets(b.t.Context(), "open", 10)
	if err != nil || len(tickets) != 1 {
		b.t.Fatalf("tickets %+v, %v", tickets, err)
	}
	question := tickets[0].Question
	if question == "" || question == d.hoursAndPerson || !strings.Contains(d.hoursAndPerson, question) {
		b.t.Errorf("the ticket is about %q", question)
	}
	if want := plain(voice.Say("ticket_opened", bot.Args{"Number": tickets[0].Number})); receipt != want {
		b.t.Errorf("the receipt is %q, want %q", receipt, want)
	}
}

// TestEngine_AWordSetsNoLanguage says words that are the same in many languages, or are known everywhere, to a shop that speaks German.
func TestEngine_AWordSetsNoLanguage(t *testing.T) {
	t.Parallel()
	d := dialogues["de"]
	b, voice := d.talk(t, "de")
	for _, word := range []string{"Hello", "Hola", "ok", "hi", "Ciao", "merci", "no", "super", "👍", "help"} {
		b.network.Say(word, word)
		b.say(word, "lieferzeit", "", "answer delivery")
		for _, m := range b.network.Shown(word) {
			if got := labels(m); len(got) > 0 && got[len(got)-1] != voice.Say("button_person") {
				t.Errorf("after %q it offers %q", word, got)
			}
		}
	}
}

// TestEngine_WhatWasRefusedIsNotAnsweredAgain says no and asks for what is nearest to the refused entry still.
func TestEngine_WhatWasRefusedIsNotAnsweredAgain(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	b.say("ann", "how long does delivery take", "Two to three")
	if got := b.say("ann", "no, I mean the delivery time", "")[0].Content.PlainText(); strings.Contains(got, "Two to three") {
		t.Errorf("it answers %q again", got)
	}
	misses, err := b.store.Misses(t.Context(), time.Time{}, 10)
	if err != nil || !slices.ContainsFunc(misses, func(m insight.Miss) bool {
		return m.Reason == insight.Rejected && m.Utterance == "how long does delivery take"
	}) {
		t.Errorf("misses %+v, %v", misses, err)
	}
}

func plain(markdown string) string { return channel.Parse(markdown).PlainText() }

var dialogues = map[faq.Language]dialogue{
	"en": {
		faq: [][]string{
			{"How long can I return something?", "return period", "can i send it back"}, {"When do I get my money back?", "refund time", "is it paid out?"},
			{"How long does delivery take?", "delivery time", "when will my parcel arrive"}, {"How long does delivery abroad take?", "international delivery time", "shipping to other countries"},
			{"When is the store open?", "opening hours", "are you open on saturday"}, {"How do I use a gift card?", "redeem voucher", "is it paid out?"},
		},
		two: "how long can i return something? and when is the store open?", sureAndUnsure: "when is the store open? is it paid out?",
		delivery: "how long does delivery take", abroad: "and abroad?", burst: [3]string{"hello", "my parcel", "when will it arrive"},
		no: "no that's not what i asked", noAbroad: "no, i mean delivery abroad", upset: "this is ridiculous, why does my zebra sing opera",
		urgent: "urgent, does my zebra sing opera", hoursAndPerson: "When is the store open? I want to talk to a human.",
	},
	"es": {
		faq: [][]string{
			{"¿Cuánto tiempo tengo para devolver algo?", "plazo de devolución", "puedo devolverlo"}, {"¿Cuándo me devuelven el dinero?", "plazo de reembolso", "¿se paga en efectivo?"},
			{"¿Cuánto tarda el envío?", "plazo de entrega", "cuándo llega mi paquete"}, {"¿Cuánto tarda el envío al extranjero?", "envío internacional", "envíos a otros países"},
			{"¿Cuándo está abierta la tienda?", "horario de apertura", "abren los sábados"}, {"¿Cómo uso una tarjeta regalo?", "canjear un vale", "¿se paga en efectivo?"},
		},
		two: "cuánto tiempo tengo para devolver algo? y cuándo está abierta la tienda?", sureAndUnsure: "cuándo está abierta la tienda? se paga en efectivo?",
		delivery: "cuanto tarda el envio", abroad: "¿y al extranjero?", burst: [3]string{"hola", "mi paquete", "cuando llega"},
		no: "no, eso no es lo que pregunté", noAbroad: "no, me refiero al envío al extranjero", upset: "esto es una vergüenza, por qué mi cebra canta ópera",
		urgent: "es urgente, mi cebra canta ópera", hoursAndPerson: "¿Cuándo está abierta la tienda? Quiero hablar con una persona.",
	},
	"de": {
		faq: [][]string{
			{"Wie lange kann ich etwas zurückgeben?", "Rückgabefrist", "kann ich es zurückschicken"}, {"Wann bekomme ich mein Geld zurück?", "Dauer der Erstattung", "wird es ausgezahlt?"},
			{"Wie lange dauert die Lieferung?", "Lieferzeit", "wann kommt mein Paket an"}, {"Wie lange dauert die Lieferung ins Ausland?", "internationale Lieferzeit", "Versand in andere Länder"},
			{"Wann hat der Laden geöffnet?", "Öffnungszeiten", "habt ihr samstags offen"}, {"Wie löse ich einen Gutschein ein?", "Geschenkkarte einlösen", "wird es ausgezahlt?"},
		},
		two: "wie lange kann ich etwas zurückgeben? und wann hat der laden geöffnet?", sureAndUnsure: "wann hat der laden geöffnet? wird es ausgezahlt?",
		delivery: "wie lange dauert die lieferung", abroad: "und ins ausland?", burst: [3]string{"hallo", "mein paket", "wann kommt es an"},
		no: "nein das hab ich nicht gefragt", noAbroad: "nein, ich meine die lieferung ins ausland", upset: "das ist eine frechheit, warum singt mein zebra opern",
		urgent: "dringend, singt mein zebra opern", hoursAndPerson: "Wann hat der Laden geöffnet? Ich will mit einem Menschen sprechen.",
	},
	"fr": {
		faq: [][]string{
			{"Combien de temps ai-je pour retourner un article ?", "délai de retour", "puis-je le renvoyer"}, {"Quand serai-je remboursé ?", "délai de remboursement", "est-ce payé en espèces ?"},
			{"Combien de temps prend la livraison ?", "délai de livraison", "quand arrive mon colis"}, {"Combien de temps prend la livraison à l'étranger ?", "livraison internationale", "envoi dans d'autres pays"},
			{"Quand le magasin est-il ouvert ?", "horaires d'ouverture", "ouvert le samedi"}, {"Comment utiliser une carte cadeau ?", "utiliser un bon", "est-ce payé en espèces ?"},
		},
		two: "combien de temps ai-je pour retourner un article ? et quand le magasin est-il ouvert ?", sureAndUnsure: "quand le magasin est-il ouvert ? est-ce payé en espèces ?",
		delivery: "combien de temps prend la livraison", abroad: "et à l'étranger ?", burst: [3]string{"bonjour", "mon colis", "quand arrive t il"},
		no: "non c'est pas ce que j'ai demandé", noAbroad: "non, je parle de la livraison à l'étranger", upset: "c'est une honte, pourquoi mon zèbre chante l'opéra",
		urgent: "urgent, mon zèbre chante l'opéra", hoursAndPerson: "Quand le magasin est-il ouvert ? Je veux parler à un humain.",
	},
	"pt": {
		faq: [][]string{
			{"Quanto tempo tenho para devolver algo?", "prazo de devolução", "posso devolver"}, {"Quando recebo meu dinheiro de volta?", "prazo de reembolso", "é pago em dinheiro?"},
			{"Quanto tempo demora a entrega?", "prazo de entrega", "quando chega meu pacote"}, {"Quanto tempo demora a entrega no exterior?", "entrega internacional", "envio para outros países"},
			{"Quando a loja está aberta?", "horário de funcionamento", "abrem no sábado"}, {"Como uso um vale-presente?", "resgatar um vale", "é pago em dinheiro?"},
		},
		two: "quanto tempo tenho para devolver algo? e quando a loja está aberta?", sureAndUnsure: "quando a loja está aberta? é pago em dinheiro?",
		delivery: "quanto tempo demora a entrega", abroad: "e no exterior?", burst: [3]string{"oi", "meu pacote", "quando chega"},
		no: "não foi isso que perguntei", noAbroad: "não, falo da entrega no exterior", upset: "isso é um absurdo, por que minha zebra canta ópera",
		urgent: "urgente, minha zebra canta ópera", hoursAndPerson: "Quando a loja está aberta? Quero falar com um atendente.",
	},
	"ru": {
		faq: [][]string{
			{"Сколько времени есть на возврат товара?", "срок возврата", "можно ли вернуть"}, {"Когда мне вернут деньги?", "срок возмещения", "выплачивается ли это?"},
			{"Сколько идёт доставка?", "срок доставки", "когда придёт моя посылка"}, {"Сколько идёт доставка за границу?", "международная доставка", "отправка в другие страны"},
			{"Когда открыт магазин?", "часы работы", "открыты ли вы в субботу"}, {"Как использовать подарочную карту?", "активировать сертификат", "выплачивается ли это?"},
		},
		two: "сколько времени есть на возврат товара? и когда открыт магазин?", sureAndUnsure: "когда открыт магазин? выплачивается ли это?",
		delivery: "сколько идет доставка", abroad: "а за границу?", burst: [3]string{"привет", "моя посылка", "когда придет"},
		no: "нет, я не это спрашивал", noAbroad: "нет, я про доставку за границу", upset: "это безобразие, почему моя зебра поёт оперу",
		urgent: "срочно, моя зебра поёт оперу", hoursAndPerson: "Когда открыт магазин? Хочу поговорить с человеком.",
	},
	"ar": {
		faq: [][]string{
			{"كم المدة المتاحة لإرجاع منتج؟", "مدة الإرجاع", "هل يمكن إعادته"}, {"متى أسترد أموالي؟", "مدة الاسترداد", "هل يدفع نقدا؟"},
			{"كم يستغرق التوصيل؟", "مدة التوصيل", "متى يصل طردي"}, {"كم يستغرق التوصيل إلى الخارج؟", "التوصيل الدولي", "الشحن إلى دول أخرى"},
			{"متى يفتح المتجر؟", "ساعات العمل", "هل تفتحون يوم السبت"}, {"كيف أستخدم بطاقة الهدايا؟", "استخدام القسيمة", "هل يدفع نقدا؟"},
		},
		two: "كم المدة المتاحة لإرجاع منتج؟ ومتى يفتح المتجر؟", sureAndUnsure: "متى يفتح المتجر؟ هل يدفع نقدا؟",
		delivery: "كم يستغرق التوصيل", abroad: "وإلى الخارج؟", burst: [3]string{"مرحبا", "طردي", "متى يصل"},
		no: "لا، ليس هذا ما سألت عنه", noAbroad: "لا، أقصد التوصيل إلى الخارج", upset: "هذه مهزلة، لماذا يغني حماري الوحشي الأوبرا",
		urgent: "عاجل، قردي يغني الأوبرا", hoursAndPerson: "متى يفتح المتجر؟ أريد التحدث مع موظف.",
	},
	"hi": {
		faq: [][]string{
			{"सामान वापस करने के लिए कितना समय है?", "वापसी की अवधि", "क्या मैं इसे लौटा सकता हूँ"}, {"मेरा पैसा कब वापस मिलेगा?", "रिफंड का समय", "क्या यह नकद मिलता है?"},
			{"डिलीवरी में कितना समय लगता है?", "डिलीवरी का समय", "मेरा पार्सल कब आएगा"}, {"विदेश में डिलीवरी में कितना समय लगता है?", "अंतरराष्ट्रीय डिलीवरी", "दूसरे देशों में भेजना"},
			{"दुकान कब खुलती है?", "खुलने का समय", "क्या शनिवार को खुला है"}, {"गिफ्ट कार्ड का उपयोग कैसे करें?", "वाउचर भुनाना", "क्या यह नकद मिलता है?"},
		},
		two: "सामान वापस करने के लिए कितना समय है? और दुकान कब खुलती है?", sureAndUnsure: "दुकान कब खुलती है? क्या यह नकद मिलता है?",
		delivery: "डिलीवरी में कितना समय लगता है", abroad: "और विदेश में?", burst: [3]string{"नमस्ते", "मेरा पार्सल", "कब आएगा"},
		no: "नहीं, मैंने यह नहीं पूछा", noAbroad: "नहीं, मेरा मतलब विदेश में डिलीवरी", upset: "यह बकवास है, मेरा ज़ेबरा ओपेरा क्यों गाता है",
		urgent: "तुरंत, मेरा ज़ेबरा ओपेरा गाता है", hoursAndPerson: "दुकान कब खुलती है? मुझे इंसान से बात करनी है।",
	},
}
