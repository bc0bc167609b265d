package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"
	"time"

	"faqbot/bot/store"
	"faqbot/faq"
	"faqbot/faq/fault"
	"faqbot/knowledge/eval"
	"faqbot/knowledge/insight"
)

type casesCommand struct {
	List   casesList   `cmd:"" help:"List real questions with what is known of their answers, newest first."`
	Add    casesAdd    `cmd:"" help:"Say which entry a real question asks for, or that nothing answers it."`
	Import casesImport `cmd:"" help:"Take real questions with their entries from a CSV file, all or nothing."`
	Remove casesRemove `cmd:"" help:"Delete real questions by their IDs."`
	Strike casesStrike `cmd:"" help:"The same as remove."`
	Export casesExport `cmd:"" help:"Write the real questions of which the answer is known as CSV, as eval --test reads it."`
}

type casesList struct {
	Limit int  `default:"100" help:"How many are listed; 0 is all (${default})."`
	JSON  bool `help:"Print JSON."`
}

// Help implements kong's help.
func (casesList) Help() string {
	return "“right” is what a customer confirmed or an editor said, “chosen” what a customer picked from several, “wrong” what was refused, and “nothing” has no " +
		"answer.\n\nExample: faqbot cases list --limit 20"
}

// Run lists.
func (c *casesList) Run(ctx context.Context, a *app) error {
	if c.Limit < 0 {
		return &usageError{"--limit: write 0 or more"}
	}
	return a.withEditor(ctx, func(s *store.Store, _ *faq.Editor) error {
		judged, err := s.Judged(ctx, time.Time{}, cmp.Or(c.Limit, math.MaxInt32))
		if err != nil {
			return err
		}
		if c.JSON {
			return json.NewEncoder(a.std.out).Encode(append([]eval.Judged{}, judged...)) // none is a list too
		}
		w := tabwriter.NewWriter(a.std.out, 0, 4, 2, ' ', 0)
		for _, j := range judged {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", j.ID, j.At.In(a.checked.location).Format(time.DateOnly), j.Source, j.Verdict,
				cmp.Or(string(j.Entry), "–"), oneLine(j))
		}
		if len(judged) == 0 {
			fmt.Fprintln(a.std.err, noCases)
		}
		return w.Flush()
	})
}

// noCases says where real questions come from.
const noCases = "No real questions are stored yet. They come from customers, who press “That helped” or “Not what I meant”, and from “faqbot cases add” and " +
	"“faqbot cases import”."

// oneLine is a question with the one before it, where it could not be read without.
func oneLine(j eval.Judged) string {
	text := plainLine(j.Utterance)
	if j.Previous != "" {
		text += "  (after: " + plainLine(j.Previous) + ")"
	}
	return text
}

type casesAdd struct {
	Nothing   bool   `help:"No entry answers it."`
	Utterance string `arg:"" help:"The question, as a customer asked it."`
	Entry     string `arg:"" optional:"" help:"The ID or the question of the entry that it should find."`
}

// Help implements kong's help.
func (casesAdd) Help() string {
	return "What was said of the same question before is replaced.\n\nExamples:\n  faqbot cases add \"can i send it back\" returns\n" +
		"  faqbot cases add \"do you sell horses\" --nothing"
}

// Run adds.
func (c *casesAdd) Run(ctx context.Context, a *app) error {
	if c.Nothing == (c.Entry != "") {
		return &usageError{"name the entry that the question should find, or say --nothing"}
	}
	if strings.TrimSpace(c.Utterance) == "" {
		return &usageError{"the question is empty"}
	}
	_, err := addCases(ctx, a, []eval.Case{{Utterance: c.Utterance, Entry: c.Entry, Place: fmt.Sprintf("“%s”", c.Utterance)}})
	if err == nil {
		_, err = fmt.Fprintln(a.std.out, "Stored.")
	}
	return err
}

type casesImport struct {
	File string `arg:"" help:"CSV with the columns utterance and entry; an empty entry means that nothing answers it."`
}

// Help implements kong's help.
func (casesImport) Help() string {
	return "What was said of the same questions before is replaced.\n\nExample: faqbot cases import questions.csv"
}

// Run imports.
func (c *casesImport) Run(ctx context.Context, a *app) error {
	cases, err := readCases(c.File)
	if err != nil {
		return err
	}
	n, err := addCases(ctx, a, cases)
	if err == nil {
		_, err = fmt.Fprintf(a.std.out, "%s stored.\n", counted(n, "real question", "real questions"))
	}
	return err
}

// addCases stores what an editor says, all of it or nothing, and returns of how many questions that is. Personal data is masked: nobody could have it
// deleted by name.
func addCases(ctx context.Context, a *app, cases []eval.Case) (n int, err error) {
	err = a.withEditor(ctx, func(s *store.Store, _ *faq.Editor) error {
		known, err := knownEntries(ctx, s)
		if err != nil {
			return err
		}
		resolved, err := eval.Resolve(cases, known)
		if err != nil {
			return err
		}
		judged, err := edited(resolved, a.checked.masker)
		if err != nil {
			return err
		}
		n = len(judged)
		return s.AddJudged(ctx, judged...)
	})
	return n, err
}

