package main

import (
	"context"
	_ "embed"
	"fmt"
	"sync"
	"time"

	"faqbot/faq"
	"faqbot/faq/transfer"
)

//go:embed sample/sample.yaml
var sampleFile []byte

// sampleNotice says wherever it matters that answers are not the owner's.
const sampleNotice = "This is a sample FAQ of a fictional shop. It is replaced by your own as soon as you add or import a first entry."

// sampleCursor is where a reader of the sample stands; cursors of the store follow after it.
const sampleCursor = 1

// servedEntries are the owner's entries, or the sample while there are none. The sample is never stored.
type servedEntries struct {
	store  faq.Store
	sample []faq.Change

	mu       sync.Mutex
	sampling bool
}

func newServedEntries(s faq.Store) (*servedEntries, error) {
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

// Changes implements [knowledge.Source]. The cursor is one more than the store's, so that the sample has one of its own.
func (e *servedEntries) Changes(ctx context.Context, after faq.Cursor) ([]faq.Change, faq.Cursor, error) {
	changes, cursor, err := e.store.Changes(ctx, max(0, after-sampleCursor))
	if err != nil {
		return nil, 0, err
	}
	e.mu.Lock()
	e.sampling = cursor == 0
	e.mu.Unlock()
	switch {
	case cursor == 0 && after == 0:
		return e.sample, sampleCursor, nil
	case cursor == 0:
		return nil, sampleCursor, nil
	case after == sampleCursor: // the reader holds the sample: withdraw it
		withdrawn := make([]faq.Change, 0, len(e.sample)+len(changes))
		for _, c := range e.sample {
			withdrawn = append(withdrawn, faq.Change{Entry: c.Entry})
		}
		changes = append(withdrawn, changes...)
	}
	return changes, cursor + sampleCursor, nil
}

// Sampling reports whether the sample is being served, as of the last look.
func (e *servedEntries) Sampling() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.sampling
}
