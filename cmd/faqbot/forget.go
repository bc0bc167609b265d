package main

import (
	"context"
	"encoding/json"
	"fmt"

	"faqbot/bot/channel"
	"faqbot/bot/store"
	"faqbot/faq"
)

type forgetCommand struct {
	JSON    bool   `help:"Print the count as JSON."`
	Network string `arg:"" enum:"telegram,discord,webchat,terminal" help:"Network: telegram, discord, webchat or terminal."`
	Person  string `arg:"" help:"The person's ID on that network."`
}

// Help implements kong's help.
func (forgetCommand) Help() string { return "Example: faqbot forget telegram 123456789" }

// Run forgets.
func (c *forgetCommand) Run(ctx context.Context, a *app) error {
	return a.withEditor(ctx, func(s *store.Store, _ *faq.Editor) error {
		n, err := s.Erase(ctx, channel.Network(c.Network), channel.PersonID(c.Person))
		if err != nil {
			return err
		}
		if err := (groupCache{a.settings.DataDir}).forget(); err != nil { // their questions may be in it; it is made anew
			return err
		}
		if c.JSON {
			return json.NewEncoder(a.std.out).Encode(map[string]int{"deleted": n})
		}
		if n == 0 {
			_, err = fmt.Fprintf(a.std.out, "Nothing is stored about “%s” on %s.\n", c.Person, c.Network)
			return err
		}
		_, err = fmt.Fprintf(a.std.out, "%s deleted.\n", counted(n, "record", "records"))
		return err
	})
}
