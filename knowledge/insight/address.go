package insight

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// street is a form that streets with their numbers have somewhere.
type street struct {
	clue
	// last is true where the form is found in other sentences as well: only where its clause ends with it, or goes on with a word such as “please” or “and”,
	// is it an address.
	last bool
}

// Parts of streets. A house is a number, perhaps with a letter; proper is a word of a name, and link what may stand between two of them.
const (
	town = `(?:(?:New|San|Santa|São|Los|Las|Le|La|Saint|St\.|Bad|Rio de|El|Нижний|Великий) )?` +
		`\p{Lu}[\p{L}\pM'’-]+(?: (?:am|an der|de|del|la|sur|do|da|upon) \p{Lu}[\p{L}'’-]+)?`
	house    = `\p{Nd}{1,5}(?: ?[A-D]\b|[a-zA-Z]\b|[а-яА-Я]|[-/]\p{Nd}{1,4}[a-zа-я]?)?`
	proper   = `\p{Lu}[\p{L}\pM'’.-]+`
	link     = `(?:de las|de los|de la|de l['’]|del|de|do|da|dos|das|du|des|d['’]|la|le|las|los|el|y|e|et)`
	anyWord  = `[\pL\pM'’-]{2,}`
	before   = `(?:^|[^\pL\pM\p{Nd}])`
	numbered = `\s*,?\s*(?:(?i:n\.?\s?[º°o]\.?|nº|núm(?:ero)?\.?|número|nr\.?|no\.?)\s*)?`
)

// streetOf is a form that has one of the words in it, with bars between them.
func streetOf(words, expr string) street {
	return street{clue: clueOf(words, before+`(`+expr+`)`)}
}

func lastStreetOf(words, expr string) street {
	s := streetOf(words, expr)
	s.last = true
	return s
}

