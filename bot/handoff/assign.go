package handoff

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"faqbot/bot/channel"
	"faqbot/faq"
)

// assign gives a ticket to a member of staff by name; to who has enough only where it is meant anyway.
func (p *planner) assign(name string) {
	name, meant := cutAnyway(name)
	if p.ticket.Status == Closed {
		p.here("desk_is_closed", nil)
		return
	}
	found := called(p.Team.Staff, name)
	switch {
	case len(found) != 1:
		p.whoThereIs(name, found)
		return
	case found[0].ID == p.ticket.Holder && p.ticket.Status == Claimed:
		p.here("desk_taken", map[string]any{"Name": oneLine(found[0].Called())})
		return
	case !meant && found[0].ID != p.ticket.Holder && p.tooMuch(found[0]):
		return
	}
	p.give(found[0])
}

// give makes a ticket somebody's: all desks are told, and so is the customer, as on a claim.
func (p *planner) give(to Staff) {
	p.hold(to)
	args := map[string]any{"By": oneLine(p.Staff.Called()), "Name": oneLine(to.Called())}
	key := "desk_assigned"
	if to.Away && to.ID != p.Staff.ID {
		key = "desk_assigned_away"
	}
	p.customer("person_here", map[string]any{"Name": oneLine(to.Called())})
	p.refresh()
	p.titles()
	p.here(key, args)
	for _, post := range p.board().tell(p.Threads, p.Desk.ID, channel.PlainDocument(p.Voice.Say(key, args))) {
		post.Quiet = false // it may be there that they read it
		p.post(post)
	}
	p.keep()
}

// hold makes somebody the holder, who answers from now on. They are let in where the thread is private: at this desk, and where they were last.
func (p *planner) hold(who Staff) {
	t := p.ticket
	for _, thread := range p.Threads {
		if thread.shows() && (thread.Desk == p.Desk.ID || thread.Desk == who.Desk) {
			p.post(p.board().admit(thread, who)...)
		}
	}
	t.Status, t.Holder, t.HolderName, t.ClaimedAt, t.Until = Claimed, who.ID, who.Called(), p.Now, time.Time{}
}

// called finds who is meant by a name as others see it, or by its beginning. A whole name goes before one that merely begins so.
func called(staff []Staff, name string) []Staff {
	want := faq.Fold(oneLine(strings.TrimPrefix(strings.TrimSpace(name), "@")))
	if want == "" {
		return nil
	}
	var whole, begun []Staff
	for _, s := range staff {
		switch has := faq.Fold(oneLine(s.Called())); {
		case string(s.ID) == strings.TrimSpace(name): // picked from a list
			return []Staff{s}
		case has == want:
			whole = append(whole, s)
		case strings.HasPrefix(has, want):
			begun = append(begun, s)
		}
	}
	if len(whole) > 0 {
		return whole
	}
	return begun
}

// staffShown is how many names are listed where none was meant.
const staffShown = 20

// whoThereIs says whom a ticket can be given to: those who could be meant, or all.
func (p *planner) whoThereIs(name string, meant []Staff) {
	list := slices.Clone(meant)
	key := "desk_assign_several"
	if len(list) == 0 {
		list, key = slices.Clone(p.Team.Staff), "desk_assign_nobody"
	}
	if name == "" {
		key = "desk_assign_whom"
	}
	slices.SortFunc(list, func(a, b Staff) int {
		return cmp.Or(b.SeenAt.Compare(a.SeenAt), cmp.Compare(a.ID, b.ID))
	})
	var names []string
	for _, s := range list[:min(len(list), staffShown)] {
		line := clip(oneLine(s.Called()), maxName)
		if s.Person.Username != "" && len(meant) > 1 { // what tells two of one name apart
			line += " (" + clip(oneLine(s.Person.Username), maxName) + ")"
		}
		names = append(names, line)
	}
	p.here(key, map[string]any{"Name": clip(oneLine(name), maxName), "Staff": strings.Join(names, ", ")})
}
