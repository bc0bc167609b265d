package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"faqbot/bot/store"
	"faqbot/knowledge/insight/webhook"
)

// Webhooks are other programs that are told of what happens.
type Webhooks struct {
	URLs   []string `name:"urls" placeholder:"URL" help:"Addresses of your own programs that are told when a gap opens, rises, is answered or comes back, and when a ticket is closed."`
	Secret string   `placeholder:"SECRET" help:"Secret that these events are signed with; 16 characters at least."`
}

// checkWebhooks reads the addresses. What is wrong with one is told without what may be secret in it.
func (s Settings) checkWebhooks(wrong wrongFunc) []webhook.Target {
	var targets []webhook.Target
	for i, address := range s.Webhooks.URLs {
		called := fmt.Sprintf("address %d", i+1)
		if shown := webhook.Shown(address); shown != "" {
			called += fmt.Sprintf(" (%s)", shown)
		}
		target, err := webhook.ParseTarget(address)
		switch {
		case err != nil:
			wrong("webhook_urls", "write each as https://tools.shop.example/faqbot; http is for this machine alone, such as http://127.0.0.1:9000", "%s %v", called, err)
		case slices.Contains(targets, target):
			wrong("webhook_urls", "leave it out", "%s is there twice", called)
		default:
			targets = append(targets, target)
		}
	}
	const mend = "make one with “openssl rand -hex 32”, and give it to the receivers"
	if len(s.Webhooks.URLs) > 0 && s.Webhooks.Secret == "" {
		wrong("webhook_urls", mend, "needs a webhook_secret")
	} else if err := webhook.CheckSecret(s.Webhooks.Secret); s.Webhooks.Secret != "" && err != nil {
		wrong("webhook_secret", mend, "%v", err)
	}
	return targets
}

// told are those whom events are kept for.
func (c checked) told() []webhook.TargetID {
	var out []webhook.TargetID
	for _, target := range c.webhooks {
		out = append(out, target.ID)
	}
	return out
}

// shownAll are addresses without what may be secret in them.
func shownAll(addresses []string) []string {
	var out []string
	for _, address := range addresses {
		out = append(out, cmp.Or(webhook.Shown(address), "(not an address)"))
	}
	return out
}

func (s *system) makeWebhooks() {
	targets := s.app.checked.webhooks
	if len(targets) == 0 {
		return
	}
	s.webhooks = webhook.NewSender(s.store.Webhooks(), targets, s.app.settings.Webhooks.Secret,
		webhook.Options{Logger: s.logger, Now: time.Now, SettledFunc: s.metrics.attempted})
}

// lookAtWebhooks says who has not got what.
func (c *doctorCommand) lookAtWebhooks(ctx context.Context, a *app, r *report, s *store.Store) {
	backlogs, err := s.Webhooks().Backlogs(ctx)
	if err != nil {
		r.bad("webhooks", "see the message", "%v", err)
		return
	}
	if len(a.checked.webhooks) == 0 && len(backlogs) == 0 {
		r.ok("webhooks", "are off: no webhook_urls")
		return
	}
	names := map[webhook.TargetID]string{}
	for _, target := range a.checked.webhooks {
		names[target.ID] = target.String()
		if !slices.ContainsFunc(backlogs, func(b store.Backlog) bool { return b.Target == target.ID }) {
			r.ok("webhooks", "%s has all there was to tell", target)
		}
	}
	for _, b := range backlogs {
		tellBacklog(r, names[b.Target], b)
	}
}

func tellBacklog(r *report, name string, b store.Backlog) {
	events := counted(int(b.Events), "event", "events")
	oldest := b.Oldest.UTC().Format(time.DateTime + " MST")
	switch {
	case name == "":
		r.ok("webhooks", "%s for a receiver that webhook_urls has no longer, since %s; they are forgotten with other old records", events, oldest)
	case b.GivenUp:
		r.bad("webhooks", "mend the receiver; these are sent no more, and forgotten after a week", "%s for %s given up: %s", events, name, b.Reason)
	case b.Attempts > 0:
		r.bad("webhooks", "mend the receiver: what waits is sent again within an hour, for three days from the first attempt", "%s for %s not delivered yet, since %s: %s",
			events, name, oldest, b.Reason)
	default:
		r.ok("webhooks", "%s for %s to be sent by “faqbot serve”, since %s", events, name, oldest)
	}
}