var streets = []street{
	// English: 221B Baker Street
	streetOf(``, `\p{Nd}{1,5}(?:-\p{Nd}{1,4})?[A-Za-z]?,? (?:(?:North|South|East|West|N\.?|S\.?|E\.?|W\.?) )?(?:\p{Lu}[\p{Ll}\pM'’-]+ |\p{Nd}{1,3}(?:st|nd|rd|th) |St\.? ){1,3}`+
		`(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Boulevard|Blvd|Terrace|Crescent|Close|Gardens|Parkway|Highway|Court|Ct|Square|Sq|Row|Mews|Way|Hill|Grove)\b\.?`),
	streetOf(`drive|dr|place`, `\p{Nd}{1,5}[A-Za-z]? (?:\p{Lu}[\p{Ll}\pM'’-]+ ){0,2}(?:[A-GI-VX-Z][\p{Ll}'’-]+|H[b-z][\p{Ll}'’-]*|W[\p{Ll}]{5,}) (?:Drive|Dr|Place)\b\.?`),
	lastStreetOf(`street|st|road|rd|ave|lane|boul|blvd`, `(?i:\p{Nd}{1,5}[a-z]? `+anyWord+`(?: `+anyWord+`)? (?:street|st|road|rd|avenue|ave|lane|boulevard|blvd)\b\.?)`),
	// German: Hauptstraße 12, Unter den Linden 77 in 10117 Berlin
	streetOf(`str|gasse|allee|chaussee`, `(?i:[\p{L}-]{2,}(?: ?(?:straße|strasse)|str\.?|gasse|allee|chaussee)) ?`+house),
	streetOf(`straße |strasse `, `(?:`+proper+` )?(?i:straße|strasse) (?:des|der|am) (?:\p{Nd}{1,2}\. )?`+proper+` `+house),
	streetOf(`weg|damm|ufer|platz|ring|hof|markt|berg|steig|pfad|graben`, `\p{Lu}[\p{L}-]{3,}(?:weg|damm|ufer|platz|ring|hof|markt|berg|steig|pfad|graben) `+house+`,? \p{Nd}{5}\b(?: `+town+`)?`),
	streetOf(`am |an der |auf der |im |unter den |zum |zur `, `(?:Am|An der|Auf der|Im|Unter den|Zum|Zur) `+proper+`(?: `+proper+`)? `+house+`,? \p{Nd}{5}\b(?: `+town+`)?`),
	lastStreetOf(`weg|damm|ufer|graben|steig`, `\p{Lu}[\p{L}-]{3,}(?:weg|damm|ufer|graben|steig) `+house),
	// Spanish and Portuguese: Calle Mayor 3, Rua das Flores, 25
	streetOf(`calle|c/|avenida|avda|av|rua|r.|travessa|tv|praça|alameda|estrada|rodovia|largo|plaza|pza|paseo|pº|p°|camino|carretera|ctra|ronda|travesía|carrera|jirón`, `(?i:calle|c/|avenida|avda|av|rua|r|travessa|tv|praça|alameda|estrada|rodovia|largo|plaza|pza|paseo|p[º°]|camino|carretera|ctra|ronda|travesía|carrera|jirón)\.? ?(?:`+link+` ){0,2}`+
		proper+`(?: (?:`+link+` ){0,2}`+proper+`){0,3}`+numbered+house),
	streetOf(`calle|carrera|cra|cl|transversal|diagonal`, `(?i:calle|carrera|cra|cl|transversal|diagonal)\.? \p{Nd}{1,3} ?[a-zA-Z]? ?(?:#|(?i:n[o°º]\.?)) ?\p{Nd}{1,3} ?[a-zA-Z]? ?- ?\p{Nd}{1,3}`),
	streetOf(`calle|avenida|avda|rua|travessa|alameda`, `(?i:calle|avenida|avda\.?|rua|travessa|alameda) (?:`+link+` ){0,2}`+anyWord+`(?: `+anyWord+`)?(?:\s*,\s*|\s+)(?i:n\.?\s?[º°]\.?|nº|número|num\.?|numero) ?`+house),
	lastStreetOf(`calle|rua|av`, `(?i:calle|rua|avenida|av\.?) \p{Nd}{1,2} de `+anyWord+`,? `+house),
	lastStreetOf(`calle|c/|avenida|avda|rua|travessa|alameda`, `(?i:calle|c/|avenida|avda\.?|rua|travessa|alameda) (?:`+link+` ){0,2}`+anyWord+`(?: (?:`+link+` )?`+anyWord+`)?,? `+house),
	streetOf(`gran v`, `(?i:gran vía|gran via),? (?:n[º°] ?)?`+house),
	// French: 12 bis rue de la Paix
	streetOf(`rue|avenue|av.|boul|bd|blvd|place|chemin|all|impasse|quai|cours|route|square|passage|faubourg`, `\p{Nd}{1,4}(?: ?(?:bis|ter|quater|[A-D]))?,? (?i:rue|avenue|av\.|boulevard|bd\.?|blvd|place|chemin|allée|allee|impasse|quai|cours|route|square|passage|ruelle|faubourg) (?:`+link+` ?){0,2}`+
		proper+`(?:[ -](?:`+link+` ?){0,2}`+proper+`){0,3}`),
	streetOf(`rue|boul|bd|avenue|impasse|chemin|all|quai`, `\p{Nd}{1,4}(?: ?(?:bis|ter|quater))?,? (?i:rue|boulevard|bd|avenue|impasse|chemin|allée|quai) (?:`+link+` ?){1,2}`+anyWord),
	lastStreetOf(`rue|boul|bd|avenue|impasse|chemin|all|quai`, `\p{Nd}{1,4}(?: ?(?:bis|ter|quater))?,? (?i:rue|boulevard|bd|avenue|impasse|chemin|allée|quai) `+anyWord+`(?: `+anyWord+`)?`),
	// Russian: ул. Ленина, д. 5, Невский проспект, 28
	streetOf(`ул|пр|пер|наб|б-р|ш|пл|мкр`, `(?:\p{Nd}{6},? )?(?:г\. ?`+proper+`, )?(?i:ул|пр-т|просп|пр|пер|наб|б-р|ш|пл|мкр)\.? ?(?:\p{Nd}{1,2}(?:-[а-я]{1,2})? )?`+anyWord+`(?: `+anyWord+`)?,? ?(?:(?i:д|дом)\.? ?)?`+house),
	streetOf(`улиц|проспект|переул|бульвар|наб|шоссе|площ|проезд|микрорайон`, `(?i:улица|улице|улицу|проспект|проспекте|переулок|переулке|бульвар|бульваре|набережная|набережной|шоссе|площадь|проезд|микрорайон) `+proper+`(?: `+proper+`)?,? ?(?:(?i:д|дом)\.? ?)?`+house),
	streetOf(`ул|пр|пер|бульвар|наб|шоссе|площ`, `(?:`+proper+`|[а-яё]+(?:ский|ская|ской|ском|ный|ная|ной|ном))`+` (?i:улица|улице|ул\.?|проспект|проспекте|пр-т|переулок|переулке|бульвар|бульваре|набережная|шоссе|площадь|проезд),? (?:(?i:д|дом)\.? ?)?`+house),
	streetOf(`улиц|проспект|переул|бульвар|шоссе`, `(?i:улица|улице|проспект|проспекте|переулок|переулке|бульвар|шоссе) `+anyWord+`(?: `+anyWord+`)?,? (?i:д|дом)\.? ?`+house),
	lastStreetOf(`улиц|проспект|переул|бульвар|шоссе`, `(?i:улица|улице|проспект|проспекте|переулок|переулке|бульвар|шоссе) `+anyWord+`,? `+house),
	// Arabic: شارع الملك فهد 12, with a number of a house, a flat or a villa
	streetOf(`شارع|طريق|حي|ميدان|جادة|زقاق|حارة`, `(?:شارع|طريق|حي|ميدان|جادة|زقاق|حارة)(?: `+anyWord+`){1,4}[،, ]{1,2}(?:رقم|مبنى|عمارة|بناية|منزل|فيلا|شقة|بيت)(?: رقم)? ?\p{Nd}{1,5}`),
	lastStreetOf(`شارع|طريق|حي|ميدان|جادة|زقاق|حارة`, `(?:شارع|طريق|حي|ميدان|جادة|زقاق|حارة)(?: `+anyWord+`){1,3}[،, ]{1,2}\p{Nd}{1,5}`),
	streetOf(`شارع`, `(?:عمارة|مبنى|بناية|فيلا|منزل) ?(?:رقم )?\p{Nd}{1,5}[،, ]{1,2}(?:(?:شقة|الدور|دور|الطابق|طابق) ?(?:رقم )?\p{Nd}{1,4}[،, ]{1,2})?شارع `+anyWord+`(?: ال`+anyWord+`)?`),
	streetOf(`شارع`, `\p{Nd}{1,5}[،,]? شارع `+anyWord+`(?: ال`+anyWord+`)?`),
	// Hindi: मकान नंबर 12, गांधी नगर
	streetOf(`मकान|फ्लैट|प्लॉट|हाउस|घर|गली|क्वार्टर|कोठी`, `(?:मकान|फ्लैट|प्लॉट|हाउस|घर|गली|क्वार्टर|कोठी) ?(?:नंबर|नं\.?|न\.|संख्या|क्रमांक) ?[-:]? ?\p{Nd}{1,5}(?:[-/]?[A-Zक-ह\p{Nd}]{1,3})?(?:,(?: `+anyWord+`){1,3}`+hindiPlace+`)?`),
	streetOf(hindiPlaces, `(?:मकान|फ्लैट|प्लॉट|हाउस|क्वार्टर|कोठी)? ?\p{Nd}{1,5}(?:[-/]\p{Nd}{1,4})?[,/]? ?(?:[A-Zक-ह] ?,? ?)?(?:`+anyWord+` ){1,3}`+hindiPlace[1:]),
	lastStreetOf(hindiPlaces, `(?:`+anyWord+` ){1,2}`+hindiPlace[1:]+`,? \p{Nd}{1,4}`),
	// Boxes of the post
	streetOf(`box|fach|apartado|caixa|boîte|bp|а/я|абонентский|ب|पोस्ट`, `(?i:p\.? ?o\.? ?box|postfach|apartado(?: de correos| postal)?|caixa postal|boîte postale|bp|а/я|абонентский ящик|ص\.? ?ب\.?|صندوق بريد|पोस्ट बॉक्स)(?: ?(?:nr\.?|no\.?|n[º°]|№|नंबर|رقم))? ?:? ?\p{Nd}{2,7}`),
}

