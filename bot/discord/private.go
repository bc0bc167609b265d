package discord

import (
	"context"
	"net/http"
	"strings"

	"faqbot/bot/channel"
)

var _ channel.PrivateThreader = (*Channel)(nil)

// kindPrivate is a thread that only its members see, and who may manage threads.
const kindPrivate = 12

// OpenPrivateThread implements [channel.PrivateThreader]. A private thread hangs under no message: the card stands in the channel, with a link to the
// thread, which begins with the card once more and a link back. Discord knows no key for threads, so where an earlier attempt has shown the card the thread is looked
// for by its name. Where it is not found, as when somebody renamed it meanwhile, another is begun: better an empty thread than a lost ticket.
func (c *Channel) OpenPrivateThread(ctx context.Context, title string, card channel.Message) (channel.OpenedThread, error) {
	card.To.Thread = ""
	opened, err := c.openPrivate(ctx, title, card)
	if isCode(err, codeUnknownMessage) { // the card was deleted meanwhile: it is shown anew, with a thread that is younger
		c.abandon(ctx, opened.Address)
		card.ID += "+"
		opened, err = c.openPrivate(ctx, title, card)
	}
	if err != nil {
		return channel.OpenedThread{}, fate(err, card.To)
	}
	return opened, nil
}

func (c *Channel) openPrivate(ctx context.Context, title string, card channel.Message) (opened channel.OpenedThread, err error) {
	id, before, err := c.sendCard(ctx, card)
	if err != nil {
		return opened, err
	}
	opened = channel.OpenedThread{Address: card.To, Card: id}
	thread := ""
	if before {
		thread, err = c.findPrivate(ctx, opened, title)
	}
	if err == nil && thread == "" {
		thread, opened.Lacks, err = c.startPrivate(ctx, card.To, title)
	}
	if err == nil && thread != "" {
		opened, err = c.introduce(ctx, opened, channel.ThreadID(thread), card)
	}
	if err != nil && !isCode(err, codeUnknownMessage) {
		c.cards.keep(card, id)
	}
	return opened, err
}

// findPrivate is the thread of ours that was begun for a card: it is younger than the card, and named after the same ticket.
func (c *Channel) findPrivate(ctx context.Context, opened channel.OpenedThread, title string) (string, error) {
	threads, err := c.activeThreads(ctx, string(opened.Address.Chat))
	for _, t := range threads {
		if t.number("type") == kindPrivate && t.text("name") == threadName(title) && olderID(string(opened.Card), t.id("id")) {
			return t.id("id"), nil
		}
	}
	return "", err
}

// startPrivate begins a private thread, to which nobody but us and moderators can add others, or says what is missing for one.
func (c *Channel) startPrivate(ctx context.Context, in channel.Address, title string) (thread, lacks string, err error) {
	chat := string(in.Chat)
	q := request{method: http.MethodPost, path: "channels/" + chat + "/threads", body: map[string]any{
		"name": threadName(title), "type": kindPrivate, "invitable": false, "auto_archive_duration": archiveMinutes,
	}}
	var made fields
	err = c.withRoom(ctx, chat, func() error { return c.rest.call(ctx, q, &made) })
	lacks, err = c.withoutThread(ctx, in, err, true)
	if err == nil && lacks == "" && made.id("id") == "" {
		err = &channel.SendError{Fate: channel.Unknown, Reason: "Discord does not name the thread"}
	}
	return made.id("id"), lacks, err
}

// introduce writes the card into a private thread, and the link to the thread on the card. A thread in which the bot may not write is none.
func (c *Channel) introduce(ctx context.Context, opened channel.OpenedThread, thread channel.ThreadID, card channel.Message) (channel.OpenedThread, error) {
	outside := opened.Address
	opened.Address.Thread = thread
	head := card
	head.To, head.ID = opened.Address, headID(card)
	body, err := c.linking(ctx, head, string(outside.Chat))
	if err == nil {
		_, err = c.post(ctx, string(thread), head, body)
	}
	switch f, _ := channel.FateOf(err); {
	case f == channel.Refused:
		c.abandon(ctx, opened.Address)
		opened.Address = outside
		opened.Lacks = "the bot may not write in private threads of this Discord channel: in its settings, Permissions, allow the bot's role " +
			c.threadRights(ctx, string(outside.Chat), true)
		return opened, nil
	case f == channel.Lost: // it was deleted that moment
		return opened, &channel.SendError{Fate: channel.Unknown, Reason: "the new thread is gone"}
	case err != nil:
		return opened, err
	}
	card.To, card.Replaces = opened.Address, opened.Card
	return opened, c.linkCard(ctx, card)
}

