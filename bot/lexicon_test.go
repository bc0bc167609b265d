package bot_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"faqbot/bot"
	"faqbot/faq"

	"github.com/google/go-cmp/cmp"
)

func TestLexicon_Move(t *testing.T) {
	t.Parallel()
	l, err := bot.NewLexicon()
	if err != nil {
		t.Fatal(err)
	}
	cases := map[bot.Move][]string{
		bot.WantsHelp: {
			"human", "agent", "i want a human", "i need an agent now", "is anybody there", "i wanna speak 2 a human", "Talk to a person!", "can I please talk to a real person", "I need to speak with someone about my order",
			"persona", "quiero hablar con una persona", "quiero hablar con un agente sobre mi pedido", "Mensch",
			"Ich möchte mit einem Mitarbeiter sprechen", "Ich möchte wegen meiner Bestellung mit einem Mitarbeiter sprechen",
			"je veux parler à un humain", "quero falar com um atendente", "оператор", "позовите оператора", "хочу поговорить с человеком",
			"أريد التحدث مع موظف", "موظف", "मुझे किसी इंसान से बात करनी है", "agent se baat karni hai",
			"perosn please", "I want to talk to a perosn", "talk to a humn", "can I speak to a representitive", "quiero hablar con una presona", "mit einem Mitarbieter sprechen",
			"хочу поговорить с аператором",
		},
		bot.NoMove: {
			"do you need staff?", "i want support for my climbing plant", "I need people sized pots", "how do I become an agent?", "how many people work for you", "do you have a person in Madrid for repairs?", "my parcel did not arrive",
			"¿cómo me convierto en agente?", "wie werde ich Mitarbeiter?", "can a disabled person enter the store", "what does it cost",
			"как стать агентом?", "comment devenir agent ?", "argent", "I need stuff for my garden", "give me stuff", "persons", "a personal matter", "who are your suppliers", "is this a real plant",
		},
		bot.AsksWho: {
			"are you a bot?", "Am I talking to a real person?", "hi, who are you", "bist du ein Mensch?", "Spreche ich mit einem Menschen?", "¿eres un robot?", "¿hablo con una persona?",
			"Êtes-vous un robot ?", "est-ce que je parle à un humain ?", "você é um robô?", "ты бот?", "Вы живой человек?", "هل أنت روبوت؟", "क्या आप बॉट हैं?", "aap bot ho kya",
		},
		bot.Greets:  {"hi", "Hello there!", "good morning", "Hola", "buenos días", "Guten Tag", "bonjour", "olá", "привет", "مرحبا", "नमस्ते"},
		bot.Thanks:  {"thanks!", "thank you so much", "gracias", "vielen Dank", "merci beaucoup", "obrigada", "спасибо", "شكرا", "धन्यवाद"},
		bot.Leaves:  {"bye", "goodbye", "adiós", "tschüss", "au revoir", "tchau", "до свидания", "مع السلامة", "अलविदा"},
		bot.Rejects: {"no, that's not it", "not what I meant", "no es eso", "das meinte ich nicht", "ce n'est pas ça", "não é isso", "это не то"},
	}
	for want, texts := range cases {
		for _, text := range texts {
			if got := l.Move(text); got != want {
				t.Errorf("%q is %q, want %q", text, got, want)
			}
		}
	}
}

func TestLexicon_Upset(t *testing.T) {
	t.Parallel()
	l, err := bot.NewLexicon()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{
		"this is ridiculous, nobody answers": true, "WHERE IS MY PARCEL NOW": true, "where is it!!!": true, "das ist eine Frechheit": true,
		"where is my parcel": false, "I need an IBAN": false, "FAQ": false,
	} {
		if got := l.Upset(text); got != want {
			t.Errorf("%q: upset %v, want %v", text, got, want)
		}
	}
}

// TestLexicon_EndlessWord would not end where every slip of a word was tried, however long it is.
func TestLexicon_EndlessWord(t *testing.T) {
	t.Parallel()
	l := newLexicon(t)
	word := strings.Repeat("ab", 500_000)
	if l.Upset(word) || l.Urgent(word) || l.Move(word) != bot.NoMove {
		t.Error("a word of a million letters means something")
	}
}

func TestLexicon_Core(t *testing.T) {
	t.Parallel()
	l, err := bot.NewLexicon()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"Hi there, how long can I return it?": "how long can I return it?", "hello": "hello", "hola cuánto tarda": "cuánto tarda",
		"High demand products": "High demand products",
	} {
		if got := l.Core(text); got != want {
			t.Errorf("%q: core %q, want %q", text, got, want)
		}
	}
}

