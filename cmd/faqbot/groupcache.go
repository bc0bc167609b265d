package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// groupCache is a file in the data folder that begins with the count of steps that it knows. What customers asked is in it, so it goes as soon as it is of no
// use: nobody sorts by it under another count.
type groupCache struct{ dir string }

const (
	groupFile = "groups"
	// groupFresh is how often it is looked whether the file is of use.
	groupFresh = time.Minute
)

// Load implements [insight.SortCache].
func (c groupCache) Load(count int64) io.ReadCloser {
	kept, err := c.open()
	if err != nil {
		return nil
	}
	if kept.count != count {
		kept.Close()
		return nil
	}
	return kept
}

// keptGroups is an open file behind its count.
type keptGroups struct {
	*bufio.Reader
	io.Closer
	count int64
}

func (c groupCache) open() (keptGroups, error) {
	f, err := os.Open(filepath.Join(c.dir, groupFile))
	if err != nil {
		return keptGroups{}, err
	}
	kept := keptGroups{Reader: bufio.NewReaderSize(f, 1<<16), Closer: f}
	if _, err := fmt.Fscanf(kept, "%d\n", &kept.count); err != nil {
		kept.count = -1 // something else, or cut off
	}
	return kept, nil
}

// Save implements [insight.SortCache].
func (c groupCache) Save(count int64, write func(io.Writer) error) error {
	path := filepath.Join(c.dir, groupFile)
	err := writeGroups(path+".new", count, write)
	if err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		return errors.Join(err, c.drop(groupFile+".new"))
	}
	return nil
}

func writeGroups(path string, count int64, write func(io.Writer) error) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	out := bufio.NewWriterSize(f, 1<<16)
	fmt.Fprintln(out, count)
	if err := write(out); err != nil {
		return err
	}
	return out.Flush()
}

// forget deletes it, and what is left of one that was not written to its end.
func (c groupCache) forget() error {
	return errors.Join(c.drop(groupFile), c.drop(groupFile+".new"))
}

func (c groupCache) drop(name string) error {
	if err := os.Remove(filepath.Join(c.dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("forget groups: %w", err)
	}
	return nil
}

// refresh deletes it where it knows another count than the database.
func (c groupCache) refresh(ctx context.Context, sorted func(context.Context) (int64, error)) error {
	kept, err := c.open()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	kept.Close()
	count, err := sorted(ctx)
	if err != nil || count == kept.count {
		return err
	}
	return c.drop(groupFile)
}

// dropGroups deletes what is kept of groups on every replica when it is of no use any more: of those who were forgotten since, too, and where another replica
// sorts by now.
func (s *system) dropGroups(ctx context.Context) error {
	cache := groupCache{s.app.settings.DataDir}
	return every(ctx, now(), groupFresh, func() {
		if err := cache.refresh(ctx, s.store.Sorted); err != nil && ctx.Err() == nil {
			s.logger.Warn("what was kept of groups cannot be deleted", "reason", err)
		}
	})
}
