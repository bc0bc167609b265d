package telegramtest

import (
	"slices"
	"time"
)

// Shown is a message of the bot as people see it.
type Shown struct {
	Chat   int64
	Thread int
	ID     int
	// Text is what is visible, without markup; Entities say how it looks. Lost names formatting that the platform dropped.
	Text     string
	Entities []Entity
	Lost     []string
	Buttons  [][]Button
	// Media is the kind of file in the message and File its name.
	Media, File string
	Size        int64
	ReplyTo     int
	Preview     map[string]any
	Quiet       bool
	At          time.Time
	// Edits counts how often the message was changed.
	Edits int
}

// Button is a button as it is shown.
type Button struct {
	Label, Data, URL string
}

// Labels are the labels of the buttons in reading order.
func (v Shown) Labels() []string {
	var out []string
	for _, row := range v.Buttons {
		for _, b := range row {
			out = append(out, b.Label)
		}
	}
	return out
}

// show records that a message was shown or changed. The server is locked.
func (s *Server) show(m *message) {
	v := m.shown()
	v.At = s.options.Now()
	s.record.log = append(s.record.log, v)
	close(s.record.shown)
	s.record.shown = make(chan struct{})
}

func (m *message) shown() Shown {
	v := Shown{
		Chat: m.chat.id, Thread: m.thread, ID: m.id, Text: m.text.text, Entities: m.text.entities, Lost: m.text.lost,
		Media: m.media.kind, File: m.media.name, Size: m.media.size, ReplyTo: m.replyTo, Preview: m.preview, Quiet: m.quiet, At: m.date, Edits: m.edits,
	}
	if m.keyboard != nil {
		for _, row := range m.keyboard["inline_keyboard"].([][]obj) {
			var buttons []Button
			for _, b := range row {
				label, _ := b["text"].(string)
				data, _ := b["callback_data"].(string)
				address, _ := b["url"].(string)
				buttons = append(buttons, Button{label, data, address})
			}
			v.Buttons = append(v.Buttons, buttons)
		}
	}
	return v
}

// Log is everything that was shown or changed so far, in all chats and in order; a message that was edited stands here several times.
func (s *Server) Log() []Shown {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.record.log)
}

// shownAt is what stands in a chat now, oldest first; thread 0 stands for all of it.
func (s *Server) shownAt(id int64, thread int) []Shown {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Shown
	for _, m := range s.world.chats[id].messages {
		if m.from != nil && m.from.id == BotID && m.service == nil && (thread == 0 || m.thread == thread) {
			out = append(out, m.shown())
		}
	}
	slices.SortFunc(out, func(a, b Shown) int { return a.ID - b.ID })
	return out
}
