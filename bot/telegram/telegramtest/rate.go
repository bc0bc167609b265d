package telegramtest

import (
	"math"
	"time"
)

// rates are the platform's: about one message a second to a chat with a small burst, 20 a minute to a group, 30 a second in all. Edits
// count, refused calls do not.
type rates struct {
	chats  map[int64]*bucket
	groups map[int64][]time.Time
	all    bucket
}

const (
	perSecond = 30
	perGroup  = 20
)

// bucket holds tokens that come back at a rate.
type bucket struct {
	tokens float64
	filled time.Time
}

// missing is how many seconds are missing for a token; 0 takes none yet.
func (b *bucket) missing(now time.Time, rate, burst float64) float64 {
	if b.filled.IsZero() {
		b.tokens = burst
	} else if since := now.Sub(b.filled).Seconds(); since > 0 {
		b.tokens = min(burst, b.tokens+since*rate)
	}
	b.filled = now
	// A twentieth of a token is forgiven: the way to the server shortens intervals.
	return max(0, (0.95-b.tokens)/rate)
}

// overRate is how many seconds a call must wait, 0 when it may go on.
func (s *Server) overRate(c *call) int {
	if s.options.NoRates || !isSend(c.method) {
		return 0
	}
	ch, problem := s.findChat(c.params["chat_id"])
	if problem != nil {
		return 0
	}
	r, now := &s.rates, s.options.Now()
	if r.chats == nil {
		r.chats, r.groups = map[int64]*bucket{}, map[int64][]time.Time{}
	}
	one := r.chats[ch.id]
	if one == nil {
		one = &bucket{}
		r.chats[ch.id] = one
	}
	wait := max(r.all.missing(now, perSecond, perSecond), one.missing(now, 1, float64(s.options.Burst)))
	if ch.kind != private {
		wait = max(wait, r.groupWait(ch.id, now))
	}
	if wait > 0 {
		return int(math.Ceil(wait))
	}
	r.all.tokens--
	one.tokens--
	if ch.kind != private {
		r.groups[ch.id] = append(r.groups[ch.id], now)
	}
	return 0
}

func (r *rates) groupWait(chat int64, now time.Time) float64 {
	sent := r.groups[chat]
	for len(sent) > 0 && now.Sub(sent[0]) >= time.Minute {
		sent = sent[1:]
	}
	r.groups[chat] = sent
	if len(sent) < perGroup {
		return 0
	}
	return time.Minute.Seconds() - now.Sub(sent[0]).Seconds()
}
