package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"faqbot/bot/store"
	"faqbot/faq"
	"faqbot/faq/fault"
	"faqbot/faq/transfer"
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
