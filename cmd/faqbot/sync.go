package main

import (
	"context"
	"fmt"

	"faqbot/bot/store"
	"faqbot/faq"
	"faqbot/faq/fault"
	"faqbot/faq/transfer"
)

type syncCommand struct {
	DryRun       bool   `help:"Show what would change, and change nothing."`
	AllowArchive bool   `help:"Archive even if that is more than half of all entries."`
	Prefer       string `enum:"neither,folder,store" default:"neither" help:"Which side wins where both were changed: folder, store or neither (${default})."`
	consent      `embed:""`
	Folder       string `arg:"" help:"Folder of Markdown files; a new one is filled."`
}

// Help implements kong's help.
func (syncCommand) Help() string {
	return "Takes what was edited in the folder, writes what was edited elsewhere, and shows what was edited on both sides.\n" +
		"What you should look at before customers see it is shown too; with something to decide on, nothing is done unless you agree.\n\n" +
		"Example: faqbot sync ./entries"
}

// Run syncs.
func (c *syncCommand) Run(ctx context.Context, a *app) error {
	prefer := map[string]transfer.Side{"folder": transfer.FolderSide, "store": transfer.StoreSide}[c.Prefer]
	return a.withEditor(ctx, func(s *store.Store, editor *faq.Editor) error {
		records, err := s.List(ctx, faq.Filter{})
		if err != nil {
			return err
		}
		sync, err := transfer.NewSync(ctx, c.Folder, records, prefer, transfer.Options{DefaultLanguage: a.checked.language})
		if err != nil {
			return err
		}
		if _, err := fmt.Fprint(a.std.out, sync); err != nil {
			return err
		}
		if n := sync.Take.Count(transfer.Archive); n > 1 && 2*n > len(records) && !c.AllowArchive && !c.DryRun {
			return fault.New(fault.Conflict, "this would archive %d of %d entries, because their files are gone; nothing was done. If that is meant, say --allow-archive", n, len(records))
		}
		found, err := a.reviewPlan(ctx, s, sync.Take, records)
		if err != nil {
			return err
		}
		a.showReview(found)
		if !c.DryRun && !sync.Empty() {
			if err := a.agree(ctx, found, c.consent); err != nil {
				return err
			}
			if err := sync.Apply(ctx, editor, who()); err != nil {
				return err
			}
		}
		if c.DryRun {
			fmt.Fprintln(a.std.out, dryRunNotice)
		}
		if n := len(sync.Conflicts); n > 0 {
			return fault.New(fault.Conflict, "changed on both sides and left as it is: %s; mend that, or say --prefer folder or --prefer store", counted(n, "entry", "entries"))
		}
		return nil
	})
}
