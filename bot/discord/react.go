package discord

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"faqbot/bot/channel"
)

var _ channel.Reactor = (*Channel)(nil)

func (in *intake) reactionAdded(ctx context.Context, _ rawEvent, f fields) { in.reacted(ctx, f, true) }

func (in *intake) reactionRemoved(ctx context.Context, _ rawEvent, f fields) {
	in.reacted(ctx, f, false)
}

// reacted tells of a reaction in a direct chat or in a thread. Emoji of a server's own mean nothing elsewhere, so they are left out, and so are the
// bot's and other bots'.
func (in *intake) reacted(ctx context.Context, f fields, on bool) {
	id, guild, message, user := f.id("channel_id"), f.id("guild_id"), f.id("message_id"), f.id("user_id")
	emoji := f.object("emoji")
	name := emoji.text("name")
	if id == "" || message == "" || user == "" || user == in.identity.Load().user || name == "" || emoji.id("id") != "" || f.object("member").user("user").bot {
		return
	}
	now := in.now()
	in.put(ctx, id, func(ctx context.Context) {
		e := channel.Event{ // Discord numbers no reactions; one that is told twice is shown once all the same
			ID: in.eventID("r", message, user, name, strconv.FormatInt(now.UnixNano(), 36)), Kind: channel.Reacted, At: now,
			From: channel.Person{ID: channel.PersonID(user)}, Address: in.address(ctx, id, guild), Addressed: true, ReplyTo: channel.MessageID(message),
		}
		if e.Body = name; !on {
			e.Body, e.Command = "", name
		}
		in.handle(ctx, e)
	})
}

// codeUnknownEmoji is told of an emoji that is written another way here.
const codeUnknownEmoji = 10014

// React implements [channel.Reactor]. Networks write some emoji with a sign that asks for colour, and some without; whichever Discord knows is taken.
func (c *Channel) React(ctx context.Context, to channel.Address, message channel.MessageID, emoji string, on bool) error {
	m := channel.Message{To: to, Replaces: message}
	if !isSnowflake(place(m)) || !isSnowflake(string(message)) || emoji == "" {
		return nil
	}
	method := http.MethodPut
	if !on {
		method = http.MethodDelete
	}
	below := "channels/" + place(m) + "/messages/"
	var err error
	for _, written := range []string{emoji, emoji + "\uFE0F"} {
		err = c.rest.call(ctx, request{
			method: method, path: below + string(message) + "/reactions/" + url.PathEscape(written) + "/@me", route: below + "{}/reactions",
		}, nil)
		if !isCode(err, codeUnknownEmoji) {
			break
		}
	}
	if isCode(err, codeUnknownEmoji) {
		return nil
	}
	return fate(err, to)
}
