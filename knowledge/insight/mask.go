package insight

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	userinfo    = regexp.MustCompile(`(?i)\b[a-z][a-z0-9+.-]*://([^\s/@]+)@`)
	mailPattern = regexp.MustCompile(`[\pL\pM\pN._%+'’-]+[@＠][\pL\pM\pN-]+(?:[.．][\pL\pM\pN-]+)+`)
	// spacedMail is an address with blanks about its signs; what follows the last dot is letters, or it may be an hour.
	spacedMail = regexp.MustCompile(`[\pL\pM\pN._%+-]+ ?[@＠] ?[\pL\pM\pN-]+(?:(?:\.| \. )[\pL\pM\pN-]+)*(?:\.| \. )[\pL\pM]{2,}`)
	// bracketedMail is an address that is hidden from machines, and so given on purpose; so are [spelledMails].
	bracketedMail = regexp.MustCompile(`(?i)[\pL\pM\pN._%+-]+\s*[[({<]\s*(?:at|arroba|arobase|собака|एट|آت)\s*[\])}>]\s*[\pL\pM\pN-]+` +
		`(?:\s*(?:\.|[[({<]\s*(?:` + spelledDot + `)\s*[\])}>]|\s(?:` + spelledDot + `)\s)\s*[\pL\pM\pN-]+)+`)
	// ibanPattern is a country, two check digits, and groups of four of which the last may be shorter.
	ibanPattern = regexp.MustCompile(`(?i)\b[A-Z]{2}\d{2}(?:[ \x{a0}\x{202f}-]?[A-Z0-9]{4}){2,7}(?:[ \x{a0}\x{202f}-]?[A-Z0-9]{1,4})?\b`)
	wordsAfter  = regexp.MustCompile(`(?:[ \x{a0}\x{202f}-][A-Za-z]+)+$`)
	longToken   = regexp.MustCompile(`\b[A-Za-z0-9_-]{24,}\b`)
	// digitRun is digits with the separators people put between them: phone numbers, cards, accounts. \p{Cf} are the marks
	// that keep a number's direction in Arabic and Hebrew.
	digitRun = regexp.MustCompile(`[\p{Nd}([](?:[\p{Nd}()[\]./_·‐‑‒–—−－-]|\p{Zs}|\p{Cf}|\t){5,}\p{Nd}`)
)

// spelledDot is the dot of an address, in words.
const spelledDot = `dot|punto|punkt|point|ponto|точка|डॉट|نقطة|دوت`

// spelledMails are addresses with words for their signs.
var spelledMails = []clue{
	spelled(` at `, `at`, `\s+dot\s+`),
	spelled(`arroba`, `arroba`, `\s+(?:punto|ponto|dot)\s+|\.`),
	spelled(`arobase`, `arobase`, `\s+point\s+|\.`),
	spelled(`собак|собачк`, `собака|собачка`, `\s+точка\s+|\.`),
	spelled(`एट|ऐट`, `एट|ऐट`, `\s+डॉट\s+|\.`),
	spelled(`آت|ات`, `آت|ات`, `\s+(?:نقطة|دوت)\s+`),
}

// spelled is an address with the words of one language: “at this point” is none, and neither is “at anecdotes”.
func spelled(words, at, dot string) clue {
	const part = `[\pL\pM\pN_-]+`
	return clueOf(words, `(?i)[\pL\pM\pN._%+-]+\s+(?:`+at+`)\s+`+part+`(?:(?:`+dot+`)`+part+`)+`)
}

const (
	// minDigits is how many digits make a run personal: local phone numbers have seven or more.
	minDigits = 7
	// minAccount is how many digits every IBAN has; fewer, after two letters and two digits, are the name of a product.
	minAccount = 10
)

var findLogins = every(userinfo, loginMask)

var findMails = []finder{every(mailPattern, mailMask), every(spacedMail, mailMask), every(bracketedMail, mailMask), findSpelled}

func findSpelled(s string) []span { return findClues(s, spelledMails, mailMask) }

func findAccounts(s string) []span {
	var out []span
	for _, at := range ibanPattern.FindAllStringIndex(s, -1) {
		if m := s[at[0]:at[1]]; countDigits(m) >= minAccount {
			out = append(out, span{at[0], at[1] - len(wordsAfter.FindString(m)), accountMask})
		}
	}
	return out
}

