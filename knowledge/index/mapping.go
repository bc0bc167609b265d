package index

import (
	"unicode/utf8"

	"faqbot/knowledge"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/whitespace"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search/query"
)

const (
	field     = "words"
	analyzer  = "terms"
	keyCursor = "cursor"
)

// newMapping stores words as knowledge prepared them: the ranking above and the index below then speak of the same words.
func newMapping() *mapping.IndexMappingImpl {
	m := bleve.NewIndexMapping()
	if err := m.AddCustomAnalyzer(analyzer, map[string]any{"type": custom.Name, "tokenizer": whitespace.Name}); err != nil {
		panic(err) // a constant is wrong
	}
	words := bleve.NewTextFieldMapping()
	words.Analyzer, words.Store, words.IncludeTermVectors, words.DocValues, words.IncludeInAll = analyzer, false, false, false, false
	entry := bleve.NewDocumentStaticMapping()
	entry.AddFieldMappingsAt(field, words)
	m.DefaultMapping = entry
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	return m
}

func disjunction(terms []knowledge.Term) query.Query {
	out := make([]query.Query, len(terms))
	for i, t := range terms {
		out[i] = termQuery(t)
	}
	return bleve.NewDisjunctionQuery(out...)
}

// A word may be a misspelt one from a length on: shorter words are one letter away from too many. What is longer than any word costs an
// automaton of its size, a gigabyte for a message of a megabyte.
const shortestTypo, longestTypo = 4, 40

func termQuery(t knowledge.Term) query.Query {
	if n := utf8.RuneCountInString(t.Text); t.Misspelt && n >= shortestTypo && n <= longestTypo {
		q := bleve.NewFuzzyQuery(t.Text)
		q.SetField(field)
		q.SetFuzziness(1)
		q.SetPrefix(1)
		q.SetBoost(t.Weight)
		return q
	}
	q := bleve.NewTermQuery(t.Text)
	q.SetField(field)
	q.SetBoost(t.Weight)
	return q
}
