package main

import (
	"context"
	"fmt"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/bot/store"
)

// intended is what the settings say of desks: the networks that are on, and the desks that are to be.
type intended struct {
	on     map[channel.Network]channel.DeskChecker
	wanted []handoff.Desk
}

// lookAtDesks says of each desk whether the bot reaches it, and what it lacks there; those of the settings are looked at before they are made.
func (c *doctorCommand) lookAtDesks(ctx context.Context, r *report, s *store.Store, in intended) {
	desks, err := s.Desks(ctx)
	if err != nil {
		r.bad("desk", "see the message", "%v", err)
		return
	}
	owned, staffed := false, false
	for _, d := range missing(in.wanted, desks) {
		r.ok("desk", "%s is made as the settings say when “faqbot serve” starts", named(d))
		if owned = owned || d.Owner; !d.Owner { // where the owner is reached is found out then
			desks = append(desks, d)
		}
	}
	for _, d := range desks {
		owned, staffed = owned || d.Owner, staffed || !d.Owner
		for _, f := range lookAtDesk(ctx, d, in.on[d.Address.Network]) {
			f.What = fmt.Sprintf("%s: %s", named(d), f.What)
			r.Checks = append(r.Checks, check{"desk", f})
		}
	}
	if !staffed {
		r.suggest("desk", "faqbot desk code", "there is none: who asks for a person is heard by nobody")
	} else if !owned {
		r.suggest("desk", "faqbot desk code --owner", "nobody is the owner: when no desk can be reached, nobody is told")
	}
}

// named names a desk as people find it in the list of desks.
func named(d handoff.Desk) string {
	if d.Owner {
		return fmt.Sprintf("the owner (%s, %s %s)", d.ID, d.Address.Network, d.Address.Chat)
	}
	return fmt.Sprintf("%s (%s %s)", d.ID, d.Address.Network, d.Address.Chat)
}

func lookAtDesk(ctx context.Context, d handoff.Desk, network channel.DeskChecker) []channel.Finding {
	if network == nil {
		mend := fmt.Sprintf("switch it on in the settings, or take the desk away: faqbot desk remove %s", d.ID)
		if d.Setting != "" {
			mend = "switch it on in the settings, or take the desk out of them"
		}
		return []channel.Finding{{What: fmt.Sprintf("%s is off, so nobody is called there", d.Address.Network), Mend: mend}}
	}
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	at := d.Address
	at.Private = d.Owner
	found := network.CheckDesk(ctx, at, d.Private)
	if d.Gone {
		again := "faqbot desk code"
		if d.Owner {
			again += " --owner"
		}
		found = append(found, channel.Finding{What: "the bot could not write there the last time", Mend: "let it in again, and show it a new code there: " + again})
	}
	return found
}

// suggest is of what works, and could be better.
func (r *report) suggest(topic, mend, format string, args ...any) {
	r.Checks = append(r.Checks, check{topic, channel.Finding{OK: true, What: fmt.Sprintf(format, args...), Mend: mend}})
}
