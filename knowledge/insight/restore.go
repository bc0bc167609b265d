package insight

import (
	"cmp"
	"iter"
	"maps"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Recorded is what is stored of groups: misses with their places, in the order they came; mergers and edits, in the order they happened.
type Recorded struct {
	Misses  iter.Seq2[Miss, Place]
	Mergers []Merger
	Edits   []Edit
	// Last is the greatest number that a group was ever given: none is given twice.
	Last GroupID
}

// Restore makes groups anew from what is stored of them, for when there is no snapshot: IDs, members, titles and what hands have done are as they were. It
// places nothing, so it takes a small part of the time that placing took; call it on a new grouper.
func (g *Grouper) Restore(stored Recorded) {
	for m, place := range stored.Misses {
		g.restore(m, place)
	}
	g.ids.Group = max(g.ids.Group, stored.Last)
	for _, m := range stored.Mergers {
		g.merged[m.From] = m.Into
		g.ids.Group = max(g.ids.Group, m.From, m.Into)
	}
	for _, p := range g.parts {
		p.settledAt, p.dividedAt = len(p.voices), len(p.voices)
	}
	g.recall()
	g.indexAll()
	for _, e := range stored.Edits {
		g.uphold(e)
	}
}

func (g *Grouper) restore(m Miss, place Place) {
	gr := g.groups[place.Group]
	if gr == nil {
		gr = &group{id: place.Group}
		g.groups[gr.id] = gr
	}
	p := g.parts[place.Part]
	if p != nil && p.group != gr { // its texts have been parted since, and this one was not remembered
		g.ids.Part++
		place.Part, p = g.ids.Part, nil
	}
	if p == nil {
		p = &part{id: place.Part, group: gr}
		gr.parts = append(gr.parts, p)
		g.parts[p.id] = p
	}
	g.ids.Group, g.ids.Part = max(g.ids.Group, gr.id), max(g.ids.Part, p.id)
	v := newVoice(m)
	v.part = p
	gr.misses++
	gr.people.count(v.person, 1)
	if !p.heard(v.person) && len(p.voices) < mostVoices {
		p.voices = append(p.voices, v)
		g.voices[v.id] = v
	}
}

// recall reads again what parts say, whose voices are known: the words of those that have none, and the sums of those of several voices. Reading is most of
// what a start takes, so all processors do it.
func (g *Grouper) recall() {
	parts := g.ordered()
	var next atomic.Int64
	var readers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		readers.Go(func() {
			for n := next.Add(1); n <= int64(len(parts)); n = next.Add(1) {
				g.lesson.recall(parts[n-1])
			}
		})
	}
	readers.Wait()
}

// ordered are all parts in the order of their numbers.
func (g *Grouper) ordered() []*part {
	return slices.SortedFunc(maps.Values(g.parts), func(a, b *part) int { return cmp.Compare(a.id, b.id) })
}

// recall reads the voices of a part. It changes nothing else, so several parts can be read at once.
func (l *Lesson) recall(p *part) {
	p.sum = nil
	if len(p.voices) < 2 {
		if len(p.voices) == 1 && p.words == nil {
			p.words = slices.Clone(wholes(l.signs(p.voices[0].text, p.voices[0].language)))
		}
		return
	}
	readings := make([]*vector, len(p.voices))
	for i, v := range p.voices {
		readings[i] = l.read(v.text, v.language)
	}
	p.sum = total(readings)
	p.sum.signs, p.sum.weights = slices.Clone(p.sum.signs), slices.Clone(p.sum.weights) // in no more room than they take
	if p.words != nil {
		return
	}
	for _, x := range readings {
		p.words = append(p.words, wholes(x.signs)...)
	}
	slices.Sort(p.words)
	p.words = slices.Clone(slices.Compact(p.words))
}

// indexAll makes the index of all parts.
func (g *Grouper) indexAll() {
	g.index = newIndex()
	for _, p := range g.ordered() {
		g.index.enter(p)
		g.index.took(p)
	}
}

// uphold does again what an edit forbids from then on.
func (g *Grouper) uphold(e Edit) {
	if e.Kind == MergeGroups {
		g.merged[e.Group] = e.Into
	}
	g.ids.Group = max(g.ids.Group, e.Group, e.Into)
	gr, into := g.groups[g.Current(e.Group)], g.groups[g.Current(e.Into)]
	if e.Kind == RenameGroup && gr != nil {
		gr.title = e.Title
	}
	if e.Kind == MergeGroups && into != nil || e.Kind == SplitGroup && gr != nil {
		g.groups[g.Current(e.Group)].pin()
	}
	for _, m := range e.Misses {
		if v := g.voices[m.ID]; v != nil && into != nil && v.part.group == into {
			v.pinned = true
			into.taught = lastOf(append(into.taught, v))
		}
	}
	if e.Kind != MergeGroups && gr != nil && into != nil && gr != into {
		parted(gr, into)
	}
}
