package insight

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"unique"

	"faqbot/faq"
	"faqbot/knowledge"
)

// snapshotVersion tells apart how grouping is kept and done. What was kept under another one is not read; [Grouper.Restore] makes the groups anew from what
// was stored of each miss.
const snapshotVersion = 2

// ErrVersion is that a snapshot was made by another version.
var ErrVersion = errors.New("a snapshot of another version")

// header comes first in a snapshot, then each group.
type header struct {
	Version, Signs int
	IDs            counters
	Merged         map[GroupID]GroupID
	Groups         int
}

type keptGroup struct {
	ID     GroupID
	Title  string
	Misses int
	People []uint64
	Counts []int32 // of the misses of each
	Apart  []GroupID
	Taught []string
	Parts  []keptPart
}

type keptPart struct {
	ID                         int64
	Words                      []sign
	SettledAt, DividedAt, Turn int
	Voices                     []keptVoice
}

type keptVoice struct {
	ID, Text string
	Person   uint64
	Language faq.Language
	Lead     faq.EntryID
	Pinned   bool
}

// Write keeps all that a grouper knows but its lesson, so that [ReadGrouper] goes on where it stood. Its size follows what is remembered, not how many misses
// there were.
func (g *Grouper) Write(w io.Writer) error {
	out := gob.NewEncoder(w)
	err := out.Encode(header{snapshotVersion, knowledge.SignVersion, g.ids, g.merged, len(g.groups)})
	for _, id := range g.Groups() {
		if err == nil {
			err = out.Encode(g.groups[id].kept())
		}
	}
	if err != nil {
		return fmt.Errorf("write groups: %w", err)
	}
	return nil
}

func (gr *group) kept() keptGroup {
	out := keptGroup{ID: gr.id, Title: gr.title, Misses: gr.misses, Apart: slices.Sorted(maps.Keys(gr.apart))}
	for _, a := range gr.people {
		out.People, out.Counts = append(out.People, a.person), append(out.Counts, a.misses)
	}
	for _, v := range gr.taught {
		out.Taught = append(out.Taught, v.id)
	}
	for _, p := range gr.parts {
		k := keptPart{ID: p.id, Words: p.words, SettledAt: p.settledAt, DividedAt: p.dividedAt, Turn: p.turn}
		for _, v := range p.voices {
			k.Voices = append(k.Voices, keptVoice{v.id, v.text, v.person, v.language, v.lead, v.pinned})
		}
		out.Parts = append(out.Parts, k)
	}
	return out
}

// ReadGrouper reads what [Grouper.Write] wrote, and goes on with a lesson; [ErrVersion] where it was written by another version.
func ReadGrouper(r io.Reader, lesson *Lesson) (*Grouper, error) {
	in := gob.NewDecoder(r)
	var h header
	if err := in.Decode(&h); err != nil {
		return nil, fmt.Errorf("read groups: %w", err)
	}
	if h.Version != snapshotVersion || h.Signs != knowledge.SignVersion {
		return nil, fmt.Errorf("read groups: %w", ErrVersion)
	}
	g := NewGrouper(lesson)
	g.ids = h.IDs
	maps.Copy(g.merged, h.Merged)
	for range h.Groups {
		var k keptGroup
		if err := in.Decode(&k); err != nil {
			return nil, fmt.Errorf("read groups: %w", err)
		}
		g.take(k)
	}
	g.recall()
	g.indexAll()
	return g, nil
}

func (g *Grouper) take(k keptGroup) {
	gr := &group{id: k.ID, title: k.Title, misses: k.Misses, people: make(people, len(k.People))}
	for i, person := range k.People {
		gr.people[i] = asker{person, k.Counts[i]}
	}
	for _, id := range k.Apart {
		if gr.apart == nil {
			gr.apart = map[GroupID]bool{}
		}
		gr.apart[id] = true
	}
	for _, kp := range k.Parts {
		p := &part{id: kp.ID, group: gr, words: kp.Words, settledAt: kp.SettledAt, dividedAt: kp.DividedAt, turn: kp.Turn}
		for _, kv := range kp.Voices {
			v := &voice{person: kv.Person, language: unique.Make(kv.Language).Value(), lead: unique.Make(kv.Lead).Value(), part: p, pinned: kv.Pinned}
			v.say(kv.ID, kv.Text)
			p.voices = append(p.voices, v)
			g.voices[v.id] = v
		}
		gr.parts = append(gr.parts, p)
		g.parts[p.id] = p
	}
	for _, id := range k.Taught {
		gr.taught = append(gr.taught, g.voices[id])
	}
	g.groups[gr.id] = gr
}

// Teach puts another lesson in the place of the one there was: the FAQ has changed. What is grouped stays as it is; from here on new misses are judged by it.
func (g *Grouper) Teach(lesson *Lesson) {
	g.lesson, g.memory, g.near = lesson, memory{}, nil
	g.recall()
}
