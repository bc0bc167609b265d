package insight

import (
	"cmp"
	"slices"

	"faqbot/faq"
)

// index finds the parts that share words with a text.
type index struct {
	parts map[sign][]*part
	// leads are the parts with voices that an entry was a good candidate for.
	leads map[faq.EntryID][]*part
	// search is the number of the last one: what parts share is counted in them.
	search int64
}

func newIndex() index {
	return index{parts: map[sign][]*part{}, leads: map[faq.EntryID][]*part{}}
}

const (
	// mostNear is how many parts a text is compared with, mostKin a part.
	mostNear, mostKin = 24, 12
	// mostSearched bounds what is read of the index for one text, mostWords the words of a part that are searched for.
	mostSearched, mostWords = 6_000, 40
)

// add notes the words of a text that a part has come to have.
func (i *index) add(p *part, signs []sign, lead faq.EntryID) {
	for _, s := range signs {
		if !s.Whole() {
			continue
		}
		if at, there := slices.BinarySearch(p.words, s); !there {
			p.words = slices.Insert(p.words, at, s)
			i.parts[s] = noted(i.parts[s], p)
		}
	}
	if lead != "" {
		i.leads[lead] = noted(i.leads[lead], p)
	}
}

// remove takes a part out.
func (i *index) remove(p *part) {
	for _, s := range p.words {
		if i.parts[s] = struck(i.parts[s], p); len(i.parts[s]) == 0 {
			delete(i.parts, s)
		}
	}
	p.words = nil
	for _, v := range p.voices {
		i.strike(v.lead, p)
	}
}

// strike takes a part from those that an entry leads to.
func (i *index) strike(lead faq.EntryID, p *part) {
	if i.leads[lead] = struck(i.leads[lead], p); len(i.leads[lead]) == 0 {
		delete(i.leads, lead)
	}
}

func placed(list []*part, p *part) (int, bool) {
	return slices.BinarySearchFunc(list, p, func(a, b *part) int { return cmp.Compare(a.id, b.id) })
}

// noted is a list, in the order of numbers, with a part.
func noted(list []*part, p *part) []*part {
	at, there := placed(list, p)
	if there {
		return list
	}
	return slices.Insert(list, at, p)
}

// struck is a list without a part.
func struck(list []*part, p *part) []*part {
	if at, there := placed(list, p); there {
		return slices.Delete(list, at, at+1)
	}
	return list
}

type wanted struct {
	sign   sign
	weight int64
}

// near are the parts that share most words with a text or a sum, the nearest first, at most limit. Rare words are looked up first, and common ones no more
// once enough was read.
func (i *index) near(x *vector, limit int) []*part {
	i.search++
	var found []*part
	budget := mostSearched
	for n, w := range i.wanted(x) {
		list := i.parts[w.sign]
		if budget -= len(list); n > 0 && budget < 0 && len(found) > 0 {
			break
		}
		for _, p := range list {
			if p.search != i.search {
				p.search, p.shared = i.search, 0
				found = append(found, p)
			}
			p.shared += w.weight
		}
	}
	return nearest(found, limit)
}

// nearest are those of parts that share most, in order; there are far more than are wanted, so they are not all sorted.
func nearest(parts []*part, limit int) []*part {
	compare := func(a, b *part) int { return cmp.Or(cmp.Compare(b.shared, a.shared), cmp.Compare(a.id, b.id)) }
	best := make([]*part, 0, limit+1)
	for _, p := range parts {
		if len(best) == limit && compare(p, best[limit-1]) > 0 {
			continue
		}
		at, _ := slices.BinarySearchFunc(best, p, compare)
		best = slices.Insert(best, at, p)
		best = best[:min(limit, len(best))]
	}
	return best
}

// wanted are the words that are looked up: the heaviest of a sum, those in the fewest parts first.
func (i *index) wanted(x *vector) []wanted {
	var list []wanted
	for n, s := range x.signs {
		if s.Whole() && len(i.parts[s]) > 0 {
			w := int64(x.weights[n])
			list = append(list, wanted{s, w * w})
		}
	}
	slices.SortFunc(list, func(a, b wanted) int { return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.sign, b.sign)) })
	list = list[:min(mostWords, len(list))]
	slices.SortStableFunc(list, func(a, b wanted) int { return cmp.Compare(len(i.parts[a.sign]), len(i.parts[b.sign])) })
	return list
}

// goodCandidate is the confidence from which a candidate says something of what a miss is about.
const goodCandidate = 0.5

// abroad is the group in another language that a miss shares its best candidate with, or nil: words cannot tell there.
func (g *Grouper) abroad(v *voice) *group {
	if v.lead == "" || v.language == "" {
		return nil
	}
	var best *part
	for _, p := range g.index.leads[v.lead] {
		first := p.language()
		if first == "" || first.Base() == v.language.Base() || !p.leadsTo(v.lead) {
			continue
		}
		if best == nil || len(p.voices) > len(best.voices) {
			best = p
		}
	}
	if best == nil {
		return nil
	}
	return best.group
}

// language is that of a part's first voice.
func (p *part) language() faq.Language {
	if len(p.voices) == 0 {
		return ""
	}
	return p.voices[0].language
}

// leadsTo reports whether most voices of a part have an entry as a good candidate.
func (p *part) leadsTo(entry faq.EntryID) bool {
	n := 0
	for _, v := range p.voices {
		if v.lead == entry {
			n++
		}
	}
	return 2*n > len(p.voices)
}

// sort puts lists in order that were filled in another.
func (i *index) sort() {
	byNumber := func(a, b *part) int { return cmp.Compare(a.id, b.id) }
	for s, list := range i.parts {
		slices.SortFunc(list, byNumber)
		i.parts[s] = slices.Clip(list)
	}
	for lead, list := range i.leads {
		slices.SortFunc(list, byNumber)
		i.leads[lead] = slices.Compact(list)
	}
}
