package bot

import (
	"slices"
	"strings"

	"faqbot/faq"
)

// role is what a phrase does in a wish for a person; its value is the key of its list in the files.
type role string

const (
	unknown   role = ""
	noun      role = "person_noun"
	verb      role = "person_verb"   // "talk", "connect": with a noun soon before or after it, a wish anywhere
	wishing   role = "person_wish"   // "i want": with a noun that ends the clause, a wish anywhere
	filler    role = "person_filler" // what may stand beside them
	link      role = "person_link"   // "your", "who": between verb and noun, but in no wish alone, for "who is your manager" is a question
	botNoun   role = "bot"
	deny      role = "refusal"      // "dont want": refuses what follows it
	denyNext  role = "refusal_next" // "no": refuses only the word after it
	denyBack  role = "refusal_back" // "not needed": refuses what stands before it
	freshWish role = "refusal_end"  // "but", "get me": a refusal reaches no further
	weakNoun  role = "person_weak"  // nouns that alone are no wish: "people"
	doubt     role = "person_doubt" // "do", "if": what follows them is no wish of the customer
	plea      role = "courtesy"
	longer    role = "anymore" // "any more": turns a refusal into a withdrawal
)

// roles in the order of precedence between phrases of one length.
var roles = []role{deny, denyNext, denyBack, noun, botNoun, verb, wishing, filler, link}

// wishWords are the phrases of one language that make up a wish for a person.
type wishWords struct {
	phrases map[role]phrases
	// single are the nouns and verbs of one word, in order.
	single map[role][][]rune
}

func newWishWords(lists map[string][]string) wishWords {
	w := wishWords{phrases: map[role]phrases{}, single: map[role][][]rune{}}
	for _, r := range append([]role{freshWish, weakNoun, doubt, plea, longer}, roles...) {
		w.phrases[r] = newPhrases(lists[string(r)])
	}
	for _, r := range []role{noun, verb} {
		for _, text := range lists[string(r)] {
			if words := strings.Fields(faq.Fold(text)); len(words) == 1 {
				w.single[r] = append(w.single[r], []rune(words[0]))
			}
		}
	}
	return w
}

// token is one phrase of a clause.
type token struct {
	role role
	// refused is true for a noun that the customer does not want.
	refused bool
	// back, fresh, weak, doubt and plea tell what other lists have the phrase.
	back, fresh, weak, doubt, plea bool
	// must is true for a doubt of several words: "do I have to" asks about what follows it, verb and all.
	must bool
}

func (w wishWords) tokens(words []string) []token {
	var out []token
	for i := 0; i < len(words); {
		t, n := token{}, 0
		for _, r := range roles {
			if m := w.phrases[r].at(words, i); m > n {
				t.role, n = r, m
			}
		}
		n = max(n, 1)
		also := func(r role) bool { return w.phrases[r].at(words, i) >= n }
		t.back, t.fresh, t.weak, t.doubt = also(denyBack), also(freshWish), also(weakNoun), also(doubt)
		t.plea, t.must = also(plea), t.doubt && n > 1
		out = append(out, t)
		i += n
	}
	refuse(out)
	return out
}

// refuse marks the nouns that negations belong to.
func refuse(tokens []token) {
	denied := false
	for i := range tokens {
		t := &tokens[i]
		switch {
		case t.role == deny && (!t.back || refusesAhead(tokens[i+1:])):
			denied = true
		case t.role == denyBack, t.role == deny && !slices.ContainsFunc(tokens[i+1:], isUnknown):
			refuseBefore(tokens[:i])
		case t.role == denyNext && i+1 < len(tokens) && tokens[i+1].named():
			tokens[i+1].refused = true
		case t.role == denyNext && t.back && i == len(tokens)-1: // "a person, no"
			refuseBefore(tokens[:i])
		case t.fresh, t.role == wishing, t.role == unknown:
			denied = false
		case t.named():
			t.refused = t.refused || denied
			denied = denied && t.role != botNoun
		}
	}
}

func isUnknown(t token) bool { return t.role == unknown }

func (t token) named() bool { return t.role == noun || t.role == botNoun }

// refusesAhead reports whether a noun follows that a refusal reaches.
func refusesAhead(tokens []token) bool {
	for _, t := range tokens {
		if t.named() {
			return true
		}
		if t.fresh || t.role == unknown || t.role == wishing {
			return false
		}
	}
	return false
}

func refuseBefore(tokens []token) {
	for i := len(tokens) - 1; i >= 0 && tokens[i].role != unknown; i-- {
		if tokens[i].named() {
			tokens[i].refused = true
			return
		}
	}
}

// finding is what a clause says about a person.
type finding int

const (
	says     finding = iota // nothing
	bare                    // a person is named and nothing else: "agent!", and the name of who is greeted
	refuses                 // "no human"
	withdraw                // "no human any more"
	wants
)

const (
	// longestWish bounds a clause that is nothing but a wish for a person.
	longestWish = 14
	// wishReach is how many phrases may stand between "talk" and "person" inside a longer clause.
	wishReach = 4
)

// find recognises the wish alone ("human please") and as a clear part of more ("can I talk to somebody about my order"). A noun without
// its verb is a question: "how do I become an agent?".
func (w wishWords) find(words []string) finding {
	words = w.mended(words)
	tokens := w.tokens(words)
	whole := len(words) <= longestWish && !slices.ContainsFunc(tokens, func(t token) bool { return t.role == unknown || t.role == link })
	if asks(tokens) || refusesBot(tokens, whole) {
		return wants
	}
	if whole {
		if f := alone(tokens); f != says {
			return f
		}
	}
	if !slices.ContainsFunc(tokens, func(t token) bool { return t.role == noun && t.refused }) && !(whole && refusesContact(tokens)) {
		return says
	}
	if w.phrases[longer].in(words) {
		return withdraw
	}
	return refuses
}

