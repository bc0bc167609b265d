package insight

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"faqbot/faq"
)

// word is a run of letters, marks and digits in a text, and how it is compared.
type word struct {
	from, to int
	folded   string
}

// wordsOf are a text's words.
func wordsOf(s string) []word {
	var out []word
	from := -1
	add := func(to int) {
		if from >= 0 {
			out = append(out, word{from, to, faq.Fold(s[from:to])})
		}
		from = -1
	}
	for i, r := range s {
		switch {
		case !inWord(r):
			add(i)
		case from < 0:
			from = i
		}
	}
	add(len(s))
	return out
}

func capital(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r) || unicode.IsTitle(r)
}

// cased says whether a word is of a script that has capitals.
func cased(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r) || unicode.IsLower(r) || unicode.IsTitle(r)
}

// introduction is what people say before their name.
type introduction struct {
	clue
	// shy is true where other words follow as well: only capitals tell the name.
	shy bool
	// origin is true where “de” and the like tell where somebody is from.
	origin bool
	// known is true where mostly other words follow: only what many people are called by tells the name, in whatever letters.
	known bool
	// least is how many words the name must have, with blanks between them.
	least int
	// after says whether a text may follow the name; nil is any.
	after func(string) bool
}

// said makes a clue of what stands before a name: whole words, and a colon or blanks behind them.
func said(words, expr string) clue {
	return clueOf(words, `(?i)`+before+`(?:`+expr+`)(?:\s*[:：,،–-]\s*|[ \x{a0}]+)`)
}

// signed makes a clue of what stands before a name at the end of a letter.
func signed(words, before, expr, after string) clue {
	return clueOf(words, `(?i)`+before+`(?:`+expr+`)`+after)
}

const (
	regards     = "regards|best wishes|sincerely|yours|grü|grue|gruß|gruss|mfg|lg |lg,|lg\n|saludo|atentam|atencios|cordial|bien à|salutations|cumpriment|abraço|att |att,|att\n|abrazo|ув.|уваж|пожелан|تحيات|التحية|सादर"
	withRegards = `regards|yours truly|saludos|un saludo|(?:un )?abrazos?|abraços?|att|mfg|lg|` + sureRegards
	// sureRegards are those that stand nowhere but at the end of a letter.
	sureRegards = `(?:(?:with )?(?:best|kind|warm)(?:est)? |(?:thanks|thank you) and )regards|best wishes|(?:yours )?sincerely|yours faithfully|` +
		`mit (?:freundlichen|besten|lieben|herzlichen) gr(?:ü|ue)(?:ß|ss)en|(?:viele|liebe|beste|sch(?:ö|oe)ne|herzliche|freundliche) gr(?:ü|ue)(?:ß|ss)e|(?:lieben |sch(?:ö|oe)nen )?gru(?:ß|ss)|` +
		`saludos cordiales|un cordial saludo|atentamente|(?:bien )?cordialement|bien à vous|salutations distinguées|atenciosamente|(?:com os melhores )?cumprimentos|` +
		`с (?:наилучшими пожеланиями|уважением|ув\.)|مع (?:أطيب |خالص )?(?:التحيات|التحية|تحياتي)|تحياتي|सादर`
	thanks       = `cheers|thank|danke|gracias|merci|obrigad|спасибо|شكرا|धन्यवाद`
	withThanks   = `cheers|thanks|thank you|danke|gracias|merci|obrigad[oa]|спасибо|شكرا|धन्यवाद`
	blanks       = `[ \x{a0}]+`
	sentenceEnds = `[\s,.!?؟।]`
	letterEnds   = `(?:^|` + sentenceEnds + `)`
)

// follows makes a check of what stands behind a name.
func follows(expr string) func(string) bool {
	return regexp.MustCompile(`^(?:` + expr + `)`).MatchString
}

