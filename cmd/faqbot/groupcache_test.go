package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func TestGroupCache(t *testing.T) {
	t.Parallel()
	c := groupCache{t.TempDir()}
	write := func(text string) func(io.Writer) error {
		return func(w io.Writer) error {
			_, err := io.WriteString(w, text)
			return err
		}
	}
	loaded := func(count int64) string {
		in := c.Load(count)
		if in == nil {
			return ""
		}
		defer in.Close()
		data, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	at := func(count int64) func(context.Context) (int64, error) {
		return func(context.Context) (int64, error) { return count, nil }
	}
	if err := c.refresh(t.Context(), at(1)); err != nil || loaded(1) != "" {
		t.Errorf("nothing was kept: %q, %v", loaded(1), err)
	}
	if err := c.Save(12, write("12 groups\nand more")); err != nil {
		t.Fatal(err)
	}
	if loaded(12) != "12 groups\nand more" || loaded(1) != "" || loaded(13) != "" {
		t.Errorf("kept are %q under its count, %q and %q under others", loaded(12), loaded(1), loaded(13))
	}
	refused := errors.New("cut off")
	if err := c.Save(13, func(w io.Writer) error { return errors.Join(write("half")(w), refused) }); !errors.Is(err, refused) || loaded(12) == "" {
		t.Errorf("what could not be kept (%v) took the place of what was", err)
	}
	if err := c.refresh(t.Context(), at(12)); err != nil || loaded(12) == "" {
		t.Errorf("what is of use was deleted, %v", err)
	}
	if err := c.refresh(t.Context(), at(13)); err != nil || loaded(12) != "" {
		t.Errorf("what is of no use is still there, %v", err)
	}
	for _, name := range []string{groupFile, groupFile + ".new"} {
		if err := os.WriteFile(filepath.Join(c.dir, name), []byte("rubbish"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if loaded(0) != "" {
		t.Errorf("rubbish was read: %q", loaded(0))
	}
	if err := c.forget(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(c.dir); err != nil || len(left) > 0 {
		t.Errorf("left are %v, %v", left, err)
	}
}
