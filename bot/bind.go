package bot

import (
	"strings"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

// staffCommand makes a place a desk, with a code after it.
const staffCommand = "staff"

// bind makes the place where a code is shown a desk, or the chat of the owner.
func (p *planner) bind(secret string) {
	p.turn = Turn{} // who sets the bot up is no customer
	voice := p.texts.In(p.policy.Language)
	code, at := p.s.Work.Code, p.s.Event.Address
	key := "desk_bound"
	switch {
	case strings.TrimSpace(secret) == "" || code == nil:
		key = "desk_wrong_code"
	case code.Owner && !at.Private:
		key = "desk_wrong_owner_place"
	case !code.Owner && at.Private:
		key = "desk_wrong_place"
	default:
		place := at
		place.Thread = ""
		d := handoff.Desk{ID: handoff.DeskID(p.name()), Address: place, Owner: code.Owner, BoundAt: p.s.Now}
		for _, known := range p.s.Work.Desks {
			if known.Address.Network == at.Network && known.Address.Chat == at.Chat {
				d.ID, d.Version, d.Rule = known.ID, known.Version, known.Rule
			}
		}
		p.turn.Desks, p.turn.Code = []handoff.Desk{d}, code
		if code.Owner {
			key = "desk_bound_owner"
		}
	}
	if key == "desk_wrong_code" && p.s.Desk != nil {
		key = "desk_bound_already"
	}
	p.post(handoff.Post{To: &at, Content: channel.PlainDocument(voice.Say(key)), ReplyTo: p.s.Event.Message, Urgent: true})
}
