package handoff

import (
	"slices"
	"strings"

	"faqbot/bot/channel"
)

// admit lets a member of staff into a private thread, where they are known on its network.
func (b board) admit(t Thread, who Staff) []Post {
	_, person, _ := strings.Cut(string(who.ID), ":")
	if !t.Private || person == "" || who.network() != t.Address.Network {
		return nil
	}
	return []Post{{Ticket: b.ticket.ID, Desk: t.Desk, Act: LetsIn, Title: person}}
}

// alert says what concerns whoever works on the ticket. Nobody may be in a private thread while nobody has the ticket: there it is said at the desk
// itself, in answer to the card.
func (b board) alert(t Thread, content channel.Document) Post {
	post := Post{Ticket: b.ticket.ID, Desk: t.Desk, Content: content}
	if t.Private && b.ticket.Holder == "" && t.State == Standing && t.Address.Thread != "" {
		desk := t.Address
		desk.Thread = ""
		post.Desk, post.To, post.ReplyTo = "", &desk, t.Card
	}
	return post
}

// cardIn is the card as a desk shows it. Where threads are private everybody at the desk sees the card all the same, so that it has nothing of what
// was said since a person was asked for, nor of what staff said before, when it was another ticket or the same that was reopened.
func (b board) cardIn(t Thread) channel.Document {
	if !t.Private {
		return b.card()
	}
	b.lines = slices.DeleteFunc(slices.Clone(b.lines), func(s Said) bool { return s.At.After(b.ticket.OpenedAt) })
	for i, s := range slices.Backward(b.lines) {
		if s.By != "" {
			b.lines = b.lines[i+1:]
			break
		}
	}
	return b.card()
}
