package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"faqbot/bot/store"
	"faqbot/faq"
	"faqbot/faq/fault"
	"faqbot/faq/transfer"
)

type exportCommand struct {
	Format string `enum:"csv,xlsx,json,yaml,markdown,auto" default:"auto" placeholder:"FORMAT" help:"csv, xlsx, json, yaml or markdown; by the ending of the path where it is not given."`
	Sample bool   `help:"Write the sample FAQ, as a pattern for your own."`
	JSON   bool   `help:"Print the count as JSON."`
	Path   string `arg:"" help:"File to write, or for markdown a folder."`
}

// Help implements kong's help.
func (exportCommand) Help() string {
	return "Examples:\n  faqbot export --format xlsx faq.xlsx\n  faqbot export --format markdown ./entries\n  faqbot export --sample sample.yaml"
}

// Run exports.
func (c *exportCommand) Run(ctx context.Context, a *app) error {
	format, err := c.format()
	if err != nil {
		return err
	}
	if c.Sample {
		return c.exportSample(ctx, a, format)
	}
	return a.withEditor(ctx, func(s *store.Store, _ *faq.Editor) error {
		records, err := s.List(ctx, faq.Filter{})
		if err != nil {
			return err
		}
		if len(records) == 0 {
			fmt.Fprintln(a.std.err, "There are no entries of your own yet; “faqbot export --sample PATH” writes those of the sample.")
		}
		return c.write(ctx, a, format, transfer.Items(records))
	})
}

// format is the one that is asked for, which must not be at odds with the path: JSON in a file named returns.md is a slip, and may cost
// an editor what they wrote there.
func (c *exportCommand) format() (transfer.Format, error) {
	named := transfer.FormatOf(c.Path)
	switch asked := transfer.Format(c.Format); {
	case asked != "auto" && (named == "" || named == asked):
		return asked, nil
	case asked != "auto":
		return "", &usageError{fmt.Sprintf("%s has the ending of %s, and --format says %s; give the path another ending, or leave --format out", c.Path, named, asked)}
	case named == "" || named == transfer.Page:
		return "", &usageError{"the path has no ending that names a format; say --format csv, xlsx, json, yaml or markdown"}
	}
	return named, nil
}

// exportSample writes the sample to a new path: over entries of one's own it would be no help.
func (c *exportCommand) exportSample(ctx context.Context, a *app, format transfer.Format) error {
	if info, err := os.Stat(c.Path); err == nil && !info.IsDir() {
		return fault.New(fault.Conflict, "%s exists already; name a new file for the sample", c.Path)
	}
	doc, err := readSample()
	if err != nil {
		return err
	}
	return c.write(ctx, a, format, doc.Items)
}

func (c *exportCommand) write(ctx context.Context, a *app, format transfer.Format, items []transfer.Item) error {
	bar := newProgress(a, "Writing")
	err := transfer.Write(ctx, c.Path, format, items, bar.show)
	bar.done()
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(a.std.out).Encode(map[string]any{"entries": len(items), "path": c.Path, "format": format})
	}
	_, err = fmt.Fprintf(a.std.out, "%s written to %s.\n", counted(len(items), "entry", "entries"), c.Path)
	return err
}
