package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"faqbot/bot/store"
	"faqbot/faq"
	"faqbot/faq/fault"
)

type backupCommand struct {
	Path string `arg:"" help:"File to write; - is standard output."`
}

// Help implements kong's help.
func (backupCommand) Help() string {
	return "The file can be restored into SQLite and PostgreSQL alike, and may be written while the bot runs.\n\nExample: faqbot backup faqbot-$(date +%F).backup"
}

// Run backs up.
func (c *backupCommand) Run(ctx context.Context, a *app) error {
	return a.withEditor(ctx, func(s *store.Store, _ *faq.Editor) error {
		if c.Path == "-" {
			return s.Dump(ctx, a.std.out)
		}
		if err := replaceFile(c.Path, func(w io.Writer) error { return s.Dump(ctx, w) }); err != nil {
			return err
		}
		_, err := fmt.Fprintln(a.std.err, "Written to", c.Path)
		return err
	})
}

// replaceFile writes a file beside its place and moves it there when it is whole and on the disk.
func replaceFile(path string, write func(io.Writer) error) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return fault.New(fault.Invalid, "%s is a folder; name a file to write", path)
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".faqbot-*")
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fault.New(fault.NotFound, "%s cannot be written: there is no folder %s", path, filepath.Dir(path))
	case err != nil:
		return fmt.Errorf("write %s: %w", path, err)
	}
	err = errors.Join(write(file), file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", path, err), os.Remove(file.Name()))
	}
	return nil
}

type restoreCommand struct {
	Path string `arg:"" help:"File that “faqbot backup” wrote; - is standard input."`
}

// Help implements kong's help.
func (restoreCommand) Help() string {
	return "The database must be empty; a file that was cut or altered changes nothing.\n\nExample: faqbot restore --data-dir ./new faqbot-2026-01-31.backup"
}

// Run restores.
func (c *restoreCommand) Run(ctx context.Context, a *app) error {
	return a.withEditor(ctx, func(s *store.Store, _ *faq.Editor) error {
		in := a.std.in
		if c.Path != "-" {
			file, err := os.Open(c.Path)
			if errors.Is(err, fs.ErrNotExist) {
				return fault.New(fault.NotFound, "%s does not exist", c.Path)
			}
			if err != nil {
				return fmt.Errorf("open backup: %w", err)
			}
			defer file.Close()
			in = file
		}
		if err := s.Restore(ctx, in); err != nil {
			return err
		}
		_, err := fmt.Fprintln(a.std.err, "Restored.")
		return err
	})
}
