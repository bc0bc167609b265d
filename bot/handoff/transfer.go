package handoff

import (
	"slices"
	"strings"

	"faqbot/bot/channel"
	"faqbot/faq"
)

// transfer brings a ticket to another desk: it leaves this one and waits there, and where else it is seen, for whoever takes it.
func (p *planner) transfer(name string) {
	found := p.meant(name)
	switch {
	case p.ticket.Status == Closed:
		p.here("desk_is_closed", nil)
		return
	case len(found) != 1:
		p.whichDesk(name)
		return
	}
	to := found[0]
	args := map[string]any{"By": oneLine(p.Staff.Called()), "Desk": to.called()}
	p.free()
	p.ticket.Transferred, p.ticket.Unreached, p.ticket.Delayed, p.ticket.Called = true, false, false, 0
	p.customer("person_left", map[string]any{"Number": p.ticket.Number})
	p.here("desk_transferred", args) // before the thread is closed: to write there opens it again
	p.leave()
	p.arrive(to, p.Voice.Say("desk_transferred_here", args))
	p.keep()
}

// leave closes the thread at this desk and takes the buttons off its card.
func (p *planner) leave() {
	i := slices.IndexFunc(p.Threads, func(t Thread) bool { return t.Desk == p.Desk.ID })
	if i < 0 {
		return
	}
	p.Threads = slices.Clone(p.Threads)
	p.Threads[i].State = Left
	p.change.Threads = append(p.change.Threads, p.Threads[i])
	b := p.board()
	p.post(Post{Ticket: p.ticket.ID, Desk: p.Desk.ID, Act: ChangesCard, Content: b.cardIn(p.Threads[i]), Quiet: true},
		Post{Ticket: p.ticket.ID, Desk: p.Desk.ID, Act: ClosesThread, Title: b.title()})
}

// arrive shows the ticket at a desk, and the other desks that have it how it stands.
func (p *planner) arrive(to Desk, word string) {
	there := slices.ContainsFunc(p.Threads, func(t Thread) bool { return t.Desk == to.ID && t.shows() })
	b := p.board()
	p.post(b.refresh(p.Threads)...)
	p.post(b.titles(p.Threads)...)
	p.post(b.loud(p.Threads, word)...)
	p.ticket.Reached = slices.ContainsFunc(p.Threads, Thread.shows)
	if there {
		return
	}
	thread := to.wanted(p.ticket.ID)
	p.change.Threads = append(p.change.Threads, thread)
	p.post(b.open(thread), Post{Ticket: p.ticket.ID, Desk: to.ID, Content: channel.PlainDocument(word)})
}

// gone says where a ticket is that has left this desk. It reports false where it is still here.
func (p *planner) gone() bool {
	left := func(t Thread) bool { return t.Desk == p.Desk.ID && t.State == Left }
	if p.ticket == nil || !slices.ContainsFunc(p.Threads, left) {
		return false
	}
	var desks []string
	for _, d := range p.others() {
		if slices.ContainsFunc(p.Threads, func(t Thread) bool { return t.Desk == d.ID && t.shows() }) {
			desks = append(desks, d.called())
		}
	}
	p.here("desk_elsewhere", map[string]any{"Desks": strings.Join(desks, ", ")})
	return true
}

// others are the desks that a ticket can be brought to from here.
func (p *planner) others() []Desk {
	return slices.DeleteFunc(slices.Clone(p.Team.Desks), func(d Desk) bool { return d.Owner || d.Gone || d.ID == p.Desk.ID })
}

// meant are the desks that somebody may mean, by what “faqbot desk list” shows: first by the ID or its beginning, then by the network that the desk is
// on, then by whom it is for.
func (p *planner) meant(name string) []Desk {
	want := faq.Fold(name)
	if want == "" {
		return nil
	}
	for _, is := range []func(d Desk) bool{
		func(d Desk) bool { return strings.HasPrefix(faq.Fold(string(d.ID)), want) },
		func(d Desk) bool { return faq.Fold(string(d.Address.Network)) == want },
		func(d Desk) bool {
			return slices.ContainsFunc(d.Rule.words(), func(w string) bool { return faq.Fold(w) == want })
		},
	} {
		if found := slices.DeleteFunc(p.others(), func(d Desk) bool { return !is(d) }); len(found) > 0 {
			return found
		}
	}
	return nil
}

// whichDesk lists the desks there are.
func (p *planner) whichDesk(name string) {
	var desks []string
	for _, d := range p.others() {
		desks = append(desks, d.called())
	}
	key := "desk_transfer_which"
	if len(desks) == 0 {
		key = "desk_transfer_alone"
	}
	p.here(key, map[string]any{"Desk": clip(oneLine(name), maxName), "Desks": strings.Join(desks, "; ")})
}

// deskName is how many characters of a desk's ID tell it from others.
const deskName = 8

// called is a desk in a few words: its ID's beginning, where it is, and whom it is for.
func (d Desk) called() string {
	id := string(d.ID)
	words := append([]string{id[:min(deskName, len(id))], string(d.Address.Network)}, d.Rule.words()...)
	return oneLine(strings.Join(words, " "))
}

// words are whom a desk is for: languages, networks and tags.
func (r Rule) words() []string {
	var out []string
	for _, l := range r.Languages {
		out = append(out, string(l))
	}
	for _, n := range r.Networks {
		out = append(out, string(n))
	}
	return append(out, r.Tags...)
}
