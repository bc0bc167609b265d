package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"faqbot/bot/store"
	"faqbot/faq/fault"
	"faqbot/knowledge/eval"
)

type evalCommand struct {
	JSON  bool     `help:"Print one JSON object."`
	Test  []string `placeholder:"FILE" sep:"none" help:"CSV with the columns utterance and entry; an empty entry means that nothing answers it. May be given several times. Without it, the real questions that are stored (see “faqbot cases”) are asked."`
	Train string   `placeholder:"FILE" help:"Measure a FAQ made of this file, of the same form, instead of the one in use: an entry's first utterance is its question, the others are its phrasings."`
	gates `embed:""`
}

// gates are the least, or most, that a measurement must come to; the command fails otherwise.
type gates struct {
	MinTop1            float64 `name:"min-top1" placeholder:"0..1" help:"Fail below this share of questions whose entry is first."`
	MinTop3            float64 `name:"min-top3" placeholder:"0..1" help:"… among the first three."`
	MinAnswered        float64 `placeholder:"0..1" help:"… of all questions that are given an answer."`
	MinInScopeAccuracy float64 `placeholder:"0..1" help:"… of answerable questions that are given theirs."`
	MinRefused         float64 `placeholder:"0..1" help:"… of unanswerable questions that are given none."`
	MaxWrongAmongGiven float64 `default:"1" placeholder:"0..1" help:"Fail above this share of wrong ones among given answers."`
	MinMCC             float64 `name:"min-mcc" placeholder:"-1..1" help:"Fail below this correlation at the operating point."`
	MinMCCBest         float64 `name:"min-mcc-best" placeholder:"-1..1" help:"… anywhere on the curve."`
	MinAUCAnswerable   float64 `name:"min-auc-answerable" placeholder:"0..1" help:"Fail where confidence tells less well what is in the FAQ."`
	MinAUCCorrect      float64 `name:"min-auc-correct" placeholder:"0..1" help:"… what is right."`
	MaxECE             float64 `name:"max-ece" default:"1" placeholder:"0..1" help:"Fail above this calibration error."`
}

// Help implements kong's help.
func (evalCommand) Help() string {
	return "Examples:\n  faqbot eval --min-top1 0.85\n  faqbot eval --test questions.csv --min-top1 0.85 --max-wrong-among-given 0.1\n  faqbot eval --json --train train.csv --test valid.csv"
}

// Run measures.
func (c *evalCommand) Run(ctx context.Context, a *app) error {
	if c.Train != "" && len(c.Test) == 0 {
		return &usageError{"--train needs a --test: the questions that are stored name entries of the FAQ in use"}
	}
	if err := c.possible(); err != nil {
		return err
	}
	var cases []eval.Case
	for _, path := range c.Test {
		more, err := readCases(path)
		if errors.Is(err, eval.ErrEmpty) { // with nothing to measure every gate would hold, or none
			return &usageError{fmt.Sprintf("--test: %s", message(err))}
		}
		if err != nil {
			return err
		}
		cases = append(cases, more...)
	}
	r, err := c.measure(ctx, a, cases)
	if err != nil {
		return err
	}
	if c.JSON {
		err = json.NewEncoder(a.std.out).Encode(r)
	} else {
		_, err = fmt.Fprint(a.std.out, r)
	}
	return errors.Join(err, c.hold(r))
}

func readCases(path string) ([]eval.Case, error) {
	file, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fault.New(fault.NotFound, "%s does not exist", path)
	case err != nil:
		return nil, fmt.Errorf("open cases: %w", err)
	}
	defer file.Close()
	return eval.ReadCases(path, file)
}

func (c *evalCommand) measure(ctx context.Context, a *app, cases []eval.Case) (eval.Report, error) {
	began := time.Now()
	if c.Train != "" {
		return c.measureTrained(ctx, a, cases, began)
	}
	var r eval.Report
	err := a.withBrain(ctx, func(s *store.Store, b *brain) error {
		if b.source.Sampling() {
			fmt.Fprintln(a.std.err, sampleNotice)
		}
		resolved, err := c.resolve(ctx, a, s, b, cases)
		if err != nil {
			return err
		}
		r, err = measureWith(ctx, b, resolved, began)
		return err
	})
	return r, err
}

// resolve gives the cases of files their entries, or brings those that are stored.
func (c *evalCommand) resolve(ctx context.Context, a *app, s *store.Store, b *brain, cases []eval.Case) ([]eval.Case, error) {
	if len(c.Test) > 0 {
		return eval.Resolve(cases, b.matcher.Entries())
	}
	stored, err := storedCases(ctx, a, s, b.matcher.Entries())
	if err == nil && len(stored) == 0 {
		err = nothingStored(ctx, s)
	}
	return stored, err
}

