package discordtest

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// place is the channel of a call, or the refusal that Discord gives instead. It needs Server.mu.
func (c *call) place(write bool) (*place, *reply) {
	p := c.server.world.places[c.path[0]]
	var r reply
	switch {
	case p == nil || p.gone:
		r = refuse(404, codeUnknownChannel, "Unknown Channel")
	case p.root().denied == codeMissingAccess, p.hidden(c.server.world.bot):
		r = refuse(403, codeMissingAccess, "Missing Access")
	case write && p.root().denied != 0:
		r = refuse(403, p.root().denied, "Missing Permissions")
	case write && p.parent != nil && p.lacks(permissionReply):
		r = refuse(403, codeMissingPermission, "Missing Permissions")
	case write && p.recipient != nil && p.recipient.blocks:
		r = refuse(403, codeBlocked, "Cannot send messages to this user")
	default:
		return p, nil
	}
	return nil, &r
}

func (c *call) postMessage() reply {
	s := c.server
	p, no := c.place(true)
	if no != nil {
		return *no
	}
	if no := s.wake(p); no != nil {
		return *no
	}
	nonce := fmt.Sprint(orText(c.property("nonce")))
	if c.flag("enforce_nonce") && nonce != "" {
		if m := s.world.nonces[p.id+" "+nonce]; m != nil && time.Since(m.at) < 3*time.Minute {
			return reply{200, m.json(s, false)}
		}
	}
	m, no := c.compose(p)
	if no != nil {
		return *no
	}
	m.nonce = nonce
	if ref, ok := c.property("message_reference").(object); ok {
		m.replyTo, _ = ref["message_id"].(string)
		if p.find(m.replyTo) == nil && ref["fail_if_not_exists"] != false {
			return badForm("message_reference", "Unknown message")
		}
		m.kind = 19
	}
	s.world.nonces[p.id+" "+nonce] = m
	s.publish(m)
	out := m.json(s, false)
	out["nonce"] = nonce
	return reply{200, out}
}

func orText(v any) any {
	if v == nil {
		return ""
	}
	return v
}

// compose checks and makes a message of the bot; it is stored, not dispatched.
func (c *call) compose(p *place) (*message, *reply) {
	s := c.server
	var made parts
	if no := c.fill(&made, p); no != nil {
		return nil, no
	}
	content := c.text("content")
	if trimmed(content) == "" && len(made.embeds) == 0 && len(made.files) == 0 && len(made.components) == 0 {
		s.violate("%s: an empty message", c.route)
		no := refuse(400, codeEmpty, "Cannot send an empty message")
		return nil, &no
	}
	m := s.world.say(p, s.world.bot, content)
	m.parts, m.flags = made, c.number("flags")
	return m, nil
}

// fill checks content, mentions, components, embeds and files against what the specification leaves open.
func (c *call) fill(into *parts, p *place) *reply {
	s := c.server
	if n := utf8.RuneCountInString(c.text("content")); n > 2000 {
		s.violate("%s: content of %d characters", c.route, n)
		no := badForm("content", "Must be 2000 or fewer in length.")
		return &no
	}
	c.checkMentions(p)
	if v, ok := c.property("components").([]any); ok {
		if no := c.checkComponents(v); no != nil {
			return no
		}
		into.components = v
	}
	if v, ok := c.property("embeds").([]any); ok {
		if n := embedSize(v); n > 6000 {
			s.violate("%s: embeds of %d characters", c.route, n)
			no := badForm("embeds", "Embed size exceeds maximum size of 6000")
			return &no
		}
		into.embeds = v
	}
	return c.fillFiles(into)
}

func (c *call) fillFiles(into *parts) *reply {
	size := 0
	for i := range 10 {
		f := c.files["files["+strconv.Itoa(i)+"]"]
		if f == nil {
			continue
		}
		size += len(f.data)
		f.id = c.server.world.snowflake()
		c.server.world.files[f.id] = f
		into.files = append(into.files, f)
	}
	if size > 10<<20 {
		no := refuse(413, codeTooLarge, "Request entity too large")
		return &no
	}
	return nil
}

func embedSize(embeds []any) int {
	n := 0
	for _, e := range embeds {
		o, _ := e.(object)
		for _, field := range []string{"title", "description"} {
			text, _ := o[field].(string)
			n += utf8.RuneCountInString(text)
		}
	}
	return n
}

func (c *call) checkComponents(rows []any) *reply {
	s := c.server
	problem := ""
	seen := map[string]bool{}
	if len(rows) > 5 {
		problem = fmt.Sprintf("%d rows", len(rows))
	}
	for _, row := range rows {
		r, _ := row.(object)
		items, _ := r["components"].([]any)
		for _, item := range items {
			b, _ := item.(object)
			id, _ := b["custom_id"].(string)
			address, _ := b["url"].(string)
			label, _ := b["label"].(string)
			switch link := b["style"] == 5.0; {
			case link && (id != "" || !strings.HasPrefix(address, "http://") && !strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "discord://")):
				problem = "a link button without a link that Discord opens"
			case !link && (id == "" || address != ""):
				problem = "a button without custom_id"
			case !link && seen[id]:
				problem = "two components with one custom_id"
			case strings.TrimSpace(label) == "":
				problem = "a button without a label"
			}
			seen[id] = true
		}
	}
	if problem == "" {
		return nil
	}
	s.violate("%s: components: %s", c.route, problem)
	no := badForm("components", problem)
	return &no
}

