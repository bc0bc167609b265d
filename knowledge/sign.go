package knowledge

import (
	"iter"
	"sync"

	"faqbot/faq"
)

// Sign is a piece of what a text says, named by a number: a word, two words with or without one between them, or a few characters inside a word. The
// number is the same on every machine and in every process, so it may be stored; a change of how words are read is a change of [SignVersion].
type Sign uint32

// SignVersion tells apart what signs were read as; what was stored under another one is to be read anew.
const SignVersion = 1

// collectors are lent to who reads: a million texts are read when what they say is learnt anew.
var collectors = sync.Pool{New: func() any { return new(collector) }}

// Signs are those of a text in a language, sorted, each once. Of a very long text the beginning is read, so the work for one is bounded.
func Signs(text string, language faq.Language) []Sign {
	c := collectors.Get().(*collector)
	defer collectors.Put(c)
	c.features = c.features[:0]
	c.words(tokens(text, language, maxQueryWords))
	features := c.sorted()
	out := make([]Sign, len(features))
	for i, x := range features {
		out[i] = Sign(x)
	}
	return out
}

// Weight is what a sign counts for by its kind alone: a word more than characters, of which it brings many.
func (s Sign) Weight() float64 { return kindWeights[feature(s).kind()] }

// Word reports whether a sign is a whole word.
func (s Sign) Word() bool { return feature(s).kind() == kindWord }

// Whole reports whether a sign is of whole words: one, or two that stand side by side. Those have lower numbers than all others.
func (s Sign) Whole() bool {
	kind := feature(s).kind()
	return kind == kindWord || kind == kindPair
}

// Ways are the ways to ask an entry that matching knows of, each with its language: questions and phrasings.
func Ways(e *faq.Entry) iter.Seq2[string, faq.Language] { return ways(e) }

// Frames are how people ask in a language, whatever it is about, as signs: what a question says besides is what it is about.
func Frames(language faq.Language) [][]Sign {
	var out [][]Sign
	for _, text := range framingOf(language).openings {
		out = append(out, Signs(text, language))
	}
	return out
}
