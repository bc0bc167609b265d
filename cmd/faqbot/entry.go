package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"faqbot/bot/store"
	"faqbot/faq"
	"faqbot/faq/fault"
	"faqbot/faq/transfer"
	"faqbot/knowledge/eval"
)

type entryCommand struct {
	List    entryList    `cmd:"" help:"List entries."`
	Show    entryShow    `cmd:"" help:"Show an entry as YAML."`
	Edit    entryEdit    `cmd:"" help:"Edit an entry, or write a new one, as YAML in $EDITOR."`
	Publish entryPublish `cmd:"" help:"Serve an entry's newest text to customers."`
	Archive entryArchive `cmd:"" help:"Withdraw an entry from customers; text and history stay."`
	History entryHistory `cmd:"" help:"Show who changed an entry, when and how."`
	Undo    entryUndo    `cmd:"" help:"Bring back an entry as it was before its last change."`
}

type entryList struct {
	Status string `enum:"draft,in_review,published,archived,any" default:"any" help:"draft, in_review, published or archived."`
	Tag    string `help:"Only those with a tag."`
	Text   string `help:"Only those whose ID, question or phrasing has a text."`
	JSON   bool   `help:"Print JSON."`
}

// Help implements kong's help.
func (entryList) Help() string { return "Example: faqbot entry list --status draft" }

// Run lists.
func (c *entryList) Run(ctx context.Context, a *app) error {
	return a.withEditor(ctx, func(s *store.Store, _ *faq.Editor) error {
		filter := faq.Filter{Tag: c.Tag, Text: c.Text}
		if c.Status != "any" {
			filter.Status = faq.Status(c.Status)
		}
		records, err := s.List(ctx, filter)
		if err != nil {
			return err
		}
		if c.JSON {
			return json.NewEncoder(a.std.out).Encode(append([]faq.Record{}, records...)) // none is a list too
		}
		w := tabwriter.NewWriter(a.std.out, 0, 4, 2, ' ', 0)
		for _, r := range records {
			fmt.Fprintf(w, "%s\t%s\t%s\n", r.ID(), state(r), r.Head.Content.Question)
		}
		if len(records) == 0 {
			fmt.Fprintln(a.std.err, "No entries. Until there is one, a sample FAQ is served.")
		}
		return w.Flush()
	})
}

// state says how far the newest text has come, and whether an older one is being served meanwhile.
func state(r faq.Record) string {
	if r.Head.Status != faq.Published && r.Live != nil {
		return string(r.Head.Status) + " over published"
	}
	return string(r.Head.Status)
}

type entryShow struct {
	JSON bool   `help:"Print the record as JSON."`
	ID   string `arg:"" help:"The entry's ID."`
}

// Help implements kong's help.
func (entryShow) Help() string { return "Example: faqbot entry show returns-period" }

// Run shows.
func (c *entryShow) Run(ctx context.Context, a *app) error {
	return a.withEditor(ctx, func(s *store.Store, _ *faq.Editor) error {
		r, err := s.Find(ctx, faq.EntryID(c.ID))
		if err != nil {
			return unlessSample(ctx, s, err)
		}
		if c.JSON {
			return json.NewEncoder(a.std.out).Encode(r)
		}
		fmt.Fprintf(a.std.out, "# revision %d, %s, by %s on %s\n", r.Head.Number, state(r), r.Head.By, r.Head.At.In(a.checked.location).Format("2006-01-02 15:04"))
		return transfer.Encode(a.std.out, transfer.YAML, transfer.Items([]faq.Record{r}))
	})
}

// unlessSample says, of an entry that is not there, that those which answer for now are not either.
func unlessSample(ctx context.Context, s *store.Store, err error) error {
	if own, listErr := s.List(ctx, faq.Filter{Limit: 1}); !fault.Is(err, fault.NotFound) || listErr != nil || len(own) > 0 {
		return err
	}
	return fault.New(fault.NotFound, "%w: there are no entries of your own yet, and those of the sample are not stored", err)
}

type entryPublish struct {
	DryRun  bool `help:"Show what it would change for customers, and change nothing."`
	consent `embed:""`
	IDs     []string `arg:"" name:"id" help:"IDs of the entries."`
}

// Help implements kong's help.
func (entryPublish) Help() string {
	return "Shows first what it changes for customers, and asks where something has to be decided on.\n\nExample: faqbot entry publish returns-period"
}

