package discordtest

import (
	"strings"
	"time"
)

// The kinds of interactions.
const (
	interactCommand  = 2
	interactButton   = 3
	interactComplete = 4
)

// interaction is one use of a command, a button or the completion.
type interaction struct {
	id, token string
	kind      int
	place     *place
	user      *user
	under     *message // what a pressed button hangs under
	original  *message
	begun     time.Time
	answered  int // the type of the callback, 0 none
	lapsed    bool
	choices   []any
	done      chan struct{}
}

// answerWithin is how long an interaction waits for its first response, and tokenLife how long its token lives after it.
const (
	answerWithin = 3 * time.Second
	tokenLife    = 15 * time.Minute
)

// begin makes an interaction and dispatches it.
func (s *Server) begin(i *interaction, data object) *interaction {
	i.id, i.token = s.world.snowflake(), "interaction-token-"+s.world.snowflake()
	i.begun, i.done = time.Now(), make(chan struct{})
	s.world.calls[i.id], s.world.calls[i.token] = i, i
	o := object{
		"id": i.id, "application_id": s.world.bot.id, "type": i.kind, "token": i.token, "version": 1, "data": data,
		"channel_id": i.place.id, "channel": i.place.json(), "locale": i.user.locale, "entitlements": []any{}, "attachment_size_limit": 10 << 20,
		"authorizing_integration_owners": object{}, "app_permissions": "0",
	}
	guildID := ""
	if g := i.place.guild; g != nil {
		guildID = g.id
		member := i.user.memberJSON()
		member["user"], member["permissions"] = i.user.json(), "0"
		o["guild_id"], o["member"], o["guild_locale"], o["context"] = g.id, member, "en-US", 0
	} else {
		o["user"], o["context"] = i.user.json(), 1
	}
	if i.under != nil {
		o["message"] = i.under.json(s, false)
	}
	s.gate.dispatch(guildID, "INTERACTION_CREATE", 0, func(bool) any { return o })
	return i
}

func (i *interaction) late() bool { return i.answered == 0 && time.Since(i.begun) > answerWithin }

func (c *call) callback() reply {
	s := c.server
	i := s.world.calls[c.path[0]]
	kind := c.number("type")
	switch {
	case i == nil || i.token != c.path[1] || i.late():
		return refuse(404, codeUnknownInteraction, "Unknown interaction")
	case i.answered != 0:
		return refuse(400, codeAcknowledged, "Interaction has already been acknowledged.")
	case kind == 8 != (i.kind == interactComplete), (kind == 6 || kind == 7) && i.kind != interactButton, kind == 1, kind == 9 && i.kind == interactComplete:
		s.violate("callback of type %d to an interaction of type %d", kind, i.kind)
		return badForm("type", "cannot answer this interaction so")
	}
	if no := c.respond(i, kind); no != nil {
		return *no
	}
	i.answered = kind
	close(i.done)
	return reply{204, nil}
}

// respond acts on the first response.
func (c *call) respond(i *interaction, kind int) *reply {
	s := c.server
	data, _ := c.property("data").(object)
	inner := &call{server: s, http: c.http, route: c.route, path: c.path, body: data, files: c.files, w: c.w}
	switch kind {
	case 8:
		i.choices, _ = data["choices"].([]any)
	case 4:
		m, no := inner.compose(i.place)
		if no != nil {
			return no
		}
		m.webhook, m.kind = true, 20
		i.original = m
		s.publish(m)
	case 5:
		m := s.world.say(i.place, s.world.bot, "")
		m.webhook, m.kind, m.flags = true, 20, flagLoading|inner.number("flags")&flagEphemeral
		i.original = m
		s.publish(m)
	case 6:
		i.original = i.under
	case 7:
		i.original = i.under
		inner.change(i.under)
	}
	return nil
}

// ticket is the interaction that a webhook call belongs to.
func (c *call) ticket() (*interaction, *reply) {
	s := c.server
	i := s.world.calls[c.path[1]]
	var no reply
	switch {
	case c.path[0] != s.world.bot.id || i == nil || i.answered == 0:
		no = refuse(404, codeUnknownWebhook, "Unknown Webhook")
	case i.lapsed || time.Since(i.begun) > tokenLife:
		no = refuse(401, codeBadToken, "Invalid Webhook Token")
	default:
		return i, nil
	}
	return nil, &no
}

func (c *call) followUp() reply {
	i, no := c.ticket()
	if no != nil {
		return *no
	}
	m, no := c.compose(i.place)
	if no != nil {
		return *no
	}
	m.webhook, m.kind, m.replyTo = true, 19, ""
	c.server.publish(m)
	return reply{200, m.json(c.server, false)}
}

func (c *call) original() (*message, *reply) {
	i, no := c.ticket()
	if no != nil {
		return nil, no
	}
	if i.original == nil || i.original.deleted {
		r := refuse(404, codeUnknownMessage, "Unknown Message")
		return nil, &r
	}
	return i.original, nil
}

func (c *call) getOriginal() reply {
	m, no := c.original()
	if no != nil {
		return *no
	}
	return reply{200, m.json(c.server, false)}
}

func (c *call) patchOriginal() reply {
	m, no := c.original()
	if no != nil {
		return *no
	}
	if m.flags&flagLoading != 0 && strings.TrimSpace(c.text("content")) == "" && c.property("embeds") == nil && len(c.files) == 0 {
		c.server.violate("%s: an empty answer", c.route)
	}
	return c.change(m)
}

func (c *call) patchFollowUp() reply {
	i, no := c.ticket()
	if no != nil {
		return *no
	}
	m := i.place.find(c.path[2])
	if m == nil || !m.webhook {
		return refuse(404, codeUnknownMessage, "Unknown Message")
	}
	return c.change(m)
}

func (c *call) deleteOriginal() reply {
	m, no := c.original()
	if no != nil {
		return *no
	}
	c.server.remove(m)
	return reply{204, nil}
}
