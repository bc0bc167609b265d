// Package index proposes candidates from a bleve index. It is a cache of what the store has: missing, old, locked or corrupt, it is
// made anew, and its scores never leave it.
package index

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"faqbot/faq"
	"faqbot/knowledge"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search"
)

// format changes when what is stored changes in a way that the mapping does not show.
const format = "3"

// Options adjust an index.
type Options struct {
	// Database names the store that is indexed, so that a folder made for another one is not believed.
	Database string
	Logger   *slog.Logger
}

// Index implements [knowledge.Searcher].
type Index struct {
	logger *slog.Logger
	// writing is held by what changes the index, all the while; mu only while the fields below change, so that a long Apply keeps no search waiting.
	writing sync.Mutex
	path    string // empty in memory; only for who holds writing

	mu     sync.RWMutex
	bleve  bleve.Index
	cursor faq.Cursor
	broken bool
	closed bool
}

// Open opens the index in a folder, or makes a new one: where there is none, where it was not closed or was altered since, or where it
// was made by another mapping, analyzer or database. With an empty folder, where another process holds it, or where it cannot be
// written, the index is in memory.
func Open(folder string, options Options) (*Index, error) {
	x := &Index{logger: options.Logger}
	if x.logger == nil {
		x.logger = slog.New(slog.DiscardHandler)
	}
	if folder == "" {
		return x, x.create()
	}
	name, err := folderName(options.Database)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		x.stayInMemory(err)
		return x, x.create()
	}
	x.path = filepath.Join(folder, name)
	removeOthers(folder, name, x.logger)
	if x.load() {
		return x, nil
	}
	return x, x.create()
}

// Cursor implements [knowledge.Searcher].
func (x *Index) Cursor() faq.Cursor {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.broken {
		return 0
	}
	return x.cursor
}

// Apply implements [knowledge.Searcher]. An index on disk that cannot be written is in memory from the next Apply on.
func (x *Index) Apply(ctx context.Context, changes []faq.Change, cursor faq.Cursor) (err error) {
	x.writing.Lock()
	defer x.writing.Unlock()
	if x.closed {
		return errors.New("index is closed")
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if x.broken || x.cursor == 0 || cursor < x.cursor {
		if err := x.renew(); err != nil {
			return err
		}
	}
	defer func() { x.settle(ctx, cursor, err) }()
	return x.write(ctx, changes, cursor)
}

// renew empties the index before everything is put in again; until it is complete, nothing is found in it.
func (x *Index) renew() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.broken = true
	if err := x.closeBleve(); err != nil {
		x.logger.Warn("an index cannot be closed", "error", err)
	}
	return x.create()
}

// settle ends an Apply: the index stands at its cursor, or cannot be believed any more.
func (x *Index) settle(ctx context.Context, cursor faq.Cursor, err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.broken = err != nil; !x.broken {
		x.cursor = cursor
		return
	}
	if x.path != "" && ctx.Err() == nil {
		x.stayInMemory(err)
	}
}

// batchSize bounds what is indexed at once: memory, and the time that a stop waits.
const batchSize = 500

// write makes changes in batches, and the cursor the last of all: where it stops in between, the index is behind.
func (x *Index) write(ctx context.Context, changes []faq.Change, cursor faq.Cursor) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("index panicked: %v", r)
		}
	}()
	for len(changes) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := min(batchSize, len(changes))
		if err := x.batch(changes[:n], 0); err != nil {
			return err
		}
		changes = changes[n:]
	}
	return x.batch(nil, cursor)
}

func (x *Index) batch(changes []faq.Change, cursor faq.Cursor) error {
	b := x.bleve.NewBatch()
	for _, c := range changes {
		if c.Live == nil {
			b.Delete(string(c.Entry))
			continue
		}
		words := strings.Join(knowledge.IndexedTerms(&c.Live.Content), " ")
		if err := b.Index(string(c.Entry), map[string]any{field: words}); err != nil {
			return fmt.Errorf("index entry %s: %w", c.Entry, err)
		}
	}
	if cursor > 0 {
		b.SetInternal([]byte(keyCursor), binary.BigEndian.AppendUint64(nil, uint64(cursor)))
	}
	if err := x.bleve.Batch(b); err != nil {
		return fmt.Errorf("write index: %w", err)
	}
	return nil
}

// Search implements [knowledge.Searcher].
func (x *Index) Search(ctx context.Context, terms []knowledge.Term, limit int) (ids []faq.EntryID, err error) {
	if len(terms) == 0 || limit < 1 {
		return nil, nil
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.closed || x.broken {
		return nil, errors.New("index is not ready")
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("index panicked: %v", r)
		}
	}()
	size := spare * limit
	hits, total, err := x.top(ctx, terms, size)
	if err == nil && total > size && alike(hits[limit-1], hits[size-1]) {
		hits, _, err = x.top(ctx, terms, min(total, mostTied))
	}
	if err != nil {
		return nil, err
	}
	slices.SortFunc(hits, byScore)
	for _, hit := range hits[:min(limit, len(hits))] {
		ids = append(ids, faq.EntryID(hit.ID))
	}
	return ids, nil
}

// Where a list is cut, scores may be alike, and all that are have to be looked at: spare is how much longer a list is asked for at once, mostTied
// what it may come to.
const spare, mostTied = 2, 5000

func (x *Index) top(ctx context.Context, terms []knowledge.Term, size int) (hits search.DocumentMatchCollection, total int, err error) {
	result, err := x.bleve.SearchInContext(ctx, bleve.NewSearchRequestOptions(disjunction(terms), size, 0, false))
	if err != nil {
		return nil, 0, fmt.Errorf("search index: %w", err)
	}
	return result.Hits, int(result.Total), nil
}

// byScore orders hits, and those that are alike by ID: bleve leaves these in the order of writing, which is another one after each rebuild, and
// adds up their scores in any order.
func byScore(a, b *search.DocumentMatch) int {
	if alike(a, b) {
		return cmp.Compare(a.ID, b.ID)
	}
	return cmp.Compare(b.Score, a.Score)
}

func alike(a, b *search.DocumentMatch) bool { return float32(a.Score) == float32(b.Score) }

// Close releases the folder, after an Apply that is under way. A second call does nothing.
func (x *Index) Close() error {
	x.writing.Lock()
	defer x.writing.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return nil
	}
	x.closed = true
	if err := x.closeBleve(); err != nil || x.broken || x.path == "" {
		return err
	}
	return seal(x.path)
}

func (x *Index) closeBleve() (err error) {
	if x.bleve == nil {
		return nil
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("close index: panicked: %v", r)
		}
		x.bleve = nil
	}()
	return x.bleve.Close()
}
