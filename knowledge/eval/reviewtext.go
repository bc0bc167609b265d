package eval

import (
	"fmt"
	"maps"
	"slices"

	"faqbot/faq"
)

// readTexts adds what the texts alone tell, as far as it was not so before.
func (r *review) readTexts() {
	stored := map[faq.EntryID]faq.Entry{}
	for _, e := range r.draft.Stored {
		stored[e.ID] = e
	}
	catalog := faq.NewCatalog(r.written(), r.languages()...)
	for _, e := range r.entries {
		var known []faq.Warning
		if served, ok := r.before.Entry(e.ID); ok {
			known = catalog.Check(*served)
		}
		r.addTexts(catalog, e, known)
	}
	for _, e := range r.draft.Saved {
		r.addTexts(catalog, &e, catalog.Check(stored[e.ID]))
	}
}

// written are all texts as they will be: what is stored, as far as it is not changed, what is saved, and what is served. An entry that is being
// rewritten has two.
func (r *review) written() []faq.Entry {
	old := maps.Clone(r.changed)
	for _, e := range r.draft.Saved {
		old[e.ID] = true
	}
	all := slices.DeleteFunc(slices.Clone(r.draft.Stored), func(e faq.Entry) bool { return old[e.ID] })
	all = append(all, r.draft.Saved...)
	for _, e := range r.after.Entries() {
		all = append(all, *e)
	}
	return all
}

// languages are those that more than half of the entries are answered in: an entry without them is an exception. Where most entries have one
// language each, none is missing: another entry says the same in it, or nobody means it to be said.
func (r *review) languages() []faq.Language {
	entries := r.after.Entries()
	var out []faq.Language
	translated := 0
	for _, e := range entries {
		translated += int(count(slices.ContainsFunc(e.Answers, func(a faq.Answer) bool { return a.Language.Base() != e.Answers[0].Language.Base() })))
	}
	if 2*translated <= len(entries) {
		return nil
	}
	for _, l := range r.after.Languages() {
		n := 0
		for _, e := range entries {
			if _, exact := e.Answer(l); exact {
				n++
			}
		}
		if 2*n > len(entries) {
			out = append(out, l)
		}
	}
	return out
}

// addTexts leaves out that two entries ask the same where no customer is served both.
func (r *review) addTexts(catalog *faq.Catalog, e *faq.Entry, known []faq.Warning) {
	for _, w := range catalog.Check(*e) {
		if slices.ContainsFunc(known, func(k faq.Warning) bool { return sameWarning(k, w) }) {
			continue
		}
		f := Finding{Warning: w}
		if w.Kind == faq.PhrasingTaken || w.Kind == faq.NearDuplicate {
			other, served := r.after.Entry(w.Other)
			if served && !meet(e, other) {
				continue
			}
			f.Asks = w.Kind == faq.PhrasingTaken && served && asks(other, textAt(e, w.Field)) && slices.Contains(r.entries, e)
		}
		r.found = append(r.found, f)
	}
}

// sameWarning reports whether two warnings say the same. What is taken stays taken in other capitals.
func sameWarning(a, b faq.Warning) bool {
	if a.Kind == faq.PhrasingTaken {
		a.Text, b.Text = faq.Fold(a.Text), faq.Fold(b.Text)
	}
	return a == b
}

func textAt(e *faq.Entry, field string) string {
	for _, w := range waysOf(e) {
		if w.field == field {
			return w.text
		}
	}
	return ""
}

// meet reports whether there may be a customer and a day for whom either of two entries would do.
func meet(a, b *faq.Entry) bool {
	return !a.Audience.Staff && !b.Audience.Staff && overlap(a.Audience.Channels, b.Audience.Channels) &&
		overlap(bases(a.Audience.Languages), bases(b.Audience.Languages)) &&
		begins(a.Validity, b.Validity) && begins(b.Validity, a.Validity)
}

// begins reports whether a period begins before another one ends.
func begins(a, b faq.Validity) bool { return a.From == "" || b.Until == "" || a.From <= b.Until }

// overlap reports whether two lists have an element in common; an empty one has all.
func overlap[T comparable](a, b []T) bool {
	return len(a) == 0 || len(b) == 0 || slices.ContainsFunc(a, func(x T) bool { return slices.Contains(b, x) })
}

func bases(list []faq.Language) []faq.Language {
	out := make([]faq.Language, len(list))
	for i, l := range list {
		out[i] = l.Base()
	}
	return out
}

// networks are those that [faq.Audience] knows.
var networks = []string{"telegram", "discord", "webchat", "terminal"}

// checkReach adds what keeps an entry from everybody, whatever they ask, unless it was so before.
func (r *review) checkReach(e *faq.Entry) {
	served, ok := r.before.Entry(e.ID)
	if r.outOfDate(e) && !(ok && r.outOfDate(served)) {
		r.add(e, Finding{Warning: faq.Warning{Field: "validity", Kind: Unreachable,
			Text: fmt.Sprintf("ended on %s: nobody is given this entry any more", e.Validity.Until)}})
	}
	if !onSomeNetwork(e) && !(ok && !onSomeNetwork(served)) {
		r.add(e, Finding{Warning: faq.Warning{Field: "audience", Kind: Unreachable,
			Text: fmt.Sprintf("names none of the networks there are (%s): nobody is given this entry", shown(networks))}})
	}
}

func (r *review) outOfDate(e *faq.Entry) bool {
	return r.draft.Today != "" && e.Validity.Until != "" && e.Validity.Until < r.draft.Today
}

func onSomeNetwork(e *faq.Entry) bool { return overlap(e.Audience.Channels, networks) }
