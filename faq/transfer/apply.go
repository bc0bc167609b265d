package transfer

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"faqbot/faq"
	"faqbot/faq/fault"
)

// Apply does what the sync says: first the store's part, all or nothing, then the files, each in one step, and last the
// state. Stopped anywhere in between, the next sync goes on from there. A file that was changed since it was read is a
// Conflict fault and is left as it is.
func (s *Sync) Apply(ctx context.Context, editor *faq.Editor, by string) error {
	revisions, err := s.Take.Apply(ctx, editor, by)
	if err != nil {
		return err
	}
	for _, r := range revisions {
		id := r.Content.ID
		file, there := s.files[id]
		if !there {
			delete(s.state.Entries, id)
			continue
		}
		s.state.Entries[id] = syncEntry{Revision: r.Number, Hash: file.hash, Path: file.path}
	}
	err = s.writeFiles(ctx)
	return errors.Join(err, s.writeState())
}

func (s *Sync) writeFiles(ctx context.Context) error {
	if err := os.MkdirAll(s.Folder, 0o755); err != nil {
		return pathFault(s.Folder, err)
	}
	root, err := os.OpenRoot(s.Folder)
	if err != nil {
		return pathFault(s.Folder, err)
	}
	defer root.Close()
	for _, step := range s.Write {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := s.writeFile(root, step); err != nil {
			return err
		}
	}
	return nil
}

func (s *Sync) writeFile(root *os.Root, step FileStep) error {
	shown := path.Join(filepath.ToSlash(s.Folder), step.Path)
	before, err := root.ReadFile(step.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && step.Action == Add:
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return pathFault(shown, err)
	case step.Action == Add, hash(before) != s.files[step.Entry].sum:
		return fault.New(fault.Conflict, "%s was changed while it was being compared; run sync again", shown)
	}
	if step.Action == Archive {
		delete(s.state.Entries, step.Entry)
		return root.Remove(step.Path)
	}
	data := writeMarkdown(step.item, foreignLines(string(before), step.item.Entry))
	back, ok := readsAs(data, step.item.Entry)
	if !ok { // what was kept does not go together with what is written
		data = writeMarkdown(step.item, nil)
		back, _ = readsAs(data, step.item.Entry)
	}
	if err := replaceRooted(root, step.Path, data); err != nil {
		return pathFault(shown, err)
	}
	s.state.Entries[step.Entry] = syncEntry{Revision: step.base, Hash: hashItem(back), Path: step.Path}
	return nil
}

// readsAs reads a file back and reports whether it gives an entry.
func readsAs(data []byte, e faq.Entry) (Item, bool) {
	b := newBuilder("", Markdown, Options{})
	if err := b.readMarkdown("", data); err != nil || len(b.document.Items) != 1 {
		return Item{}, false
	}
	back := b.document.Items[0]
	return back, back.Entry.Same(e)
}

// replaceRooted puts a file in its place in one step, and never outside of the folder.
func replaceRooted(root *os.Root, name string, data []byte) error {
	temp := path.Join(path.Dir(name), "."+path.Base(SyncFile)+".tmp")
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	if err := root.WriteFile(temp, data, 0o644); err != nil {
		return err
	}
	return root.Rename(temp, name)
}

func (s *Sync) writeState() error {
	data, err := json.MarshalIndent(s.state, "", " ")
	if err != nil {
		return err
	}
	name := filepath.Join(s.Folder, SyncFile)
	if err := replaceFile(name, append(data, '\n')); err != nil {
		return pathFault(name, err)
	}
	return nil
}
