package insight

import (
	"context"
	"fmt"
	"math"
	"time"
)

// facts are what a period's figures are made of.
type facts struct {
	period        Period
	now           time.Time
	conversations int
	buckets       map[Bucket]int
	counts        Counts
	tickets       []Handoff
	promises      map[Fate]int
	moved         int // of the kept ones
	rated         Rated
}

// recall reads the facts of a period.
func recall(ctx context.Context, records Records, in Period, now time.Time) (facts, error) {
	f := facts{period: in, now: now, buckets: map[Bucket]int{}, promises: map[Fate]int{}}
	conversations, err := records.Conversations(ctx, in, now)
	if err != nil {
		return f, fmt.Errorf("recall conversations of %v: %w", in, err)
	}
	f.add(conversations)
	if f.tickets, err = records.Handoffs(ctx, in); err != nil {
		return f, fmt.Errorf("recall tickets of %v: %w", in, err)
	}
	promises, err := records.Promises(ctx, in, now)
	if err != nil {
		return f, fmt.Errorf("recall promises of %v: %w", in, err)
	}
	for _, p := range promises {
		f.promises[p.Fate] += p.Count
		if p.Fate == PromiseKept && p.Moved {
			f.moved += p.Count
		}
	}
	if f.rated, err = records.Rated(ctx, in); err != nil {
		return f, fmt.Errorf("recall what staff said of answers of %v: %w", in, err)
	}
	return f, nil
}

// add adds conversations up by what they came to.
func (f *facts) add(conversations []Conversation) {
	for _, c := range conversations {
		f.conversations += c.Alike
		f.buckets[c.Bucket(f.now)] += c.Alike
		f.counts.Questions += c.Questions
		f.counts.FellBack += c.FellBack
		f.counts.Met += c.Met
		f.counts.Answers += c.Answers
		f.counts.Rejected += c.Rejected
	}
}

func (f facts) asked() int     { return f.conversations - f.buckets[NoQuestion] }
func (f facts) handedOff() int { return f.buckets[HandedOffSolved] + f.buckets[HandedOffOpen] }

// wanted counts the tickets for which somebody had to come.
func (f facts) wanted() int { return f.count(Handoff.Counts) }

func (f facts) count(is func(Handoff) bool) int {
	n := 0
	for _, h := range f.tickets {
		if is(h) {
			n++
		}
	}
	return n
}

// measured is a value with what it is a part of.
type measured struct {
	value       Value // nil where there is nothing to measure
	part, whole int
}

func share(part, whole int) measured {
	if whole == 0 {
		return measured{part: part}
	}
	return measured{Share(float64(part) / float64(whole)), part, whole}
}

// sampled is a share of a sample, with its interval of 95 % after Wilson (Journal of the American Statistical Association 22, 1927), which holds for
// small samples and for none or all as well.
func sampled(part, whole int) measured {
	if whole == 0 {
		return measured{}
	}
	const z = 1.96
	n, p := float64(whole), float64(part)/float64(whole)
	middle := (p + z*z/(2*n)) / (1 + z*z/n)
	reach := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return measured{Estimate{Share(p), Share(max(0, middle-reach)), Share(min(1, middle+reach))}, part, whole}
}

// spanOf is a percentile of how long something took, for those tickets that it has an end for.
func (f facts) spanOf(percent int, end func(Handoff) time.Time) measured {
	var took []time.Duration
	for _, h := range f.tickets {
		if at := end(h); h.Counts() && !at.IsZero() {
			took = append(took, at.Sub(h.OpenedAt))
		}
	}
	m := measured{part: len(took), whole: f.wanted()}
	if len(took) > 0 {
		m.value = Span(percentile(took, percent))
	}
	return m
}

func replied(h Handoff) time.Time { return h.RepliedAt }

func resolved(h Handoff) time.Time {
	if h.End != ByStaff {
		return time.Time{}
	}
	return h.ClosedAt
}

