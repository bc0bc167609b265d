package insight

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"faqbot/faq"
	"faqbot/faq/fault"
)

// SortStore is what sorting reads and writes.
type SortStore interface {
	// Unplaced are misses of before a time that belong to no group yet, oldest first, without those that were answered after all.
	Unplaced(ctx context.Context, before time.Time, limit int) ([]Miss, error)
	// Placed are those that do, in the order in which they were placed, after a number; it is of the last one of a full page.
	Placed(ctx context.Context, after int64, limit int) (page []Miss, last int64, err error)
	MissesByID(ctx context.Context, ids []string) ([]Miss, error)
	// Leaving are misses that were placed and count no more, at most limit: they were answered after all, or are of before a time.
	Leaving(ctx context.Context, before time.Time, limit int) ([]Miss, error)
	// Since are people who missed an answer of a group after a time, at most limit.
	Since(ctx context.Context, gap GroupID, after time.Time, limit int) (people []string, err error)
	SortBook
}

// SortBook is what is written down of groups.
type SortBook interface {
	Wishes(ctx context.Context, done bool) ([]Wish, error)
	// Merged are the groups that became part of others, and the last number that a group was ever given.
	Merged(ctx context.Context) (mergers []Merger, last GroupID, err error)
	GapsOf(ctx context.Context, ids []GroupID) (map[GroupID]Gap, error)
	// Sort stores a step, all of it or nothing; a Conflict fault says that somebody else sorts, or changed a gap meanwhile.
	Sort(ctx context.Context, sorted Sorted) error
	// Sorted counts all steps ever made.
	Sorted(ctx context.Context) (int64, error)
}

// Sorter puts misses into groups, does what people want done to groups, and reopens gaps whose misses come back. One process at a time runs it.
type Sorter struct {
	store   SortStore
	options SortOptions
	grouper *Grouper
	count   int64 // of the steps that the grouper knows
	saved   int64 // the count that was kept last
	taught  time.Time
	aged    time.Time    // when all that was too old then had left
	known   []*faq.Entry // that it was taught
}

// SortOptions are what a sorter is made from, besides its store.
type SortOptions struct {
	// Entries are those that are published, which teach what belongs together.
	Entries func() []*faq.Entry
	// Language is that of misses of which none is known.
	Language faq.Language
	// OldestFunc is from when on misses are kept at a time: older ones leave their groups. Nil keeps them all.
	OldestFunc func(now time.Time) time.Time
	Cache      SortCache // may be nil
	Logger     *slog.Logger
	Now        func() time.Time
}

// NewSorter makes one. It reads nothing yet.
func NewSorter(store SortStore, options SortOptions) *Sorter {
	return &Sorter{store: store, options: options}
}

const (
	// sortBatch is how many misses are placed in one step.
	sortBatch = 200
	// settleAfter is how old a miss is before it is placed: others that came before it may still be on their way.
	settleAfter = 2 * time.Second
	// learnAgain is how often the published entries are learnt from anew.
	learnAgain = 10 * time.Minute
	// ageAgain is how often it is looked for misses that have become too old.
	ageAgain = time.Hour
	// toldPeople is how many people it takes until other programs are told that there is a gap.
	toldPeople = 3
	// reopenPeople is how many people bring a gap back that was answered.
	reopenPeople = 3
	// restoreBatch is how many misses are read at a time.
	restoreBatch = 5000
)

// Round does what there is to do, and reports whether there may be more.
func (s *Sorter) Round(ctx context.Context) (more bool, err error) {
	if err := s.ready(ctx); err != nil {
		return false, err
	}
	d, err := s.due(ctx)
	if err != nil || d.nothing() {
		return false, err
	}
	step, err := s.do(ctx, d)
	if err == nil {
		err = s.keep(ctx, step)
	}
	if err != nil {
		s.grouper = nil // it knows what was not stored
	}
	if fault.Is(err, fault.Conflict) {
		return false, nil // it is done anew the next time
	}
	return err == nil && (len(d.misses) == sortBatch || len(d.leaving) == sortBatch), err
}

// due is what there is to do in a round.
type due struct {
	wishes          []Wish
	leaving, misses []Miss
}

func (d due) nothing() bool { return len(d.wishes)+len(d.leaving)+len(d.misses) == 0 }

func (s *Sorter) due(ctx context.Context) (d due, err error) {
	if d.wishes, err = s.store.Wishes(ctx, false); err != nil {
		return d, err
	}
	if d.leaving, err = s.leaving(ctx); err != nil {
		return d, err
	}
	d.misses, err = s.store.Unplaced(ctx, s.options.Now().Add(-settleAfter), sortBatch)
	return d, err
}

// leaving are misses that count no more. Those that grow old are looked for now and then.
func (s *Sorter) leaving(ctx context.Context) ([]Miss, error) {
	now := s.options.Now()
	if s.options.OldestFunc == nil || now.Sub(s.aged) < ageAgain {
		return s.store.Leaving(ctx, time.Time{}, sortBatch)
	}
	found, err := s.store.Leaving(ctx, s.options.OldestFunc(now), sortBatch)
	if err == nil && len(found) < sortBatch {
		s.aged = now
	}
	return found, err
}

// do carries out what is due. First what people want, for they saw the groups as they are.
func (s *Sorter) do(ctx context.Context, d due) (*step, error) {
	step := &step{placed: map[string]Place{}, touched: map[GroupID]bool{}}
	for _, w := range d.wishes {
		if err := s.carryOut(ctx, step, w); err != nil {
			return nil, err
		}
	}
	for _, m := range d.leaving {
		from := s.grouper.Current(m.Gap)
		s.grouper.Remove(m, from)
		step.remove(m.ID, from)
	}
	for _, m := range d.misses {
		place, changes := s.grouper.Place(m)
		step.place(m.ID, place)
		step.fresh = append(step.fresh, m)
		step.follow(changes)
		step.follow(s.grouper.Regroup())
	}
	return step, nil
}

// ready has the grouper know all that is stored, and the FAQ as it is.
func (s *Sorter) ready(ctx context.Context) error {
	count, err := s.store.Sorted(ctx)
	if err != nil {
		return err
	}
	now := s.options.Now()
	switch {
	case s.grouper == nil || s.count != count:
		if err := s.restore(ctx, count); err != nil {
			return fmt.Errorf("read the groups: %w", err)
		}
		s.taught = now
	case now.Sub(s.taught) >= learnAgain:
		if !slices.Equal(s.options.Entries(), s.known) { // who serves them makes an entry anew when it changes
			s.grouper.Teach(s.learn())
		}
		s.taught = now
	}
	return nil
}

func (s *Sorter) learn() *Lesson {
	s.known = s.options.Entries()
	return Learn(s.known, s.options.Language)
}
