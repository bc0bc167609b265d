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
	fieldAsked    = "q"
	fieldAnswered = "a"
	analyzer      = "terms"
	keyCursor     = "cursor"
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
	entry.AddFieldMappingsAt(fieldAsked, words)
	entry.AddFieldMappingsAt(fieldAnswered, words)
	m.DefaultMapping = entry
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	return m
}

// answerBoost is what a word in an answer counts beside one in a question.
const answerBoost = 0.35

func disjunction(terms []knowledge.Term) query.Query {
	var out []query.Query
	for _, t := range terms {
		out = append(out, termQuery(t, fieldAsked, t.Weight))
		if t.InAnswers {
			out = append(out, termQuery(t, fieldAnswered, answerBoost*t.Weight))
		}
	}
	return bleve.NewDisjunctionQuery(out...)
}

// A word may be a misspelt one from a length on: shorter words are one letter away from too many. What is longer than any word costs an
// automaton of its size, a gigabyte for a message of a megabyte.
const shortestTypo, longestTypo = 4, 40

func termQuery(t knowledge.Term, field string, boost float64) query.Query {
	if n := utf8.RuneCountInString(t.Text); t.Misspelt && n >= shortestTypo && n <= longestTypo {
		q := bleve.NewFuzzyQuery(t.Text)
		q.SetField(field)
		q.SetFuzziness(1)
		q.SetPrefix(1)
		q.SetBoost(boost)
		return q
	}
	q := bleve.NewTermQuery(t.Text)
	q.SetField(field)
	q.SetBoost(boost)
	return q
}
