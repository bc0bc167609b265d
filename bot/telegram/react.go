package telegram

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"faqbot/bot/channel"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

var _ channel.Reactor = (*Channel)(nil)

// reacted reads what somebody added to a message or took back. Who does so in the group's name is not read, nor an emoji of somebody's own making.
func (r reader) reacted(u *reacted, update int64) *channel.Event {
	if u.Chat == nil || u.From == nil || u.From.IsBot || u.Message == 0 || u.Chat.Type == "channel" {
		return nil
	}
	e := &channel.Event{
		ID: r.id("r:%d:%d:%d:%d", u.Chat.ID, u.Message, update, u.Date), Kind: channel.Reacted, At: r.at(u.Date), From: person(u.From),
		Address: chatAddress(u.Chat), Addressed: true, ReplyTo: messageID(u.Message), Body: firstOf(u.New, u.Old), Command: firstOf(u.Old, u.New),
	}
	if e.Body == "" && e.Command == "" {
		return nil
	}
	return e
}

// firstOf is the first emoji of a list that is not in another.
func firstOf(list, other []reaction) string {
	for _, one := range list {
		if one.Type == "emoji" && !slices.Contains(other, one) {
			return clean(one.Emoji)
		}
	}
	return ""
}

// reactions are the emoji that the platform lets be shown on messages, as its documentation lists them.
var reactions = strings.Fields(`❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈
	😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡`)

// React implements [channel.Reactor]. A bot shows one emoji on a message; the next takes its place.
func (c *Channel) React(ctx context.Context, to channel.Address, message channel.MessageID, emoji string, on bool) error {
	emoji = strings.ReplaceAll(emoji, "\uFE0F", "")
	if !slices.Contains(reactions, emoji) || !isNumber(string(message)) {
		return nil
	}
	if err := checkAddress(to); err != nil {
		return err
	}
	shown := []reaction{}
	if on {
		shown = append(shown, reaction{"emoji", emoji})
	}
	raw, err := json.Marshal(shown)
	if err != nil {
		return err
	}
	return fate(c.api.call(ctx, "setMessageReaction", tgbotapi.Params{"chat_id": string(to.Chat), "message_id": string(message), "reaction": string(raw)}, nil))
}
