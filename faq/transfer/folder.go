package transfer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"faqbot/faq"
	"faqbot/faq/fault"
)

// readFolder reads every Markdown file below a folder, and lists them. Links are followed only to what is in the folder too; names that
// begin with a dot are left out.
func (b *builder) readFolder(ctx context.Context, folder string) (files []string, err error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, pathFault(folder, err)
	}
	defer root.Close()
	files, err = b.markdownFiles(ctx, root, folder)
	if err != nil {
		return nil, err
	}
	for i, name := range files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		shown := path.Join(filepath.ToSlash(folder), name)
		data, skip, err := b.readRooted(root, name)
		switch {
		case err != nil:
			b.asProblem(Place{File: shown}, err)
		case skip != "":
			b.skip(Place{File: shown}, "%s", skip)
		default:
			b.sums[shown] = hash(data)
			if err := b.readMarkdown(shown, data); err != nil {
				b.asProblem(Place{File: shown}, err)
			}
		}
		b.options.Progress(i+1, len(files))
	}
	return files, nil
}

// markdownFiles lists paths below root, parted by slashes, in order.
func (b *builder) markdownFiles(ctx context.Context, root *os.Root, folder string) ([]string, error) {
	var out []string
	seen := 0
	err := fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		if seen++; seen > b.options.Limits.Files {
			return invalid(Place{File: folder}, "holds more than %d files", b.options.Limits.Files)
		}
		hidden := strings.HasPrefix(entry.Name(), ".") && name != "."
		switch {
		case hidden && entry.IsDir():
			return fs.SkipDir
		case hidden || entry.IsDir():
		case isMarkdown(name):
			out = append(out, name)
		}
		return nil
	})
	if err != nil && !fault.Is(err, fault.Invalid) && ctx.Err() == nil {
		return nil, pathFault(folder, err)
	}
	return out, err
}

func isMarkdown(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	return ext == ".md" || ext == ".markdown"
}

// readRooted reads a file in a folder; skip says why a thing of that name is left out.
func (b *builder) readRooted(root *os.Root, name string) (data []byte, skip string, err error) {
	info, err := root.Stat(name)
	switch {
	case err != nil:
		return nil, "is a link that leads out of the folder, or nowhere", nil
	case !info.Mode().IsRegular():
		return nil, "is not a file", nil
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, "", pathFault(name, err)
	}
	defer f.Close()
	data, err = readAll(f, b.options.Limits.File)
	return data, "", err
}

// readAll reads up to a limit, and refuses what is longer.
func readAll(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, fault.New(fault.Invalid, "is longer than %d bytes", limit)
	}
	return data, nil
}

// pathFault says in words for people what is wrong with a path.
func pathFault(name string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fault.New(fault.NotFound, "%s does not exist", name)
	case errors.Is(err, fs.ErrPermission):
		return fault.New(fault.Forbidden, "%s may not be read or written by this user", name)
	}
	return fmt.Errorf("%s: %w", name, err)
}

// fileNames gives each entry a file name that is its own on every file system: none has names of more than 255 bytes, some
// do not tell case or accents apart, and Windows reserves a few.
type fileNames map[string]bool

var reservedNames = []string{"con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
	"lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9"}

func (f fileNames) key(name string) string { return strings.ToLower(norm.NFC.String(name)) }

func (f fileNames) take(name string) { f[f.key(name)] = true }

func (f fileNames) choose(id faq.EntryID) string {
	base := string(id)
	for len(base) > 200 {
		_, size := utf8.DecodeLastRuneInString(base)
		base = base[:len(base)-size]
	}
	device, _, _ := strings.Cut(strings.ToLower(base), ".")
	if slices.Contains(reservedNames, device) {
		base = "_" + base
	}
	name := base + ".md"
	for n := 2; f[f.key(name)]; n++ {
		name = fmt.Sprintf("%s~%d.md", base, n)
	}
	f.take(name)
	return name
}
