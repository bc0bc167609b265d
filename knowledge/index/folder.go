package index

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"faqbot/faq"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"go.etcd.io/bbolt"
)

// folderName is made of all that decides what an index holds, so that a change of any of it is a new index.
func folderName(database string) (string, error) {
	encoded, err := json.Marshal(newMapping())
	if err != nil {
		return "", fmt.Errorf("encode index mapping: %w", err)
	}
	sum := sha256.Sum256([]byte(format + "\n" + database + "\n" + string(encoded)))
	return fmt.Sprintf("index-%x", sum[:8]), nil
}

func removeOthers(folder, name string, logger *slog.Logger) {
	old, err := filepath.Glob(filepath.Join(folder, "index-*"))
	if err != nil {
		return
	}
	for _, path := range old {
		if filepath.Base(path) == name || held(path) {
			continue
		}
		if err := os.RemoveAll(path); err != nil {
			logger.Warn("an old index cannot be removed", "path", path, "error", err)
		}
	}
}

// lockWait bounds the wait for a folder that another process holds; without it bbolt waits for ever.
const lockWait = 200 * time.Millisecond

// held reports whether another process has an index open: scorch keeps its bolt file locked while it does.
func held(path string) bool {
	file := filepath.Join(path, "store", "root.bolt")
	db, err := bbolt.Open(file, 0o600, &bbolt.Options{Timeout: lockWait, ReadOnly: true})
	if err == nil {
		_ = db.Close()
	}
	return errors.Is(err, bbolt.ErrTimeout)
}

// load opens what is on disk, if it is what was closed. It reports whether it could, and logs why not.
func (x *Index) load() bool {
	if _, err := os.Stat(x.path); errors.Is(err, fs.ErrNotExist) || held(x.path) {
		return false
	}
	if err := x.open(); err != nil {
		x.logger.Warn("the index is made anew", "reason", err)
		return false
	}
	return true
}

func (x *Index) open() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("open index %s: panicked: %v", x.path, r)
		}
	}()
	if err := errors.Join(sealed(x.path), unseal(x.path)); err != nil {
		return err
	}
	b, err := bleve.OpenUsing(x.path, map[string]any{"bolt_timeout": lockWait.String()})
	if err != nil {
		return fmt.Errorf("open index %s: %w", x.path, err)
	}
	raw, err := b.GetInternal([]byte(keyCursor))
	if err != nil || len(raw) != 8 {
		return errors.Join(errors.New("index has no cursor"), err, b.Close())
	}
	x.bleve, x.cursor = b, faq.Cursor(binary.BigEndian.Uint64(raw))
	return nil
}

// create makes an empty index, on disk where it can be.
func (x *Index) create() error {
	if x.path != "" {
		b, err := x.createOnDisk()
		if err == nil {
			x.bleve, x.cursor = b, 0
			return nil
		}
		x.stayInMemory(err)
	}
	b, err := bleve.NewUsing("", newMapping(), scorch.Name, scorch.Name, nil)
	if err != nil {
		return fmt.Errorf("make index in memory: %w", err)
	}
	x.bleve, x.cursor = b, 0
	return nil
}

// stayInMemory gives the folder up until the next start.
func (x *Index) stayInMemory(reason error) {
	x.logger.Warn("the index is kept in memory", "reason", reason)
	x.path = ""
}

// createOnDisk replaces what is there, never an index that another process has open.
func (x *Index) createOnDisk() (bleve.Index, error) {
	if held(x.path) {
		return nil, fmt.Errorf("%s is in use by another process", x.path)
	}
	if err := os.RemoveAll(x.path); err != nil {
		return nil, fmt.Errorf("remove %s: %w", x.path, err)
	}
	b, err := bleve.NewUsing(x.path, newMapping(), scorch.Name, scorch.Name, map[string]any{"bolt_timeout": lockWait.String()})
	if err != nil {
		return nil, fmt.Errorf("make index %s: %w", x.path, err)
	}
	return b, nil
}
