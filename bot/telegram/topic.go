package telegram

import (
	"context"
	"strings"

	"faqbot/bot/channel"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// OpenThread makes a topic in a group that has topics, and returns its address. The bot must be an administrator that may manage topics.
func (c *Channel) OpenThread(ctx context.Context, in channel.Address, title string) (channel.Address, error) {
	var made struct {
		Thread int64 `json:"message_thread_id"`
	}
	err := c.api.call(ctx, "createForumTopic", tgbotapi.Params{"chat_id": string(in.Chat), "name": topicName(title)}, &made)
	if err != nil {
		return channel.Address{}, fate(err)
	}
	in.Thread = channel.ThreadID(messageID(made.Thread))
	return in, nil
}

// RenameThread changes a topic's title.
func (c *Channel) RenameThread(ctx context.Context, thread channel.Address, title string) error {
	return c.topic(ctx, "editForumTopic", thread, tgbotapi.Params{"name": topicName(title)})
}

// CloseThread closes a topic; the bot can still write there.
func (c *Channel) CloseThread(ctx context.Context, thread channel.Address) error {
	return c.topic(ctx, "closeForumTopic", thread, tgbotapi.Params{})
}

// ReopenThread opens a closed topic.
func (c *Channel) ReopenThread(ctx context.Context, thread channel.Address) error {
	return c.topic(ctx, "reopenForumTopic", thread, tgbotapi.Params{})
}

// topic changes a topic; that it is so already is success.
func (c *Channel) topic(ctx context.Context, method string, thread channel.Address, params tgbotapi.Params) error {
	params["chat_id"], params["message_thread_id"] = string(thread.Chat), string(thread.Thread)
	err := c.api.call(ctx, method, params, nil)
	if e := asCallError(err); e != nil && e.says("TOPIC_NOT_MODIFIED") {
		return nil
	}
	return fate(err)
}

func topicName(title string) string {
	if title = cut(strings.TrimSpace(strings.ToValidUTF8(title, "\uFFFD")), maxTopic); title == "" {
		return "…"
	}
	return title
}
