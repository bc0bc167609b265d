package discord

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"faqbot/bot/channel"
)

var _ channel.Threader = (*Channel)(nil)

// archiveMinutes is when Discord archives a quiet thread by itself: a week, the longest it knows (60, 1440, 4320, 10080).
const archiveMinutes = 10080

// maxThreadName is in characters.
const maxThreadName = 100

// OpenThread implements [channel.Threader]: the card goes into the channel, and a public thread begins under it, which has the card's ID. A card that
// has no thread yet is remembered until its next attempt, for Discord itself knows a message again for a few minutes only.
func (c *Channel) OpenThread(ctx context.Context, title string, card channel.Message) (channel.OpenedThread, error) {
	card.To.Thread = ""
	opened, err := c.openThread(ctx, title, card)
	if isCode(err, codeUnknownMessage) { // the card of an earlier attempt was deleted, and Discord may still know its key
		card.ID += "+"
		opened, err = c.openThread(ctx, title, card)
	}
	return opened, fate(err, card.To)
}

func (c *Channel) openThread(ctx context.Context, title string, card channel.Message) (channel.OpenedThread, error) {
	id, _, err := c.sendCard(ctx, card)
	if err != nil {
		return channel.OpenedThread{}, err
	}
	opened := channel.OpenedThread{Address: card.To, Card: id}
	opened.Lacks, err = c.startThread(ctx, card.To, id, title)
	switch {
	case isCode(err, codeUnknownMessage):
		return channel.OpenedThread{}, err
	case err != nil:
		c.cards.keep(card, id)
		return channel.OpenedThread{}, err
	case opened.Lacks == "":
		opened.Address.Thread = channel.ThreadID(id)
	}
	return opened, nil
}

// sendCard shows the card, unless an earlier attempt did: here, or before this process, in which case Discord's answer is a message that is older than
// the call. Where the clocks differ that is taken for so too often, or for a moment not at all.
func (c *Channel) sendCard(ctx context.Context, card channel.Message) (id channel.MessageID, before bool, err error) {
	if id, known := c.cards.take(card); known {
		return id, true, nil
	}
	now := c.now()
	id, err = c.Send(ctx, card)
	if err == nil && !isSnowflake(string(id)) { // shown, but Discord's answer was broken: its key tells the ID next time
		return "", false, &channel.SendError{Fate: channel.Unknown, Reason: "Discord does not name the card's message"}
	}
	return id, err == nil && snowflakeTime(string(id)).Before(now), err
}

// startThread begins a thread under a message, or says what is missing for one. That there is one already is as good.
func (c *Channel) startThread(ctx context.Context, in channel.Address, under channel.MessageID, title string) (lacks string, err error) {
	chat := string(in.Chat)
	q := request{
		method: http.MethodPost, path: "channels/" + chat + "/messages/" + string(under) + "/threads", route: "channels/" + chat + "/messages/{}/threads",
		body: map[string]any{"name": threadName(title), "auto_archive_duration": archiveMinutes},
	}
	err = c.withRoom(ctx, chat, func() error { return c.rest.call(ctx, q, nil) })
	if isCode(err, codeHasThread) {
		return "", nil
	}
	return c.withoutThread(ctx, in, err, false)
}

// withoutThread says what is missing where no thread could be begun; an error that does not tell that stays one.
func (c *Channel) withoutThread(ctx context.Context, in channel.Address, err error, private bool) (lacks string, _ error) {
	e := asError(err)
	switch {
	case err == nil:
		return "", nil
	case errors.Is(err, errNoRoom):
		return "this Discord server has as many active threads as it can hold: archive some that are no longer needed", nil
	case isCode(err, codeUnknownMessage) || e == nil || e.fate(in) != channel.Refused:
		return "", err
	case e.status == http.StatusForbidden:
		return "the bot may not begin threads in this Discord channel: in its settings, Permissions, allow the bot's role " + c.threadRights(ctx, string(in.Chat), private), nil
	}
	return "Discord begins no thread in this channel (" + strings.TrimPrefix(e.Error(), "discord: ") + "): choose a text channel of a server", nil
}

