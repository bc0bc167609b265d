package telegram

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"faqbot/bot/channel"
)

// reader turns updates into events. It does no I/O.
type reader struct {
	bot      int64
	username string
	now      time.Time
}

// event reads what an update says; nil is nothing that the bot acts on.
func (r reader) event(u update) *channel.Event {
	switch {
	case u.Message != nil:
		return r.message(u.Message, false)
	case u.Edited != nil:
		return r.message(u.Edited, true)
	case u.Press != nil:
		return r.press(u.Press)
	case u.Member != nil:
		return r.member(u.Member, u.ID)
	case u.Reacted != nil:
		return r.reacted(u.Reacted, u.ID)
	}
	return nil
}

// id makes event IDs. The platform's update IDs restart after a quiet week, so they are the last resort.
func (r reader) id(format string, args ...any) channel.EventID {
	return channel.EventID(fmt.Sprintf("%s:%d:", Network, r.bot) + fmt.Sprintf(format, args...))
}

// at is a date of the platform's, or now where it cannot be one.
func (r reader) at(unix int64) time.Time {
	if unix <= 0 || unix > r.now.Add(24*time.Hour).Unix() {
		return r.now.UTC()
	}
	return time.Unix(unix, 0).UTC()
}

func (r reader) message(m *message, edited bool) *channel.Event {
	if m.migration != (migration{}) {
		return r.moved(m)
	}
	from, ok := r.sender(m)
	if !ok || m.ID == 0 || m.Chat.Type == "channel" {
		return nil
	}
	e := &channel.Event{Kind: channel.Text, At: r.at(m.Date), From: from, Address: address(m), Message: messageID(m.ID)}
	text, entities := m.Text, m.Entities
	if text == "" {
		text, entities = m.Caption, m.CaptionEntities
	}
	e.Attachments = m.attachments()
	if text == "" && len(e.Attachments) == 0 && !edited {
		return nil // a service message
	}
	r.reply(e, m)
	r.words(e, newText(clean(text), entities), edited)
	e.Addressed = e.Addressed || e.Address.Private || m.ViaBot != nil && m.ViaBot.ID == r.bot
	if !edited {
		e.ID = r.id("m:%d:%d", m.Chat.ID, m.ID)
		return e
	}
	if m.Location != nil {
		return nil // a place that moves is edited every few seconds
	}
	// Two edits within a second have the same date, so the text tells them apart.
	sum := fnv.New64a()
	_, _ = sum.Write([]byte(text))
	e.ID = r.id("e:%d:%d:%d:%x", m.Chat.ID, m.ID, m.EditDate, sum.Sum64())
	e.Kind, e.At = channel.Edited, r.at(m.EditDate)
	return e
}

// moved reads that a group became a supergroup: the old one says so, and the new one, and it is the same event.
func (r reader) moved(m *message) *channel.Event {
	if m.Chat == nil {
		return nil
	}
	from, to := m.Chat.ID, m.migration.To
	if m.migration.From != 0 {
		from, to = m.migration.From, m.Chat.ID
	}
	e := &channel.Event{
		ID: r.id("g:%d:%d", from, to), Kind: channel.Moved, At: r.at(m.Date), From: chatPerson(m.Chat), Addressed: true,
		Address: chatAddress(&chat{ID: from, Type: "group"}), Body: strconv.FormatInt(to, 10),
	}
	if m.From != nil {
		e.From = person(m.From)
	}
	return e
}

// sender is who wrote a message. The bot's own, other bots' and what a linked channel forwards by itself are not read.
func (r reader) sender(m *message) (channel.Person, bool) {
	switch {
	case m.From != nil && m.From.ID == r.bot, m.Automat, m.Chat == nil:
		return channel.Person{}, false
	case m.From != nil && !m.From.IsBot:
		return person(m.From), true
	case m.OnBehalf != nil: // an anonymous administrator, or somebody in a channel's name
		return chatPerson(m.OnBehalf), true
	case m.From == nil:
		return chatPerson(m.Chat), true
	}
	return channel.Person{}, false
}

