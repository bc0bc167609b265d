package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"faqbot/bot/store"
	"faqbot/faq"
	"faqbot/faq/fault"
	"faqbot/faq/transfer"
	"faqbot/knowledge/eval"
)

type entryEdit struct {
	Draft   bool `help:"Keep it as a draft, whatever its status says."`
	consent `embed:""`
	ID      string `arg:"" help:"The entry's ID; one that does not exist is a new entry."`
}

// Help implements kong's help.
func (entryEdit) Help() string {
	return "Opens the entry in $VISUAL or $EDITOR. What is wrong is said, and the text is kept for the next try.\n" +
		"Before it is published you are shown what it would change for customers; what you do not publish is a draft.\n\nExample: EDITOR=nano faqbot entry edit returns-period"
}

// Run edits.
func (c *entryEdit) Run(ctx context.Context, a *app) error {
	return a.withEditor(ctx, func(s *store.Store, editor *faq.Editor) error {
		record, err := c.find(ctx, a, s)
		if err != nil {
			return err
		}
		path, err := c.write(record)
		if err != nil {
			return err
		}
		err = c.edit(ctx, a, s, editor, record, path)
		if refused := (*declined)(nil); err != nil && !errors.As(err, &refused) {
			fmt.Fprintf(a.std.err, "Your text is kept in %s.\n", path)
			return err
		}
		return errors.Join(err, os.RemoveAll(filepath.Dir(path)))
	})
}

func (c *entryEdit) find(ctx context.Context, a *app, s *store.Store) (faq.Record, error) {
	id := faq.EntryID(c.ID)
	if !id.Valid() {
		return faq.Record{}, &usageError{fmt.Sprintf("“%s” is not an ID: letters, digits, '.', '_' and '-'", c.ID)}
	}
	record, err := s.Find(ctx, id)
	if fault.Is(err, fault.NotFound) {
		content := faq.Entry{ID: id, Language: a.checked.language, Question: "?", Answers: []faq.Answer{{Language: a.checked.language, Text: "…\n"}}}
		return faq.Record{Head: faq.Revision{Content: content, Status: faq.Draft}}, nil
	}
	return record, err
}

func (c *entryEdit) write(record faq.Record) (string, error) {
	dir, err := os.MkdirTemp("", "faqbot-")
	if err != nil {
		return "", fmt.Errorf("make a folder for the text: %w", err)
	}
	var text bytes.Buffer
	if err := transfer.Encode(&text, transfer.YAML, transfer.Items([]faq.Record{record})); err != nil {
		return "", err
	}
	path := filepath.Join(dir, c.ID+".yaml")
	return path, os.WriteFile(path, text.Bytes(), 0o600)
}

func (c *entryEdit) edit(ctx context.Context, a *app, s *store.Store, editor *faq.Editor, record faq.Record, path string) error {
	before, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read the text: %w", err)
	}
	if err := openEditor(ctx, path); err != nil {
		return err
	}
	after, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read the text: %w", err)
	}
	if bytes.Equal(before, after) {
		fmt.Fprintln(a.std.out, "Nothing was changed.")
		return nil
	}
	item, err := c.parse(a, after)
	if err != nil {
		return err
	}
	publish := item.Status == faq.Published && !c.Draft
	refused, err := c.review(ctx, a, s, item.Entry, publish)
	if err != nil {
		return err
	}
	revisions, err := editor.Save(ctx, faq.Edit{Content: item.Entry, Base: record.Head.Number, Publish: publish && refused == nil, By: who()})
	if err != nil {
		return explainConflict(a, err)
	}
	fmt.Fprintf(a.std.out, "%s: revision %d, %s\n", c.ID, revisions[0].Number, revisions[0].Status)
	if revisions[0].Status == faq.Draft {
		fmt.Fprintf(a.std.out, "Customers see it after “faqbot entry publish %s”.\n", c.ID)
	}
	return refused
}

// review shows what to look at, and asks where it would be published. What is refused is saved as a draft: nobody writes a text twice.
func (c *entryEdit) review(ctx context.Context, a *app, s *store.Store, entry faq.Entry, publish bool) (refused, err error) {
	records, err := s.List(ctx, faq.Filter{})
	if err != nil {
		return nil, err
	}
	draft := eval.Draft{Stored: standing(records), Saved: []faq.Entry{entry}}
	if publish {
		if err := entry.ValidatePublished(); err != nil {
			return nil, err
		}
		draft.Saved, draft.Changes = nil, []faq.Change{asServed(entry)}
	}
	found, err := a.review(ctx, s, draft)
	if err != nil {
		return nil, err
	}
	a.showReview(found)
	if !publish {
		return nil, nil
	}
	err = a.agree(ctx, found, c.consent)
	if declined := (*declined)(nil); errors.As(err, &declined) {
		return err, nil
	}
	return nil, err
}

func (c *entryEdit) parse(a *app, text []byte) (transfer.Item, error) {
	doc, err := transfer.ReadBytes(c.ID+".yaml", text, transfer.Options{DefaultLanguage: a.checked.language})
	if err != nil {
		return transfer.Item{}, err
	}
	if len(doc.Items) != 1 || doc.Items[0].Entry.ID != faq.EntryID(c.ID) {
		return transfer.Item{}, fault.New(fault.Invalid, "the text must hold the one entry “%s”; an ID cannot be changed", c.ID)
	}
	return doc.Items[0], nil
}

// explainConflict shows what somebody else changed meanwhile.
func explainConflict(a *app, err error) error {
	var conflict *faq.ConflictError
	if errors.As(err, &conflict) {
		fmt.Fprintf(a.std.out, "%s changed it meanwhile. From your text (-) to what stands now (+):\n", conflict.Theirs.By)
		printChanges(a, conflict.Changes)
	}
	return err
}

func openEditor(ctx context.Context, path string) error {
	name := cmp.Or(strings.TrimSpace(os.Getenv("VISUAL")), strings.TrimSpace(os.Getenv("EDITOR")))
	if name == "" {
		return &usageError{"set EDITOR to the program you edit texts with, such as nano"}
	}
	words := strings.Fields(name)
	cmd := exec.CommandContext(ctx, words[0], append(words[1:], path)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("editor %s: %w", name, err)
	}
	return nil
}