// hindiPlaces are what the last word of a street or a quarter is.
const (
	hindiPlaces = `नगर|रोड|मार्ग|कॉलोनी|विहार|चौक|लेन|स्ट्रीट|पुरम|एन्क्लेव|एनक्लेव|गली`
	hindiPlace  = ` (?:` + hindiPlaces + `)`
)

// further is what follows a street: stairs, floors and flats, and the town with its code.
var further = func() *regexp.Regexp {
	const (
		floor = `(?i:apt|apartment|flat|unit|suite|piso|puerta|portal|escalera|esc|planta|apto|apartamento|bloco|bl|andar|ap|appt|appartement|bât|bâtiment|hinterhaus|wohnung|whg|etage|stock|` +
			`кв|квартира|д|дом|к|корп|корпус|стр|строение|подъезд|этаж|оф|офис|شقة|الطابق|طابق|دور|مبنى|عمارة|بناية|رقم|فيلا|फ्लैट|फ़्लैट|मंज़िल|मकान)\.? ?(?:n\.?[º°] ?|№ ?|رقم |नंबर )?#?\p{Nd}{1,4}[ºª°]?(?: ?[A-Za-zа-я]\b)?`
		level = `\p{Nd}{1,2} ?(?:[A-D]\b|[ºª°](?: ?[A-Za-z]{1,4}\b)?|(?i:er|ère|e|ème|th|st|nd|rd|\.) (?i:étage|floor|stock|og|andar))`
		code  = `(?:(?i:cep|plz|cp|c\.p\.|код|индекс|पिन|पिन कोड|الرمز البريدي):? ?)?(?:[A-Z]{1,2}-)?\p{Nd}{4,6}(?:-\p{Nd}{3,4})?\b(?:,? ` + town + `)?`
		uk    = `(?:` + town + `,? )?[A-Z]{1,2}\p{Nd}[A-Z\p{Nd}]? ?\p{Nd}[A-Z]{2}\b`
		south = `[\p{Devanagari}\p{Arabic}]+[,،]? ?[-–]? ?\p{Nd}{5,6}`
		us    = town + `,? [A-Z]{2}(?: \p{Nd}{5}(?:-\p{Nd}{4})?)?\b`
	)
	const within, place = `(?:\s*[,،]?\s*(?:` + floor + `|` + level + `))*`, `(?:\s*[,،]?\s*(?:` + uk + `|` + us + `|` + south + `|` + code + `))?`
	return regexp.MustCompile(`^` + within + place + within)
}()

