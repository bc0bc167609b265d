package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"faqbot/bot/store"
	"faqbot/faq"
	"faqbot/faq/transfer"
)

type importCommand struct {
	DryRun bool   `help:"Show what would change, and change nothing."`
	Draft  bool   `help:"Bring everything in as drafts."`
	JSON   bool   `help:"Print the counts as JSON."`
	Source string `arg:"" name:"path|url" help:"A CSV, XLSX, JSON, YAML, Markdown or HTML file, a folder of Markdown, or the address of a page with FAQ markup."`
}

// Help implements kong's help.
func (importCommand) Help() string {
	return "Shows what it adds, changes and skips, then does all of it or nothing.\n\nExamples:\n" +
		"  faqbot import --dry-run faq.xlsx\n  faqbot import ./entries\n  faqbot import https://shop.example/faq"
}

// Run imports.
func (c *importCommand) Run(ctx context.Context, a *app) error {
	return a.withEditor(ctx, func(s *store.Store, editor *faq.Editor) error {
		bar := newProgress(a, "Reading")
		doc, err := transfer.Read(ctx, c.Source, transfer.Options{DefaultLanguage: a.checked.language, Draft: c.Draft, Progress: bar.show})
		bar.done()
		if err != nil {
			return err
		}
		records, err := s.List(ctx, faq.Filter{})
		if err != nil {
			return err
		}
		plan, err := transfer.NewPlan(doc, records)
		if err != nil {
			return err
		}
		if err := c.show(a, plan); err != nil {
			return err
		}
		c.warn(a, plan, records)
		if c.DryRun && !c.JSON {
			fmt.Fprintln(a.std.out, dryRunNotice)
		}
		if c.DryRun || plan.Empty() {
			return nil
		}
		if _, err := plan.Apply(ctx, editor, who()); err != nil {
			return err
		}
		if !c.JSON {
			fmt.Fprintln(a.std.out, "Done.")
		}
		return nil
	})
}

func (c *importCommand) show(a *app, plan transfer.Plan) error {
	if c.JSON {
		return json.NewEncoder(a.std.out).Encode(map[string]any{
			"source": plan.Source, "format": plan.Format, "dry_run": c.DryRun, "added": plan.Count(transfer.Add), "changed": plan.Count(transfer.Change),
			"archived": plan.Count(transfer.Archive), "unchanged": plan.Count(transfer.Keep), "skipped": len(plan.Skipped),
		})
	}
	_, err := plan.WriteTo(a.std.out)
	return err
}

// dryRunNotice ends a preview.
const dryRunNotice = "Nothing was changed: this is a dry run."

// mostWarnings are printed; an import of a large FAQ is not drowned in them.
const mostWarnings = 20

// warn shows what an editor should look at in the entries that change: what holds of an entry as it stands was said when it came.
func (c *importCommand) warn(a *app, plan transfer.Plan, records []faq.Record) {
	standing := map[faq.EntryID]faq.Entry{}
	for _, r := range records {
		standing[r.ID()] = r.Head.Content
	}
	catalog := faq.NewCatalog(served(plan, records))
	var found []faq.Warning
	for _, step := range plan.Steps {
		switch now := step.Item.Entry; step.Action {
		case transfer.Add:
			found = append(found, catalog.Check(now)...)
		case transfer.Change:
			known := catalog.Check(standing[now.ID])
			found = append(found, slices.DeleteFunc(catalog.Check(now), func(w faq.Warning) bool { return slices.Contains(known, w) })...)
		}
	}
	printWarnings(a, found)
}

// served are the entries as they will be.
func served(plan transfer.Plan, records []faq.Record) []faq.Entry {
	planned := map[faq.EntryID]bool{}
	var all []faq.Entry
	for _, step := range plan.Steps {
		planned[step.Item.Entry.ID] = true
		all = append(all, step.Item.Entry)
	}
	for _, r := range records {
		if !planned[r.ID()] && r.Head.Status != faq.Archived {
			all = append(all, r.Head.Content)
		}
	}
	return all
}

func printWarnings(a *app, list []faq.Warning) {
	for _, w := range list[:min(len(list), mostWarnings)] {
		fmt.Fprintf(a.std.err, "warning: %s: %s %s\n", w.Entry, w.Place, w.Text)
	}
	if more := len(list) - mostWarnings; more > 0 {
		fmt.Fprintf(a.std.err, "… and %s\n", counted(more, "more warning", "more warnings"))
	}
}
