package eval

import (
	"fmt"
	"slices"
	"strings"

	"faqbot/faq"
)

// difference is what two answers in one language say differently of one unit.
type difference struct {
	field, unit string
	own, others []string
}

func (d difference) same(other difference) bool {
	return d.field == other.field && slices.Equal(d.own, other.own) && slices.Equal(d.others, other.others)
}

// mostOfAUnit is how many numbers of one unit an answer may have for them to be compared: more are a table.
const mostOfAUnit = 4

// differences compares answers of the same language. Where one says all that the other does and more, it may speak of a second thing, which is no
// difference.
func differences(e, other *faq.Entry) []difference {
	var out []difference
	for i, a := range e.Answers {
		j := slices.IndexFunc(other.Answers, func(b faq.Answer) bool { return b.Language == a.Language })
		if j < 0 {
			continue
		}
		own, others := byUnit(quantities(a.Text)), byUnit(quantities(other.Answers[j].Text))
		for _, unit := range own.units {
			x, y := own.of[unit], others.of[unit]
			left, right := lacking(x, y), lacking(y, x)
			if len(x) <= mostOfAUnit && len(y) <= mostOfAUnit && len(left) > 0 && len(right) > 0 {
				out = append(out, difference{fmt.Sprintf("answers[%d].text", i), unit, left, right})
			}
		}
	}
	return out
}

// grouped are quantities by unit, in the order of the text.
type grouped struct {
	units []string
	of    map[string][]quantity
}

func byUnit(list []quantity) grouped {
	g := grouped{of: map[string][]quantity{}}
	for _, q := range list {
		if len(g.of[q.unit]) == 0 {
			g.units = append(g.units, q.unit)
		}
		if !slices.ContainsFunc(g.of[q.unit], q.same) {
			g.of[q.unit] = append(g.of[q.unit], q)
		}
	}
	return g
}

// lacking are those of a, as they were written, that b has not.
func lacking(a, b []quantity) []string {
	var out []string
	for _, q := range a {
		if !slices.ContainsFunc(b, q.same) {
			out = append(out, q.written)
		}
	}
	return out
}

// quantity is a number with what it counts.
type quantity struct {
	value, unit string
	written     string
}

func (q quantity) same(other quantity) bool { return q.value == other.value && q.unit == other.unit }

// quantities are the numbers of a text of which it is clear what they count, in its order.
func quantities(text string) []quantity {
	tokens := pieces.FindAllString(faq.Legible(text), -1)
	out := make([]quantity, len(tokens))
	for i := len(tokens) - 1; i >= 0; i-- { // from the end: in "2 to 3 days" the 2 counts what the 3 does
		if startsWithDigit(tokens[i]) {
			out[i] = measure(tokens, i, out)
		}
	}
	return slices.DeleteFunc(out, func(q quantity) bool { return q.unit == "" })
}

func measure(tokens []string, i int, later []quantity) quantity {
	written := tokens[i]
	at := func(k int) string {
		if k < 0 || k >= len(tokens) {
			return ""
		}
		return tokens[k]
	}
	q := quantity{value: plainNumber(written), written: written}
	switch before, next := unitOf(at(i-1)), unitOf(at(i+1)); {
	case strings.Contains(written, ":"):
		q.unit = clock
	case next != "":
		q.unit, q.written = next, written+" "+at(i+1)
	case currencies[before]:
		q.unit, q.written = before, at(i-1)+" "+written
	case isWord(at(i+1)) && unitOf(at(i+2)) != "": // 5 working days
		q.unit, q.written = unitOf(at(i+2)), written+" "+at(i+1)+" "+at(i+2)
	case startsWithDigit(at(i+2)) && at(i+1) != "." && at(i+1) != ",":
		q.unit = later[i+2].unit
	case isYear(written):
		q.unit = "year of the calendar"
	}
	if q.unit == clock {
		q.value = timeOfDay(q.value, at(i+1))
	}
	return q
}
