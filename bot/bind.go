package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

// staffCommand makes a place a desk, with a code after it.
const staffCommand = "staff"

// lookWithin bounds how long who binds a desk waits for what the network says of the place.
const lookWithin = 4 * time.Second

// showCode looks up the code that somebody shows and, where it makes the place a desk, what the bot lacks there.
func (e *Engine) showCode(ctx context.Context, s *Situation) (err error) {
	if s.Work.Code, err = e.desks.team.Code(ctx, s.Event.Body, s.Now); err != nil {
		return fmt.Errorf("look up a code: %w", err)
	}
	at := s.Event.Address
	if s.Work.Code == nil || s.Work.Code.Owner || at.Private {
		return nil
	}
	checker, ok := channel.As[channel.DeskChecker](e.channels[at.Network])
	if !ok {
		return nil
	}
	private := slices.ContainsFunc(s.Work.Desks, func(d handoff.Desk) bool { return d.Private && d.Address.SameChat(at) })
	ctx, cancel := context.WithTimeout(ctx, lookWithin)
	defer cancel()
	s.Work.Findings = checker.CheckDesk(ctx, at, private)
	return nil
}

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
			if known.Address.SameChat(at) {
				d.ID, d.Version, d.Rule, d.Private = known.ID, known.Version, known.Rule, known.Private
			}
		}
		p.turn.Desks, p.turn.Code = []handoff.Desk{d}, code
		p.turn.Revived = !code.Owner
		if code.Owner {
			key = "desk_bound_owner"
		}
	}
	if key == "desk_wrong_code" && p.s.Desk != nil {
		key = "desk_bound_already"
	}
	content := channel.PlainDocument(voice.Say(key))
	if len(p.turn.Desks) > 0 {
		content = append(content, lacking(voice, p.s.Work.Findings)...)
	}
	p.post(handoff.Post{To: &at, Content: content, ReplyTo: p.s.Event.Message, Urgent: true})
}

// lacking says what is to be mended at a desk, and how.
func lacking(voice Voice, findings []channel.Finding) channel.Document {
	list := channel.Block{Kind: channel.List}
	for _, f := range findings {
		if f.Mend != "" {
			list.Items = append(list.Items, channel.PlainDocument(f.What+"\n→ "+f.Mend))
		}
	}
	if len(list.Items) == 0 {
		return nil
	}
	return append(channel.PlainDocument(voice.Say("desk_lacks")), list)
}
