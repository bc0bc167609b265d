package bot

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"faqbot/faq"
)

//go:embed lexicon/*.json
var lexiconFiles embed.FS

// Move is what a message does in a conversation besides asking something.
type Move string

const (
	NoMove      Move = ""
	Greets      Move = "greeting"
	Thanks      Move = "thanks"
	Leaves      Move = "bye"
	Rejects     Move = "rejection"
	Confirms    Move = "helped"
	Solves      Move = "solved"   // it works now, by whatever means
	AsksWho     Move = "identity" // whether this is a bot, and whose
	WantsHelp   Move = "person"
	TakesBack   Move = "withdrawal" // a waiting customer needs no person any more
	RefusesHelp Move = "no_person"  // a person is not wanted
	Courteous   Move = "courtesy"   // "please", and nothing else
)

// Lexicon knows the words by which customers greet, thank, refuse, are upset, and ask for a person, in every supported language at
// once: nobody is asked for their language before they are understood.
type Lexicon struct {
	languages []faq.Language
	words     map[faq.Language]wordLists
	spelling  spelling
}

// wordLists are the phrases of one language, folded, by their first word.
type wordLists struct {
	moves map[Move]phrases
	// clear are those of the moves that are more than a yes or no; with is what may stand beside these and says nothing else: "my question".
	clear, with map[Move]phrases
	// particle are small words that go with a courtesy and are none.
	particle      phrases
	upset, urgent mood
	// correction are the words that begin what was meant instead: "I mean".
	correction phrases
	wish       wishWords
	identity   identityWords
	composed   []composed
}

// phrases find word sequences by their first word, longest first.
type phrases map[string][][]string

// NewLexicon is made of the embedded word lists, which are read once: it never changes.
func NewLexicon() (*Lexicon, error) { return lexicon() }

var lexicon = sync.OnceValues(readLexicon)

func readLexicon() (*Lexicon, error) {
	files, err := fs.Glob(lexiconFiles, "lexicon/*.json")
	if err != nil {
		return nil, fmt.Errorf("list lexicons: %w", err)
	}
	l := &Lexicon{words: map[faq.Language]wordLists{}, spelling: newSpelling()}
	for _, file := range files {
		language := faq.Language(strings.TrimSuffix(path.Base(file), ".json"))
		raw, err := lexiconFiles.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read lexicon %s: %w", language, err)
		}
		var lists map[string][]string
		if err := json.Unmarshal(raw, &lists); err != nil {
			return nil, fmt.Errorf("read lexicon %s: %w", language, err)
		}
		l.languages = append(l.languages, language)
		for key, emoji := range marks {
			lists[key] = append(lists[key], emoji...)
		}
		l.words[language] = newWordLists(lists)
		l.spelling.learn(lists)
	}
	l.spelling.index()
	return l, nil
}

// listed are the moves that are told by their phrases, in the order in which they are looked for: "no, that's all, thanks" leaves.
var listed = []Move{TakesBack, RefusesHelp, Leaves, Rejects, Solves, Confirms, Thanks, Greets, Courteous}

func newWordLists(lists map[string][]string) wordLists {
	w := wordLists{
		moves: map[Move]phrases{}, clear: map[Move]phrases{}, with: map[Move]phrases{}, particle: newPhrases(lists["particle"]), upset: newMood(lists, "upset", "calm"),
		urgent: newMood(lists, "urgent", "unhurried"), wish: newWishWords(lists),
		identity: newIdentityWords(lists), correction: newPhrases(lists["correction"]), composed: newComposed(lists),
	}
	for _, move := range append(listed, AsksWho) {
		w.moves[move] = newPhrases(lists[string(move)])
		w.clear[move] = newPhrases(clearly(lists[string(move)]))
		w.with[move] = newPhrases(lists[string(move)+"_with"])
	}
	return w
}

func newPhrases(list []string) phrases {
	p := phrases{}
	for _, text := range list {
		if words := strings.Fields(faq.Fold(text)); len(words) > 0 {
			p[words[0]] = append(p[words[0]], words)
		}
	}
	for _, list := range p {
		slices.SortFunc(list, func(a, b []string) int { return len(b) - len(a) })
	}
	return p
}

