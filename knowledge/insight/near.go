package insight

import (
	"cmp"
	"slices"
	"sort"

	"faqbot/faq"
)

// index finds the parts that share words with a text.
type index struct {
	words postings
	// leads are the parts with voices that an entry was a good candidate for.
	leads map[faq.EntryID][]*part
	// seats are the parts in the order of their numbers, nil where one is no more, and shared what each has in common with what is searched for.
	seats  []*part
	shared []tally
	empty  int
	// search is the number of the last one, found and wanted are room for what is found and looked up in one.
	search int64
	found  []seat
	wanted []wanted
}

// seat is where a part is in an index: lists of seats are short, and what is counted of parts is found side by side.
type seat uint32

// tally is what a part was found to share in a search.
type tally struct {
	weight int64
	search int64
}

func newIndex() index {
	return index{words: newPostings(), leads: map[faq.EntryID][]*part{}}
}

const (
	// mostNear is how many parts a text is compared with, mostKin a part.
	mostNear, mostKin = 24, 12
	// mostSearched bounds what is read of the index for one text, mostWords the words of a part that are searched for.
	mostSearched, mostWords = 6_000, 40
	// mostEmpty is how many seats may be empty before it is looked whether most are.
	mostEmpty = 1 << 16
)

// enter gives a part a seat. Parts come in the order of their numbers.
func (i *index) enter(p *part) {
	if i.empty > mostEmpty && i.empty > len(i.seats)/2 {
		i.close()
	}
	p.seat = seat(len(i.seats))
	i.seats, i.shared = append(i.seats, p), append(i.shared, tally{})
}

// leave takes a part out that is no more.
func (i *index) leave(p *part) {
	i.remove(p)
	i.seats[p.seat] = nil
	i.empty++
}

// close gives those that are left new seats, without empty ones between them.
func (i *index) close() {
	now, left := make([]seat, len(i.seats)), 0
	for n, p := range i.seats {
		if p == nil {
			continue
		}
		p.seat = seat(left)
		now[n] = p.seat
		i.seats[left] = p
		left++
	}
	clear(i.seats[left:])
	i.seats, i.shared, i.empty = i.seats[:left], i.shared[:left], 0
	i.words.renumber(now)
}

// add notes the words of a text that a part has come to have.
func (i *index) add(p *part, signs []sign, lead faq.EntryID) {
	p.words = i.added(p, signs)
	if lead != "" {
		i.leads[lead] = noted(i.leads[lead], p)
	}
}

// added are the words of a part with those of a text, which are entered where they are new.
func (i *index) added(p *part, signs []sign) []sign {
	whole := wholes(signs)
	out := make([]sign, 0, len(p.words)+len(whole))
	had := p.words
	for _, s := range whole {
		for len(had) > 0 && had[0] < s {
			out, had = append(out, had[0]), had[1:]
		}
		if len(had) > 0 && had[0] == s {
			continue
		}
		i.words.add(s, p.seat)
		out = append(out, s)
	}
	if out = append(out, had...); len(out) == len(p.words) {
		return p.words
	}
	return out
}

// took enters the words of a part that come with it.
func (i *index) took(p *part) {
	for _, s := range p.words {
		i.words.add(s, p.seat)
	}
	for _, v := range p.voices {
		if v.lead != "" {
			i.leads[v.lead] = noted(i.leads[v.lead], p)
		}
	}
}

// remove takes a part's words out.
func (i *index) remove(p *part) {
	for _, s := range p.words {
		i.words.remove(s, p.seat)
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

// near are the parts that share most words with a text or a sum, the nearest first, at most limit. Rare words are looked up first, and common ones no more
// once enough was read; of one that very many parts have the oldest are read.
func (i *index) near(x *vector, limit int) []*part {
	i.search++
	i.found = i.found[:0]
	budget := mostSearched
	for n, w := range i.look(x) {
		list := i.words.of(w.sign)
		if budget -= len(list); n > 0 && budget < 0 {
			break
		}
		for _, at := range list[:min(len(list), mostSearched)] {
			t := &i.shared[at]
			if t.search != i.search {
				*t = tally{search: i.search}
				i.found = append(i.found, at)
			}
			t.weight += w.weight
		}
	}
	return i.nearest(limit)
}

// nearest are those that were found to share most, in order; there are far more than are wanted, so they are not all sorted.
func (i *index) nearest(limit int) []*part {
	compare := func(a, b seat) int {
		return cmp.Or(cmp.Compare(i.shared[b].weight, i.shared[a].weight), cmp.Compare(a, b))
	}
	best := make([]seat, 0, limit+1)
	for _, n := range i.found {
		if len(best) == limit && compare(n, best[limit-1]) > 0 {
			continue
		}
		at, _ := slices.BinarySearchFunc(best, n, compare)
		best = slices.Insert(best, at, n)
		best = best[:min(limit, len(best))]
	}
	out := make([]*part, len(best))
	for n, at := range best {
		out[n] = i.seats[at]
	}
	return out
}

// wanted is a word that is looked up.
type wanted struct {
	sign   sign
	weight int64
	parts  int
}

// look chooses the words that are looked up: the heaviest of a sum, those in the fewest parts first.
func (i *index) look(x *vector) []wanted {
	list := i.wanted[:0]
	for n, s := range wholes(x.signs) {
		if parts := i.words.count(s); parts > 0 {
			w := int64(x.weights[n])
			list = append(list, wanted{s, w * w, parts})
		}
	}
	i.wanted = list
	slices.SortFunc(list, func(a, b wanted) int { return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.sign, b.sign)) })
	list = list[:min(mostWords, len(list))]
	slices.SortStableFunc(list, func(a, b wanted) int { return cmp.Compare(a.parts, b.parts) })
	return list
}

// wholes are the whole words of signs: by their numbers they come before all others.
func wholes(signs []sign) []sign {
	end := sort.Search(len(signs), func(n int) bool { return !signs[n].Whole() })
	return signs[:end]
}

// goodCandidate is the confidence from which a candidate says something of what a miss is about.
const goodCandidate = 0.5

// abroad is the group in another language that a miss shares its best candidate with, or nil: words cannot tell there.
func (g *Grouper) abroad(v *voice) *group {
	if v.lead == "" || v.language == "" {
		return nil
	}
	var best *part
	found := g.index.leads[v.lead]
	for _, p := range found[:min(len(found), mostSearched)] {
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