// numberGoesOn tells a telephone number from the code of a town.
var numberGoesOn = regexp.MustCompile(`^[ \x{a0}./-]?\p{Nd}`)

// findAddresses finds streets with their numbers, and what follows them of an address.
func findAddresses(s string) []span {
	if !strings.ContainsFunc(s, unicode.IsDigit) {
		return nil
	}
	lower := strings.ToLower(s)
	var out []span
	for _, form := range streets {
		for _, at := range form.find(s, lower) {
			from, to := at[2], at[3]
			if wordGoesOn(s, to) || inSentence(s[from:to]) {
				continue
			}
			if more := to + len(further.FindString(s[to:])); !numberGoesOn.MatchString(s[more:]) {
				to = more
			}
			lives := home(s[:from]) && !counts(s[to:])
			if lives || codeLast.MatchString(s[at[3]:to]) {
				to += len(townIn(s[to:]))
			}
			if !wordGoesOn(s, to) && (!form.last || lives || clauseEnds(s[to:])) {
				out = append(out, span{from, to, addressMask})
			}
		}
	}
	return apart(append(out, findHomes(s)...))
}

// sentence are words that streets do not have in their names, counted are those that follow other numbers than houses'.
var (
	sentence = wordSet(`is are was were on to for you your it this that which what how when where same different other each way
		abre abren cierra cierran está están hay tiene hasta cada abrem fecha fica tem até partir cerrada cortada cortado fechada
		ist sind hat um jede öffnet die das gesperrt rückweg hinweg heimweg umweg arbeitsweg ouvre ferme fermée est jusqu'à sont dès
		до работает открыт открыта закрыт закрыта закрыто есть через в на от الساعة مفتوح من في الى إلى متى هل يفتح तक में से खुला खुलता है कब की का`)
	counted = wordSet(`minute minutes hour hours day days week weeks month months year years km mile miles meter metres people items pieces hora horas día días dia dias semana semanas mes meses
		stunde stunden tag tage tagen minuten woche wochen monat monate heure heures jour jours semaine semaines mois дня день дней час часа часов минут минуты недели месяца штук
		ساعة ايام أيام دقيقة दिन घंटे बजे मिनट`)
)

