package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/bot/store"
	"faqbot/faq"
	"faqbot/faq/fault"
)

type deskCommand struct {
	Code    deskCode    `cmd:"" help:"Print a code that makes a group or channel a desk, where your team answers customers."`
	List    deskList    `cmd:"" help:"List the desks, and the owner."`
	Route   deskRoute   `cmd:"" help:"Say which customers come to a desk."`
	Threads deskThreads `cmd:"" help:"Say who sees the threads of a desk's tickets."`
	Remove  deskRemove  `cmd:"" help:"Remove desks by their IDs: no customer is brought there any more."`
}

// codeLife is how long a code can be used.
const codeLife = time.Hour

type deskCode struct {
	Owner bool `help:"The code binds you as the owner: who is told when nobody can be reached. Write it in a private chat with the bot."`
}

// Help implements kong's help.
func (deskCode) Help() string {
	return "Write what it prints in the group or channel, where the bot is a member. Whoever can write there is staff from then on.\n\n" +
		"Examples:\n  faqbot desk code\n  faqbot desk code --owner"
}

// Run prints a code.
func (c *deskCode) Run(ctx context.Context, a *app) error {
	return a.withStore(ctx, func(s *store.Store) error {
		code, err := s.NewCode(ctx, c.Owner, time.Now().Add(codeLife))
		if err != nil {
			return err
		}
		fmt.Fprintf(a.std.out, "/staff %s\n", code)
		where := "in the group or channel where your team works"
		if c.Owner {
			where = "in a private chat with the bot"
		}
		fmt.Fprintf(a.std.err, "Write this %s within an hour, while “faqbot serve” runs. It works once.\n", where)
		return nil
	})
}

// withStore runs a command that needs nothing but the database.
func (a *app) withStore(ctx context.Context, do func(s *store.Store) error) error {
	s, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	return do(s)
}

type deskList struct {
	JSON bool `help:"Print JSON."`
}

// Help implements kong's help.
func (deskList) Help() string { return "Example: faqbot desk list" }

// Run lists.
func (c *deskList) Run(ctx context.Context, a *app) error {
	return a.withStore(ctx, func(s *store.Store) error {
		desks, err := s.Desks(ctx)
		if err != nil {
			return err
		}
		if c.JSON {
			return json.NewEncoder(a.std.out).Encode(append([]handoff.Desk{}, desks...)) // none is a list too
		}
		w := tabwriter.NewWriter(a.std.out, 0, 4, 2, ' ', 0)
		for _, d := range desks {
			fmt.Fprintf(w, "%s\t%s %s\t%s\n", d.ID, d.Address.Network, d.Address.Chat, described(d))
		}
		if len(desks) == 0 {
			fmt.Fprintln(a.std.err, "There is no desk yet: who asks for a person is heard by nobody. “faqbot desk code” says how to make one.")
		}
		return w.Flush()
	})
}

// described says what a desk is for, and what is wrong with it.
func described(d handoff.Desk) string {
	var out []string
	switch {
	case d.Owner:
		out = append(out, "the owner")
	case d.Rule.Empty():
		out = append(out, "all customers that no other desk is for")
	}
	if len(d.Rule.Languages) > 0 {
		out = append(out, "customers who speak "+joined(d.Rule.Languages))
	}
	if len(d.Rule.Networks) > 0 {
		out = append(out, "customers on "+joined(d.Rule.Networks))
	}
	if len(d.Rule.Tags) > 0 {
		out = append(out, "customers whose question is about "+joined(d.Rule.Tags))
	}
	if d.Private {
		out = append(out, "private threads")
	}
	if d.Setting != "" {
		out = append(out, "by the settings")
	}
	if d.Gone {
		out = append(out, "the bot cannot write there any more")
	}
	if d.Lacks != "" {
		out = append(out, d.Lacks)
	}
	return strings.Join(out, "; ")
}

