// Package index proposes candidates from a bleve index. It is a cache of what the store has: missing, old, locked or corrupt, it is
// made anew, and its scores never leave it.
package index

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"faqbot/faq"
	"faqbot/knowledge"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/whitespace"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search/query"
)

// format changes when what is stored changes in a way that the mapping does not show.
const format = "1"

// Options adjust an index.
type Options struct {
	// Database names the store that is indexed, so that a folder made for another one is not believed.
	Database string
	Logger   *slog.Logger
}

// Index implements [knowledge.Searcher].
type Index struct {
	logger *slog.Logger
	path   string // empty in memory

	mu     sync.RWMutex
	bleve  bleve.Index
	cursor faq.Cursor
	broken bool
	closed bool
}

// Open opens the index in a folder, or makes a new one: where there is none, where it cannot be read, or where it was made by another
// mapping, analyzer or database. With an empty folder, or where another process holds it, the index is in memory.
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
	x.path = filepath.Join(folder, name)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, fmt.Errorf("make index folder: %w", err)
	}
	removeOthers(folder, name, x.logger)
	if x.load() == nil {
		return x, nil
	}
	return x, x.create()
}

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
		if filepath.Base(path) == name {
			continue
		}
		if err := os.RemoveAll(path); err != nil {
			logger.Warn("an old index cannot be removed", "path", path, "error", err)
		}
	}
}

const (
	fieldAsked    = "q"
	fieldAnswered = "a"
	analyzer      = "terms"
	keyCursor     = "cursor"
)

// newMapping stores words as knowledge prepared them: the ranking above and the index below then speak of the same words.
func newMapping() *mapping.IndexMappingImpl {
	m := bleve.NewIndexMapping()
	if err := m.AddCustomAnalyzer(analyzer, map[string]any{"type": custom.Name, "tokenizer": whitespace.Name}); err != nil {
		panic(err) // a constant is wrong
	}
	words := bleve.NewTextFieldMapping()
	words.Analyzer, words.Store, words.IncludeTermVectors, words.DocValues, words.IncludeInAll = analyzer, false, false, false, false
	entry := bleve.NewDocumentStaticMapping()
	entry.AddFieldMappingsAt(fieldAsked, words)
	entry.AddFieldMappingsAt(fieldAnswered, words)
	m.DefaultMapping = entry
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	return m
}

// lockWait bounds the wait for a folder that another process holds; without it bbolt waits for ever.
const lockWait = "500ms"

// load opens what is on disk. bleve panics on a truncated segment: that is an index to be made anew, like any other it cannot read.
func (x *Index) load() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("open index %s: %v", x.path, r)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			x.logger.Warn("the index is made anew", "reason", err)
		}
	}()
	if _, err := os.Stat(x.path); err != nil {
		return err
	}
	b, err := bleve.OpenUsing(x.path, map[string]any{"bolt_timeout": lockWait})
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
		x.logger.Warn("the index is kept in memory", "reason", err)
		x.path = ""
	}
	b, err := bleve.NewUsing("", newMapping(), scorch.Name, scorch.Name, nil)
	if err != nil {
		return fmt.Errorf("make index in memory: %w", err)
	}
	x.bleve, x.cursor = b, 0
	return nil
}

// createOnDisk moves what is there out of the way by name, never under an index that another process has open.
func (x *Index) createOnDisk() (bleve.Index, error) {
	if held(x.path) {
		return nil, fmt.Errorf("%s is in use by another process", x.path)
	}
	if err := os.RemoveAll(x.path); err != nil {
		return nil, fmt.Errorf("remove %s: %w", x.path, err)
	}
	b, err := bleve.NewUsing(x.path, newMapping(), scorch.Name, scorch.Name, map[string]any{"bolt_timeout": lockWait})
	if err != nil {
		return nil, fmt.Errorf("make index %s: %w", x.path, err)
	}
	return b, nil
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

// batchSize bounds what is indexed at once: memory, and the time that a stop waits.
const batchSize = 500

// Apply implements [knowledge.Searcher].
func (x *Index) Apply(ctx context.Context, changes []faq.Change, cursor faq.Cursor) (err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return errors.New("index is closed")
	}
	if x.broken || x.cursor == 0 || cursor < x.cursor {
		if err := x.renew(); err != nil {
			return err
		}
	}
	defer x.caught(&err)
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
	if err := x.batch(nil, cursor); err != nil {
		return err
	}
	x.cursor = cursor
	return nil
}

// renew empties the index before everything is put in again.
func (x *Index) renew() error {
	_ = x.closeBleve()
	if err := x.create(); err != nil {
		return err
	}
	x.broken = false
	return nil
}

// batch writes documents, and with them the cursor: the last batch of a change has it, so that a crash in between is seen as "behind".
func (x *Index) batch(changes []faq.Change, cursor faq.Cursor) error {
	b := x.bleve.NewBatch()
	for _, c := range changes {
		if c.Live == nil {
			b.Delete(string(c.Entry))
			continue
		}
		asked, answered := knowledge.IndexedTerms(&c.Live.Content)
		doc := map[string]any{fieldAsked: strings.Join(asked, " "), fieldAnswered: strings.Join(answered, " ")}
		if err := b.Index(string(c.Entry), doc); err != nil {
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

// caught turns a panic inside bleve into an error, and has the index made anew at the next Apply.
func (x *Index) caught(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("index panicked: %v", r)
	}
	if *err != nil {
		x.broken = true
	}
}

// answerBoost is what a word in an answer counts beside one in a question.
const answerBoost = 0.35

// Search implements [knowledge.Searcher].
func (x *Index) Search(ctx context.Context, terms []knowledge.Term, limit int) (ids []faq.EntryID, err error) {
	if len(terms) == 0 {
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
	request := bleve.NewSearchRequestOptions(disjunction(terms), limit, 0, false)
	result, err := x.bleve.SearchInContext(ctx, request)
	if err != nil {
		return nil, fmt.Errorf("search index: %w", err)
	}
	ids = make([]faq.EntryID, len(result.Hits))
	for i, hit := range result.Hits {
		ids[i] = faq.EntryID(hit.ID)
	}
	return ids, nil
}

func disjunction(terms []knowledge.Term) query.Query {
	var out []query.Query
	for _, t := range terms {
		out = append(out, termQuery(t, fieldAsked, t.Weight))
		if t.InAnswers {
			out = append(out, termQuery(t, fieldAnswered, answerBoost*t.Weight))
		}
	}
	return bleve.NewDisjunctionQuery(out...)
}

// shortestTypo is the length from which a word may be a misspelt one: shorter words are one letter away from too many.
const shortestTypo = 4

func termQuery(t knowledge.Term, field string, boost float64) query.Query {
	if t.Misspelt && len([]rune(t.Text)) >= shortestTypo {
		q := bleve.NewFuzzyQuery(t.Text)
		q.SetField(field)
		q.SetFuzziness(1)
		q.SetPrefix(1)
		q.SetBoost(boost)
		return q
	}
	q := bleve.NewTermQuery(t.Text)
	q.SetField(field)
	q.SetBoost(boost)
	return q
}

// Close releases the folder. A second call does nothing.
func (x *Index) Close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return nil
	}
	x.closed = true
	return x.closeBleve()
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
