package knowledge

import (
	"maps"
	"slices"

	"faqbot/faq"
)

// directory finds entries by every way to ask them, word for word. A FAQ of 100,000 entries has half a million ways: each takes a name of 64 bits
// and an ID, and who is found by it is asked for the words themselves.
type directory struct {
	first map[form]faq.EntryID
	// more are those that share a way with another entry.
	more map[form][]faq.EntryID
}

func newDirectory() directory {
	return directory{first: map[form]faq.EntryID{}, more: map[form][]faq.EntryID{}}
}

func (d directory) clone() directory {
	more := make(map[form][]faq.EntryID, len(d.more))
	for way, ids := range d.more {
		more[way] = slices.Clone(ids)
	}
	return directory{first: maps.Clone(d.first), more: more}
}

// find returns the entries that may be asked so.
func (d directory) find(folded string) []faq.EntryID {
	way := formOf([]rune(folded))
	first, ok := d.first[way]
	if !ok {
		return nil
	}
	return append([]faq.EntryID{first}, d.more[way]...)
}

func (d directory) add(folded string, id faq.EntryID) {
	if folded == "" || slices.Contains(d.find(folded), id) {
		return
	}
	way := formOf([]rune(folded))
	if _, taken := d.first[way]; taken {
		d.more[way] = append(d.more[way], id)
		return
	}
	d.first[way] = id
}

func (d directory) remove(folded string, id faq.EntryID) {
	way := formOf([]rune(folded))
	left := slices.DeleteFunc(d.find(folded), func(other faq.EntryID) bool { return other == id })
	delete(d.first, way)
	delete(d.more, way)
	if len(left) > 0 {
		d.first[way] = left[0]
	}
	if len(left) > 1 {
		d.more[way] = left[1:]
	}
}
