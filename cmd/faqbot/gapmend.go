package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"faqbot/bot"
	"faqbot/bot/store"
	"faqbot/faq"
	"faqbot/faq/fault"
	"faqbot/knowledge/insight"
)

// mending is how an editor says that a gap is to be closed with what is shown.
type mending struct {
	DryRun  bool `help:"Show what it would change for customers, and change nothing."`
	consent `embed:""`
}

type gapsAdd struct {
	mending `embed:""`
	Gap     insight.GroupID `arg:"" help:"The gap's number."`
	Entry   string          `arg:"" help:"The entry's ID."`
}

// Help implements kong's help.
func (gapsAdd) Help() string {
	return mendingHelp + "\n\nExample: faqbot gaps add 12 returns"
}

// Run closes a gap with an entry that exists.
func (c *gapsAdd) Run(ctx context.Context, a *app) error {
	return a.mend(ctx, c.mending, func(m *bot.Mender) (bot.Proposal, error) { return m.Add(ctx, c.Gap, faq.EntryID(c.Entry), who()) })
}

type gapsWrite struct {
	mending  `embed:""`
	Gap      insight.GroupID `arg:"" help:"The gap's number."`
	Answer   string          `arg:"" help:"The answer, as Markdown."`
	Question string          `help:"The question; without it, the clearest of the gap's questions that holds no personal data."`
	Language string          `help:"The answer's language; without it, the one of your settings."`
}

// Help implements kong's help.
func (gapsWrite) Help() string {
	return mendingHelp + "\n\nExample: faqbot gaps write 12 \"We wrap gifts for free.\" --question \"Do you wrap gifts?\""
}

// Run closes a gap with a new entry.
func (c *gapsWrite) Run(ctx context.Context, a *app) error {
	language := a.checked.language
	if c.Language != "" {
		var err error
		if language, err = faq.ParseLanguage(c.Language); err != nil {
			return &usageError{"--" + message(err)}
		}
	}
	return a.mend(ctx, c.mending, func(m *bot.Mender) (bot.Proposal, error) {
		p, err := m.Write(ctx, c.Gap, c.Question, faq.Answer{Language: language, Text: c.Answer}, who())
		if errors.Is(err, bot.ErrNoQuestion) {
			err = fault.New(fault.Invalid, "%w, with --question", err)
		}
		return p, err
	})
}

// mendingHelp says what happens before and after a gap is closed.
const mendingHelp = "Says first how many of the real questions would be answered, what else would change, and how many people are told, and asks whether to publish it. " +
	"Where nobody is at a terminal, nothing is published without --yes."

// mender is one that proposes what may be served next.
func (a *app) mender(s *store.Store, b *brain) *bot.Mender {
	return bot.NewMender(s, b.own, b.lexicon, bot.Policy{Language: a.checked.language, Location: a.checked.location}, time.Now)
}

// mend shows what a proposal would change, and publishes it where that is agreed to: people are told of it at once.
func (a *app) mend(ctx context.Context, how mending, propose func(m *bot.Mender) (bot.Proposal, error)) error {
	return a.withStore(ctx, func(s *store.Store) error {
		b, err := a.thinkHard(ctx, s)
		if err != nil {
			return err
		}
		defer b.index.Close()
		p, err := propose(a.mender(s, b))
		if err != nil {
			return err
		}
		a.showProposal(p)
		if how.DryRun {
			_, err := fmt.Fprintln(a.std.out, dryRunNotice)
			return err
		}
		if !how.Yes {
			if err := a.confirm(ctx, p.Findings, "Publish?", "nothing was published"); err != nil {
				return err
			}
		}
		if err := s.Mend(ctx, p.Revision, p.Closed(time.Now())); err != nil {
			return err
		}
		fmt.Fprintf(a.std.out, "%s: revision %d, published; gap %d is answered\n", p.Revision.Content.ID, p.Revision.Number, p.Gap.ID)
		return nil
	})
}

// showProposal prints what publishing an entry for a gap would do.
func (a *app) showProposal(p bot.Proposal) {
	out := a.std.err
	fmt.Fprintf(out, "“%s” would answer %d of %s, with %s; of those that are put in yet other words about %.0f %%.\n",
		plainLine(p.Revision.Content.Question), p.Answered, counted(p.Questions, "real question", "real questions"),
		counted(len(p.Added), "new way to ask", "new ways to ask"), 100*p.Fresh)
	a.showReview(p.Findings)
	for _, also := range p.Also {
		fmt.Fprintf(out, "It would also answer %s of gap %d, “%s”.\n", counted(also.Answered, "question", "questions"), also.Gap.ID, plainLine(also.Gap.Title))
	}
	if p.Told == 0 {
		fmt.Fprintln(out, "Nobody who asked this wants to be told.")
		return
	}
	fmt.Fprintf(out, "%s who asked to be told will be.\n", counted(p.Told, "person", "people"))
}