// inSentence says whether what looks like a street has words of a sentence in it.
func inSentence(s string) bool {
	for _, w := range wordsOf(s) {
		if (sentence[w.folded] || counted[w.folded]) && !particles[w.folded] {
			return true
		}
	}
	return false
}

// clauseEnds says whether nothing of the same clause follows, or a word that only joins.
func clauseEnds(s string) bool {
	s = strings.TrimLeft(s, " \u00a0\t")
	if r, _ := utf8.DecodeRuneInString(s); s == "" || strings.ContainsRune(".,;:!?\n)،؛؟।", r) {
		return true
	}
	next, ok := wordAt(s, 0)
	return ok && next.from == 0 && ordinary[next.folded] && !counted[next.folded]
}

// homes are what people say before their address.
var homes = []clue{
	homeOf(`address`, `my (?:home |postal |shipping |delivery |new )?address(?: is)?`),
	homeOf(`direcci`, `mi direcci[oó]n(?: nueva)?(?: es)?`),
	homeOf(`adresse|anschrift`, `meine (?:neue )?(?:adresse|anschrift)(?: ist| lautet)?|mon adresse(?: est)?`),
	homeOf(`endere|morada`, `(?:o )?meu endereço(?: é)?|(?:a )?minha morada(?: é)?`),
	homeOf(`адрес`, `мой (?:новый )?адрес`),
	homeOf(`عنواني`, `عنواني(?: هو)?`),
	homeOf(`पता`, `मेरा पता`),
}

func homeOf(words, expr string) clue {
	return clueOf(words, `(?i)`+before+`(?:`+expr+`)\s*[:：,،–-]?\s*`)
}

// findHomes finds what people say their address is: up to the end of the sentence, where there is a number in it and it begins as no sentence does.
func findHomes(s string) []span {
	var out []span
	lower := strings.ToLower(s)
	for _, h := range homes {
		for _, at := range h.find(s, lower) {
			if to := at[1] + len(homeIn(s[at[1]:])); to > at[1] {
				out = append(out, span{at[1], to, addressMask})
			}
		}
	}
	return out
}