var (
	textEnds    = follows(`[^\pL\pM\p{Nd}]*$`)
	lineEnds    = follows(`[^\pL\pM\p{Nd}\n]*(?:\n|$)`)
	hindiEnds   = follows(`\s*(?:है|हैं|हे|$|[,;।.!\n])`)
	hinglishEnd = follows(`(?i)\s*(?:hai\b|$|[,;.!\n])`)
	// selfEnds is what follows who a person is, in Hindi: “am”, “speak” and “write”.
	selfEnds = follows(`(?i)\s*(?:हूँ|हूं|हुं|हु(?:\PM|$)|बोल|लिख|hoon\b|hun\b|hu\b|bol|$|[,;।.!\n])`)
)

var introductions = []introduction{
	{clue: said(`name`, `(?:my|his|her|the|[a-z]+['’]s) (?:full |first |last )?name(?: is|['’]s|s)|name['’]s`)},
	{clue: said(`called`, `(?:i am|i['’]m|im) called`)},
	{clue: said(`llamo|nombre|apellido`, `me llamo|(?:mi|su) nombre (?:completo )?es|mi apellido es`)},
	{clue: said(`ich hei|name`, `ich hei(?:ß|ss)e|(?:mein|sein|ihr) (?:voller )?name ist|mein name`)},
	{clue: said(`appelle|nom`, `je m['’ ]?appelle|(?:mon|son) nom (?:complet )?(?:est|c['’]est)|mon prénom est`)},
	{clue: said(`chamo|nome`, `(?:eu )?me chamo|chamo-me|(?:o )?(?:meu|seu) nome (?:completo )?(?:é|e)`)},
	{clue: said(`зовут|имя|фамилия`, `(?:меня|его|ее|её) зовут|мо[её] имя|моя фамилия`)},
	{clue: said(`اسم|إسم`, `(?:أنا |انا )?[اإ]سم(?:ي|ه|ها)(?: هو| الكامل| الكامل هو)?`)},
	{clue: said(`नाम`, `(?:मेरा|मेरी|हमारा|उसका|उनका) (?:पूरा )?नाम`), after: hindiEnds},
	{clue: said(`naam`, `mera naam`), after: hinglishEnd},
	{clue: said(`i am|i'm|i’m|im `, `i am|i['’]m|im`), shy: true, least: 2},
	{clue: said(`soy|je suis|moi c|sou|aqui|я `, `soy|je suis|moi c['’]est|sou (?:o|a)|sou|eu sou (?:o|a)|aqui é (?:o|a)|я`), shy: true, origin: true},
	{clue: said(`this is|hier |это|c'est|c’est|ici `, `this is(?: dr\.?| prof\.?)?|hier (?:ist|spricht)|это|c['’]est|ici`), shy: true, origin: true, least: 2, after: clauseEnds},
	{clue: said(`this is|here is|it's|it’s|its |i am|i'm|i’m|im `, `(?:this|here) is(?: dr\.?| prof\.?)?|it['’]?s(?: me)?|i['’]?m|i am`), known: true},
	{clue: said(`soy |habla |escribe |aquí `, `soy|(?:te|le|les) (?:habla|escribe)|aquí`), known: true},
	{clue: said(`hier |ich bin`, `hier(?: ist| spricht| schreibt)?|ich bin(?:['’]s| der| die)?`), known: true},
	{clue: said(`c'est|c’est|ici |je suis|part de`, `c['’]est|ici|je suis|de la part de`), known: true},
	{clue: said(`sou |aqui |fala `, `sou(?: o| a)?|aqui(?: é| fala| quem fala é)?(?: o| a)?|quem fala é`), known: true},
	{clue: said(`это|я |беспокоит|пишет`, `это|я|(?:вас )?беспокоит|(?:вам )?пишет`), known: true},
	{clue: said(`أنا|انا|معك`, `[أا]نا|معك|معكم`), known: true},
	{clue: said(`मै|main |mai `, `मैं|मै|main|mai`), known: true, after: selfEnds},
	{clue: said(`name|nombre|nom|имя`, `(?:under|in) the name(?: of)?|a nombre de|em nome de|au nom de|auf den namen|auf namen|на имя`), shy: true},
	{clue: said(`recipient|empf|destina|получ`, `(?:the )?recipient(?: is)?|(?:der |die )?empfänger(?:in)?(?: ist)?|(?:el |la |le |o |a )?destinat(?:ario|aria|aire|ário|ária)(?: es| est| é)?|получатель`), shy: true},
	{clue: clueOf(`mr|ms|mme|monsieur|madame|frau|herr|señor|sr|senhor|госп|г-`, before+`(?:Mrs?|Ms|Mme|Monsieur|Madame|Frau|Herrn?|[Ss]eñora?|[Ss]ra?|Sr\.ª|[Ss]enhora?|[Гг]осподин|[Гг]оспожа|г-н|г-жа)\.?[ \x{a0}]+(?:(?:Dr|Prof)\.?[ \x{a0}]+)*`), shy: true},
	// The beginning of a letter
	{clue: clueOf(`dear|hello|hi|lie|hallo|geehrte|hola|estimad|querid|bonjour|ch|olá|prezad|car|здрав|добр|уваж|дорог|привет`, `(?i)^\s*(?:dear|hello|hi|hey|liebe[rs]?|hallo|sehr geehrte[rs]?|hola|estimad[oa]|querid[oa]|`+
		`bonjour|chère?|olá|prezad[oa]|car[oa]|здравствуйте|добрый день|уважаем(?:ая|ый)|дорог(?:ая|ой)|привет)[ ,]\s*`), shy: true, after: follows(`\s*[,!:\n—–]`)},
	// A line of a form
	{clue: clueOf(`name|nombre|apellido|nome|nom|имя|фамилия|фио|اسم|नाम`, `(?i)(?:^|[\n,;.])\s*(?:(?:full |first |last )?name|surname|nombre(?: completo)?|apellidos?|nome(?: completo)?|`+
		`sobrenome|vorname|nachname|nom|prénom|имя|фамилия|фио|الاسم(?: الكامل)?|اسم العميل|(?:पूरा )?नाम)\s*[:：=]\s*`)},
	{clue: said(`الكامل`, `الاسم الكامل`)},
	// The end of a letter
	{clue: signed(regards, letterEnds, withRegards, `\s*[,،\n–-]\s*`), after: textEnds},
	{clue: signed(regards, letterEnds, withRegards, `[,،!.]?[ \t\r]*\n\s*`), shy: true, after: lineEnds},
	{clue: signed(regards, letterEnds, sureRegards, blanks), shy: true, after: lineEnds},
	{clue: signed(regards, letterEnds, sureRegards, blanks), least: 2, after: textEnds},
	{clue: signed(regards, `(?:^|[\n,.!?؟।])\s*`, withRegards, blanks), shy: true, after: textEnds},
	{clue: signed(regards, letterEnds, withRegards, blanks), known: true, after: textEnds},
	{clue: signed(`best`, `(?:^|[\n.!?])\s*`, `best|all the best`, `\s*,\s*`), shy: true, after: textEnds},
	{clue: signed(thanks, sentenceEnds, withThanks, `[,،!.]?\s*\n\s*`), after: textEnds},
	{clue: signed(thanks, letterEnds, withThanks, `[,،!.]?[ \t\r]*\n\s*`), shy: true, after: lineEnds},
	{clue: signed(thanks, `\n`, withThanks, `\s*[,،–-]\s*`), after: textEnds},
	{clue: signed(thanks, sentenceEnds, withThanks, `\s*[,،–-]\s*`), shy: true, after: textEnds},
	{clue: signed(thanks, letterEnds, withThanks, `\s*[,،–-]?\s*`), known: true, after: textEnds},
}

