package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"faqbot/bot/channel"
	"faqbot/bot/handoff"
	"faqbot/bot/store"
	"faqbot/faq/fault"
)

// chats says of each network where a team can work what a desk and the owner are called there, and how to find that out.
var chats = map[channel.Network]struct {
	desk, owner         *regexp.Regexp
	mendDesk, mendOwner string
	// private says that threads can be private there.
	private bool
}{
	"telegram": {
		regexp.MustCompile(`^-\d{5,19}$`), regexp.MustCompile(`^\d{1,19}$`),
		"a desk is a group, whose ID begins with a minus: telegram:-1001234567890", "write the owner's own ID: telegram:4242", false,
	},
	"discord": {
		regexp.MustCompile(`^\d{17,20}$`), regexp.MustCompile(`^\d{17,20}$`),
		"write the channel's ID (Copy Channel ID): discord:1122334455667788990", "write the owner's user ID (Copy User ID): discord:1122334455667788990", true,
	},
}

// checkDesks reads the desks that are made by settings.
func (s Settings) checkDesks(wrong wrongFunc) []handoff.Desk {
	var out []handoff.Desk
	for _, text := range s.Desks {
		out = append(out, deskIn("desks", text, false, wrong)...)
	}
	if s.OwnerChat != "" {
		out = append(out, deskIn("owner_chat", s.OwnerChat, true, wrong)...)
	}
	return out
}

// deskIn is the desk that a setting names; none where it is malformed.
func deskIn(setting, text string, owner bool, wrong wrongFunc) []handoff.Desk {
	network, chat, divided := strings.Cut(strings.TrimSpace(text), ":")
	at := channel.Address{Network: channel.Network(strings.ToLower(network)), Chat: channel.ChatID(chat), Private: owner}
	form, ok := chats[at.Network]
	switch {
	case !ok, !divided:
		wrong(setting, "write telegram or discord, a colon and the chat's ID: telegram:-1001234567890", "“%s” is not NETWORK:CHAT", text)
		return nil
	case owner && !form.owner.MatchString(chat):
		wrong(setting, form.mendOwner, "“%s” is nobody's private chat", text)
		return nil
	case !owner && !form.desk.MatchString(chat):
		wrong(setting, form.mendDesk, "“%s” is no group or channel", text)
		return nil
	}
	name := string(at.Network) + ":" + chat
	sum := sha256.Sum256([]byte(name)) // the same on every replica, so that one of them makes it
	return []handoff.Desk{{ID: handoff.DeskID("set" + hex.EncodeToString(sum[:8])), Address: at, Owner: owner, Setting: name}}
}

// missing are the desks of the settings that there are not yet: a place that is a desk stays as it is, whoever made it one.
func missing(wanted, known []handoff.Desk) []handoff.Desk {
	return slices.DeleteFunc(slices.Clone(wanted), func(w handoff.Desk) bool {
		return slices.ContainsFunc(known, func(k handoff.Desk) bool { return k.Setting == w.Setting || k.Address.SameChat(w.Address) })
	})
}

// bindTime bounds how long is waited for a network to say where the owner is reached.
const bindTime = 10 * time.Second

// bindDesks makes the desks of the settings that there are not yet.
func (s *system) bindDesks(ctx context.Context) error {
	known, err := s.store.Desks(ctx)
	if err != nil {
		return err
	}
	for _, d := range missing(s.app.checked.desks, known) {
		if d.Owner {
			if d.Address, err = s.privately(ctx, d.Address); err != nil {
				s.logger.Error("the owner that the settings name cannot be reached; it is tried again at the next start", "owner_chat", d.Setting, "error", err)
				continue
			}
			if len(missing([]handoff.Desk{d}, known)) == 0 {
				continue
			}
		}
		if err := bindDesk(ctx, s.store, d); err != nil {
			return err
		}
		s.logger.Info("a desk was made as the settings say", "desk", d.ID, "setting", d.Setting)
	}
	return nil
}

// bindDesk makes a desk; that another replica was faster is as good.
func bindDesk(ctx context.Context, s *store.Store, d handoff.Desk) error {
	d.BoundAt = time.Now()
	if err := s.AddDesk(ctx, d); err != nil && !fault.Is(err, fault.Conflict) {
		return fmt.Errorf("make the desk %s of the settings: %w", d.Setting, err)
	}
	return nil
}

// privately is the private chat with a person: where the network does not say that it is another one, it is called as they are.
func (s *system) privately(ctx context.Context, at channel.Address) (channel.Address, error) {
	for _, c := range s.channels {
		visitor, ok := channel.As[channel.Visitor](c)
		if !ok || c.Network() != at.Network {
			continue
		}
		ctx, cancel := context.WithTimeout(ctx, bindTime)
		defer cancel()
		private, err := visitor.PrivateAddress(ctx, channel.PersonID(at.Chat))
		private.Private = true
		return private, err
	}
	return at, nil
}
