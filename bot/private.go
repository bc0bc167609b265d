package bot

import (
	"context"

	"faqbot/bot/channel"
)

// open opens a thread, a private one where it is to be so and the network has those.
func (d *Dispatcher) open(ctx context.Context, threader channel.Threader, o Outgoing) (channel.OpenedThread, error) {
	if private, ok := channel.As[channel.PrivateThreader](d.channel); ok && o.Post.Private {
		return private.OpenPrivateThread(ctx, o.Post.Title, o.Message)
	}
	return threader.OpenThread(ctx, o.Post.Title, o.Message)
}

// letIn makes somebody see a private thread. That they cannot be let in is no message that was lost: it is said why.
func (d *Dispatcher) letIn(ctx context.Context, thread channel.Address, who channel.PersonID) (lacks string, err error) {
	private, ok := channel.As[channel.PrivateThreader](d.channel)
	if !ok {
		return "", nil
	}
	err = private.LetIn(ctx, thread, who)
	if fate, refusal := channel.FateOf(err); fate == channel.Refused && refusal != nil {
		return refusal.Reason, nil
	}
	return "", err
}
