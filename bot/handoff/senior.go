package handoff

import (
	"fmt"
	"slices"

	"faqbot/bot/channel"
)

// calling says something in the thread of each desk and calls the seniors with it: those of the desk's own network so that it rings there, the others
// by name. Who was last seen at a desk that does not show the ticket is called there as well.
func (f Front) calling(b board, text string) []Post {
	var out []Post
	for _, t := range f.Threads {
		if t.shows() {
			for _, s := range f.Seniors {
				if s.Desk == t.Desk {
					out = append(out, b.admit(t, s)...)
				}
			}
			out = append(out, b.alert(t, channel.Document{words{}.plain(text).calling(f.Seniors, t.Address.Network).paragraph()}))
		}
	}
	return append(out, f.callingElsewhere(b, text)...)
}

// callingElsewhere tells seniors of other desks, in the desk itself, which ticket it is about.
func (f Front) callingElsewhere(b board, text string) []Post {
	var out []Post
	for _, d := range f.Desks {
		shown := slices.ContainsFunc(f.Threads, func(t Thread) bool { return t.Desk == d.ID && t.shows() })
		here := slices.DeleteFunc(slices.Clone(f.Seniors), func(s Staff) bool { return s.Desk != d.ID })
		if shown || d.Gone || len(here) == 0 {
			continue
		}
		to := d.Address
		out = append(out, Post{Ticket: f.Ticket.ID, To: &to, Content: channel.Document{
			b.gist().paragraph(), words{}.plain(text).calling(here, d.Address.Network).paragraph(),
		}})
	}
	return out
}

// gist names a ticket to those who do not see its card.
func (b board) gist() words {
	head := strong(fmt.Sprintf("#%d ", b.ticket.Number)).plain(b.customer())
	if b.ticket.Question == "" {
		return head
	}
	return head.plain(" “" + defused(clip(oneLine(b.ticket.Question), cardLine)) + "”")
}

// calling adds the names of staff, as a call where they are of that network.
func (w words) calling(staff []Staff, network channel.Network) words {
	for _, s := range staff {
		name := clip(oneLine(s.Called()), maxName)
		if s.network() != network {
			w = w.plain(" @" + name)
			continue
		}
		w = append(w.plain(" "), channel.Call(network, s.Person.ID, name))
	}
	return w
}
