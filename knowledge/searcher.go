package knowledge

import (
	"cmp"
	"context"
	"slices"

	"faqbot/faq"
)

// Searcher proposes candidates from an index. Its scores mean nothing outside it and are not returned.
type Searcher interface {
	// Search returns entries that hold terms, best first, at most limit.
	Search(ctx context.Context, terms []Term, limit int) ([]faq.EntryID, error)
	// Apply brings the index up to a cursor. Changes are those since the cursor that it had; since 0, or where the
	// cursor goes back, they are all entries there are, and the index is made anew.
	Apply(ctx context.Context, changes []faq.Change, cursor faq.Cursor) error
	// Cursor is how far the index has come; 0 for a new one.
	Cursor() faq.Cursor
}

// Term is one word to search for.
type Term struct {
	Text string
	// Weight is how much finding it counts, relative to the others.
	Weight float64
	// Misspelt asks for words one typing error away: no entry has the word itself.
	Misspelt bool
}

// IndexedTerms are the words of an entry as an index stores them: each folded word, and its stem where that differs. Those of the
// questions come twice, for they tell more than those of the answers; one list of both is half as much to search as a list of each.
func IndexedTerms(e *faq.Entry) []string {
	var terms []string
	for text, language := range ways(e) {
		terms = appendForms(terms, tokens(text, language, 0))
	}
	terms = append(terms, terms...)
	for _, a := range e.Answers {
		terms = appendForms(terms, tokens(a.Text, a.Language, maxAnswerWords))
	}
	return terms
}

func appendForms(forms []string, ts []token) []string {
	for _, t := range ts {
		forms = append(forms, t.word)
		if t.stem != t.word {
			forms = append(forms, t.stem)
		}
	}
	return forms
}

const (
	// mostTerms bounds a search; the rarest words are taken first.
	mostTerms = 8
	// mostMisspelt is how many of them are looked up one letter off.
	mostMisspelt = 2
	// cheapPostings and costlyShare bound how many postings a search reads: a few hundred cost nothing, and beyond a part of the FAQ a word
	// tells too little to be worth reading, as long as rarer ones are there.
	cheapPostings = 400
	costlyShare   = 5
	// fewest is how many words are looked up whatever they cost.
	fewest = 1
)

// searchTerms chooses what to look up for a query: its rare words first, as far as they are worth their postings, and their kin with what
// is left: one word has more kin than there is room for.
func searchTerms(q *query, f *frequencies) []Term {
	order := make([]int, len(q.words))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(q.words[b].weight, q.words[a].weight) })
	s := &termChoice{f: f, budget: max(cheapPostings, f.entries/costlyShare), taken: map[string]bool{}}
	for _, i := range order {
		w, t := q.words[i], q.tokens[i]
		switch {
		case w.weight == 0:
		case f.known(w.feature):
			s.take(t.stem, f.count(w.feature), w.weight)
			s.known++
		default:
			s.takeMisspelt(t.word, w.weight)
		}
	}
	for _, i := range order {
		w := q.words[i]
		for _, j := range byRarity(w, f) {
			s.take(w.kin[j], f.count(w.others[j]), kinship*w.weight)
		}
	}
	return s.out
}

// byRarity orders the kin of a word, the rarest first: which lists they came from must not decide which there is room for.
func byRarity(w queryWord, f *frequencies) []int {
	order := make([]int, len(w.kin))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(f.count(w.others[a]), f.count(w.others[b])), cmp.Compare(w.kin[a], w.kin[b]))
	})
	return order
}

// termChoice collects terms within a budget of postings.
type termChoice struct {
	f      *frequencies
	budget int
	known  int
	taken  map[string]bool
	out    []Term
	// misspelt counts the words that are looked up one letter off.
	misspelt int
}

func (s *termChoice) take(text string, postings int, weight float64) {
	if s.taken[text] || len(s.out) >= mostTerms || s.known >= fewest && postings > s.budget {
		return
	}
	s.taken[text] = true
	s.budget -= postings
	s.out = append(s.out, Term{Text: text, Weight: weight})
}

// takeMisspelt looks a word up one letter off. A number or a model that is one digit off is another one.
func (s *termChoice) takeMisspelt(word string, weight float64) {
	if len(s.out) < mostTerms && s.misspelt < mostMisspelt && !hasDigit(word) {
		s.misspelt++
		s.out = append(s.out, Term{Text: word, Weight: weight, Misspelt: true})
	}
}
