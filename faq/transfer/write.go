package transfer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"faqbot/faq"
	"faqbot/faq/fault"
)

// Encode writes items as one document of a format: CSV, XLSX, JSON or YAML. An entry that does not hold to
// [faq.Entry.Validate] is an Invalid fault.
func Encode(w io.Writer, format Format, items []Item) error {
	data, err := encodeAll(format, items, func(int, int) {})
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

func encodeAll(format Format, items []Item, progress func(done, total int)) ([]byte, error) {
	if err := checkItems(items); err != nil {
		return nil, err
	}
	var w bytes.Buffer
	switch format {
	case CSV:
		err := writeCSV(&w, items)
		return w.Bytes(), err
	case XLSX:
		err := writeXLSX(&w, items)
		return w.Bytes(), err
	case JSON, YAML:
		nodes := make([]node, len(items))
		for i, item := range items {
			nodes[i] = encode(item, nil)
			progress(i+1, len(items))
		}
		if format == YAML {
			writeYAML(&w, nodes)
			return w.Bytes(), nil
		}
		err := writeJSON(&w, nodes)
		return w.Bytes(), err
	}
	return nil, fault.New(fault.Invalid, "“%s” is not a format that is written to one file; there are csv, xlsx, json and yaml", format)
}

func checkItems(items []Item) error {
	var problems Problems
	seen := map[faq.EntryID]bool{}
	for _, item := range items {
		place := Place{File: "entry " + short(string(item.Entry.ID))}
		for _, wrong := range faq.FieldErrors(item.Entry.Validate()) {
			place.Field = wrong.Field
			problems.add(place, "%s", short(wrong.Problem))
		}
		if seen[item.Entry.ID] {
			problems.add(place, "is given twice")
		}
		seen[item.Entry.ID] = true
	}
	return problems.fault()
}

// Write writes items to a file, or for Markdown to a new folder with a file for each. It is there whole or not at all: what
// was at the path stays until everything is on the disk. Progress may be nil.
func Write(ctx context.Context, path string, format Format, items []Item, progress func(done, total int)) error {
	if progress == nil {
		progress = func(int, int) {}
	}
	if format == Markdown {
		return writeFolder(ctx, path, items, progress)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return fault.New(fault.Invalid, "%s is a folder; %s is written to a file, such as %s", path, format, filepath.Join(path, "faq."+string(format)))
	}
	data, err := encodeAll(format, items, progress)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	err = replaceFile(path, data)
	if errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.NotFound, "%s cannot be written: there is no folder %s", path, filepath.Dir(path))
	}
	if err != nil {
		return pathFault(path, err)
	}
	progress(len(items), len(items))
	return nil
}

// replaceFile puts a file in its place in one step.
func replaceFile(path string, data []byte) (err error) {
	f, err := tempFile(path)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close(), os.Remove(f.Name()))
		}
	}()
	if _, err := f.Write(data); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// tempFile makes a file beside path, with the mode that a new file has (os.CreateTemp's is for its owner alone).
func tempFile(path string) (*os.File, error) {
	for n := 0; ; n++ {
		name := fmt.Sprintf("%s.%d.%d.tmp", path, os.Getpid(), n)
		f, err := os.OpenFile(filepath.Join(filepath.Dir(name), "."+filepath.Base(name)), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if !errors.Is(err, fs.ErrExist) || n > 1000 {
			return f, err
		}
	}
}

// writeFolder fills a folder beside the one that is wanted and then gives it the name.
func writeFolder(ctx context.Context, folder string, items []Item, progress func(done, total int)) (err error) {
	if err := checkItems(items); err != nil {
		return err
	}
	if info, err := os.Stat(folder); err == nil && !info.IsDir() {
		return fault.New(fault.Invalid, "%s is a file; %s is written to a folder, with a file for each entry", folder, Markdown)
	}
	if there, err := os.ReadDir(folder); err == nil && len(there) > 0 {
		return fault.New(fault.Invalid, "%s is not empty; export to a new folder, or keep this one in step with sync", folder)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return pathFault(folder, err)
	}
	folder = filepath.Clean(folder)
	temp, err := os.MkdirTemp(filepath.Dir(folder), "."+filepath.Base(folder)+".*.tmp")
	if err != nil {
		return pathFault(folder, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(temp))
		}
	}()
	names := fileNames{}
	for i, item := range items {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(temp, names.choose(item.Entry.ID)), writeMarkdown(item, nil), 0o644); err != nil {
			return pathFault(folder, err)
		}
		progress(i+1, len(items))
	}
	if err := os.Chmod(temp, 0o755); err != nil {
		return pathFault(folder, err)
	}
	if err := os.Remove(folder); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return pathFault(folder, err)
	}
	if err := os.Rename(temp, folder); err != nil {
		return pathFault(folder, err)
	}
	return nil
}
