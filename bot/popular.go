package bot

import (
	"context"
	"sync"
	"time"

	"faqbot/faq"
)

// popularFor is how long the list of most asked entries is kept; popularSince what it looks back on.
const (
	popularFor   = 5 * time.Minute
	popularSince = 30 * 24 * time.Hour
)

// popularList remembers the most asked entries, so that a greeting costs no query. Where nothing has been asked yet it has the first
// entries of the FAQ.
type popularList struct {
	source Popularity
	first  func() []faq.EntryID

	mu  sync.Mutex
	at  time.Time
	ids []faq.EntryID
}

func (p *popularList) list(ctx context.Context, now time.Time) []faq.EntryID {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.at.IsZero() && now.Sub(p.at) < popularFor {
		return p.ids
	}
	ids, err := p.source.Popular(ctx, now.Add(-popularSince), popular)
	if err != nil {
		return p.ids // an older list, or none: a greeting does not fail for it
	}
	if len(ids) < popular && p.first != nil {
		ids = append(ids, p.first()...)
	}
	p.ids, p.at = distinct(ids)[:min(popular, len(distinct(ids)))], now
	return p.ids
}

func distinct(ids []faq.EntryID) []faq.EntryID {
	seen := map[faq.EntryID]bool{}
	var out []faq.EntryID
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}