// promised is the share of a kind of promises among those whose time has come.
func (f facts) promised(n int) measured {
	return share(n, f.promises[PromiseKept]+f.promises[PromiseBroken])
}

// figure is one that is shown, with its formula in words. Its whole is what the second number beside it counts.
type figure struct {
	key, title, formula string
	measure             func(f facts) measured
}

// ofWhat says which facts a period has.
const ofWhat = "Figures of conversations and of what was asked in them are of those that began in the period, with all that became of them since; those of tickets " +
	"of the ones opened in it, of promises the ones made in it, of the sample the answers given in it."

var figureList = []figure{
	{"containment", "containment", "conversations that ended without a handoff ÷ conversations with a question or a wish for a person",
		func(f facts) measured { return share(f.asked()-f.handedOff(), f.asked()) }},
	{"resolution", "resolution", "confirmed ÷ conversations with a question or a wish for a person",
		func(f facts) measured { return share(f.buckets[Confirmed], f.asked()) }},
	{"silence", "silent, beside resolution", "silent ÷ conversations with a question or a wish for a person; nobody knows whether these were helped",
		func(f facts) measured { return share(f.buckets[Silent], f.asked()) }},
	{"deflection", "deflection", "confirmed ÷ (confirmed + tickets); silent ones are not counted as resolved",
		func(f facts) measured { return share(f.buckets[Confirmed], f.buckets[Confirmed]+f.wanted()) }},
	{"fallback_rate", "fallback rate", "turns that fell back ÷ turns with a question, typed or chosen from a list",
		func(f facts) measured { return share(f.counts.FellBack, f.counts.Questions) }},
	{"answered", "answered share", "turns with an answer ÷ turns with a question, typed or chosen from a list",
		func(f facts) measured { return share(f.counts.Met, f.counts.Questions) }},
	{"wrong_rejected", "wrong answers, by customers", "answers that were “not what I meant” ÷ answers given, those that were told later among them; most who are given a wrong one do not say so",
		func(f facts) measured { return share(f.counts.Rejected, f.counts.Answers) }},
	{"wrong_sampled", "wrong answers, by sample", "wrong ÷ answers of the weekly sample that staff have rated, with the bounds of 95 %",
		func(f facts) measured { return sampled(f.rated.Wrong, f.rated.Wrong+f.rated.Right) }},
	{"handoffs", "handoffs", "tickets, without spam, and without wishes that were taken back and kept questions that an entry answered before anybody replied; of all that were opened",
		func(f facts) measured { return measured{Count(f.wanted()), f.wanted(), len(f.tickets)} }},
	{"first_reply_median", "first reply, median", "from the opening of a ticket to the first reply of a person, day and night; of the tickets that were replied to",
		func(f facts) measured { return f.spanOf(50, replied) }},
	{"first_reply_p90", "first reply, p90", "nine in ten of them were replied to within this time",
		func(f facts) measured { return f.spanOf(90, replied) }},
	{"resolve_median", "time to resolve, median", "from the first opening of a ticket to its last closing by staff, day and night; of the tickets that are closed",
		func(f facts) measured { return f.spanOf(50, resolved) }},
	{"resolve_p90", "time to resolve, p90", "nine in ten of them were closed within this time",
		func(f facts) measured { return f.spanOf(90, resolved) }},
	{"closed_unreplied", "closed without a reply", "tickets that staff closed before a person had replied ÷ tickets that staff closed",
		func(f facts) measured {
			return share(f.count(func(h Handoff) bool { return h.End == ByStaff && h.RepliedAt.IsZero() }), f.count(func(h Handoff) bool { return h.End == ByStaff }))
		}},
	{"promises_kept", "promises kept as made", "kept by the time that was told first ÷ kept + broken",
		func(f facts) measured { return f.promised(f.promises[PromiseKept] - f.moved) }},
	{"promises_moved", "promises kept after a move", "kept by a later time, told before the first had gone by ÷ kept + broken",
		func(f facts) measured { return f.promised(f.moved) }},
	{"promises_broken", "promises broken", "not kept by the time that was told last ÷ kept + broken",
		func(f facts) measured { return f.promised(f.promises[PromiseBroken]) }},
	{"csat", "CSAT", "ratings of 4 and 5 ÷ ratings",
		func(f facts) measured {
			return share(f.count(func(h Handoff) bool { return h.Rating >= 4 }), f.count(func(h Handoff) bool { return h.Rating > 0 }))
		}},
}

