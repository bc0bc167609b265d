package discordtest

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// The kinds of messages that Discord writes about threads: one in the channel where a thread was begun under no message, and one at the head of a
// thread that hangs under a message.
const (
	messageThread  = 18
	messageStarter = 21
)

// lacks says whether the bot misses a permission in a channel, or in the channel of a thread.
func (p *place) lacks(permission uint64) bool {
	return p.root().withheld&permission != 0 || p.guild != nil && p.guild.permissions&permission == 0
}

// head is the message that a thread hangs under, nil where there is none.
func (p *place) head() *message {
	if p.parent == nil {
		return nil
	}
	return p.parent.find(p.id)
}

// wake makes a thread active for a message of the bot, or says why that cannot be. It needs Server.mu.
func (s *Server) wake(p *place) *reply {
	t := &p.thread
	var no reply
	switch {
	case p.parent == nil:
		return nil
	case t.locked && (t.archived || p.lacks(permissionManage)):
		no = refuse(400, codeLocked, "Thread is locked")
	case t.archived && s.active(p.guild) >= s.options.ThreadLimit:
		no = refuse(400, codeTooManyThreads, "Maximum number of active threads reached")
	default:
		if t.archived {
			t.archived = false
			s.dispatchPlace("THREAD_UPDATE", p)
		}
		return nil
	}
	return &no
}

// enter looks whether a person can write in a place, which opens an archived thread.
func (p *place) enter() {
	switch {
	case p.gone:
		panic("discordtest: channel " + p.id + " was deleted")
	case p.thread.locked:
		panic("discordtest: thread " + p.id + " is locked")
	}
	p.thread.archived = false
}

func (c *call) startThread() reply {
	s := c.server
	p, no := c.place(true)
	switch {
	case no != nil:
		return *no
	case p.guild == nil || p.kind != kindText:
		return refuse(400, codeWrongChannelKind, "Cannot execute action on this channel type")
	}
	kind, needed := kindThread, uint64(permissionThreads)
	if c.number("type") == kindPrivate && len(c.path) == 1 {
		kind, needed = kindPrivate, permissionPrivate
	}
	if p.lacks(needed) {
		return refuse(403, codeMissingPermission, "Missing Permissions")
	}
	var under *message
	if len(c.path) > 1 {
		if under = p.find(c.path[1]); under == nil {
			return refuse(404, codeUnknownMessage, "Unknown Message")
		}
		if t := s.world.places[under.id]; t != nil && !t.gone {
			return refuse(400, codeHasThread, "A thread has already been created for this message")
		}
	} else if c.number("type") != kind {
		s.violate("%s: type %d is no kind of thread", c.route, c.number("type"))
	}
	if s.active(p.guild) >= s.options.ThreadLimit {
		return refuse(400, codeTooManyThreads, "Maximum number of active threads reached")
	}
	var t *place
	if kind == kindPrivate {
		invitable, said := c.property("invitable").(bool)
		t = s.newPrivate(p, s.world.bot, c.text("name"))
		t.thread.invitable = invitable || !said
	} else {
		t = s.newThread(p, under, s.world.bot, c.text("name"))
	}
	if minutes := c.number("auto_archive_duration"); minutes != 0 {
		t.thread.minutes = minutes
	}
	return reply{201, t.json()}
}

// newThread makes a public thread, under a message or none, with the notice that Discord writes of it. It needs Server.mu.
func (s *Server) newThread(p *place, under *message, owner *user, name string) *place {
	t := s.world.addPlace(p.guild, p, name)
	t.thread.owner, t.thread.members = owner, map[*user]bool{owner: true}
	if under != nil { // such a thread has its message's ID
		delete(s.world.places, t.id)
		t.id = under.id
		s.world.places[t.id] = t
	}
	s.dispatchPlace("THREAD_CREATE", t)
	notice := s.world.say(p, owner, name)
	if under != nil {
		p.messages = p.messages[:len(p.messages)-1]
		notice = s.world.say(t, under.author, "")
		notice.more = object{"message_reference": object{"channel_id": p.id, "message_id": under.id, "type": 0}}
	}
	notice.kind = messageThread
	if under != nil {
		notice.kind = messageStarter
	}
	s.publish(notice)
	return t
}

func (s *Server) active(g *guild) int {
	n := 0
	for _, p := range g.places {
		if p.parent != nil && !p.gone && !p.thread.archived {
			n++
		}
	}
	return n
}

func (c *call) activeThreads() reply {
	g, no := c.guild()
	if no != nil {
		return *no
	}
	out := []object{}
	for _, p := range g.places {
		if p.parent != nil && !p.gone && !p.thread.archived && !p.hidden(c.server.world.bot) {
			out = append(out, p.json())
		}
	}
	return reply{200, object{"threads": out, "members": []any{}}}
}

