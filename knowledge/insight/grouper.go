package insight

import (
	"cmp"
	"hash/fnv"
	"slices"
	"unique"

	"faqbot/faq"
	"faqbot/knowledge"
)

// GroupID names a group for ever. Numbers are given in order and never twice; the ID of a group that was merged into another leads there, see
// [Grouper.Group].
type GroupID int64

// Grouper groups misses by meaning. Each miss joins the nearest group or starts one; groups that turn out to be the same are merged, one that turns out to be
// two is divided, and misses at a border are looked at anew, a few with each miss that comes. Now and then what most ask for is looked at as a whole, see
// [Grouper.Regroup]. What was done by hand is never undone.
//
// All it does follows from its lesson and from what it was given, in order: the same again gives the same groups. It is not for several goroutines at once.
type Grouper struct {
	lesson *Lesson
	groups map[GroupID]*group
	// merged leads from a group that is no more to the one it is part of.
	merged map[GroupID]GroupID
	parts  map[int64]*part
	voices map[string]*voice
	index  index
	memory memory
	ids    counters
	due    bool                   // to be regrouped
	near   map[*voice][]neighbour // of those that were regrouped last
}

// counters are the last numbers that were given.
type counters struct {
	Group GroupID
	Part  int64
}

// NewGrouper returns one without groups.
func NewGrouper(lesson *Lesson) *Grouper {
	return &Grouper{lesson: lesson, groups: map[GroupID]*group{}, merged: map[GroupID]GroupID{}, parts: map[int64]*part{}, voices: map[string]*voice{}, index: newIndex()}
}

// group is what people mean by the same. It consists of parts, each of texts that are alike: one, unless others were joined to it by hand or across languages.
type group struct {
	id     GroupID
	parts  []*part // in the order they came
	title  string  // given by hand
	misses int
	people people
	apart  map[GroupID]bool // groups that must not become one with this, by hand
	taught []*voice         // brought here by hand, the last ones
}

// voice is a miss that a part remembers: the first of each person.
type voice struct {
	id       string
	person   uint64
	text     string
	language faq.Language
	lead     faq.EntryID // the best candidate, where it is a good one
	part     *part
	// pinned voices were placed by hand, or were in a group that was: nothing but a hand moves them.
	pinned bool
}

// Place is where a miss belongs. Both numbers are to be stored with it, [Grouper.Restore] wants them back.
type Place struct {
	Group GroupID
	// Part is a number for the texts within a group that are most alike.
	Part int64
}

// Move is a miss that was moved.
type Move struct {
	Miss string
	From GroupID
	To   Place
}

// Merger is a group that became part of another, with all its misses.
type Merger struct{ From, Into GroupID }

// Changes are what happened to groups, to be recorded in this order: first mergers, then moves. Mergers hold for misses that are no longer remembered, too.
type Changes struct {
	Merged []Merger
	Moved  []Move
}

// Place places a new miss, and tells what else changed by it. It is called once for each: one that is remembered stays where it is, but of those that are
// not a grouper cannot know that it has seen them. The work is bounded, however many misses there are.
func (g *Grouper) Place(m Miss) (Place, Changes) {
	if v := g.voices[m.ID]; v != nil {
		return v.part.place(), Changes{}
	}
	v := newVoice(m)
	x := g.lesson.read(v.text, v.language)
	found := g.choose(x, nil)
	p := found.best
	if p == nil {
		p = g.newPart(g.abroad(v))
	}
	g.join(v, x, p)
	g.due = g.voices[m.ID] == v && regroupsAt(len(g.voices))
	log := &record{}
	g.tidy(p, found.second, log)
	return log.follow(v, p), log.changes(g)
}

func newVoice(m Miss) *voice {
	v := &voice{person: personOf(m)}
	v.say(m.ID, m.Utterance)
	v.language = unique.Make(m.Language).Value()
	if len(m.Candidates) > 0 && m.Candidates[0].Confidence >= goodCandidate {
		v.lead = unique.Make(m.Candidates[0].Entry).Value()
	}
	return v
}

// say keeps an ID and a text side by side: there may be a million of them, and each piece of memory costs.
func (v *voice) say(id, text string) {
	both := id + text
	v.id, v.text = both[:len(id)], both[len(id):]
}

