package discord

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
)

// book knows up to where each channel was read, so that after a break the bot reads on. Positions are written a little later than they move
// (an event that comes twice has the same ID), but a channel is written down before its first event is handled.
type book struct {
	store  Cursors
	log    *slog.Logger
	mu     sync.Mutex
	prefix string
	pages  map[string]*page
}

// page is one channel's. Guild and parent say where it is; user is the other person in a direct chat.
type page struct {
	last                string // the newest message that was handled
	guild, parent, user string
	epoch               int64 // after which READY it was read up to date
	stored              string
	seen                map[string]bool // what catching up brought, which may come from the gateway as well
}

// maxPages bounds what is kept in memory; maxCatchUp how many channels are asked for news after a READY without having spoken (the most
// recent ones; any other is caught up when it speaks).
const (
	maxPages   = 50_000
	maxCatchUp = 10_000
)

func newBook(store Cursors, log *slog.Logger) *book {
	if store == nil {
		store = &memory{values: map[string]string{}}
	}
	return &book{store: store, log: log, pages: map[string]*page{}}
}

// open names the account whose positions these are.
func (b *book) open(bot string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if prefix := string(Network) + ":" + bot + ":"; b.prefix != prefix {
		b.prefix, b.pages = prefix, map[string]*page{}
	}
}

func (p page) value() string {
	return strings.Join([]string{p.last, p.guild, p.parent, p.user}, ";")
}

func parsePage(value string) (page, bool) {
	parts := strings.Split(value, ";")
	if len(parts) != 4 || !isSnowflake(parts[0]) {
		return page{}, false
	}
	return page{last: parts[0], guild: parts[1], parent: parts[2], user: parts[3], stored: value}, true
}

// find is what is known of a channel; a zero page where nothing is.
func (b *book) find(ctx context.Context, id string) (page, error) {
	b.mu.Lock()
	p, key := b.pages[id], b.prefix+id
	if p != nil {
		defer b.mu.Unlock()
		return *p, nil
	}
	b.mu.Unlock()
	value, err := b.store.Cursor(ctx, key)
	if err != nil {
		return page{}, err
	}
	found, ok := parsePage(value)
	if ok {
		b.keep(id, found)
	}
	return found, nil
}

func (b *book) keep(id string, p page) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.pages) >= maxPages {
		for other, q := range b.pages {
			if q.value() == q.stored {
				delete(b.pages, other)
			}
		}
	}
	b.pages[id] = &p
}

// begin writes down a channel that was not known.
func (b *book) begin(ctx context.Context, id string, p page) error {
	if err := b.store.SetCursor(ctx, b.prefix+id, p.value()); err != nil {
		return err
	}
	p.stored = p.value()
	b.keep(id, p)
	return nil
}

// advance moves a position forward.
func (b *book) advance(id, message string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if p := b.pages[id]; p != nil && olderID(p.last, message) {
		p.last = message
	}
}

// fresh notes that a channel was read up to date after a READY.
func (b *book) fresh(id string, epoch int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if p := b.pages[id]; p != nil {
		p.epoch = epoch
	}
}

// turn begins to catch up: what an earlier catching up brought does not come from the gateway any more.
func (b *book) turn(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if p := b.pages[id]; p != nil {
		p.seen = nil
	}
}

// caught notes which messages catching up brought.
func (b *book) caught(id string, batch []fields) {
	b.mu.Lock()
	defer b.mu.Unlock()
	p := b.pages[id]
	if p == nil {
		return
	}
	if p.seen == nil {
		p.seen = map[string]bool{}
	}
	for _, m := range batch {
		p.seen[m.id("id")] = true
	}
}

// had reports whether catching up brought a message already, once.
func (b *book) had(id, message string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	p := b.pages[id]
	if p == nil || !p.seen[message] {
		return false
	}
	delete(p.seen, message)
	return true
}

// forget drops a channel that is gone or closed to the bot.
func (b *book) forget(ctx context.Context, id string) error {
	b.mu.Lock()
	delete(b.pages, id)
	key := b.prefix + id
	b.mu.Unlock()
	return b.store.SetCursor(ctx, key, "")
}

// leave forgets whose direct chats these are. Where they were read up to stays: without it, what the person writes while the bot is away would not
// be heard.
func (b *book) leave(user string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range b.pages {
		if p.user == user {
			p.user, p.stored = "", "" // the row may be gone: it is written again
		}
	}
}

// flush writes the positions that moved.
func (b *book) flush(ctx context.Context) error {
	b.mu.Lock()
	moved := map[string]string{}
	for id, p := range b.pages {
		if v := p.value(); v != p.stored {
			moved[id] = v
		}
	}
	prefix := b.prefix
	b.mu.Unlock()
	for id, value := range moved {
		if err := b.store.SetCursor(ctx, prefix+id, value); err != nil {
			return err
		}
		b.mu.Lock()
		if p := b.pages[id]; p != nil {
			p.stored = value
		}
		b.mu.Unlock()
	}
	return nil
}

// known lists the channels that keep says yes to, those that spoke last first.
func (b *book) known(ctx context.Context, keep func(page) bool) ([]string, error) {
	b.mu.Lock()
	prefix := b.prefix
	b.mu.Unlock()
	values, err := b.store.Cursors(ctx, prefix)
	if err != nil {
		return nil, err
	}
	type entry struct{ id, last string }
	var all []entry
	for key, value := range values {
		if p, ok := parsePage(value); ok && keep(p) {
			all = append(all, entry{strings.TrimPrefix(key, prefix), p.last})
		}
	}
	slices.SortFunc(all, func(a, b entry) int {
		switch {
		case olderID(b.last, a.last):
			return -1
		case olderID(a.last, b.last):
			return 1
		}
		return 0
	})
	out := make([]string, 0, min(len(all), maxCatchUp))
	for _, e := range all[:min(len(all), maxCatchUp)] {
		out = append(out, e.id)
	}
	return out, nil
}

// memory is the Cursors of a connector that has none: it forgets with the process.
type memory struct {
	mu     sync.Mutex
	values map[string]string
}

// Cursor implements [Cursors].
func (m *memory) Cursor(_ context.Context, key string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.values[key], nil
}

// SetCursor implements [Cursors].
func (m *memory) SetCursor(_ context.Context, key, value string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.values[key] = value; value == "" {
		delete(m.values, key)
	}
	return nil
}

// Cursors implements [Cursors].
func (m *memory) Cursors(_ context.Context, prefix string) (map[string]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := map[string]string{}
	for key, value := range m.values {
		if strings.HasPrefix(key, prefix) {
			out[key] = value
		}
	}
	return out, nil
}