// threadRights names the permissions for threads that the bot lacks in a channel.
func (c *Channel) threadRights(ctx context.Context, chat string, private bool) string {
	names := []string{}
	if me, err := c.me(ctx); err == nil {
		missing, _ := c.lacking(ctx, me.user, chat, private) // where it cannot be found out the usual one is named
		for _, name := range missing {
			if strings.Contains(name, "Threads") {
				names = append(names, name)
			}
		}
	}
	if len(names) == 0 {
		return threadPermission(private)
	}
	return strings.Join(names, ", ")
}

// TitleThread implements [channel.Threader]. Discord takes two new names in ten minutes, which must not hold up what else is done with the thread. In
// an archived one it takes none, so that it is opened for it and closed again.
func (c *Channel) TitleThread(ctx context.Context, thread channel.Address, title string) error {
	if err := checkThread(thread); err != nil {
		return err
	}
	name := map[string]any{"name": threadName(title)}
	_, err := c.patchThread(ctx, thread, "/name", name)
	if !isCode(err, codeArchived) {
		return fate(err, thread)
	}
	name["archived"] = false
	err = c.withRoom(ctx, string(thread.Chat), func() error {
		_, err := c.patchThread(ctx, thread, "/name", name)
		return err
	})
	if err != nil {
		return fate(err, thread)
	}
	return c.CloseThread(ctx, thread)
}

// CloseThread implements [channel.Threader]: the thread is archived. Writing into it opens it again.
func (c *Channel) CloseThread(ctx context.Context, thread channel.Address) error {
	if err := checkThread(thread); err != nil {
		return err
	}
	_, err := c.patchThread(ctx, thread, "", map[string]any{"archived": true})
	if isCode(err, codeArchived) {
		return nil
	}
	return fate(err, thread)
}

// ReopenThread implements [channel.Threader].
func (c *Channel) ReopenThread(ctx context.Context, thread channel.Address) error {
	if err := checkThread(thread); err != nil {
		return err
	}
	return fate(c.reopen(ctx, thread), thread)
}

// reopen makes a thread active, and takes its lock off.
func (c *Channel) reopen(ctx context.Context, thread channel.Address) error {
	var f fields
	err := c.withRoom(ctx, string(thread.Chat), func() (err error) {
		f, err = c.patchThread(ctx, thread, "", map[string]any{"archived": false})
		return err
	})
	if err == nil && as[bool](f.object("thread_metadata")["locked"]) {
		_, err = c.patchThread(ctx, thread, "", map[string]any{"locked": false})
	}
	return err
}

// opening makes a call that writes into a thread. An archived thread opens by itself for a new message; one that takes none all the same (locked, one
// too many, or an edit in it) is opened first, once, where the bot may. Else the call's error stands: it is lost.
func (c *Channel) opening(ctx context.Context, to channel.Address, call func() (channel.MessageID, error)) (channel.MessageID, error) {
	id, err := call()
	if to.Thread == "" || !isCode(err, codeArchived, codeLocked, codeTooManyThreads) {
		return id, err
	}
	again := c.reopen(ctx, to)
	if e := asError(again); e != nil && e.status == http.StatusForbidden || errors.Is(again, errNoRoom) {
		return "", err
	}
	if again != nil {
		return "", again
	}
	return call()
}

// patchThread changes a thread. kind sets apart what has a rate limit of its own.
func (c *Channel) patchThread(ctx context.Context, thread channel.Address, kind string, body map[string]any) (fields, error) {
	var f fields
	path := "channels/" + string(thread.Thread)
	err := c.rest.call(ctx, request{method: http.MethodPatch, path: path, route: path + kind, body: body}, &f)
	if e := asError(err); e != nil && e.garbled {
		err = nil
	}
	return f, err
}

func checkThread(thread channel.Address) error {
	if isSnowflake(string(thread.Chat)) && isSnowflake(string(thread.Thread)) {
		return nil
	}
	return &channel.SendError{Fate: channel.Refused, Reason: "this address is no thread of Discord's"}
}

func threadName(title string) string {
	title = cut(strings.TrimSpace(clean(strings.ReplaceAll(title, "\n", " "))), maxThreadName)
	if title == "" {
		return "…"
	}
	return title
}
