package discordtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Customer is a person in Discord's app: what they can do, and what they see.
type Customer struct {
	server *Server
	user   *user
}

// Customer is the numbered customer, made on first use. Any number may act at once.
func (s *Server) Customer(number int) *Customer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &Customer{s, s.world.customer(number)}
}

// ID is the customer's user ID, Mention what mentions them.
func (c *Customer) ID() string { return c.user.id }

// Direct is the ID of the direct chat with the bot, which is made if need be.
func (c *Customer) Direct() string {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	return c.server.world.direct(c.user).id
}

// Speak sets what the app tells of the customer's language.
func (c *Customer) Speak(locale string) {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	c.user.locale = locale
}

// Block makes the customer refuse direct messages of the bot, or accept them again.
func (c *Customer) Block(blocks bool) {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	c.user.blocks = blocks
}

// Post is a message to write.
type Post struct {
	// Channel is where; "" is the direct chat.
	Channel string
	Text    string
	ReplyTo string
	// Mention puts a mention of the bot before the text.
	Mention  bool
	Files    []Upload
	Stickers []string
	// Voice marks the message as a voice message.
	Voice bool
	// More is merged into what the gateway tells of the message.
	More map[string]any
}

// Upload is a file that a customer attaches.
type Upload struct {
	Name, Type string
	Data       []byte
}

// Say writes in the direct chat and returns the message's ID.
func (c *Customer) Say(text string) string { return c.Post(Post{Text: text}) }

// Post writes a message and returns its ID.
func (c *Customer) Post(p Post) string {
	s := c.server
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.at(p.Channel, c.user)
	at.enter()
	text := p.Text
	if p.Mention {
		text = "<@" + s.world.bot.id + "> " + text
	}
	m := s.world.say(at, c.user, text)
	m.replyTo, m.more = p.ReplyTo, p.More
	if p.ReplyTo != "" {
		m.kind = 19
		if to := at.find(p.ReplyTo); to != nil {
			m.parts.mentions = append(m.parts.mentions, to.author)
		}
	}
	for _, found := range userMention.FindAllStringSubmatch(text, -1) {
		if u := s.world.users[found[1]]; u != nil && !slices.Contains(m.parts.mentions, u) {
			m.parts.mentions = append(m.parts.mentions, u)
		}
	}
	for _, u := range p.Files {
		f := &file{id: s.world.snowflake(), name: u.Name, kind: u.Type, data: u.Data}
		s.world.files[f.id] = f
		m.parts.files = append(m.parts.files, f)
	}
	for _, name := range p.Stickers {
		m.parts.stickers = append(m.parts.stickers, object{"id": s.world.snowflake(), "name": name, "format_type": 1})
	}
	if p.Voice {
		m.flags |= 1 << 13
	}
	s.publish(m)
	return m.id
}

// at is the place with an ID, the direct chat for "".
func (s *Server) at(id string, u *user) *place {
	if id == "" {
		return s.world.direct(u)
	}
	p := s.world.places[id]
	if p == nil {
		panic("discordtest: no channel " + id)
	}
	if p.hidden(u) {
		panic("discordtest: " + u.name + " is not in the private thread " + id)
	}
	return p
}

func (s *Server) message(id string) *message {
	for _, p := range s.world.places {
		if m := p.find(id); m != nil {
			return m
		}
	}
	return nil
}

// StartTyping begins to type in a channel or thread, "" being the direct chat.
func (c *Customer) StartTyping(channel string) { c.StartedTyping(channel, time.Now()) }

// StartedTyping tells late of it.
func (c *Customer) StartedTyping(channel string, at time.Time) {
	s := c.server
	s.mu.Lock()
	defer s.mu.Unlock()
	p, guild, intent := s.at(channel, c.user), "", intentDirectTyping
	if p.guild != nil {
		guild, intent = p.guild.id, intentGuildTyping
	}
	s.gate.dispatch(guild, "TYPING_START", intent, func(bool) any {
		o := object{"channel_id": p.id, "user_id": c.user.id, "timestamp": at.Unix()}
		if guild != "" {
			o["guild_id"], o["member"] = guild, c.user.memberJSON()
		}
		return o
	})
}

// Edit gives one of the customer's messages a new text.
func (c *Customer) Edit(id, text string) {
	s := c.server
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.message(id); m != nil {
		now := time.Now()
		m.content, m.edited = trimmed(text), &now
		s.dispatchMessage("MESSAGE_UPDATE", m)
	}
}

