package transfer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"faqbot/faq"
)

// SyncFile remembers in a folder how it stood when it was last in step with the store.
const SyncFile = ".faqbot-sync.json"

// Side is one of the two that a sync keeps in step.
type Side string

const (
	Neither     Side = ""
	FolderSide  Side = "folder"
	StoreSide   Side = "store"
	syncVersion      = 1
)

// Sync is what keeps a folder of Markdown and a store in step: what each takes from the other, and where both were
// changed since the last time. It is made by [NewSync], shown, and applied.
type Sync struct {
	Folder string
	// Take is what the store takes from the folder: new and changed entries, and archived ones whose file is gone.
	Take Plan
	// Write are the files that the folder takes from the store.
	Write []FileStep
	// Conflicts are entries of which both sides were changed. Nothing is done about them.
	Conflicts []Conflict

	state syncState
	files map[faq.EntryID]syncFile
}

// FileStep is what becomes of a file of the folder.
type FileStep struct {
	Action Action // Add, Change or Archive, which removes the file
	Entry  faq.EntryID
	Path   string // within the folder, parted by slashes

	item Item
	base int
}

// Conflict is an entry that was changed on both sides since they were last in step.
type Conflict struct {
	Entry faq.EntryID
	Path  string // "" where the file is gone
	// Changes lead from the store's text to the folder's.
	Changes []faq.FieldChange
	Reason  string
}

// syncState is what SyncFile holds.
type syncState struct {
	Version int                       `json:"version"`
	Entries map[faq.EntryID]syncEntry `json:"entries"`
}

type syncEntry struct {
	Revision int    `json:"revision"` // of the store
	Hash     string `json:"hash"`     // of what the file says
	Path     string `json:"path"`
}

// syncFile is a file as it was read.
type syncFile struct {
	path string
	hash string // of the entry, so that a change of layout is none
	sum  string // of the bytes, so that nothing newer is overwritten
	item Item
}

// NewSync compares a folder, all records of a store, and how both stood the last time. Prefer settles conflicts in favour
// of a side; with Neither they are left and shown. A folder that does not exist is a new one.
func NewSync(ctx context.Context, folder string, existing []faq.Record, prefer Side, o Options) (*Sync, error) {
	s := &Sync{Folder: folder, files: map[faq.EntryID]syncFile{}, Take: Plan{Source: folder, Format: Markdown}}
	if err := s.readState(); err != nil {
		return nil, err
	}
	if err := s.readFiles(ctx, o); err != nil {
		return nil, err
	}
	known := newShelf(existing)
	names := fileNames{}
	for _, f := range s.files {
		names.take(f.path)
	}
	for _, skipped := range s.Take.Skipped {
		if rel, err := filepath.Rel(folder, filepath.FromSlash(skipped.Place.File)); err == nil {
			names.take(filepath.ToSlash(rel))
		}
	}
	for _, id := range s.ids(known) {
		s.compare(id, known, names, prefer)
	}
	return s, s.Take.check()
}

func (s *Sync) readState() error {
	s.state = syncState{Version: syncVersion, Entries: map[faq.EntryID]syncEntry{}}
	name := filepath.Join(s.Folder, SyncFile)
	data, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return pathFault(name, err)
	}
	if err := json.Unmarshal(data, &s.state); err != nil {
		return invalid(Place{File: name}, "cannot be read (%s); remove it to compare the folder with the store from the beginning", short(err.Error()))
	}
	if s.state.Version != syncVersion {
		return invalid(Place{File: name}, "is of version %d, which this faqbot does not know", s.state.Version)
	}
	if s.state.Entries == nil {
		s.state.Entries = map[faq.EntryID]syncEntry{}
	}
	return nil
}

func (s *Sync) readFiles(ctx context.Context, o Options) error {
	if _, err := os.Stat(s.Folder); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	b := newBuilder(s.Folder, Markdown, o)
	doc, err := b.run(s.Folder, func() error {
		_, err := b.readFolder(ctx, s.Folder)
		return err
	})
	if err != nil {
		return err
	}
	s.Take.Skipped, s.Take.Notes = doc.Skipped, doc.Notes
	for _, item := range doc.Items {
		f := syncFile{item: item, hash: hashItem(item), sum: b.sums[item.Source.File]}
		if rel, err := filepath.Rel(s.Folder, filepath.FromSlash(item.Source.File)); err == nil {
			f.path = filepath.ToSlash(rel)
		}
		s.files[item.Entry.ID] = f
	}
	return nil
}

