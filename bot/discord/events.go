package discord

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"time"

	"faqbot/bot/channel"
)

// The kinds of messages that people write; all others are notices of Discord's own (a join, a pin, a thread begun).
const (
	messageUsual = 0
	messageReply = 19

	flagVoice = 1 << 13
)

// eventID makes an event unique for ever.
func (in *intake) eventID(kind string, parts ...string) channel.EventID {
	return channel.EventID(strings.Join(append([]string{string(Network), in.identity.Load().user, kind}, parts...), ":"))
}

// eventNumber is the snowflake that an event is about.
func eventNumber(e channel.Event) string {
	parts := strings.Split(string(e.ID), ":")
	return parts[3]
}

func (in *intake) messageCreated(ctx context.Context, e rawEvent, f fields) {
	id, guild := f.id("channel_id"), f.id("guild_id")
	if id == "" || f.id("id") == "" || in.ignores(f) {
		return
	}
	in.put(ctx, id, func(ctx context.Context) {
		if in.catchUp(ctx, id, e.Shard) && !in.book.had(id, f.id("id")) {
			in.message(ctx, id, guild, e.Shard, f)
		}
	})
}

// ignores is true for what nobody wrote: messages of this bot and of others, of webhooks, and Discord's notices.
func (in *intake) ignores(f fields) bool {
	author, kind := f.user("author"), f.number("type")
	return author.id == "" || author.bot || author.id == in.identity.Load().user || f.id("webhook_id") != "" ||
		kind != messageUsual && kind != messageReply
}

// messageEvent reads a message of the gateway or of REST; false for what is of no interest.
func (in *intake) messageEvent(ctx context.Context, id, guild string, f fields) (channel.Event, bool) {
	if in.ignores(f) {
		return channel.Event{}, false
	}
	number := f.id("id")
	e := channel.Event{
		ID: in.eventID("m", number), Kind: channel.Text, At: snowflakeTime(number), From: f.author(), Message: channel.MessageID(number),
		Address: in.address(ctx, id, guild), Body: in.body(f), Attachments: attachments(id, f),
	}
	e.Addressed = e.Address.Private || in.isAddressed(guild, f)
	if f.number("type") == messageReply {
		e.ReplyTo = channel.MessageID(f.object("message_reference").id("message_id"))
	}
	if e.Body == "" && len(e.Attachments) == 0 && !e.Addressed {
		return e, false // without the content intent this is all that is told of it
	}
	if e.Address.Private && e.Body == "" && len(e.Attachments) == 0 {
		e.Attachments = []channel.Attachment{{Network: Network, Media: channel.OtherMsg}}
	}
	asCommand(&e)
	if e.Kind == channel.Text {
		e.Content = channel.Formatted(e.Body)
	}
	return e, true
}

// address says where a channel is.
func (in *intake) address(ctx context.Context, id, guild string) channel.Address {
	a := channel.Address{Network: Network, Chat: channel.ChatID(id), Private: guild == ""}
	if guild == "" {
		return a
	}
	if parent := in.parent(ctx, id); parent != "" {
		a.Chat, a.Thread = channel.ChatID(parent), channel.ThreadID(id)
	}
	return a
}

// author is who wrote a message, by the name that the server or Discord shows.
func (f fields) author() channel.Person {
	return f.user("author").person(f.object("member").text("nick"))
}

func (u rawUser) person(nick string) channel.Person {
	name := nick
	for _, other := range []string{u.display, u.name} {
		if name == "" {
			name = other
		}
	}
	return channel.Person{ID: channel.PersonID(u.id), Name: name, Username: u.name}
}

// isAddressed reports whether a message in a server is meant for the bot: it mentions the bot or the bot's own role, or replies to it.
func (in *intake) isAddressed(guild string, f fields) bool {
	self := in.identity.Load().user
	for _, u := range f.list("mentions") {
		if u.id("id") == self {
			return true
		}
	}
	role := in.places.role(guild)
	for _, r := range f.ids("mention_roles") {
		if r == role {
			return true
		}
	}
	return f.object("referenced_message").user("author").id == self
}

