package insight

import (
	"slices"

	"faqbot/faq/fault"
)

// EditKind is what is done to groups by hand.
type EditKind string

const (
	// MergeGroups makes Group part of Into.
	MergeGroups EditKind = "merge"
	// SplitGroup brings Misses of Group to a new one; the two stay apart.
	SplitGroup EditKind = "split"
	// MoveMisses brings Misses from Group to Into, or to a new one where Into is 0. Where they were brought, what is like them goes from then on.
	MoveMisses EditKind = "move"
	// RenameGroup gives Group a title; an empty one leaves it to the questions again.
	RenameGroup EditKind = "rename"
)

// Edit is done by hand: it is kept for ever, and nothing that happens by itself goes against it.
type Edit struct {
	Kind   EditKind `json:"kind"`
	Group  GroupID  `json:"group"`
	Into   GroupID  `json:"into,omitempty"`
	Misses []Miss   `json:"misses,omitempty"`
	Title  string   `json:"title,omitempty"`
}

// Apply makes an edit, or changes nothing and says why not. The edit it returns is the one to store: where a group was made, Into names it.
func (g *Grouper) Apply(e Edit) (Edit, Changes, error) {
	gr := g.groups[g.Current(e.Group)]
	if gr == nil {
		return e, Changes{}, fault.New(fault.NotFound, "there is no gap %d", e.Group)
	}
	log := &record{}
	var err error
	switch e.Kind {
	case MergeGroups:
		err = g.mergeByHand(gr, e, log)
	case SplitGroup:
		e.Into = 0
		err = g.moveByHand(gr, &e, log)
	case MoveMisses:
		err = g.moveByHand(gr, &e, log)
	case RenameGroup:
		gr.title = e.Title
	default:
		err = fault.New(fault.Invalid, "%q cannot be done to a group", e.Kind)
	}
	return e, log.changes(g), err
}

func (g *Grouper) mergeByHand(from *group, e Edit, log *record) error {
	into := g.groups[g.Current(e.Into)]
	switch {
	case into == nil:
		return fault.New(fault.NotFound, "there is no gap %d", e.Into)
	case into == from:
		return fault.New(fault.Conflict, "gaps %d and %d are one already", e.Group, e.Into)
	}
	delete(into.apart, from.id)
	delete(from.apart, into.id)
	from.pin()
	into.pin()
	g.unite(into, from, log)
	return nil
}

// pin makes what is in a group stay there.
func (gr *group) pin() {
	for _, p := range gr.parts {
		for _, v := range p.voices {
			v.pinned = true
		}
	}
}

// moveByHand brings misses of a group to another one, and keeps both apart.
func (g *Grouper) moveByHand(from *group, e *Edit, log *record) error {
	if len(e.Misses) == 0 {
		return fault.New(fault.Invalid, "no question is named that is to leave gap %d", e.Group)
	}
	if len(e.Misses) >= from.misses {
		return fault.New(fault.Invalid, "gap %d would be empty: merge or rename it instead", e.Group)
	}
	into := g.groups[g.Current(e.Into)]
	if e.Into != 0 && (into == nil || into == from) {
		return fault.New(fault.NotFound, "there is no other gap %d", e.Into)
	}
	for _, m := range e.Misses {
		if v := g.voices[m.ID]; v != nil && v.part.group != from {
			return fault.New(fault.Conflict, "“%s” is not in gap %d any more", m.Utterance, e.Group)
		}
	}
	if e.Kind == SplitGroup {
		from.pin()
	}
	if into == nil {
		into = g.newPart(nil).group
		e.Into = into.id
	}
	for _, m := range e.Misses {
		g.bring(g.known(m, from), into, log)
	}
	parted(from, into)
	return nil
}

// known is the voice of a miss; one that is not remembered is from now on.
func (g *Grouper) known(m Miss, from *group) *voice {
	if v := g.voices[m.ID]; v != nil {
		return v
	}
	v := newVoice(m)
	v.part = &part{group: from} // a place of its own that nobody looks at
	return v
}

// bring moves a voice to a group by hand: to the part that it fits, or to one of its own, so that it does not pull where it is unlike the others.
func (g *Grouper) bring(v *voice, into *group, log *record) {
	x := g.reading(v)
	log.moving(v)
	from := v.part.group
	if g.voices[v.id] != nil {
		g.forget(v)
	}
	from.uncount(v)
	var to *part
	best := joinAt
	for _, p := range into.parts {
		if len(p.voices) == 0 {
			to = p
			break
		}
		if fit := g.fits(x, p, false); fit > best {
			to, best = p, fit
		}
	}
	if to == nil {
		to = g.newPart(into)
	}
	into.misses++
	into.people.count(v.person, 1)
	v.pinned = true
	g.remember(v, x, to)
	into.taught = lastOf(append(into.taught, v))
}

// Remove takes a miss out of its group: it has been answered after all, or is too old to be kept. At is the group that is stored with it.
func (g *Grouper) Remove(m Miss, at GroupID) {
	gr := g.groups[g.Current(at)]
	if gr == nil {
		return
	}
	v := g.known(m, gr)
	if g.voices[m.ID] != nil {
		gr = v.part.group
		g.forget(v)
	}
	gr.uncount(v)
	g.clean(gr)
}

// Forget removes all that is remembered of a person, whose misses no longer count. What groups are called by may change with it.
func (g *Grouper) Forget(person string) {
	number := personOf(Miss{Person: person})
	for _, id := range g.Groups() {
		gr := g.groups[id]
		n := gr.people.of(number)
		if n == 0 {
			continue
		}
		for _, p := range slices.Clone(gr.parts) {
			for _, v := range slices.Clone(p.voices) {
				if v.person == number {
					g.forget(v)
				}
			}
		}
		gr.people.count(number, -n)
		gr.misses -= int(n)
		g.clean(gr)
	}
	g.memory, g.near = memory{}, nil
}
