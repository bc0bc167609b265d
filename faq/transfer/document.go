package transfer

import (
	"fmt"
	"net/netip"
	"slices"

	"faqbot/faq"
)

// Format is a kind of file.
type Format string

const (
	CSV      Format = "csv"
	XLSX     Format = "xlsx"
	JSON     Format = "json"
	YAML     Format = "yaml"
	Markdown Format = "markdown" // a file or a folder of them
	Page     Format = "page"     // a web page with FAQPage markup; read only
)

// Formats are those that can be written.
var Formats = []Format{CSV, XLSX, JSON, YAML, Markdown}

// Document is what was read: entries that hold to [faq.Entry.Validate], in the document's order.
type Document struct {
	Source string
	Format Format
	Items  []Item
	// Skipped are whole files or questions that are no entries.
	Skipped []Remark
	// Notes are smaller things that were read over or guessed: an unknown column, an old character set.
	Notes []Remark
}

// Item is one entry of a document.
type Item struct {
	Entry  faq.Entry
	Status faq.Status
	Source Place
	// Generated is set where the document gives no ID, and Entry.ID was made from the question.
	Generated bool
	// Carries names the fields that the document can say something of, as they are written in a table ("answer[es]");
	// nil is all. What a document cannot carry is kept when it updates an entry.
	Carries []string

	lines map[string]int // of a field, as Validate names it
}

// carries reports whether the document says something of a field.
func (i Item) carries(field string) bool {
	return i.Carries == nil || slices.Contains(i.Carries, field)
}

// Place is where something stands. Line counts from 1, for a spreadsheet in rows; 0 is unknown.
type Place struct {
	File  string
	Line  int
	Field string
}

func (p Place) String() string {
	s := p.File
	if p.Line > 0 {
		s += fmt.Sprintf(":%d", p.Line)
	}
	if p.Field != "" {
		s += ": " + p.Field
	}
	return s
}

// Remark says something of a place that does not stop an import.
type Remark struct {
	Place Place
	Text  string
}

func (r Remark) String() string { return r.Place.String() + ": " + r.Text }

// Options say how a document is read. The zero value is ready for use.
type Options struct {
	// DefaultLanguage is the language of entries that name none; "en" where it is empty.
	DefaultLanguage faq.Language
	// Draft makes drafts of everything that is not archived. Otherwise an item without a status is published.
	Draft bool
	// Progress is told how much of the work is done, from the goroutine that called; total may grow on the way.
	Progress func(done, total int)
	Limits   Limits
	// Allow lets a URL lead to an address that is not on the public internet. Only tests set it.
	Allow func(netip.AddrPort) bool
}

// Limits bound what is read; 0 is the default.
type Limits struct {
	File  int64 // bytes of a file or a page; 64 MiB
	Cell  int   // bytes of a cell or a field; 10 MiB, which is more than any valid one has
	Items int   // entries of a document, and rows of a table; 100,000
	Files int   // files looked at in a folder; 50,000
}

const (
	maxProblems   = 100 // listed in an error; more are counted
	maxDepth      = 32  // of nested values; our own form needs 5
	maxKeys       = 1000
	maxNodes      = 1 << 20   // values in one entry, or in one block of markup
	maxExpansion  = 256 << 20 // bytes that a spreadsheet unpacks to
	maxColumns    = 2000
	maxMarkupText = 1 << 20 // bytes of one answer's HTML
)

func (o Options) withDefaults() Options {
	if o.DefaultLanguage == "" {
		o.DefaultLanguage = "en"
	}
	if o.Progress == nil {
		o.Progress = func(int, int) {}
	}
	orDefault(&o.Limits.File, 64<<20)
	orDefault(&o.Limits.Cell, 10<<20)
	orDefault(&o.Limits.Items, 100_000)
	orDefault(&o.Limits.Files, 50_000)
	return o
}

func orDefault[T int | int64](limit *T, value T) {
	if *limit <= 0 {
		*limit = value
	}
}

// Items makes a document's items of records: each entry's newest text, with its status.
func Items(records []faq.Record) []Item {
	items := make([]Item, len(records))
	for i, r := range records {
		items[i] = Item{Entry: r.Head.Content.Clone(), Status: r.Head.Status}
	}
	return items
}
