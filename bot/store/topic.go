package store

import (
	"context"
	"sync"
)

// Topic is a part of what is stored that others wait for.
type Topic string

const (
	// Entries: what is served, or a draft, changed.
	Entries Topic = "entries"
	// Outbox: there may be a row to send, or one becomes due sooner.
	Outbox Topic = "outbox"
	// Timers: a timer or a deferred event may be due sooner.
	Timers Topic = "timers"
	// Misses: a question was not answered, or people changed what is known of such.
	Misses Topic = "misses"
	// Webchat: a line was added to a web chat.
	Webchat Topic = "webchat"
	// Webhooks: there is an event to send.
	Webhooks Topic = "webhooks"
)

// topics wakes those who wait in this process.
type topics struct {
	mu       sync.Mutex
	watchers map[*watcher]bool
}

type watcher struct {
	topics map[Topic]bool
	wake   chan struct{}
}

func newTopics() *topics { return &topics{watchers: map[*watcher]bool{}} }

// wake wakes the watchers of some topics; nil wakes all.
func (t *topics) wake(changed []Topic) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for w := range t.watchers {
		if w.wants(changed) {
			select {
			case w.wake <- struct{}{}:
			default: // it has not looked since the last time
			}
		}
	}
}

func (w *watcher) wants(changed []Topic) bool {
	if changed == nil || len(w.topics) == 0 {
		return true
	}
	for _, c := range changed {
		if w.topics[c] {
			return true
		}
	}
	return false
}

// Watch returns a channel that holds a value after a change of one of the topics (of any, where none are named), whoever made it:
// at once for this process, and for others within half a second on SQLite and a few milliseconds on PostgreSQL while
// [Store.Run] runs. It may wake for nothing. stop ends it.
func (s *Store) Watch(wanted ...Topic) (wake <-chan struct{}, stop func()) {
	w := &watcher{topics: map[Topic]bool{}, wake: make(chan struct{}, 1)}
	for _, topic := range wanted {
		w.topics[topic] = true
	}
	s.topics.mu.Lock()
	defer s.topics.mu.Unlock()
	s.topics.watchers[w] = true
	return w.wake, func() {
		s.topics.mu.Lock()
		defer s.topics.mu.Unlock()
		delete(s.topics.watchers, w)
	}
}

// Run listens to the changes of other processes until ctx ends, then returns nil. What it loses while a connection is cut is
// made good once it is back.
func (s *Store) Run(ctx context.Context) error {
	err := s.db.listen(ctx, s.topics.wake)
	if ctx.Err() != nil {
		return nil
	}
	return s.explain(err)
}
