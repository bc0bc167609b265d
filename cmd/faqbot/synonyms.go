package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"faqbot/bot/store"
	"faqbot/faq"
	"faqbot/faq/transfer"
)

type synonymsCommand struct {
	List   synonymsList   `cmd:"" help:"List the groups of words that mean the same."`
	Add    synonymsAdd    `cmd:"" help:"Say that words mean the same: whoever asks with one finds what says another."`
	Remove synonymsRemove `cmd:"" help:"Delete groups by their IDs."`
	Import synonymsImport `cmd:"" help:"Add the groups of a text file, all or nothing."`
	Export synonymsExport `cmd:"" help:"Write all groups as a text file, as import reads it."`
}

type synonymsList struct {
	JSON bool `help:"Print JSON."`
}

// Help implements kong's help.
func (synonymsList) Help() string { return "Example: faqbot synonyms list" }

// Run lists.
func (c *synonymsList) Run(ctx context.Context, a *app) error {
	return a.withSynonyms(ctx, func(_ *store.Store, kept []faq.Synonyms) error {
		if c.JSON {
			return json.NewEncoder(a.std.out).Encode(append([]faq.Synonyms{}, kept...)) // none is a list too
		}
		w := tabwriter.NewWriter(a.std.out, 0, 4, 2, ' ', 0)
		for _, g := range kept {
			fmt.Fprintf(w, "%s\t%s\t%s\n", g.ID, g.Language, shownTerms(g))
		}
		if len(kept) == 0 {
			fmt.Fprintln(a.std.err, noSynonyms)
		}
		return w.Flush()
	})
}

// noSynonyms says how there come to be some.
const noSynonyms = "No synonyms are kept yet. Add some with “faqbot synonyms add” or “faqbot synonyms import”."

func shownTerms(g faq.Synonyms) string { return strings.Join(g.Terms, ", ") }

// withSynonyms runs a command on the groups that are kept.
func (a *app) withSynonyms(ctx context.Context, do func(s *store.Store, kept []faq.Synonyms) error) error {
	return a.withEditor(ctx, func(s *store.Store, _ *faq.Editor) error {
		kept, err := s.Synonyms(ctx)
		if err != nil {
			return err
		}
		return do(s, kept)
	})
}

type synonymsAdd struct {
	Language string   `placeholder:"TAG" help:"Language of the terms; without it that of the FAQ."`
	Terms    []string `arg:"" name:"term" help:"Words, or phrases of up to four words."`
}

// Help implements kong's help.
func (synonymsAdd) Help() string {
	return "A bot that runs takes them over at once.\n\nExamples:\n  faqbot synonyms add voucher \"gift card\" coupon\n" +
		"  faqbot synonyms add --language es vale \"tarjeta regalo\""
}

// Run adds.
func (c *synonymsAdd) Run(ctx context.Context, a *app) error {
	return a.withSynonyms(ctx, func(s *store.Store, kept []faq.Synonyms) error {
		language, err := faq.ParseLanguage(cmp.Or(c.Language, string(a.checked.language)))
		if err != nil {
			return &usageError{fmt.Sprintf("--language: “%s” is not a language tag such as en or pt-BR", c.Language)}
		}
		group := faq.Synonyms{Language: language}
		for _, term := range c.Terms {
			group.Terms = append(group.Terms, transfer.Terms(term)...)
		}
		if err := group.Validate(); err != nil {
			return err
		}
		_, err = a.addSynonyms(ctx, s, kept, group)
		return err
	})
}

// addSynonyms stores those groups that say something new, and tells of each and of what to look at.
func (a *app) addSynonyms(ctx context.Context, s *store.Store, kept []faq.Synonyms, groups ...faq.Synonyms) (added int, err error) {
	news, known := faq.News(groups, kept)
	now := time.Now()
	for i := range news {
		news[i].By, news[i].At = who(), now
	}
	if news, err = s.AddSynonyms(ctx, news...); err != nil {
		return 0, err
	}
	for _, g := range known {
		fmt.Fprintf(a.std.out, "There already: %s: %s\n", g.ID, shownTerms(g))
	}
	for _, g := range news {
		fmt.Fprintf(a.std.out, "Added: %s: %s\n", g.ID, shownTerms(g))
	}
	a.warnOverlaps(faq.Overlaps(news, append(kept, news...)))
	return len(news), nil
}

func (a *app) warnOverlaps(overlaps []faq.Overlap) {
	for _, o := range overlaps[:min(len(overlaps), mostShown)] {
		fmt.Fprintf(a.std.err, "warning: %s: “%s” stands in %s too; the two are not joined\n", o.Group, o.Term, o.Other)
	}
	if more := len(overlaps) - mostShown; more > 0 {
		fmt.Fprintf(a.std.err, "… and %s\n", counted(more, "more warning", "more warnings"))
	}
}

type synonymsRemove struct {
	IDs []string `arg:"" name:"id" help:"IDs, as “faqbot synonyms list” shows them."`
}

// Help implements kong's help.
func (synonymsRemove) Help() string { return "Example: faqbot synonyms remove en-voucher" }

// Run removes.
func (c *synonymsRemove) Run(ctx context.Context, a *app) error {
	return a.withEditor(ctx, func(s *store.Store, _ *faq.Editor) error {
		ids := make([]faq.SynonymsID, len(c.IDs))
		for i, id := range c.IDs {
			ids[i] = faq.SynonymsID(id)
		}
		if err := s.RemoveSynonyms(ctx, ids...); err != nil {
			return err
		}
		_, err := fmt.Fprintf(a.std.out, "%s removed.\n", groupsOfSynonyms(len(ids)))
		return err
	})
}

func groupsOfSynonyms(n int) string { return counted(n, "group of synonyms", "groups of synonyms") }

type synonymsImport struct {
	File string `arg:"" help:"Text file: a group a line, with commas between its terms; # begins a comment, and a line such as [es] another language."`
}

// Help implements kong's help.
func (synonymsImport) Help() string {
	return "Groups before the first line such as [es] are in the language of the FAQ. What is kept already stays as it is.\n\n" +
		"Example: faqbot synonyms import synonyms.txt"
}

// Run imports.
func (c *synonymsImport) Run(ctx context.Context, a *app) error {
	return a.withSynonyms(ctx, func(s *store.Store, kept []faq.Synonyms) error {
		groups, err := transfer.ReadSynonyms(c.File, a.checked.language)
		if err != nil {
			return err
		}
		added, err := a.addSynonyms(ctx, s, kept, groups...)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(a.std.out, "%s added; %d of the file's %d were there already.\n", groupsOfSynonyms(added), len(groups)-added, len(groups))
		return err
	})
}

type synonymsExport struct {
	File string `arg:"" optional:"" help:"File to write; standard output without one."`
}

// Help implements kong's help.
func (synonymsExport) Help() string { return "Example: faqbot synonyms export synonyms.txt" }

// Run exports.
func (c *synonymsExport) Run(ctx context.Context, a *app) error {
	return a.withSynonyms(ctx, func(_ *store.Store, kept []faq.Synonyms) error {
		if c.File == "" {
			return transfer.WriteSynonyms(a.std.out, kept)
		}
		if err := replaceFile(c.File, func(w io.Writer) error { return transfer.WriteSynonyms(w, kept) }); err != nil {
			return err
		}
		_, err := fmt.Fprintf(a.std.out, "%s written to %s.\n", groupsOfSynonyms(len(kept)), c.File)
		return err
	})
}
