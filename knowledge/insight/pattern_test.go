package insight_test

import (
	"strings"
	"testing"

	"faqbot/knowledge/insight"
)

func TestParsePattern(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ pattern, text, want string }{
		{`order=\bA-\d{6}\b`, "is A-123456 late?", "is [order] late?"},
		{`order=\bA-\d{6}\b`, "A-123456, A-1234567 and XA-123456", "[order], A-[number] and XA-123456"},
		{`заказ=№\s?\d{5}`, "где № 48213?", "где [заказ]?"},
		{`order=(?i)ab\d{2}=x`, "AB12=X", "[order]"},
		{`order=\d{6}`, "my number is 01761234567", "my number is [order]"}, // no half of it is left
		{`order=\d{6}`, "123456@example.com and ana.123456@example.com", "[e-mail] and [e-mail]"},
		{`number=\bN\d{3}\b`, "N123", "[number]"},
		{`order=order`, "where is my order", "where is my [order]"},
		{`x=^ab`, "ababab", "[x]"}, // what begins anew is looked at anew
		{`order=\bnothing here\b`, "my name is Ann", "my name is [name]"},
	} {
		p, err := insight.ParsePattern(c.pattern)
		if err != nil {
			t.Errorf("%s: %v", c.pattern, err)
			continue
		}
		masker := insight.NewMasker(p)
		got := masker.Mask(c.text)
		if strings.ReplaceAll(got, "][x", "") != c.want {
			t.Errorf("%s: %q became %q, want %q", c.pattern, c.text, got, c.want)
		}
		if again := masker.Mask(got); again != got {
			t.Errorf("%s: masked again %q is %q", c.pattern, got, again)
		}
	}
}

func TestParsePattern_Refused(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]string{
		"":                         `“” has no name; write NAME=REGEXP, such as order=\bA-\d{6}\b`,
		`\bA-\d{6}\b`:              "has no name; write NAME=REGEXP",
		`order=`:                   "“order” has no pattern; write NAME=REGEXP",
		`=\d{6}`:                   "“” cannot be a name",
		`my order=\d{6}`:           "“my order” cannot be a name",
		`9=\d{6}`:                  "“9” cannot be a name",
		`at=\d{6}`:                 "“at” is how people spell the sign in e-mail addresses; choose another name",
		`order=A-(\d{6}`:           `“order”: missing closing ) at character 3 of “A-(\d{6}”; mend`,
		`order=(a)(b(c)`:           `missing closing ) at character 4 of`,
		`order=A-\d)`:              `unexpected ) at character 5 of`,
		`order=A-[0-9`:             `missing closing ] at character 3 of`,
		`order=*A`:                 `missing argument to repetition operator at character 1 of`,
		`order=\d{2000}`:           `invalid repeat count at character 3 of`,
		`order=(?<!a)\d`:           `invalid named capture at character 1 of`,
		`order=\d*`:                `“\d*” can match nothing at all, and that is everywhere; have it match`,
		`order=A?|B`:               "can match nothing at all",
		`order=\b`:                 "can match nothing at all",
		`order=^(a|b*)$`:           "can match nothing at all",
		`order=(\d{0,6})`:          "can match nothing at all",
		`order=.`:                  "takes most of what everybody writes, such as “where is my order”; have it match what is personal alone",
		`order=.{3,}`:              "takes most of what everybody writes",
		`order=\w+`:                "takes most of what everybody writes",
		`order=\pL`:                "takes most of what everybody writes",
		`order=[а-я]+`:             "such as “где мой заказ”",
		`order=[\x{600}-\x{6ff}]+`: "such as “أين طلبي”",
	} {
		_, err := insight.ParsePattern(pattern)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", pattern, err, want)
		}
	}
}

func TestMasker_Of(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, username, text, want string }{
		{"Ana Silva", "", "ana bought it, Silva paid, ANA SILVA complains", "[name] bought it, [name] paid, [name] complains"},
		{"Ana Silva", "", "the banana of anabel and Silvan", "the banana of anabel and Silvan"},
		{"José Muñoz", "", "jose munoz, JOSÉ", "[name], [name]"},
		{"Ana 🌸", "ana_silva90", "I am @ana_silva90, silva or Ana 🌸", "I am [name], [name] or [name] 🌸"},
		{"Ana de la Cruz", "", "¿cuál es el precio de la bici de Ana de la Cruz?", "¿cuál es el precio de la bici de [name]?"},
		{"Will Turner", "", "will it arrive? ask Will or will turner", "will it arrive? ask [name] or [name]"},
		{"Can Yılmaz", "", "Can I return it, can you help?", "Can I return it, can you help?"},
		{"Siobhán O'Brien", "", "parcel for O'Brien", "parcel for [name]"},
		{"J. R. Smith", "", "J. R. Smith and vitamin J", "[name] and vitamin J"},
		{"Anne-Marie", "", "anne-marie, Anne, Marie", "[name], [name], [name]"},
		{"Uwe Klein", "", "Uwes Paket", "[name] Paket"},
		{"Дмитрий", "", "посылка Дмитрия для Дмитрию и дмитриев день", "посылка [name] для [name] и дмитриев день"},
		{"Светлана Орлова", "", "для Светланы, Светлане Орловой, о свете", "для [name], [name], о свете"},
		{"Иван", "", "Ивану на диване", "[name] на диване"},
		{"أحمد", "", "الطرد لأحمد وأحمد", "الطرد [name]"},
		{"Юлия Зайцева", "", "я юлия зайцева", "я [name]"},
		{"أحمد علي", "", "الطرد باسم أحمد علي", "الطرد باسم [name]"},
		{"राहुल शर्मा", "", "पार्सल राहुल के नाम", "पार्सल [name] के नाम"},
		{"X", "y", "size X and Y", "size X and Y"},
		{"", "", "nobody", "nobody"},
		{"1234", "777", "order 1234 of 777", "order 1234 of 777"},
		{"[name]", "e-mail", "[name] wrote [e-mail]", "[name] wrote [e-mail]"},
		{"\xff\xfe", "\x00", "a\xffb\x00", "a\xffb\x00"},
	} {
		m := masker.Of(c.name, c.username)
		got := m.Mask(c.text)
		if got != c.want {
			t.Errorf("%s, %s: %q became %q, want %q", c.name, c.username, c.text, got, c.want)
		}
		if again := m.Mask(got); again != got {
			t.Errorf("%s: masked again %q is %q", c.name, got, again)
		}
	}
}

func TestMasker_Of_LeavesTheMasker(t *testing.T) {
	t.Parallel()
	masker.Of("Ana").Mask("Ana")
	if got := masker.Of("Ben").Mask("Ana and Ben"); got != "Ana and [name]" {
		t.Errorf("masked as %q", got)
	}
}