func findTokens(s string) []span {
	return slices.DeleteFunc(every(longToken, tokenMask)(s), func(f span) bool { return countDigits(s[f.from:f.to]) == 0 })
}

func findNumbers(s string) []span {
	return slices.DeleteFunc(every(digitRun, numberMask)(s), func(f span) bool {
		run := plain(s[f.from:f.to])
		return countDigits(run) < minDigits || errorCode.MatchString(run) && strings.HasSuffix(s[:f.from], "0x") || harmless.MatchString(run) || evenSteps(run) ||
			thousands.MatchString(run) && besideCurrency(s[:f.from], s[f.to:])
	})
}

// errorCode is what follows 0x.
var errorCode = regexp.MustCompile(`^\d{8}$`)

// harmless are dates, with an hour before or after them, years, prices with cents, and millions with their points, alone and in a row.
var harmless = func() *regexp.Regexp {
	const (
		small  = `(?:0?[1-9]|[12]\d|3[01])`
		year   = `(?:1[89]|20)\d\d`
		date   = `(?:\d{1,2} )?(?:` + year + `[-./]` + small + `[-./]` + small + `|` + small + `[-./]` + small + `[-./](?:` + year + `|\d\d))(?: \d{1,2})?`
		price  = `(?:0|[1-9]\d{0,3})\.\d\d`
		amount = `[1-9]\.\d{3}\.\d{3}`
		item   = `(?:` + date + `|` + year + `|` + price + `|` + amount + `)`
	)
	return regexp.MustCompile(`^\(?` + item + `(?:\)?(?: ?[-/] ?| )\(?` + item + `)*$`)
}()

// thousands is a number in groups of three. So are phone numbers in places: it is an amount beside a currency.
var thousands = regexp.MustCompile(`^[1-9]\d{0,2}(?:[. ]\d{3})+(?:\.\d\d)?$`)

var currencyAfter = regexp.MustCompile(`(?i)^\s*(?:\p{Sc}|(?:euros?|eur|usd|dollars?|chf|gbp|pounds?|pesos?|reais|kr|ft|zł|rs|inr|rupees?|руб|₽|рублей|दिरहम|रुपये|रुपए|ريال|درهم|جنيه|دينار)(?:[^\pL]|$))`)

var currencyBefore = regexp.MustCompile(`(?i)(?:\p{Sc}|(?:^|[^\pL])(?:eur|usd|chf|gbp|inr|rs\.?|kr|руб\.?))\s*$`)

func besideCurrency(before, after string) bool {
	return currencyAfter.MatchString(after) || currencyBefore.MatchString(before)
}

// evenSteps reports whether a run is counted off, as sizes and steps are: 38 39 40 41.
func evenSteps(run string) bool {
	groups := strings.FieldsFunc(run, func(r rune) bool { return r < '0' || r > '9' })
	step := 0
	for i, g := range groups {
		if len(g) > 2 || g[0] == '0' {
			return false
		}
		if i == 0 {
			continue
		}
		n, before := number(g), number(groups[i-1])
		if step == 0 {
			step = n - before
		}
		if n-before != step || step < 1 || step > 10 {
			return false
		}
	}
	return true
}

func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return -1
	}
	return n
}

// plain writes a run with European digits, one kind of dash and one kind of blank, and without marks of direction.
func plain(run string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case r < utf8.RuneSelf:
			return r
		case unicode.IsDigit(r):
			return '0' + digitValue(r)
		case unicode.Is(unicode.Cf, r):
			return -1
		case unicode.Is(unicode.Pd, r):
			return '-'
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, run)), " ")
}

// digitValue is what a decimal digit stands for: in Unicode they come in rows of ten that begin with zero.
func digitValue(r rune) rune {
	for _, row := range unicode.Nd.R16 {
		if rune(row.Lo) <= r && r <= rune(row.Hi) {
			return (r - rune(row.Lo)) % 10
		}
	}
	for _, row := range unicode.Nd.R32 {
		if rune(row.Lo) <= r && r <= rune(row.Hi) {
			return (r - rune(row.Lo)) % 10
		}
	}
	return 0
}

func countDigits(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}