// TestTexts_NoKeyIsMissing reads the files as they are, so that a fallback cannot hide a gap.
func TestTexts_NoKeyIsMissing(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{"texts", filepath.Join("texts", "desk"), "lexicon"} {
		files, err := filepath.Glob(filepath.Join(folder, "*.json"))
		if err != nil || len(files) != 8 {
			t.Fatalf("%s has %d files, want 8 (%v)", folder, len(files), err)
		}
		want := keys(t, filepath.Join(folder, "en.json"))
		for _, file := range files {
			got := keys(t, file)
			for key, placeholders := range want {
				if _, ok := got[key]; !ok {
					t.Errorf("%s lacks %q", file, key)
				}
				for _, p := range placeholders {
					if !slices.Contains(got[key], p) {
						t.Errorf("%s: %q lacks %s", file, key, p)
					}
				}
			}
			for key, placeholders := range got {
				if _, ok := want[key]; !ok {
					t.Errorf("%s has %q, which nothing uses", file, key)
				}
				for _, p := range placeholders {
					if !slices.Contains(want[key], p) {
						t.Errorf("%s: %q has %s, which nothing fills", file, key, p)
					}
				}
			}
		}
	}
}

// TestTexts_StaffCanTypeWhatTheyAreTold looks that a translation names the same commands, and fits where texts are short.
func TestTexts_StaffCanTypeWhatTheyAreTold(t *testing.T) {
	t.Parallel()
	texts, err := bot.NewTexts("en")
	if err != nil {
		t.Fatal(err)
	}
	command := regexp.MustCompile(`/[a-z/]+|faqbot [a-z]+`)
	for key := range keys(t, filepath.Join("texts", "desk", "en.json")) {
		english := texts.In("en").Say(key)
		for _, l := range texts.Languages() {
			said := texts.In(l).Say(key)
			if l != "en" && said == english && key != "desk_outcome_spam" && key != "desk_bot" {
				t.Errorf("%s says %s in English", l, key)
			}
			if diff := cmp.Diff(sorted(command.FindAllString(english, -1)), sorted(command.FindAllString(said, -1))); diff != "" {
				t.Errorf("%s, %s (-en +%s): %s", l, key, l, diff)
			}
			if n := len([]rune(said)); n > 40 && (strings.HasPrefix(key, "desk_button_") || strings.HasPrefix(key, "desk_outcome_")) {
				t.Errorf("%s, %s: %d characters do not fit on a button", l, key, n)
			}
		}
	}
}

func sorted(list []string) []string { return slices.Sorted(slices.Values(list)) }

// keys lists a file's keys with their placeholders.
func keys(t *testing.T, file string) map[string][]string {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var messages map[string]any
	if err := json.Unmarshal(raw, &messages); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	out := map[string][]string{}
	for key, value := range messages {
		text, _ := json.Marshal(value)
		out[key] = nil
		for part := range strings.SplitSeq(string(text), "{{") {
			if name, _, ok := strings.Cut(part, "}}"); ok && !slices.Contains(out[key], name) {
				out[key] = append(out[key], name)
			}
		}
	}
	return out
}

func TestTexts_Plurals(t *testing.T) {
	t.Parallel()
	texts, err := bot.NewTexts("en")
	if err != nil {
		t.Fatal(err)
	}
	for language, forms := range map[faq.Language]map[int]string{
		"en": {1: "1 day ", 30: "30 days"}, "ru": {1: "1 день", 2: "2 дня", 90: "90 дней"}, "de": {1: "1 Tag", 90: "90 Tage"}, "es": {1: "1 día", 90: "90 días"},
	} {
		for n, want := range forms {
			if got := texts.In(language).Count("privacy", n); !strings.Contains(got, want) {
				t.Errorf("%s, %d: %q lacks %q", language, n, got, want)
			}
		}
	}
	if got := texts.In("pt-PT").Say("button_person"); got == texts.In("en").Say("button_person") {
		t.Errorf("Portuguese of Portugal speaks English: %q", got)
	}
}

// BenchmarkLexicon reads what is small talk, and a question that is not.
func BenchmarkLexicon(b *testing.B) {
	l, err := bot.NewLexicon()
	if err != nil {
		b.Fatal(err)
	}
	for name, text := range map[string]string{
		"move": "no sorry, that's not what I asked about", "question": "hello, how long does delivery to Madrid take if I order today and pay by card?",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				l.Move(text)
				l.Upset(text)
				l.Urgent(text)
			}
		})
	}
}
