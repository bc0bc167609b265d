package eval

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"faqbot/faq"
	"faqbot/knowledge"
)

// TestSet makes a case of each question of which the answer is known, in the order in which they became known. The word of an editor goes before
// that of staff, and staff's before those of customers. Of customers it is the entry that most found right, less those who found it wrong (who merely
// picked it counts half), and of two the one that was confirmed last; a question of which no more is said for an entry than against it is no case.
func TestSet(judged []Judged) []Case {
	questions := map[string]*ballot{}
	for _, j := range judged {
		key := folded(j.Utterance) + "\x00" + folded(j.Previous)
		if questions[key] == nil {
			questions[key] = &ballot{entries: map[faq.EntryID]*vote{}}
		}
		questions[key].add(j)
	}
	var decided []*ballot
	for _, b := range questions {
		if b.best() != nil {
			decided = append(decided, b)
		}
	}
	slices.SortFunc(decided, func(a, b *ballot) int {
		return cmp.Or(cmp.Compare(a.best().latest.Number, b.best().latest.Number), a.best().latest.At.Compare(b.best().latest.At),
			cmp.Compare(a.best().latest.ID, b.best().latest.ID))
	})
	out := make([]Case, len(decided))
	for i, b := range decided {
		j := b.best().latest
		out[i] = Case{Utterance: j.Utterance, Entry: string(j.Entry), Context: j.Context, Place: "stored question " + j.ID}
	}
	return out
}

// ballot is what was said of one question by those whose word counts most.
type ballot struct {
	source  Source
	entries map[faq.EntryID]*vote
}

// vote is what was said of one entry.
type vote struct {
	balance int
	latest  Judged // of those for it
}

// pull is what a verdict adds to the balance of an entry: who picked it from a list may have been curious.
var pull = map[Verdict]int{Right: 2, Nothing: 2, Chosen: 1, Wrong: -2}

func (b *ballot) add(j Judged) {
	switch c := cmp.Compare(j.Source.weight(), b.source.weight()); {
	case c < 0:
		return
	case c > 0:
		clear(b.entries)
	}
	b.source = j.Source
	v := b.entries[j.Entry]
	if v == nil {
		v = &vote{}
		b.entries[j.Entry] = v
	}
	v.balance += pull[j.Verdict]
	if j.Verdict != Wrong && j.Number >= v.latest.Number {
		v.latest = j
	}
}

// best is nil where nothing speaks for an entry.
func (b *ballot) best() *vote {
	var best *vote
	for _, id := range slices.Sorted(maps.Keys(b.entries)) {
		v := b.entries[id]
		if v.balance > 0 && (best == nil || cmp.Or(cmp.Compare(v.balance, best.balance), cmp.Compare(v.latest.Number, best.latest.Number)) > 0) {
			best = v
		}
	}
	return best
}

// Served parts cases from those whose entry is not served any more: of these it is not known what answers them now.
func Served(cases []Case, entries []*faq.Entry) (served, rest []Case) {
	known := map[string]bool{"": true}
	for _, e := range entries {
		known[string(e.ID)] = true
	}
	for _, c := range cases {
		if known[c.Entry] {
			served = append(served, c)
		} else {
			rest = append(rest, c)
		}
	}
	return served, rest
}

// WriteCases writes what [ReadCases] reads. What begins like a formula gets an apostrophe, so that no spreadsheet takes the words of a customer for
// one (OWASP, "CSV Injection").
func WriteCases(w io.Writer, cases []Case) error {
	rows := [][]string{slices.Concat(Header, contextHeader)}
	for _, c := range cases {
		rows = append(rows, []string{guard(c.Utterance), c.Entry, string(c.Language), c.Network, guard(c.Previous), string(c.Last)})
	}
	if err := csv.NewWriter(w).WriteAll(rows); err != nil {
		return fmt.Errorf("write cases: %w", err)
	}
	return nil
}

const formulaStarts = "=+-@\t\r\n＝＋－＠"

func guard(s string) string {
	if formula(s) {
		return "'" + s
	}
	return s
}

// unguard takes one apostrophe off again.
func unguard(s string) string {
	if bare, ok := strings.CutPrefix(s, "'"); ok && formula(bare) {
		return bare
	}
	return s
}

// formula looks behind apostrophes, so that one that was there before is not taken for a guard.
func formula(s string) bool {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, "'"))
	return first != utf8.RuneError && strings.ContainsRune(formulaStarts, first)
}

// mostVerdicts bounds what confidence learns from; the newest tell most.
const mostVerdicts = 2000

// verdictKinds are what a verdict tells the calibration.
var verdictKinds = map[Verdict]knowledge.VerdictKind{
	Right: knowledge.Right, Chosen: knowledge.Right, Wrong: knowledge.Wrong, Nothing: knowledge.Nothing,
}

// Verdicts are what confidence learns from, on whatever day. Where words were masked, others than these were decided on.
func Verdicts(judged []Judged) []knowledge.Verdict {
	var out []knowledge.Verdict
	for _, j := range judged[max(0, len(judged)-mostVerdicts):] {
		if j.Masked {
			continue
		}
		out = append(out, knowledge.Verdict{Question: j.Question(j.Utterance), Kind: verdictKinds[j.Verdict], Entry: j.Entry, Weak: j.Verdict == Chosen,
			Informed: j.Source != Customer && j.Person != ""})
	}
	return out
}
