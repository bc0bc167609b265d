package discordtest

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// The intents that matter here.
const (
	intentGuilds         = 1 << 0
	intentGuildMessages  = 1 << 9
	intentDirectMessages = 1 << 12
	intentGuildTyping    = 1 << 11
	intentDirectTyping   = 1 << 14
	intentGuildReacts    = 1 << 10
	intentDirectReacts   = 1 << 13
	intentContent        = 1 << 15
	intentMembers        = 1 << 1
	intentPresences      = 1 << 8
	knownIntents         = 1<<26 - 1
)

var closeTexts = map[int]string{
	4003: "Not authenticated.", 4004: "Authentication failed.", 4005: "Already authenticated.", 4010: "Invalid shard.",
	4011: "Sharding required.", 4012: "Invalid API version.", 4013: "Invalid intent(s).", 4014: "Disallowed intent(s).",
}

// libraryAdds names what discordgo adds to calls of its own accord and Discord's documentation does not have.
var libraryAdds = []string{
	"identify.guild_subscriptions",
	"identify.properties.$referer", "identify.properties.$referring_domain",
	"identify.properties.$os", "identify.properties.$browser", "identify.properties.$device",
	"token: Bot ", // before the token itself, in IDENTIFY and RESUME; Discord accepts it
}

func bareToken(s string) string { return strings.TrimPrefix(s, "Bot ") }

var identifyProperties = []string{"token", "properties", "compress", "large_threshold", "shard", "presence", "intents"}

type identify struct {
	Token      string            `json:"token"`
	Properties map[string]string `json:"properties"`
	Compress   bool              `json:"compress"`
	Shard      *[2]int           `json:"shard"`
	Intents    *int              `json:"intents"`
}

// checkIdentify records what is wrong with an IDENTIFY, and returns the token that it should have.
func (s *Server) checkIdentify(raw json.RawMessage, into *identify) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := json.Unmarshal(raw, into); err != nil {
		s.violate("identify: %v", err)
	}
	var all map[string]json.RawMessage
	_ = json.Unmarshal(raw, &all)
	for name := range all {
		if !slices.Contains(identifyProperties, name) && !slices.Contains(libraryAdds, "identify."+name) {
			s.violate("identify.%s: unknown property", name)
		}
	}
	for name := range into.Properties {
		if !slices.Contains([]string{"os", "browser", "device"}, name) && !slices.Contains(libraryAdds, "identify.properties."+name) {
			s.violate("identify.properties.%s: unknown property", name)
		}
	}
	if into.Compress {
		s.violate("identify.compress: this fake does not compress")
	}
	return s.token
}

// refusal is the close code that an IDENTIFY earns, 0 for none.
func (i identify) refusal(o Options) int {
	switch {
	case i.Intents == nil || *i.Intents < 0 || *i.Intents > knownIntents:
		return 4013
	case *i.Intents&(intentMembers|intentPresences) != 0, o.NoMessageContent && *i.Intents&intentContent != 0:
		return 4014
	case i.Shard != nil && (i.Shard[1] < 1 || i.Shard[0] < 0 || i.Shard[0] >= i.Shard[1]):
		return 4010
	case o.Shards > 1 && i.Shard == nil:
		return 4011
	}
	return 0
}

func (s *Server) currentToken() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.token
}

// greet begins a session: READY, then every guild.
func (s *Server) greet(l *link, id identify) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := &session{id: strings.Repeat("0", 12) + s.world.snowflake(), shard: [2]int{0, 1}, intents: *id.Intents, link: l, ready: true}
	if id.Shard != nil {
		n.shard = *id.Shard
	}
	guilds, created := []object{}, []json.RawMessage{}
	for _, g := range s.world.guilds {
		if shardOf(g.id, n.shard[1]) != n.shard[0] {
			continue
		}
		guilds = append(guilds, object{"id": g.id, "unavailable": true})
		created = append(created, encode(s.guildJSON(g)))
	}
	ready := encode(object{
		"v": 9, "user": s.world.bot.json(), "guilds": guilds, "session_id": n.id, "session_type": "normal",
		"resume_gateway_url": "ws" + strings.TrimPrefix(s.http.URL, "http") + "/gateway/resume", "shard": n.shard,
		"application": object{"id": s.world.bot.id, "flags": s.applicationFlags()}, "private_channels": []any{}, "relationships": []any{},
		"presences": []any{}, "user_settings": object{}, "geo_ordered_rtc_regions": []string{"fake"}, "_trace": []string{"fake"},
	})
	s.gate.mu.Lock()
	defer s.gate.mu.Unlock()
	l.session = n
	s.gate.sessions[n.id] = n
	n.push("READY", ready)
	if n.intents&intentGuilds != 0 {
		for _, g := range created {
			n.push("GUILD_CREATE", g)
		}
	}
}

func (s *Server) guildJSON(g *guild) object {
	channels, threads := []object{}, []object{}
	for _, p := range g.places {
		switch {
		case p.gone || p.denied == codeMissingAccess:
		case p.parent == nil:
			channels = append(channels, p.json())
		case !p.thread.archived:
			threads = append(threads, p.json())
		}
	}
	return object{
		"id": g.id, "name": g.name, "channels": channels, "threads": threads, "roles": s.rolesJSON(g), "owner_id": "1", "large": false,
		"unavailable": false, "member_count": 3, "members": []object{}, "emojis": []any{}, "presences": []any{}, "voice_states": []any{},
	}
}

// encode is json.Marshal of the fake's own values, without HTML escapes.
func encode(v any) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return bytes.TrimSpace(b.Bytes())
}
