package faq

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"faqbot/faq/fault"
)

// Editor changes entries on behalf of people. Every change is a new revision with who, when and why.
type Editor struct {
	store Store
	now   func() time.Time
}

// NewEditor makes an editor over a store; now is the clock that stamps revisions.
func NewEditor(store Store, now func() time.Time) *Editor {
	return &Editor{store: store, now: now}
}

// Edit is a wish to change one entry.
type Edit struct {
	Content Entry
	// Base is the number of the revision that the editor was looking at; 0 creates the entry.
	Base int
	// Publish serves the text to customers in the same step.
	Publish bool
	// Status is what becomes of an edit that does not publish: a draft where it is empty. Imports give it, to restore
	// an entry that was in review or archived.
	Status Status
	By     string
	Note   string
}

// ConflictError says that an entry changed under an editor's hands. It is a Conflict fault.
type ConflictError struct {
	Base    int
	Theirs  Revision
	Changes []FieldChange // from the edit that was refused to what stands now
}

func (e *ConflictError) Error() string {
	return fmt.Sprintf("entry “%s” was changed by %s (revision %d) after you opened it (revision %d)",
		e.Theirs.Content.ID, e.Theirs.By, e.Theirs.Number, e.Base)
}

// Save writes edits, all or none, and returns the new revisions in the same order; an edit that changes nothing returns the revision that stands.
// An Invalid fault names the fields; a Conflict fault wraps a [ConflictError] for the first edit whose base is not the newest.
func (e *Editor) Save(ctx context.Context, edits ...Edit) ([]Revision, error) {
	out := make([]Revision, 0, len(edits))
	var add []Revision
	for _, edit := range edits {
		r, changed, err := e.next(ctx, edit)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
		if changed {
			add = append(add, r)
		}
	}
	if err := e.append(ctx, add); err != nil {
		return nil, err
	}
	return out, nil
}

func (e *Editor) next(ctx context.Context, edit Edit) (Revision, bool, error) {
	validate := edit.Content.Validate
	if edit.status() == Published {
		validate = edit.Content.ValidatePublished
	}
	if err := validate(); err != nil {
		return Revision{}, false, err
	}
	if !slices.Contains([]Status{Draft, InReview, Published, Archived}, edit.status()) {
		return Revision{}, false, fault.New(fault.Invalid, "entry “%s”: “%s” is no status", edit.Content.ID, edit.Status)
	}
	record, err := e.store.Find(ctx, edit.Content.ID)
	switch {
	case fault.Is(err, fault.NotFound) && edit.Base == 0:
		record = Record{}
	case fault.Is(err, fault.NotFound):
		return Revision{}, false, fault.New(fault.NotFound, "entry “%s” does not exist", edit.Content.ID)
	case err != nil:
		return Revision{}, false, err
	case record.Head.Number != edit.Base:
		return Revision{}, false, conflict(edit, record.Head)
	}
	r := Revision{
		Number: record.Head.Number + 1, Content: edit.Content.Clone(), Status: edit.status(), Live: record.Head.Live,
		By: edit.By, At: e.now().UTC(), Note: edit.Note,
	}
	switch r.Status {
	case Published:
		r.Live = r.Number
	case Archived:
		r.Live = 0
	}
	if record.Head.Number > 0 && edit.settled(record.Head.Status) && record.Head.Content.Same(edit.Content) {
		return record.Head, false, nil
	}
	return r, true, nil
}

func (e Edit) status() Status {
	switch {
	case e.Publish:
		return Published
	case e.Status == "":
		return Draft
	}
	return e.Status
}

// settled reports whether an entry in a status has no need of an edit of the same text. Saving what is published or in
// review as a draft, unchanged, is no wish to withdraw it.
func (e Edit) settled(now Status) bool {
	return now == e.status() || e.status() == Draft && now != Archived
}

func conflict(edit Edit, theirs Revision) error {
	c := &ConflictError{Base: edit.Base, Theirs: theirs, Changes: Diff(edit.Content, theirs.Content)}
	return fault.New(fault.Conflict, "%w", c)
}