// Delete takes a message back.
func (c *Customer) Delete(id string) {
	s := c.server
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.message(id); m != nil {
		s.remove(m)
	}
}

// Interaction is what a customer set off with a command or a button.
type Interaction struct {
	server *Server
	inner  *interaction
}

// Command uses "/name option:value" in a channel, "" being the direct chat.
func (c *Customer) Command(channel, name, option, value string) *Interaction {
	s := c.server
	s.mu.Lock()
	defer s.mu.Unlock()
	return &Interaction{s, s.begin(&interaction{kind: interactCommand, place: s.at(channel, c.user), user: c.user}, command(s, name, option, value, false))}
}

func command(s *Server, name, option, value string, focused bool) object {
	o := object{"id": s.world.snowflake(), "name": name, "type": 1}
	if option != "" {
		part := object{"name": option, "type": 3, "value": value}
		if focused {
			part["focused"] = true
		}
		o["options"] = []object{part}
	}
	return o
}

// Ask uses "/ask question:…".
func (c *Customer) Ask(channel, question string) *Interaction {
	return c.Command(channel, "ask", "question", question)
}

// Type begins to type a question after "/ask", and returns what is suggested, label and value, once the bot answered.
func (c *Customer) Type(ctx context.Context, channel, typed string) ([][2]string, error) {
	return c.TypeCommand(ctx, channel, [2]string{"ask", "question"}, typed)
}

// TypeCommand does so after another command, given with the name of its option.
func (c *Customer) TypeCommand(ctx context.Context, channel string, name [2]string, typed string) ([][2]string, error) {
	s := c.server
	s.mu.Lock()
	i := s.begin(&interaction{kind: interactComplete, place: s.at(channel, c.user), user: c.user}, command(s, name[0], name[1], typed, true))
	s.mu.Unlock()
	if err := (&Interaction{s, i}).Wait(ctx); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := [][2]string{}
	for _, choice := range i.choices {
		o, _ := choice.(object)
		out = append(out, [2]string{fmt.Sprint(o["name"]), fmt.Sprint(o["value"])})
	}
	return out, nil
}

// Press presses the button with a label under the newest message that has it.
func (c *Customer) Press(channel, label string) (*Interaction, error) {
	s := c.server
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := c.sees(channel); err != nil {
		return nil, err
	}
	p := s.at(channel, c.user)
	messages := p.messages
	if head := p.head(); head != nil { // it stands in the thread, but its place is the channel
		messages = append([]*message{head}, messages...)
	}
	for _, m := range slices.Backward(messages) {
		for _, b := range m.buttons() {
			if id, ok := b["custom_id"].(string); ok && b["label"] == label && !m.deleted {
				return &Interaction{s, s.begin(&interaction{kind: interactButton, place: m.place, user: c.user, under: m}, object{"custom_id": id, "component_type": 2})}, nil
			}
		}
	}
	return nil, errors.New("there is no such button: " + label)
}

func (m *message) buttons() []object {
	var out []object
	for _, row := range m.parts.components {
		r, _ := row.(object)
		items, _ := r["components"].([]any)
		for _, item := range items {
			if b, ok := item.(object); ok {
				out = append(out, b)
			}
		}
	}
	return out
}

// Wait waits for the first response; without one in 3 s the app says that the application did not respond.
func (i *Interaction) Wait(ctx context.Context) error {
	select {
	case <-i.inner.done:
		return nil
	case <-time.After(time.Until(i.inner.begun.Add(answerWithin))):
		return errors.New("the application did not respond")
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Answer is the type of the first response: 5 and 6 are deferrals; 0 is none yet.
func (i *Interaction) Answer() int {
	i.server.mu.Lock()
	defer i.server.mu.Unlock()
	return i.inner.answered
}

// Thinking says whether the deferred answer is still to come.
func (i *Interaction) Thinking() bool {
	i.server.mu.Lock()
	defer i.server.mu.Unlock()
	return i.inner.original != nil && i.inner.original.flags&flagLoading != 0
}

// Lapse makes the interaction's token lapse, as 15 minutes do.
func (i *Interaction) Lapse() {
	i.server.mu.Lock()
	defer i.server.mu.Unlock()
	i.inner.lapsed = true
}

// Token is the interaction's token, to look for in logs.
func (i *Interaction) Token() string { return i.inner.token }
