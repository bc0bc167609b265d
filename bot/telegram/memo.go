package telegram

import (
	"sync"

	"faqbot/bot/channel"
)

// memo remembers what was done of a message that takes several calls, while it waits for its next attempt.
type memo[T any] struct {
	mu   sync.Mutex
	done map[string]T
}

// maxMemo bounds the memory; what falls out is done again whole.
const maxMemo = 1000

// memoKey tells messages apart. The place is a part of it: what was done in a topic that was deleted since does not count in the next.
func memoKey(m channel.Message) string {
	return m.ID + " " + string(m.To.Chat) + " " + string(m.To.Thread)
}

// take returns what is remembered and forgets it.
func (p *memo[T]) take(m channel.Message) (T, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	done, known := p.done[memoKey(m)]
	delete(p.done, memoKey(m))
	return done, known
}

// keep remembers; a message without an ID cannot come again.
func (p *memo[T]) keep(m channel.Message, done T) {
	if m.ID == "" {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for key := range p.done {
		if len(p.done) >= maxMemo {
			delete(p.done, key)
		}
	}
	if p.done == nil {
		p.done = map[string]T{}
	}
	p.done[memoKey(m)] = done
}
