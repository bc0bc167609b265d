package store

import (
	"context"
	"crypto/rand"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"faqbot/bot/channel"
)

// block is how many ticket numbers a process reserves at a time. What is left of it when the process ends is a gap.
const block = 20

// maxLent bounds what is remembered of numbers whose events were never committed.
const maxLent = 10_000

// numbers lends fresh ticket numbers to events. One that its turn did not use is lent again, so the second ticket of a quiet
// month is not called 4711.
type numbers struct {
	reserve func(ctx context.Context, count int64) (first int64, err error)

	mu   sync.Mutex
	free []int64 // rising
	lent map[channel.EventID]int64
}

func newNumbers(reserve func(context.Context, int64) (int64, error)) *numbers {
	return &numbers{reserve: reserve, lent: map[channel.EventID]int64{}}
}

// lend returns a number for an event: the same one each time, until it is settled.
func (n *numbers) lend(ctx context.Context, event channel.EventID) (int64, error) {
	if number, ok := n.take(event); ok {
		return number, nil
	}
	first, err := n.reserve(ctx, block)
	if err != nil {
		return 0, err
	}
	n.mu.Lock()
	for i := range int64(block) {
		n.free = append(n.free, first+i)
	}
	slices.Sort(n.free)
	n.mu.Unlock()
	if number, ok := n.take(event); ok {
		return number, nil
	}
	return n.lend(ctx, event)
}

func (n *numbers) take(event channel.EventID) (int64, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if number, ok := n.lent[event]; ok {
		return number, true
	}
	if len(n.free) == 0 {
		return 0, false
	}
	number := n.free[0]
	n.free = n.free[1:]
	if len(n.lent) >= maxLent {
		clear(n.lent)
	}
	n.lent[event] = number
	return number, true
}

// settle ends the loan of an event that is committed.
func (n *numbers) settle(event channel.EventID, used bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	number, ok := n.lent[event]
	delete(n.lent, event)
	if !ok || used {
		return
	}
	i, _ := slices.BinarySearch(n.free, number)
	n.free = slices.Insert(n.free, i, number)
}

// reset drops all numbers: the database's count is another one.
func (n *numbers) reset() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.free = nil
	clear(n.lent)
}

// reserve takes numbers out of the database's count.
func (s *Store) reserve(ctx context.Context, count int64) (first int64, err error) {
	err = s.write(ctx, nil, func(ctx context.Context, t *tx) error {
		var last int64
		err := t.row(ctx, []any{&last}, `UPDATE counters SET value = value + $1 WHERE name = 'tickets' RETURNING value`, count)
		first = last - count + 1
		return err
	})
	return first, err
}

// keys makes the IDs of messages, of a name of this process by chance and a count, so that a copy of the database that runs elsewhere
// makes other ones; and their order.
type keys struct {
	mu     sync.Mutex
	prefix string
	count  uint64
	last   int64
}

func newKeys() *keys { return &keys{prefix: strings.ToLower(rand.Text()[:12])} }

// next is at most 25 characters long, which is what Discord takes.
func (k *keys) next() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.count++
	return k.prefix + strconv.FormatUint(k.count, 36)
}

// since is a time in microseconds that was not given before: the order in which this process wrote messages.
func (k *keys) since(now time.Time) int64 {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.last = max(k.last+1, micros(now))
	return k.last
}
