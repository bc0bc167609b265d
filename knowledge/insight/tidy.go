package insight

import (
	"cmp"
	"math"
	"slices"
)

// record gathers what happens to groups while a miss is placed or an edit made.
type record struct {
	merged []Merger
	moved  []*voice
	from   map[*voice]GroupID
}

// moving notes that a voice is about to leave its group.
func (r *record) moving(v *voice) {
	if r.from == nil {
		r.from = map[*voice]GroupID{}
	}
	if _, there := r.from[v]; !there {
		r.from[v] = v.part.group.id
		r.moved = append(r.moved, v)
	}
}

// follow is where a miss ended that began in a part; a new one has not moved.
func (r *record) follow(v *voice, p *part) Place {
	if _, there := r.from[v]; there {
		delete(r.from, v)
		r.moved = slices.DeleteFunc(r.moved, func(o *voice) bool { return o == v })
	}
	return v.part.place()
}

func (r *record) changes(g *Grouper) Changes {
	out := Changes{Merged: r.merged}
	for _, v := range r.moved {
		from := g.Current(r.from[v])
		if to := v.part.place(); to.Group != from {
			out.Moved = append(out.Moved, Move{Miss: v.id, From: from, To: to})
		}
	}
	return out
}

// looked is how many misses are looked at anew in the part that one joined, and in the second best.
const looked = 2

// tidy looks at what a new miss may have changed.
func (g *Grouper) tidy(p, second *part, log *record) {
	p = g.settle(p, log)
	g.divide(p, log)
	g.lookAgain(p, log)
	if second != nil && second != p && len(second.voices) > 0 && g.parts[second.id] == second {
		g.lookAgain(second, log)
	}
}

// mostMergers bounds how many parts become one with another while a miss is placed; what is left to do is done with the next.
const mostMergers = 3

// settle makes one of a part and those that turned out to be the same, and returns what it is part of then.
func (g *Grouper) settle(p *part, log *record) *part {
	for range mostMergers {
		if len(p.voices)*10 < p.settledAt*11 {
			return p
		}
		p.settledAt = len(p.voices)
		other := g.same(p)
		if other == nil {
			return p
		}
		if other.group.id < p.group.id || other.group == p.group && other.id < p.id {
			p, other = other, p
		}
		g.fuse(p, other, log)
		p.settledAt = 0
	}
	return p
}

// same is the part that most surely says the same as another.
func (g *Grouper) same(p *part) *part {
	sum := g.sumOf(p)
	if sum == nil {
		return nil
	}
	var best *part
	most := 0.0
	own := g.lesson.usual(sum.square, sum.own, sum.count)
	for _, o := range g.index.near(sum, mostKin) {
		if o == p || o.group.apart[p.group.id] {
			continue
		}
		other := g.sumOf(o)
		fit := g.lesson.likeness(sum.alike(other), own, g.lesson.usual(other.square, other.own, other.count))
		if fit -= g.lesson.least(min(sum.count, other.count)); fit > most {
			best, most = o, fit
		}
	}
	return best
}

// least is how alike two parts must be to be made one, by how many voices the smaller one has: more than what would be divided again.
func (l *Lesson) least(smaller int64) float64 {
	return max(mergeAt+mergeRise*math.Log(float64(smaller)), l.leastAlike(smaller)+stay)
}

// fuse makes one part of two, and one group of theirs.
func (g *Grouper) fuse(into, from *part, log *record) {
	if into.group != from.group {
		g.unite(into.group, from.group, log)
	}
	sum := g.sumOf(into)
	var taken []*vector
	g.index.remove(from)
	for _, v := range from.voices {
		v.part = into
		if into.heard(v.person) || len(into.voices) >= mostVoices && !v.pinned {
			delete(g.voices, v.id)
			into.group.taught = slices.DeleteFunc(into.group.taught, func(o *voice) bool { return o == v })
			continue
		}
		x := g.reading(v)
		taken = append(taken, x)
		into.voices = append(into.voices, v)
		g.index.add(into, x.signs, v.lead)
	}
	if len(taken) > 0 {
		g.setSum(into, sum.plus(total(taken), 1))
	}
	from.voices = nil
	g.drop(from)
}

// unite makes a group part of another, which keeps what was done to both by hand.
func (g *Grouper) unite(into, from *group, log *record) {
	for _, p := range from.parts {
		p.group = into
	}
	into.parts = append(into.parts, from.parts...)
	into.title = cmp.Or(into.title, from.title)
	into.misses += from.misses
	into.people = into.people.with(from.people)
	for id := range from.apart {
		parted(into, g.groups[id])
		delete(g.groups[id].apart, from.id)
	}
	into.taught = lastOf(append(into.taught, from.taught...))
	from.parts = nil
	delete(g.groups, from.id)
	g.merged[from.id] = into.id
	log.merged = append(log.merged, Merger{From: from.id, Into: into.id})
}

func lastOf(list []*voice) []*voice { return list[max(0, len(list)-mostTaught):] }

// lookAgain asks of a few voices of a part whether they belong elsewhere by now.
func (g *Grouper) lookAgain(p *part, log *record) {
	for range min(looked, len(p.voices)) {
		p.turn %= len(p.voices)
		v := p.voices[p.turn]
		p.turn++
		if v.pinned || len(p.voices) == 1 {
			continue
		}
		x := g.reading(v)
		found := g.choose(x, v)
		if found.best == p {
			continue
		}
		log.moving(v)
		g.move(v, x, found.best)
		if len(p.voices) == 0 {
			return
		}
	}
}

// move brings a voice to another part, or to one of its own where there is none.
func (g *Grouper) move(v *voice, x *vector, to *part) {
	from := v.part.group
	g.forget(v)
	from.uncount(v)
	g.clean(from)
	if to == nil {
		to = g.newPart(nil)
	}
	to.group.misses++
	to.group.people.count(v.person, 1)
	if to.heard(v.person) || len(to.voices) >= mostVoices && !v.pinned {
		v.part = to
		return
	}
	g.remember(v, x, to)
}

// clean removes a group that has lost its last miss.
func (g *Grouper) clean(gr *group) {
	if gr.misses > 0 || g.groups[gr.id] == nil {
		return
	}
	for _, p := range gr.parts {
		g.remove(p)
	}
	for id := range gr.apart {
		delete(g.groups[id].apart, gr.id)
	}
	delete(g.groups, gr.id)
}