func (c *call) archivedThreads() reply {
	p, no := c.place(false)
	if no != nil {
		return *no
	}
	out := []object{}
	for _, t := range p.guild.places {
		if t.parent == p && !t.gone && t.thread.archived && t.kind == kindThread {
			out = append(out, t.json())
		}
	}
	return reply{200, object{"threads": out, "members": []any{}, "has_more": false}}
}

// patchChannel changes a thread. Its own the bot may name and archive; a lock, and what is locked, take a permission.
func (c *call) patchChannel() reply {
	p, no := c.place(true)
	switch {
	case no != nil:
		return *no
	case p.parent == nil:
		return refuse(400, codeWrongChannelKind, "Cannot execute action on this channel type")
	}
	o, _ := c.body.(object)
	archived, moves := o["archived"].(bool)
	locked, locks := o["locked"].(bool)
	name := c.text("name")
	t := &p.thread
	wakes := moves && !archived && t.archived
	switch {
	case p.lacks(permissionManage) && (locks && locked != t.locked || wakes && t.locked || t.owner != c.server.world.bot && !wakes):
		return refuse(403, codeMissingPermission, "Missing Permissions")
	case t.archived && name != "" && !wakes:
		return refuse(400, codeArchived, "Thread is archived")
	case wakes && c.server.active(p.guild) >= c.server.options.ThreadLimit:
		return refuse(400, codeTooManyThreads, "Maximum number of active threads reached")
	}
	if moves {
		t.archived, t.archivedAt = archived, time.Now()
	}
	if locks {
		t.locked = locked
	}
	if name != "" {
		p.name = name
	}
	c.server.dispatchPlace("THREAD_UPDATE", p)
	return reply{200, p.json()}
}

// Thread makes a public thread in a channel, in somebody's name.
func (s *Server) Thread(channelID, name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.newThread(s.world.places[channelID], nil, s.world.customer(0), name).id
}

// Thread makes a public thread under a message, in the customer's name.
func (c *Customer) Thread(message, name string) string {
	s := c.server
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.message(message)
	return s.newThread(m.place, m, c.user, name).id
}

// ThreadPermissions are the names of what Withhold can take away.
var ThreadPermissions = map[string]uint64{
	"Create Public Threads": permissionThreads, "Create Private Threads": permissionPrivate, "Send Messages in Threads": permissionReply, "Manage Threads": permissionManage,
}

// Withhold takes permissions that threads need from the bot in a channel; those not named it has.
func (s *Server) Withhold(channelID string, names ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.world.places[channelID]
	p.withheld = 0
	for _, name := range names {
		permission, known := ThreadPermissions[name]
		if !known {
			panic("discordtest: there is no permission " + name)
		}
		p.withheld |= permission
	}
}

// Archive archives a thread, and locks it or takes its lock off.
func (s *Server) Archive(threadID string, lock bool) {
	s.setThread(threadID, func(t *thread) { t.archived, t.locked, t.archivedAt = true, lock, time.Now() })
}

// Lock locks a thread without archiving it: only who may manage threads writes there.
func (s *Server) Lock(threadID string) {
	s.setThread(threadID, func(t *thread) { t.locked = true })
}

func (s *Server) setThread(id string, set func(*thread)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.world.places[id]
	set(&t.thread)
	s.dispatchPlace("THREAD_UPDATE", t)
}

// LimitThreads sets how many threads of a server can be active from now on.
func (s *Server) LimitThreads(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.options.ThreadLimit = n
}

// ThreadState is a thread as people see it in the list.
type ThreadState struct {
	ID, Name                  string
	Archived, Locked, Private bool
}

// Threads lists the threads of a channel that were not deleted, oldest first.
func (s *Server) Threads(channelID string) []ThreadState {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := map[string]ThreadState{}
	for _, p := range s.world.places {
		if p.parent != nil && p.parent.id == channelID && !p.gone {
			found[fmt.Sprintf("%20s", p.id)] = ThreadState{p.id, p.name, p.thread.archived, p.thread.locked, p.kind == kindPrivate}
		}
	}
	var out []ThreadState
	for _, key := range slices.Sorted(maps.Keys(found)) {
		out = append(out, found[key])
	}
	return out
}

// Archived lists the archived threads of a channel.
func (s *Server) Archived(channelID string) []string {
	var out []string
	for _, t := range s.Threads(channelID) {
		if t.Archived {
			out = append(out, t.ID)
		}
	}
	return out
}

// ForgetKeys makes the server know no message again by its key, as a few minutes do.
func (s *Server) ForgetKeys() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.world.nonces)
}