func person(u *user) channel.Person {
	return channel.Person{
		ID: channel.PersonID(strconv.FormatInt(u.ID, 10)), Name: clean(strings.TrimSpace(u.FirstName + " " + u.LastName)),
		Username: clean(u.Username), Locale: clean(u.Language),
	}
}

func chatPerson(c *chat) channel.Person {
	return channel.Person{ID: channel.PersonID(strconv.FormatInt(c.ID, 10)), Name: clean(c.Title), Username: clean(c.Username)}
}

// clean drops the one character that databases do not store.
func clean(s string) string { return strings.ReplaceAll(s, "\x00", "") }

// address is where a message stands. A thread is a topic only where the message says so: replies have threads too.
func address(m *message) channel.Address {
	a := chatAddress(m.Chat)
	if m.Topical && m.Thread != 0 {
		a.Thread = channel.ThreadID(strconv.FormatInt(m.Thread, 10))
	}
	return a
}

func chatAddress(c *chat) channel.Address {
	return channel.Address{Network: Network, Chat: channel.ChatID(strconv.FormatInt(c.ID, 10)), Private: c.Type == "private"}
}

func messageID(id int64) channel.MessageID { return channel.MessageID(strconv.FormatInt(id, 10)) }

// reply notes what a message answers. In a topic everything formally answers the service message that began it; that is no reply.
func (r reader) reply(e *channel.Event, m *message) {
	if m.ReplyTo == nil || m.ReplyTo.TopicCreated != nil || m.Topical && m.ReplyTo.ID == m.Thread {
		return
	}
	e.ReplyTo = messageID(m.ReplyTo.ID)
	e.Addressed = m.ReplyTo.From != nil && m.ReplyTo.From.ID == r.bot
}

// words reads the text: a command, or what is left after the bot's own name was taken out in a group.
func (r reader) words(e *channel.Event, t textUnits, edited bool) {
	e.Body = t.String()
	from := 0
	defer func() {
		if e.Kind != channel.Command && e.Body == t.String() { // what the bot was called by is part of no text
			e.Content = t.document()
		}
	}()
	if command, end := t.command(); command != "" && !edited {
		name, bot, _ := strings.Cut(command, "@")
		if bot == "" || strings.EqualFold(bot, r.username) {
			e.Kind, e.Command, e.Addressed, from = channel.Command, strings.ToLower(name), true, end
			e.Body = strings.TrimSpace(t.without(from, nil))
		}
	}
	if e.Address.Private {
		return
	}
	if named := t.mentions(r.bot, r.username); len(named) > 0 {
		e.Addressed = true
		e.Body = strings.TrimSpace(t.without(from, named))
	}
}

func (r reader) press(p *press) *channel.Event {
	if p.From == nil || p.Message == nil || p.Message.Chat == nil || p.Data == nil {
		return nil // under a message of inline mode, or a game's button: not ours
	}
	return &channel.Event{
		ID: r.id("c:%s", p.ID), Kind: channel.Press, At: r.now.UTC(), From: person(p.From), Address: address(p.Message),
		Addressed: true, Message: messageID(p.Message.ID), Body: clean(*p.Data),
	}
}

func (r reader) member(m *membership, update int64) *channel.Event {
	if m.Chat == nil || m.From == nil || m.Chat.Type == "channel" || m.Old.present() == m.New.present() {
		return nil
	}
	e := &channel.Event{
		ID: r.id("u:%d:%d:%d", m.Chat.ID, update, m.Date), Kind: channel.Departed, At: r.at(m.Date),
		From: person(m.From), Address: chatAddress(m.Chat), Addressed: true,
	}
	if m.New.present() {
		e.Kind = channel.Arrived
	}
	return e
}
