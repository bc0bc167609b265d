package faq

import (
	"context"
	"time"
)

// Status says how far a revision has come.
type Status string

const (
	Draft     Status = "draft"
	InReview  Status = "in_review"
	Published Status = "published"
	Archived  Status = "archived"
)

// Revision is one state of an entry in its history. Numbers start at 1 and have no gaps.
type Revision struct {
	Number  int    `json:"number"`
	Content Entry  `json:"content"`
	Status  Status `json:"status"`
	// Live is the number of the revision that customers are served from now on; 0 is none. It is this revision's own
	// number when it publishes, and the earlier one's while a draft is being written.
	Live int `json:"live,omitempty"`
	// Restores is the number of the earlier revision that an undo brought back; 0 otherwise.
	Restores int       `json:"restores,omitempty"`
	By       string    `json:"by"`
	At       time.Time `json:"at"`
	Note     string    `json:"note,omitempty"`
}

// Record is an entry as it stands: its newest revision, and the one that customers are served, if any.
type Record struct {
	Head Revision  `json:"head"`
	Live *Revision `json:"live,omitempty"`
}

// ID is the entry's name.
func (r Record) ID() EntryID { return r.Head.Content.ID }

// Filter narrows a list; its zero value lists everything.
type Filter struct {
	// Status keeps records whose head has it; with Published, those that customers are served whatever their head.
	Status Status
	Tag    string
	// Text keeps records whose ID, question or a phrasing contains it, compared as [Fold] compares.
	Text string
	// After is the last ID of the page before.
	After EntryID
	// Limit is the size of a page; 0 is no limit.
	Limit int
}

// Change tells that the served text of an entry changed: Live is what is served now, nil when it was withdrawn.
type Change struct {
	Entry EntryID
	Live  *Revision
}

// Cursor is a place in the sequence of changes; 0 is before the first. It grows with every append.
type Cursor int64

// Store keeps revisions. Every implementation passes the suite in faq/faqtest.
type Store interface {
	// Find returns an entry's record, or a NotFound fault.
	Find(ctx context.Context, id EntryID) (Record, error)
	// List pages through records in the order of their IDs (compared as bytes).
	List(ctx context.Context, filter Filter) ([]Record, error)
	// History returns an entry's revisions, oldest first, or a NotFound fault.
	History(ctx context.Context, id EntryID) ([]Revision, error)
	// Append adds revisions in the given order, all or none. Each must have the number after the newest of its entry at
	// that moment; otherwise the fault is Conflict and nothing is added.
	Append(ctx context.Context, revisions ...Revision) error
	// Changes returns the last state of each entry whose served text may have changed after a cursor, and the cursor to ask with
	// next. From 0 it returns all that is served. A change is visible once, and to every reader after the append.
	Changes(ctx context.Context, after Cursor) ([]Change, Cursor, error)
}