func joined[T ~string](list []T) string {
	texts := make([]string, len(list))
	for i, v := range list {
		texts[i] = string(v)
	}
	return strings.Join(texts, ", ")
}

type deskRoute struct {
	ID        string   `arg:"" name:"id" help:"The desk's ID, as “faqbot desk list” shows it."`
	Languages []string `placeholder:"LANG" help:"Customers who speak these."`
	Networks  []string `placeholder:"NAME" help:"Customers who write on these, such as telegram."`
	Tags      []string `placeholder:"TAG" help:"Customers whose question is near entries with one of these tags, or of these areas."`
}

// Help implements kong's help.
func (deskRoute) Help() string {
	return "A customer comes to the desks that are for them, else to those without a rule, else to all others. Without flags the rule is taken away.\n\n" +
		"Examples:\n  faqbot desk route 4f7a --languages de,fr\n  faqbot desk route 4f7a --networks discord\n  faqbot desk route 4f7a --tags returns"
}

// Run sets the rule.
func (c *deskRoute) Run(ctx context.Context, a *app) error {
	var rule handoff.Rule
	for _, text := range c.Languages {
		l, err := faq.ParseLanguage(text)
		if err != nil {
			return &usageError{fmt.Sprintf("--languages: “%s” is not a language tag such as en or pt-BR", text)}
		}
		rule.Languages = append(rule.Languages, l)
	}
	for _, name := range c.Networks {
		rule.Networks = append(rule.Networks, channel.Network(strings.ToLower(name)))
	}
	for _, tag := range c.Tags {
		if tag = strings.TrimSpace(tag); tag == "" {
			return &usageError{"--tags: one of them is empty"}
		}
		rule.Tags = append(rule.Tags, tag)
	}
	return a.withStore(ctx, func(s *store.Store) error {
		_, err := a.changeDesk(ctx, s, c.ID, func(d *handoff.Desk) error {
			d.Rule = rule
			return nil
		})
		return err
	})
}

// changeDesk changes a desk and shows it.
func (a *app) changeDesk(ctx context.Context, s *store.Store, id string, change func(*handoff.Desk) error) (handoff.Desk, error) {
	desks, err := s.Desks(ctx)
	if err != nil {
		return handoff.Desk{}, err
	}
	i := slices.IndexFunc(desks, func(d handoff.Desk) bool { return string(d.ID) == id })
	if i < 0 {
		return handoff.Desk{}, noDesk(id)
	}
	d := desks[i]
	if d.Owner {
		return d, fault.New(fault.Invalid, "%s is the owner: no customer is brought there", id)
	}
	if err := change(&d); err != nil {
		return d, err
	}
	if err := s.SaveDesk(ctx, d); err != nil {
		return d, err
	}
	fmt.Fprintf(a.std.out, "%s: %s\n", d.ID, described(d))
	return d, nil
}

func noDesk(id string) error {
	return fault.New(fault.NotFound, "there is no desk “%s”: “faqbot desk list” shows all", id)
}

type deskRemove struct {
	IDs []string `arg:"" name:"id" help:"IDs, as “faqbot desk list” shows them."`
}

// Help implements kong's help.
func (deskRemove) Help() string { return "Example: faqbot desk remove 4f7a" }

// Run removes.
func (c *deskRemove) Run(ctx context.Context, a *app) error {
	wanted, _ := a.settings.problems()
	return a.withStore(ctx, func(s *store.Store) error {
		for _, id := range c.IDs {
			if err := s.RemoveDesk(ctx, handoff.DeskID(id)); err != nil {
				return err
			}
			fmt.Fprintf(a.std.out, "Removed: %s\n", id)
			if slices.ContainsFunc(wanted.desks, func(d handoff.Desk) bool { return string(d.ID) == id }) {
				fmt.Fprintln(a.std.err, "The settings name it, so it is made again when “faqbot serve” starts: take it out of them as well.")
			}
		}
		return nil
	})
}