// edited is what an editor says by cases. The same question twice is said once, and never with two entries.
func edited(cases []eval.Case, masker insight.Masker) ([]eval.Judged, error) {
	now := time.Now()
	var out []eval.Judged
	first := map[string]eval.Case{}
	for _, c := range cases {
		j := eval.Judged{
			Utterance: masker.Mask(strings.TrimSpace(c.Utterance)), Context: c.Context, Entry: faq.EntryID(c.Entry), Verdict: eval.Right, Source: eval.Editor, At: now,
		}
		if c.Entry == "" {
			j.Verdict = eval.Nothing
		}
		j.Previous = masker.Mask(c.Previous)
		j.Masked = j.Utterance != strings.TrimSpace(c.Utterance) || j.Previous != c.Previous
		j.ID = j.Identity()
		if other, said := first[j.ID]; !said {
			first[j.ID] = c
			out = append(out, j)
		} else if other.Entry != c.Entry {
			return nil, fault.New(fault.Invalid, "%s: is the same question as at %s, with another entry", c.Place, other.Place)
		}
	}
	return out, nil
}

// knownEntries are those that a question may be said to ask for: what is served, and what is still being written.
func knownEntries(ctx context.Context, s *store.Store) ([]*faq.Entry, error) {
	records, err := s.List(ctx, faq.Filter{})
	if err != nil {
		return nil, err
	}
	var out []*faq.Entry
	for _, r := range records {
		if r.Head.Status != faq.Archived {
			out = append(out, &r.Head.Content)
		}
	}
	served, err := servedNow(ctx, s)
	return append(out, served...), err
}

// servedNow are the entries that customers are answered with: the sample's, while there are no others.
func servedNow(ctx context.Context, s *store.Store) ([]*faq.Entry, error) {
	source, err := newServedEntries(s)
	if err != nil {
		return nil, err
	}
	changes, _, err := source.Changes(ctx, 0)
	if err != nil {
		return nil, err
	}
	var out []*faq.Entry
	for _, c := range changes {
		if c.Live != nil {
			out = append(out, &c.Live.Content)
		}
	}
	return out, nil
}

// casesStrike is remove, by the word that editors use.
type casesStrike struct {
	casesRemove `embed:""`
}

// Help implements kong's help.
func (casesStrike) Help() string { return "Example: faqbot cases strike 1f0c2e5b7a9d4c3e8b6a" }

type casesRemove struct {
	IDs []string `arg:"" name:"id" help:"IDs, as “faqbot cases list” shows them."`
}

// Help implements kong's help.
func (casesRemove) Help() string { return "Example: faqbot cases remove 1f0c2e5b7a9d4c3e8b6a" }

// Run removes.
func (c *casesRemove) Run(ctx context.Context, a *app) error {
	return a.withEditor(ctx, func(s *store.Store, _ *faq.Editor) error {
		if err := s.RemoveJudged(ctx, c.IDs...); err != nil {
			return err
		}
		_, err := fmt.Fprintf(a.std.out, "%s removed.\n", counted(len(c.IDs), "real question", "real questions"))
		return err
	})
}

type casesExport struct {
	File string `arg:"" optional:"" help:"File to write; “-”, or none, is standard output."`
}

// Help implements kong's help.
func (casesExport) Help() string {
	return "Each question is written once: what an editor said goes before what staff said, and that before what most customers said.\n\n" +
		"Example: faqbot cases export questions.csv"
}

// Run exports.
func (c *casesExport) Run(ctx context.Context, a *app) error {
	return a.withEditor(ctx, func(s *store.Store, _ *faq.Editor) error {
		served, err := servedNow(ctx, s)
		if err != nil {
			return err
		}
		cases, err := storedCases(ctx, a, s, served)
		if err != nil {
			return err
		}
		if c.File == "" || c.File == "-" {
			return eval.WriteCases(a.std.out, cases)
		}
		if err := replaceFile(c.File, func(w io.Writer) error { return eval.WriteCases(w, cases) }); err != nil {
			return err
		}
		_, err = fmt.Fprintf(a.std.out, "%s written to %s.\n", counted(len(cases), "real question", "real questions"), c.File)
		return err
	})
}

// storedCases are the real questions of which the answer is known, as far as their entries are served.
func storedCases(ctx context.Context, a *app, s *store.Store, entries []*faq.Entry) ([]eval.Case, error) {
	judged, err := s.AllJudged(ctx)
	if err != nil {
		return nil, err
	}
	cases, rest := eval.Served(eval.TestSet(judged), entries)
	if len(rest) > 0 {
		fmt.Fprintf(a.std.err, "%s left out: the entry is not served now.\n", counted(len(rest), "real question", "real questions"))
	}
	return cases, nil
}