// append turns the store's bare Conflict, which is a race lost between reading and writing, into one that shows the other's text.
func (e *Editor) append(ctx context.Context, add []Revision) error {
	if len(add) == 0 {
		return nil
	}
	err := e.store.Append(ctx, add...)
	if !fault.Is(err, fault.Conflict) {
		return err
	}
	for _, r := range add {
		record, findErr := e.store.Find(ctx, r.Content.ID)
		if findErr == nil && record.Head.Number >= r.Number {
			return conflict(Edit{Content: r.Content, Base: r.Number - 1}, record.Head)
		}
	}
	return err
}

// Submit asks for a review of the newest draft.
func (e *Editor) Submit(ctx context.Context, id EntryID, base int, by string) (Revision, error) {
	return e.move(ctx, id, base, by, func(r *Revision) error {
		if r.Status != Draft {
			return fault.New(fault.Invalid, "entry “%s” is %s; only a draft can be submitted", id, r.Status)
		}
		r.Status = InReview
		return nil
	})
}

// Publish serves the newest revision to customers.
func (e *Editor) Publish(ctx context.Context, id EntryID, base int, by string) (Revision, error) {
	return e.move(ctx, id, base, by, func(r *Revision) error {
		if r.Status == Published {
			return errUnchanged
		}
		r.Status, r.Live = Published, r.Number
		return r.Content.ValidatePublished()
	})
}

// Archive withdraws an entry from customers; its text and history stay.
func (e *Editor) Archive(ctx context.Context, id EntryID, base int, by string) (Revision, error) {
	return e.move(ctx, id, base, by, func(r *Revision) error {
		if r.Status == Archived {
			return errUnchanged
		}
		r.Status, r.Live = Archived, 0
		return nil
	})
}

// Undo brings back the state before the newest one: text, status and what is served. Undone again, it goes one further back.
func (e *Editor) Undo(ctx context.Context, id EntryID, base int, by string) (Revision, error) {
	history, err := e.store.History(ctx, id)
	if err != nil {
		return Revision{}, err
	}
	return e.move(ctx, id, base, by, func(r *Revision) error {
		before, err := Undone(history)
		if err != nil {
			return err
		}
		old := before.Head
		r.Content, r.Status, r.Live, r.Restores = old.Content.Clone(), old.Status, old.Live, cmp.Or(old.Restores, old.Number)
		r.Note = fmt.Sprintf("back to revision %d", r.Restores)
		return nil
	})
}

// Undone is the state before the newest one of a history: what an undo goes back to, and what is served then.
func Undone(history []Revision) (Record, error) {
	last := history[len(history)-1]
	state := cmp.Or(last.Restores, last.Number)
	if state < 2 || state > len(history) {
		return Record{}, fault.New(fault.Invalid, "entry “%s” has nothing to undo", last.Content.ID)
	}
	r := Record{Head: history[state-2]}
	if r.Head.Live > 0 {
		r.Live = &history[r.Head.Live-1]
	}
	return r, nil
}

var errUnchanged = errors.New("already so")

// move appends a revision made from the newest one. Base 0 takes whatever is newest, for commands that name an entry alone.
func (e *Editor) move(ctx context.Context, id EntryID, base int, by string, change func(*Revision) error) (Revision, error) {
	record, err := e.store.Find(ctx, id)
	if err != nil {
		return Revision{}, err
	}
	head := record.Head
	if base != 0 && base != head.Number {
		return Revision{}, conflict(Edit{Content: head.Content, Base: base}, head)
	}
	r := Revision{Number: head.Number + 1, Content: head.Content, Status: head.Status, Live: head.Live, By: by, At: e.now().UTC()}
	switch err := change(&r); {
	case errors.Is(err, errUnchanged):
		return head, nil
	case err != nil:
		return Revision{}, err
	}
	return r, e.append(ctx, []Revision{r})
}
