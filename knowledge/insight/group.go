package insight

import (
	"maps"
	"slices"
	"strings"
)

// Group is questions that mean the same, as they stand.
type Group struct {
	ID GroupID
	// Title is the one given by hand, or else the clearest of the questions.
	Title string
	// Misses is how many there are, People how many different persons asked: what a group counts by.
	Misses, People int
	// Apart are the groups that a hand has parted from this one.
	Apart []GroupID
}

// Group finds a group by its ID or that of one that is part of it now; ok is false where none of its misses is left.
func (g *Grouper) Group(id GroupID) (_ Group, ok bool) {
	gr := g.groups[g.Current(id)]
	if gr == nil {
		return Group{}, false
	}
	return Group{ID: gr.id, Title: g.title(gr), Misses: gr.misses, People: len(gr.people), Apart: slices.Sorted(maps.Keys(gr.apart))}, true
}

// Current is the ID of the group that one is part of now: its own, unless it was merged.
func (g *Grouper) Current(id GroupID) GroupID {
	for {
		into, ok := g.merged[id]
		if !ok {
			return id
		}
		id = into
	}
}

// Groups lists the IDs of all groups, in the order in which they began.
func (g *Grouper) Groups() []GroupID { return slices.Sorted(maps.Keys(g.groups)) }

// title is the clearest question of a group's largest part.
func (g *Grouper) title(gr *group) string {
	if gr.title != "" {
		return gr.title
	}
	var largest *part
	for _, p := range gr.parts {
		if largest == nil || len(p.voices) > len(largest.voices) {
			largest = p
		}
	}
	if largest == nil || len(largest.voices) == 0 {
		return ""
	}
	best, most := largest.voices[0], 0.0
	for i, v := range largest.voices {
		if clear := g.clarity(v, largest); i == 0 || clear > most {
			best, most = v, clear
		}
	}
	return best.text
}

const (
	// shortest and longest are how many words a clear question has; each more than that costs tooLong, fewer cost tooShort.
	shortest, longest = 3, 10
	tooLong, tooShort = 0.05, 0.3
	// placeholder is what each piece of masked data costs: nobody knows what stood there.
	placeholder = 0.5
)

// clarity is how well a question stands for a part: near the middle, complete, short, and nothing in it masked.
func (g *Grouper) clarity(v *voice, p *part) float64 {
	x := g.reading(v)
	clear := g.fits(x, p, true)
	words := 0
	for _, s := range x.signs {
		if s.Word() {
			words++
		}
	}
	clear -= tooLong * float64(max(0, words-longest))
	if words < shortest {
		clear -= tooShort
	}
	return clear - placeholder*float64(strings.Count(v.text, "["))
}