// nothingStored says why there is nothing to measure with: a question may be stored of which it is known alone what does not answer it.
func nothingStored(ctx context.Context, s *store.Store) error {
	judged, err := s.AllJudged(ctx)
	switch {
	case err != nil:
		return err
	case len(judged) == 0:
		return fault.New(fault.NotFound, "there is nothing to measure with. %s Or name a file of them with --test.", noCases)
	}
	return fault.New(fault.NotFound, "there is nothing to measure with: of the real questions that are stored (%d) none names an entry that is right and served now. "+
		"“faqbot cases list” shows them, “faqbot cases add” says what is right. Or name a file of them with --test.", len(judged))
}

// measureTrained makes a FAQ of a file, in memory.
func (c *evalCommand) measureTrained(ctx context.Context, a *app, cases []eval.Case, began time.Time) (eval.Report, error) {
	var err error
	if a.checked, err = a.settings.check(); err != nil {
		return eval.Report{}, err
	}
	train, err := readCases(c.Train)
	if errors.Is(err, eval.ErrEmpty) {
		return eval.Report{}, &usageError{fmt.Sprintf("--train: %s", message(err))}
	}
	if err != nil {
		return eval.Report{}, err
	}
	made, err := eval.NewFAQ(train, a.checked.language)
	if err != nil {
		return eval.Report{}, err
	}
	b, err := a.newBrain(caches{}, nil)
	if err != nil {
		return eval.Report{}, err
	}
	defer b.index.Close()
	if err := b.matcher.Sync(ctx, made); err != nil {
		return eval.Report{}, err
	}
	return measureWith(ctx, b, cases, began)
}

func measureWith(ctx context.Context, b *brain, cases []eval.Case, began time.Time) (eval.Report, error) {
	if err := b.matcher.Train(ctx); err != nil {
		return eval.Report{}, err
	}
	took := time.Since(began)
	r, err := eval.Measure(ctx, b, cases, b.matcher.Bands().Answer)
	r.TrainSeconds = took.Seconds()
	return r, err
}

// possible refuses a gate that no measurement could come to, or none could miss: 85 for 0.85, say.
func (g gates) possible() error {
	for _, gate := range []struct {
		flag        string
		value, from float64
	}{
		{"min-top1", g.MinTop1, 0}, {"min-top3", g.MinTop3, 0}, {"min-answered", g.MinAnswered, 0}, {"min-in-scope-accuracy", g.MinInScopeAccuracy, 0},
		{"min-refused", g.MinRefused, 0}, {"max-wrong-among-given", g.MaxWrongAmongGiven, 0}, {"min-mcc", g.MinMCC, -1}, {"min-mcc-best", g.MinMCCBest, -1},
		{"min-auc-answerable", g.MinAUCAnswerable, 0}, {"min-auc-correct", g.MinAUCCorrect, 0}, {"max-ece", g.MaxECE, 0},
	} {
		if !(gate.value >= gate.from && gate.value <= 1) { // so that NaN, which is neither, is refused too
			return &usageError{fmt.Sprintf("--%s: %v is not between %v and 1", gate.flag, gate.value, gate.from)}
		}
	}
	return nil
}

// hold fails where a report stays behind a gate.
func (g gates) hold(r eval.Report) error {
	var behind []string
	least := func(name string, got, want float64) {
		if got < want {
			behind = append(behind, fmt.Sprintf("%s is %.3f, at least %.3f is wanted", name, got, want))
		}
	}
	most := func(name string, got, want float64) {
		if got > want {
			behind = append(behind, fmt.Sprintf("%s is %.3f, at most %.3f is wanted", name, got, want))
		}
	}
	least("top1", r.Top1, g.MinTop1)
	least("top3", r.Top3, g.MinTop3)
	least("answered", r.Answered, g.MinAnswered)
	least("in_scope_accuracy", r.InScopeAccuracy, g.MinInScopeAccuracy)
	least("refused", r.Refused, g.MinRefused)
	most("wrong_among_given", r.WrongAmongGiven, g.MaxWrongAmongGiven)
	least("mcc", r.MCC, g.MinMCC)
	least("mcc_best", r.MCCBest, g.MinMCCBest)
	least("auc_answerable", orZero(r.AUCAnswerable), g.MinAUCAnswerable)
	least("auc_correct", orZero(r.AUCCorrect), g.MinAUCCorrect)
	most("ece", r.ECE, g.MaxECE)
	if len(behind) > 0 {
		return failed("%s", strings.Join(behind, "\nfaqbot: "))
	}
	return nil
}

func orZero(f *float64) float64 {
	if f == nil {
		return 0
	}
	return *f
}
