package main

import (
	"context"
	"encoding/json"
	"fmt"

	"faqbot/bot/store"
	"faqbot/faq"
	"faqbot/faq/transfer"
)

type exportCommand struct {
	Format string `enum:"csv,xlsx,json,yaml,markdown,auto" default:"auto" placeholder:"FORMAT" help:"csv, xlsx, json, yaml or markdown; by the ending of the path where it is not given."`
	JSON   bool   `help:"Print the count as JSON."`
	Path   string `arg:"" help:"File to write, or for markdown a folder."`
}

// Help implements kong's help.
func (exportCommand) Help() string {
	return "Examples:\n  faqbot export --format xlsx faq.xlsx\n  faqbot export --format markdown ./entries"
}

// Run exports.
func (c *exportCommand) Run(ctx context.Context, a *app) error {
	format := transfer.Format(c.Format)
	if c.Format == "auto" {
		if format = transfer.FormatOf(c.Path); format == "" || format == transfer.Page {
			return &usageError{"the path has no ending that names a format; say --format csv, xlsx, json, yaml or markdown"}
		}
	}
	return a.withEditor(ctx, func(s *store.Store, _ *faq.Editor) error {
		records, err := s.List(ctx, faq.Filter{})
		if err != nil {
			return err
		}
		bar := newProgress(a, "Writing")
		err = transfer.Write(ctx, c.Path, format, transfer.Items(records), bar.show)
		bar.done()
		if err != nil {
			return err
		}
		if c.JSON {
			return json.NewEncoder(a.std.out).Encode(map[string]any{"entries": len(records), "path": c.Path, "format": format})
		}
		if len(records) == 0 {
			fmt.Fprintln(a.std.err, "There are no entries of your own yet: the sample is not exported.")
		}
		_, err = fmt.Fprintf(a.std.out, "%s written to %s.\n", counted(len(records), "entry", "entries"), c.Path)
		return err
	})
}
