package telegram

import (
	"context"
	"strconv"
	"strings"

	"faqbot/bot/channel"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

var _ channel.Threader = (*Channel)(nil)

// OpenThread implements [channel.Threader]: it makes a topic and sends the card into it. A topic whose card did not get through is remembered until
// the card's next attempt. Where the answer about the topic was lost, the platform does not say afterwards whether there is one: an empty topic may
// then stay behind.
func (c *Channel) OpenThread(ctx context.Context, title string, card channel.Message) (channel.OpenedThread, error) {
	card.To.Thread = ""
	if err := checkAddress(card.To); err != nil {
		return channel.OpenedThread{}, err
	}
	opened, err := c.openTopic(ctx, title, card)
	if fate, _ := channel.FateOf(err); fate == channel.Lost { // the topic of an earlier attempt was deleted
		return c.openTopic(ctx, title, card)
	}
	return opened, err
}

func (c *Channel) openTopic(ctx context.Context, title string, card channel.Message) (channel.OpenedThread, error) {
	topic, known := c.topics.take(card)
	lacks := ""
	if !known {
		var err error
		if topic, lacks, err = c.createTopic(ctx, card.To.Chat, title); err != nil {
			return channel.OpenedThread{}, err
		}
	}
	inside := card
	inside.To.Thread = topic
	id, err := c.Send(ctx, inside)
	if err == nil {
		return channel.OpenedThread{Address: inside.To, Card: id, Lacks: lacks}, nil
	}
	if fate, _ := channel.FateOf(err); fate != channel.Lost && topic != "" {
		c.topics.keep(card, topic)
	}
	return channel.OpenedThread{}, err
}

// createTopic makes a topic, or says what is missing for one.
func (c *Channel) createTopic(ctx context.Context, chat channel.ChatID, title string) (topic channel.ThreadID, lacks string, err error) {
	var made struct {
		Thread int64 `json:"message_thread_id"`
	}
	err = c.api.call(ctx, "createForumTopic", tgbotapi.Params{"chat_id": string(chat), "name": topicName(title)}, &made)
	if err == nil {
		return channel.ThreadID(messageID(made.Thread)), "", nil
	}
	err = fate(err)
	if lacks = missing(err); lacks != "" {
		return "", lacks, nil
	}
	return "", "", err
}

// noForum are refusals of a group without topics, noRight those of a bot that may not manage them.
var (
	noForum = []string{"not a forum", "CHANNEL_FORUM_MISSING"}
	noRight = []string{"not enough rights", "need administrator rights", "CHAT_ADMIN_REQUIRED"}
)

// missing says in words what a group lacks for topics. Whatever else the platform minds is told too, for a card that staff do not see is worse than
// one without a topic.
func missing(err error) string {
	f, refused := channel.FateOf(err)
	switch {
	case f != channel.Refused || refused.MovedTo != "":
		return ""
	case says(refused.Reason, noForum...):
		return "this Telegram group has no topics: switch topics on in the group's settings"
	case says(refused.Reason, noRight...):
		return "the bot may not make topics in this Telegram group: make the bot an administrator with the right to manage topics"
	}
	return "Telegram makes no topic in this group (" + refused.Reason + "): look at the group's settings and the bot's rights"
}

// TitleThread implements [channel.Threader].
func (c *Channel) TitleThread(ctx context.Context, thread channel.Address, title string) error {
	return c.topic(ctx, "editForumTopic", thread, tgbotapi.Params{"name": topicName(title)})
}

// CloseThread implements [channel.Threader]; the bot can still write there.
func (c *Channel) CloseThread(ctx context.Context, thread channel.Address) error {
	return c.topic(ctx, "closeForumTopic", thread, tgbotapi.Params{})
}

// ReopenThread implements [channel.Threader].
func (c *Channel) ReopenThread(ctx context.Context, thread channel.Address) error {
	return c.topic(ctx, "reopenForumTopic", thread, tgbotapi.Params{})
}

// topic changes a topic; that it is so already is success. In a group whose topics were switched off there is none any more.
func (c *Channel) topic(ctx context.Context, method string, thread channel.Address, params tgbotapi.Params) error {
	if err := checkAddress(thread); err != nil {
		return err
	}
	if !isNumber(string(thread.Thread)) {
		return &channel.SendError{Fate: channel.Refused, Reason: "the address is not a topic of Telegram's"}
	}
	params["chat_id"], params["message_thread_id"] = string(thread.Chat), string(thread.Thread)
	err := fate(c.api.call(ctx, method, params, nil))
	f, refused := channel.FateOf(err)
	switch {
	case f != channel.Refused || refused.MovedTo != "":
		return err
	case says(refused.Reason, "TOPIC_NOT_MODIFIED"):
		return nil
	case says(refused.Reason, noForum...):
		refused.Fate = channel.Lost
	}
	return err
}

// sendOpening sends a part. A closed topic takes messages of who began it and of those who may manage topics; for anybody else it is opened first,
// once, and where that is refused it is lost.
func (c *Channel) sendOpening(ctx context.Context, m channel.Message, p part, first bool) (channel.MessageID, error) {
	id, err := c.sendPart(ctx, m, p, first)
	if e := asCallError(err); e == nil || m.To.Thread == "" || !e.says(topicClosed) {
		return id, err
	}
	again := c.ReopenThread(ctx, m.To)
	if f, _ := channel.FateOf(again); f == channel.Refused {
		return "", err
	}
	if again != nil {
		return "", again
	}
	return c.sendPart(ctx, m, p, first)
}

func topicName(title string) string {
	if title = cut(strings.TrimSpace(strings.ToValidUTF8(title, "\uFFFD")), maxTopic); title == "" {
		return "…"
	}
	return title
}

func checkAddress(to channel.Address) error {
	if !isNumber(string(to.Chat)) {
		return &channel.SendError{Fate: channel.Refused, Reason: "the address is not a chat of Telegram's"}
	}
	return nil
}

func isNumber(id string) bool {
	_, err := strconv.ParseInt(id, 10, 64)
	return err == nil
}
