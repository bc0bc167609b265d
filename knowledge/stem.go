package knowledge

import (
	"strings"
	"sync"

	"faqbot/faq"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/arabic"
	"github.com/blevesearch/snowballstem/danish"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/finnish"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/hungarian"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/norwegian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/romanian"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"
	"github.com/blevesearch/snowballstem/swedish"
	"github.com/blevesearch/snowballstem/turkish"
)

// stemmers are the Snowball algorithms. Words come to them folded, without accents: their rules for accented endings then do not fire, which
// loses little and finds what customers type without accents.
var stemmers = map[faq.Language]func(*snowballstem.Env) bool{
	"ar": arabic.Stem, "da": danish.Stem, "nl": dutch.Stem, "en": english.Stem, "fi": finnish.Stem, "fr": french.Stem,
	"de": german.Stem, "hu": hungarian.Stem, "it": italian.Stem, "no": norwegian.Stem, "nb": norwegian.Stem, "nn": norwegian.Stem,
	"pt": portuguese.Stem, "ro": romanian.Stem, "ru": russian.Stem, "es": spanish.Stem, "sv": swedish.Stem, "tr": turkish.Stem,
}

// stemmer stems words of one language and remembers those it has seen: a FAQ says the same few thousand words again and again.
type stemmer struct {
	algorithm func(*snowballstem.Env) bool
	env       *snowballstem.Env
	known     map[string]string
	pool      *sync.Pool
}

// rememberedStems bounds what one stemmer remembers.
const rememberedStems = 20_000

var stemmerPools sync.Map // faq.Language → *sync.Pool

// stemmerOf borrows a stemmer of a language; without an algorithm words stay as they are. Give it back with release.
func stemmerOf(language faq.Language) *stemmer {
	base := language.Base()
	algorithm, ok := stemmers[base]
	if !ok {
		return &stemmer{}
	}
	p, _ := stemmerPools.LoadOrStore(base, &sync.Pool{})
	pool := p.(*sync.Pool)
	if s, ok := pool.Get().(*stemmer); ok {
		return s
	}
	return &stemmer{algorithm: algorithm, env: snowballstem.NewEnv(""), known: map[string]string{}, pool: pool}
}

func (s *stemmer) release() {
	if s.pool != nil {
		s.pool.Put(s)
	}
}

func (s *stemmer) stem(word string) string {
	if s.algorithm == nil || len(word) < 3 {
		return word
	}
	if stem, ok := s.known[word]; ok {
		return stem
	}
	s.env.SetCurrent(word)
	s.algorithm(s.env)
	stem := strings.Clone(s.env.Current())
	if len(s.known) < rememberedStems {
		s.known[strings.Clone(word)] = stem
	}
	return stem
}
