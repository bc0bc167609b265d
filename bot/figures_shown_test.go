package bot_test

import (
	"fmt"
	"slices"
	"time"

	"faqbot/bot"
	"faqbot/bot/handoff"
	"faqbot/knowledge/insight"
)

// period is what was recounted of one.
type period struct {
	buckets                              map[insight.Bucket]int
	total                                int
	questions, fellBack, given, rejected int
	met                                  int // turns with a question that had an answer
	tickets                              []*helped
	fates                                map[insight.Fate]int
	moved                                int
}

func (r recounted) in(p insight.Period) period {
	out := period{buckets: map[insight.Bucket]int{}, fates: map[insight.Fate]int{}}
	for _, t := range r.talks {
		if !p.Contains(t.started) {
			continue
		}
		out.total++
		out.buckets[t.bucket]++
		given, rejected := 0, 0
		for _, turn := range t.turns {
			given += turn.times(bot.Answered) + turn.times(bot.Told)
			rejected = min(given, rejected+turn.times(bot.NotMeant)) // who says so twice of one answer says so of one
			out.count(turn)
		}
		out.given, out.rejected = out.given+given, out.rejected+rejected
	}
	for _, h := range r.tickets {
		if p.Contains(h.opened) {
			out.tickets = append(out.tickets, h)
		}
	}
	for _, pr := range r.promises {
		if !p.Contains(pr.made) {
			continue
		}
		fate := pr.fate
		if fate == insight.PromisePending && pr.last.Due.Before(r.now) {
			fate = insight.PromiseBroken
		}
		out.fates[fate]++
		if fate == insight.PromiseKept && !pr.last.MovedAt.IsZero() {
			out.moved++
		}
	}
	return out
}

func (p *period) count(turn asked) {
	question, fell := 0, 0
	p.met += min(1, turn.times(bot.Answered))
	for _, kind := range turn.kinds {
		switch kind {
		case bot.Answered:
			question = 1
		case bot.Clarified:
			question = 1
		case bot.FellBack:
			question, fell = 1, 1
		}
	}
	p.questions += question
	p.fellBack += fell
}

// times is how often a turn came to something.
func (a asked) times(kind bot.OutcomeKind) (n int) {
	for _, k := range a.kinds {
		if k == kind {
			n++
		}
	}
	return n
}

// shown is what a report on the period has to show.
func (p period) shown() map[string]string {
	out := map[string]string{"total": fmt.Sprint(p.total)}
	for _, b := range insight.Buckets() {
		out[string(b)] = fmt.Sprint(p.buckets[b])
	}
	share := func(key string, part, whole int) {
		out[key] = fmt.Sprintf("–: %d of %d", part, whole)
		if whole > 0 {
			out[key] = fmt.Sprintf("%v: %d of %d", float64(part)/float64(whole), part, whole)
		}
	}
	asked := p.total - p.buckets[insight.NoQuestion]
	share("containment", asked-p.buckets[insight.HandedOffSolved]-p.buckets[insight.HandedOffOpen], asked)
	share("resolution", p.buckets[insight.Confirmed], asked)
	share("silence", p.buckets[insight.Silent], asked)
	share("fallback_rate", p.fellBack, p.questions)
	share("answered", p.met, p.questions)
	share("wrong_rejected", p.rejected, p.given)
	share("wrong_sampled", 0, 0)
	var real, closed, silent, rated, happy int
	var replies, ends []time.Duration
	for _, h := range p.tickets {
		spam, back := !h.open && h.outcome == handoff.Spam, !h.open && (h.outcome == handoff.TakenBack || h.outcome == handoff.Told)
		if h.rating > 0 {
			rated++
		}
		if h.rating > 3 {
			happy++
		}
		if !h.open && !spam && !back {
			closed++
			if h.replied.IsZero() {
				silent++
			}
			ends = append(ends, h.closed.Sub(h.opened))
		}
		if spam || back && h.replied.IsZero() {
			continue
		}
		real++
		if !h.replied.IsZero() {
			replies = append(replies, h.replied.Sub(h.opened))
		}
	}
	share("deflection", p.buckets[insight.Confirmed], p.buckets[insight.Confirmed]+real)
	out["handoffs"] = fmt.Sprintf("%d: %d of %d", real, real, len(p.tickets))
	share("closed_unreplied", silent, closed)
	share("csat", happy, rated)
	for name, took := range map[string][]time.Duration{"first_reply": replies, "resolve": ends} {
		for of, percent := range map[string]float64{"median": 0.5, "p90": 0.9} {
			shown := "–"
			if len(took) > 0 {
				shown = fmt.Sprint(nearest(took, percent).Seconds())
			}
			out[name+"_"+of] = fmt.Sprintf("%s: %d of %d", shown, len(took), real)
		}
	}
	ended := p.fates[insight.PromiseKept] + p.fates[insight.PromiseBroken]
	share("promises_kept", p.fates[insight.PromiseKept]-p.moved, ended)
	share("promises_moved", p.moved, ended)
	share("promises_broken", p.fates[insight.PromiseBroken], ended)
	return out
}

// nearest is the smallest of all that at least such a share is not above, by trying them.
func nearest(took []time.Duration, share float64) time.Duration {
	best := slices.Max(took)
	for _, d := range took {
		n := 0
		for _, o := range took {
			if o <= d {
				n++
			}
		}
		if float64(n) >= share*float64(len(took)) && d < best {
			best = d
		}
	}
	return best
}
