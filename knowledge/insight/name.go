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
	// least is how many words the name must have.
	least int
	// after must follow the name, where it is not nil.
	after *regexp.Regexp
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
	regards     = `gards|sincerely|yours|gr|saludo|atent|cord|bien|cumprim|abra|уваж|تحيات|सादर`
	withRegards = `(?:best |kind |warm )?regards|sincerely|yours truly|mit freundlichen gr(?:ü|ue)(?:ß|ss)en|(?:viele|liebe|beste) gr(?:ü|ue)(?:ß|ss)e|saludos(?: cordiales)?|un saludo|` +
		`atentamente|(?:bien )?cordialement|bien à vous|atenciosamente|(?:com os melhores )?cumprimentos|abraços?|с уважением|مع (?:أطيب )?(?:التحيات|تحياتي)|تحياتي|सादर`
	thanks       = `cheers|thank|danke|gracias|merci|obrigad|спасибо|شكرا|धन्यवाद`
	withThanks   = `cheers|thanks|thank you|danke|gracias|merci|obrigad[oa]|спасибо|شكرا|धन्यवाद`
	sentenceEnds = `[\s,.!?؟।]`
)

var (
	textEnds    = regexp.MustCompile(`^[\s.!]*$`)
	hindiEnds   = regexp.MustCompile(`^\s*(?:है|हैं|हे|$|[,;।.!\n])`)
	hinglishEnd = regexp.MustCompile(`(?i)^\s*(?:hai\b|$|[,;.!\n])`)
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
	{clue: said(`soy|je suis|moi c|sou|aqui|я `, `soy|je suis|moi c['’]est|sou (?:o|a)|sou|eu sou (?:o|a)|aqui é (?:o|a)|я`), shy: true},
	{clue: said(`name|nombre|nom|имя`, `(?:under|in) the name(?: of)?|a nombre de|em nome de|au nom de|auf den namen|auf namen|на имя`), shy: true},
	{clue: said(`recipient|empf|destina|получ`, `(?:the )?recipient(?: is)?|(?:der |die )?empfänger(?:in)?(?: ist)?|(?:el |la |le |o |a )?destinat(?:ario|aria|aire|ário|ária)(?: es| est| é)?|получатель`), shy: true},
	{clue: clueOf(`mr|ms|mme|monsieur|madame|frau|herr|señor|sr|senhor|госп|г-`, before+`(?:Mrs?|Ms|Mme|Monsieur|Madame|Frau|Herrn?|[Ss]eñora?|[Ss]ra?|Sr\.ª|[Ss]enhora?|[Гг]осподин|[Гг]оспожа|г-н|г-жа)\.?[ \x{a0}]+(?:(?:Dr|Prof)\.?[ \x{a0}]+)*`), shy: true},
	// The beginning of a letter
	{clue: clueOf(`dear|hello|hi|lie|hallo|geehrte|hola|estimad|querid|bonjour|ch|olá|prezad|car|здрав|добр|уваж|дорог|привет`, `(?i)^\s*(?:dear|hello|hi|hey|liebe[rs]?|hallo|sehr geehrte[rs]?|hola|estimad[oa]|querid[oa]|`+
		`bonjour|chère?|olá|prezad[oa]|car[oa]|здравствуйте|добрый день|уважаем(?:ая|ый)|дорог(?:ая|ой)|привет)[ ,]\s*`), shy: true, after: regexp.MustCompile(`^\s*[,!:\n—–]`)},
	// A line of a form
	{clue: clueOf(`name|nombre|apellido|nome|nom|имя|фамилия|фио|اسم|नाम`, `(?i)(?:^|[\n,;.])\s*(?:(?:full |first |last )?name|surname|nombre(?: completo)?|apellidos?|nome(?: completo)?|`+
		`sobrenome|vorname|nachname|nom|prénom|имя|фамилия|фио|الاسم(?: الكامل)?|اسم العميل|(?:पूरा )?नाम)\s*[:：=]\s*`)},
	{clue: said(`الكامل`, `الاسم الكامل`)},
	// The end of a letter
	{clue: signed(regards, sentenceEnds, withRegards, `\s*[,،\n–-]\s*`), after: textEnds},
	{clue: signed(thanks, sentenceEnds, withThanks, `[,،!.]?\s*\n\s*`), after: textEnds},
	{clue: signed(thanks, `\n`, withThanks, `\s*[,،–-]\s*`), after: textEnds},
	{clue: signed(thanks, sentenceEnds, withThanks, `\s*[,،–-]\s*`), shy: true, after: textEnds},
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
			if from < to && len(wordsOf(s[from:to])) >= in.least && (in.after == nil || in.after.MatchString(s[to:])) {
				out = append(out, span{from, to, nameMask})
			}
		}
	}
	return apart(out)
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
		if at = w.to; initial && strings.ContainsAny(s[at:min(at+1, len(s))], ".'’") || particles[w.folded] && (count > 0 || nextIsCapital(s, at)) {
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
		return count == 0 || count < 3 && !joinsSentence(text)
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

// sentenceGoesOn says whether the words of a sentence, or its end, follow.
func sentenceGoesOn(s string, at int) bool {
	w, ok := wordAt(s, at)
	return !ok || strings.TrimSpace(s[at:w.from]) != "" || ordinary[w.folded] || alsoNames[w.folded]
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