// personOf is a number for who asked; somebody of whom nothing is known is somebody else each time.
func personOf(m Miss) uint64 {
	h := fnv.New64a()
	h.Write([]byte(cmp.Or(m.Person, "\x00"+m.ID)))
	return h.Sum64()
}

// join counts a miss in a part, which remembers it if it is the first of its person there and there is room.
func (g *Grouper) join(v *voice, x *vector, p *part) {
	v.part = p
	p.group.misses++
	p.group.people.count(v.person, 1)
	if p.heard(v.person) || len(p.voices) >= mostVoices {
		return
	}
	g.remember(v, x, p)
}

func (g *Grouper) remember(v *voice, x *vector, p *part) {
	v.part = p
	sum := x
	if len(p.voices) > 0 {
		sum = g.sumOf(p).plus(x, 1)
	}
	p.voices = append(p.voices, v)
	g.setSum(p, sum)
	g.voices[v.id] = v
	g.index.add(p, x.signs, v.lead)
	g.memory.keep(v, x)
}

// forget takes a voice out of its part, which may be empty then.
func (g *Grouper) forget(v *voice) {
	p := v.part
	if len(p.voices) > 1 {
		g.setSum(p, g.sumOf(p).plus(g.reading(v), -1))
	}
	p.voices = slices.DeleteFunc(p.voices, func(o *voice) bool { return o == v })
	p.group.taught = slices.DeleteFunc(p.group.taught, func(o *voice) bool { return o == v })
	delete(g.voices, v.id)
	if !slices.ContainsFunc(p.voices, func(o *voice) bool { return o.lead == v.lead }) {
		g.index.strike(v.lead, p)
	}
	if len(p.voices) == 0 {
		g.drop(p)
	}
}

// uncount takes a miss out of a group's figures.
func (gr *group) uncount(v *voice) {
	gr.misses--
	gr.people.count(v.person, -1)
}

// newPart begins a part of a group, or of a new one.
func (g *Grouper) newPart(in *group) *part {
	if in == nil {
		g.ids.Group++
		in = &group{id: g.ids.Group}
		g.groups[in.id] = in
	}
	g.ids.Part++
	p := &part{id: g.ids.Part, group: in}
	in.parts = append(in.parts, p)
	g.parts[p.id] = p
	g.index.enter(p)
	return p
}

// drop removes a part without voices. A group that still has misses, which nobody remembers, keeps it.
func (g *Grouper) drop(p *part) {
	g.index.remove(p)
	p.sum = nil
	gr := p.group
	if len(gr.parts) == 1 && gr.misses > 0 {
		return
	}
	g.remove(p)
	gr.parts = slices.DeleteFunc(gr.parts, func(o *part) bool { return o == p })
	if len(gr.parts) == 0 {
		delete(g.groups, gr.id)
	}
}

// remove takes a part out that is no more.
func (g *Grouper) remove(p *part) {
	delete(g.parts, p.id)
	g.index.leave(p)
}

// parted keeps two groups from becoming one.
func parted(a, b *group) {
	for _, pair := range [][2]*group{{a, b}, {b, a}} {
		if pair[0].apart == nil {
			pair[0].apart = map[GroupID]bool{}
		}
		pair[0].apart[pair[1].id] = true
	}
}

// reading is what a voice says.
func (g *Grouper) reading(v *voice) *vector {
	if x := g.memory.find(v); x != nil {
		return x
	}
	x := g.lesson.read(v.text, v.language)
	g.memory.keep(v, x)
	return x
}

// memory keeps what was read lately: reading a text takes far longer than comparing it.
type memory struct{ young, old map[*voice]*vector }

// mostReadings bounds each generation of a memory.
const mostReadings = 20_000

func (m *memory) find(v *voice) *vector {
	if x := m.young[v]; x != nil {
		return x
	}
	x := m.old[v]
	if x != nil {
		m.keep(v, x)
	}
	return x
}

func (m *memory) keep(v *voice, x *vector) {
	if m.young == nil || len(m.young) >= mostReadings {
		m.old, m.young = m.young, map[*voice]*vector{}
	}
	m.young[v] = x
}

// sign is kept by what is indexed.
type sign = knowledge.Sign