// longestName is how many words of a name are taken, besides “de”, “van” and the like.
const longestName = 4

// findIntroductions finds the names that people say they have.
func findIntroductions(s string) []span {
	var out []span
	lower := strings.ToLower(s)
	for _, in := range introductions {
		for _, at := range in.find(s, lower) {
			from, to := in.name(s, at[1])
			if from < to && in.tells(s[from:to]) && (in.after == nil || in.after(s[to:])) {
				out = append(out, span{from, to, nameMask})
			}
		}
	}
	return apart(out)
}

// tells says whether words that could be a name are enough of one.
func (in introduction) tells(name string) bool {
	if !in.known {
		return len(strings.Fields(name)) >= in.least
	}
	words := wordsOf(name)
	return given[words[0].folded] || len(words) > 1 && !cased(name) && given[words[1].folded]
}

// apart sorts spans, and of those that begin within another leaves the first, the longest.
func apart(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(a.from-b.from, b.to-a.to) })
	end := 0
	return slices.DeleteFunc(spans, func(f span) bool {
		within := f.from < end
		if !within {
			end = f.to
		}
		return within
	})
}

// name is the one that begins at a place; it is empty where what stands there is none.
func (in introduction) name(s string, at int) (from, to int) {
	count, proper, initial := 0, false, false
	for count < longestName {
		w, ok := wordAt(s, at)
		if !ok || strings.Trim(s[at:w.from], gaps[initial]) != "" && (from > 0 || strings.Trim(s[at:w.from], gapBefore) != "") {
			break
		}
		if count == 0 {
			proper = capital(s[w.from:])
		}
		if from == 0 {
			from, to = w.from, w.from
		}
		initial = countLetters(s[w.from:w.to]) == 1 && capital(s[w.from:])
		if at = w.to; initial && strings.ContainsAny(s[at:min(at+1, len(s))], ".'’") || particles[w.folded] && (count > 0 || !in.origin && nextIsCapital(s, at)) {
			continue
		}
		if !in.takes(s, w, count, proper) {
			break
		}
		count++
		to = w.to
	}
	return from, to
}

