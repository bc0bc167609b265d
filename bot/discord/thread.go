package discord

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"faqbot/bot/channel"
	"faqbot/faq/fault"
)

// archiveMinutes is when Discord archives a quiet thread by itself: a week, the longest it knows (60, 1440, 4320, 10080).
const archiveMinutes = 10080

// maxThreadName is in characters.
const maxThreadName = 100

// OpenThread begins a public thread in a channel, under a message of ours where one is given. A server holds 1,000 active ones: where
// they are used up, the quietest of ours that spare does not name is archived (writing into it opens it again). With none to archive
// it is a Conflict fault, and the caller replies to its card instead.
func (c *Channel) OpenThread(ctx context.Context, in channel.Address, under channel.MessageID, name string, spare ...channel.ThreadID) (channel.Address, error) {
	chat := string(in.Chat)
	if !isSnowflake(chat) || under != "" && !isSnowflake(string(under)) {
		return channel.Address{}, fault.New(fault.Invalid, "this address is not one of Discord's")
	}
	if name = cut(strings.TrimSpace(clean(strings.ReplaceAll(name, "\n", " "))), maxThreadName); name == "" {
		name = "…"
	}
	q := request{method: http.MethodPost, path: "channels/" + chat + "/threads", body: map[string]any{
		"name": name, "auto_archive_duration": archiveMinutes, "type": 11,
	}}
	if under != "" {
		q.path, q.route = "channels/"+chat+"/messages/"+string(under)+"/threads", "channels/"+chat+"/messages/{}/threads"
		q.body = map[string]any{"name": name, "auto_archive_duration": archiveMinutes}
	}
	var f fields
	err := c.rest.call(ctx, q, &f)
	if isCode(err, codeTooManyThreads) {
		if err := c.makeRoom(ctx, chat, spare); err != nil {
			return channel.Address{}, err
		}
		err = c.rest.call(ctx, q, &f)
	}
	switch {
	case isCode(err, codeTooManyThreads):
		return channel.Address{}, fault.Wrap(fault.Conflict, err, "this server has no room for another thread")
	case err != nil:
		return channel.Address{}, err
	case f.id("id") == "":
		return channel.Address{}, fault.New(fault.Unavailable, "Discord does not name the thread")
	}
	return channel.Address{Network: Network, Chat: in.Chat, Thread: channel.ThreadID(f.id("id"))}, nil
}

// CloseThread archives a thread. Writing into it opens it again.
func (c *Channel) CloseThread(ctx context.Context, thread channel.Address) error {
	if !isSnowflake(string(thread.Thread)) {
		return fault.New(fault.Invalid, "this address is no thread of Discord's")
	}
	return c.archive(ctx, string(thread.Thread), true)
}

func (c *Channel) archive(ctx context.Context, thread string, archived bool) error {
	return c.rest.retry(ctx, request{method: http.MethodPatch, path: "channels/" + thread, body: map[string]bool{"archived": archived}}, nil)
}

// makeRoom archives the quietest thread of ours in the server of a channel.
func (c *Channel) makeRoom(ctx context.Context, chat string, spare []channel.ThreadID) error {
	me, err := c.me(ctx)
	if err != nil {
		return err
	}
	var place, active fields
	if err := c.rest.read(ctx, "channels/"+chat, &place); err != nil {
		return err
	}
	if err := c.rest.read(ctx, "guilds/"+place.id("guild_id")+"/threads/active", &active); err != nil {
		return err
	}
	quietest, since := "", ""
	for _, t := range active.list("threads") {
		spoken := t.id("last_message_id")
		if spoken == "" {
			spoken = t.id("id")
		}
		if t.id("owner_id") != me.user || t.id("parent_id") != chat || slices.Contains(spare, channel.ThreadID(t.id("id"))) {
			continue
		}
		if quietest == "" || olderID(spoken, since) {
			quietest, since = t.id("id"), spoken
		}
	}
	if quietest == "" {
		return fault.New(fault.Conflict, "this server has no room for another thread, and none of ours can be archived")
	}
	return c.archive(ctx, quietest, true)
}
