package insight

import "slices"

// postings are, by word, the seats of the parts that have it, in order. Most words of a million misses are in one part alone, so those are kept apart: a
// list for each would take more room than all else that is known of them.
type postings struct {
	only  map[sign]seat
	lists map[sign][]seat
	one   [1]seat // what was found last of the words in one part
}

func newPostings() postings { return postings{only: map[sign]seat{}, lists: map[sign][]seat{}} }

// of are the seats of a word; they hold until the next call.
func (p *postings) of(s sign) []seat {
	if list := p.lists[s]; list != nil {
		return list
	}
	if n, ok := p.only[s]; ok {
		p.one[0] = n
		return p.one[:]
	}
	return nil
}

// count is how many parts have a word.
func (p *postings) count(s sign) int { return len(p.of(s)) }

func (p *postings) add(s sign, n seat) {
	list := p.lists[s]
	if list == nil {
		other, ok := p.only[s]
		if !ok || other == n {
			p.only[s] = n
			return
		}
		delete(p.only, s)
		list = []seat{other}
	}
	if at, there := slices.BinarySearch(list, n); !there {
		p.lists[s] = slices.Insert(list, at, n)
	}
}

func (p *postings) remove(s sign, n seat) {
	if other, ok := p.only[s]; ok && other == n {
		delete(p.only, s)
		return
	}
	list := p.lists[s]
	at, there := slices.BinarySearch(list, n)
	if !there {
		return
	}
	if list = slices.Delete(list, at, at+1); len(list) > 0 {
		p.lists[s] = list
		return
	}
	delete(p.lists, s)
}

// renumber gives all seats new numbers, in the same order.
func (p *postings) renumber(now []seat) {
	for s, n := range p.only {
		p.only[s] = now[n]
	}
	for _, list := range p.lists {
		for i, n := range list {
			list[i] = now[n]
		}
	}
}
