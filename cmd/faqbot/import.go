package main

import (
	"context"
	"encoding/json"
	"fmt"

	"faqbot/bot/store"
	"faqbot/faq"
	"faqbot/faq/transfer"
	"faqbot/knowledge/eval"
)

type importCommand struct {
	DryRun  bool `help:"Show what would change, and change nothing."`
	Draft   bool `help:"Bring everything in as drafts."`
	JSON    bool `help:"Print the counts and the review as JSON."`
	consent `embed:""`
	Source  string `arg:"" name:"path|url" help:"A CSV, XLSX, JSON, YAML, Markdown or HTML file, a folder of Markdown, or the address of a page with FAQ markup."`
}

// Help implements kong's help.
func (importCommand) Help() string {
	return "Shows what it adds, changes and skips and what you should look at, then does all of it or nothing.\n\nExamples:\n" +
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
		found, err := a.reviewPlan(ctx, s, plan, records)
		if err != nil {
			return err
		}
		if err := c.show(a, plan, found); err != nil {
			return err
		}
		a.showReview(found)
		if c.DryRun && !c.JSON {
			fmt.Fprintln(a.std.out, dryRunNotice)
		}
		if c.DryRun || plan.Empty() {
			return nil
		}
		if err := a.agree(ctx, found, c.consent); err != nil {
			return err
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

func (c *importCommand) show(a *app, plan transfer.Plan, found eval.Findings) error {
	if c.JSON {
		return json.NewEncoder(a.std.out).Encode(map[string]any{
			"source": plan.Source, "format": plan.Format, "dry_run": c.DryRun, "added": plan.Count(transfer.Add), "changed": plan.Count(transfer.Change),
			"archived": plan.Count(transfer.Archive), "unchanged": plan.Count(transfer.Keep), "skipped": len(plan.Skipped), "review": found,
		})
	}
	_, err := plan.WriteTo(a.std.out)
	return err
}

// dryRunNotice ends a preview.
const dryRunNotice = "Nothing was changed: this is a dry run."