func hashItem(item Item) string {
	data, err := json.Marshal(struct {
		Entry   faq.Entry
		Status  faq.Status
		Carries []string
	}{item.Entry, item.Status, item.Carries})
	if err != nil {
		return err.Error() // strings and lists alone: it cannot fail
	}
	return hash(data)
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func (s *Sync) ids(known shelf) []faq.EntryID {
	var ids []faq.EntryID
	for id := range s.files {
		ids = append(ids, id)
	}
	for id := range known.records {
		ids = append(ids, id)
	}
	for id := range s.state.Entries {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// compare decides about one entry.
func (s *Sync) compare(id faq.EntryID, known shelf, names fileNames, prefer Side) {
	last, synced := s.state.Entries[id]
	file, there := s.files[id]
	record, stored := known.records[id]
	archived := stored && record.Head.Status == faq.Archived && (!there || file.item.Status != faq.Archived)
	fileChanged := there != synced || there && file.hash != last.Hash
	storeChanged := stored != synced || stored && record.Head.Number != last.Revision
	step := Step{}
	if there {
		step = known.step(file.item)
	}
	switch {
	case !there && (!stored || archived): // gone from both
		delete(s.state.Entries, id)
	case step.Action == Keep && step.Item.Status != step.Was: // the editor does not withdraw by a draft of the same text
		if fileChanged {
			s.Take.Notes = append(s.Take.Notes, Remark{
				Place: file.item.at("status"),
				Text:  fmt.Sprintf("“%s” leaves what is %s as it is; to withdraw an entry, archive it or remove its file", step.Item.Status, step.Was),
			})
		}
		s.write(id, file, there, record, archived, names)
	case step.Action == Keep && !file.item.Entry.Same(record.Head.Content): // a file of another program that holds less
		s.write(id, file, there, record, archived, names)
	case step.Action == Keep: // they agree, however they came to
		s.state.Entries[id] = syncEntry{Revision: record.Head.Number, Hash: file.hash, Path: file.path}
	case there && !stored: // new, or the store is another one than last time
		s.take(step)
	case fileChanged && storeChanged && prefer == Neither:
		s.conflict(id, file, there, record, step)
	case fileChanged && (!storeChanged || prefer == FolderSide):
		if !there {
			step = Step{Action: Archive, Item: Item{Entry: record.Head.Content, Status: faq.Archived}, Base: record.Head.Number, Was: record.Head.Status}
		}
		s.take(step)
	default:
		s.write(id, file, there, record, archived, names)
	}
}

func (s *Sync) take(step Step) { s.Take.Steps = append(s.Take.Steps, step) }

func (s *Sync) conflict(id faq.EntryID, file syncFile, there bool, record faq.Record, step Step) {
	c := Conflict{Entry: id, Path: file.path, Changes: step.Changes, Reason: "both the file and the entry were changed"}
	_, synced := s.state.Entries[id]
	switch {
	case !there:
		c.Reason = "the file was removed, and the entry was changed by " + record.Head.By
	case record.Head.Status == faq.Archived:
		c.Reason = "the file was changed, and the entry was archived by " + record.Head.By
	case !synced:
		c.Reason = "the file and the entry differ, and were never in step"
	}
	s.Conflicts = append(s.Conflicts, c)
}

func (s *Sync) write(id faq.EntryID, file syncFile, there bool, record faq.Record, archived bool, names fileNames) {
	step := FileStep{Action: Change, Entry: id, Path: file.path, base: record.Head.Number}
	step.item = Item{Entry: record.Head.Content, Status: record.Head.Status}
	switch {
	case archived:
		step.Action = Archive
	case !there:
		step.Action = Add
		step.Path = names.choose(id)
		if last := s.state.Entries[id].Path; last != "" && fs.ValidPath(last) && !names[names.key(last)] {
			step.Path = last
		}
		names.take(step.Path)
	}
	s.Write = append(s.Write, step)
}

// Empty reports whether both sides are in step.
func (s *Sync) Empty() bool {
	return len(s.Take.Steps) == 0 && len(s.Write) == 0 && len(s.Conflicts) == 0
}
