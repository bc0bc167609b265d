package faq

import (
	"fmt"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Warning is something that an editor should look at; it never stops a save.
type Warning struct {
	Entry EntryID `json:"entry"`
	Field string  `json:"field"`
	// Place is the field as people call it: "answer (en)" for "answers[0].text".
	Place string `json:"place"`
	// Kind is stable, for scripts; Text is for people.
	Kind WarningKind `json:"kind"`
	Text string      `json:"text"`
	// Other is the entry that this one is at odds with, if any.
	Other EntryID `json:"other,omitempty"`
}

// WarningKind says what a warning is about.
type WarningKind string

const (
	PhrasingTaken   WarningKind = "phrasing_taken"
	NearDuplicate   WarningKind = "near_duplicate"
	NumbersDiffer   WarningKind = "numbers_differ"
	AnswerLong      WarningKind = "answer_long"
	LinkBroken      WarningKind = "link_broken"
	LanguageMissing WarningKind = "language_missing"
	FollowUpMissing WarningKind = "follow_up_missing"
	RepeatedText    WarningKind = "repeated_phrasing"
)

// shortestMessage is what fits into one message on every network (Discord: 2,000 characters).
const shortestMessage = 2000

// nearlySame is the share of common words from which two questions are called near-duplicates. At 0.8 a question of
// five words may differ in none, one of nine in one: enough to catch a rewording, too strict for two different ones.
const nearlySame = 0.8

// Catalog is what an entry is compared with: all questions and phrasings in use. It is built once for many checks.
type Catalog struct {
	owners    map[string][]EntryID
	words     map[string][]EntryID
	questions map[EntryID][]string
	languages []Language
}

// NewCatalog indexes entries; languages are those that the business serves, the default one first.
func NewCatalog(entries []Entry, languages ...Language) *Catalog {
	c := &Catalog{owners: map[string][]EntryID{}, words: map[string][]EntryID{}, questions: map[EntryID][]string{}, languages: languages}
	for _, e := range entries {
		c.add(e)
	}
	return c
}

func (c *Catalog) add(e Entry) {
	for _, way := range waysOf(e) {
		if owners := c.owners[way.folded]; !slices.Contains(owners, e.ID) {
			c.owners[way.folded] = append(owners, e.ID)
		}
	}
	words := distinctWords(e.Question)
	c.questions[e.ID] = words
	for _, w := range words {
		c.words[w] = append(c.words[w], e.ID)
	}
}

// Check returns the warnings that need no ranking, in the order of the entry's fields. The entry itself may be in the catalog.
func (c *Catalog) Check(e Entry) []Warning {
	w := &warner{entry: e}
	c.taken(w, e)
	c.duplicates(w, e)
	repeated(w, e)
	for i, a := range e.Answers {
		field := fmt.Sprintf("answers[%d].text", i)
		if n := utf8.RuneCountInString(a.Text); n > shortestMessage {
			w.add(AnswerLong, field, "", "has %d characters; it will be sent as several messages (a message holds %d)", n, shortestMessage)
		}
		links(w, field, a.Text)
	}
	numbers(w, e)
	for _, l := range c.languages {
		if _, exact := e.Answer(l); !exact {
			w.add(LanguageMissing, "answers", "", "have no text in %s", l)
		}
	}
	for i, id := range e.FollowUps {
		if _, known := c.questions[id]; !known && id != e.ID {
			w.add(FollowUpMissing, fmt.Sprintf("follow_ups[%d]", i), id, "names “%s”, which does not exist", id)
		}
	}
	return w.list
}

type warner struct {
	entry Entry
	list  []Warning
}

func (w *warner) add(kind WarningKind, field string, other EntryID, format string, args ...any) {
	w.list = append(w.list, Warning{
		Entry: w.entry.ID, Field: field, Place: w.entry.PlaceOf(field), Kind: kind, Text: fmt.Sprintf(format, args...), Other: other,
	})
}

var fieldPattern = regexp.MustCompile(`^(phrasings|answers|follow_ups)\[(\d+)\](?:\.(\w+))?$`)

// PlaceOf is what people call a field of the entry, such as "phrasings[2]". Lists count from 1 for them, and an answer is known by its language.
func (e Entry) PlaceOf(field string) string {
	m := fieldPattern.FindStringSubmatch(field)
	if m == nil {
		return field
	}
	i, _ := strconv.Atoi(m[2]) // digits alone, as the pattern has it
	switch {
	case m[1] == "phrasings":
		return fmt.Sprintf("phrasing %d", i+1)
	case m[1] == "follow_ups":
		return fmt.Sprintf("follow-up %d", i+1)
	case m[3] == "question":
		return fmt.Sprintf("question (%s)", e.Answers[i].Language)
	}
	return fmt.Sprintf("answer (%s)", e.Answers[i].Language)
}

func (c *Catalog) taken(w *warner, e Entry) {
	for _, way := range waysOf(e) {
		for _, owner := range c.owners[way.folded] {
			if owner != e.ID {
				w.add(PhrasingTaken, way.field, owner, "“%s” already belongs to “%s”", way.text, owner)
			}
		}
	}
}

// way is a text that an entry can be asked with, as it is written and folded, and the field it stands in.
type way struct{ text, folded, field string }

func waysOf(e Entry) []way {
	ways := []way{{e.Question, Fold(e.Question), "question"}}
	for i, p := range e.Phrasings {
		ways = append(ways, way{p.Text, Fold(p.Text), fmt.Sprintf("phrasings[%d]", i)})
	}
	for i, a := range e.Answers {
		ways = append(ways, way{a.Question, Fold(a.Question), fmt.Sprintf("answers[%d].question", i)})
	}
	return slices.DeleteFunc(ways, func(w way) bool { return w.folded == "" })
}

func (c *Catalog) duplicates(w *warner, e Entry) {
	words, folded := distinctWords(e.Question), Fold(e.Question)
	var near []EntryID
	for id := range c.sharing(words) {
		shared := common(words, c.questions[id])
		union := len(words) + len(c.questions[id]) - shared
		same := float64(shared) / float64(union)
		if id != e.ID && same >= nearlySame && !slices.Contains(c.owners[folded], id) { // the very same question is warned of as taken
			near = append(near, id)
		}
	}
	slices.Sort(near)
	for _, id := range near {
		w.add(NearDuplicate, "question", id, "is nearly the question of “%s”", id)
	}
}

// sharing are all entries that may have enough of these words: who lacks the few rarest of them has too few of all.
func (c *Catalog) sharing(words []string) map[EntryID]bool {
	rarest := slices.SortedStableFunc(slices.Values(words), func(a, b string) int { return len(c.words[a]) - len(c.words[b]) })
	least := int(math.Ceil(nearlySame * float64(len(words))))
	out := map[EntryID]bool{}
	for _, word := range rarest[:min(len(rarest), len(words)-least+1)] {
		for _, id := range c.words[word] {
			out[id] = true
		}
	}
	return out
}

// common counts what two sorted lists share.
func common(a, b []string) int {
	n := 0
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			a = a[1:]
		case a[0] > b[0]:
			b = b[1:]
		default:
			n, a, b = n+1, a[1:], b[1:]
		}
	}
	return n
}

