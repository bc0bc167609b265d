package discordtest

import (
	"encoding/json"
	"slices"
	"time"
)

// Guild makes a server with the bot in it and returns its ID. Make it before the bot connects, or dispatch it with Announce.
func (s *Server) Guild(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.world.addGuild(name).id
}

// Announce tells the live sessions of a server, as when the bot is invited.
func (s *Server) Announce(guildID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.world.guilds[guildID]
	s.gate.dispatch(g.id, "GUILD_CREATE", intentGuilds, func(bool) any { return s.guildJSON(g) })
}

// Channel makes a text channel in a server.
func (s *Server) Channel(guildID, name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.world.addPlace(s.world.guilds[guildID], nil, name)
	s.dispatchPlace("CHANNEL_CREATE", p)
	return p.id
}

// Voice makes a voice channel in a server: people can write there, and no thread hangs in it.
func (s *Server) Voice(guildID, name string) string { return s.special(guildID, name, kindVoice) }

// News makes a channel for announcements in a server: no private thread begins there. Its public ones are of a kind of their own, which the fake lacks.
func (s *Server) News(guildID, name string) string { return s.special(guildID, name, kindNews) }

func (s *Server) special(guildID, name string, kind int) string {
	id := s.Channel(guildID, name)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.world.places[id].kind = kind
	return id
}

// Deny takes access (50001), the right to write (50013) or nothing (0) from the bot in a channel.
func (s *Server) Deny(channelID string, code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.world.places[channelID].denied = code
}

// Remove deletes a channel or thread.
func (s *Server) Remove(channelID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.world.places[channelID]
	p.gone = true
	if p.guild == nil {
		return
	}
	kind := "CHANNEL_DELETE"
	if p.parent != nil {
		kind = "THREAD_DELETE"
	}
	s.dispatchPlace(kind, p)
}

// BotRole is the ID of the role that the bot's invitation made in a server.
func (s *Server) BotRole(guildID string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.world.guilds[guildID].botRole
}

// LinkLife sets how long links to attachments work.
func (s *Server) LinkLife(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.world.lapse = d
}

// Commands are the commands that were published, as they were sent.
func (s *Server) Commands() json.RawMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.world.commands
}

func sortShown(v []Shown) {
	slices.SortFunc(v, func(a, b Shown) int {
		switch {
		case older(a.ID, b.ID):
			return -1
		case older(b.ID, a.ID):
			return 1
		}
		return 0
	})
}
