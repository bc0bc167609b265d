package knowledge_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"faqbot/faq"
	"faqbot/faq/faqtest"
	"faqbot/knowledge"
)

// TestMatcher_ReadsInItsLanguage asks every question of a FAQ in three languages with a letter missing, of somebody whose language is not known.
func TestMatcher_ReadsInItsLanguage(t *testing.T) {
	t.Parallel()
	faqtest.ComputesAlone(t)
	entries := sample(t)
	m := knowing(t, knowledge.Options{}, entries...)
	asked, misread := 0, 0
	for _, e := range entries {
		for text, language := range texts(e) {
			if len(strings.Fields(text)) < 2 {
				continue // one word that nobody has published is of no language
			}
			asked++
			if x := explained(t, m, slip(text)); x.Language != language {
				misread++
				t.Logf("%q is read in %q, want %q", x.Utterance, x.Language, language)
			}
		}
	}
	if 50*misread > asked {
		t.Errorf("%d of %d questions are read in another language", misread, asked)
	}
}

// texts are the ways to ask an entry, with their languages.
func texts(e faq.Entry) map[string]faq.Language {
	out := map[string]faq.Language{e.Question: e.Language}
	for _, p := range e.Phrasings {
		out[p.Text] = cmp.Or(p.Language, e.Language)
	}
	for _, a := range e.Answers {
		if a.Question != "" {
			out[a.Question] = a.Language
		}
	}
	return out
}

// slip leaves the third letter of the longest word out.
func slip(text string) string {
	words := strings.Fields(text)
	longest := 0
	for i, w := range words {
		if len(w) > len(words[longest]) {
			longest = i
		}
	}
	if r := []rune(words[longest]); len(r) > 4 {
		words[longest] = string(r[:2]) + string(r[3:])
	}
	return strings.Join(words, " ")
}

// TestMatcher_UnknownWords makes up words that no entry has. In a large FAQ too, none of them may be taken for one that it has: a
// word that is known is not looked up one letter off.
func TestMatcher_UnknownWords(t *testing.T) {
	t.Parallel()
	faqtest.ComputesAlone(t)
	r := rand.New(rand.NewPCG(1, 2))
	word := func() string {
		letters := make([]byte, 4+r.IntN(5))
		for i := range letters {
			letters[i] = byte('a' + r.IntN(26))
		}
		return string(letters)
	}
	s := &served{}
	for i := range 2000 {
		s.publish(entry(fmt.Sprintf("e%d", i), strings.Join([]string{word(), word(), word(), word()}, " "), word()+" "+word()))
	}
	m := knowledge.New(&unsearchable{}, knowledge.Options{})
	synced(t, m, s)
	for range 100 {
		if unknown := word() + "qqx"; len(explained(t, m, unknown).Unknown) == 0 {
			t.Errorf("%s is taken for a word that some entry has", unknown)
		}
	}
}
