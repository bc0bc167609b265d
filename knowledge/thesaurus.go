package knowledge

import (
	"embed"
	"iter"
	"strings"

	"faqbot/faq"
)

//go:embed thesaurus
var thesaurusFiles embed.FS

// thesaurus knows which terms customers use for nearly the same thing ("kid", "child"). It bridges what neither phrasings nor
// answers say. It is general language, the same for every FAQ.
type thesaurus struct {
	groups [][]term
	// starts finds groups by the first stem of a term.
	starts map[string][]place
}

// term is one to four stems.
type term []string

type place struct{ group, term int }

var thesauri = lists[*thesaurus]{files: thesaurusFiles, folder: "thesaurus", parse: parseThesaurus}

// thesaurusOf returns the terms of a language; there may be none.
func thesaurusOf(language faq.Language) *thesaurus { return thesauri.of(language) }

func parseThesaurus(lines iter.Seq[string], language faq.Language) *thesaurus {
	t := &thesaurus{starts: map[string][]place{}}
	for line := range lines {
		t.add(strings.Split(line, ","), language)
	}
	return t
}

// add takes a group of terms that mean the same.
func (t *thesaurus) add(terms []string, language faq.Language) {
	var group []term
	for _, text := range terms {
		var stems term
		for _, tok := range tokens(text, language, longestTerm) {
			stems = append(stems, tok.stem)
		}
		if len(stems) > 0 {
			group = append(group, stems)
		}
	}
	for i, stems := range group {
		t.starts[stems[0]] = append(t.starts[stems[0]], place{len(t.groups), i})
	}
	t.groups = append(t.groups, group)
}

// longestTerm is how many words of a term are read.
const longestTerm = 4

// ownThesauri are what editors keep, by language.
func ownThesauri(groups []faq.Synonyms) map[faq.Language]*thesaurus {
	out := map[faq.Language]*thesaurus{}
	for _, g := range groups {
		base := g.Language.Base()
		if out[base] == nil {
			out[base] = &thesaurus{starts: map[string][]place{}}
		}
		out[base].add(g.Terms, g.Language)
	}
	return out
}

// others calls visit for each term that may stand for the one that begins at tokens[i]; size is how many tokens that one has.
func (t *thesaurus) others(ts []token, i int, visit func(size int, other term)) {
	for _, p := range t.starts[ts[i].stem] {
		group := t.groups[p.group]
		own := group[p.term]
		if !beginsWith(ts[i:], own) {
			continue
		}
		for j, other := range group {
			if j != p.term {
				visit(len(own), other)
			}
		}
	}
}

func beginsWith(ts []token, stems term) bool {
	if len(ts) < len(stems) {
		return false
	}
	for i, s := range stems {
		if ts[i].stem != s {
			return false
		}
	}
	return true
}

// has reports whether a stem begins a term.
func (t *thesaurus) has(stem string) bool { return len(t.starts[stem]) > 0 }
