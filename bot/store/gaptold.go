package store

import (
	"cmp"
	"context"
	"strconv"

	"faqbot/faq"
	"faqbot/knowledge/insight"
	"faqbot/knowledge/insight/webhook"
)

// announced runs steps that store gaps, and tells other programs of what becomes of those with it.
func (a announcer) announced(ctx context.Context, t *tx, at int64, gaps []insight.Gap, steps []step) error {
	if len(a.targets) == 0 {
		return t.run(ctx, steps)
	}
	kinds, entries := make([]webhook.Kind, len(gaps)), make([]faq.EntryID, len(gaps))
	for i, g := range gaps {
		before, err := gapIn(ctx, t, g.ID)
		if err != nil {
			return err
		}
		if before == nil {
			before = new(insight.Gap)
		}
		kinds[i], entries[i] = happened(*before, g), cmp.Or(g.Entry, before.Entry) // a gap that comes back tells which entry did not help
	}
	if err := t.run(ctx, steps); err != nil {
		return err
	}
	for i, g := range gaps {
		if kinds[i] == "" {
			continue
		}
		n, err := numbersOf(ctx, t, g.ID, fromMicros(at+1))
		if err != nil {
			return err
		}
		told, err := a.announce(t, at, kinds[i], webhook.Gap{
			ID: strconv.FormatInt(int64(g.ID), 10), Title: g.Title, Area: g.Area, Status: string(g.State), People: n.People, Questions: n.Misses,
			ThisWeek: n.Week, WeekBefore: n.Before[0], Entry: string(entries[i]), FirstSeen: n.FirstAt.UTC(), LastSeen: n.LastAt.UTC(),
		})
		if err != nil {
			return err
		}
		if err := t.run(ctx, told); err != nil {
			return err
		}
	}
	return nil
}

// happened is what other programs are told of a change; empty where it is nothing to them.
func happened(before, after insight.Gap) webhook.Kind {
	switch {
	case after.Into != 0:
	case before.State != insight.GapAnswered && after.State == insight.GapAnswered:
		return webhook.GapAnswered
	case before.State == insight.GapAnswered && after.Open():
		return webhook.GapReopened
	case !before.Told && after.Told:
		return webhook.GapOpened
	case !before.RisingAt.Equal(after.RisingAt):
		return webhook.GapRising
	}
	return ""
}