// figures is the section of all figures, each with its formula beside it.
func figures(current, before facts) Section {
	s := Section{Key: "figures", Title: "Figures", Notes: []string{ofWhat}, Columns: []Column{
		{Key: "key", Title: "key", Hidden: true}, {Key: "figure", Title: "figure"}, {Key: "value", Title: "value"}, {Key: "of", Title: "of"},
		{Key: "part", Title: "part", Hidden: true}, {Key: "whole", Title: "whole", Hidden: true}, {Key: "low", Title: "low", Hidden: true},
		{Key: "high", Title: "high", Hidden: true}, {Key: "before", Title: "before"}, {Key: "before_part", Hidden: true}, {Key: "before_whole", Hidden: true},
		{Key: "formula", Title: "formula"},
	}}
	for _, f := range figureList {
		now, then := f.measure(current), f.measure(before)
		row := Row{
			"key": Words(f.key), "figure": Words(f.title), "formula": Words(f.formula), "value": now.value, "part": Count(now.part), "whole": Count(now.whole),
			"before": then.value, "before_part": Count(then.part), "before_whole": Count(then.whole), "of": ofAll(now),
		}
		if e, ok := now.value.(Estimate); ok {
			row["low"], row["high"] = e.Low, e.High
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

// ofAll says of how many a figure is, in words for people alone.
func ofAll(m measured) Value { return Words(fmt.Sprintf("%d of %d", m.part, m.whole)) }

// buckets is the section of what conversations came to; its last row is the sum of the others.
func buckets(current, before facts) Section {
	s := Section{Key: "conversations", Title: "Conversations", Notes: current.notes(), Columns: []Column{
		{Key: "key", Title: "key", Hidden: true}, {Key: "bucket", Title: "came to"}, {Key: "count", Title: "count"}, {Key: "share", Title: "share"},
		{Key: "before", Title: "before"}, {Key: "formula", Title: "which are these"},
	}}
	for _, b := range Buckets() {
		s.Rows = append(s.Rows, Row{
			"key": Words(b), "bucket": Words(meanings[b].title), "count": Count(current.buckets[b]), "share": share(current.buckets[b], current.conversations).value,
			"before": Count(before.buckets[b]), "formula": Words(meanings[b].formula),
		})
	}
	s.Rows = append(s.Rows, Row{
		"key": Words("total"), "bucket": Words("total"), "count": Count(current.conversations), "share": share(current.conversations, current.conversations).value,
		"before": Count(before.conversations), "formula": Words("conversations that began in the period; each is in exactly one line above"),
	})
	return s
}

var meanings = map[Bucket]struct{ title, formula string }{
	NoQuestion:      {"no question", "nothing was asked, neither of the bot nor of a person; or staff closed it as spam"},
	Confirmed:       {"confirmed", "the customer said that it helped, and nothing asked after that was left unanswered or refused"},
	Silent:          {"silent", "the last question was answered; no return and no person asked for within 7 days"},
	GivenUp:         {"given up", "left without an answer, or came back within 7 days without having confirmed one"},
	HandedOffSolved: {"handed off and solved", "a person was asked for, and staff have closed the ticket; a kept question that an entry answers since counts by what was said of that answer"},
	HandedOffOpen:   {"handed off and open", "a person was asked for, and the ticket is not closed"},
	Unsettled:       {"not settled yet", "younger than 7 days and still silent, or not over"},
}