// at is the length of the longest phrase that begins at words[i]; 0 where none does.
func (p phrases) at(words []string, i int) int {
	for _, phrase := range p[words[i]] {
		if i+len(phrase) <= len(words) && slices.Equal(words[i:i+len(phrase)], phrase) {
			return len(phrase)
		}
	}
	return 0
}

// covers reports whether words are made of phrases and fillers alone, with at least one phrase.
func (p phrases) covers(words []string, fillers ...phrases) bool {
	found := false
	for i := 0; i < len(words); {
		n := p.at(words, i)
		found = found || n > 0
		for _, f := range fillers {
			n = max(n, f.at(words, i))
		}
		if n == 0 {
			return false
		}
		i += n
	}
	return found
}

func (p phrases) in(words []string) bool {
	for i := range words {
		if p.at(words, i) > 0 {
			return true
		}
	}
	return false
}

const (
	// longestMove bounds small talk: a longer message says more than that.
	longestMove = 16
	// longestRefusal bounds "no human please": a longer message asks something besides.
	longestRefusal = 8
)

// Move tells what a message does. A wish for a person is told first: it works at the first try, in every state.
func (l *Lexicon) Move(utterance string) Move {
	words := l.spelling.mended(strings.Fields(faq.Fold(utterance)), true)
	if len(words) == 0 {
		return NoMove
	}
	// "Am I talking to a real person?" holds the words of the wish for one.
	if len(words) <= longestMove && (l.does(AsksWho, words) || l.asksWho(utterance)) {
		return AsksWho
	}
	person := l.person(utterance)
	switch {
	case person == wants:
		return WantsHelp
	case len(words) > longestMove:
		return NoMove
	case person == withdraw:
		return TakesBack
	case person == refuses && (len(words) <= longestRefusal || l.fillsAll(utterance)):
		return RefusesHelp
	}
	if move := l.listed(words); move != NoMove {
		return move
	}
	return l.eachClause(utterance)
}

// listed tells what words do that are one move.
func (l *Lexicon) listed(words []string) Move {
	for _, move := range listed {
		if l.does(move, words) {
			return move
		}
	}
	return NoMove
}

// does reports whether words are a move and nothing but courtesies beside it; what is withdrawn may have been solved: "no, never mind, it works now".
func (l *Lexicon) does(move Move, words []string) bool {
	return slices.ContainsFunc(l.languages, func(language faq.Language) bool {
		w := l.words[language]
		beside := []phrases{w.moves[Courteous], w.particle, w.moves[Greets], w.moves[Thanks]}
		if move == TakesBack {
			beside = append(beside, w.moves[Confirms], w.moves[Solves], w.moves[Rejects], w.moves[Leaves])
		}
		return w.moves[move].covers(words, beside...) || w.clear[move].covers(words, append(beside, w.moves[move], w.with[move])...) ||
			slices.ContainsFunc(w.composed, func(c composed) bool { return c.move == move && c.covers(words, beside) })
	})
}

// clearly are the phrases of a move without a mere yes or no: "no, I want it" refuses no answer.
func clearly(list []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(text string) bool { return yes[faq.Fold(text)] || no[faq.Fold(text)] })
}

// Core is a message without the greeting before it, for matching; all of it where nothing else is left.
func (l *Lexicon) Core(utterance string) string {
	fields := strings.Fields(utterance)
	start, end := 0, len(fields)
	for start < end {
		n := 0
		for _, language := range l.languages {
			n = max(n, l.words[language].moves[Greets].at(folded(fields[start:end]), 0))
		}
		if n == 0 {
			break
		}
		start += n
	}
	if start >= end {
		return utterance
	}
	return strings.Join(fields[start:end], " ")
}

// folded folds word by word, so that positions stay those of the text; a word of punctuation alone is one that no phrase has.
func folded(fields []string) []string {
	out := make([]string, len(fields))
	for i, f := range fields {
		if out[i] = faq.Fold(f); out[i] == "" || strings.Contains(out[i], " ") {
			out[i] = "\x00"
		}
	}
	return out
}
