package insight

import (
	"cmp"
	"slices"
)

// people are who asked for a group, in order, each with how many misses they have. Most groups of a million misses are of one person, so it is a list.
type people []asker

type asker struct {
	person uint64
	misses int32
}

func (p people) find(person uint64) (at int, there bool) {
	return slices.BinarySearchFunc(p, person, func(a asker, person uint64) int { return cmp.Compare(a.person, person) })
}

// of is how many misses somebody has.
func (p people) of(person uint64) int32 {
	if at, there := p.find(person); there {
		return p[at].misses
	}
	return 0
}

// count adds to somebody's misses, or takes from them. Who has none left is none of the people.
func (p *people) count(person uint64, n int32) {
	at, there := p.find(person)
	if !there {
		if n > 0 {
			*p = slices.Insert(*p, at, asker{person, n})
		}
		return
	}
	if (*p)[at].misses += n; (*p)[at].misses <= 0 {
		*p = slices.Delete(*p, at, at+1)
	}
}

// with are the people of two groups.
func (p people) with(o people) people {
	out := make(people, 0, len(p)+len(o))
	for _, a := range p {
		for len(o) > 0 && o[0].person < a.person {
			out, o = append(out, o[0]), o[1:]
		}
		if len(o) > 0 && o[0].person == a.person {
			a.misses += o[0].misses
			o = o[1:]
		}
		out = append(out, a)
	}
	return append(out, o...)
}
