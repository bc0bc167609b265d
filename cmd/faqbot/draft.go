package main

import (
	"context"
	"fmt"

	"faqbot/bot/store"
	"faqbot/faq"
	"faqbot/faq/fault"
	"faqbot/faq/transfer"
)

// Trial is a FAQ as it would be.
type Trial struct {
	Draft []string `placeholder:"ID|FILE" sep:"none" help:"Ask the FAQ as it would be with the newest text of an entry, or with the entries of a file that can be imported. May be given several times."`
}

// apply makes a brain think with the drafts published.
func (t Trial) apply(ctx context.Context, a *app, s *store.Store, b *brain) error {
	if len(t.Draft) == 0 {
		return nil
	}
	records, err := s.List(ctx, faq.Filter{})
	if err != nil {
		return err
	}
	var changes []faq.Change
	for _, name := range t.Draft {
		more, err := trialOf(ctx, a, name, records)
		if err != nil {
			return err
		}
		changes = append(changes, more...)
	}
	b.matcher = b.own().With(changes)
	return nil
}

// notice says that the sample answers, which it does not where a draft would take its place.
func (t Trial) notice(a *app, b *brain) {
	if b.source.Sampling() && len(t.Draft) == 0 {
		fmt.Fprintln(a.std.err, sampleNotice)
	}
}

// trialOf is an entry of the store by its ID, else what a file holds.
func trialOf(ctx context.Context, a *app, name string, records []faq.Record) ([]faq.Change, error) {
	for _, r := range records {
		if string(r.ID()) == name {
			return []faq.Change{asServed(r.Head.Content)}, nil
		}
	}
	doc, err := transfer.Read(ctx, name, transfer.Options{DefaultLanguage: a.checked.language})
	if fault.Is(err, fault.NotFound) {
		return nil, fault.New(fault.NotFound, "--draft %s: there is neither an entry nor a file of that name", name)
	}
	if err != nil {
		return nil, err
	}
	plan, err := transfer.NewPlan(doc, records)
	if err != nil {
		return nil, err
	}
	var out []faq.Change
	for _, step := range plan.Steps {
		if step.Item.Status == faq.Archived {
			out = append(out, faq.Change{Entry: step.Item.Entry.ID})
		} else {
			out = append(out, asServed(step.Item.Entry))
		}
	}
	return out, nil
}
