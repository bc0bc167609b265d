package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"faqbot/bot/store"
	"faqbot/faq"
	"faqbot/faq/fault"
	"faqbot/knowledge/eval"
)

// moving changes how far entries have come: what customers are served, not what is written.
type moving struct {
	DryRun  bool `help:"Show what it would change for customers, and change nothing."`
	consent `embed:""`
	IDs     []string `arg:"" name:"id" help:"IDs of the entries."`
}

// movement is one way to do so.
type movement struct {
	ask, refused, done string
	// after is a record as it will be; an error says why it cannot be.
	after func(ctx context.Context, s *store.Store, r faq.Record) (faq.Record, error)
	do    func(e *faq.Editor, ctx context.Context, id faq.EntryID, base int, by string) (faq.Revision, error)
}

type entryPublish struct {
	moving `embed:""`
}

// Help implements kong's help.
func (entryPublish) Help() string {
	return "Shows first what it changes for customers, and asks where something has to be decided on.\n\nExample: faqbot entry publish returns-period"
}

// Run publishes.
func (c *entryPublish) Run(ctx context.Context, a *app) error {
	return c.run(ctx, a, movement{"Publish?", "nothing was published", "published", func(_ context.Context, _ *store.Store, r faq.Record) (faq.Record, error) {
		r.Head.Status, r.Live = faq.Published, &r.Head
		return r, r.Head.Content.ValidatePublished()
	}, (*faq.Editor).Publish})
}

type entryArchive struct {
	moving `embed:""`
}

// Help implements kong's help.
func (entryArchive) Help() string {
	return "Shows first which questions of customers it leaves without their answer, and asks whether that is meant so.\n\nExample: faqbot entry archive christmas-hours"
}

// Run archives.
func (c *entryArchive) Run(ctx context.Context, a *app) error {
	return c.run(ctx, a, movement{"Withdraw?", "nothing was archived", "archived", func(_ context.Context, _ *store.Store, r faq.Record) (faq.Record, error) {
		r.Head.Status, r.Live = faq.Archived, nil
		return r, nil
	}, (*faq.Editor).Archive})
}

type entryUndo struct {
	moving `embed:""`
}

// Help implements kong's help.
func (entryUndo) Help() string {
	return "Shows first what it changes for customers, and asks where something has to be decided on.\n\nExample: faqbot entry undo returns-period"
}

// Run undoes.
func (c *entryUndo) Run(ctx context.Context, a *app) error {
	return c.run(ctx, a, movement{"Undo?", "nothing was undone", "undone", func(ctx context.Context, s *store.Store, r faq.Record) (faq.Record, error) {
		history, err := s.History(ctx, r.ID())
		if err != nil {
			return faq.Record{}, err
		}
		return faq.Undone(history)
	}, (*faq.Editor).Undo})
}

// run does the same to several entries, one after the other, once it was shown what that changes; each stands for itself.
func (c *moving) run(ctx context.Context, a *app, m movement) error {
	return a.withEditor(ctx, func(s *store.Store, editor *faq.Editor) error {
		records, err := s.List(ctx, faq.Filter{})
		if err != nil {
			return err
		}
		reviewed := map[faq.EntryID]int{}
		for _, r := range records {
			reviewed[r.ID()] = r.Head.Number
		}
		draft, impossible := c.draft(ctx, s, records, m)
		if err := c.review(ctx, a, s, draft, m); err != nil {
			return err
		}
		if c.DryRun {
			fmt.Fprintln(a.std.out, dryRunNotice)
			return impossible // else each is told of when it is tried
		}
		return c.moveEach(ctx, a, s, m.done, func(id faq.EntryID) (faq.Revision, error) {
			return m.do(editor, ctx, id, reviewed[id], who()) // nothing newer than what was reviewed
		})
	})
}

// draft changes records to what they will be; what cannot be done is left out of it, with an error.
func (c *moving) draft(ctx context.Context, s *store.Store, records []faq.Record, m movement) (eval.Draft, error) {
	var draft eval.Draft
	var errs []error
	for _, id := range c.IDs {
		after, err := faq.Record{}, fault.New(fault.NotFound, "entry “%s” does not exist", id)
		i := slices.IndexFunc(records, func(r faq.Record) bool { return string(r.ID()) == id })
		if i >= 0 {
			after, err = m.after(ctx, s, records[i])
		}
		switch {
		case err != nil:
			errs = append(errs, unlessSample(ctx, s, err))
			continue
		case after.Live != nil:
			draft.Changes = append(draft.Changes, asServed(after.Live.Content))
		default:
			draft.Changes = append(draft.Changes, faq.Change{Entry: after.ID()})
		}
		records[i] = after
	}
	draft.Stored = standing(records)
	return draft, errors.Join(errs...)
}

// review looks at nothing where nothing changes for customers.
func (c *moving) review(ctx context.Context, a *app, s *store.Store, draft eval.Draft, m movement) error {
	if len(draft.Changes) == 0 {
		return nil
	}
	found, err := a.review(ctx, s, draft)
	if err != nil {
		return err
	}
	a.showReview(found)
	if c.DryRun {
		return nil
	}
	return a.agreeTo(ctx, found, c.consent, m.ask, m.refused)
}

func (c *moving) moveEach(ctx context.Context, a *app, s *store.Store, done string, do func(faq.EntryID) (faq.Revision, error)) error {
	var errs []error
	for _, id := range c.IDs {
		r, err := do(faq.EntryID(id))
		if err != nil {
			errs = append(errs, unlessSample(ctx, s, err))
			continue
		}
		fmt.Fprintf(a.std.out, "%s: %s (revision %d, %s)\n", id, done, r.Number, r.Status)
	}
	return errors.Join(errs...)
}