func distinctWords(s string) []string {
	words := strings.Fields(Fold(s))
	slices.Sort(words)
	return slices.Compact(words)
}

func repeated(w *warner, e Entry) {
	first := map[string]string{}
	for _, way := range waysOf(e) {
		if before, ok := first[way.folded]; ok && strings.HasPrefix(way.field, "phrasings") {
			w.add(RepeatedText, way.field, "", "says the same as %s", e.PlaceOf(before))
			continue
		}
		first[way.folded] = way.field
	}
}

// markdownLink finds where a link leads: between < and >, or up to the parenthesis that closes the link's own.
var markdownLink = regexp.MustCompile(`\]\(\s*(?:<([^>\n]*)>|((?:[^()\s]|\((?:[^()\s]|\([^()\s]*\))*\))*))`)

// links looks at the form of Markdown links alone; nothing is fetched.
func links(w *warner, field, text string) {
	for _, m := range markdownLink.FindAllStringSubmatch(text, -1) {
		address := m[1] + m[2]
		u, err := url.Parse(address)
		web := err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && !strings.ContainsAny(u.Host, " _")
		direct := err == nil && (u.Scheme == "mailto" || u.Scheme == "tel") && u.Opaque != ""
		if !web && !direct {
			w.add(LinkBroken, field, "", "links to “%s”, which is not a full address", address)
		}
	}
}
