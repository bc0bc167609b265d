package telegram

import (
	"context"
	"strconv"

	"faqbot/bot/channel"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

var _ channel.DeskChecker = (*Channel)(nil)

// CheckDesk implements [channel.DeskChecker]: whether the bot is in the group, can make topics there, and sees what staff write.
// Topics are never private.
func (c *Channel) CheckDesk(ctx context.Context, at channel.Address, _ bool) []channel.Finding {
	if !isNumber(string(at.Chat)) {
		return []channel.Finding{{What: "This is no chat of Telegram's", Mend: "Make a group of Telegram's the desk"}}
	}
	if err := c.Identify(ctx); err != nil {
		return []channel.Finding{identityFinding(err)}
	}
	var place groupInfo
	if err := c.api.call(ctx, "getChat", tgbotapi.Params{"chat_id": string(at.Chat)}, &place); err != nil {
		return []channel.Finding{unseen(err, at)}
	}
	if at.Private {
		return []channel.Finding{{OK: true, What: "Telegram knows the chat"}}
	}
	var self standing
	params := tgbotapi.Params{"chat_id": string(at.Chat), "user_id": strconv.FormatInt(c.bot, 10)}
	if err := c.api.call(ctx, "getChatMember", params, &self); err != nil {
		return []channel.Finding{unseen(err, at)}
	}
	return place.findings(self, *c.identity.Load())
}

// unseen is a place that the bot cannot look at.
func unseen(err error, at channel.Address) channel.Finding {
	switch f, refused := channel.FateOf(fate(err)); {
	case f == channel.Gone && at.Private:
		return channel.Finding{What: "The bot cannot write to the owner (" + refused.Reason + ")",
			Mend: "Write to the bot in private, and show it a new code there (faqbot desk code --owner)"}
	case f == channel.Gone:
		return channel.Finding{What: "The bot is not in the group (" + refused.Reason + ")", Mend: mendAbsence}
	}
	return channel.Finding{What: "Telegram does not say what the bot may do here (" + asCallError(err).reason() + ")", Mend: "“faqbot doctor” looks again"}
}

const mendAbsence = "Add the bot to the group, and show it a new code there (faqbot desk code)"

// groupInfo is a ChatFullInfo.
type groupInfo struct {
	Type  string `json:"type"`
	Forum bool   `json:"is_forum"`
}

// standing is a ChatMember: what the bot is in a group.
type standing struct {
	Status string `json:"status"`
	// IsMember and CanSend are told of restricted members alone.
	IsMember bool `json:"is_member"`
	CanSend  bool `json:"can_send_messages"`
	// ManagesTopics is told of administrators and restricted members.
	ManagesTopics bool `json:"can_manage_topics"`
}

func (m standing) administers() bool { return m.Status == "administrator" || m.Status == "creator" }

func (m standing) absent() bool {
	return m.Status == "left" || m.Status == "kicked" || m.Status == "restricted" && !m.IsMember
}

// findings say what is well and what is not, what matters most first.
func (g groupInfo) findings(self standing, me identity) []channel.Finding {
	if self.absent() {
		return []channel.Finding{{What: "The bot is not in the group", Mend: mendAbsence}}
	}
	if self.Status == "restricted" && !self.CanSend {
		return []channel.Finding{{What: "The bot may not write in the group", Mend: "Lift its restrictions in the group's settings, or make it an administrator"}}
	}
	found := []channel.Finding{g.topics(self), sight(self, me)}
	if !me.Inline {
		found = append(found, inlineOff)
	}
	return found
}

// topics says whether each ticket can have a topic of its own.
func (g groupInfo) topics(self standing) channel.Finding {
	allowed := self.administers() && (self.ManagesTopics || self.Status == "creator")
	switch {
	case !g.Forum && !allowed:
		return channel.Finding{What: "The group has no topics, so a ticket is a card here, and what replies to it",
			Mend: "Switch topics on in the group's settings, and make the bot an administrator with the right to manage topics"}
	case !g.Forum:
		return channel.Finding{What: "The group has no topics, so a ticket is a card here, and what replies to it", Mend: "Switch topics on in the group's settings"}
	case !allowed:
		return channel.Finding{What: "The bot may not make topics, so a ticket is a card here, and what replies to it",
			Mend: "Make the bot an administrator with the right to manage topics"}
	}
	return channel.Finding{OK: true, What: "Each ticket gets a topic of its own"}
}

// sight says whether the bot sees what staff write.
func sight(self standing, me identity) channel.Finding {
	if self.administers() || me.ReadsAll {
		return channel.Finding{OK: true, What: "The bot sees what staff write"}
	}
	return channel.Finding{What: "The bot does not see what staff write here, but for commands, mentions and replies to it (privacy mode is on)",
		Mend: "Make the bot an administrator, or switch privacy mode off at @BotFather (/setprivacy) and add the bot anew"}
}
