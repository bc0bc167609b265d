package discordtest

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// The permissions that matter here.
const (
	permissionView    = 1 << 10
	permissionSend    = 1 << 11
	permissionManage  = 1 << 34 // threads
	permissionThreads = 1 << 35 // create public
	permissionPrivate = 1 << 36 // create private
	permissionReply   = 1 << 38 // send in threads
	permissionHistory = 1 << 16
	permissionEmbed   = 1 << 14
	permissionAttach  = 1 << 15
	allPermissions    = permissionView | permissionSend | permissionManage | permissionThreads | permissionPrivate |
		permissionReply | permissionHistory | permissionEmbed | permissionAttach
)

func (c *call) gateway() reply {
	return reply{200, object{"url": c.server.gatewayURL()}}
}

func (s *Server) gatewayURL() string {
	return "ws" + strings.TrimPrefix(s.http.URL, "http") + "/gateway"
}

func (c *call) gatewayBot() reply {
	s := c.server
	s.gate.mu.Lock()
	spent := len(s.gate.identified)
	s.gate.mu.Unlock()
	return reply{200, object{"url": s.gatewayURL(), "shards": s.options.Shards, "session_start_limit": object{
		"total": s.options.IdentifyBudget, "remaining": max(0, s.options.IdentifyBudget-spent), "reset_after": 3_600_000, "max_concurrency": 1,
	}}}
}

func (c *call) me() reply {
	return reply{200, c.server.world.bot.json()}
}

func (c *call) getUser() reply {
	u := c.server.world.users[c.path[0]]
	if u == nil {
		return refuse(404, codeUnknownUser, "Unknown User")
	}
	return reply{200, u.json()}
}

// applicationFlags tell which privileged intents are switched on (the "limited" form, for bots in fewer than 100 servers).
func (s *Server) applicationFlags() int {
	if s.options.NoMessageContent {
		return 0
	}
	return 1 << 19
}

func (c *call) application() reply {
	s := c.server
	return reply{200, object{"id": s.world.bot.id, "name": s.world.bot.name, "flags": s.applicationFlags(), "bot_public": true, "description": ""}}
}

func (c *call) openDirect() reply {
	u := c.server.world.users[c.text("recipient_id")]
	if u == nil || u.bot {
		return refuse(400, codeUnknownUser, "Unknown User")
	}
	return reply{200, c.server.world.direct(u).json()}
}

func (c *call) guilds() reply {
	out := []object{}
	for _, g := range c.server.world.guilds {
		out = append(out, object{"id": g.id, "name": g.name, "permissions": strconv.FormatUint(g.permissions, 10), "owner": false})
	}
	return reply{200, out}
}

func (c *call) guild() (*guild, *reply) {
	g := c.server.world.guilds[c.path[0]]
	if g == nil {
		no := refuse(404, codeUnknownGuild, "Unknown Guild")
		return nil, &no
	}
	return g, nil
}

func (s *Server) rolesJSON(g *guild) []object {
	return []object{
		{"id": g.id, "name": "@everyone", "permissions": "0", "position": 0},
		{"id": g.botRole, "name": s.world.bot.name, "permissions": strconv.FormatUint(g.permissions, 10), "position": 1, "managed": true,
			"tags": object{"bot_id": s.world.bot.id}},
	}
}

func (c *call) getGuild() reply {
	g, no := c.guild()
	if no != nil {
		return *no
	}
	return reply{200, object{"id": g.id, "name": g.name, "owner_id": "1", "roles": c.server.rolesJSON(g)}}
}

func (c *call) getRoles() reply {
	g, no := c.guild()
	if no != nil {
		return *no
	}
	return reply{200, c.server.rolesJSON(g)}
}

func (c *call) getGuildChannels() reply {
	g, no := c.guild()
	if no != nil {
		return *no
	}
	out := []object{}
	for _, p := range g.places {
		if p.parent == nil && !p.gone {
			out = append(out, p.json())
		}
	}
	return reply{200, out}
}

func (c *call) getMember() reply {
	g, no := c.guild()
	if no != nil {
		return *no
	}
	u := c.server.world.users[c.path[1]]
	if u == nil {
		return refuse(404, codeUnknownUser, "Unknown User")
	}
	m := u.memberJSON()
	m["user"] = u.json()
	if u == c.server.world.bot {
		m["roles"] = []string{g.botRole}
	}
	return reply{200, m}
}

func (c *call) getChannel() reply {
	p, no := c.place(false)
	if no != nil {
		return *no
	}
	return reply{200, p.json()}
}

func (s *Server) dispatchPlace(kind string, p *place) {
	s.gate.dispatch(p.guild.id, kind, intentGuilds, func(bool) any { return p.json() })
}

func (c *call) putCommands() reply {
	s := c.server
	if c.path[0] != s.world.bot.id {
		return refuse(403, codeMissingAccess, "Missing Access")
	}
	var commands []struct {
		Name  string            `json:"name"`
		Texts map[string]string `json:"description_localizations"`
		Names map[string]string `json:"name_localizations"`
	}
	if err := json.Unmarshal(c.raw, &commands); err != nil {
		return badForm("commands", err.Error())
	}
	seen := map[string]bool{}
	for _, command := range commands {
		problem := ""
		switch {
		case seen[command.Name]:
			problem = "two commands are called " + command.Name
		case strings.ToLower(command.Name) != command.Name || strings.ContainsAny(command.Name, " /"):
			problem = "bad name " + command.Name
		}
		seen[command.Name] = true
		for _, texts := range []map[string]string{command.Texts, command.Names} {
			for locale := range texts {
				if !slices.Contains(s.facts.Locales(), locale) {
					problem = locale + " is not a locale of Discord"
				}
			}
		}
		if problem != "" {
			s.violate("%s: %s", c.route, problem)
			return badForm("name", problem)
		}
	}
	s.world.commands = json.RawMessage(c.raw)
	return reply{200, c.body}
}

func (c *call) getCommands() reply {
	if c.server.world.commands == nil {
		return reply{200, []any{}}
	}
	return reply{200, c.server.world.commands}
}
