package insight

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Pattern is something personal that one business alone knows: the form of its order numbers, say.
type Pattern struct {
	mask string
	expr *regexp.Regexp
}

// patternName is what may stand between the brackets of a placeholder.
var patternName = regexp.MustCompile(`^\pL[\pL\p{Nd}_-]{0,31}$`)

// ParsePattern reads NAME=REGEXP, such as “order=\bA-\d{6}\b”; what matches is masked as “[order]”. The expression is in Go's syntax (RE2). One that
// can match nothing at all is refused, and one that takes most of what everybody writes. The error says what is wrong and, behind its
// last semicolon, how to mend it.
func ParsePattern(text string) (Pattern, error) {
	const form = `write NAME=REGEXP, such as order=\bA-\d{6}\b`
	name, expr, both := strings.Cut(text, "=")
	switch {
	case !both:
		return Pattern{}, fmt.Errorf("“%s” has no name; %s", text, form)
	case !patternName.MatchString(name):
		return Pattern{}, fmt.Errorf("“%s” cannot be a name, which is up to 32 letters, digits, hyphens and underscores, a letter first; %s", name, form)
	case expr == "":
		return Pattern{}, fmt.Errorf("“%s” has no pattern; %s", name, form)
	}
	p := Pattern{mask: "[" + name + "]"}
	if bracketedMail.MatchString("a " + p.mask + " b.c") {
		return Pattern{}, fmt.Errorf("“%s” is how people spell the sign in e-mail addresses; choose another name", name)
	}
	parsed, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return Pattern{}, fmt.Errorf("“%s”: %s; mend the regular expression (RE2)", name, wrongAt(expr, err))
	}
	if shortestOf(parsed) == 0 {
		return Pattern{}, fmt.Errorf("“%s”: “%s” can match nothing at all, and that is everywhere; have it match one character at least, with + in the place of *, say", name, expr)
	}
	if p.expr, err = regexp.Compile(expr); err != nil {
		return Pattern{}, fmt.Errorf("“%s”: %s; mend the regular expression (RE2)", name, wrongAt(expr, err))
	}
	if question := p.greedy(); question != "" {
		return Pattern{}, fmt.Errorf("“%s”: “%s” takes most of what everybody writes, such as “%s”; have it match what is personal alone", name, expr, question)
	}
	return p, nil
}

// wrongAt tells what is wrong with an expression, and where.
func wrongAt(expr string, err error) string {
	var wrong *syntax.Error
	if !errors.As(err, &wrong) {
		return err.Error()
	}
	at := max(0, strings.Index(expr, wrong.Expr))
	switch wrong.Code {
	case syntax.ErrMissingParen:
		at = openParen(expr)
	case syntax.ErrUnexpectedParen:
		at = strings.LastIndex(expr, ")")
	}
	return fmt.Sprintf("%s at character %d of “%s”", wrong.Code, utf8.RuneCountInString(expr[:at])+1, expr)
}

// openParen is where the last parenthesis opens that is not closed: what stands before it is well.
func openParen(expr string) int {
	for at := len(expr) - 1; at > 0; at-- {
		if _, err := syntax.Parse(expr[:at], syntax.Perl); expr[at] == '(' && err == nil {
			return at
		}
	}
	return 0
}

// shortestOf is how many characters an expression matches at least; more than one are not told apart.
func shortestOf(e *syntax.Regexp) int {
	switch e.Op {
	case syntax.OpLiteral, syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL, syntax.OpNoMatch:
		return 1
	case syntax.OpCapture, syntax.OpPlus:
		return shortestOf(e.Sub[0])
	case syntax.OpRepeat:
		return min(e.Min, 1) * shortestOf(e.Sub[0])
	case syntax.OpConcat:
		for _, sub := range e.Sub {
			if shortestOf(sub) > 0 {
				return 1
			}
		}
		return 0
	case syntax.OpAlternate:
		for _, sub := range e.Sub {
			if shortestOf(sub) == 0 {
				return 0
			}
		}
		return 1
	}
	return 0
}

// everyday are questions that name nobody, three in a language: a pattern that takes most of all three would leave nothing of what is asked in it.
var everyday = [][3]string{
	{"where is my order", "How long does delivery take?", "do you have this in blue or in size 42"},
	{"¿dónde está mi pedido?", "cuánto tarda el envío", "¿Puedo cambiar la talla?"},
	{"wo ist meine Bestellung", "Wie lange dauert die Lieferung?", "kann ich das in Größe 42 umtauschen"},
	{"où est ma commande ?", "combien de temps prend la livraison", "Puis-je changer de taille ?"},
	{"onde está o meu pedido", "quanto tempo demora a entrega?", "Posso trocar o tamanho?"},
	{"где мой заказ", "Сколько идёт доставка?", "можно ли поменять размер"},
	{"أين طلبي", "كم يستغرق التوصيل؟", "هل يمكنني تغيير المقاس"},
	{"मेरा ऑर्डर कहाँ है", "डिलीवरी में कितना समय लगता है?", "क्या मैं साइज़ बदल सकता हूँ"},
}

// greedy is an everyday question that the pattern leaves little of, in a language where it does so to each of them; empty is none.
func (p Pattern) greedy() string {
	for _, questions := range everyday {
		taken := 0
		for _, q := range questions {
			left := countLetters(q)
			for _, f := range p.find(q) {
				left -= countLetters(q[f.from:f.to])
			}
			if left*2 < countLetters(q) {
				taken++
			}
		}
		if taken == len(questions) {
			return questions[0]
		}
	}
	return ""
}

func countLetters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// find finds what the pattern matches. A match that ends within a number takes the rest of it, for half of a number is as good as the whole.
func (p Pattern) find(s string) []span {
	var out []span
	end := 0
	for _, at := range p.expr.FindAllStringIndex(s, -1) {
		from, to := wholeNumber(s, at[0], at[1])
		if from = max(from, end); from >= to {
			continue
		}
		out = append(out, span{from, to, p.mask})
		end = to
	}
	return out
}

// wholeNumber moves the ends of a part to those of the numbers that it begins and ends in.
func wholeNumber(s string, from, to int) (int, int) {
	if from == to {
		return from, to
	}
	if first, _ := utf8.DecodeRuneInString(s[from:]); unicode.IsDigit(first) {
		from = len(strings.TrimRightFunc(s[:from], unicode.IsDigit))
	}
	if last, _ := utf8.DecodeLastRuneInString(s[:to]); unicode.IsDigit(last) {
		to = len(s) - len(strings.TrimLeftFunc(s[to:], unicode.IsDigit))
	}
	return from, to
}
