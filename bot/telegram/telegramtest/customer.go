package telegramtest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Seat is a person at a place: in private with the bot, in a group or in one of its topics.
type Seat struct {
	s      *Server
	user   *user
	chat   *chat
	thread int
}

// Customer is a person, by number from 1, in private with the bot; the same number is the same person.
func (s *Server) Customer(number int) Seat {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := int64(100000 + number)
	u := s.world.users[id]
	if u == nil {
		u = &user{id: id, name: "Customer " + strconv.Itoa(number), username: "customer_" + strconv.Itoa(number), locale: "en"}
		s.world.users[id] = u
		s.world.newChat(&chat{id: id, kind: private, peer: u})
	}
	return Seat{s: s, user: u, chat: s.world.chats[id]}
}

// Rename changes what the person calls themselves and which language the app says they speak.
func (p Seat) Rename(name, username, locale string) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.user.name, p.user.username, p.user.locale = name, username, locale
}

// ID is the person's; it is the ID of their private chat too.
func (p Seat) ID() int64 { return p.user.id }

// Chat is the ID of the place.
func (p Seat) Chat() int64 { return p.chat.id }

// In is the same person in a group, which they join.
func (p Seat) In(g Group) Seat {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if g.chat.members[p.user.id] == "" {
		g.chat.members[p.user.id] = "member"
	}
	return Seat{s: p.s, user: p.user, chat: g.chat}
}

// Promote makes the person an administrator of the group, who can write in closed topics.
func (p Seat) Promote() Seat {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.chat.members[p.user.id] = "administrator"
	return p
}

// Leave takes the person out of a group.
func (p Seat) Leave(g Group) {
	left := p.In(g)
	left.Service(obj{"left_chat_member": p.user.json()})
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	delete(g.chat.members, p.user.id)
}

// At is the same person in a topic of the group.
func (p Seat) At(thread int) Seat {
	p.thread = thread
	return p
}

// Say writes a text and returns the message's ID.
func (p Seat) Say(text string) int { return p.post(&message{text: formatted{text: text}}, true) }

// Mention writes a text that begins with the bot's name.
func (p Seat) Mention(text string) int { return p.Say("@" + BotUsername + " " + text) }

// Reply answers a message of the chat.
func (p Seat) Reply(to int, text string) int {
	return p.post(&message{text: formatted{text: text}, replyTo: to}, true)
}

// SayFormatted writes a text with entities that the platform does not find by itself, such as a text_mention.
func (p Seat) SayFormatted(text string, entities ...Entity) int {
	return p.post(&message{text: formatted{text: text, entities: entities}}, true)
}

// SayAsChat writes in the name of the group, as its anonymous administrators do.
func (p Seat) SayAsChat(text string) int {
	m := &message{text: formatted{text: text}, onBehalf: p.chat, from: &user{id: 1087968824, isBot: true, name: "Group", username: "GroupAnonymousBot"}}
	return p.post(m, true)
}

// SayUnsigned writes a message that has no sender at all.
func (p Seat) SayUnsigned(text string) int {
	p.s.mu.Lock()
	m := &message{id: p.s.world.nextMessage(p.chat), chat: p.chat, date: p.s.options.Now(), text: formatted{text: text}, onBehalf: p.chat}
	p.chat.messages[m.id] = m
	p.s.push("message", lane(p.chat), m.json(true))
	p.s.mu.Unlock()
	return m.id
}

// Edit changes the text of a message of theirs.
func (p Seat) Edit(id int, text string) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	m := p.chat.messages[id]
	if m == nil || m.from == nil || m.from.id != p.user.id {
		panic(fmt.Sprintf("telegramtest: %s has no message %d to edit", p.user.name, id))
	}
	m.text = formatted{text: text}.detect()
	m.edited = p.s.options.Now()
	if p.s.sees(m) {
		p.s.push("edited_message", lane(p.chat), m.json(true))
	}
}

func lane(ch *chat) string { return strconv.FormatInt(ch.id, 10) }

// post puts a person's message into the chat and tells the bot of it if the bot may see it.
func (p Seat) post(m *message, detect bool) int {
	s := p.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.chat.kind == private {
		p.unblock()
	}
	p.enter()
	m.id, m.chat, m.date = s.world.nextMessage(p.chat), p.chat, s.options.Now()
	if m.from == nil {
		m.from = p.user
	}
	if detect {
		m.text = m.text.detect()
	}
	m.thread, m.topical = p.thread, p.thread != 0
	if root := p.chat.messages[m.replyTo]; root != nil && !m.topical && p.chat.kind == supergroup {
		if m.thread = root.id; root.thread != 0 {
			m.thread = root.thread
		}
	}
	p.chat.messages[m.id] = m
	if s.sees(m) {
		s.push("message", lane(p.chat), m.json(true))
	}
	return m.id
}

// enter looks whether the person can write where they sit.
func (p Seat) enter() {
	t := p.chat.topics[p.thread]
	switch {
	case p.thread == 0:
	case t == nil:
		panic(fmt.Sprintf("telegramtest: there is no topic %d to write in", p.thread))
	case t.closed && t.by != p.user && p.chat.members[p.user.id] != "administrator":
		panic(fmt.Sprintf("telegramtest: topic %d is closed to %s; see Promote", p.thread, p.user.name))
	}
}

