package telegramtest

func (s *Server) createForumTopic(c *call) (any, *apiError) {
	ch, problem := s.forum(c)
	if problem != nil {
		return nil, problem
	}
	t := s.newTopic(ch, s.world.bot(), c.params["name"])
	return obj{"message_thread_id": t.id, "name": t.name, "icon_color": 7322096}, nil
}

// newTopic makes a topic; its ID is that of the service message that began it.
func (s *Server) newTopic(ch *chat, by *user, name string) *topic {
	id := s.world.nextMessage(ch)
	t := &topic{id: id, name: name}
	ch.topics[id] = t
	ch.messages[id] = &message{id: id, chat: ch, thread: id, topical: true, from: by, date: s.options.Now(),
		service: obj{"forum_topic_created": obj{"name": name, "icon_color": 7322096}}}
	return t
}

func (s *Server) forum(c *call) (*chat, *apiError) {
	ch, problem := s.writable(c)
	switch {
	case problem != nil:
		return nil, problem
	case !ch.forum:
		return nil, badRequest("the chat is not a forum")
	case ch.bot != "administrator":
		return nil, badRequest("not enough rights to create a topic")
	}
	return ch, nil
}

func (s *Server) changeTopic(c *call, change func(ch *chat, t *topic) bool) (any, *apiError) {
	ch, problem := s.forum(c)
	if problem != nil {
		return nil, problem
	}
	t := ch.topics[int(c.integer("message_thread_id"))]
	if t == nil {
		return nil, badRequest("TOPIC_ID_INVALID")
	}
	if !change(ch, t) {
		return nil, badRequest("TOPIC_NOT_MODIFIED")
	}
	return true, nil
}

func (s *Server) editForumTopic(c *call) (any, *apiError) {
	return s.changeTopic(c, func(_ *chat, t *topic) bool {
		name := c.params["name"]
		changed := name != "" && name != t.name
		if changed {
			t.name = name
		}
		return changed
	})
}

func (s *Server) closeForumTopic(c *call) (any, *apiError) {
	return s.changeTopic(c, func(_ *chat, t *topic) bool {
		changed := !t.closed
		t.closed = true
		return changed
	})
}

func (s *Server) reopenForumTopic(c *call) (any, *apiError) {
	return s.changeTopic(c, func(_ *chat, t *topic) bool {
		changed := t.closed
		t.closed = false
		return changed
	})
}

func (s *Server) deleteForumTopic(c *call) (any, *apiError) {
	return s.changeTopic(c, func(ch *chat, t *topic) bool {
		ch.deleteTopic(t.id)
		return true
	})
}

func (ch *chat) deleteTopic(id int) {
	delete(ch.topics, id)
	for _, m := range ch.messages {
		if m.thread == id {
			delete(ch.messages, m.id)
		}
	}
}
