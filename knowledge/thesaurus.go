package knowledge

import (
	"embed"
	"iter"
	"math"
	"strings"

	"faqbot/faq"
)

//go:embed thesaurus
var thesaurusFiles embed.FS

// thesaurus knows which terms customers use for nearly the same thing ("kid", "child"). It bridges what neither phrasings nor
// answers say. It is general language, the same for every FAQ.
type thesaurus struct {
	groups [][]term
	// written are the same terms before they were stemmed.
	written [][]term
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
	var group, written []term
	for _, text := range terms {
		var stems, words term
		for _, tok := range tokens(text, language, longestTerm) {
			stems, words = append(stems, tok.stem), append(words, tok.word)
		}
		if len(stems) > 0 {
			group, written = append(group, stems), append(written, words)
		}
	}
	for i, stems := range group {
		t.starts[stems[0]] = append(t.starts[stems[0]], place{len(t.groups), i})
	}
	t.groups, t.written = append(t.groups, group), append(t.written, written)
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

// substitute puts terms that the FAQ has in the place of those that editors have said to mean the same and that it has not: they are asked as the
// others are.
func (t *thesaurus) substitute(ts []token, f *frequencies) []token {
	if t == nil {
		return ts
	}
	var out []token
	for i := 0; i < len(ts); {
		words, stems, size := t.known(ts[i:], f)
		if size == 0 {
			out = append(out, ts[i])
			i++
			continue
		}
		for j := range words {
			out = append(out, token{word: words[j], stem: stems[j], written: spelled(ts[i : i+size])})
		}
		i += size
	}
	return out
}

// spelled are words as they were written.
func spelled(ts []token) string {
	words := make([]string, len(ts))
	for i, t := range ts {
		words[i] = t.word
	}
	return strings.Join(words, " ")
}

// known is the term most entries have that means the same as the one that tokens begin with, where the FAQ lacks a word of that; size is how many
// tokens it takes the place of, 0 for none.
func (t *thesaurus) known(ts []token, f *frequencies) (words, stems term, size int) {
	most := 0
	for _, p := range t.starts[ts[0].stem] {
		own := t.groups[p.group][p.term]
		if !beginsWith(ts, own) || f.fewest(own) > 0 {
			continue
		}
		for j, other := range t.groups[p.group] {
			if n := f.fewest(other); n > most || n == most && n > 0 && strings.Join(other, " ") < strings.Join(stems, " ") {
				words, stems, size, most = t.written[p.group][j], other, len(own), n
			}
		}
	}
	return words, stems, size
}

// fewest is in how many entries the rarest word of a term occurs.
func (f *frequencies) fewest(t term) int {
	n := math.MaxInt
	for _, stem := range t {
		n = min(n, f.count(wordOf(stem)))
	}
	return n
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
