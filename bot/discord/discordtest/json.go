package discordtest

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"
)

// object is a JSON object as Discord writes it.
type object = map[string]any

func (u *user) json() object {
	return object{
		"id": u.id, "username": u.name, "global_name": u.display, "discriminator": "0", "avatar": nil, "bot": u.bot,
		"public_flags": 0, "collectibles": nil,
	}
}

func (u *user) memberJSON() object {
	return object{"nick": nil, "roles": []string{}, "joined_at": "2021-01-01T00:00:00Z", "deaf": false, "mute": false, "flags": 0}
}

func (p *place) json() object {
	o := object{"id": p.id, "type": p.kind, "name": p.name, "last_message_id": p.last(), "flags": 0}
	if p.guild != nil {
		o["guild_id"] = p.guild.id
		o["permission_overwrites"] = p.overwrites()
	}
	if p.recipient != nil {
		o["recipients"] = []object{p.recipient.json()}
		delete(o, "name")
	}
	if p.parent != nil {
		o["parent_id"], o["owner_id"] = p.parent.id, p.thread.owner.id
		o["thread_metadata"] = object{
			"archived": p.thread.archived, "locked": p.thread.locked, "auto_archive_duration": p.thread.minutes,
			"archive_timestamp": stamp(p.thread.archivedAt),
		}
	}
	return o
}

func (p *place) last() any {
	if len(p.messages) == 0 {
		return nil
	}
	return p.messages[len(p.messages)-1].id
}

func (p *place) overwrites() []object {
	deny := p.withheld
	switch p.denied {
	case codeMissingAccess:
		deny |= permissionView
	case codeMissingPermission:
		deny |= permissionSend
	}
	if deny == 0 || p.guild == nil {
		return []object{}
	}
	return []object{{"id": p.guild.botRole, "type": 0, "allow": "0", "deny": strconv.FormatUint(deny, 10)}}
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000+00:00") }

// json is what REST tells of a message. Without the content intent most of it is empty.
func (m *message) json(s *Server, hidden bool) object {
	o := object{
		"id": m.id, "type": m.kind, "channel_id": m.place.id, "content": m.content, "timestamp": stamp(m.at), "edited_timestamp": nil,
		"author": m.author.json(), "flags": m.flags, "tts": false, "mention_everyone": false, "pinned": false,
		"mentions": []object{}, "mention_roles": s.roleMentions(m), "components": orEmpty(m.parts.components),
		"embeds": orEmpty(m.parts.embeds), "attachments": s.filesJSON(m.parts.files),
	}
	if m.edited != nil {
		o["edited_timestamp"] = stamp(*m.edited)
	}
	if len(m.parts.stickers) > 0 {
		o["sticker_items"] = m.parts.stickers
	}
	if t := s.world.places[m.id]; t != nil && !t.gone { // a thread under a message has the message's ID
		o["flags"], o["thread"] = m.flags|flagHasThread, t.json()
	}
	if m.webhook {
		o["webhook_id"], o["application_id"] = s.world.bot.id, s.world.bot.id
	}
	if m.replyTo != "" {
		o["message_reference"] = object{"channel_id": m.place.id, "message_id": m.replyTo, "type": 0}
		if to := m.place.find(m.replyTo); to != nil {
			o["referenced_message"] = object{"id": to.id, "channel_id": to.place.id, "author": to.author.json(), "content": to.content, "type": to.kind}
		} else {
			o["referenced_message"] = nil
		}
	}
	mentions := []object{}
	for _, u := range m.parts.mentions {
		mentions = append(mentions, u.json())
	}
	o["mentions"] = mentions
	if hidden {
		for _, field := range []string{"components", "embeds", "attachments"} {
			o[field] = []any{}
		}
		o["content"] = ""
	}
	maps.Copy(o, m.more)
	return o
}

func (s *Server) roleMentions(m *message) []string {
	out := []string{}
	if m.place.guild != nil && strings.Contains(m.content, "<@&"+m.place.guild.botRole+">") {
		out = append(out, m.place.guild.botRole)
	}
	return out
}

func orEmpty(v []any) []any {
	if v == nil {
		return []any{}
	}
	return v
}

// filesJSON makes links that lapse.
func (s *Server) filesJSON(files []*file) []object {
	out := []object{}
	for _, f := range files {
		expires := time.Now().Add(s.world.lapse)
		out = append(out, object{
			"id": f.id, "filename": f.name, "size": len(f.data), "content_type": f.kind, "flags": 0,
			"url":       fmt.Sprintf("%s/attachments/%s/%s?ex=%x", s.http.URL, f.id, f.name, expires.UnixNano()),
			"proxy_url": fmt.Sprintf("%s/attachments/%s/%s?ex=%x", s.http.URL, f.id, f.name, expires.UnixNano()),
		})
	}
	return out
}

// hiddenFromBot says whether the content intent decides about this message: all but direct, own and mentioning ones.
func (s *Server) hiddenFromBot(m *message) bool {
	if m.place.guild == nil || m.author == s.world.bot {
		return false
	}
	for _, u := range m.parts.mentions {
		if u == s.world.bot {
			return false
		}
	}
	return true
}
