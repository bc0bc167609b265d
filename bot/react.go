package bot

import (
	"context"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
)

// PlanReaction shows a customer's reaction to a reply where it was written. It is not kept otherwise.
func PlanReaction(s Situation, policy Policy, texts *Texts) Turn {
	p := &planner{s: s, policy: policy, texts: texts}
	p.post(handoff.Reaction(s.Event, s.Work.Replied)...)
	return p.turn
}

// unheeded says whether a reaction is one among others in a group, which is not looked at.
func (e *Engine) unheeded(ctx context.Context, event channel.Event) (bool, error) {
	if event.Kind != channel.Reacted || event.Address.Private {
		return false, nil
	}
	desk, err := e.desks.has(ctx, event.Address)
	return !desk, err
}

// react shows a reaction on a message, or takes it back. What the network does not take is left out: nobody waits for it.
func (d *Dispatcher) react(ctx context.Context, m channel.Message, post Post) error {
	reactor, ok := channel.As[channel.Reactor](d.channel)
	if !ok {
		return nil
	}
	err := reactor.React(ctx, m.To, m.ReplyTo, post.Title, post.Act == handoff.Reacts)
	if fate, refused := channel.FateOf(err); fate != "" && fate != channel.Wait && fate != channel.Unknown && refused.MovedTo == "" {
		d.logger.Debug("a reaction is not shown", "error", err)
		return nil
	}
	return err
}
