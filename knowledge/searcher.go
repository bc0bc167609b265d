package knowledge

import (
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

// IndexedTerms are the words of an entry as an index stores them: each folded word, and its stem where that differs.
func IndexedTerms(e *faq.Entry) (asked, answered []string) {
	for text, language := range ways(e) {
		asked = appendForms(asked, tokens(text, language, 0))
	}
	for _, a := range e.Answers {
		answered = appendForms(answered, tokens(a.Text, a.Language, maxAnswerWords))
	}
	return asked, answered
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
	// mostTerms bounds a search; the rarest words are taken.
	mostTerms = 16
	// common is the share of entries from which a word tells too little to be worth reading its postings, as long as rarer words are left.
	common = 0.25
	fewest = 2
)

// searchTerms chooses what to look up for a query: its rare words first, with their stems and kin.
func searchTerms(q *query, f *frequencies) []Term {
	order := make([]int, len(q.words))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case q.words[a].weight > q.words[b].weight:
			return -1
		case q.words[a].weight < q.words[b].weight:
			return 1
		}
		return 0
	})
	var out []Term
	taken := map[string]bool{}
	add := func(text string, weight float64, misspelt bool) {
		if text != "" && !taken[text] && len(out) < mostTerms {
			taken[text] = true
			out = append(out, Term{Text: text, Weight: weight, Misspelt: misspelt})
		}
	}
	words := 0
	for _, i := range order {
		w, t := q.words[i], q.tokens[i]
		share := float64(f.counts[w.feature%rows]) / float64(max(1, f.entries))
		if w.weight == 0 || words >= fewest && share > common {
			continue
		}
		known := f.known(w.feature)
		add(t.stem, w.weight, !known)
		if t.word != t.stem {
			add(t.word, w.weight, false)
		}
		for _, kin := range w.kin {
			add(kin, kinship*w.weight, false)
		}
		if known {
			words++
		}
	}
	return out
}
