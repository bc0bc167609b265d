package knowledge_test

import (
	"slices"
	"testing"

	"faqbot/faq"
	"faqbot/knowledge"
)

// Words of the same kind are not words of the same meaning: who asks for the cat does not ask for the dog, nor of Saturday who asks of Sunday. What
// both are may stand for either.
func TestThesaurus_Kinds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		language        faq.Language
		published       string
		asked, word     string
		general, common string // asked of the kind as a whole
	}{
		{language: "en", published: "How do I brush a dog?", asked: "brush a cat", word: "cat", general: "brush a pet", common: "pet"},
		{language: "en", published: "Are you open on Saturday?", asked: "open on Sunday", word: "sunday", general: "open at the weekend", common: "weekend"},
		{language: "en", published: "May my brother collect it?", asked: "may my sister collect it", word: "sister", general: "may my sibling collect it", common: "sibling"},
		{language: "en", published: "Do you take Visa?", asked: "take mastercard", word: "mastercard", general: "take credit card", common: "card"},
		{language: "de", published: "Darf mein Hund mit?", asked: "darf meine Katze mit", word: "katze", general: "darf mein Haustier mit", common: "haustier"},
		{language: "es", published: "¿Abren el sábado?", asked: "abren el domingo", word: "domingo", general: "abren el fin de semana", common: "semana"},
		{language: "fr", published: "Mon chien peut-il entrer ?", asked: "mon chat peut-il entrer", word: "chat", general: "mon animal de compagnie peut-il entrer", common: "compagnie"},
		{language: "pt", published: "Posso levar meu cachorro?", asked: "posso levar meu gato", word: "gato", general: "posso levar meu pet", common: "pet"},
		{language: "ru", published: "Можно ли, если собака?", asked: "можно кошка", word: "кошка", general: "можно питомец", common: "питомец"},
	} {
		m := knowing(t, knowledge.Options{Default: tt.language}, faq.Entry{ID: "a", Language: tt.language, Question: tt.published, Answers: []faq.Answer{{Language: tt.language, Text: "…"}}})
		for word, asked := range map[string]string{tt.word: tt.asked, tt.common: tt.general} {
			e, err := m.Explain(t.Context(), knowledge.Question{Utterance: asked, Language: tt.language})
			if err != nil || len(e.Candidates) != 1 {
				t.Fatalf("%q: %v, %v", asked, e.Candidates, err)
			}
			if kin := slices.Contains(e.Candidates[0].Kin, word); kin != (word == tt.common) {
				t.Errorf("%s, %q to %q: %q is kin %v", tt.language, asked, tt.published, word, kin)
			}
		}
	}
}
