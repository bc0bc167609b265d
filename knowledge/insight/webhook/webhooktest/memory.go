// Package webhooktest has a queue of webhooks in memory, and the suite that every queue passes.
package webhooktest

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"faqbot/knowledge/insight/webhook"
)

// Memory is a [webhook.Queue] that lasts as long as the test. It is safe for concurrent use.
type Memory struct {
	mu      sync.Mutex
	targets []webhook.TargetID
	rows    map[key]*row
	count   int
	broken  error // of all that is asked
}

type key struct {
	event  webhook.EventID
	target webhook.TargetID
}

type row struct {
	webhook.Delivery
	givenUp string
}

// NewMemory is an empty queue that keeps events for some receivers.
func NewMemory(targets ...webhook.TargetID) *Memory {
	return &Memory{targets: targets, rows: map[key]*row{}}
}

// Announce keeps an event for all receivers.
func (m *Memory) Announce(kind webhook.Kind, data string, at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	event := webhook.Event{ID: webhook.EventID(fmt.Sprintf("event-%05d", m.count)), Kind: kind, At: at, Data: json.RawMessage(data)}
	m.count++
	for _, target := range m.targets {
		m.rows[key{event.ID, target}] = &row{Delivery: webhook.Delivery{Event: event, Due: at}}
	}
}

// Break makes everything fail from now on, or with nil work again.
func (m *Memory) Break(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.broken = err
}

// GivenUp are the reasons of what was given up.
func (m *Memory) GivenUp() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []string
	for _, r := range m.rows {
		if r.givenUp != "" {
			out = append(out, r.givenUp)
		}
	}
	slices.Sort(out)
	return out
}

// Pending implements [webhook.Queue].
func (m *Memory) Pending(_ context.Context, target webhook.TargetID, limit int) ([]webhook.Delivery, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []webhook.Delivery
	for k, r := range m.rows {
		if k.target == target && r.givenUp == "" {
			out = append(out, r.Delivery)
		}
	}
	slices.SortFunc(out, func(a, b webhook.Delivery) int {
		return cmp.Or(a.Due.Compare(b.Due), a.Event.At.Compare(b.Event.At), cmp.Compare(a.Event.ID, b.Event.ID))
	})
	return out[:min(limit, len(out))], m.broken
}

// Settle implements [webhook.Queue].
func (m *Memory) Settle(_ context.Context, event webhook.EventID, target webhook.TargetID, result webhook.Result) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := key{event, target}
	r := m.rows[k]
	if m.broken != nil || r == nil || r.givenUp != "" {
		return m.broken
	}
	if result.Fate == webhook.Delivered {
		delete(m.rows, k)
		return nil
	}
	r.Attempts++
	if r.TriedAt.IsZero() {
		r.TriedAt = result.At
	}
	switch result.Fate {
	case webhook.GivenUp:
		r.givenUp = result.Reason
	case webhook.Retry:
		r.Due = result.Due
	}
	return nil
}