// homeIn is the address that a text begins with; empty where it begins with none.
func homeIn(s string) string {
	if i := strings.IndexAny(s, ".;!?\n।؟؛"); i >= 0 {
		s = s[:i]
	}
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), " है"))
	first, ok := wordAt(s, 0)
	if !ok || filler(first.folded) || inSentence(s) || !strings.ContainsFunc(s, unicode.IsDigit) || !named(s) {
		return ""
	}
	return s
}

// named says whether there is a name in a text, or words of a script that shows none.
func named(s string) bool {
	for _, w := range wordsOf(s) {
		if capital(s[w.from:]) || !cased(s[w.from:]) && countLetters(s[w.from:w.to]) > 1 {
			return true
		}
	}
	return false
}

// livesAt is what people say before the street that they live in, and where they want things sent.
var livesAt = regexp.MustCompile(`(?i)` + before + `(?:(?:i )?live (?:at|in|on)|living (?:at|in|on)|(?:send|sent|ship|deliver)(?:ed)?(?: it| them)? to|` +
	`(?:vivo|resido|vivimos) en(?: la| el)?|env[ií](?:ar|en|ad)(?:lo|la)? a(?: la)?|wohne?n?(?: (?:in|an|auf))?(?: der| dem)?|wohnhaft(?: in)?(?: der)?|(?:liefern|schicken)(?: sie)?(?: es)? (?:an|in|nach)(?: die)?|` +
	`j['’ ]?habite(?: au| à| dans)?|(?:livre[rz]|envoye[rz])(?:-moi| le| la)? (?:au|à)|(?:moro|resido|habito|vivo) (?:na|no|em|à)|(?:entreg|envi)(?:ar|uem|em) (?:na|no|em|para)(?: a)?|` +
	`(?:живу|живем|живём|проживаю)(?: на| в| по адресу)?|по адресу|[أا](?:سكن|عيش|قيم) (?:في|ب)|(?:ساكن|مقيم)ة?(?: في)?|إلى|الى)[\s:,،]*$`)

// home says whether the words before a street say that somebody lives there.
func home(before string) bool {
	const longest = 64
	return livesAt.MatchString(before[max(0, len(before)-longest):])
}

// counts says whether a text goes on with what is counted: hours, days and miles.
func counts(s string) bool {
	w, ok := wordAt(s, 0)
	return ok && counted[w.folded]
}

// codeLast is the code of a town without its name, codeUK one of Britain in any letters.
var (
	codeLast = regexp.MustCompile(`(?:^|\P{Nd})\p{Nd}{4,6}(?:-\p{Nd}{3})?$`)
	codeUK   = regexp.MustCompile(`(?i)^,? [a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}\b`)
)

// townBegins are words of sentences that towns begin with as well.
var townBegins = wordSet(`são new`)

// longestTown is how many words the name of a town has.
const longestTown = 3

// townIn is the town that a text begins with in whatever letters, where its clause ends with it; empty where there is none.
func townIn(s string) string {
	at, end := 0, 0
	for range longestTown {
		w, ok := wordAt(s, at)
		if !ok || strings.Trim(s[at:w.from], ",، \u00a0-") != "" || !inTown(s[w.from:w.to], w) || at > 0 && joinsSentence(s[w.from:w.to]) {
			break
		}
		at = w.to
		if !particles[w.folded] && !townBegins[w.folded] && (clauseEnds(s[at:]) || goesOnWithAnd(s[at:]) || codeUK.MatchString(s[at:])) {
			end = at
		}
	}
	return s[:end+len(codeUK.FindString(s[end:]))]
}

// inTown says whether a word may be one of a town's name.
func inTown(text string, w word) bool {
	return !strings.ContainsFunc(text, unicode.IsDigit) && !counted[w.folded] && (!ordinary[w.folded] || particles[w.folded] || townBegins[w.folded])
}

// goesOnWithAnd says whether a text goes on with a word of Arabic that has its “and” before it.
func goesOnWithAnd(s string) bool {
	w, ok := wordAt(s, 0)
	return ok && joinsSentence(s[w.from:w.to])
}
