package insighttest

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Languages are those of the messages.
var Languages = []string{"en", "es", "de", "fr", "pt", "ru", "ar", "hi"}

// Message is what a customer wrote, with personal data in it.
type Message struct {
	Language, Text string
	// Template is what the text was made of, with {own} for the name that the network tells.
	Template string
	// Name and Username are what the network tells of the customer.
	Name, Username string
	// Personal are the parts that tell who it is.
	Personal []string
}

// people are customers as networks tell of them.
var people = map[string][][2]string{
	"en": {{"Emma Thompson", "emma_t"}, {"Oliver 🌟", "oliver1988"}, {"GRACE KELLERMAN", "kellerman"}},
	"es": {{"Javier de la Torre", "javi_torre"}, {"Marisol Peña", ""}, {"rocio", "rociogz"}},
	"de": {{"Günther Scholz", "guenther"}, {"Birgit von Stetten", "bstetten"}, {"Uwe", "uwe_k"}},
	"fr": {{"Benoît Girard", "bgirard"}, {"Margaux de Villiers", ""}, {"Thibault", "thib75"}},
	"pt": {{"Gonçalo Ferreira", "goncalof"}, {"Thaís dos Anjos", ""}, {"Vinícius", "vini_sp"}},
	"ru": {{"Дмитрий Орлов", "dorlov"}, {"Светлана", "sveta77"}, {"ЮЛИЯ ЗАЙЦЕВА", ""}},
	"ar": {{"عمر الخطيب", "omar_k"}, {"نورة", "noura99"}, {"Hassan Mansour", "hmansour"}},
	"hi": {{"रोहित मेहता", "rohitm"}, {"काव्या", ""}, {"Ashok Iyer", "ashokiyer"}},
}

// ownWays are how people write the name that the network has of them.
var ownWays = []func(full string) string{
	func(full string) string { return full },
	strings.ToLower,
	func(full string) string { return strings.Fields(full)[0] },
	func(full string) string { return strings.ToUpper(strings.Fields(full)[0]) },
}

var slot = regexp.MustCompile(`\{[a-z]+\}`)

// Messages makes so many, the same each time, the languages in turn.
func Messages(count int) []Message {
	var out []Message
	used := map[string]int{}
	next := func(what string, of int) int {
		used[what]++
		return (used[what] - 1) % of
	}
	for i := range count {
		language := Languages[i%len(Languages)]
		all := templates[language]
		person := people[language][next("person-"+language, len(people[language]))]
		m := Message{Language: language, Template: all[(i/len(Languages))%len(all)], Name: person[0], Username: person[1]}
		m.Text = slot.ReplaceAllStringFunc(m.Template, func(name string) string {
			what := strings.Trim(name, "{}")
			if what == "own" {
				own := ownWays[next("own-"+language, len(ownWays))](m.Name)
				own = strings.TrimSpace(strings.TrimRight(own, "🌟"))
				m.Personal = append(m.Personal, longWords(own, 3)...)
				return own
			}
			list, spoken := values[what+"-"+language]
			if !spoken {
				list = values[what]
			}
			value := list[next(what+"-"+language, len(list))]
			m.Personal = append(m.Personal, parts(what, value)...)
			return value
		})
		out = append(out, m)
	}
	return out
}

// parts are what must not be left of a value: all of it, and what tells it by itself.
func parts(what, value string) []string {
	out := []string{value}
	switch what {
	case "name":
		return longWords(value, 3)
	case "address", "home":
		out = append(out, longWords(value, 5)...)
	case "phone", "card":
		digits := []rune(Digits(value))
		out = append(out, string(digits[len(digits)-5:]))
	case "mail", "login":
		local, _, _ := strings.Cut(value, "@")
		out = append(out, local)
	}
	return out
}

// longWords are the words of a text with so many letters or more.
func longWords(text string, letters int) []string {
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
	return slices.DeleteFunc(words, func(w string) bool {
		return len([]rune(w)) < letters || w == "von" || w == "der" || w == "dos" || w == "van" || w == "بن"
	})
}

// Digits are the digits of a text in European form, without what is between them.
func Digits(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case '0' <= r && r <= '9':
			return r
		case '٠' <= r && r <= '٩':
			return r - '٠' + '0'
		case '۰' <= r && r <= '۹':
			return r - '۰' + '0'
		case '०' <= r && r <= '९':
			return r - '०' + '0'
		}
		return -1
	}, text)
}

// Left is what is still in a text of the personal parts: as words of their own, in whatever case, or as digits with whatever between them.
func (m Message) Left(text string) []string {
	lower, digits := " "+strings.ToLower(text)+" ", Digits(text)
	return slices.DeleteFunc(slices.Clone(m.Personal), func(part string) bool {
		if Digits(part) == part {
			return !strings.Contains(digits, part)
		}
		return !containsWord(lower, strings.ToLower(part))
	})
}

func containsWord(text, part string) bool {
	for i := strings.Index(text, part); i >= 0; {
		before, after := []rune(text[:i]), []rune(text[i+len(part):])
		if !letter(before[len(before)-1]) && !letter(after[0]) {
			return true
		}
		next := strings.Index(text[i+1:], part)
		if next < 0 {
			return false
		}
		i += 1 + next
	}
	return false
}

func letter(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) }
