package knowledge

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"

	"faqbot/faq"
)

const (
	// small is how many entries are ranked whole; beyond it the searcher proposes.
	small = 300
	// proposals is how many entries the searcher is asked for: the right one is among them in 96–99 of 100 questions.
	proposals = 50
	// listed is how many candidates a decision holds, offered how many a Clarify offers.
	listed, offered = 10, 3
)

// Options adjust a matcher; the zero value is what a business starts with.
type Options struct {
	// Default is the language of the business; empty means "en".
	Default faq.Language
	// Aim is what the bands are derived from; what Bands sets holds instead of what is derived.
	Aim   Aim
	Bands Bands
	// Learnt is the file that keeps what was learnt for the next start; empty keeps nothing.
	Learnt string
	Logger *slog.Logger
	// Verdicts tells what is known of real questions; nil where nothing is.
	Verdicts func(context.Context) ([]Verdict, error)
	// Traffic counts what was asked of late, so that the aim's share of unanswerable questions is learnt from use; nil leaves it as it is.
	Traffic func(context.Context) (Traffic, error)
}

// Matcher decides what utterances ask. It is safe for concurrent use; changes are seen by the next decision.
type Matcher struct {
	searcher Searcher
	options  Options

	mu sync.RWMutex
	corpus
	cursor faq.Cursor
	// learned is what training made of the FAQ that has the fingerprint learnt.
	learned learned
	learnt  uint64
	// changed holds a signal while entries have changed since training last looked.
	changed chan struct{}
}

// corpus is what is served, as evidence.
type corpus struct {
	documents map[faq.EntryID]*document
	// exact finds entries that are asked word for word.
	exact       directory
	frequencies *frequencies
	// epoch changes with the frequencies.
	epoch int
	// answerWords are those of all answers together.
	answerWords float64
	// languages counts the answers in each.
	languages map[faq.Language]int
	synonyms  []faq.Synonyms
}

// New makes an empty matcher over a searcher.
func New(searcher Searcher, options Options) *Matcher {
	options.Default = cmp.Or(options.Default, "en")
	options.Aim = options.Aim.orDefault()
	if options.Logger == nil {
		options.Logger = slog.New(slog.DiscardHandler)
	}
	return &Matcher{
		searcher: searcher, options: options, learned: unlearned(options.Aim), changed: make(chan struct{}, 1),
		corpus: corpus{
			documents: map[faq.EntryID]*document{}, exact: newDirectory(), frequencies: newFrequencies(), languages: map[faq.Language]int{},
		},
	}
}

// Cursor is how far in the store's changes the matcher has come.
func (m *Matcher) Cursor() faq.Cursor {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.cursor
}

// Source tells what is served; faq.Store is one.
type Source interface {
	Changes(ctx context.Context, after faq.Cursor) ([]faq.Change, faq.Cursor, error)
}

// Vocabulary tells the synonyms that editors keep, for a source that has them. A change of them moves the source's cursor as that of an entry does.
type Vocabulary interface {
	Synonyms(ctx context.Context) ([]faq.Synonyms, error)
}

// Sync brings the index and the matcher up to date with a source. It is called at the start and whenever something may have changed, by one
// caller at a time; it costs one look-up when nothing has.
func (m *Matcher) Sync(ctx context.Context, source Source) error {
	held := m.Cursor()
	changes, cursor, err := source.Changes(ctx, held)
	if err != nil {
		return fmt.Errorf("read changed entries: %w", err)
	}
	if cursor < held { // another database: begin again
		m.reset()
		return m.Sync(ctx, source)
	}
	if err := m.index(ctx, source, held, changes, cursor); err != nil {
		return err
	}
	if cursor == held {
		return nil
	}
	if v, ok := source.(Vocabulary); ok {
		synonyms, err := v.Synonyms(ctx)
		if err != nil {
			return fmt.Errorf("read synonyms: %w", err)
		}
		m.speak(synonyms)
	}
	m.apply(changes, cursor)
	return nil
}

// speak takes the editors' synonyms.
func (m *Matcher) speak(synonyms []faq.Synonyms) {
	own := ownThesauri(synonyms)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.synonyms, m.frequencies.synonyms = synonyms, own
}