// gapBefore is what may stand before the first word of a name, gaps what may between two: the dot is that of an initial.
const gapBefore = " \u00a0\"'“”„«*("

var gaps = map[bool]string{false: " \u00a0'’-", true: " \u00a0'’-."}

// takes says whether a word is the next one of a name. In small letters a name may have two words, and ends before the words of a sentence.
func (in introduction) takes(s string, w word, count int, proper bool) bool {
	text := s[w.from:w.to]
	switch {
	case ordinary[w.folded] || text == upon || countLetters(text) < utf8.RuneCountInString(text) && strings.ContainsFunc(text, unicode.IsDigit):
		return false
	case !cased(text):
		return count == 0 || count < 3 && !joinsSentence(text) && (!in.known || given[w.folded] || sentenceGoesOn(s, w.to))
	case capital(text):
		return (count == 0 || proper) && !(in.shy && text == strings.ToUpper(text))
	case alsoNames[w.folded] || proper || in.shy:
		return false
	}
	return count == 0 || count == 1 && sentenceGoesOn(s, w.to)
}

// upon is an Arabic word that folds like the name Ali.
const upon = "على"

// joinsSentence says whether a word of Arabic has its “and” before it.
func joinsSentence(text string) bool { return strings.HasPrefix(text, "و") }

// sentenceGoesOn says whether the words of a sentence, or its end or that of a line, follow.
func sentenceGoesOn(s string, at int) bool {
	w, ok := wordAt(s, at)
	return !ok || strings.Trim(s[at:w.from], " \u00a0") != "" || ordinary[w.folded] || alsoNames[w.folded] || joinsSentence(s[w.from:w.to])
}

func nextIsCapital(s string, at int) bool {
	w, ok := wordAt(s, at)
	return ok && capital(s[w.from:])
}

// wordAt is the next word of a text from a place on.
func wordAt(s string, at int) (word, bool) {
	from := at + strings.IndexFunc(s[at:], inWord)
	if from < at {
		return word{}, false
	}
	to := len(s)
	if i := strings.IndexFunc(s[from:], func(r rune) bool { return !inWord(r) }); i >= 0 {
		to = from + i
	}
	return word{from, to, faq.Fold(s[from:to])}, true
}
