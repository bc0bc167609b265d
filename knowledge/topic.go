package knowledge

import (
	"embed"
	"iter"
	"slices"
	"strings"
	"unicode"

	"faqbot/faq"
)

//go:embed topics
var topicFiles embed.FS

// subjects are what answers with numbers are about, more loosely than a [thesaurus] has it: only where two numbers count the same may a parcel that
// "arrives" stand for one that is "delivered". No question of a customer is decided by them.
type subjects struct {
	groups *thesaurus
	// vague are the stems of words that tell nothing of what is asked; cases are words that name one case of several, each with its line.
	vague map[string]bool
	cases map[string]string
}

var subjectLists = lists[*subjects]{files: topicFiles, folder: "topics", parse: parseSubjects}

func parseSubjects(lines iter.Seq[string], language faq.Language) *subjects {
	s := &subjects{groups: parseThesaurus(func(func(string) bool) {}, language), vague: map[string]bool{}, cases: map[string]string{}}
	for line := range lines {
		kind, words, _ := strings.Cut(line, ":")
		switch kind {
		case "vague":
			for _, t := range tokens(words, language, 0) {
				s.vague[t.stem] = true
			}
		case "case":
			for _, t := range tokens(words, language, 0) {
				s.cases[t.word] = line
			}
		default:
			s.groups.add(strings.Split(line, ","), language)
		}
	}
	return s
}

// Topic is what a text is about: its words, less those that only ask and those that tell nothing of it.
type Topic struct {
	words []topicWord
	stems map[string]bool
	cases []string
}

// topicWord is a word with the terms that come to the same.
type topicWord struct {
	stem   string
	weight float64
	kin    []term
}

// Topic reads what a text is about; words that skip names do not count.
func (m *Matcher) Topic(text string, language faq.Language, skip func(word string) bool) Topic {
	m.mu.RLock()
	defer m.mu.RUnlock()
	list, asking := subjectLists.of(language), framingOf(language).words
	ts := tokens(text, language, maxQueryWords)
	kin, named := make([][]term, len(ts)), make([]bool, len(ts))
	for _, t := range []*thesaurus{thesaurusOf(language), m.frequencies.synonyms[language.Base()], list.groups} {
		if t == nil {
			continue
		}
		for i := range ts {
			t.spread(ts, i, func(at int, other term) {
				kin[at], named[at] = append(kin[at], other), named[at] || t == list.groups
			})
		}
	}
	out := Topic{stems: map[string]bool{}}
	var vague []topicWord
	for i, t := range ts {
		out.stems[t.stem] = true
		if name := list.cases[t.word]; name != "" {
			out.cases = append(out.cases, name)
		} else if hasDigit(t.word) && strings.ContainsFunc(t.word, unicode.IsLetter) { // the name of a model
			out.cases = append(out.cases, t.word)
		}
		word := topicWord{t.stem, m.frequencies.wordWeight(wordOf(t.stem)), kin[i]}
		switch {
		case named[i]:
			out.words = append(out.words, word)
		case asking[t.word] || hasDigit(t.word) || skip(t.word):
		case list.vague[t.stem]:
			vague = append(vague, word)
		default:
			out.words = append(out.words, word)
		}
	}
	if len(out.words) == 0 { // "when will I be paid" has nothing else
		out.words = vague
	}
	return out
}

// widest is how many words may stand within a term of two: "send an item back".
const widest = 2

// spread calls visit with each place of a term that begins at tokens[i] and each other that may stand for it. Other words may stand between the
// two of a term.
func (t *thesaurus) spread(ts []token, i int, visit func(at int, other term)) {
	for _, p := range t.starts[ts[i].stem] {
		own := t.groups[p.group][p.term]
		places := placesOf(own, ts, i)
		for j, other := range t.groups[p.group] {
			for _, at := range places {
				if j != p.term {
					visit(at, other)
				}
			}
		}
	}
}

// placesOf is where the words of a term stand that begins at tokens[i]; none where it does not.
func placesOf(own term, ts []token, i int) []int {
	if beginsWith(ts[i:], own) {
		places := make([]int, len(own))
		for k := range places {
			places[k] = i + k
		}
		return places
	}
	for gap := 1; gap <= widest && len(own) == 2; gap++ {
		if end := i + 1 + gap; end < len(ts) && ts[end].stem == own[1] {
			return []int{i, end}
		}
	}
	return nil
}

// Cases reports whether each case that a topic names, such as abroad or on Sundays, is named by one of the others as well.
func (t Topic) Cases(others ...Topic) bool {
	return !slices.ContainsFunc(t.cases, func(name string) bool {
		return !slices.ContainsFunc(others, func(o Topic) bool { return slices.Contains(o.cases, name) })
	})
}

// In is the share of a topic, by weight, that others have or mean; 0 of none. Whole is true where every word is one of these.
func (t Topic) In(others ...Topic) (share float64, whole bool) {
	all, found, whole := 0.0, 0.0, true
	for _, w := range t.words {
		there := w.found(others...)
		all, found, whole = all+w.weight, found+w.weight*there, whole && there > 0
	}
	if all == 0 {
		return 0, false
	}
	return found / all, whole
}

// found is 1 where a word occurs, less where another one stands for it.
func (w topicWord) found(others ...Topic) float64 {
	lacks := func(stem string) bool {
		return !slices.ContainsFunc(others, func(o Topic) bool { return o.stems[stem] })
	}
	switch {
	case !lacks(w.stem):
		return 1
	case slices.ContainsFunc(w.kin, func(other term) bool { return !slices.ContainsFunc(other, lacks) }):
		return kinship
	}
	return 0
}