// index brings the searcher to a cursor. Where it stands at the matcher's own, the matcher's changes are all it needs.
func (m *Matcher) index(ctx context.Context, source Source, held faq.Cursor, changes []faq.Change, cursor faq.Cursor) error {
	indexed := m.searcher.Cursor()
	if indexed != held {
		var err error
		if changes, cursor, err = source.Changes(ctx, indexed); err == nil && cursor < indexed {
			changes, cursor, err = source.Changes(ctx, 0)
		}
		if err != nil {
			return fmt.Errorf("read entries to index: %w", err)
		}
	}
	if cursor == indexed {
		return nil
	}
	err := m.searcher.Apply(ctx, changes, cursor)
	if ctx.Err() != nil {
		return fmt.Errorf("index %d entries: %w", len(changes), ctx.Err())
	}
	if err != nil {
		// An index is a cache: customers are served what was published, and it is made anew at the next Sync.
		m.options.Logger.Error("entries cannot be indexed", "error", err)
	}
	return nil
}

func (m *Matcher) reset() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id := range m.documents {
		m.remove(id)
	}
	m.cursor = 0
}

func (m *Matcher) apply(changes []faq.Change, cursor faq.Cursor) {
	documents, censuses := make([]*document, len(changes)), make([]census, len(changes))
	parallel(len(changes), func(i int) {
		if live := changes[i].Live; live != nil {
			entry := live.Content.Clone()
			documents[i], censuses[i] = newDocument(&entry)
		}
	})
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, c := range changes {
		before := m.documents[c.Entry]
		m.remove(c.Entry)
		if documents[i] != nil {
			documents[i].inherit(before)
			m.add(documents[i], censuses[i])
		}
	}
	m.frequencies.settle()
	m.epoch++
	m.cursor = cursor
	select {
	case m.changed <- struct{}{}:
	default:
	}
}

func (m *Matcher) remove(id faq.EntryID) {
	d := m.documents[id]
	if d == nil {
		return
	}
	delete(m.documents, id)
	_, counted := newDocument(d.entry)
	m.count(d, counted, -1)
	for text := range ways(d.entry) {
		m.exact.remove(faq.Fold(text), id)
	}
}

func (m *Matcher) add(d *document, counted census) {
	m.documents[d.entry.ID] = d
	m.count(d, counted, 1)
	for text := range ways(d.entry) {
		m.exact.add(faq.Fold(text), d.entry.ID)
	}
}

func (m *Matcher) count(d *document, counted census, sign int) {
	m.frequencies.add(counted, sign)
	m.answerWords += float64(sign) * d.answerWords
	for _, a := range d.entry.Answers {
		if m.languages[a.Language] += sign; m.languages[a.Language] <= 0 {
			delete(m.languages, a.Language)
		}
	}
}

// Entry returns an entry as it is served.
func (m *Matcher) Entry(id faq.EntryID) (*faq.Entry, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	d, ok := m.documents[id]
	if !ok {
		return nil, false
	}
	return d.entry, true
}

// Entries lists what is served, by ID.
func (m *Matcher) Entries() []*faq.Entry {
	m.mu.RLock()
	defer m.mu.RUnlock()
	out := make([]*faq.Entry, 0, len(m.documents))
	for _, id := range slices.Sorted(maps.Keys(m.documents)) {
		out = append(out, m.documents[id].entry)
	}
	return out
}

// Languages are those that answers are served in, the default one first.
func (m *Matcher) Languages() []faq.Language {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.served()
}

func (m *Matcher) served() []faq.Language {
	out := slices.Sorted(maps.Keys(m.languages))
	if i := slices.Index(out, m.options.Default); i > 0 {
		out = slices.Insert(slices.Delete(out, i, i+1), 0, m.options.Default)
	}
	return out
}

// Bands are the confidences in use.
func (m *Matcher) Bands() Bands {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.bands()
}

// Aim is what the bands serve: its share of unanswerable questions is the one learnt from use, where it is.
func (m *Matcher) Aim() Aim {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.learned.aim
}

// Cost is what the confidence in use from which answers are given costs; nil where the FAQ is too small, or too large, to be tried out.
func (m *Matcher) Cost() *Cost {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if m.learned.samples == nil {
		return nil
	}
	return m.learned.calibration.cost(m.learned.samples, m.bands())
}

func (m *Matcher) bands() Bands {
	b := Bands{Answer: cmp.Or(m.options.Bands.Answer, m.learned.bands.Answer), Clarify: cmp.Or(m.options.Bands.Clarify, m.learned.bands.Clarify)}
	b.Clarify = min(b.Clarify, b.Answer)
	return b
}

// parallel calls do for 0..n-1 on the machine's cores.
func parallel(n int, do func(i int)) {
	const chunk = 64
	if n <= chunk {
		for i := range n {
			do(i)
		}
		return
	}
	var group sync.WaitGroup
	for start := 0; start < n; start += chunk {
		group.Go(func() {
			for i := start; i < min(start+chunk, n); i++ {
				do(i)
			}
		})
	}
	group.Wait()
}
