package discordtest

import (
	"net/url"
	"slices"
)

// knownEmoji are some of the emoji that there are, as Discord writes them.
var knownEmoji = []string{"👍", "👎", "❤️", "🔥", "🎉", "🙏", "👀", "🦕"}

// reacting is the message and the emoji of a call about reactions.
func (c *call) reacting() (*message, string, *reply) {
	p, no := c.place(true)
	if no != nil {
		return nil, "", no
	}
	m := p.find(c.path[1])
	emoji, err := url.PathUnescape(c.path[2])
	var r reply
	switch {
	case m == nil:
		r = refuse(404, codeUnknownMessage, "Unknown Message")
	case err != nil || !slices.Contains(knownEmoji, emoji):
		r = refuse(400, codeUnknownEmoji, "Unknown Emoji")
	case p.thread.archived:
		r = refuse(400, codeArchived, "Thread is archived")
	default:
		return m, emoji, nil
	}
	return nil, "", &r
}

func (c *call) react() reply {
	m, emoji, no := c.reacting()
	if no != nil {
		return *no
	}
	if !slices.Contains(m.reactions, emoji) {
		m.reactions = append(m.reactions, emoji)
	}
	return reply{204, nil}
}

func (c *call) unreact() reply {
	m, emoji, no := c.reacting()
	if no != nil {
		return *no
	}
	m.reactions = slices.DeleteFunc(m.reactions, func(e string) bool { return e == emoji })
	return reply{204, nil}
}

// Reactions are the emoji that the bot shows on a message.
func (s *Server) Reactions(id string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.message(id); m != nil {
		return slices.Clone(m.reactions)
	}
	return nil
}

// React shows an emoji on a message, or takes it back.
func (c *Customer) React(id, emoji string, on bool) {
	s := c.server
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.message(id)
	guild, intent, kind := "", intentDirectReacts, "MESSAGE_REACTION_ADD"
	if m.place.guild != nil {
		guild, intent = m.place.guild.id, intentGuildReacts
	}
	if !on {
		kind = "MESSAGE_REACTION_REMOVE"
	}
	s.gate.dispatch(guild, kind, intent, func(bool) any {
		o := object{
			"user_id": c.user.id, "channel_id": m.place.id, "message_id": id, "emoji": object{"id": nil, "name": emoji}, "burst": false, "type": 0,
		}
		if guild != "" {
			o["guild_id"] = guild
			if on {
				o["member"] = c.user.memberJSON()
			}
		}
		return o
	})
}
