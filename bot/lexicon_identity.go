package bot

import (
	"slices"

	"faqbot/faq"
)

// identityWords are the phrases that make up "are you a bot, or a real person?".
type identityWords struct {
	// ask are the beginnings, "are you"; or is the word between the two; noun names a bot by other words than those of the wish for a person.
	ask, or, noun, with phrases
}

func newIdentityWords(lists map[string][]string) identityWords {
	return identityWords{
		ask: newPhrases(lists["identity_ask"]), or: newPhrases(lists["identity_or"]), noun: newPhrases(lists["identity_noun"]),
		with: newPhrases(lists["identity_with"]),
	}
}

// asksWho reports whether a message asks who answers, and nothing else: "you are a bot, a human please" wants one.
func (l *Lexicon) asksWho(utterance string) bool {
	asked := false
	for _, c := range clauses(utterance) {
		switch {
		case l.whoIn(c.words):
			asked = true
		case !l.does(Greets, c.words) && !l.does(Courteous, c.words) && !l.addsTo(c.words):
			return false
		}
	}
	return asked
}

func (l *Lexicon) whoIn(words []string) bool {
	for _, language := range l.languages {
		if l.words[language].asksWho(words) {
			return true
		}
	}
	return false
}

// addsTo reports whether words only go with the question who answers: "are you?", after "you are no person".
func (l *Lexicon) addsTo(words []string) bool {
	return slices.ContainsFunc(l.languages, func(language faq.Language) bool {
		w := l.words[language].identity
		return w.ask.covers(words, w.with)
	})
}

// asksWho reports whether words are made of "are you" and a bot or a person, or of both with "or" between them.
func (w wordLists) asksWho(words []string) bool {
	asked, either, bot, person := false, false, false, false
	people, machines := w.wish.phrases[noun], w.wish.phrases[botNoun]
	beside := []phrases{w.identity.with, w.moves[Courteous], w.moves[Greets], w.particle}
	for i := 0; i < len(words); {
		ask, or := w.identity.ask.at(words, i), w.identity.or.at(words, i)
		named, machine := people.at(words, i), max(machines.at(words, i), w.identity.noun.at(words, i))
		asked, either, person, bot = asked || ask > 0, either || or > 0, person || named > 0, bot || machine > 0
		n := max(ask, or, named, machine)
		for _, p := range beside {
			n = max(n, p.at(words, i))
		}
		if n == 0 {
			return false
		}
		i += n
	}
	return asked && (bot || person) || either && bot && person
}
