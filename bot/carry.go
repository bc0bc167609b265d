package bot

import (
	"cmp"
	"slices"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

// carried are the attachments of a post that fit through both networks. Of those that do not, who sent them hears why, once.
func (p *planner) carried(post handoff.Post, to channel.Address) []channel.Attachment {
	var out []channel.Attachment
	for _, a := range post.Attachments {
		if limit := p.mostBytes(a, to); limit > 0 && a.Size > limit {
			p.tooLarge(post, a, limit)
			continue
		}
		out = append(out, a)
	}
	return out
}

// mostBytes is the largest file that can be taken from one network and given to another; 0 is no limit. Within one network files are passed on by name.
func (p *planner) mostBytes(a channel.Attachment, to channel.Address) int64 {
	if a.Network == to.Network || a.Ref == "" {
		return 0
	}
	from, into := p.s.Reach[a.Network].Download, p.s.Reach[to.Network].Upload
	if from == 0 || into > 0 && into < from {
		return into
	}
	return from
}

func (p *planner) tooLarge(post handoff.Post, a channel.Attachment, limit int64) {
	if slices.Contains(p.refused, a.Ref) {
		return
	}
	p.refused = append(p.refused, a.Ref)
	args := Args{"Name": cmp.Or(a.Name, string(a.Media)), "Limit": limit >> 20}
	if post.Desk != "" { // it came from the customer
		p.say(p.voice.Say("media_too_large", args))
		return
	}
	at := post.Origin.Address
	p.post(handoff.Post{Ticket: post.Ticket, To: &at, ReplyTo: post.Origin.Message, Content: channel.PlainDocument(p.voice.Say("desk_too_large", args)), Urgent: true})
}
