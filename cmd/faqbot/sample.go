package main

import (
	"context"
	_ "embed"
	"fmt"
	"sync"
	"time"

	"faqbot/faq"
	"faqbot/faq/transfer"
	"faqbot/knowledge"
)

//go:embed sample/sample.yaml
var sampleFile []byte

// sampleNotice says wherever it matters that answers are not the owner's.
const sampleNotice = "This is a sample FAQ of a fictional shop. It is replaced by your own as soon as you add or import a first entry."

// A reader's cursor tells where it stands in the store's changes and, by being odd, that it holds the sample: synonyms are counted among the changes,
// and can be kept while there are no entries. It never goes back as long as the store's does not.
func cursorOf(stored faq.Cursor, sampling bool) faq.Cursor {
	if sampling {
		return 2*stored + 1
	}
	return 2*stored + 2
}

// storedCursor is where a reader stands in the store's changes.
func storedCursor(c faq.Cursor) faq.Cursor { return max(0, c-1) / 2 }

func holdsSample(c faq.Cursor) bool { return c%2 == 1 }

// entryStore has what customers are answered with.
type entryStore interface {
	faq.Store
	knowledge.Vocabulary
}

// servedEntries are the owner's entries, or the sample while there are none. The sample is never stored.
type servedEntries struct {
	store  entryStore
	sample []faq.Change

	mu       sync.Mutex
	sampling bool
}

func newServedEntries(s entryStore) (*servedEntries, error) {
	doc, err := readSample()
	if err != nil {
		return nil, err
	}
	out := &servedEntries{store: s}
	for _, item := range doc.Items {
		out.sample = append(out.sample, faq.Change{Entry: item.Entry.ID, Live: &faq.Revision{
			Number: 1, Live: 1, Content: item.Entry, Status: faq.Published, By: "sample", At: time.Unix(0, 0).UTC(),
		}})
	}
	return out, nil
}

func readSample() (transfer.Document, error) {
	doc, err := transfer.ReadBytes("sample.yaml", sampleFile, transfer.Options{DefaultLanguage: "en"})
	if err != nil {
		return transfer.Document{}, fmt.Errorf("read the sample: %w", err)
	}
	return doc, nil
}

// Changes implements [knowledge.Source].
func (e *servedEntries) Changes(ctx context.Context, after faq.Cursor) ([]faq.Change, faq.Cursor, error) {
	sampling, err := e.look(ctx)
	if err != nil {
		return nil, 0, err
	}
	from := storedCursor(after)
	if holdsSample(after) && !sampling {
		from = 0 // all of them: an index of an older version may seem to hold the sample, and has entries of the same IDs
	}
	changes, cursor, err := e.store.Changes(ctx, from)
	switch {
	case err != nil:
		return nil, 0, err
	case sampling && len(changes) > 0: // the first entry came after the look
		return e.Changes(ctx, after)
	case sampling && after == 0:
		changes = e.sample
	case holdsSample(after) && !sampling:
		changes = append(e.withdrawn(), changes...)
	}
	return changes, cursorOf(cursor, sampling), nil
}

// look finds out whether there are no entries.
func (e *servedEntries) look(ctx context.Context) (bool, error) {
	own, err := e.store.List(ctx, faq.Filter{Limit: 1})
	if err != nil {
		return false, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.sampling = len(own) == 0
	return e.sampling, nil
}

// Synonyms implements [knowledge.Vocabulary].
func (e *servedEntries) Synonyms(ctx context.Context) ([]faq.Synonyms, error) {
	return e.store.Synonyms(ctx)
}

// withdrawn are the changes that take the sample away.
func (e *servedEntries) withdrawn() []faq.Change {
	out := make([]faq.Change, len(e.sample))
	for i, c := range e.sample {
		out[i] = faq.Change{Entry: c.Entry}
	}
	return out
}

// Sampling reports whether the sample is being served, as of the last look.
func (e *servedEntries) Sampling() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.sampling
}
