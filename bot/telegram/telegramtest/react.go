package telegramtest

import "slices"

// knownReactions are some of the emoji that may be shown on a message; most may not.
var knownReactions = []string{"👍", "👎", "❤", "🔥", "🎉", "🙏", "👀", "😢"}

// setMessageReaction shows the bot's reaction; bots may show one.
func (s *Server) setMessageReaction(c *call) (any, *apiError) {
	ch, problem := s.writable(c)
	if problem != nil {
		return nil, problem
	}
	m := ch.messages[int(c.integer("message_id"))]
	if m == nil {
		return nil, badRequest("message to react not found")
	}
	var shown []struct {
		Type  string `json:"type"`
		Emoji string `json:"emoji"`
	}
	if c.params["reaction"] != "" {
		c.decode("reaction", &shown)
	}
	if len(shown) > 1 || len(shown) == 1 && (shown[0].Type != "emoji" || !slices.Contains(knownReactions, shown[0].Emoji)) {
		s.violate(c.method, "reaction: bots show one emoji of a fixed list, not %v", shown)
		return nil, badRequest("REACTION_INVALID")
	}
	m.reacted.bot = ""
	if len(shown) == 1 {
		m.reacted.bot = shown[0].Emoji
	}
	return true, nil
}

// React shows emoji on a message in the place, in the stead of what the person showed before. The bot is told of it where it is an administrator.
func (p Seat) React(message int, emoji ...string) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	m := p.chat.messages[message]
	if m.people == nil {
		m.people = map[int64][]string{}
	}
	before := m.people[p.user.id]
	m.people[p.user.id] = emoji
	if p.chat.bot == "administrator" {
		p.s.push("message_reaction", lane(p.chat), obj{
			"chat": p.chat.json(), "message_id": message, "user": p.user.json(), "date": p.s.options.Now().Unix(),
			"old_reaction": emojiJSON(before), "new_reaction": emojiJSON(emoji),
		})
	}
}

func emojiJSON(list []string) []obj {
	out := []obj{}
	for _, emoji := range list {
		out = append(out, obj{"type": "emoji", "emoji": emoji})
	}
	return out
}

// Reaction is what the bot shows on a message in the place; "" is nothing.
func (p Seat) Reaction(message int) string {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if m := p.chat.messages[message]; m != nil {
		return m.reacted.bot
	}
	return ""
}
