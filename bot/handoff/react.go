package handoff

import (
	"slices"

	"faqbot/bot/channel"
)

// Reaction shows a reaction to a message that was carried on where that message was written, the last one where several are shown in one; nothing
// where it was not carried on.
func Reaction(e channel.Event, on []Link) []Post {
	on = slices.DeleteFunc(slices.Clone(on), func(l Link) bool {
		return l.Origin.Message == "" || l.Shown.Message != e.ReplyTo || !l.Shown.Address.SameChat(e.Address)
	})
	if len(on) == 0 {
		return nil
	}
	origin := on[len(on)-1].Origin
	to := origin.Address
	var out []Post
	for _, change := range []struct {
		act   Act
		emoji string
	}{{Unreacts, e.Command}, {Reacts, e.Body}} { // some networks show one at a time, so what is new comes last
		if change.emoji != "" {
			out = append(out, Post{To: &to, Act: change.act, Title: change.emoji, ReplyTo: origin.Message, Quiet: true})
		}
	}
	return out
}