// headID is the key of the card inside the thread.
func headID(card channel.Message) string {
	if card.ID == "" {
		return ""
	}
	return card.ID + " inside"
}

// abandon closes a thread that nothing leads to; that it stays open harms nobody.
func (c *Channel) abandon(ctx context.Context, thread channel.Address) {
	if thread.Thread == "" {
		return
	}
	if err := c.CloseThread(ctx, thread); err != nil {
		c.log.Debug("a thread that is not needed was not closed", "error", err)
	}
}

// isBeside says whether a message is the card of a private thread: the card is older than the thread and all that was said in it. The card that a
// thread hangs under has its ID.
func isBeside(in channel.Address, message channel.MessageID) bool {
	return in.Thread != "" && isSnowflake(string(message)) && olderID(string(message), string(in.Thread))
}

// editCard shows the card of a private thread as it is now: in the channel and, as well as that can be done, in the thread.
func (c *Channel) editCard(ctx context.Context, m channel.Message) (channel.MessageID, error) {
	if err := c.linkCard(ctx, m); err != nil {
		return "", fate(err, m.To)
	}
	if err := c.editHead(ctx, m); err != nil {
		c.log.Debug("the card in a private thread stays as it was", "error", err)
	}
	return m.Replaces, nil
}

// linkCard edits the card in the channel.
func (c *Channel) linkCard(ctx context.Context, m channel.Message) error {
	body, err := c.linking(ctx, m, string(m.To.Thread))
	if err != nil {
		return err
	}
	return c.patchMessage(ctx, string(m.To.Chat), string(m.Replaces), body)
}

// linking is the body of a card with a link to a channel or thread below it. There has to be room for that.
func (c *Channel) linking(ctx context.Context, card channel.Message, to string) (outgoing, error) {
	link := linkTo(to)
	if pieces := channel.Split(card.Content, maxContent-len(link), channel.CountMarkdown); len(pieces) > 0 {
		card.Content = pieces[0]
	}
	body, err := c.compose(ctx, card)
	body.Content += link
	return body, err
}

func linkTo(place string) string { return "\n\n<#" + place + ">" }

// editHead edits the card in the thread: the first message there. It is told from others by its link, for no text of ours holds a live one.
func (c *Channel) editHead(ctx context.Context, m channel.Message) error {
	thread := string(m.To.Thread)
	me, err := c.me(ctx)
	if err != nil {
		return err
	}
	var first []fields
	q := request{method: http.MethodGet, path: "channels/" + thread + "/messages?after=" + thread + "&limit=1", route: "channels/" + thread + "/messages"}
	if err := c.rest.call(ctx, q, &first); err != nil {
		return err
	}
	chat := string(m.To.Chat)
	if len(first) == 0 || first[0].user("author").id != me.user || !strings.HasSuffix(first[0].text("content"), linkTo(chat)) {
		return nil // somebody deleted it
	}
	body, err := c.linking(ctx, m, chat)
	if err != nil {
		return err
	}
	return c.patchMessage(ctx, thread, first[0].id("id"), body)
}

func (c *Channel) patchMessage(ctx context.Context, place, id string, body outgoing) error {
	body.Flags &= flagNoEmbeds
	_, err := c.deliver(ctx, request{
		method: http.MethodPatch, path: "channels/" + place + "/messages/" + id, route: "channels/" + place + "/messages/{}", body: body,
	}, body)
	if e := asError(err); e != nil && e.garbled {
		return nil
	}
	return err
}

// LetIn implements [channel.PrivateThreader].
func (c *Channel) LetIn(ctx context.Context, thread channel.Address, person channel.PersonID) error {
	if err := checkThread(thread); err != nil {
		return err
	}
	if !isSnowflake(string(person)) {
		return &channel.SendError{Fate: channel.Refused, Reason: "this person is not one of Discord's"}
	}
	members := "channels/" + string(thread.Thread) + "/thread-members/"
	q := request{method: http.MethodPut, path: members + string(person), route: members + "{}"}
	_, err := c.opening(ctx, thread, func() (channel.MessageID, error) { return "", c.rest.call(ctx, q, nil) })
	if e := asError(err); e != nil && e.status == http.StatusForbidden {
		return &channel.SendError{Fate: channel.Refused, Reason: "the bot may not let people into threads: in the channel's settings, Permissions, allow the bot's role " +
			c.threadRights(ctx, string(thread.Chat), true)}
	}
	return fate(err, thread)
}
