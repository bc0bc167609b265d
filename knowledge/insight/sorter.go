package insight

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"faqbot/faq"
	"faqbot/faq/fault"
)

// SortStore is what sorting reads and writes.
type SortStore interface {
	// Unplaced are misses of before a time that belong to no group yet, oldest first.
	Unplaced(ctx context.Context, before time.Time, limit int) ([]Miss, error)
	// Placed are those that do, in the order in which they were placed, after a number; it is of the last one of a full page.
	Placed(ctx context.Context, after int64, limit int) (page []Miss, last int64, err error)
	MissesByID(ctx context.Context, ids []string) ([]Miss, error)
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
	taught  time.Time
	known   []*faq.Entry // that it was taught
}

// SortOptions are what a sorter is made from, besides its store.
type SortOptions struct {
	// Entries are those that are published, which teach what belongs together.
	Entries func() []*faq.Entry
	// Language is that of misses of which none is known.
	Language faq.Language
	Cache    SortCache // may be nil
	Logger   *slog.Logger
	Now      func() time.Time
}

// SortCache keeps what a sorter knows, so that the next one need not learn it from the database. What it loses is made anew.
type SortCache interface {
	// Load is what was saved last under this count, or nil.
	Load(count int64) []byte
	Save(count int64, data []byte) error
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
	wishes, err := s.store.Wishes(ctx, false)
	if err != nil {
		return false, err
	}
	misses, err := s.store.Unplaced(ctx, s.options.Now().Add(-settleAfter), sortBatch)
	if err != nil || len(wishes)+len(misses) == 0 {
		return false, err
	}
	step := &step{placed: map[string]Place{}, touched: map[GroupID]bool{}}
	for _, w := range wishes {
		if err := s.carryOut(ctx, step, w); err != nil {
			s.grouper = nil
			return false, err
		}
	}
	for _, m := range misses {
		place, changes := s.grouper.Place(m)
		step.place(m.ID, place)
		step.fresh = append(step.fresh, m)
		step.follow(changes)
	}
	err = s.keep(ctx, step)
	if err != nil {
		s.grouper = nil // it knows what was not stored
	}
	if fault.Is(err, fault.Conflict) {
		return false, nil // it is done anew the next time
	}
	return err == nil && len(misses) == sortBatch, err
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

// restore makes the grouper from what was kept, else from the database.
func (s *Sorter) restore(ctx context.Context, count int64) error {
	s.grouper, s.count = nil, count
	if s.options.Cache != nil {
		if data := s.options.Cache.Load(count); data != nil {
			g, err := ReadGrouper(bytes.NewReader(data), s.learn())
			if err == nil {
				s.grouper = g
				return nil
			}
			if !errors.Is(err, ErrVersion) {
				s.options.Logger.Warn("what was kept of groups is made anew", "reason", err)
			}
		}
	}
	mergers, last, err := s.store.Merged(ctx)
	if err != nil {
		return err
	}
	wishes, err := s.store.Wishes(ctx, true)
	if err != nil {
		return err
	}
	edits := make([]Edit, 0, len(wishes))
	for _, w := range wishes {
		if w.Refused == "" {
			misses, err := s.store.MissesByID(ctx, w.Misses)
			if err != nil {
				return err
			}
			edits = append(edits, Edit{Kind: w.Kind, Group: w.Group, Into: w.Into, Misses: misses, Title: w.Title})
		}
	}
	g := NewGrouper(s.learn())
	g.Restore(Recorded{Misses: s.all(ctx, &err), Mergers: mergers, Edits: edits, Last: last})
	if err != nil {
		return err
	}
	s.grouper = g
	return s.Save() // over what was kept before: who is forgotten may be in it
}

// all reads misses with their places, in order; an error ends it.
func (s *Sorter) all(ctx context.Context, failed *error) func(yield func(Miss, Place) bool) {
	return func(yield func(Miss, Place) bool) {
		for after := int64(0); ; {
			page, last, err := s.store.Placed(ctx, after, restoreBatch)
			if err != nil {
				*failed = err
				return
			}
			for _, m := range page {
				if !yield(m, Place{Group: m.Gap, Part: m.Part}) {
					return
				}
			}
			if len(page) < restoreBatch {
				return
			}
			after = last
		}
	}
}

// step gathers what happens in a round.
type step struct {
	order   []string // misses that were placed or moved
	placed  map[string]Place
	fresh   []Miss
	merged  []Merger
	touched map[GroupID]bool
	wishes  []Wish
}

func (st *step) place(id string, p Place) {
	if _, there := st.placed[id]; !there {
		st.order = append(st.order, id)
	}
	st.placed[id] = p
	st.touched[p.Group] = true
}

func (st *step) follow(c Changes) {
	for _, m := range c.Merged {
		st.merged = append(st.merged, m)
		st.touched[m.Into], st.touched[m.From] = true, true
		for id, p := range st.placed {
			if p.Group == m.From {
				p.Group = m.Into
				st.placed[id] = p
			}
		}
	}
	for _, m := range c.Moved {
		st.touched[m.From] = true
		st.place(m.Miss, m.To)
	}
}

// carryOut does what somebody wants. What cannot be done is said to them, and nothing is changed by it.
func (s *Sorter) carryOut(ctx context.Context, st *step, w Wish) error {
	misses, err := s.store.MissesByID(ctx, w.Misses)
	if err != nil {
		return err
	}
	w.Done = s.options.Now()
	edit, changes, err := s.grouper.Apply(Edit{Kind: w.Kind, Group: w.Group, Into: w.Into, Misses: misses, Title: w.Title})
	switch {
	case err == nil:
		w.Into = edit.Into
		st.touched[s.grouper.Current(w.Group)] = true
		if w.Into != 0 {
			st.touched[s.grouper.Current(w.Into)] = true
		}
		st.follow(changes)
	case fault.Is(err, fault.Invalid) || fault.Is(err, fault.NotFound) || fault.Is(err, fault.Conflict):
		w.Refused = fault.Message(err)
	default:
		return err
	}
	st.wishes = append(st.wishes, w)
	return nil
}

// keep writes a step down: misses with their groups, and the gaps that are new, called otherwise, merged, or open again.
func (s *Sorter) keep(ctx context.Context, st *step) error {
	sorted := Sorted{Merged: st.merged, Wishes: st.wishes, Known: &s.count}
	for _, id := range st.order {
		sorted.Placed = append(sorted.Placed, Placed{Miss: id, Place: st.placed[id]})
	}
	ids := slices.Sorted(maps.Keys(st.touched))
	known, err := s.store.GapsOf(ctx, ids)
	if err != nil {
		return err
	}
	into := map[GroupID]GroupID{}
	for _, m := range st.merged {
		into[m.From] = m.Into
	}
	renamed := map[GroupID]bool{}
	for _, w := range st.wishes {
		if w.Kind == RenameGroup && w.Refused == "" {
			renamed[s.grouper.Current(w.Group)] = w.Title != ""
		}
	}
	for _, id := range ids {
		gap, there := known[id]
		changed := gap
		if !there {
			changed = Gap{ID: id, State: GapNew, OpenedAt: s.options.Now()}
		}
		if named, ok := renamed[id]; ok {
			changed.Named = named
		}
		if group, ok := s.grouper.Group(id); ok && group.ID == id {
			changed.Title = TitleOf(cmp.Or(group.Title, gap.Title))
			changed.Told = changed.Told || group.People >= toldPeople
		}
		if to, ok := into[id]; ok {
			changed.Into = s.grouper.Current(to)
		}
		if changed, err = s.reopened(ctx, changed, st); err != nil {
			return err
		}
		if changed.Title == "" || there && same(gap, changed) {
			continue
		}
		sorted.Gaps = append(sorted.Gaps, changed)
	}
	if err := s.store.Sort(ctx, sorted); err != nil {
		return err
	}
	s.count += int64(len(sorted.Placed) + len(sorted.Wishes))
	return nil
}

// TitleOf is a title within bounds.
func TitleOf(title string) string {
	runes := []rune(title)
	return string(runes[:min(len(runes), maxGapTitle)])
}

func same(a, b Gap) bool {
	return a.Told == b.Told && a.Title == b.Title && a.Named == b.Named && a.State == b.State && a.Into == b.Into
}

// reopened is a gap that was answered and is not any more: people still miss an answer who asked after that.
func (s *Sorter) reopened(ctx context.Context, g Gap, st *step) (Gap, error) {
	if g.State != GapAnswered || g.Into != 0 {
		return g, nil
	}
	people, err := s.store.Since(ctx, g.ID, g.ClosedAt, reopenPeople)
	if err != nil {
		return g, err
	}
	missed := map[string]bool{}
	for _, person := range people {
		missed[person] = true
	}
	for _, m := range st.fresh {
		if st.placed[m.ID].Group == g.ID && m.At.After(g.ClosedAt) && !m.Answered {
			missed[m.Person] = true
		}
	}
	if len(missed) < reopenPeople {
		return g, nil
	}
	return g.Move(GapNew, s.options.Now()), nil
}

// Save keeps what the sorter knows for the next one.
func (s *Sorter) Save() error {
	if s.grouper == nil || s.options.Cache == nil {
		return nil
	}
	var out bytes.Buffer
	if err := s.grouper.Write(&out); err != nil {
		return err
	}
	return s.options.Cache.Save(s.count, out.Bytes())
}
