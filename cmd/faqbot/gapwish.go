package main

import (
	"context"
	"fmt"
	"time"

	"faqbot/bot/store"
	"faqbot/faq/fault"
	"faqbot/knowledge/insight"
)

type gapsRename struct {
	Gap   insight.GroupID `arg:"" help:"The gap's number."`
	Title string          `arg:"" help:"Its title from now on; an empty one leaves it to the questions again."`
}

// Help implements kong's help.
func (gapsRename) Help() string { return "Example: faqbot gaps rename 12 \"Wrapping gifts\"" }

// Run renames.
func (c *gapsRename) Run(ctx context.Context, a *app) error {
	return a.wish(ctx, insight.Wish{Kind: insight.RenameGroup, Group: c.Gap, Title: plainLine(a.checked.masker.Mask(c.Title))}, nil)
}

type gapsMerge struct {
	Gap  insight.GroupID `arg:"" help:"The gap that becomes a part of the other."`
	Into insight.GroupID `arg:"" help:"The gap that stays."`
}

// Help implements kong's help.
func (gapsMerge) Help() string { return "Example: faqbot gaps merge 17 12" }

// Run merges.
func (c *gapsMerge) Run(ctx context.Context, a *app) error {
	return a.wish(ctx, insight.Wish{Kind: insight.MergeGroups, Group: c.Gap, Into: c.Into}, nil)
}

type gapsSplit struct {
	Gap       insight.GroupID `arg:"" help:"The gap's number."`
	Questions []string        `arg:"" help:"The IDs of the questions, as “faqbot gaps show” lists them; their beginnings are enough."`
}

// Help implements kong's help.
func (gapsSplit) Help() string {
	return "What is like them goes with them from then on.\n\nExample: faqbot gaps split 12 k3x9 7fq2"
}

// Run splits.
func (c *gapsSplit) Run(ctx context.Context, a *app) error {
	return a.wish(ctx, insight.Wish{Kind: insight.SplitGroup, Group: c.Gap}, c.Questions)
}

type gapsMove struct {
	Gap       insight.GroupID `arg:"" help:"The gap that they are in."`
	Into      insight.GroupID `arg:"" help:"The gap that they belong to."`
	Questions []string        `arg:"" help:"The IDs of the questions, as “faqbot gaps show” lists them; their beginnings are enough."`
}

// Help implements kong's help.
func (gapsMove) Help() string {
	return "What is like them goes there from then on.\n\nExample: faqbot gaps move 12 17 k3x9"
}

// Run moves.
func (c *gapsMove) Run(ctx context.Context, a *app) error {
	return a.wish(ctx, insight.Wish{Kind: insight.MoveMisses, Group: c.Gap, Into: c.Into}, c.Questions)
}

const (
	// wishWithin is how long a command waits for the one who sorts; wishEvery how often it looks.
	wishWithin = 30 * time.Second
	wishEvery  = 100 * time.Millisecond
)

// wish has something done to groups by who sorts them: the bot that runs, or this command where none does.
func (a *app) wish(ctx context.Context, w insight.Wish, questions []string) error {
	return a.withStore(ctx, func(s *store.Store) error {
		gap, err := s.Gap(ctx, w.Group)
		if err != nil {
			return err
		}
		for _, id := range questions {
			m, err := s.MissIn(ctx, gap.ID, id)
			if err != nil {
				return err
			}
			w.Misses = append(w.Misses, m.ID)
		}
		w.By, w.At = who(), time.Now()
		number, err := s.AddWish(ctx, w)
		if err != nil {
			return err
		}
		done, err := a.carriedOut(ctx, s, number)
		if err != nil {
			return err
		}
		if done.Refused != "" {
			return fault.New(fault.Invalid, "%s", done.Refused)
		}
		into := done.Into
		if into == 0 {
			into = done.Group
		}
		if gap, err = s.Gap(ctx, into); err != nil {
			return err
		}
		fmt.Fprintf(a.std.out, "%d: %s\n", gap.ID, plainLine(gap.Title))
		return nil
	})
}

// carriedOut waits until a wish was carried out, or carries it out.
func (a *app) carriedOut(ctx context.Context, s *store.Store, number int64) (insight.Wish, error) {
	holder := holderName("command")
	for end := time.Now().Add(wishWithin); ; {
		w, err := s.Wish(ctx, number)
		if err != nil || !w.Done.IsZero() {
			return w, err
		}
		if time.Now().After(end) {
			return w, fault.New(fault.Unavailable, "it is noted, and done as soon as the bot has time; look again later")
		}
		mine, err := a.sortAlone(ctx, s, holder)
		if err != nil {
			return w, err
		}
		if mine {
			continue
		}
		select {
		case <-ctx.Done():
			return w, ctx.Err()
		case <-time.After(wishEvery):
		}
	}
}
