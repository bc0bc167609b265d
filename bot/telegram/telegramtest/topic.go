package telegramtest

import "fmt"

// manages says whether the bot may make topics and change those of others.
func (ch *chat) manages() bool { return ch.bot == "administrator" && !ch.noTopics }

// managesTopic says whether the bot may change a topic, and write into it while it is closed: who began it may.
func (ch *chat) managesTopic(t *topic) bool { return ch.manages() || t.by.id == BotID }

func (s *Server) createForumTopic(c *call) (any, *apiError) {
	ch, problem := s.forum(c)
	if problem != nil {
		return nil, problem
	}
	if !ch.manages() {
		return nil, badRequest("not enough rights to create a topic")
	}
	t := s.newTopic(ch, s.world.bot(), c.params["name"])
	return obj{"message_thread_id": t.id, "name": t.name, "icon_color": topicColor}, nil
}

const topicColor = 7322096

// newTopic makes a topic; its ID is that of the service message that began it.
func (s *Server) newTopic(ch *chat, by *user, name string) *topic {
	id := s.world.nextMessage(ch)
	t := &topic{id: id, name: name, by: by}
	ch.topics[id] = t
	m := &message{id: id, chat: ch, thread: id, topical: true, from: by, date: s.options.Now(),
		service: obj{"forum_topic_created": obj{"name": name, "icon_color": topicColor}}}
	ch.messages[id] = m
	s.announce(m)
	return t
}

// announce tells the bot of a service message if it may see it; it gets those of its own calls too.
func (s *Server) announce(m *message) {
	if s.sees(m) {
		s.push("message", lane(m.chat), m.json(true))
	}
}

// notice puts a service message about a topic into it.
func (s *Server) notice(ch *chat, t *topic, by *user, content obj) {
	m := &message{id: s.world.nextMessage(ch), chat: ch, thread: t.id, topical: true, from: by, date: s.options.Now(), service: content}
	ch.messages[m.id] = m
	s.announce(m)
}

func (s *Server) forum(c *call) (*chat, *apiError) {
	ch, problem := s.writable(c)
	if problem == nil && !ch.forum {
		problem = badRequest("the chat is not a forum")
	}
	return ch, problem
}

// changeTopic changes a topic and notes that in it; change returns nil where it is so already. Without the right the platform says so, in words
// that depend on what was tried, before it looks whether something changes.
func (s *Server) changeTopic(c *call, tried string, change func(t *topic) obj) (any, *apiError) {
	ch, problem := s.forum(c)
	if problem != nil {
		return nil, problem
	}
	id := int(c.integer("message_thread_id"))
	t := ch.topics[id]
	switch {
	case id <= 0:
		return nil, badRequest("invalid forum topic identifier specified")
	case t == nil:
		return nil, badRequest("TOPIC_ID_INVALID")
	case !ch.managesTopic(t):
		return nil, badRequest("not enough rights to %s the topic", tried)
	}
	content := change(t)
	if content == nil {
		return nil, badRequest("TOPIC_NOT_MODIFIED")
	}
	s.notice(ch, t, s.world.bot(), content)
	return true, nil
}

func (t *topic) rename(name string) obj {
	if name == "" || name == t.name {
		return nil
	}
	t.name = name
	return obj{"forum_topic_edited": obj{"name": name}}
}

func (t *topic) toggle(closed bool) obj {
	if closed == t.closed {
		return nil
	}
	t.closed = closed
	if closed {
		return obj{"forum_topic_closed": obj{}}
	}
	return obj{"forum_topic_reopened": obj{}}
}

func (s *Server) editForumTopic(c *call) (any, *apiError) {
	return s.changeTopic(c, "edit", func(t *topic) obj { return t.rename(c.params["name"]) })
}

func (s *Server) closeForumTopic(c *call) (any, *apiError) {
	return s.changeTopic(c, "close or open", func(t *topic) obj { return t.toggle(true) })
}

func (s *Server) reopenForumTopic(c *call) (any, *apiError) {
	return s.changeTopic(c, "close or open", func(t *topic) obj { return t.toggle(false) })
}

func (s *Server) deleteForumTopic(c *call) (any, *apiError) {
	ch, problem := s.forum(c)
	t := (*topic)(nil)
	if problem == nil {
		t = ch.topics[int(c.integer("message_thread_id"))]
	}
	switch {
	case problem != nil:
		return nil, problem
	case t == nil:
		return nil, badRequest("TOPIC_ID_INVALID")
	case ch.bot != "administrator":
		return nil, badRequest("not enough rights to delete the topic")
	}
	ch.deleteTopic(t.id)
	return true, nil
}

func (ch *chat) deleteTopic(id int) {
	delete(ch.topics, id)
	for _, m := range ch.messages {
		if m.thread == id {
			delete(ch.messages, m.id)
		}
	}
}

// topicOf checks message_thread_id.
func (ch *chat) topicOf(c *call) (int, *apiError) {
	id := int(c.integer("message_thread_id"))
	if _, given := c.params["message_thread_id"]; !given {
		return 0, nil
	}
	t := ch.topics[id]
	if t == nil || !ch.forum {
		return 0, badRequest("message thread not found")
	}
	if t.closed && !ch.managesTopic(t) {
		return 0, badRequest("TOPIC_CLOSED")
	}
	return id, nil
}

// Topic begins a topic in the name of a person, and returns its ID.
func (g Group) Topic(by Seat, name string) int {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	return g.s.newTopic(g.chat, by.user, name).id
}

// RenameTopic, CloseTopic and ReopenTopic are what an administrator does with a topic.
func (g Group) RenameTopic(by Seat, id int, name string) {
	g.changeTopic(by, id, func(t *topic) obj { return t.rename(name) })
}

// CloseTopic closes a topic.
func (g Group) CloseTopic(by Seat, id int) {
	g.changeTopic(by, id, func(t *topic) obj { return t.toggle(true) })
}

// ReopenTopic opens a closed topic.
func (g Group) ReopenTopic(by Seat, id int) {
	g.changeTopic(by, id, func(t *topic) obj { return t.toggle(false) })
}

func (g Group) changeTopic(by Seat, id int, change func(*topic) obj) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	t := g.chat.topics[id]
	if t == nil {
		panic(fmt.Sprintf("telegramtest: there is no topic %d", id))
	}
	if content := change(t); content != nil {
		g.s.notice(g.chat, t, by.user, content)
	}
}

// DeleteTopic deletes a topic with everything in it, which the bot is not told.
func (g Group) DeleteTopic(id int) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.chat.deleteTopic(id)
}

// SwitchTopics switches the group's topics on or off.
func (g Group) SwitchTopics(on bool) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.chat.forum = on
}

// AllowTopics gives the bot, where it is an administrator, the right to manage topics, or takes it away.
func (g Group) AllowTopics(allowed bool) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.chat.noTopics = !allowed
}

// Topics are the names of the group's topics, by ID.
func (g Group) Topics() map[int]string {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	out := map[int]string{}
	for id, t := range g.chat.topics {
		out[id] = t.name
		if t.closed {
			out[id] += " (closed)"
		}
	}
	return out
}

// ShownOutside is what the group shows of the bot outside of its topics.
func (g Group) ShownOutside() []Shown {
	var out []Shown
	for _, v := range g.Shown() {
		if v.Thread == 0 {
			out = append(out, v)
		}
	}
	return out
}
