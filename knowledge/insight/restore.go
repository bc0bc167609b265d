package insight

import "iter"

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
	for _, e := range stored.Edits {
		g.uphold(e)
	}
}

func (g *Grouper) restore(m Miss, place Place) {
	gr := g.groups[place.Group]
	if gr == nil {
		gr = &group{id: place.Group, people: map[uint64]int32{}, apart: map[GroupID]bool{}}
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
	gr.people[v.person]++
	if !p.heard(v.person) && len(p.voices) < mostVoices {
		p.voices = append(p.voices, v)
		g.voices[v.id] = v
		g.index.add(p, g.lesson.signs(v.text, v.language), v.lead)
	}
	p.settledAt, p.dividedAt = len(p.voices), len(p.voices)
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
		gr.apart[into.id], into.apart[gr.id] = true, true
	}
}
