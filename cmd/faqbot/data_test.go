package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"faqbot/bot/store"
)

// newData is the data folder of a bot that nobody has written to, but that was started before: its tables are made and its sample is learnt, which is what
// a first command spends most of its time on.
func newData(t testing.TB) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := fillData(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// fillData makes such a folder.
func fillData(dir string) error {
	files, err := started()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

var started = sync.OnceValues(func() (map[string][]byte, error) {
	dir, err := os.MkdirTemp("", "faqbot-started-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	var out, stderr bytes.Buffer
	if code := run(context.Background(), []string{"--data-dir", dir, "ask", "hello"}, streams{strings.NewReader(""), &out, &stderr}); code != exitDone {
		return nil, fmt.Errorf("make a data folder: exit %d, %s", code, stderr.String())
	}
	files := map[string][]byte{}
	for _, name := range []string{store.File, "learnt"} {
		if files[name], err = os.ReadFile(filepath.Join(dir, name)); err != nil {
			return nil, err
		}
	}
	return files, nil
})
