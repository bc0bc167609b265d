package bot_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"faqbot/bot"
	"faqbot/faq"
	"faqbot/faq/faqtest"
)

func newLexicon(t *testing.T) *bot.Lexicon {
	t.Helper()
	l, err := bot.NewLexicon()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func wantMoves(t *testing.T, want bot.Move, byLanguage map[faq.Language][]string) {
	t.Helper()
	l := newLexicon(t)
	for language, texts := range byLanguage {
		for _, text := range texts {
			if got := l.Move(text); got != want {
				t.Errorf("%s: %q is %q, want %q", language, text, got, want)
			}
		}
	}
}

func TestLexicon_WantsPerson(t *testing.T) {
	t.Parallel()
	wantMoves(t, bot.WantsHelp, map[faq.Language][]string{
		"en": {
			"human", "agent please", "I need help from a human being", "is there a real person here?", "let me talk to your supervisor", "tlak to a human",
			"can i speek to someone", "get me your manager", "connect me to an agent", "i want to talk to a real person now", "give me a human", "real person pls",
			"can I have a human?", "why can't I talk to a human", "nobody helps me, I want a person", "no, I want a human", "no i want a human", "no bot, human please",
			"no bot human please", "not helpful. agent!", "this is useless. let me speak to a manager", "my parcel is lost and i want to talk to someone",
			"i dont understand any of this i want a human", "Where is my order? I need a person.", "you are no help, can I speak with your boss", "not a bot but a human",
			"is there no one, no person, I can talk to? get me a human", "i dont want this, get me a human", "hi, human please", "agent, please! my order is broken", "i said human", "please transfer me to an agent", "transfer to human", "anyone here?", "where is my order and can i talk to someone",
		},
		"es": {
			"persona", "quiero una persona", "necesito ayuda de un humano", "hay alguien ahí", "ponme con un agente", "quiero hablar con tu supervisor", "pasame con un asesor por favor",
			"puedo hablar con alguien por telefono", "agente por favor", "no, quiero una persona", "nadie me ayuda, quiero una persona", "no entiendo nada quiero hablar con un humano",
			"mi pedido no llega y quiero hablar con alguien", "no me sirve. agente!", "no hay ninguna persona con la que hablar? quiero un humano", "hola, quiero hablar con una persona real porfa",
			"no quiero un robot, quiero una persona", "eso no ayuda quiero un agente", "hbalar con una persona",
		},
		"de": {
			"Mensch", "mitarbeiter bitte", "ich will einen Menschen", "ist da ein Mensch", "ich brauche Hilfe von einem Menschen", "verbinden Sie mich mit einem Mitarbeiter", "kann ich mit jemandem telefonieren",
			"ich möchte Ihren Vorgesetzten sprechen", "bitte einen echten menschen", "Nein, ich will einen Menschen", "keiner hilft mir, ich will einen menschen", "das hilft mir nicht ich will mit einem menschen sprechen",
			"Meine Bestellung fehlt, ich möchte mit jemandem reden", "nicht hilfreich. Mitarbeiter!", "kein bot, mensch bitte", "kein bot sondern ein mensch", "hallo, ich möchte mit einem echten Menschen sprechen",
			"gibt es hier keinen Menschen mit dem ich reden kann", "mit einem menschen spercehn, ich will einen menschen sprechen",
		},
		"fr": {
			"un humain", "agent svp", "je veux un humain", "est-ce que je peux avoir quelqu'un au téléphone", "jai besoin de l'aide d'un humain", "passez-moi un conseiller", "je voudrais parler a quelqu'un",
			"je peux parler à votre responsable ?", "mettez-moi en relation avec un agent", "non, je veux un humain", "personne ne m'aide, je veux un humain", "ça ne marche pas je veux parler à un conseiller",
			"ma commande n'arrive pas, je veux parler à quelqu'un", "pas utile. un agent !", "pas de robot, un humain svp", "bonjour, je veux parler à une vraie personne", "il n'y a pas de conseiller à qui parler ?", "palrer à un humain",
		},
		"pt": {
			"atendente", "quero um humano", "preciso de ajuda de uma pessoa", "tem alguém aí", "me passa para um atendente", "quero falar com o supervisor", "posso falar com alguem por telefone", "falar com atendente",
			"chama um atendente por favor", "não, quero um humano", "ninguém me ajuda, quero uma pessoa", "nao entendi nada quero falar com um atendente", "meu pedido sumiu e quero falar com alguém",
			"não ajudou. atendente!", "não quero robô, quero uma pessoa", "oi, quero falar com uma pessoa de verdade", "isso não serve quero um atendente", "flaar com um humano",
		},
		"ru": {
			"оператор", "оператора", "нужен человек", "хочу человека", "мне нужна помощь человека", "есть тут живой человек?", "дайте оператора", "соедините с менеджером", "можно поговорить с кем-нибудь по телефону",
			"хочу поговорить с вашим руководителем", "нет, хочу человека", "никто не помогает, нужен оператор", "ничего не понятно хочу поговорить с человеком", "заказ не пришел позовите оператора",
			"не помогло. оператора!", "не бот, а человек нужен", "не хочу бота хочу человека", "здравствуйте, хочу поговорить с живым человеком", "погвоорить с человеком",
		},
		"ar": {
			"موظف", "أريد إنسانا", "أحتاج مساعدة من شخص حقيقي", "هل يوجد شخص حقيقي هنا؟", "حولني إلى موظف", "اريد التحدث مع المدير", "ممكن اكلم موظف", "عايز اكلم حد", "ابي اكلم موظف خدمة العملاء", "بدي احكي مع حدا",
			"لا، أريد موظف", "لا أحد يساعدني، أريد شخصا", "طلبي لم يصل وأريد التحدث مع موظف", "غير مفيد. موظف!", "لا أريد روبوت، أريد إنسان", "مرحبا، أريد التحدث مع شخص حقيقي", "3ayez akallem muwazaf", "biddi e7ki ma3 insan",
		},
		"hi": {
			"इंसान", "एजेंट चाहिए", "मुझे इंसान से बात करनी है", "किसी से बात करा दो", "मुझे इंसान की मदद चाहिए", "क्या कोई इंसान है यहाँ", "मैनेजर से बात कराओ", "फोन पर किसी से बात कर सकता हूँ", "नहीं, मुझे इंसान चाहिए",
			"कोई मदद नहीं करता, मुझे इंसान चाहिए", "मेरा ऑर्डर नहीं आया मुझे किसी से बात करनी है", "बॉट नहीं इंसान चाहिए", "agent chahiye", "mujhe kisi insaan se baat karni hai", "manager se baat karao",
			"nahi, mujhe insaan chahiye", "bot nahi insaan chahiye", "mera order nahi aaya agent se baat karao", "kuch samajh nahi aaya. agent!", "koi insaan hai kya yahan", "bot se nahi insaan se baat karni hai",
		},
	})
}

func TestLexicon_WantsNoBot(t *testing.T) {
	t.Parallel()
	wantMoves(t, bot.WantsHelp, map[faq.Language][]string{
		"en": {"i dont want a bot", "no bots", "no bot please", "I don't want to talk to a robot", "i do not want to chat with a machine about my order", "stop sending me to a bot, no bots!"},
		"es": {"no quiero un robot", "no quiero hablar con un bot", "no quiero hablar con una maquina", "sin robots por favor"},
		"de": {"Ich will mit keinem Bot reden", "ich will keinen bot", "kein Bot bitte", "ich möchte nicht mit einem roboter sprechen"},
		"fr": {"pas de robot", "je ne veux pas de robot", "je veux pas parler a un robot", "pas de bot svp"},
		"pt": {"não quero falar com robô", "nao quero um robo", "sem robô por favor", "não quero robô"},
		"ru": {"не хочу бота", "не хочу говорить с ботом", "без ботов", "с роботом говорить не хочу"},
		"ar": {"لا أريد روبوت", "ما ابي بوت", "لا أريد التحدث مع روبوت", "بدون روبوت"},
		"hi": {"बॉट नहीं चाहिए", "मुझे बॉट से बात नहीं करनी", "bot nahi chahiye", "mujhe bot se baat nahi karni"},
	})
}

func TestLexicon_WantsNoPerson(t *testing.T) {
	t.Parallel()
	wantMoves(t, bot.NoMove, map[faq.Language][]string{
		"en": {
			"can i do this without talking to a human",
			"how do I become an agent?", "who is your manager?", "how many people work there", "do you need an agent", "what does a real estate agent cost", "hi support, where is my order?", "hey people, when do you open?",
			"I'm not a robot but the captcha fails", "do you sell robots", "i dont need a robot vacuum", "where do I find the cleaning agent", "is the plant safe for people", "where is my order, people?", "is it for one person",
			"do i need an agent", "am i your boss", "i made a transfer to someone", "how can people transfer money to me", "do you have staff who speak spanish", "i got a call from someone at your company", "can another person pick up my parcel", "when is customer service open", "I am an agent, what discount do I get",
		},
		"es": {
			"¿cómo me hago agente?", "quién es el gerente",
			"cuántas personas trabajan ahí", "la mesa es para cuántas personas", "hola equipo, cuándo abren", "tienen robot de cocina", "necesito una persona que riegue mis plantas?",
		},
		"de": {
			"Wie werde ich Mitarbeiter?", "wie viele Mitarbeiter haben Sie",
			"wer ist der Geschäftsführer", "sucht ihr Mitarbeiter?", "welche Erde brauche ich", "für wie viele Personen ist der Tisch", "Hallo Kundenservice, wo ist meine Bestellung?",
		},
		"fr": {
			"comment devenir agent ?", "combien de personnes travaillent chez vous",
			"qui est le directeur", "c'est pour combien de personnes", "vous recrutez des vendeurs ?", "bonjour le support, où est ma commande ?", "vous vendez des robots ?",
		},
		"pt": {
			"como viro agente?", "quem é o gerente", "quantas pessoas trabalham aí",
			"a mesa serve quantas pessoas", "vocês contratam vendedores?", "vocês vendem robô aspirador", "oi suporte, cadê meu pedido?",
		},
		"ru": {
			"как стать агентом?", "сколько у вас сотрудников", "кто ваш директор",
			"вам нужен менеджер?", "стол на сколько человек", "вы продаёте роботы-пылесосы",
		},
		"ar": {
			"كيف أصبح وكيلا؟", "كم موظف لديكم", "من هو المدير", "كم شخص يعمل هنا", "الطاولة لكم شخص", "هل تبيعون روبوتات",
		},
		"hi": {
			"मैं एजेंट कैसे बनूँ", "आपके यहाँ कितने लोग काम करते हैं", "मैनेजर कौन है",
			"agent kaise bane", "kitne log kaam karte hain",
		},
	})
}

// TestLexicon_RefusesPerson are people who want no person: neither a wish nor a question.
func TestLexicon_RefusesPerson(t *testing.T) {
	t.Parallel()
	wantMoves(t, bot.RefusesHelp, map[faq.Language][]string{
		"en": {"i dont want to talk to a person", "no human please", "I do not need an agent", "please don't transfer me to an agent", "I'd rather not talk to anyone", "no person needed"},
		"es": {"no quiero hablar con una persona", "no necesito un agente", "prefiero no hablar con nadie", "no me pases con nadie, sin humanos", "no hace falta que me llame un agente"},
		"de": {"ich will keinen menschen sprechen", "ich möchte nicht mit einem Mitarbeiter sprechen", "kein Mensch bitte", "ich brauche keinen Berater", "einen Mitarbeiter brauche ich nicht"},
		"fr": {"je ne veux pas parler à un humain", "pas besoin d'un agent", "je veux pas parler à un conseiller", "pas d'humain svp", "je n'ai pas besoin d'un conseiller"},
		"pt": {"não quero falar com uma pessoa", "não preciso de atendente", "sem humanos por favor", "nao quero atendente", "não precisa me transferir para um atendente"},
		"ru": {"не хочу говорить с человеком", "не надо оператора", "оператор не нужен", "с человеком говорить не хочу", "не соединяйте с оператором", "без людей пожалуйста"},
		"ar": {"لا أريد التحدث مع موظف", "لا أحتاج إلى موظف", "ما ابي اكلم موظف", "بدون موظف من فضلك", "مش عايز اكلم حد", "لا تحولني إلى موظف"},
		"hi": {"मुझे इंसान से बात नहीं करनी", "एजेंट नहीं चाहिए", "किसी से बात नहीं करनी", "इंसान की जरूरत नहीं", "mujhe insaan se baat nahi karni", "agent nahi chahiye", "insaan ki zarurat nahi"},
	})
}

func TestLexicon_TakesBack(t *testing.T) {
	t.Parallel()
	wantMoves(t, bot.TakesBack, map[faq.Language][]string{
		"en": {"never mind", "nevermind", "Forget it.", "no longer needed", "it's solved, no need any more", "i dont need a person anymore", "no, never mind", "ok nvm thanks", "I no longer need an agent", "it's ok, I don't need an agent any more"},
		"es": {"olvídalo", "ya no hace falta", "dejalo gracias", "ya no necesito una persona", "ya no quiero hablar con un agente", "ya lo solucioné, no hace falta"},
		"de": {"vergiss es", "hat sich erledigt", "nicht mehr nötig", "ich brauche keinen Menschen mehr", "ist schon gut danke", "ich will keinen mitarbeiter mehr sprechen"},
		"fr": {"laisse tomber", "laissez tomber", "plus besoin", "je n'ai plus besoin d'un conseiller", "c'est bon, plus besoin", "oubliez merci"},
		"pt": {"deixa pra lá", "esquece", "não precisa mais", "não preciso mais de um atendente", "já resolvi, não precisa", "ja nao preciso obrigado"},
		"ru": {"неважно", "уже не надо", "забудьте", "оператор больше не нужен", "больше не надо, спасибо", "вопрос решён, уже не нужно"},
		"ar": {"انس الأمر", "لم يعد ضروريا", "لا يهم", "لم أعد أحتاج إلى موظف", "خلاص", "خلاص شكرا لا داعي"},
		"hi": {"रहने दो", "अब जरूरत नहीं", "छोड़ो", "अब इंसान की जरूरत नहीं", "rehne do", "ab zarurat nahi", "ab agent nahi chahiye", "koi baat nahi"},
	})
}

func TestLexicon_Courteous(t *testing.T) {
	t.Parallel()
	wantMoves(t, bot.Courteous, map[faq.Language][]string{
		"en": {"pls", "please", "Please!!", "sorry", "please please"},
		"es": {"por favor", "porfa", "disculpe", "x favor, porfa"},
		"de": {"bitte", "Bitte sehr", "entschuldigung", "bitte bitte"},
		"fr": {"svp", "s'il vous plaît", "sil te plait", "excusez-moi"},
		"pt": {"por favor", "pfv", "por gentileza", "desculpa"},
		"ru": {"пожалуйста", "плиз", "будьте добры", "извините"},
		"ar": {"من فضلك", "لو سمحت", "رجاء", "law sama7t"},
		"hi": {"कृपया", "प्लीज", "please ji", "kripya"},
	})
	wantMoves(t, bot.NoMove, map[faq.Language][]string{"en": {"and", "it", "now", "all"}, "es": {"y", "la"}, "ru": {"и"}})
}

// TestLexicon_QuestionsAreNoMoves reads the questions of the sample and of the test sets: a question taken for a move is not answered.
func TestLexicon_QuestionsAreNoMoves(t *testing.T) {
	t.Parallel()
	texts := sampleQuestions(t)
	files, err := filepath.Glob(filepath.Join("..", "knowledge", "eval", "testdata", "*.csv"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no test sets (%v)", err)
	}
	for _, file := range files {
		texts = append(texts, column(t, file, nil)...)
	}
	l := newLexicon(t)
	for _, text := range texts {
		if got := l.Move(text); got != bot.NoMove && !slices.Contains(trueMoves, text) {
			t.Errorf("%q is %q, want a question", text, got)
		}
	}
}

// TestLexicon_DataSetsAreNoMoves does the same with data sets that are no part of the project.
func TestLexicon_DataSetsAreNoMoves(t *testing.T) {
	t.Parallel()
	faqtest.ComputesAlone(t)
	dir := os.Getenv("FAQBOT_TEST_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "data")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("SKIP: there is no test data at %s; FAQBOT_TEST_DATA names its folder", dir)
	}
	var texts []string
	for _, file := range []string{"banking77/valid.csv", "clinc150/valid.csv", "sofmattress/test.csv"} {
		texts = append(texts, column(t, filepath.Join(dir, file), moveLabels)...)
	}
	l := newLexicon(t)
	for _, text := range texts {
		if got := l.Move(text); got != bot.NoMove && !slices.Contains(trueMoves, text) {
			t.Errorf("%q is %q, want a question", text, got)
		}
	}
}

// moveLabels are the intents of the data sets that are moves.
var moveLabels = []string{"greeting", "goodbye", "thank_you", "are_you_a_bot", "what_is_your_name", "yes", "no", "maybe"}

// trueMoves are the messages that are moves all the same: the sample has an entry for who wants a person.
var trueMoves = []string{
	"How can I talk to a person?", "human please", "i want to speak to someone", "¿Cómo puedo hablar con una persona?", "quiero hablar con alguien", "atención al cliente",
	"Wie kann ich mit einem Menschen sprechen?", "kundenservice", "ich möchte mit jemandem reden",
	"how do i contact customer support about my declined transfer?", "i need to talk to someone about a fraudulent activity on my card",
	"Is there anybody? I want to purchase this SOF ergo 4ftX6ft. Will you send to Nipani 591237 safely without damage?", "Connect to agent", "Arrange a call by your representative",
	"can i speak to a preson", "can i talk to a person please",
}

// sampleQuestions are the questions and phrasings of the sample, in every language.
func sampleQuestions(t *testing.T) []string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "cmd", "faqbot", "sample", "sample.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	listed := false
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSpace(line)
		question, isQuestion := strings.CutPrefix(line, "question: ")
		phrasing, isItem := strings.CutPrefix(line, "- ")
		switch {
		case isQuestion:
			texts = append(texts, question)
		case isItem && listed:
			texts = append(texts, phrasing)
		}
		listed = line == "phrasings:" || isItem && listed
	}
	if len(texts) < 100 {
		t.Fatalf("found %d questions in the sample", len(texts))
	}
	return texts
}

// column is the first of a test set, without the rows of some labels.
func column(t *testing.T, file string, without []string) []string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, row := range rows[1:] {
		if !slices.Contains(without, row[1]) {
			texts = append(texts, row[0])
		}
	}
	return texts
}
