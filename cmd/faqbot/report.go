package main

import (
	"context"
	"fmt"
	"time"

	"faqbot/bot/store"
	"faqbot/faq/fault"
	"faqbot/knowledge/insight"
)

type reportCommand struct {
	Since   string `default:"7d" placeholder:"7d|4w|2006-01-02" help:"Days or weeks up to today, or the day to begin with (${default})."`
	Until   string `placeholder:"2006-01-02" help:"The last day; today without it."`
	Format  string `enum:"table,csv,json,markdown" default:"table" help:"table, csv, json or markdown (${default})."`
	JSON    bool   `help:"The same as --format json."`
	Predict bool   `help:"Say as well what an entry for each of the largest gaps would bring. It is tried with their questions, which takes a moment."`
}

// Help implements kong's help.
func (reportCommand) Help() string {
	return "Each figure is shown with its formula and with the period before. Days are those of time_zone. The figures of a week that is over can be computed at " +
		"any time, however long ago it was.\n\nExamples:\n  faqbot report --since 4w --predict\n  faqbot report --since 2026-10-19 --until 2026-10-25 --format csv"
}

// Run reports.
func (c *reportCommand) Run(ctx context.Context, a *app) error {
	format := insight.Format(c.Format)
	if c.JSON {
		if format != insight.Table && format != insight.JSON {
			return &usageError{fmt.Sprintf("--json and --format %s are two things; leave one out", format)}
		}
		format = insight.JSON
	}
	return a.withGaps(ctx, func(s *store.Store) error {
		now := time.Now().In(a.checked.location)
		period, err := insight.ParsePeriod(c.Since, c.Until, now)
		if err != nil {
			return &usageError{fault.Message(err)}
		}
		r, err := insight.NewReport(ctx, s, period, now)
		if err != nil {
			return err
		}
		if err := r.AddGaps(ctx, s); err != nil {
			return err
		}
		if c.Predict {
			if err := a.predict(ctx, s, &r); err != nil {
				return err
			}
		}
		return r.Write(a.std.out, format)
	})
}

// predict adds to a report what closing gaps would bring.
func (a *app) predict(ctx context.Context, s *store.Store, r *insight.Report) error {
	b, err := a.thinkHard(ctx, s)
	if err != nil {
		return err
	}
	defer b.index.Close()
	return r.AddOutlook(ctx, s, a.mender(s, b))
}