// publish dispatches a new message.
func (s *Server) publish(m *message) {
	s.dispatchMessage("MESSAGE_CREATE", m)
}

func (s *Server) dispatchMessage(kind string, m *message) {
	guildID, intent := "", intentDirectMessages
	if m.place.guild != nil {
		guildID, intent = m.place.guild.id, intentGuildMessages
	}
	s.gate.dispatch(guildID, kind, intent, func(content bool) any {
		o := m.json(s, !content && s.hiddenFromBot(m))
		if m.place.guild != nil {
			o["guild_id"], o["member"] = guildID, m.author.memberJSON()
		}
		if m.nonce != "" {
			o["nonce"] = m.nonce
		}
		return o
	})
}

func (c *call) listMessages() reply {
	p, no := c.place(false)
	if no != nil {
		return *no
	}
	query := c.http.URL.Query()
	limit, _ := strconv.Atoi(query.Get("limit"))
	if limit == 0 {
		limit = 50
	}
	var found []*message
	for _, m := range p.messages {
		if !m.deleted && (!query.Has("after") || older(query.Get("after"), m.id)) && (!query.Has("before") || older(m.id, query.Get("before"))) {
			found = append(found, m)
		}
	}
	if query.Has("after") {
		found = found[:min(limit, len(found))] // those next to "after", told newest first
	} else {
		found = found[max(0, len(found)-limit):]
	}
	out := []object{}
	for _, m := range slices.Backward(found) {
		out = append(out, m.json(c.server, c.server.options.NoMessageContent && c.server.hiddenFromBot(m)))
	}
	return reply{200, out}
}

func older(a, b string) bool { return len(a) < len(b) || len(a) == len(b) && a < b }

func (c *call) getMessage() reply {
	p, no := c.place(false)
	if no != nil {
		return *no
	}
	m := p.find(c.path[1])
	if m == nil {
		return refuse(404, codeUnknownMessage, "Unknown Message")
	}
	return reply{200, m.json(c.server, c.server.options.NoMessageContent && c.server.hiddenFromBot(m))}
}

func (c *call) patchMessage() reply {
	p, no := c.place(true)
	if no != nil {
		return *no
	}
	m := p.find(c.path[1])
	switch {
	case m == nil:
		return refuse(404, codeUnknownMessage, "Unknown Message")
	case m.author != c.server.world.bot:
		return refuse(403, codeNotOurs, "Cannot edit a message authored by another user")
	case p.thread.archived:
		return refuse(400, codeArchived, "Thread is archived")
	}
	return c.change(m)
}

// change edits a message with what the body holds.
func (c *call) change(m *message) reply {
	made := m.parts
	if no := c.fill(&made, m.place); no != nil {
		return *no
	}
	now := time.Now()
	if o, _ := c.body.(object); o != nil {
		if _, ok := o["content"]; ok {
			m.content = trimmed(c.text("content"))
		}
		if _, ok := o["flags"]; ok {
			m.flags = m.flags&^flagSuppressEmbeds | c.number("flags")&flagSuppressEmbeds
		}
	}
	m.parts, m.edited = made, &now
	m.flags &^= flagLoading
	c.server.dispatchMessage("MESSAGE_UPDATE", m)
	return reply{200, m.json(c.server, false)}
}

func (c *call) deleteMessage() reply {
	p, no := c.place(true)
	if no != nil {
		return *no
	}
	m := p.find(c.path[1])
	if m == nil {
		return refuse(404, codeUnknownMessage, "Unknown Message")
	}
	c.server.remove(m)
	return reply{204, nil}
}

func (s *Server) remove(m *message) {
	m.deleted = true
	guildID, intent := "", intentDirectMessages
	if m.place.guild != nil {
		guildID, intent = m.place.guild.id, intentGuildMessages
	}
	s.gate.dispatch(guildID, "MESSAGE_DELETE", intent, func(bool) any {
		o := object{"id": m.id, "channel_id": m.place.id}
		if guildID != "" {
			o["guild_id"] = guildID
		}
		return o
	})
}

func (c *call) typing() reply {
	p, no := c.place(true)
	if no != nil {
		return *no
	}
	p.typing++
	return reply{204, nil}
}

// Typing counts how often a channel, thread or direct chat was told that the bot types.
func (s *Server) Typing(channel string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.world.places[channel]; p != nil {
		return p.typing
	}
	return 0
}

// serveAttachment is the file host: links lapse.
func (s *Server) serveAttachment(w http.ResponseWriter, r *http.Request) {
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/attachments/"), "/")
	expires, err := strconv.ParseInt(r.URL.Query().Get("ex"), 16, 64)
	s.mu.Lock()
	f := s.world.files[parts[0]]
	s.mu.Unlock()
	if err != nil || f == nil || time.Now().UnixNano() > expires {
		http.Error(w, "This content is no longer available.", http.StatusNotFound)
		return
	}
	if r.Header.Get("Authorization") != "" {
		s.record("the bot's token was sent to the file host")
	}
	w.Header().Set("Content-Type", f.kind)
	_, _ = io.WriteString(w, string(f.data))
}
