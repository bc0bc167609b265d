package insight

import (
	"cmp"
	"context"
	"fmt"
	"time"
)

// Digest is a week in short, for the owner: how customers fared, what they asked in vain, and what was done about it. It is computed from what is stored, so
// it can be made again at any time.
type Digest struct {
	Week Period
	// Weeks are the week itself and those before it, the newest first, with what became of their conversations by now.
	Weeks [Weeks + 1]Fared
	// ToMend are the open gaps to mend first, with their numbers as they were when the week ended; Rising is the one of all open gaps that rises most, or nil.
	ToMend []Weighed
	Rising *Weighed
	// Closed are the gaps that were closed in the week, the last first.
	Closed []Gap
}

// Fared is how the customers of a week fared.
type Fared struct {
	Conversations int
	// Asked are those of them with a question or a wish for a person; Buckets is where each is.
	Asked   int
	Buckets map[Bucket]int
	Counts
}

// HandedOff counts the conversations in which a person was asked for.
func (f Fared) HandedOff() int { return f.Buckets[HandedOffSolved] + f.Buckets[HandedOffOpen] }

// Found is the share of questions that an answer or a choice was found for, which is 1 − the fallback rate; false where nothing was asked.
func (f Fared) Found() (Share, bool) {
	if f.Questions == 0 {
		return 0, false
	}
	return 1 - Share(f.FellBack)/Share(f.Questions), true
}

// Weigher knows how many people ask for gaps.
type Weigher interface {
	// Busiest are the groups that most people asked for from one time until another, the most first; Numbers counts what is known of them.
	Busiest(ctx context.Context, from, to time.Time, limit int) ([]GroupID, error)
	GapsOf(ctx context.Context, ids []GroupID) (map[GroupID]Gap, error)
	Numbers(ctx context.Context, now time.Time, ids ...GroupID) (map[GroupID]Numbers, error)
}

// DigestStore is what a digest is made of.
type DigestStore interface {
	Records
	Weigher
	// Closed are the gaps that somebody answered or decided about in a period, the last first.
	Closed(ctx context.Context, in Period) ([]Gap, error)
}

const (
	// digestGaps is how many gaps a digest shows, weighed of how many they are chosen.
	digestGaps, weighed = 5, 60
	// risingLeast is how many people it takes at least for a digest to say that a gap rises, risingFrom the growth.
	risingLeast, risingFrom = 3, 1.5
)

// NewDigest makes the digest of a week, with what is known at a moment.
func NewDigest(ctx context.Context, store DigestStore, week Period, now time.Time) (Digest, error) {
	d := Digest{Week: week}
	in := week
	for i := range d.Weeks {
		var err error
		if d.Weeks[i], err = fared(ctx, store, in, now); err != nil {
			return Digest{}, err
		}
		in = in.Before()
	}
	open, err := ToMend(ctx, store, week.To, weighed)
	if err != nil {
		return Digest{}, err
	}
	d.ToMend, d.Rising = open[:min(digestGaps, len(open))], rising(open)
	d.Closed, err = store.Closed(ctx, week)
	return d, err
}

// Empty reports whether there is nothing at all to tell of the week and the one before.
func (d Digest) Empty() bool {
	return d.Weeks[0].Conversations+d.Weeks[1].Conversations+len(d.ToMend)+len(d.Closed) == 0
}

func fared(ctx context.Context, records Records, in Period, now time.Time) (Fared, error) {
	f := facts{period: in, now: now, buckets: map[Bucket]int{}}
	conversations, err := records.Conversations(ctx, in, now)
	if err != nil {
		return Fared{}, fmt.Errorf("recall conversations of %v: %w", in, err)
	}
	f.add(conversations)
	return Fared{Conversations: f.conversations, Asked: f.asked(), Buckets: f.buckets, Counts: f.counts}, nil
}

// ToMend are the open gaps that were asked for in the weeks before a moment, at most so many: what to mend first comes first.
func ToMend(ctx context.Context, store Weigher, now time.Time, most int) ([]Weighed, error) {
	out, err := busiest(ctx, store, now.AddDate(0, 0, -7*(Weeks+1)), now)
	return out[:min(most, len(out))], err
}

// busiest are the open gaps that were asked for from one time until another, what to mend first comes first.
func busiest(ctx context.Context, store Weigher, from, to time.Time) ([]Weighed, error) {
	ids, err := store.Busiest(ctx, from, to, weighed)
	if err != nil {
		return nil, err
	}
	known, err := store.GapsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	var gaps []Gap
	for _, id := range ids {
		if g, there := known[id]; there && g.Open() {
			gaps = append(gaps, g)
		}
	}
	return Weigh(ctx, store, to, gaps)
}

// Weigh puts gaps in order by their numbers at a moment, what to mend first comes first.
func Weigh(ctx context.Context, store Weigher, now time.Time, gaps []Gap) ([]Weighed, error) {
	numbers, err := store.Numbers(ctx, now, idsOf(gaps)...)
	if err != nil {
		return nil, err
	}
	out := make([]Weighed, len(gaps))
	for i, g := range gaps {
		out[i] = Weighed{Gap: g, Numbers: numbers[g.ID]}
	}
	return Ranked(out), nil
}

// rising is the gap that grows most, by people where several grow alike.
func rising(list []Weighed) *Weighed {
	var best *Weighed
	for i := range list {
		n := list[i].Numbers
		if n.Week < risingLeast || n.Growth() <= risingFrom {
			continue
		}
		if best == nil || cmp.Or(cmp.Compare(n.Growth(), best.Numbers.Growth()), cmp.Compare(n.Week, best.Numbers.Week)) > 0 {
			best = &list[i]
		}
	}
	return best
}
