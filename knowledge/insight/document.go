package insight

import (
	"slices"
	"unicode/utf8"
)

// documents are what passports and other papers are called beside their number: nothing in the number itself tells it.
var documents = []clue{
	clueOf(`passp|pasap|passap|passnu|passep|reisepass|ausweis|identi|id card|dni|nie |nie:|licen|führerschein|permis|carta de cond|carteira|cnh|rg |паспорт|удостоверен|права|جواز|هوية|إقامة|اقامة|رخصة|पासपोर्ट|आधार|लाइसेंस|aadhaar|aadhar`,
		before+`(?i:`+papers+`)`+called+`(`+paperNumber+`)(?:$|[^\pL\pM\p{Nd}])`),
	clueOf(`passport|паспорт`, before+`(?i:паспорта?|passport)[ ,:]+(?i:сери[яи]|series)[ :№]*(\p{Nd}{2} ?\p{Nd}{2}[ ,]+(?:(?i:номер|number|no)[ :.№]*|№ ?)?\p{Nd}{6})`),
	clueOf(`passp|pasap|passap|passnu|passep|reisepass|ausweis|identi|id card|dni`, before+`(`+paperNumber+`) (?i:is|es|ist|est|é) (?i:my|mi|mein|meine|mon|ma|o meu|a minha|meu|minha) (?i:`+papers+`)`),
}

// cardChecks are what the check numbers of cards are called.
var cardChecks = []clue{
	clueOf(`cvv|cvc|csc|security code|segur|sécur|crypto|prüf|sicherheitsc|безопас|الأمان|الامان|सुरक्षा|सीवीवी`,
		before+`(?i:`+checks+`)(?:`+called+`)?(\p{Nd}{3,4})(?:$|[^\pL\pM\p{Nd}.,% ]|[.,](?:\P{Nd}|$)| (?:[^%]|$))`),
}

const (
	papers = `passport|pasaporte|reisepass|personalausweis|ausweis|ausweisnummer|(?:reise)?passnummer|passeport|passaporte|carte d['’]identité|(?:documento|tarjeta) de identidad|(?:bilhete|cartão|carteira) de identidade|` +
		`identity card|id card|(?-i:NIE)|dni|driv(?:ing|er['’]?s) licen[cs]e|führerschein|permiso de conducir|permis de conduire|carta de condução|(?-i:CNH|RG)|` +
		`(?:загран)?паспорта?|удостоверени[ея]|водительские права|جواز(?: (?:ال)?سفري?)?|جوازي|الجواز|(?:ال)?هويت?[يةه]?|(?:ال)?إقامة|رخصة القيادة|पासपोर्ट|आधार(?: कार्ड)?|लाइसेंस|aadhaa?r(?: card)?`
	checks = `cv[vc]2?|csc|card security code|security code|código de (?:seguridad|segurança)|code de sécurité|cryptogramme(?: visuel)?|(?:karten)?prüf(?:nummer|ziffer)|sicherheitscode|` +
		`код безопасности|رمز الأمان|رمز الامان|सुरक्षा कोड|सीवीवी`
	// called are the words between what a number is and the number.
	called = `(?:[ \x{a0}]+(?i:number|no|num|n[º°o]|nr|número|numéro|nummer|номер|серия|رقم|رقمه|رقمها|नंबर|नं|संख्या|code|código|код|कोड|is|was|es|ist|lautet|est|é|है|هو|هي)|[ \x{a0}]*` + mark + `)*(?:[ \x{a0}]|` + mark + `)+`
	mark   = `[:：.#№=،,-]`
	// paperNumber is letters and digits, without a blank but behind the letters that it begins with.
	paperNumber = `(?:\p{Lu}{1,3}[ -])?[\pL\p{Nd}]*\p{Nd}[\pL\p{Nd}]*`
)

// A number of a paper has so many letters and digits, and so many digits among them.
const (
	leastPaper, mostPaper = 6, 24
	leastPaperDigits      = 2
)

func findDocuments(s string) []span {
	papers := slices.DeleteFunc(findClues(s, documents, numberMask), func(f span) bool {
		runes := utf8.RuneCountInString(s[f.from:f.to])
		return runes < leastPaper || runes > mostPaper || countDigits(s[f.from:f.to]) < leastPaperDigits
	})
	return apart(append(papers, findClues(s, cardChecks, numberMask)...))
}