var (
	mentionPattern = regexp.MustCompile(`<@[!&]?(\d+)>`)
	emojiPattern   = regexp.MustCompile(`<a?(:\w+:)\d+>`)
	commandPattern = regexp.MustCompile(`(?s)^/(\pL[\pL\pN_-]{0,31})(?:\s+(.*))?$`)
)

// body is the text of a message, or of the one that it forwards. The mention of the bot is taken out, other mentions become names.
func (in *intake) body(f fields) string {
	text := f.text("content")
	if forwarded := f.forwarded(); text == "" && forwarded != nil {
		text = forwarded.text("content")
	}
	names := map[string]string{}
	for _, u := range f.list("mentions") {
		person := rawUser{id: u.id("id"), name: u.text("username"), display: u.text("global_name")}.person("")
		names[u.id("id")] = "@" + person.Name
	}
	self, role := in.identity.Load().user, in.places.role(f.id("guild_id"))
	mentioned := false
	text = mentionPattern.ReplaceAllStringFunc(text, func(m string) string {
		id := mentionPattern.FindStringSubmatch(m)[1]
		switch {
		case id == self, role != "" && id == role:
			mentioned = true
			return ""
		case names[id] != "":
			return names[id]
		}
		return m
	})
	if mentioned {
		text = strings.TrimSpace(text)
	}
	return emojiPattern.ReplaceAllString(text, "$1")
}

// forwarded is the message that another one passes on.
func (f fields) forwarded() fields {
	for _, s := range f.list("message_snapshots") {
		if m := s.object("message"); m != nil {
			return m
		}
	}
	return nil
}

// asCommand turns a typed "/word rest" into a command, in private and elsewhere: whoever types it means the bot, for Discord's app has commands of
// other bots chosen, not typed.
func asCommand(e *channel.Event) {
	m := commandPattern.FindStringSubmatch(e.Body)
	if m == nil {
		return
	}
	e.Kind, e.Command, e.Body, e.Addressed = channel.Command, strings.ToLower(m[1]), strings.TrimSpace(m[2]), true
}

// messageUpdated tells of an edit; Discord also sends an update when a link unfolds or a message is pinned.
func (in *intake) messageUpdated(ctx context.Context, _ rawEvent, f fields) {
	id, guild, edited := f.id("channel_id"), f.id("guild_id"), f.text("edited_timestamp")
	at, err := time.Parse(time.RFC3339, edited)
	if id == "" || f.id("id") == "" || err != nil || in.ignores(f) || f["content"] == nil {
		return
	}
	in.put(ctx, id, func(ctx context.Context) {
		e, wanted := in.messageEvent(ctx, id, guild, f)
		if !wanted {
			return
		}
		e.ID = in.eventID("e", f.id("id"), strconv.FormatInt(at.UnixMilli(), 10))
		e.Kind, e.At, e.Command, e.Body = channel.Edited, at, "", in.body(f)
		e.Content = channel.Formatted(e.Body)
		e.Addressed = e.Address.Private || in.isAddressed(guild, f)
		in.handle(ctx, e)
	})
}

func (in *intake) messageDeleted(ctx context.Context, _ rawEvent, f fields) {
	in.deleted(ctx, f, f.id("id"))
}

func (in *intake) messagesDeleted(ctx context.Context, _ rawEvent, f fields) {
	in.deleted(ctx, f, f.ids("ids")...)
}

// deleted tells of messages taken back. Discord does not say by whom; in a direct chat it is taken to be the other person.
func (in *intake) deleted(ctx context.Context, f fields, messages ...string) {
	id, guild := f.id("channel_id"), f.id("guild_id")
	if id == "" {
		return
	}
	in.put(ctx, id, func(ctx context.Context) {
		p, err := in.book.find(ctx, id)
		if err != nil || p.last == "" {
			return // nothing of this channel was ever handled
		}
		address := in.address(ctx, id, guild)
		for _, m := range messages {
			if m == "" {
				continue
			}
			if !in.handle(ctx, channel.Event{
				ID: in.eventID("d", m), Kind: channel.Deleted, At: in.now(), From: channel.Person{ID: channel.PersonID(p.user)}, Address: address,
				Addressed: address.Private, Message: channel.MessageID(m),
			}) {
				return
			}
		}
	})
}
