package insight

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"faqbot/faq/fault"
)

// step gathers what happens in a round.
type step struct {
	order   []string // misses that were placed or moved
	placed  map[string]Place
	removed []string
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

func (st *step) remove(miss string, from GroupID) {
	st.removed = append(st.removed, miss)
	st.touched[from] = true
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
	sorted := Sorted{Merged: st.merged, Removed: st.removed, Wishes: st.wishes, Known: &s.count}
	for _, id := range st.order {
		sorted.Placed = append(sorted.Placed, Placed{Miss: id, Place: st.placed[id]})
	}
	ids := slices.Sorted(maps.Keys(st.touched))
	known, err := s.store.GapsOf(ctx, ids)
	if err != nil {
		return err
	}
	into, named := st.into(), s.named(st)
	for _, id := range ids {
		gap, there := known[id]
		changed := s.seen(id, gap)
		if !there {
			changed.State, changed.OpenedAt = GapNew, s.options.Now()
		}
		if by, ok := named[id]; ok {
			changed.Named = by
		}
		if to, ok := into[id]; ok {
			changed.Into = s.grouper.Current(to)
		}
		if there && s.grouper.groups[id] == nil {
			changed = changed.Deserted()
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
	s.count += int64(sorted.Steps())
	return nil
}

// into is what groups became part of.
func (st *step) into() map[GroupID]GroupID {
	out := map[GroupID]GroupID{}
	for _, m := range st.merged {
		out[m.From] = m.Into
	}
	return out
}

// named says of groups that were renamed whether a hand names them from now on.
func (s *Sorter) named(st *step) map[GroupID]bool {
	out := map[GroupID]bool{}
	for _, w := range st.wishes {
		if w.Kind == RenameGroup && w.Refused == "" {
			out[s.grouper.Current(w.Group)] = w.Title != ""
		}
	}
	return out
}

// seen is a gap as its group stands.
func (s *Sorter) seen(id GroupID, gap Gap) Gap {
	gap.ID = id
	if group, ok := s.grouper.Group(id); ok && group.ID == id {
		gap.Title = TitleOf(cmp.Or(group.Title, gap.Title))
		gap.Told = gap.Told || group.People >= toldPeople
	}
	return gap
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
