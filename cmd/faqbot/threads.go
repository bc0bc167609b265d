package main

import (
	"context"
	"fmt"
	"time"

	"faqbot/bot/discord"
	"faqbot/bot/handoff"
	"faqbot/bot/store"
	"faqbot/faq/fault"
)

type deskThreads struct {
	ID  string `arg:"" name:"id" help:"The desk's ID, as “faqbot desk list” shows it."`
	Who string `arg:"" name:"who" enum:"public,private" help:"“public”: everybody at the desk; “private”: who takes the ticket."`
}

// Help implements kong's help.
func (deskThreads) Help() string {
	return "On Discord a ticket's thread can be private: it is seen by those who take the ticket, or to whom it is given, and by those who may manage threads. " +
		"The card stands in the channel for all. Threads that are open stay as they are. Topics of Telegram's are never private.\n\n" +
		"Examples:\n  faqbot desk threads 9c02 private\n  faqbot desk threads 9c02 public"
}

// Run sets it, and says what the bot lacks for it.
func (c *deskThreads) Run(ctx context.Context, a *app) error {
	return a.withStore(ctx, func(s *store.Store) error {
		d, err := a.changeDesk(ctx, s, c.ID, func(d *handoff.Desk) error {
			if d.Private = c.Who == "private"; d.Private && !chats[d.Address.Network].private {
				return fault.New(fault.Invalid, "%s is on %s, where threads cannot be private: everybody in the group sees all its topics", c.ID, d.Address.Network)
			}
			return nil
		})
		if err != nil || !d.Private {
			return err
		}
		a.sayLacking(ctx, d)
		return nil
	})
}

// sayLacking says what the bot lacks at a desk of Discord's. Where that cannot be looked at now it is said how.
func (a *app) sayLacking(ctx context.Context, d handoff.Desk) {
	if a.settings.Discord.Token == "" {
		fmt.Fprintln(a.std.err, "Discord is off in these settings: “faqbot doctor” says with them whether the bot has the rights that private threads need.")
		return
	}
	network, err := a.discord()
	if err != nil {
		fmt.Fprintf(a.std.err, "%v\n", err)
		return
	}
	for _, f := range lookAtDesk(ctx, d, network) {
		if f.Mend != "" {
			fmt.Fprintf(a.std.err, "%s\n→ %s\n", f.What, f.Mend)
		}
	}
}

// discord is a connector that looks and sends nothing.
func (a *app) discord() (*discord.Channel, error) {
	return discord.New(discord.Settings{Token: a.settings.Discord.Token, API: a.settings.Discord.APIURL, MessageContent: a.settings.MessageContent},
		discord.Options{Logger: a.quiet(), Now: time.Now})
}
