package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"

	"faqbot/bot/store"
	"faqbot/knowledge"
)

type explainCommand struct {
	JSON     bool `help:"Print JSON."`
	Trial    `embed:""`
	Customer `embed:""`
	Question []string `arg:"" help:"The question."`
}

// Help implements kong's help.
func (explainCommand) Help() string {
	return "Example: faqbot explain \"can i send it back\""
}

// Run explains.
func (c *explainCommand) Run(ctx context.Context, a *app) error {
	return a.withBrain(ctx, func(s *store.Store, b *brain) error {
		if err := c.apply(ctx, a, s, b); err != nil {
			return err
		}
		utterance := strings.Join(c.Question, " ")
		question, err := c.question(a, b.lexicon.Core(utterance))
		if err != nil {
			return err
		}
		e, err := b.matcher.Explain(ctx, question)
		if err != nil {
			return err
		}
		if c.JSON {
			return json.NewEncoder(a.std.out).Encode(e)
		}
		noteMove(a, b, utterance)
		for i, each := range append([]knowledge.Explanation{e}, e.Also...) {
			if i > 0 {
				fmt.Fprintln(a.std.out)
			}
			printExplanation(a, each)
		}
		return nil
	})
}

func printExplanation(a *app, e knowledge.Explanation) {
	out := a.std.out
	fmt.Fprintf(out, "“%s” is read in %s: %s\n", e.Utterance, e.Language, strings.Join(e.Words, " "))
	fmt.Fprintf(out, "Decision: %s. Confidence %.2f; an answer needs %.2f, an offer %.2f.\n", e.Decision, e.Confidence, e.Bands.Answer, e.Bands.Clarify)
	if len(e.Unknown) > 0 {
		fmt.Fprintf(out, "No entry has: %s\n", strings.Join(e.Unknown, ", "))
	}
	for _, written := range slices.Sorted(maps.Keys(e.Mended)) {
		fmt.Fprintf(out, "“%s” is taken for “%s”.\n", written, e.Mended[written])
	}
	printCalibration(out, e)
	for i, c := range e.Candidates {
		fmt.Fprintf(out, "\n%d. %s  (%s, confidence %.2f)\n", i+1, c.Question, c.ID, c.Confidence)
		if c.Exact {
			fmt.Fprintln(out, "   asked word for word")
		}
		fmt.Fprintf(out, "   nearest way to ask it: “%s”\n", c.Nearest)
		fmt.Fprintf(out, "   speaks for it: %s\n", orNothing(c.For))
		fmt.Fprintf(out, "   by meaning: %s\n", orNothing(c.Kin))
		fmt.Fprintf(out, "   in the answer alone: %s\n", orNothing(c.InAnswer))
		fmt.Fprintf(out, "   not in it: %s\n", orNothing(c.Missing))
		fmt.Fprintf(out, "   as one document %.2f, nearest phrasing %.2f, answer %.2f, words found %.0f %%\n",
			c.Body, c.NearestCosine, c.Answer, 100*c.Covered)
		fmt.Fprintf(out, "   trained comparison %+.2f, its share of all that fits %.0f %%\n", c.Margin, 100*c.Share)
	}
}

// printCalibration says how the confidence in the first candidate comes about, so that it can be added up.
func printCalibration(out io.Writer, e knowledge.Explanation) {
	if len(e.Groups) == 0 {
		return
	}
	fmt.Fprintf(out, "How sure it is of the first (above 0 makes surer, below less):\n  %+6.2f  where every question begins\n", shownAs(e.Base))
	sum := shownAs(e.Base)
	for _, c := range e.Groups {
		if n := shownAs(c.LogOdds); n != 0 {
			fmt.Fprintf(out, "  %+6.2f  %s\n", n, c.Signal)
			sum += n
		}
	}
	fmt.Fprintf(out, "  %+6.2f  together, which makes a confidence of %.2f\n", shownAs(sum), e.Free)
	if e.Capped != "" {
		fmt.Fprintf(out, "  It is held at %.2f, for %s.\n", e.Confidence, e.Capped)
	}
	if c := e.Cost; c != nil {
		fmt.Fprintf(out, "Answering from %.2f: of %d questions that the FAQ was tried out with, harder ones than customers ask, %.0f %% of those with an answer get it, %.0f %% of given answers are wrong.\n",
			e.Bands.Answer, c.Trials, 100*c.InScope, 100*c.Wrong)
	}
}

// shownAs is a number as it is printed: the lines are to add up to the last one.
func shownAs(logOdds float64) float64 { return math.Round(100*logOdds) / 100 }

func orNothing(words []string) string {
	if len(words) == 0 {
		return "–"
	}
	return strings.Join(words, ", ")
}