// Run publishes.
func (c *entryPublish) Run(ctx context.Context, a *app) error {
	return a.withEditor(ctx, func(s *store.Store, editor *faq.Editor) error {
		records, err := s.List(ctx, faq.Filter{})
		if err != nil {
			return err
		}
		found, err := a.review(ctx, s, c.draft(records))
		if err != nil {
			return err
		}
		a.showReview(found)
		if c.DryRun {
			fmt.Fprintln(a.std.out, dryRunNotice)
			return nil
		}
		if err := a.agree(ctx, found, c.consent); err != nil {
			return err
		}
		reviewed := map[faq.EntryID]int{}
		for _, r := range records {
			reviewed[r.ID()] = r.Head.Number
		}
		return moveEach(ctx, a, s, c.IDs, "published", func(id faq.EntryID) (faq.Revision, error) {
			return editor.Publish(ctx, id, reviewed[id], who()) // nothing newer than what was reviewed
		})
	})
}

func (c *entryPublish) draft(records []faq.Record) eval.Draft {
	draft := eval.Draft{Stored: standing(records)}
	for _, r := range records {
		if slices.Contains(c.IDs, string(r.ID())) {
			draft.Changes = append(draft.Changes, asServed(r.Head.Content))
		}
	}
	return draft
}

type entryArchive struct {
	IDs []string `arg:"" name:"id" help:"IDs of the entries."`
}

// Help implements kong's help.
func (entryArchive) Help() string { return "Example: faqbot entry archive christmas-hours" }

// Run archives.
func (c *entryArchive) Run(ctx context.Context, a *app) error {
	return move(ctx, a, c.IDs, "archived", (*faq.Editor).Archive)
}

type entryUndo struct {
	IDs []string `arg:"" name:"id" help:"IDs of the entries."`
}

// Help implements kong's help.
func (entryUndo) Help() string { return "Example: faqbot entry undo returns-period" }

// Run undoes.
func (c *entryUndo) Run(ctx context.Context, a *app) error {
	return move(ctx, a, c.IDs, "undone", (*faq.Editor).Undo)
}

// move does the same to several entries, one after the other; each stands for itself.
func move(ctx context.Context, a *app, ids []string, done string, do func(*faq.Editor, context.Context, faq.EntryID, int, string) (faq.Revision, error)) error {
	return a.withEditor(ctx, func(s *store.Store, editor *faq.Editor) error {
		return moveEach(ctx, a, s, ids, done, func(id faq.EntryID) (faq.Revision, error) { return do(editor, ctx, id, 0, who()) })
	})
}

func moveEach(ctx context.Context, a *app, s *store.Store, ids []string, done string, do func(faq.EntryID) (faq.Revision, error)) error {
	var errs []error
	for _, id := range ids {
		r, err := do(faq.EntryID(id))
		if err != nil {
			errs = append(errs, unlessSample(ctx, s, err))
			continue
		}
		fmt.Fprintf(a.std.out, "%s: %s (revision %d, %s)\n", id, done, r.Number, r.Status)
	}
	return errors.Join(errs...)
}

type entryHistory struct {
	JSON bool   `help:"Print JSON."`
	ID   string `arg:"" help:"The entry's ID."`
}

// Help implements kong's help.
func (entryHistory) Help() string { return "Example: faqbot entry history returns-period" }

// Run shows the history.
func (c *entryHistory) Run(ctx context.Context, a *app) error {
	return a.withEditor(ctx, func(s *store.Store, _ *faq.Editor) error {
		history, err := s.History(ctx, faq.EntryID(c.ID))
		if err != nil {
			return unlessSample(ctx, s, err)
		}
		if c.JSON {
			return json.NewEncoder(a.std.out).Encode(history)
		}
		for i, r := range history {
			fmt.Fprintf(a.std.out, "%d  %s  %-9s  %s  %s\n", r.Number, r.At.In(a.checked.location).Format("2006-01-02 15:04"), r.Status, r.By, r.Note)
			if i > 0 {
				printChanges(a, faq.Diff(history[i-1].Content, r.Content))
			}
		}
		return nil
	})
}

// printChanges shows fields that differ, a line a side.
func printChanges(a *app, changes []faq.FieldChange) {
	for _, c := range changes {
		fmt.Fprintf(a.std.out, "     %s\n", c.Field)
		printSide(a, "-", c.Before)
		printSide(a, "+", c.After)
	}
}

func printSide(a *app, sign, text string) {
	if text == "" {
		return
	}
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		fmt.Fprintf(a.std.out, "       %s %s\n", sign, line)
	}
}
