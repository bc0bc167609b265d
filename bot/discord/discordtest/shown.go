package discordtest

import (
	"time"
)

// Shown is a message of the bot as people see it.
type Shown struct {
	ID, Channel string
	// Content is what was sent, Display what is read of it.
	Content string
	Display
	Buttons []string
	// Pages are the addresses that buttons open, by label.
	Pages map[string]string
	// Images are the addresses of embedded pictures, Files the names of attachments.
	Images, Files []string
	ReplyTo       string
	Nonce         string
	At            time.Time
	Edited        bool
	Silent        bool
	// Suppressed says that no link in it can unfold.
	Suppressed bool
	Thinking   bool
}

// Shown is what the customer sees of the bot in the direct chat, oldest first.
func (c *Customer) Shown() []Shown {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	return c.server.shown(c.server.world.direct(c.user))
}

// Await waits until so many messages of the bot are in the direct chat.
func (c *Customer) Await(count int, patience time.Duration) ([]Shown, error) {
	err := eventually(patience, "messages to "+c.user.name, func() bool { return len(c.Shown()) >= count })
	return c.Shown(), err
}

// Shown is what a channel or thread shows of the bot, oldest first. A thread begins with the message that it hangs under.
func (s *Server) Shown(channel string) []Shown {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.world.places[channel]
	if p == nil || p.gone {
		return nil
	}
	if head := p.head(); head != nil && head.author == s.world.bot {
		return append([]Shown{s.show(head)}, s.shown(p)...)
	}
	return s.shown(p)
}

// Records are all messages of the bot everywhere, deleted ones too, in the order of their making: tests count duplicates in them.
func (s *Server) Records() []Shown {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Shown
	for _, p := range s.world.places {
		for _, m := range p.messages {
			if m.author == s.world.bot && !m.notice() {
				out = append(out, s.show(m))
			}
		}
	}
	sortShown(out)
	return out
}

// shown needs s.mu. The placeholder of a deferral is not shown before it has a text.
func (s *Server) shown(p *place) []Shown {
	var out []Shown
	for _, m := range p.messages {
		if m.author == s.world.bot && !m.deleted && m.flags&flagLoading == 0 && !m.notice() {
			out = append(out, s.show(m))
		}
	}
	return out
}

func (s *Server) show(m *message) Shown {
	d := Render(m.content)
	v := Shown{
		ID: m.id, Channel: m.place.id, Content: m.content, Pages: map[string]string{}, Display: d, ReplyTo: m.replyTo,
		Nonce: m.nonce, At: m.at, Edited: m.edited != nil, Silent: m.flags&flagSilent != 0, Suppressed: m.flags&flagSuppressEmbeds != 0,
		Thinking: m.flags&flagLoading != 0,
	}
	for _, b := range m.buttons() {
		label, _ := b["label"].(string)
		v.Buttons = append(v.Buttons, label)
		if address, ok := b["url"].(string); ok {
			v.Pages[label] = address
		}
	}
	for _, e := range m.parts.embeds {
		o, _ := e.(object)
		image, _ := o["image"].(object)
		if address, ok := image["url"].(string); ok {
			v.Images = append(v.Images, address)
		}
	}
	for _, f := range m.parts.files {
		v.Files = append(v.Files, f.name)
	}
	return v
}
