package discordtest

import "errors"

// messageAdded is the kind of the notice that Discord writes into a thread of who was added to it.
const messageAdded = 1

// newPrivate makes a private thread, of which no notice is written. It needs Server.mu.
func (s *Server) newPrivate(p *place, owner *user, name string) *place {
	t := s.world.addPlace(p.guild, p, name)
	t.kind, t.thread.owner, t.thread.members = kindPrivate, owner, map[*user]bool{owner: true}
	s.dispatchPlace("THREAD_CREATE", t)
	return t
}

// hidden says whether somebody does not see a place: a private thread is for its members, and for who manages threads.
func (p *place) hidden(from *user) bool {
	manages := p.guild != nil && p.guild.managers[from]
	if from.bot {
		manages = !p.lacks(permissionManage)
	}
	return p.kind == kindPrivate && !p.thread.members[from] && !manages
}

// addMember lets somebody into a thread. Where a private one is not invitable that is for who manages threads.
func (c *call) addMember() reply {
	p, no := c.place(true)
	u := c.server.world.users[c.path[1]]
	switch {
	case no != nil:
		return *no
	case p.parent == nil:
		return refuse(400, codeWrongChannelKind, "Cannot execute action on this channel type")
	case u == nil:
		return refuse(404, codeUnknownUser, "Unknown User")
	case p.thread.archived:
		return refuse(400, codeArchived, "Thread is archived")
	case p.lacks(permissionManage) && (p.thread.locked || p.kind == kindPrivate && !p.thread.invitable):
		return refuse(403, codeMissingPermission, "Missing Permissions")
	}
	if !p.thread.members[u] {
		p.thread.members[u] = true
		notice := c.server.world.say(p, c.server.world.bot, "")
		notice.kind, notice.parts.mentions = messageAdded, []*user{u}
		c.server.publish(notice)
	}
	return reply{204, nil}
}

// ManageThreads lets the customer manage the threads of a server, and so see the private ones.
func (c *Customer) ManageThreads(guild string) {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	c.server.world.guilds[guild].managers[c.user] = true
}

// Sees says whether the customer sees a channel or thread.
func (c *Customer) Sees(channel string) bool {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	return c.sees(channel) == nil
}

func (c *Customer) sees(channel string) error {
	if p := c.server.world.places[channel]; p != nil && (p.gone || p.hidden(c.user)) {
		return errors.New(c.user.name + " does not see channel " + channel)
	}
	return nil
}

// notice says whether a message is one of Discord's own at the head of a thread, or of who was added to it.
func (m *message) notice() bool { return m.kind == messageStarter || m.kind == messageAdded }