// unblock begins or takes up the private chat, as writing to a bot does.
func (p Seat) unblock() {
	if p.chat.bot == "kicked" {
		p.s.pushMembership(p.chat, p.user, "kicked", "member")
	}
	p.chat.bot = "member"
}

// sees says whether the bot is told of a message: in privacy mode commands, mentions and replies only, unless it is an administrator.
func (s *Server) sees(m *message) bool {
	ch := m.chat
	switch {
	case ch.kind == private:
		return true
	case ch.bot != "member" && ch.bot != "administrator":
		return false
	case s.options.ReadAll || ch.bot == "administrator" || m.viaBot:
		return true
	}
	if to := ch.messages[m.replyTo]; to != nil && to.from != nil && to.from.id == BotID {
		return true
	}
	for _, e := range m.text.entities {
		switch word := m.text.part(e); e.Type {
		case "mention":
			if word == "@"+BotUsername {
				return true
			}
		case "bot_command":
			return true
		case "text_mention":
			if e.User["id"] == int64(BotID) {
				return true
			}
		}
	}
	return false
}

// Press presses the newest button with a label that stands in the place.
func (p Seat) Press(label string) error {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	m, data := p.chat.button(p.thread, label)
	if m == nil {
		return errors.New("no message here has a button " + strconv.Quote(label))
	}
	p.s.record.presses = append(p.s.record.presses, Press{Chat: p.chat.id, Data: data, At: p.s.options.Now()})
	q := p.s.newQuery(len(p.s.record.presses) - 1)
	p.s.push("callback_query", "press "+strconv.FormatInt(p.user.id, 10), obj{
		"id": q.id, "from": p.user.json(), "message": m.json(true), "chat_instance": "ci" + lane(p.chat), "data": data,
	})
	return nil
}

// button finds the newest message with a button of a label.
func (ch *chat) button(thread int, label string) (*message, string) {
	var newest *message
	var token string
	for _, m := range ch.messages {
		if m.keyboard == nil || thread != 0 && m.thread != thread || newest != nil && m.id < newest.id {
			continue
		}
		for _, row := range m.keyboard["inline_keyboard"].([][]obj) {
			for _, b := range row {
				if data, ok := b["callback_data"].(string); ok && b["text"] == label {
					newest, token = m, data
				}
			}
		}
	}
	return newest, token
}

// Block stops the bot from writing to the person.
func (p Seat) Block() {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.s.pushMembership(p.chat, p.user, "member", "kicked")
	p.chat.bot = "kicked"
}

// Unblock lets the bot write again.
func (p Seat) Unblock() {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.unblock()
}

// Deactivate deletes the person's account.
func (p Seat) Deactivate() {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.chat.deactivated = true
}

// pushMembership tells the bot that its status in a chat changed.
func (s *Server) pushMembership(ch *chat, by *user, from, to string) {
	s.push("my_chat_member", lane(ch), obj{
		"chat": ch.json(), "from": by.json(), "date": s.options.Now().Unix(),
		"old_chat_member": memberJSON(s.world.bot(), from), "new_chat_member": memberJSON(s.world.bot(), to),
	})
}

// Type types an inline query at a place of a kind ("sender", "private", "group", "supergroup") and waits for the bot's suggestions. It returns
// whether they may be shown to this person alone, and for how many seconds they are kept.
func (p Seat) Type(ctx context.Context, text, kind string) (found []Suggestion, personal bool, cache int64, err error) {
	p.s.mu.Lock()
	if !p.s.options.Inline {
		p.s.mu.Unlock()
		return nil, false, 0, errors.New("inline queries are not switched on")
	}
	q := p.s.newQuery(-1)
	p.s.push("inline_query", "inline "+strconv.FormatInt(p.user.id, 10), obj{
		"id": q.id, "from": p.user.json(), "query": text, "offset": "", "chat_type": kind,
	})
	p.s.mu.Unlock()
	select {
	case <-q.done:
	case <-ctx.Done():
		return nil, false, 0, ctx.Err()
	}
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return q.results, q.personal, q.cache, nil
}

// Choose sends a suggestion to the place, as tapping it does.
func (p Seat) Choose(c Suggestion) int {
	return p.post(&message{text: formatted{text: c.Text}, viaBot: true}, true)
}

// Shown is what the person sees of the bot at this place, oldest first.
func (p Seat) Shown() []Shown { return p.s.shownAt(p.chat.id, p.thread) }

// Await waits until the place shows so many messages of the bot.
func (p Seat) Await(ctx context.Context, count int) ([]Shown, error) {
	for {
		p.s.mu.Lock()
		news := p.s.record.shown
		p.s.mu.Unlock()
		if got := p.Shown(); len(got) >= count {
			return got, nil
		}
		select {
		case <-news:
		case <-ctx.Done():
			return p.Shown(), fmt.Errorf("await %d messages in %d: %w", count, p.chat.id, ctx.Err())
		}
	}
}

// Tick is a clock that a test sets.
type Tick struct{ now chan time.Time }

// NewTick starts a clock at a time.
func NewTick(at time.Time) *Tick {
	t := &Tick{now: make(chan time.Time, 1)}
	t.now <- at
	return t
}

// Now reads the clock.
func (t *Tick) Now() time.Time {
	at := <-t.now
	t.now <- at
	return at
}

// Pass sets the clock forward.
func (t *Tick) Pass(d time.Duration) { t.now <- (<-t.now).Add(d) }
