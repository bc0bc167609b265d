package insight

import (
	"cmp"
	"hash/fnv"
	"slices"
)

const (
	// regroupedFrom is how many voices there must be, and regroupedAfter by how much more, as a divisor, than the last time: among many texts, which are
	// nearest to each other tells more than how alike they are on average; among few it does not.
	regroupedFrom, regroupedAfter = 300, 16
	// mostRegrouped bounds how many voices are looked at together: those of the largest parts, which are what people mend first.
	mostRegrouped = 6_000
)

// Regroup looks at what most ask for as a whole, where a sixteenth more is remembered than the last time, and finds anew which of it belongs together. It is
// to be called after each [Grouper.Place], and mostly does nothing.
func (g *Grouper) Regroup() Changes {
	if !g.due {
		return Changes{}
	}
	g.due = false
	c := &casting{pool: g.crowd()}
	for n, p := range c.pool {
		for _, v := range p.voices {
			c.order = append(c.order, drawn{v, v.lot(), n})
		}
	}
	if len(c.order) == 0 {
		return Changes{}
	}
	// The order in which texts are looked at must not be that of the groups there are: they would come out again.
	slices.SortFunc(c.order, func(a, b drawn) int { return cmp.Or(cmp.Compare(a.lot, b.lot), cmp.Compare(a.voice.id, b.voice.id)) })
	was := make([]int, len(c.order))
	for i, s := range c.order {
		was[i] = s.part
	}
	t := tied(g.neighbours(c.order))
	log := &record{}
	if c.of = t.circles(); t.worth(c.of) > t.worth(was) {
		g.cast(c, log)
	}
	return log.changes(g)
}

// drawn is a voice with its place in an order that tells nothing, and the number of its part in the pool.
type drawn struct {
	voice *voice
	lot   uint64
	part  int
}

// lot is a number that scatters voices.
func (v *voice) lot() uint64 {
	h := fnv.New64a()
	h.Write([]byte(v.id))
	return h.Sum64()
}

// regroupsAt reports whether so many voices are as many as are waited for. It follows from their number alone, and so is the same after a restart.
func regroupsAt(voices int) bool {
	next := regroupedFrom
	for next < voices {
		next += next / regroupedAfter
	}
	return next == voices
}

// crowd are the largest parts that no hand was laid on.
func (g *Grouper) crowd() []*part {
	var all []*part
	for _, p := range g.parts {
		if len(p.voices) > 0 && !p.group.touched() {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b *part) int {
		return cmp.Or(cmp.Compare(len(b.voices), len(a.voices)), cmp.Compare(a.id, b.id))
	})
	room := mostRegrouped
	for i, p := range all {
		if room -= len(p.voices); room < 0 {
			return all[:i]
		}
	}
	return all
}

// touched reports whether a hand placed voices of a group, or keeps it apart: what belongs to it is not for circles to say.
func (gr *group) touched() bool {
	return len(gr.taught)+len(gr.apart) > 0 || slices.ContainsFunc(gr.parts, func(p *part) bool {
		return slices.ContainsFunc(p.voices, func(v *voice) bool { return v.pinned })
	})
}

// casting gives circles of voices to the parts that these are in.
type casting struct {
	pool  []*part
	order []drawn
	of    []int   // the circle of each drawn
	to    []*part // of each circle, nil for a new one
}

// overlap is how many voices a part and a circle have in common.
type overlap struct{ part, circle, voices int }

// overlaps are all, the largest first.
func (c *casting) overlaps() []overlap {
	count := map[overlap]int{}
	for i, k := range c.of {
		count[overlap{part: c.order[i].part, circle: k}]++
	}
	out := make([]overlap, 0, len(count))
	for s, n := range count {
		s.voices = n
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b overlap) int {
		return cmp.Or(cmp.Compare(b.voices, a.voices), cmp.Compare(c.pool[a.part].id, c.pool[b.part].id), cmp.Compare(a.circle, b.circle))
	})
	return out
}

// cast makes the parts what circles say. Each circle is the part that it has most voices of; a part whose voices are mostly in the circle of another becomes
// one with that, so that what is no more remembered of it goes there, too.
func (g *Grouper) cast(c *casting, log *record) {
	c.to = make([]*part, slices.Max(c.of)+1)
	given := make([]bool, len(c.pool))
	overlaps := c.overlaps()
	for _, s := range overlaps {
		if c.to[s.circle] == nil && !given[s.part] {
			c.to[s.circle], given[s.part] = c.pool[s.part], true
		}
	}
	for _, s := range overlaps {
		if p := c.pool[s.part]; !given[s.part] && 2*s.voices > len(p.voices) {
			given[s.part] = true
			g.become(c, p, c.to[s.circle], log)
		}
	}
	for i, s := range c.order {
		g.follow(c, i, s.voice, log)
	}
	for _, p := range c.to {
		if p != nil && g.parts[p.id] == p {
			p.dividedAt, p.settledAt = len(p.voices), len(p.voices)
		}
	}
}

// become makes one of a part that has no circle and the one its voices are in; the older keeps its number.
func (g *Grouper) become(c *casting, p, into *part, log *record) {
	if into == nil {
		return
	}
	if p.group.id < into.group.id || p.group == into.group && p.id < into.id {
		c.to[slices.Index(c.to, into)] = p
		p, into = into, p
	}
	g.fuse(into, p, log)
}

// follow moves a voice to the part of its circle.
func (g *Grouper) follow(c *casting, i int, v *voice, log *record) {
	to := c.to[c.of[i]]
	if g.voices[v.id] != v || v.part == to {
		return
	}
	if to == nil {
		to = g.newPart(nil)
		c.to[c.of[i]] = to
	}
	log.moving(v)
	g.move(v, g.reading(v), to)
}