// alone tells what a clause says that is made of the words of a wish and no others.
func alone(tokens []token) finding {
	named, weak, asked, doubtful := false, true, false, false
	for _, t := range tokens {
		wanted := t.role == noun && !t.refused
		named, weak = named || wanted, weak && (!wanted || t.weak)
		doubtful = doubtful || t.doubt
		asked = asked || t.role == verb || t.role == wishing || t.fresh || t.plea
	}
	switch {
	case !named, doubtful, weak && !asked:
		return says
	case asked:
		return wants
	}
	return bare
}

// asks reports whether a noun stands near a verb, or ends the clause after a wish.
func asks(tokens []token) bool {
	for i, t := range tokens {
		switch {
		case i > 0 && tokens[i-1].must:
			return false
		case t.role == verb && reaches(tokens[i+1:], noun) >= 0, t.role == noun && !t.refused && reaches(tokens[i+1:], verb) >= 0:
			return true
		case t.role == wishing && !doubted(tokens, i) && ends(tokens[i+1:], noun):
			return true
		// Verb-final languages put the noun first.
		case t.role == noun && !t.refused && !t.weak && !doubted(tokens, i) && ends(tokens[i+1:], wishing):
			return true
		}
	}
	return false
}

func doubted(tokens []token, i int) bool { return i > 0 && tokens[i-1].doubt }

// reaches is where a phrase that is not refused stands at or soon after the first token, with nothing but fillers between; else -1.
func reaches(tokens []token, want role) int {
	for i, t := range tokens[:min(wishReach, len(tokens))] {
		if t.role == want && !t.refused {
			return i
		}
		if t.role != filler && t.role != link && t.role != wishing {
			return -1
		}
	}
	return -1
}

// ends reports whether a phrase stands soon after and the clause says nothing else.
func ends(tokens []token, want role) bool {
	at := reaches(tokens, want)
	return at >= 0 && !tokens[at].weak && !slices.ContainsFunc(tokens[at+1:], isUnknown)
}

// refusesContact reports whether it is refused to be called or handed on, though nobody is named: "please don't call".
func refusesContact(tokens []token) bool {
	for i, t := range tokens {
		reach := tokens[i+1:]
		if t.role == denyNext {
			reach = reach[:min(1, len(reach))]
		}
		if (t.role == deny || t.role == denyNext) && reaches(reach, verb) >= 0 {
			return true
		}
	}
	return false
}

// refusesBot reports whether a bot is refused: who wants no bot wants a person.
func refusesBot(tokens []token, whole bool) bool {
	refused := slices.ContainsFunc(tokens, func(t token) bool { return t.role == botNoun && t.refused })
	return refused && (whole || slices.ContainsFunc(tokens, func(t token) bool { return t.role == verb }))
}

// clause is a part of a message between punctuation marks.
type clause struct {
	words []string
	text  string
	// last of its sentence
	closed bool
}

// clauseMarks are the marks between clauses.
const clauseMarks = ".,;:!?\n()…–—،؛؟।۔"

// clauses splits a message before folding, which drops the marks that tell "no, a human" from "no human".
func clauses(utterance string) []clause {
	var out []clause
	for utterance != "" {
		text, mark := utterance, ""
		if i := strings.IndexAny(utterance, clauseMarks); i >= 0 {
			text, mark = utterance[:i], utterance[i:]
		}
		utterance = strings.TrimLeft(mark, clauseMarks+" ")
		closed := mark == "" || strings.ContainsAny(mark[:len(mark)-len(utterance)], ".!?\n…؟।۔")
		if words := strings.Fields(faq.Fold(text)); len(words) > 0 {
			out = append(out, clause{words, text, closed})
		}
	}
	return out
}

// person tells what a message says about a person. A clause that is a wish by itself is one, whatever the others say.
func (l *Lexicon) person(utterance string) finding {
	best := says
	parts := clauses(utterance)
	for i, c := range parts {
		f := l.findIn(c.words)
		if f == bare {
			f = l.named(c, parts[:i], parts[i+1:])
		}
		best = max(best, f)
	}
	return best
}

// findIn asks every language; who is refused in one is not wanted in another whose words happen to fit too.
func (l *Lexicon) findIn(words []string) finding {
	best := says
	for _, language := range l.languages {
		f := l.words[language].wish.find(words)
		if f == refuses || f == withdraw {
			return f
		}
		best = max(best, f)
	}
	return best
}

// named tells a wish that is but a name ("not helpful. agent!") from the name of who is spoken to ("hi support, where is my order?").
func (l *Lexicon) named(c clause, before, after []clause) finding {
	if slices.ContainsFunc(before, func(b clause) bool { return l.does(Thanks, b.words) || l.does(Leaves, b.words) }) {
		return says
	}
	if len(after) > 0 && l.does(Courteous, after[0].words) {
		return wants
	}
	if (!c.closed || l.Core(c.text) != c.text) && slices.ContainsFunc(after, func(a clause) bool { return !l.fills(a.words) }) {
		return says
	}
	return wants
}

// fills reports whether words only go with a wish and ask nothing.
func (l *Lexicon) fills(words []string) bool {
	return slices.ContainsFunc(l.languages, func(language faq.Language) bool {
		return !slices.ContainsFunc(l.words[language].wish.tokens(words), isUnknown)
	})
}

// fillsAll reports whether a whole message only goes with a wish, or with the refusal of one.
func (l *Lexicon) fillsAll(utterance string) bool {
	return !slices.ContainsFunc(clauses(utterance), func(c clause) bool { return !l.fills(c.words) })
}
