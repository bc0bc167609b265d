// Package eval measures how well questions are matched, by real ones of which it is known what they ask: the ruler for ranking and
// confidence, and what an editor's change is weighed with.
package eval

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"faqbot/faq"
	"faqbot/faq/fault"
)

// Case is a real question with the entry that it should find.
type Case struct {
	Utterance string
	// Entry names what answers it: an ID, an exact question, or the label of a data set. Empty where nothing does.
	Entry string
	// Place is where it was read, file:line.
	Place string
	// Context is that in which it was asked, where it is known.
	Context
}

// Header is the first line of a file of cases.
var Header = []string{"utterance", "entry"}

// contextHeader names the columns of a case's context, each of which may be missing.
var contextHeader = []string{"language", "network", "previous", "last"}

// ErrEmpty is that a file of cases holds none.
var ErrEmpty = errors.New("no case")

// empty is a fault that is [ErrEmpty] as well; its text is for people.
type empty struct{ error }

func (empty) Is(target error) bool { return target == ErrEmpty }

func (e empty) Unwrap() error { return e.error }

// ReadCases reads CSV with the columns of [Header], in any order, among others; those of a context, as [WriteCases] names them, are taken where they
// are there. The name is for errors. A file without a case is [ErrEmpty].
func ReadCases(name string, r io.Reader) ([]Case, error) {
	rows := csv.NewReader(r)
	rows.FieldsPerRecord = -1
	head, err := rows.Read()
	if errors.Is(err, io.EOF) {
		return nil, empty{fault.New(fault.Invalid, "%s:1: the file is empty; its first line must be “utterance,entry”", name)}
	}
	if err != nil {
		return nil, unreadable(name, err)
	}
	utterance, entry := column(head, Header[0]), column(head, Header[1])
	context := contextColumns(head)
	if utterance < 0 || entry < 0 {
		return nil, fault.New(fault.Invalid, "%s:1: the first line must name the columns “utterance” and “entry”", name)
	}
	var out []Case
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) && len(out) == 0 {
			return nil, empty{fault.New(fault.Invalid, "%s:2: there is no question under the first line", name)}
		}
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, unreadable(name, err)
		}
		line, _ := rows.FieldPos(0)
		c := Case{Place: fmt.Sprintf("%s:%d", name, line)}
		if len(row) <= max(utterance, entry) {
			return nil, fault.New(fault.Invalid, "%s: has %d columns, “utterance” and “entry” are wanted", c.Place, len(row))
		}
		if c.Utterance, c.Entry = unguard(row[utterance]), strings.TrimSpace(row[entry]); strings.TrimSpace(c.Utterance) == "" {
			return nil, fault.New(fault.Invalid, "%s: the utterance is empty", c.Place)
		}
		if c.Context, err = context.read(row); err != nil {
			return nil, fault.New(fault.Invalid, "%s: %w", c.Place, err)
		}
		out = append(out, c)
	}
}

func column(head []string, name string) int {
	return slices.IndexFunc(head, func(h string) bool {
		return strings.EqualFold(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")), name)
	})
}

// columns are those of a context, by the places of [contextHeader]; -1 where one is missing.
type columns [4]int

func contextColumns(head []string) (c columns) {
	for i, name := range contextHeader {
		c[i] = column(head, name)
	}
	return c
}

func (c columns) read(row []string) (Context, error) {
	cell := func(i int) string {
		if c[i] < 0 || c[i] >= len(row) {
			return ""
		}
		return strings.TrimSpace(row[c[i]])
	}
	out := Context{Network: cell(1), Previous: unguard(cell(2)), Last: faq.EntryID(cell(3))}
	if tag := cell(0); tag != "" {
		var err error
		if out.Language, err = faq.ParseLanguage(tag); err != nil {
			return Context{}, err
		}
	}
	return out, nil
}

func unreadable(name string, err error) error {
	var wrong *csv.ParseError
	if errors.As(err, &wrong) {
		return fault.New(fault.Invalid, "%s:%d: is not CSV: %v", name, wrong.Line, wrong.Err)
	}
	return fmt.Errorf("read %s: %w", name, err)
}

// FAQ is a FAQ that is made of cases and kept in memory.
type FAQ struct {
	entries []faq.Change
}

// NewFAQ makes an entry of each label: its first utterance is the question, the others are phrasings. The label itself is no evidence. The same
// utterance under two labels stays under both.
func NewFAQ(cases []Case, language faq.Language) (*FAQ, error) {
	f := &FAQ{}
	byLabel := map[string]*faq.Entry{}
	var order []*faq.Entry
	for _, c := range cases {
		if c.Entry == "" {
			return nil, fault.New(fault.Invalid, "%s: names no entry; what a FAQ is made of must", c.Place)
		}
		if e := byLabel[c.Entry]; e != nil {
			e.Phrasings = append(e.Phrasings, faq.Phrasing{Text: c.Utterance})
			continue
		}
		e := &faq.Entry{ID: faq.EntryID(c.Entry), Language: language, Question: c.Utterance, Answers: []faq.Answer{{Language: language}}}
		byLabel[c.Entry] = e
		order = append(order, e)
	}
	for _, e := range order {
		f.entries = append(f.entries, faq.Change{Entry: e.ID, Live: &faq.Revision{Number: 1, Live: 1, Status: faq.Published, Content: *e}})
	}
	return f, nil
}

// Changes implements [knowledge.Source]: nothing changes after the first time.
func (f *FAQ) Changes(_ context.Context, after faq.Cursor) ([]faq.Change, faq.Cursor, error) {
	if after > 0 {
		return nil, 1, nil
	}
	return f.entries, 1, nil
}

// Resolve gives each case the ID of the entry that it names by its ID or an exact question.
func Resolve(cases []Case, entries []*faq.Entry) ([]Case, error) {
	ids, questions := map[string]faq.EntryID{}, map[string]faq.EntryID{}
	for _, e := range entries {
		ids[string(e.ID)] = e.ID
		questions[faq.Fold(e.Question)] = e.ID
		for _, a := range e.Answers {
			if a.Question != "" {
				questions[faq.Fold(a.Question)] = e.ID
			}
		}
	}
	out := slices.Clone(cases)
	for i, c := range out {
		if c.Entry == "" {
			continue
		}
		id, ok := ids[c.Entry]
		if !ok {
			id, ok = questions[faq.Fold(c.Entry)]
		}
		if !ok {
			return nil, fault.New(fault.NotFound, "%s: “%s” is neither the ID nor the question of an entry", c.Place, c.Entry)
		}
		out[i].Entry = string(id)
	}
	return out, nil
}
