package transfer

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"faqbot/faq"
)

// builder collects a document's items and everything that is wrong with them.
type builder struct {
	options  Options
	document Document
	problems Problems
	sums     map[string]string // of the bytes of a folder's files
	full     bool              // there were more entries than are read
}

func newBuilder(source string, format Format, o Options) *builder {
	return &builder{options: o.withDefaults(), sums: map[string]string{}, document: Document{Source: source, Format: format}}
}

// form says how a node's document writes entries.
type form struct {
	partial bool   // only the keys that are there say something
	id      string // of an entry that names none; empty makes one of the question
	extra   bool   // unknown keys are remarked on, rather than problems
	origin  Place  // of the node
}

// add reads an entry. What is wrong with it goes to the problems.
func (b *builder) add(n node, f form) {
	if limit := b.options.Limits.Items; len(b.document.Items) >= limit {
		if !b.full {
			b.problems.add(f.origin, "there are more than %d entries", limit)
		}
		b.full = true
		return
	}
	d := &decoder{builder: b, form: f, item: Item{Source: f.origin, lines: map[string]int{}}}
	before := len(b.problems.List) + b.problems.More
	d.entry(n)
	if len(b.problems.List)+b.problems.More == before {
		d.validate()
	}
	d.item.forget()
	b.document.Items = append(b.document.Items, d.item)
}

func (b *builder) note(place Place, format string, args ...any) {
	b.document.Notes = append(b.document.Notes, Remark{Place: place, Text: fmt.Sprintf(format, args...)})
}

func (b *builder) skip(place Place, format string, args ...any) {
	b.document.Skipped = append(b.document.Skipped, Remark{Place: place, Text: fmt.Sprintf(format, args...)})
}

// finish gives IDs to items that have none, finds what is there twice, and returns the document or all the problems.
func (b *builder) finish() (Document, error) {
	if len(b.problems.List) == 0 {
		b.duplicates()
		b.name()
	}
	if err := b.problems.fault(); err != nil {
		return Document{}, err
	}
	return b.document, nil
}

func (b *builder) duplicates() {
	ids, questions := map[faq.EntryID]Place{}, map[string]Item{}
	kept := b.document.Items[:0]
	for _, item := range b.document.Items {
		if !item.Generated {
			if first, twice := ids[item.Entry.ID]; twice {
				b.problems.add(item.at("id"), "“%s” is the ID of another entry too, at %s", item.Entry.ID, first)
			}
			ids[item.Entry.ID] = item.at("")
			kept = append(kept, item)
			continue
		}
		folded := faq.Fold(item.Entry.Question)
		first, twice := questions[folded]
		switch {
		case twice && b.document.Format == Page:
			b.skip(item.Source, "asks the same as %s", first.Source)
			continue
		case twice && folded != "":
			b.problems.add(item.at("question"), "asks the same as %s; give one of them an ID if that is meant", first.at(""))
		}
		questions[folded] = item
		kept = append(kept, item)
	}
	b.document.Items = kept
}

func (b *builder) name() {
	taken := map[faq.EntryID]bool{}
	for _, item := range b.document.Items {
		taken[item.Entry.ID] = taken[item.Entry.ID] || !item.Generated
	}
	for i := range b.document.Items {
		if item := &b.document.Items[i]; item.Generated {
			item.Entry.ID = freeID(item.Entry.ID, taken)
		}
	}
}

// freeID adds a number to an ID that is taken, and takes it.
func freeID(id faq.EntryID, taken map[faq.EntryID]bool) faq.EntryID {
	free := id
	for n := 2; taken[free]; n++ {
		free = faq.EntryID(fmt.Sprintf("%s-%d", id, n))
	}
	taken[free] = true
	return free
}

// at is the place of one of the item's fields: its own line, or that of what it is part of.
func (i Item) at(field string) Place {
	place := i.Source
	place.Field = join(i.Source.Field, field)
	for part := field; part != ""; {
		if line, ok := i.lines[part]; ok {
			place.Line = line
			break
		}
		part = part[:max(strings.LastIndexAny(part, ".["), 0)]
	}
	return place
}

// forget drops the lines that nothing asks for once an entry is validated.
func (i *Item) forget() {
	for field := range i.lines {
		if field != "id" && field != "question" {
			delete(i.lines, field)
		}
	}
	if len(i.lines) == 0 {
		i.lines = nil
	}
}

func join(outer, inner string) string {
	if outer == "" || inner == "" {
		return outer + inner
	}
	return outer + "." + inner
}

// validate adds what faq finds wrong, in the document's own places. A table without a column for answers can only update
// entries that have them; its plan sees to that.
func (d *decoder) validate() {
	check := d.item.Entry.Validate
	if d.item.Status == faq.Published && d.item.carries("answer") {
		check = d.item.Entry.ValidatePublished
	}
	err := check()
	for _, wrong := range faq.FieldErrors(err) {
		d.builder.problems.add(d.item.at(wrong.Field), "%s", short(wrong.Problem))
	}
	if err != nil && len(faq.FieldErrors(err)) == 0 {
		d.builder.problems.add(d.item.Source, "%s", short(err.Error()))
	}
}

// short keeps a message readable that quotes what was read.
func short(s string) string {
	s = strings.ToValidUTF8(s, "�")
	if utf8.RuneCountInString(s) <= 300 {
		return s
	}
	return string([]rune(s)[:300]) + "…"
}

// asProblem adds an error of a part, keeping the places that it names.
func (b *builder) asProblem(place Place, err error) {
	var several *Problems
	if !errors.As(err, &several) {
		b.problems.add(place, "%s", short(err.Error()))
		return
	}
	for _, p := range several.List {
		b.problems.add(p.Place, "%s", p.Text)
	}
	b.problems.More += several.More
}
